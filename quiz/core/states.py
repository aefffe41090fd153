"""The state of a stored thing, by which two people who change it at once are told apart.

A form keeps the fingerprint of the state it was filled from. The service that saves the form compares that with what is
stored once it holds the lock which everybody takes who writes the thing: of two who save at once, one is told.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from quiz.core.errors import Overtaken

# What a form shows of a thing, by the names of its fields; what is empty says nothing.
State = Mapping[str, Any]


def fingerprint(state: State) -> str:
    """Return what tells a state from any other."""
    said = {name: value for name, value in state.items() if value}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def check_seen(seen: str, stored: State, wanted: State) -> None:
    """Raise Overtaken when a thing is `stored` in another state than was seen, unless in the one that is `wanted`.

    `seen` is the fingerprint of the state that was seen, "" when nobody looked.
    """
    now = fingerprint(stored)
    if seen in ("", now):
        return
    names = dict.fromkeys([*stored, *wanted])
    differing = [name for name in names if (stored.get(name) or None) != (wanted.get(name) or None)]
    if differing:
        raise Overtaken(now, {name: stored.get(name) for name in differing})
