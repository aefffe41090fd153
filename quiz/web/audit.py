"""The record of acts: looked through by whom, what, on which thing, when and where; who saw one thing; its seals."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from quiz import clock
from quiz.core.names import nfc, search_key
from quiz.core.permissions import Permission
from quiz.services import audit_seals, audit_search, things, tree
from quiz.services.audit_search import Wanted
from quiz.services.drafts import DraftRefused
from quiz.web import access
from quiz.web.act_words import PAGES
from quiz.web.actions import ACTIONS
from quiz.web.job_kinds import Work, kind
from quiz.web.jobs import hand_over
from quiz.web.paging import page_number

blueprint = Blueprint("audit", __name__)
P = Permission
FIELDS = ("who", "what", "thing", "unit", "since", "until", "target")


@blueprint.get("/audit")
@access.requires(P.AUDIT_VIEW)
def index() -> Any:
    """The newest acts under the units this person answers for, narrowed as asked, a page at a time."""
    given = {name: nfc(request.args.get(name, "")).strip()[:100] for name in FIELDS}
    try:
        wanted, trouble = _wanted(given), ""
    except (ValueError, DraftRefused):
        wanted, trouble = (
            Wanted(paths=_paths()),
            gettext("Chưa hiểu đơn vị hoặc ngày đã ghi. Ngày ghi như 05/02/2026."),
        )
    events = audit_search.find(wanted)
    more, events = len(events) > audit_search.PAGE, events[: audit_search.PAGE]
    asked = {name: text for name, text in given.items() if text}
    return render_template(
        "audit/index.html",
        events=events,
        names=things.names_of(_things(events)),
        link=_link,
        given=given,
        trouble=trouble,
        older=url_for("audit.index", before=events[-1].id, **asked) if more else None,
        may_check="" in access.signed_in().paths_for(P.SYSTEM_KEEP),
    )


def _paths() -> tuple[str, ...]:
    return tuple(access.signed_in().paths_for(P.AUDIT_VIEW))


def _wanted(given: dict[str, str]) -> Wanted:
    paths, before = list(_paths()), request.args.get("before", type=int)
    return Wanted(
        paths=tuple(paths),
        who=given["who"],
        actions=_actions(given["what"]),
        targets=_targets(given, paths),
        path=tree.find_one(given["unit"], paths, "unit").path if given["unit"] else "",
        since=_midnight(given["since"]),
        until=_midnight(given["until"], days=1),
        before_id=min(before, 2**62) if before is not None else None,
    )


def _targets(given: dict[str, str], paths: list[str]) -> tuple[str, ...] | None:
    if given["target"]:
        return (given["target"][:60],)
    return tuple(things.meant_by(given["thing"], paths)) if given["thing"] else None


def _actions(text: str) -> tuple[str, ...] | None:
    """Return the acts whose words have `text` in them, marks or no marks."""
    if not text:
        return None
    key = search_key(text)
    return tuple(code for code, words in ACTIONS.items() if key in search_key(str(gettext(words))))


def _midnight(text: str, days: int = 0) -> int | None:
    """Return the beginning of a day typed as 05/02/2026 or 2026-02-05, so many days later."""
    if not text:
        return None
    day = (
        date.fromisoformat(text) if "-" in text else date(*(int(part) for part in reversed(text.split("/"))))
    )
    day = min(day, date.max - timedelta(days=days))
    return clock.instant_of(datetime.combine(day + timedelta(days=days), time()))


def _things(events: Iterable[Any]) -> Iterator[str]:
    """Yield what acts were done to, and what a request of two people was about."""
    for event in events:
        yield event.target
        yield str(event.detail.get("of", ""))


def _link(target: str) -> str:
    """Return where a thing is shown, "" where nothing shows it."""
    noun, key = things.parts_of(target)
    if noun not in PAGES or not key:
        return ""
    endpoint, name = PAGES[noun]
    return url_for(endpoint, **{name: key})


# --- one thing ------------------------------------------------------------------------------------------------------


@blueprint.get("/people/<int:person_id>/history")
@access.requires(P.AUDIT_VIEW)
def person(person_id: int) -> Any:
    """Who changed a person, their entry and papers, and who looked."""
    found = access.person_for(P.AUDIT_VIEW, person_id)
    back = (found.full_name, url_for("people.show", person_id=person_id))
    return _history(found.full_name, back, audit_search.of_person(found))


@blueprint.get("/desk/rounds/<int:round_id>/history")
@access.requires(P.AUDIT_VIEW)
def round_(round_id: int) -> Any:
    """Who changed a round and its editions, and who looked at its people and keys."""
    found = access.round_for(P.AUDIT_VIEW, round_id)
    back = (found.name, url_for("rounds.show", round_id=round_id))
    return _history(found.name, back, audit_search.of_round(found))


@blueprint.get("/bank/items/<int:item_id>/history")
@access.requires(P.BANK_EDIT)
def item(item_id: int) -> Any:
    """Who changed a question, and who looked at it with its key."""
    found = access.item_for(P.BANK_EDIT, item_id)
    back = (found.code, url_for("bank.item", item_id=item_id))
    return _history(found.code, back, (f"item:{found.id}",), ("",))


def _history(
    title: str, back: tuple[str, str], targets: tuple[str, ...], paths: tuple[str, ...] = ("",)
) -> Any:
    wanted = Wanted(paths=paths, targets=targets)
    events = audit_search.find(wanted)
    looks = audit_search.looks(wanted)
    return render_template(
        "audit/history.html",
        title=title,
        back=back,
        events=events[: audit_search.PAGE],
        more=len(events) > audit_search.PAGE,
        looks=looks,
        names=things.names_of([*_things(events), *(look.target for look in looks)]),
        link=_link,
    )


# --- seals ----------------------------------------------------------------------------------------------------------


@blueprint.get("/audit/seals")
@access.requires(P.SYSTEM_KEEP)
def seals() -> Any:
    """The seals over the record, the newest first, and looking whether they hold."""
    access.everywhere(P.SYSTEM_KEEP)
    page = audit_seals.page_of(page_number())
    return render_template(
        "audit/seals.html", page=page, page_url=lambda number: url_for("audit.seals", page=number)
    )


@blueprint.post("/audit/seals")
@access.requires(P.SYSTEM_KEEP)
def check() -> Any:
    """Have every seal computed anew."""
    access.everywhere(P.SYSTEM_KEEP)
    return hand_over(
        "audit_check", "audit_check", gettext("Kiểm tra niêm phong nhật ký"), {}, P.SYSTEM_KEEP, None
    )


@kind("audit_check")
def _check(work: Work) -> None:
    report = audit_seals.check()
    work.report(report.seals, report.seals)
