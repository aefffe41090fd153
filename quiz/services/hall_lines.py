"""What a hall brings back beside its attempts, read on its laptop: papers, seats, minutes, absences, sign-ins."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.sittings import (
    AbsentLine,
    CellLine,
    DeviceLine,
    GivenLine,
    GrantLine,
    HallLine,
    IncidentLine,
    KeyingLine,
    LateLine,
    PaperLine,
    SeatLine,
    SignInLine,
    StepLine,
)
from quiz.extensions import db
from quiz.models import (
    Absence,
    AccessCard,
    Attempt,
    AuthSession,
    Entry,
    HallDevice,
    HallSeat,
    HallSession,
    Incident,
    Keying,
    LateArrival,
    Person,
    PrintedPaper,
    Round,
    TimeGrant,
)


def late(round_id: int) -> Iterable[LateLine]:
    """Return the deliveries that came after the end of attempts."""
    query = (
        select(LateArrival).join(LateArrival.attempt).where(Attempt.round_id == round_id)
        .order_by(LateArrival.id).options(joinedload(LateArrival.attempt))
    )  # fmt: skip
    for one in db.session.scalars(query):
        yield LateLine(
            receipt=one.attempt.receipt_code, arrived_at=one.arrived_at, digest=one.digest, device=one.device,
            log=tuple((place, choice, stamp, fate) for place, choice, stamp, fate in one.log),
            counted=one.counted, refused=one.refused, is_unbroken=one.is_unbroken,
            signed_off_at=one.signed_off_at, score_before=one.score_before, score_after=one.score_after,
            agent=one.agent,
        )  # fmt: skip


def papers(round_id: int) -> Iterable[PaperLine]:
    """Return the printed papers whose entry is settled, with both keyings."""
    query = (
        select(PrintedPaper)
        .join(PrintedPaper.attempt)
        .where(Attempt.round_id == round_id, PrintedPaper.settled_at.is_not(None))
        .order_by(PrintedPaper.id)
        .options(
            joinedload(PrintedPaper.attempt), joinedload(PrintedPaper.settled_by),
            selectinload(PrintedPaper.keyings).joinedload(Keying.account),
        )
    )  # fmt: skip
    for paper in db.session.scalars(query):
        yield PaperLine(
            receipt=paper.attempt.receipt_code, issued_at=paper.issued_at, settled_at=paper.settled_at or 0,
            settled_by=paper.settler, minutes=paper.minutes,
            decided=tuple(sorted((int(place), answer) for place, answer in paper.decided.items())),
            reason=paper.reason,
            keyings=tuple(
                KeyingLine(one.number, one.keyer, one.keyed_at, tuple(one.choices), one.minutes)
                for one in paper.keyings
            ),
        )  # fmt: skip


def halls(round_id: int) -> Iterable[HallLine]:
    """Return the sittings that were opened at places."""
    query = select(HallSession).where(HallSession.round_id == round_id).order_by(HallSession.id)
    for hall in db.session.scalars(query.options(joinedload(HallSession.unit))):
        yield HallLine(
            ref=hall.id, unit=hall.unit.code, place=hall.place, asks_pin=hall.asks_pin, opens_at=hall.opens_at,
            created_at=hall.created_at, by=hall.keeper, closed_at=hall.closed_at,
        )  # fmt: skip


def devices(round_id: int) -> Iterable[DeviceLine]:
    """Return the shared devices that joined, those taken out again too."""
    query = (
        select(HallDevice)
        .join(HallDevice.hall)
        .where(HallSession.round_id == round_id)
        .order_by(HallDevice.id)
    )
    for one in db.session.scalars(query):
        yield DeviceLine(one.id, one.hall_id, one.label, one.joined_at)


def seats(round_id: int, now: int) -> Iterable[SeatLine]:
    """Return who sat where, from when to when; who has a seat still has left it by handing in, or leaves it now."""
    handed_in = (
        select(db.func.max(Attempt.submitted_at)).where(Attempt.entry_id == HallSeat.entry_id)
        .correlate(HallSeat).scalar_subquery()
    )  # fmt: skip
    query = (
        select(HallSeat, Person.code, handed_in)
        .join(HallSeat.entry).join(Person, Person.id == Entry.person_id)
        .where(Entry.round_id == round_id)
        .order_by(HallSeat.id)
    )  # fmt: skip
    for seat, person, ended in db.session.execute(query):
        left_at, because = seat.left_at, seat.left_because
        if left_at is None:
            is_done = ended is not None and ended >= seat.sat_at
            left_at, because = (ended, "done") if is_done else (now, "closed")
        yield SeatLine(seat.device_id, person, seat.sat_at, left_at, because)


def sign_ins(contest_round: Round) -> Iterable[SignInLine]:
    """Return the sign-ins on devices of contestants' own, in their order."""
    entered = select(Entry.person_id).where(Entry.round_id == contest_round.id)
    query = (
        select(Person.code, AuthSession.created_at, AuthSession.device)
        .join(AccessCard, AccessCard.id == AuthSession.card_id)
        .join(Person, Person.id == AuthSession.person_id)
        .where(
            AccessCard.contest_id == contest_round.stage.contest_id, AuthSession.device != "",
            AuthSession.person_id.in_(entered),
        )
        .order_by(AuthSession.created_at, AuthSession.id)
    )  # fmt: skip
    return [SignInLine(*row) for row in db.session.execute(query)]


def grants(round_id: int) -> Iterable[GrantLine]:
    """Return the minutes that were given, with the attempts they reached."""
    query = select(TimeGrant).where(TimeGrant.round_id == round_id).order_by(TimeGrant.id)
    for grant in db.session.scalars(query):
        yield GrantLine(
            key=grant.key, person=grant.person.code if grant.person else "", hall=grant.hall_id,
            unit=grant.unit.code if grant.unit else "", minutes=grant.minutes, reason=grant.reason,
            given_at=grant.given_at, by=grant.giver, withdrawn_at=grant.withdrawn_at,
            reached=tuple(
                GivenLine(
                    one.attempt.receipt_code, one.deadline_before, one.deadline_after, one.was_reopened, one.given_at
                )
                for one in grant.reached
            ),
        )  # fmt: skip


def absent(round_id: int) -> Iterable[AbsentLine]:
    """Return who was taken out, and why."""
    query = (
        select(Entry).where(Entry.round_id == round_id, Entry.withdrawn_at.is_not(None)).order_by(Entry.id)
    )
    for entry in db.session.scalars(query.options(joinedload(Entry.person))):
        yield AbsentLine(entry.person.code, entry.withdrawn_at or 0, entry.withdrawn_reason)


def cells(round_id: int) -> Iterable[CellLine]:
    """Return the cells that sent nobody in the end, and why."""
    query = select(Absence).where(Absence.round_id == round_id).order_by(Absence.id)
    for one in db.session.scalars(query.options(joinedload(Absence.unit))):
        yield CellLine(one.unit.code, one.created_at, one.reason.value, one.note)


def incidents(round_id: int) -> Iterable[IncidentLine]:
    """Return what went wrong, with what was done about it."""
    query = select(Incident).where(Incident.round_id == round_id).order_by(Incident.id)
    for one in db.session.scalars(query.options(joinedload(Incident.unit), selectinload(Incident.steps))):
        yield IncidentLine(
            key=one.key, unit=one.unit.code, person=one.entry.person.code if one.entry else "", place=one.place,
            kind=one.kind.value, happened_at=one.happened_at, what=one.what, written_at=one.written_at, by=one.writer,
            withdrawn_at=one.withdrawn_at, withdrawn_reason=one.withdrawn_reason,
            steps=tuple(StepLine(step.key, step.text, step.written_at, step.writer) for step in one.steps),
            grants=tuple(grant.key for grant in one.grants),
        )  # fmt: skip
