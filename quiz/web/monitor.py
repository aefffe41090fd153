"""Watching rounds while they run: a stage's rounds, one round's people, one person; figures refresh by themselves."""

import hashlib
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.presence import NOT_STARTED, SILENT_AFTER, Presence
from quiz.services import contests, monitor, registrations
from quiz.services.monitor import Counts
from quiz.web import access
from quiz.web.entries import page_number
from quiz.web.formatting import percent_text, time_text

blueprint = Blueprint("monitor", __name__, url_prefix="/desk")
P = Permission
NAMED = 30  # people the summary names; more would not be read on a phone
FILTERS = {
    "not_started": NOT_STARTED,
    "silent": (Presence.SILENT,),
    "answering": (Presence.ANSWERING, Presence.ON_PAPER),
    "handed_in": (Presence.HANDED_IN,),
    "all": (),
}


def _minutes() -> int:
    """Return after how many minutes without a saved answer somebody counts as silent."""
    return min(max(request.args.get("minutes", SILENT_AFTER, type=int), 1), 120)


def _asked() -> dict[str, str]:
    """Return what of this page's address its changing part needs too."""
    return {name: request.args[name] for name in ("view", "page", "minutes") if name in request.args}


def part_of(template: str, **context: Any) -> Any:
    """Return a piece of a page, or nothing (304) when the asker has it already."""
    answer = make_response(render_template(template, **context))
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:24])
    answer.headers["Cache-Control"] = "no-store"
    return answer.make_conditional(request)


@blueprint.get("/rounds/<int:round_id>/monitor")
@access.requires(P.ROUND_MONITOR)
def show(round_id: int) -> Any:
    """One round: figures, and the people at the place looked at."""
    return render_template("monitor/show.html", **_round(round_id))


@blueprint.get("/rounds/<int:round_id>/monitor/part")
@access.requires(P.ROUND_MONITOR)
def part(round_id: int) -> Any:
    """The part of the page that changes."""
    return part_of("monitor/round_part.html", **_round(round_id))


def _round(round_id: int) -> dict[str, Any]:
    found, now, minutes = access.round_for(P.ROUND_MONITOR, round_id), clock.now(), _minutes()
    counts = monitor.counts([found], minutes, now)[round_id]
    view = request.args.get("view", "not_started")
    wanted = FILTERS.get(view, NOT_STARTED)
    page, people = monitor.people(found, wanted, minutes, now, page_number())
    return {
        "round": found,
        "counts": counts,
        "minutes": minutes,
        "now": now,
        "view": view if view in FILTERS else "not_started",
        "page": page,
        "people": people,
        "items": contests.rules_of(found).item_count,
        "sees_phones": access.signed_in().may(P.PEOPLE_VIEW, found.unit),
        "summary": _summary(found.name, counts, monitor.names_not_started(found, NAMED), now),
        "part_url": url_for("monitor.part", round_id=round_id, **_asked()),
    }


@blueprint.get("/stages/<int:stage_id>/monitor")
@access.requires(P.ROUND_MONITOR)
def stage(stage_id: int) -> Any:
    """A whole stage: each round's figures and their sum."""
    return render_template("monitor/stage.html", **_stage(stage_id))


@blueprint.get("/stages/<int:stage_id>/monitor/part")
@access.requires(P.ROUND_MONITOR)
def stage_part(stage_id: int) -> Any:
    """The part of the page that changes."""
    return part_of("monitor/stage_part.html", **_stage(stage_id))


def _stage(stage_id: int) -> dict[str, Any]:
    found, now, minutes = access.stage_for(P.CONTEST_VIEW, stage_id), clock.now(), _minutes()
    rounds = registrations.rounds_under(found, access.signed_in().paths_for(P.ROUND_MONITOR))
    counts = monitor.counts(rounds, minutes, now)
    total = sum(counts.values(), monitor.NOBODY)
    return {
        "stage": found,
        "rounds": rounds,
        "counts": counts,
        "total": total,
        "minutes": minutes,
        "summary": _summary(f"{found.contest.title} – {found.name}", total, [], now),
        "part_url": url_for("monitor.stage_part", stage_id=stage_id, **_asked()),
    }


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
        may_issue=who.may(P.CARD_ISSUE, entry.unit) or who.may(P.CARD_ISSUE, entry.round.unit),
    )


def _summary(title: str, counts: Counts, waiting: list[tuple[str, str]], now: int) -> str:
    """Return the figures as a text to paste into a chat group."""
    started = counts.entered - counts.not_started
    lines = [
        _("%(title)s, lúc %(time)s:", title=title, time=time_text(now)[:5]),
        _("- Có tên dự thi: %(count)d", count=counts.entered),
        _(
            "- Đã vào làm bài: %(count)d (%(percent)s)",
            count=started,
            percent=percent_text(started, counts.entered),
        ),
        _("- Đã nộp bài: %(count)d", count=counts[Presence.HANDED_IN]),
        _("- Chưa vào làm bài: %(count)d", count=counts.not_started),
    ]
    if waiting:
        lines.append(_("Các đồng chí chưa vào làm bài:"))
        lines += [f"  {name} – {cell}" for cell, name in waiting]
    if waiting and counts.not_started > len(waiting):
        lines.append(_("  và %(count)d đồng chí khác.", count=counts.not_started - len(waiting)))
    return "\n".join(lines)
