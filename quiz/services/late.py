"""Taking in what a device could not send before the end of its attempt, and showing the board what came."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core import timing
from quiz.core.errors import N_, RuleBroken
from quiz.core.late import REFUSED, End, Fate, Logged, is_unbroken, newest_by_position, refusal
from quiz.core.rules import from_dict
from quiz.extensions import db
from quiz.models import Attempt, Edition, Entry, LateArrival, Response, Round
from quiz.services import attempts, audit, marking, responses
from quiz.services.audit import Actor
from quiz.services.responses import DEVICE_BITS, Given

PAGE = 50
LONGEST = 2_000  # choices in one delivery; thirty questions answered and changed sixty times each
UNREADABLE = N_("Không đọc được bài gửi muộn. Hãy tải lại trang; nếu vẫn vậy, xin báo Ban Tổ chức.")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a delivery: how many choices of it have each fate."""

    fates: Counter[Fate]

    @property
    def counted(self) -> int:
        """Return the number of choices that were stored by it."""
        return self.fates[Fate.COUNTED]

    @property
    def refused(self) -> int:
        """Return the number of choices that do not count."""
        return sum(count for fate, count in self.fates.items() if fate in REFUSED)


def seed_of(attempt: Attempt) -> str:
    """Return what the first link of a device's log follows."""
    return f"{attempt.id}.{attempt.started_at}"


def deliver(
    attempt: Attempt, log: Sequence[Logged], signed_off_at: int | None, agent: str, now: int
) -> Delivery:
    """Take in the log of a device and return what became of each choice; sent twice it is taken in once.

    Raise RuleBroken when it is no log of this paper. An attempt that has not ended takes the choices as it always does.
    """
    _check(attempt, log, now)
    attempt = _locked(attempt)
    if not log:
        return Delivery(Counter())
    _close_if_due(attempt, now)
    fates = _fates(attempt, log, now)
    kept = newest_by_position([entry for entry in log if fates[entry] is Fate.COUNTED])
    before = attempt.raw_score
    _store(attempt, kept.values(), now)
    if attempt.submitted_at is not None:
        if kept:
            db.session.flush()
            marking.store_marks(attempt, marking.choices_of([attempt.id])[attempt.id])
        _remember(attempt, log, fates, before, signed_off_at, agent, now)
    db.session.flush()
    return Delivery(Counter(fates.values()))


def _check(attempt: Attempt, log: Sequence[Logged], now: int) -> None:
    given = [Given(entry.position, entry.choice, entry.stamp) for entry in log]
    one_device = len({entry.stamp % (1 << DEVICE_BITS) for entry in log}) <= 1
    if len(log) > LONGEST or not one_device or not responses.may_be_given(attempt, given, now):
        raise RuleBroken(UNREADABLE)


def _locked(attempt: Attempt) -> Attempt:
    query = select(Attempt).where(Attempt.id == attempt.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _close_if_due(attempt: Attempt, now: int) -> None:
    is_over = timing.is_due(attempt.deadline, attempt.grace_seconds, now)
    if attempt.submitted_at is None and is_over:
        attempts.submit(attempt, now)


def _fates(attempt: Attempt, log: Sequence[Logged], now: int) -> dict[Logged, Fate]:
    end, whole = _end_of(attempt), is_unbroken(seed_of(attempt), log)
    stored = {given.position: given.stamp for given in responses.stored_in(attempt)}
    newest = newest_by_position(log)
    fates = {}
    for entry in log:
        made_at = attempt.started_at + (entry.stamp >> DEVICE_BITS)
        refused = refusal(made_at, now, end) if whole else Fate.BROKEN
        if entry.stamp == stored.get(entry.position):
            fates[entry] = Fate.KNOWN
        elif entry.stamp < stored.get(entry.position, -1) or (
            refused is None and _is_overtaken(entry, newest[entry.position], attempt, now, end)
        ):
            fates[entry] = Fate.OLDER
        else:
            fates[entry] = refused or Fate.COUNTED
    return fates


def _is_overtaken(entry: Logged, newest: Logged, attempt: Attempt, now: int, end: End) -> bool:
    """Tell whether a later choice of the same log at the same place counts in its stead."""
    made_at = attempt.started_at + (newest.stamp >> DEVICE_BITS)
    return newest.stamp > entry.stamp and refusal(made_at, now, end) is None


def _end_of(attempt: Attempt) -> End:
    contest_round = attempt.entry.round
    final = select(Edition.id).where(Edition.round_id == contest_round.id, Edition.kind == "final")
    by_hand = attempt.submitted_at if attempt.ended_by == attempts.CANDIDATE else None
    rules = from_dict(contest_round.stage.rules)
    return End(attempt.deadline, by_hand, rules.late_minutes, db.session.scalar(final) is not None)


def _store(attempt: Attempt, entries: Iterable[Logged], now: int) -> None:
    for entry in entries:
        response = db.session.get(Response, (attempt.id, entry.position))
        if response is None:
            response = Response(attempt_id=attempt.id, position=entry.position, saves=0)
            db.session.add(response)
        response.choice, response.stamp, response.saved_at = entry.choice, entry.stamp, now
        response.saves += 1


def _remember(
    attempt: Attempt,
    log: Sequence[Logged],
    fates: dict[Logged, Fate],
    before: int | None,
    signed_off_at: int | None,
    agent: str,
    now: int,
) -> None:
    late = [entry for entry in log if fates[entry] is not Fate.KNOWN]
    digest = hashlib.sha256(repr([entry[:3] for entry in log]).encode()).hexdigest()
    known = select(LateArrival.id).where(LateArrival.attempt_id == attempt.id, LateArrival.digest == digest)
    if not late or db.session.scalar(known) is not None:
        return
    counts = Counter(fates.values())
    counted = counts[Fate.COUNTED]
    refused = sum(counts[fate] for fate in REFUSED)
    if not counted and not refused:
        return
    arrival = LateArrival(
        attempt_id=attempt.id, arrived_at=now, digest=digest, device=log[0].stamp % (1 << DEVICE_BITS),
        log=[[*entry[:3], fates[entry].value] for entry in log], counted=counted, refused=refused,
        is_unbroken=Fate.BROKEN not in counts, signed_off_at=signed_off_at, score_before=before,
        score_after=attempt.raw_score, agent=agent[:200],
    )  # fmt: skip
    db.session.add(arrival)
    actor = Actor(person_id=attempt.person_id)
    path = attempt.entry.round.unit.path
    audit.record(actor, "attempt.late", attempt, now, path, counted=counted, refused=refused)


def arrivals(contest_round: Round, page: int = 1) -> Pagination:
    """Return a page of the late deliveries of a round, the newest first, with the people they came from."""
    query = (
        select(LateArrival)
        .join(Attempt, Attempt.id == LateArrival.attempt_id)
        .where(Attempt.round_id == contest_round.id)
        .options(joinedload(LateArrival.attempt).joinedload(Attempt.entry).joinedload(Entry.person))
        .order_by(LateArrival.arrived_at.desc(), LateArrival.id.desc())
    )
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


class Summary(NamedTuple):
    """How many choices of an attempt came late: those that count, and those that do not by the reason why."""

    counted: int
    refused: Counter[Fate]


def summary_of(attempt: Attempt) -> Summary:
    """Return what came late for an attempt."""
    counted, refused = 0, Counter[Fate]()
    for arrival in db.session.scalars(select(LateArrival).where(LateArrival.attempt_id == attempt.id)):
        counted += arrival.counted
        refused += Counter({fate: count for fate, count in fates_of(arrival).items() if fate in REFUSED})
    return Summary(counted, refused)


def fates_of(arrival: LateArrival) -> Counter[Fate]:
    """Return how many choices of a delivery have each fate."""
    return Counter(Fate(entry[3]) for entry in arrival.log)


def last_chance(contest_round: Round) -> int | None:
    """Return the instant until which deliveries of a round may still count, None when there was no attempt."""
    latest = db.session.scalar(
        select(db.func.max(Attempt.deadline)).where(Attempt.round_id == contest_round.id)
    )
    limit = from_dict(contest_round.stage.rules).late_minutes
    return None if latest is None else latest + limit * timing.MINUTE
