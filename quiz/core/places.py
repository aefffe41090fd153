"""Where a cell stood, from where it stands now and the places it has left: a round that is over asks (decision 9).

A place is a path of ids from the root down, "/1/7/23/".
"""

import re
from collections.abc import Sequence
from typing import Any

_PATH = re.compile(r"/([1-9][0-9]{0,9}/)+")
Moves = Sequence[tuple[int, str]]  # until when (ms) a cell stood where, the oldest first


def place_at(path: str, moves: Moves, at: int | None) -> str:
    """Return where a cell that is now at `path` stood at an instant (None: stands now)."""
    if at is None:
        return path
    return next((before for until, before in moves if until > at), path)


def place_under(path: str, moves: Moves, ended: int | None, node: int) -> str:
    """Return the place by which a round that ended then counts a cell entered under `node`, a unit's id.

    It is where the cell stood when the round ended; had it left the node already, where it last stood below it; where
    that is not known, the node itself with the cell.
    """
    there = place_at(path, moves, ended)
    before = [place for until, place in moves if ended is None or until <= ended]
    covered = (place for place in (there, *reversed(before)) if f"/{node}/" in place)
    return next(covered, f"/{node}/{ids_of(path)[-1]}/")


def ids_of(path: str) -> list[int]:
    """Return the ids a path is made of, the root's first."""
    return [int(key) for key in path.strip("/").split("/")]


def is_path(value: Any, unit: Any) -> bool:
    """Tell whether a value read from elsewhere is the path of the unit of that id."""
    return isinstance(value, str) and _PATH.fullmatch(value) is not None and ids_of(value)[-1] == unit


def node_above(path: str) -> int | None:
    """Return the id of the unit right above, None at the root."""
    return next(iter(ids_of(path)[-2:-1]), None)
