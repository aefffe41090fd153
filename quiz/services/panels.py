"""Who judges which part, and whose judge should rather not: the panels of a round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.judging import OnGap
from quiz.core.parts import Part
from quiz.core.promotion import Scope
from quiz.core.states import State, check_seen
from quiz.extensions import db
from quiz.models import Account, Entry, PanelSeat, Performance, Person, Round, ScoreSheet, Unit
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.contests import lock_round, rules_of

SEATED = N_("Giám khảo này đã có ghế trong ban chấm của phần thi.")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A judge and a contestant of one unit: to be seen and decided upon, never acted on by itself."""

    seat: PanelSeat
    entry: Entry


def judged_part(contest_round: Round, name: str) -> Part:
    """Return the judged part of that name; raise RuleBroken when the round has none."""
    for part in rules_of(contest_round).judged_parts:
        if part.name == name:
            return part
    raise RuleBroken(N_("Vòng thi này không có phần thi do giám khảo chấm tên như vậy."))


def seats_of(contest_round: Round) -> list[PanelSeat]:
    """Return every seat of every panel of a round, part by part and group by group."""
    query = select(PanelSeat).where(PanelSeat.round_id == contest_round.id)
    order = (PanelSeat.part, PanelSeat.ranking_group, PanelSeat.seat)
    whole = query.options(joinedload(PanelSeat.account)).order_by(*order)
    return list(db.session.scalars(whole, execution_options={"populate_existing": True}))


def panel_for(performance: Performance, seats: Sequence[PanelSeat]) -> list[PanelSeat]:
    """Return the seats that judge a performance: those of its group, where it has none those for all groups."""
    part = [one for one in seats if one.part == performance.part]
    own = [one for one in part if one.ranking_group == performance.entry.ranking_group]
    return own or [one for one in part if one.ranking_group == ""]


def seat_numbered(performance: Performance, number: int) -> PanelSeat | None:
    """Return the seat of that number on the panel of a performance, None when nobody has it."""
    panel = panel_for(performance, seats_of(performance.round))
    return next((one for one in panel if one.seat == number), None)


def count_seats(contest_round: Round, part: str) -> int:
    """Return how many seats of the smallest panel of a part are taken."""
    seats = [one for one in seats_of(contest_round) if one.part == part]
    return min(
        sum(one.ranking_group in ("", group) for one in seats) for group in groups_of(contest_round) or [""]
    )


def groups_of(contest_round: Round) -> list[str]:
    """Return the groups that have panels of their own: where contestants come in several, each; else "" for all."""
    query = (
        select(Entry.ranking_group)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
        .distinct()
        .order_by(Entry.ranking_group)
    )
    found = list(db.session.scalars(query))
    return found if len(found) > 1 and rules_of(contest_round).rank_within is Scope.GROUP else [""]


def state_of(seats: Mapping[int, int], head: int) -> State:
    """Return what the form of a panel shows whose `seats` have these accounts."""
    return {f"seat{number}": account for number, account in seats.items()} | {"head": head}


def fill(
    contest_round: Round, part: str, group: str, chosen: Mapping[int, int], head: int, actor: Actor, now: int,
    seen: str = "",
) -> None:  # fmt: skip
    """Seat the accounts of `chosen` (by seat, 0 for nobody) on a panel whose head sits at seat `head` (0: none).

    Who sits there already stays; raise as `seat_judge` does, and Overtaken when the panel is no longer as `seen`.
    """
    lock_round(contest_round)
    held = {
        one.seat: one for one in seats_of(contest_round) if (one.part, one.ranking_group) == (part, group)
    }
    sitting = {seat: one.account_id or 0 for seat, one in held.items()}
    heads = [seat for seat, one in held.items() if one.is_head]
    check_seen(seen, state_of(sitting, sum(heads)), state_of(chosen, head))
    moved = [seat for seat, one in held.items() if chosen.get(seat, 0) != (one.account_id or 0)]
    for seat in moved:
        _clear({"round_id": contest_round.id, "part": part, "ranking_group": group, "seat": seat})
    for seat, account_id in chosen.items():
        if account_id and (seat in moved or seat not in held):
            account = db.session.get_one(Account, account_id)
            seat_judge(contest_round, part, group, seat, account, False, actor, now)
    for one in seats_of(contest_round):
        if (one.part, one.ranking_group) == (part, group):
            one.is_head = one.seat == head
    db.session.flush()


def seat_judge(
    contest_round: Round,
    part: str,
    group: str,
    seat: int,
    account: Account,
    is_head: bool,
    actor: Actor,
    now: int,
) -> PanelSeat:
    """Give a judge a seat on a panel, in place of whoever had it.

    Raise RuleBroken when the seat is not one of the part's, the account contests the round or its sheets are there
    already; AlreadyDone when the judge sits on this panel at another seat.
    """
    judging = judged_part(contest_round, part).judged_by
    if not 1 <= seat <= judging.judges + (judging.on_gap is OnGap.THIRD):
        raise RuleBroken(N_("Phần thi này không có ghế giám khảo số đó."))
    if account.person_id and _contests(contest_round, account.person_id):
        raise RuleBroken(N_("Thí sinh của vòng thi không làm giám khảo của vòng ấy."))
    panel = {"round_id": contest_round.id, "part": part, "ranking_group": group}
    if db.session.scalar(select(PanelSeat.id).filter_by(**panel, account_id=account.id)):
        raise AlreadyDone(SEATED)
    place = {**panel, "seat": seat}
    _clear(place)
    found = PanelSeat(**place, account=account, is_head=is_head)
    try:
        with db.session.begin_nested():
            db.session.add(found)
            db.session.flush()
    except IntegrityError:
        raise AlreadyDone(SEATED) from None
    audit.record(
        actor,
        "panel.seat",
        found,
        now,
        contest_round.unit.path,
        part=part,
        seat=seat,
        judge=account.display_name,
    )
    return found


def _clear(place: dict[str, object]) -> None:
    held = db.session.scalar(select(PanelSeat).filter_by(**place))
    if held is None:
        return
    if _has_sheets(held):
        raise RuleBroken(N_("Giám khảo ở ghế này đã có phiếu chấm nên không đổi được nữa."))
    db.session.execute(delete(PanelSeat).where(PanelSeat.id == held.id))
    db.session.expire_all()


def _has_sheets(seat: PanelSeat) -> bool:
    query = (
        select(ScoreSheet.id)
        .join(Performance, Performance.id == ScoreSheet.performance_id)
        .where(
            Performance.round_id == seat.round_id, Performance.part == seat.part, ScoreSheet.seat == seat.seat,
            db.or_(ScoreSheet.account_id == seat.account_id, ScoreSheet.account_id.is_(None)),
        )
        .limit(1)
    )  # fmt: skip
    return db.session.scalar(query) is not None


def _contests(contest_round: Round, person_id: int) -> bool:
    query = select(Entry.id).where(
        Entry.round_id == contest_round.id, Entry.person_id == person_id, Entry.withdrawn_at.is_(None)
    )
    return db.session.scalar(query) is not None


def conflicts_of(contest_round: Round) -> list[Conflict]:
    """Return judges and contestants who come from one cell, or where contestants come from several units, one unit.

    A judge comes from the unit of the own person record; whose account names no person comes from nowhere known, see
    `unknown_homes`.
    """
    entries = db.session.scalars(
        select(Entry)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
        .options(joinedload(Entry.person), joinedload(Entry.unit), joinedload(Entry.scope))
        .order_by(Entry.id)
    ).all()
    return [
        Conflict(seat, entry)
        for seat, home in _homes(contest_round)
        for entry in entries
        if seat.ranking_group in ("", entry.ranking_group) and _is_near(home, entry, contest_round.unit)
    ]


def unknown_homes(contest_round: Round) -> list[str]:
    """Return the names of seated judges whose accounts name no person, so that nobody knows where they come from."""
    seated = [one.account for one in seats_of(contest_round) if one.account is not None]
    return sorted({account.display_name for account in seated if account.person_id is None})


def _homes(contest_round: Round) -> list[tuple[PanelSeat, Unit]]:
    query = (
        select(PanelSeat, Unit)
        .join(Account, Account.id == PanelSeat.account_id)
        .join(Person, Person.id == Account.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(PanelSeat.round_id == contest_round.id)
        .options(joinedload(PanelSeat.account))
        .order_by(PanelSeat.part, PanelSeat.ranking_group, PanelSeat.seat)
    )
    return [(seat, home) for seat, home in db.session.execute(query)]


def _is_near(home: Unit, entry: Entry, held_at: Unit) -> bool:
    if home.id == entry.unit_id:
        return True
    branch = entry.scope.path if entry.scope_id != held_at.id else _branch(entry.unit, held_at)
    return branch != "" and home.path.startswith(branch)


def _branch(unit: Unit, held_at: Unit) -> str:
    """Return the path of the unit right below `held_at` that `unit` lies in or is, "" when it lies elsewhere."""
    if not unit.path.startswith(held_at.path):
        return ""
    below = unit.path.removeprefix(held_at.path).partition("/")[0]
    return f"{held_at.path}{below}/" if below else ""
