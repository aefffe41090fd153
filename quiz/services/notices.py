"""Notices of time and place to the cells that send somebody, and the tick that each has received its own (R36)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.states import State, check_seen
from quiz.extensions import db
from quiz.models import Entry, Notice, NoticeReceipt, Person, Round, Unit
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.contests import lock_round

PAGE = 50


@dataclass(frozen=True, slots=True)
class CellNotice:
    """A cell of a round, whom it sends, and when it received its notice (None: not ticked)."""

    unit: Unit
    people: tuple[Person, ...]
    received_at: int | None


def of(contest_round: Round) -> Notice | None:
    """Return what the notices of a round say beyond its hours, None while nothing was written."""
    found: Notice | None = db.session.get(Notice, contest_round.id, populate_existing=True)
    return found


def state_of(contest_round: Round) -> State:
    """Return what the form of the notices shows."""
    notice = of(contest_round)
    return {"place": notice.place, "contact": notice.contact} if notice else {}


def write(contest_round: Round, place: str, contact: str, actor: Actor, now: int, seen: str = "") -> None:
    """Set the place and whom to ask; raise Overtaken when these are no longer in the state `seen`."""
    lock_round(contest_round)
    check_seen(seen, state_of(contest_round), {"place": place, "contact": contact})
    notice = of(contest_round) or Notice(round_id=contest_round.id)
    notice.place, notice.contact = place, contact
    db.session.add(notice)
    db.session.flush()
    audit.record(
        actor, "notice.write", contest_round, now, path=contest_round.unit.path, place=place, contact=contact
    )


@dataclass(frozen=True, slots=True)
class CellPage:
    """One page of the cells that send somebody; `total` of them on `pages` pages, `received` have their notice."""

    cells: list[CellNotice]
    page: int
    pages: int
    total: int
    received: int


def page_of(contest_round: Round, number: int) -> CellPage:
    """Return a page of what `cells` returns, at the cost of the page."""
    senders = _senders(contest_round)
    query = select(Unit).where(Unit.id.in_(senders)).order_by(Unit.parent_id, Unit.sort_key, Unit.id)
    page = db.paginate(query, page=max(1, number), per_page=PAGE, error_out=False)
    received = select(func.count()).where(
        NoticeReceipt.round_id == contest_round.id, NoticeReceipt.unit_id.in_(senders)
    )
    shown = cells(contest_round, [unit.id for unit in page.items])
    return CellPage(shown, page.page, page.pages, page.total or 0, db.session.scalar(received) or 0)


def _senders(contest_round: Round) -> Select[tuple[int]]:
    return select(Entry.unit_id).where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))


def cells(contest_round: Round, unit_ids: Sequence[int] | None = None) -> list[CellNotice]:
    """Return the cells that send somebody to a round (of `unit_ids` only), in the order of their units and names."""
    only = db.true() if unit_ids is None else Entry.unit_id.in_(unit_ids)
    query = (
        select(Entry)
        .join(Entry.unit).join(Entry.person)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None), only)
        .order_by(Unit.parent_id, Unit.sort_key, Unit.id, Person.sort_key, Person.id)
        .options(joinedload(Entry.person), joinedload(Entry.unit).joinedload(Unit.parent))
    )  # fmt: skip
    received = _received(contest_round.id)
    return [
        CellNotice(unit, people, received.get(unit.id))
        for unit, people in _by_cell(db.session.scalars(query))
    ]


def _by_cell(entries: Iterable[Entry]) -> list[tuple[Unit, tuple[Person, ...]]]:
    people: dict[Unit, list[Person]] = {}
    for entry in entries:
        people.setdefault(entry.unit, []).append(entry.person)
    return [(unit, tuple(its)) for unit, its in people.items()]


def _received(round_id: int) -> dict[int, int]:
    query = select(NoticeReceipt.unit_id, NoticeReceipt.received_at).where(NoticeReceipt.round_id == round_id)
    return {unit_id: received_at for unit_id, received_at in db.session.execute(query)}


def receive(contest_round: Round, unit_id: int, actor: Actor, now: int) -> None:
    """Tick that a cell has its notice; raise AlreadyDone when it was ticked, RuleBroken for a cell not in the round."""
    unit = db.session.scalar(select(Unit).where(Unit.id == unit_id, Unit.id.in_(_senders(contest_round))))
    if unit is None:
        raise RuleBroken(N_("Chi bộ này không có thí sinh ở vòng thi. Hãy tải lại trang."))
    receipt = NoticeReceipt(
        round_id=contest_round.id, unit_id=unit_id, received_at=now, account_id=actor.account_id
    )
    try:
        with db.session.begin_nested():
            db.session.add(receipt)
    except IntegrityError:
        raise AlreadyDone(N_("Chi bộ này đã được ghi là đã nhận giấy báo.")) from None
    audit.record(actor, "notice.receive", unit, now, path=unit.path, round=contest_round.id)
