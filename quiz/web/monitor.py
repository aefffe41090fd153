"""The duty board: a stage's rounds, one round by unit down to the cell, one person; figures refresh by themselves."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import get_locale

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.presence import NOT_STARTED, SILENT_AFTER, Presence, is_time_to_call, last_start
from quiz.services import attempts, boards, contests, incidents, monitor, registrations
from quiz.services.boards import Board
from quiz.web import access
from quiz.web.paging import page_number
from quiz.web.summaries import round_summary, stage_summary

blueprint = Blueprint("monitor", __name__, url_prefix="/desk")
P = Permission
NAMED = 30  # people the summary names; more would not be read on a phone
FILTERS = {
    "not_started": NOT_STARTED,
    "silent": (Presence.SILENT,),
    "answering": (Presence.ANSWERING,),
    "on_paper": (Presence.ON_PAPER,),
    "handed_in": (Presence.HANDED_IN,),
    "all": (),
}
ASKED = ("view", "page", "minutes", "unit", "units")


def _minutes() -> int:
    """Return after how many minutes without a saved answer somebody counts as silent."""
    return min(max(request.args.get("minutes", SILENT_AFTER, type=int), 1), 120)


def _asked() -> dict[str, str]:
    """Return what of this page's address its changing part needs too."""
    return {name: request.args[name] for name in ASKED if name in request.args}


def part_of(template: str, **context: Any) -> Any:
    """Return a piece of a page, or nothing (304) when the asker has it already."""
    return _answer(*_with_tag(render_template(template, **context)))


def _with_tag(text: str) -> tuple[str, str]:
    return text, hashlib.sha256(text.encode()).hexdigest()[:24]


def _answer(text: str, tag: str) -> Any:
    answer = make_response(text)
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-store"
    return answer.make_conditional(request)


def _shared_part(board: Board, template: str, context: Callable[[], dict[str, Any]]) -> Any:
    """Return a piece of a page, drawn once for all who ask the same of a board and may see the same."""
    grants = tuple(sorted((str(role), path) for role, path in access.signed_in().grants))
    key = (request.full_path, str(get_locale()), grants)
    if key not in board.drawn:
        board.drawn[key] = _with_tag(render_template(template, **context()))
    return _answer(*board.drawn[key])


# --- one round ----------------------------------------------------------------------------------------------------


@blueprint.get("/rounds/<int:round_id>/monitor")
@access.requires(P.ROUND_MONITOR)
def show(round_id: int) -> Any:
    """One round: figures by unit, and the people at the place looked at."""
    found = access.round_within(P.ROUND_MONITOR, round_id)
    return render_template("monitor/show.html", **_round(found, boards.board_of(found.stage_id, clock.now())))


@blueprint.get("/rounds/<int:round_id>/monitor/part")
@access.requires(P.ROUND_MONITOR)
def part(round_id: int) -> Any:
    """The part of the page that changes."""
    found = access.round_within(P.ROUND_MONITOR, round_id)
    board = boards.board_of(found.stage_id, clock.now())
    return _shared_part(board, "monitor/round_part.html", lambda: _round(found, board))


def _round(found: Any, board: Board) -> dict[str, Any]:
    minutes, view = _minutes(), request.args.get("view", "not_started")
    wanted = FILTERS.get(view, NOT_STARTED)
    node, paths = _place(found)
    counts = sum((_counts(board, found, minutes, path) for path in paths), boards.NOBODY)
    page = monitor.people(board, [found.id], wanted, minutes, paths, page_number())
    rules, who = contests.rules_of(found), access.signed_in()
    units = _units(found, board, node, paths, minutes)
    missing = monitor.names(board, [found.id], NOT_STARTED, paths, NAMED)
    return {
        "round": found,
        "own_round": who.may(P.ROUND_MONITOR, found.unit),
        "node": node,
        "way": _way_to(found, node),
        "units": monitor.page_of_units(units, page_number("units")),
        "only_cells": all(unit.is_cell for unit, _ in units),
        "counts": counts,
        "minutes": minutes,
        "at": board.at,
        "view": view if view in FILTERS else "not_started",
        "page": page,
        "items": rules.item_count,
        "longer": attempts.last_deadline(found, board.at),
        "calls_due": _calls_due(found, rules.late_start, board.at) and counts.not_started > 0,
        "last_start": last_start(found.window, rules.late_start) if found.window else None,
        "sees_people": who.may_somewhere(P.PEOPLE_VIEW),
        "incidents": incidents.latest(found, access.reach_in(P.PEOPLE_VIEW, found)),
        "summary": round_summary(_title(found), counts, units, missing, board.at),
        "part_url": url_for("monitor.part", round_id=found.id, **_asked()),
    }


def _title(found: Any) -> str:
    return f"{found.stage.contest.title} – {found.name}"


def _calls_due(found: Any, late_start: int | None, now: int) -> bool:
    return found.window is not None and is_time_to_call(found.window, late_start, now)


def _counts(board: Board, found: Any, minutes: int, path: str) -> boards.Counts:
    return boards.counts(board, minutes, [found.id], path)[found.id]


def _place(found: Any) -> tuple[Any, list[str]]:
    """Return the unit looked at (None: all of the round one may see) and the paths it stands for."""
    if "unit" not in request.args:
        return None, access.reach_in(P.ROUND_MONITOR, found)
    node = access.unit_in_round(P.ROUND_MONITOR, found, request.args.get("unit", 0, type=int))
    return node, [node.path]


def _units(found: Any, board: Board, node: Any, paths: list[str], minutes: int) -> list[tuple[Any, Any]]:
    """Return the units to look into further, each with its counts: those below the node, or those covered."""
    tops = [node] if node is not None else boards.tops(found, paths)
    if len(tops) == 1:
        return boards.counts_below(board, minutes, found.id, tops[0])
    return boards.counts_at(board, minutes, found.id, tops)


def _way_to(found: Any, node: Any) -> list[Any]:
    """Return the units between the round and the unit looked at, from above, as far as one may see them."""
    covered = tuple(scope.unit.path for scope in found.scopes)
    own, way = tuple(access.reach_in(P.ROUND_MONITOR, found)), []
    parent = node.parent if node is not None else None
    while parent is not None and parent.path.startswith(covered) and parent.path.startswith(own):
        way.insert(0, parent)
        parent = parent.parent
    return way[1:] if len(covered) == 1 else way


# --- a whole stage ------------------------------------------------------------------------------------------------


@blueprint.get("/stages/<int:stage_id>/monitor")
@access.requires(P.ROUND_MONITOR)
def stage(stage_id: int) -> Any:
    """A whole stage: each round's figures and their sum."""
    found = access.stage_for(P.CONTEST_VIEW, stage_id)
    return render_template("monitor/stage.html", **_stage(found, boards.board_of(found.id, clock.now())))


@blueprint.get("/stages/<int:stage_id>/monitor/part")
@access.requires(P.ROUND_MONITOR)
def stage_part(stage_id: int) -> Any:
    """The part of the page that changes."""
    found = access.stage_for(P.CONTEST_VIEW, stage_id)
    board = boards.board_of(found.id, clock.now())
    return _shared_part(board, "monitor/stage_part.html", lambda: _stage(found, board))


def _stage(found: Any, board: Board) -> dict[str, Any]:
    minutes, who = _minutes(), access.signed_in()
    rounds = registrations.rounds_under(found, who.paths_for(P.ROUND_MONITOR))
    counts = boards.counts(board, minutes, [one.id for one in rounds])
    late = contests.rules_of(found).late_start
    total = sum(counts.values(), boards.NOBODY)
    due = [one.id for one in rounds if _calls_due(one, late, board.at) and counts[one.id].not_started]
    return {
        "stage": found,
        "rounds": rounds,
        "counts": counts,
        "total": total,
        "minutes": minutes,
        "due": due,
        "waiting_due": sum(counts[key].not_started for key in due),
        "sees_people": who.may_somewhere(P.PEOPLE_VIEW),
        "summary": stage_summary(
            f"{found.contest.title} – {found.name}",
            total,
            [(one.unit, counts[one.id]) for one in rounds],
            board.at,
        ),
        "part_url": url_for("monitor.stage_part", stage_id=found.id, **_asked()),
    }


# --- one person ---------------------------------------------------------------------------------------------------


@blueprint.get("/entries/<int:entry_id>/monitor")
@access.requires(P.ROUND_MONITOR)
def person(entry_id: int) -> Any:
    """One person: where they stand, how to reach them, and their card."""
    entry, now = access.entry_for(P.ROUND_MONITOR, entry_id), clock.now()
    who = access.signed_in()
    return render_template(
        "monitor/person.html",
        entry=entry,
        round=entry.round,
        watched=monitor.person(entry, _minutes(), now),
        items=contests.rules_of(entry.round).item_count,
        own_round=who.may(P.ROUND_MONITOR, entry.round.unit),
        sees_phones=who.may(P.PEOPLE_VIEW, entry.unit) or who.may(P.PEOPLE_VIEW, entry.round.unit),
        may_write=who.may(P.HALL_RUN, entry.unit) or who.may(P.HALL_RUN, entry.round.unit),
        may_issue=who.may(P.CARD_ISSUE, entry.unit) or who.may(P.CARD_ISSUE, entry.round.unit),
    )
