"""What an earlier promotion and a corrected ranking disagree about: who is in the next round, and who should be."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from quiz.core.promotion import Method, Promotion
from quiz.extensions import db
from quiz.models import Edition, Entry, Result, Round, Stage
from quiz.services import successors
from quiz.services.contests import rules_of
from quiz.services.promotion import next_round_of, promotion_of, waits_for_prizes, was_sent_back
from quiz.services.results import all_of
from quiz.services.standings import scope_name


@dataclass(frozen=True, slots=True)
class Displaced:
    """What an earlier promotion and a corrected ranking disagree about.

    `leaving` are entries of the next round that the ranking which counts now would not send; `missing` its lines whose
    people would go and are not there, `withdrawn` their entries there, by entry of this round, where they have
    withdrawn and nobody stands in their place. Who withdrew after going on by this very ranking is not missing.
    """

    leaving: list[Entry]
    missing: list[Result]
    withdrawn: dict[int, Entry] = field(default_factory=dict)


def displaced(edition: Edition) -> Displaced:
    """Return who was sent on by an earlier edition of the round and would not be now, and who should be there."""
    if rules_of(edition.round).quota.method is Method.MANUAL or waits_for_prizes(edition):
        return Displaced([], [])
    outcome, lines = promotion_of(edition), {line.entry_id: line for line in all_of(edition)}
    sent = _earned_in(edition.round_id, Entry.withdrawn_at.is_(None))
    waiting = {key for keys in outcome.reserves.values() for key in keys}
    waiting |= _undecided(outcome, edition, [lines[key] for key in sent.keys() & lines.keys()])
    going = set(outcome.chosen) | {key for tie in outcome.ties for key in tie.entries}
    leaving = [
        entry
        for key, entry in sent.items()
        if key not in going and not (entry.origin == "reserve" and key in waiting)
    ]
    withdrawn = _earned_in(edition.round_id, Entry.withdrawn_at.is_not(None))
    there = sent.keys() | {key for key, entry in withdrawn.items() if _is_settled(entry, edition)}
    missing = (
        _nowhere(edition, [key for key in outcome.chosen if key not in there]) if sent or withdrawn else []
    )
    gone = {key: withdrawn[key] for key in missing if key in withdrawn and not was_sent_back(withdrawn[key])}
    return Displaced(leaving, [lines[key] for key in missing], gone)


def _undecided(outcome: Promotion, edition: Edition, lines: list[Result]) -> set[int]:
    """Return the entries among whose equals, or before whom, the board has still to decide who stands in reserve."""
    scope = rules_of(edition.round).quota.scope
    still_open = {tie.scope for tie in (*outcome.ties, *outcome.reserve_ties)}
    return {line.entry_id for line in lines if still_open and scope_name(line.entry, scope) in still_open}


def _is_settled(entry: Entry, edition: Edition) -> bool:
    """Tell whether a withdrawal leaves nothing to do: it was from this ranking, or somebody stands in the place."""
    result = db.session.get_one(Result, entry.result_id)
    return result.edition_id == edition.id or successors.standing_in(successors.place_of(entry)) is not None


def _earned_in(round_id: int, standing: ColumnElement[bool]) -> dict[int, Entry]:
    """Return such entries of later rounds by the entry of this round that earned them, of any edition."""
    query = (
        select(Result.entry_id, Entry)
        .join(Entry, Entry.result_id == Result.id)
        .join(Edition, Edition.id == Result.edition_id)
        .where(Edition.round_id == round_id, standing)
        .options(joinedload(Entry.person), joinedload(Entry.unit), joinedload(Entry.round))
    )
    return {key: entry for key, entry in db.session.execute(query)}


def still_to_enter(edition: Edition, keys: Collection[int]) -> list[int]:
    """Return those among the entries `keys` of an edition whose people have no place in the next stage yet."""
    there = {entry.person_id for entry in _in_next_stage(edition) if not was_sent_back(entry)}
    return _without(keys, there)


def empty_places(edition: Edition, keys: Iterable[int]) -> list[Entry]:
    """Return the entries of later rounds of those among `keys` who have withdrawn there and whom nobody replaces."""
    withdrawn = _earned_in(edition.round_id, Entry.withdrawn_at.is_not(None))
    left = [withdrawn[key] for key in keys if key in withdrawn and not was_sent_back(withdrawn[key])]
    return [entry for entry in left if successors.standing_in(successors.place_of(entry)) is None]


def _nowhere(edition: Edition, keys: Collection[int]) -> list[int]:
    """Return those among `keys` who stand in no round of the next stage, not even entered there by its own board."""
    return _without(
        keys, {entry.person_id for entry in _in_next_stage(edition) if entry.withdrawn_at is None}
    )


def _in_next_stage(edition: Edition) -> Iterable[Entry]:
    stage = edition.round.stage
    query = (
        select(Entry)
        .join(Round, Entry.round_id == Round.id)
        .join(Stage, Round.stage_id == Stage.id)
        .where(Stage.contest_id == stage.contest_id, Stage.ordinal == stage.ordinal + 1)
    )
    return db.session.scalars(query)


def comes_too_late(edition: Edition, keys: Collection[int]) -> bool:
    """Tell whether the next round of any of the entries `keys` was opened, so that nobody may be sent into it."""
    entries = db.session.scalars(select(Entry).where(Entry.id.in_(keys)))
    targets = [next_round_of(edition, entry) for entry in entries]
    return any(target is not None and target.opened_at is not None for target in targets)


def _without(keys: Collection[int], there: Collection[int]) -> list[int]:
    """Return those among the entries `keys`, in their order, whose people are not among `there`."""
    people = select(Entry.id, Entry.person_id).where(Entry.id.in_(keys))
    missing = {key for key, person_id in db.session.execute(people) if person_id not in there}
    return [key for key in keys if key in missing]


def begun_from(round_id: int) -> tuple[Round, ...]:
    """Return the later rounds that were opened with somebody in them whom this round sent on."""
    sent = _earned_in(round_id, Entry.withdrawn_at.is_(None)).values()
    return tuple(dict.fromkeys(entry.round for entry in sent if entry.round.opened_at is not None))
