"""Noting who looked at data of people or at keys, and which tokens were used, without ever writing in a GET (R56).

A request only leaves a line in memory; the sweeper's thread writes what has gathered every few seconds in one short
transaction. A process that is killed loses the lines of its last seconds, and no page waits for the disk because of it.
"""

import threading
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import api_tokens, views
from quiz.services.views import Sighting
from quiz.web import guards

ROUND_OR_STAGE = "round or stage"  # whichever the address names
# Pages that show data of people, or keys, and what of: a part of the address, or a word for a whole list.
SHOWN = {
    "people.index": "people:0", "people.show": "person:{person_id}", "people.edit": "person:{person_id}",
    "entries.index": "round:{round_id}", "cards.index": "round:{round_id}", "cards.show": "entry:{entry_id}",
    "notices.sheets": "round:{round_id}", "calls.round": "round:{round_id}", "calls.stage": "stage:{stage_id}",
    "monitor.person": "entry:{entry_id}",
    "signals.index": "round:{round_id}", "signals.show": "signal:{signal_id}",
    "results.preview": "round:{round_id}", "results.explained": "entry:{entry_id}",
    "results.explained_edition": "entry:{entry_id}",
    "item_analysis.index": "round:{round_id}", "bank.item": "item:{item_id}",
    "essays.index": "round:{round_id}", "essays.file": "essay:{essay_id}", "lots.printed": "round:{round_id}",
    "office_papers.download": ROUND_OR_STAGE, "api.people": "people:0", "api.person": "person:{person_id}",
}  # fmt: skip
AGAIN_AFTER = 10 * 60_000  # ms within which the same look at the same page is one
MOST_KEPT = 5_000  # lines waiting in one process

_lock = threading.Lock()
_waiting: list[Sighting] = []
_used: dict[int, int] = {}
_seen: dict[tuple[Any, ...], int] = {}


def init_app(app: Flask) -> None:
    """Note every answer of `app` that shows what is noted."""
    app.after_request(_note)


def _note(answer: Response) -> Response:
    shape = SHOWN.get(request.endpoint or "")
    if shape is not None and request.method == "GET" and answer.status_code == 200:
        who = guards.principal()
        token_id = g.get("api_token_id")
        if who is not None and not who.is_candidate and (who.account_id or token_id):
            target = _target(shape, request.view_args or {})
            path = "" if shape != "people:0" else (who.paths_for(Permission.PEOPLE_VIEW) or [""])[0]
            note(Sighting(clock.now(), who.account_id, token_id, request.endpoint or "", target, path))
    return answer


def _target(shape: str, given: Mapping[str, Any]) -> str:
    if shape != ROUND_OR_STAGE:
        return shape.format(**given)
    return f"round:{given['round_id']}" if given.get("round_id") else f"stage:{given.get('stage_id', 0)}"


def note(sighting: Sighting) -> None:
    """Leave a line to be written; the same look again within a while is not noted twice."""
    key = sighting[1:]
    with _lock:
        if sighting.at - _seen.get(key, -AGAIN_AFTER) < AGAIN_AFTER or len(_waiting) >= MOST_KEPT:
            return
        if len(_seen) > MOST_KEPT:
            _seen.clear()
        _seen[key] = sighting.at
        _waiting.append(sighting)


def note_token(token_id: int, now: int) -> None:
    """Leave word that a token was used."""
    with _lock:
        _used[token_id] = now


def used_lately(token_id: int) -> int:
    """Return when a token was used of which this process has not written yet, 0 for none."""
    with _lock:
        return _used.get(token_id, 0)


def write(app: Flask) -> int:
    """Write what has gathered in this process and return how many lines; nothing is written when nothing has."""
    with _lock:
        lines, used = list(_waiting), dict(_used)
        _waiting.clear()
        _used.clear()
    if not lines and not used:
        return 0
    with app.app_context():
        views.keep(lines)
        api_tokens.note_used(used)
        db.session.commit()
    return len(lines)


def forget() -> None:
    """Drop what has gathered, for a database that is another one now."""
    with _lock:
        _waiting.clear()
        _used.clear()
        _seen.clear()
