"""Collecting what was done in a hall, to be carried back to the server the package came from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.errors import N_, RuleBroken
from quiz.core.sittings import AttemptLine, AuditRow, DrawnLine, ResponseLine, Sitting, SittingLine
from quiz.core.stage_lines import declared
from quiz.extensions import db
from quiz.models import (
    Attempt,
    AuditEvent,
    Entry,
    HallSession,
    Item,
    ItemVersion,
    Package,
    Performance,
    Person,
    PrintedPaper,
    Response,
    Round,
    RoundItem,
    TimeGrant,
    Unit,
)
from quiz.services import attempts, audit, hall_lines, papers, stage_lines
from quiz.services.audit import Actor
from quiz.services.contests import rules_of

CARRIED = (
    "absence.", "attempt.", "card.", "entry.", "hall.", "incident.", "package.", "panel.", "paper.", "performance.",
    "round.", "sheet.", "stage.", "time.",
)  # fmt: skip
MOST_ACTS = 100_000


def collect(package: Package, actor: Actor, now: int) -> Sitting:
    """Return everything done in the hall with a loaded package, and record that it was collected.

    Attempts past their time are handed in first. Raise RuleBroken while anybody still works on a paper or performs.
    """
    if not package.is_loaded:
        raise RuleBroken(N_("Gói này được lập ở máy này. Hãy lấy tệp kết quả từ máy ở hội trường."))
    attempts.close_due(now, package.round_id)
    still = select(db.func.count()).where(
        Attempt.round_id == package.round_id, Attempt.submitted_at.is_(None)
    )
    if count := db.session.scalar(still):
        raise RuleBroken(
            N_("Còn %(count)d bài chưa nộp, hoặc bài giấy chưa nhập xong. Hãy chờ xong rồi lấy tệp kết quả."),
            count=count,
        )
    stage_lines.check_still(package.round)
    path = package.round.unit.path
    audit.record(actor, "package.collect", package, now, path, round=package.round.name)
    db.session.flush()
    return contents(package, now)


def contents(package: Package, now: int) -> Sitting:
    """Return what a loaded round holds now, named by codes."""
    contest_round = package.round
    return Sitting(
        head=_head(package, now),
        drawn=tuple(_drawn(contest_round.id)),
        attempts=tuple(attempt_lines(contest_round)),
        late=tuple(hall_lines.late(contest_round.id)),
        papers=tuple(hall_lines.papers(contest_round.id)),
        halls=tuple(hall_lines.halls(contest_round.id)),
        devices=tuple(hall_lines.devices(contest_round.id)),
        seats=tuple(hall_lines.seats(contest_round.id, now)),
        sign_ins=tuple(hall_lines.sign_ins(contest_round)),
        grants=tuple(hall_lines.grants(contest_round.id)),
        absent=tuple(hall_lines.absent(contest_round.id)),
        cells=tuple(hall_lines.cells(contest_round.id)),
        incidents=tuple(hall_lines.incidents(contest_round.id)),
        audit=tuple(_acts(package)),
        **stage_lines.parts_of(contest_round),
    )


def _head(package: Package, now: int) -> SittingLine:
    window = package.round.window
    if window is None:
        raise ValueError("a loaded round has its hours")
    hours = (window.opens_at, window.closes_at, window.closed_at)
    parts = declared(rules_of(package.round).parts)
    return SittingLine(package.uuid, now, *hours, parts, stage_lines.count_unsigned(package.round))


def _drawn(round_id: int) -> Iterable[DrawnLine]:
    query = (
        select(ItemVersion.id, Item.code, ItemVersion.fingerprint)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(RoundItem, RoundItem.version_id == ItemVersion.id)
        .where(RoundItem.round_id == round_id)
        .order_by(ItemVersion.id)
    )
    return [DrawnLine(*row) for row in db.session.execute(query)]


def attempt_lines(contest_round: Round) -> list[AttemptLine]:
    """Return every attempt of a round that was handed in, by person and number."""
    query = (
        select(Attempt, Person.code)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.round_id == contest_round.id, Attempt.submitted_at.is_not(None))
        .order_by(Person.code, Attempt.number)
        .options(selectinload(Attempt.responses))
    )
    return [_attempt_line(attempt, code) for attempt, code in db.session.execute(query)]


def _attempt_line(attempt: Attempt, person: str) -> AttemptLine:
    return AttemptLine(
        person=person, number=attempt.number, seed=attempt.seed,
        paper=tuple((place.version, place.order) for place in papers.places_of(attempt.paper)),
        started_at=attempt.started_at, deadline=attempt.deadline, grace_seconds=attempt.grace_seconds,
        medium=str(attempt.medium), submitted_at=attempt.submitted_at or attempt.deadline,
        ended_by=attempt.ended_by, receipt_code=attempt.receipt_code, raw_score=attempt.raw_score or 0,
        max_score=attempt.max_score or 0, marks=tuple(attempt.marks or ()), time_used=attempt.time_used or 0,
        responses=tuple(map(_response_line, attempt.responses)), away_count=attempt.away_count,
        away_ms=attempt.away_ms,
    )  # fmt: skip


def _response_line(response: Response) -> ResponseLine:
    return ResponseLine(response.position, response.choice, response.stamp, response.saved_at, response.saves)


# --- the record of what was done ----------------------------------------------------------------------------------


def _acts(package: Package) -> Iterable[AuditRow]:
    """Return the acts since the package was loaded, in their order, as far as they belong to a round."""
    first = select(db.func.min(AuditEvent.id)).where(AuditEvent.target == f"package:{package.id}")
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.id >= first.scalar_subquery(),
            db.or_(*(AuditEvent.action.startswith(start) for start in CARRIED)),
        )
        .order_by(AuditEvent.id)
        .limit(MOST_ACTS)
        .options(joinedload(AuditEvent.account), joinedload(AuditEvent.person))
    )
    events = list(db.session.scalars(query))
    names = _names(package.round, events)
    for event in events:
        yield AuditRow(
            at=event.at, by=event.account.display_name if event.account else "",
            person=event.person.code if event.person else "", action=event.action,
            target=names.targets.get(event.target, event.target.partition(":")[0]),
            unit=names.units.get(event.path, ""), detail=event.detail,
        )  # fmt: skip


class _Names:
    """What this machine's numbers are called elsewhere."""

    def __init__(self, targets: Mapping[str, str], units: Mapping[str, str]) -> None:
        self.targets = targets
        self.units = units


def _names(contest_round: Round, events: Sequence[AuditEvent]) -> _Names:
    here = contest_round.id
    rows: list[tuple[str, Any]] = [
        ("attempt", select(Attempt.id, Attempt.receipt_code).where(Attempt.round_id == here)),
        ("entry", select(Entry.id, Person.code).join(Entry.person).where(Entry.round_id == here)),
        ("time_grant", select(TimeGrant.id, TimeGrant.key).where(TimeGrant.round_id == here)),
        ("printed_paper", _papers_of(here)),
        ("hall_session", select(HallSession.id, HallSession.id).where(HallSession.round_id == here)),
        ("performance", _performances_of(here)),
    ]
    targets = {
        f"{noun}:{key}": f"{noun}:{name}" for noun, query in rows for key, name in db.session.execute(query)
    }
    paths = {event.path for event in events}
    units = select(Unit.path, Unit.code).where(Unit.path.in_(paths))
    return _Names(targets, {path: code for path, code in db.session.execute(units)})


def _performances_of(round_id: int) -> Any:
    named = Person.code + "|" + Performance.part
    joined = select(Performance.id, named).join(Entry, Entry.id == Performance.entry_id)
    return joined.join(Person, Person.id == Entry.person_id).where(Performance.round_id == round_id)


def _papers_of(round_id: int) -> Any:
    joined = select(PrintedPaper.id, Attempt.receipt_code).join(PrintedPaper.attempt)
    return joined.where(Attempt.round_id == round_id)
