"""The stage a hall brings back: judged again from its sheets, taken in once, with the people of the hall by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, RuleBroken
from quiz.core.merging import Standing
from quiz.core.parts import Part
from quiz.core.sitting_checks import BROKEN_SITTING
from quiz.core.sittings import Sitting
from quiz.core.stage_lines import (
    OrderLine,
    PanelLine,
    PerformanceLine,
    SheetLine,
    StaffLine,
    declared,
    fingerprint,
    lots_fit,
    panel_fits,
)
from quiz.core.stage_merging import StageHere, StageMerge, is_drawn, merge_stage
from quiz.extensions import db
from quiz.models import (
    Entry,
    OrderDraw,
    Package,
    PanelSeat,
    Performance,
    Person,
    Round,
    ScoreSheet,
    SheetCorrection,
    SheetKeying,
)
from quiz.services import carried_lots, stage_packing
from quiz.services.contests import rules_of

OTHER_RULES = N_(
    "Thể lệ các phần thi trên máy chủ khác với thể lệ đã mang xuống hội trường. Chưa có gì được nhập. Hãy đưa thể lệ về"
    " như khi lập gói rồi nhập lại."
)
NOT_DRAWN = N_(
    "Thứ tự thi trong tệp không phải do bốc thăm từ số đã ghi. Chưa có gì được nhập. Hãy lấy lại tệp từ máy ở"
    " hội trường."
)
Key = tuple[str, str]  # code of the contestant, part


def plan(package: Package, sitting: Sitting) -> StageMerge:
    """Return what would become of the performances of a sitting; nothing is changed.

    Raise RuleBroken when the whole of it cannot be: other rules, an order nobody drew, a panel no rules allow.
    """
    if not (sitting.panel or sitting.turns or sitting.performances):
        return StageMerge()
    rules = rules_of(package.round)
    parts = {part.name: part for part in rules.judged_parts}
    if sitting.head.declared != declared(rules.parts):
        raise RuleBroken(OTHER_RULES)
    fits = panel_fits(sitting.panel, sitting.staff, parts) and lots_fit(sitting.lots, parts)
    if not (package.with_stage and fits):
        raise RuleBroken(BROKEN_SITTING)
    is_other = _is_other_order(package.round, sitting)
    if is_other and not is_drawn(sitting.order[0], sitting.turns, _entered_since(package)):
        raise RuleBroken(NOT_DRAWN)
    here = _here(package, parts, is_other)
    return merge_stage(sitting.performances, sitting.staff, sitting.turns, here)


def _is_other_order(contest_round: Round, sitting: Sitting) -> bool:
    drawn = stage_packing.order_lines(contest_round)
    return bool(sitting.order) and _name(drawn) != _name(sitting.order)


def _entered_since(package: Package) -> set[str]:
    query = select(Person.code).join(Entry, Entry.person_id == Person.id)
    later = query.where(Entry.round_id == package.round_id, Entry.created_at > package.made_at)
    return set(db.session.scalars(later))


def _name(orders: Iterable[OrderLine]) -> list[tuple[str, int, int]]:
    return [(one.seed, one.sessions, one.drawn_at) for one in orders]


def _here(package: Package, parts: Mapping[str, Part], is_other: bool) -> StageHere:
    brought = _brought(package)
    keys = _keys(package.round, stage_packing.begun_in(package.round))
    begun = set(keys) - brought.keys()
    return StageHere(parts, _people(package.round_id), brought, begun, is_other and bool(begun))


def _brought(package: Package) -> dict[Key, str]:
    lines = (line for done in package.imports for line in done.report.get("stage", {}).get("brought", []))
    return {(person, part): print_ for person, part, print_ in lines}


def _keys(contest_round: Round, wanted: Iterable[int]) -> list[Key]:
    query = (
        select(Person.code, Performance.part)
        .join(Entry, Entry.id == Performance.entry_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Performance.id.in_(list(wanted)))
    )
    return [(code, part) for code, part in db.session.execute(query)]


def _people(round_id: int) -> dict[str, Standing]:
    query = select(Person.code, Entry.withdrawn_at).join(Entry.person).where(Entry.round_id == round_id)
    return {
        code: Standing.FREE if withdrawn_at is None else Standing.WITHDRAWN
        for code, withdrawn_at in db.session.execute(query)
    }


# --- writing it ---------------------------------------------------------------------------------------------------


def write(package: Package, sitting: Sitting, merged: StageMerge) -> dict[str, int]:
    """Write panels, order and the new performances; return how many performances and sheets there were."""
    contest_round = package.round
    here = _here(package, {}, _is_other_order(contest_round, sitting))
    if sitting.order and not here.has_other_order:
        _write_order(contest_round, sitting)
    if not here.begun:  # else the panel here judges what is left
        _write_panel(contest_round, sitting)
    found, names = _performances(contest_round), {one.ref: one.name for one in sitting.staff}
    for line in merged.new:
        _write(found[line.key], line, names)
    drawn = {line.key: (found[line.key], line) for line in merged.new}
    carried_lots.note_used(contest_round, sitting.lots, drawn)
    db.session.flush()
    db.session.expire_all()
    return {"performances": len(merged.new), "sheets": sum(len(line.sheets) for line in merged.new)}


def _write_order(contest_round: Round, sitting: Sitting) -> None:
    """Take over the order of the hall where people have not begun to perform by another, and add turns it has more."""
    entries, there = _entries(contest_round), _performances(contest_round)
    turns = {turn.person: turn for turn in sitting.turns if turn.person in entries}
    if _is_other_order(contest_round, sitting):
        _replace_draw(contest_round, sitting.order[0])
        for (person, _part), one in there.items():
            if turn := turns.get(person):
                one.session, one.place, one.drawn = turn.session, turn.place, turn.drawn
    known = {person for person, _part in there}
    new = {turn: entries[person] for person, turn in turns.items() if person not in known}
    stage_packing.add_turns(contest_round, new)
    db.session.flush()


def _replace_draw(contest_round: Round, order: OrderLine) -> None:
    draw = db.session.get(OrderDraw, contest_round.id) or OrderDraw(round_id=contest_round.id)
    draw.seed, draw.sessions, draw.drawn_at = order.seed, order.sessions, order.drawn_at
    draw.drawn_by_id, draw.drawn_by_name = None, order.by
    db.session.add(draw)


def _entries(contest_round: Round) -> dict[str, int]:
    query = select(Person.code, Entry.id).join(Entry.person).where(Entry.round_id == contest_round.id)
    return {code: key for code, key in db.session.execute(query)}


def _performances(contest_round: Round) -> dict[Key, Performance]:
    query = (
        select(Person.code, Performance)
        .join(Entry, Entry.id == Performance.entry_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Performance.round_id == contest_round.id)
    )
    return {(code, one.part): one for code, one in db.session.execute(query)}


def _write_panel(contest_round: Round, sitting: Sitting) -> None:
    """Seat who judged in the hall: the account here where it is the one the package took along, else the name."""
    staff = {one.ref: one for one in sitting.staff}
    query = select(PanelSeat).where(PanelSeat.round_id == contest_round.id)
    seats = {
        (one.part, one.ranking_group, one.seat): one
        for one in db.session.scalars(query.options(joinedload(PanelSeat.account)))
    }
    for line in sitting.panel:
        there = seats.get((line.part, line.group, line.seat))
        if there is not None and _is_same(there, staff[line.staff]):
            there.is_head = line.is_head
            continue
        if there is not None:
            db.session.delete(there)
            db.session.flush()
        db.session.add(_seat(contest_round, line, staff[line.staff]))
    db.session.flush()


def _is_same(seat: PanelSeat, who: StaffLine) -> bool:
    if seat.account is None:
        return seat.account_name == who.name
    return (seat.account.username, seat.account.display_name) == (who.username, who.name)


def _seat(contest_round: Round, line: PanelLine, who: StaffLine) -> PanelSeat:
    return PanelSeat(
        round_id=contest_round.id, part=line.part, ranking_group=line.group, seat=line.seat,
        account_name=who.name, is_head=line.is_head,
    )  # fmt: skip


def _write(performance: Performance, line: PerformanceLine, names: Mapping[int, str]) -> None:
    one = performance
    one.called_at, one.started_at, one.stopped_at = line.called_at, line.started_at, line.stopped_at
    one.used, one.absent_reason = line.used, line.absent_reason
    one.decided, one.decided_reason = line.decided, line.decided_reason
    one.decided_by_name = names.get(line.decided_by or 0, "")
    one.checked_at, one.checked_by_name = line.checked_at, names[line.checked_by]
    one.signed_at, one.signed_by_name = line.signed_at, names[line.signed_by]
    for sheet in line.sheets:
        _write_sheet(one, sheet, names)


def _write_sheet(performance: Performance, line: SheetLine, names: Mapping[int, str]) -> None:
    sheet = ScoreSheet(
        performance_id=performance.id, seat=line.seat, account_name=names.get(line.judge or 0, ""),
        marks=dict(line.marks), note=line.note, stamp=line.stamp, saved_at=line.saved_at,
        submitted_at=line.submitted_at, keyed_by_name=names.get(line.keyed_by or 0, ""),
    )  # fmt: skip
    db.session.add(sheet)
    db.session.flush()
    for typed in line.typed:
        db.session.add(
            SheetKeying(
                performance_id=performance.id, seat=line.seat, number=typed.number, marks=dict(typed.marks),
                keyed_at=typed.keyed_at, keyed_by_name=names[typed.by],
            )
        )  # fmt: skip
    for change in line.changes:
        db.session.add(
            SheetCorrection(
                sheet_id=sheet.id, before=dict(change.before), after=dict(change.after), reason=change.reason,
                corrected_at=change.at, corrected_by_name=names[change.by],
            )
        )  # fmt: skip


# --- saying what was done -----------------------------------------------------------------------------------------


def foreseen(merged: StageMerge, sitting: Sitting) -> dict[str, Any]:
    """Return what a report says of the stage."""
    return {
        "new": len(merged.new),
        "known": len(merged.known),
        "unsigned": sitting.head.unsigned,
        "refused": [_listed(line) | {"reason": reason.value} for line, reason in merged.refused],
        "differences": [_listed(line) | {"here": here} for line, here in merged.differing],
    }


def _listed(line: PerformanceLine) -> dict[str, Any]:
    return {"person": line.person, "part": line.part, "points": line.points, "signed_at": line.signed_at}


def report(package: Package, merged: StageMerge, sitting: Sitting) -> dict[str, Any]:
    """Return the whole of it, with what a later file is compared with, and what a draw in the hall called each
    contestant, so that it can be repeated."""
    draw = db.session.get(OrderDraw, package.round_id)
    drawn_there = draw is not None and draw.drawn_by_name != ""
    return foreseen(merged, sitting) | {
        "brought": [[line.person, line.part, fingerprint(line)] for line in merged.new],
        "turns": [[turn.number, turn.person] for turn in sitting.turns] if drawn_there else [],
    }
