"""When somebody who was sent on withdraws: the first reserve of that scope moves up, with a reason (R8).

A reserve is called before the round begins; afterwards the place stays empty. A withdrawal made by mistake can be
undone until then, and sends the reserve who was called back among the reserves. Who said beforehand that they cannot
come (quiz.services.declines) is passed over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.promotion import Method, Promotion
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Attempt, Decline, Edition, Entry, Result, Round, Successor, Unit
from quiz.services import audit, contests, entries, people, promotion, results
from quiz.services.audit import Actor
from quiz.services.standings import scope_name

NOT_PROMOTED = N_("Chỉ gọi dự bị thay cho người đã đạt từ vòng trước và đã rút tên.")
LOST = N_(
    "Theo kết quả đã sửa, chỗ này không còn nên không có ai vào thay. Ai nay được đi tiếp thì được thêm ở trang"
    " chọn người đi tiếp."
)
BEGUN = N_("Vòng thi đã bắt đầu nên không gọi dự bị được nữa. Chỗ của người rút tên để trống.")
NO_PLACE = N_("%(name)s là dự bị và không còn chỗ trống để vào. Khi có người rút, hãy gọi lại ở người đó.")
NOBODY_LEFT = N_("Không còn người dự bị nào. Hãy đăng ký người khác và ghi lý do.")
ALREADY = N_("%(name)s đã vào thay.")


class Standing(StrEnum):
    """What has become of a reserve."""

    FREE = "free"
    CALLED = "called"  # is in the round
    GONE = "gone"  # withdrew, here or where the reserve comes from
    DECLINED = "declined"  # said before being called that they cannot come
    BARRED = "barred"  # holds a role that may not compete


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reserve in order of precedence: the line that ranks it, what has become of it, and what it said beforehand."""

    line: Result
    standing: Standing
    declined: Decline | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """The reserves one round keeps for a later one, in order, of one `scope` of it ("" where it has one only).

    `has_tie`: behind those named the board of that round has still to decide who comes next.
    """

    edition: Edition
    scope: str
    reserves: list[Waiting]
    has_tie: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can be done about the place of somebody who withdrew.

    `stop` is why no reserve can be called, "" when one can; `successor` is somebody else who stands in that place,
    which `is_lost` when a corrected ranking gives it to somebody else, or to nobody.
    """

    edition: Edition | None
    reserves: list[Waiting]
    has_tie: bool
    successor: Entry | None
    stop: str
    is_lost: bool = False

    @property
    def next(self) -> Waiting | None:
        """Return the reserve whose turn it is."""
        return next((one for one in self.reserves if one.standing is Standing.FREE), None)

    @property
    def passed_over(self) -> list[Waiting]:
        """Return those whom the next call goes past because they have declined."""
        before = takewhile(lambda one: one is not self.next, self.reserves)
        return [one for one in before if one.standing is Standing.DECLINED]


def outlook_of(entry: Entry, now: int) -> Outlook:
    """Return who stands ready for the place of `entry`, who was called, and whether somebody can be called now."""
    edition, place = edition_behind(entry), place_of(entry)
    if edition is None:
        return Outlook(None, [], False, None, NOT_PROMOTED)
    outcome = promotion.promotion_of(edition)
    scope = _scope_of(entry, edition)
    reserves = waiting(edition, outcome.reserves.get(scope, ()), [entry.round_id])
    tied = any(tie.scope == scope for tie in outcome.reserve_ties)
    there = standing_in(place)
    successor = there if there is not entry else None
    lost = bool(place) and _is_lost(place[0], edition, outcome)
    stop = "" if successor else _stop(entry, place, reserves, now, edition, lost)
    return Outlook(edition, reserves, tied, successor, stop, stop == LOST)


def behind(contest_round: Round) -> list[Behind]:
    """Return who stands in reserve for a round: of each round that has sent somebody to it, by its unit's name."""
    sent = (
        select(Edition.round_id)
        .join(Result, Result.edition_id == Edition.id).join(Entry, Entry.result_id == Result.id)
        .where(Entry.round_id == contest_round.id)
    )  # fmt: skip
    below = select(Round).join(Round.unit).where(Round.id.in_(sent)).order_by(Unit.sort_key, Round.id)
    found = (results.final_of(one.id) for one in db.session.scalars(below))
    return [part for edition in found if edition is not None for part in _kept_by(edition, contest_round.id)]


def _kept_by(edition: Edition, round_id: int) -> list[Behind]:
    outcome = promotion.promotion_of(edition)
    tied = {tie.scope for tie in outcome.reserve_ties}
    return [
        Behind(edition, scope, waiting(edition, keys, [round_id]), scope in tied)
        for scope, keys in outcome.reserves.items()
        if keys or scope in tied
    ]


def edition_behind(entry: Entry) -> Edition | None:
    """Return the edition that counts now of the round in which `entry` was earned, None when it was not."""
    result = db.session.get(Result, entry.result_id) if entry.result_id else None
    return (results.final_of(result.edition.round_id) or result.edition) if result is not None else None


def _scope_of(entry: Entry, edition: Edition) -> str:
    result = db.session.get_one(Result, entry.result_id)
    return scope_name(result.entry, contests.rules_of(edition.round).quota.scope)


def _is_lost(first: Entry, edition: Edition, outcome: Promotion) -> bool:
    """Tell whether the ranking that counts now sends somebody else in place of `first`, or nobody."""
    if contests.rules_of(edition.round).quota.method is Method.MANUAL:
        return False
    key = db.session.get_one(Result, first.result_id).entry_id
    return key not in outcome.chosen and not any(key in tie.entries for tie in outcome.ties)


def _stop(
    entry: Entry, place: list[Entry], reserves: list[Waiting], now: int, edition: Edition, lost: bool
) -> str:
    if entry.withdrawn_at is None or not place:
        return NOT_PROMOTED
    if entry.round.phase_at(now) in (Phase.OPEN, Phase.CLOSED):
        return BEGUN
    if promotion.waits_for_prizes(edition):
        return promotion.LIST_OPEN
    if lost:
        return LOST
    return "" if any(one.standing is Standing.FREE for one in reserves) else NOBODY_LEFT


def waiting(edition: Edition, keys: Collection[int], rounds: Collection[int]) -> list[Waiting]:
    """Return the reserves `keys` of an edition in that order, with what has become of each in these later rounds."""
    lines = {line.entry_id: line for line in results.all_of(edition) if line.entry_id in set(keys)}
    there = _there(rounds, [lines[key].entry.person_id for key in keys])
    said = _said(keys)
    return [Waiting(lines[key], _standing(lines[key], there, key in said), said.get(key)) for key in keys]


def _there(rounds: Collection[int], person_ids: list[int]) -> dict[int, Entry]:
    query = select(Entry).where(Entry.round_id.in_(rounds), Entry.person_id.in_(person_ids))
    return {found.person_id: found for found in db.session.scalars(query)}


def _said(keys: Collection[int]) -> dict[int, Decline]:
    query = select(Decline).where(Decline.entry_id.in_(keys), Decline.taken_back_at.is_(None))
    return {row.entry_id: row for row in db.session.scalars(query)}


def _standing(line: Result, there: dict[int, Entry], has_declined: bool) -> Standing:
    found = there.get(line.entry.person_id)
    if found is not None and found.withdrawn_at is None:
        return Standing.CALLED
    if line.entry.withdrawn_at is not None or (found is not None and not _may_return(found)):
        return Standing.GONE
    if has_declined:
        return Standing.DECLINED
    return Standing.BARRED if people.barred_reason(line.entry.person) is not None else Standing.FREE


def _may_return(entry: Entry) -> bool:
    """Tell whether a withdrawn entry is no refusal: of a reserve sent back, or of somebody a correction put out, or
    a decision about a tie that was taken back.

    What counts is the ranking that stood when they were withdrawn: it does not send them any more.
    """
    if promotion.was_sent_back(entry):
        return True
    if entry.withdrawn_at is None or entry.origin == "reserve" or entry.result_id is None:
        return False
    earned = db.session.get_one(Result, entry.result_id).edition
    stood = results.final_of(earned.round_id)
    while stood is not None and stood.published_at > entry.withdrawn_at:
        stood = stood.replaces
    if stood is None or promotion.waits_for_prizes(stood):
        return False
    return _is_lost(entry, stood, promotion.promotion_of(stood))


def place_of(entry: Entry) -> list[Entry]:
    """Return who was to fill the place of `entry`, in order: who was sent on, then each who was called after another.

    Empty for a reserve whose call was undone: no place is that person's.
    """
    first = entry
    while (row := db.session.get(Successor, first.id)) is not None:
        first = row.replaces
    return _and_after(first) if first.origin != "reserve" else []


def _and_after(entry: Entry) -> list[Entry]:
    query = select(Successor).where(Successor.replaces_id == entry.id).options(joinedload(Successor.entry))
    row = db.session.scalar(query)
    return [entry, *(_and_after(row.entry) if row is not None else ())]


def standing_in(place: list[Entry]) -> Entry | None:
    """Return who stands in a place now, None when it is empty."""
    return next((one for one in place if one.withdrawn_at is None), None)


def has_place(entry: Entry) -> bool:
    """Tell whether `entry` could stand again: not where its place is nobody's, or somebody's who was there before."""
    place = place_of(entry)
    there = standing_in(place)
    return bool(place) and (there is None or place.index(there) >= place.index(entry))


def call(entry: Entry, reason: str, actor: Actor, now: int) -> Entry:
    """Enter the first free reserve in the place of a withdrawn entry and return the new entry.

    Without `reason` the one of the withdrawal stands. Raise AlreadyDone when the place is taken, RuleBroken when the
    round has begun or no reserve is left.
    """
    contests.lock(entry.round.stage)
    db.session.refresh(entry)
    outlook = outlook_of(entry, now)
    if outlook.successor is not None:
        raise AlreadyDone(ALREADY, name=outlook.successor.name_and_cell)
    if outlook.stop or outlook.edition is None or outlook.next is None:
        raise RuleBroken(outlook.stop or NOBODY_LEFT)
    last, why = place_of(entry)[-1], reason.strip()[:300] or entry.withdrawn_reason
    new = promotion.enter_reserve(outlook.edition, outlook.next.line.entry_id, entry.round, why, actor, now)
    row = Successor(
        entry=new, replaces=last, reason=why, called_at=now, called_by_id=actor.account_id
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as clash:
        raise AlreadyDone(ALREADY, name=new.name_and_cell) from clash
    return new


def restore(entry: Entry, actor: Actor, now: int) -> Entry | None:
    """Take a withdrawal back until the round begins, and return the reserve this sends back, if one was called.

    Raise RuleBroken when the round has begun, that reserve has started a paper, or `entry` is itself a reserve whose
    place is taken again.
    """
    contests.lock(entry.round.stage)
    db.session.refresh(entry)
    if not has_place(entry):
        raise RuleBroken(NO_PLACE, name=entry.name_and_cell)
    successor = standing_in(place_of(entry)) if entry.withdrawn_at is not None else None
    if successor is not None:
        _send_back(successor, entry, actor, now)
    entries.restore(entry, actor, now)
    return successor


def _send_back(successor: Entry, entry: Entry, actor: Actor, now: int) -> None:
    started = select(Attempt.id).where(Attempt.entry_id == successor.id).limit(1)
    if db.session.scalar(started) is not None:
        message = N_("%(name)s đã vào thay và đã bắt đầu làm bài nên không khôi phục được.")
        raise RuleBroken(message, name=successor.name_and_cell)
    db.session.delete(db.session.get_one(Successor, successor.id))
    successor.withdrawn_at, successor.withdrawn_reason = now, entry.withdrawn_reason
    db.session.flush()
    facts = {"name": successor.person.full_name, "restored": entry.person.full_name}
    audit.record(actor, "entry.send_back", successor, now, entry.round.unit.path, **facts)
