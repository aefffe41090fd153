"""How far the stages of a contest have come, counted in a few queries for all their rounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from quiz.core import rules as rulebook
from quiz.core.papers import shortfalls
from quiz.core.readiness import window_stops
from quiz.core.timing import Phase, day_of
from quiz.extensions import db
from quiz.models import Absence, Contest, Edition, Round, Stage
from quiz.services import participation, pools
from quiz.services.contests import rules_of
from quiz.services.rounds import entry_counts


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a stage stands: whether its rules can be used, items missing in the bank, and counts of its rounds.

    A round of the first stage whose every cell said why it sends nobody counts as timed, filled, opened and published:
    nobody will sit it. `overdue` are those not open yet in whose hours nobody could sit a whole paper any more.
    """

    stage: Stage
    rules_are_usable: bool
    items_missing: int
    rounds: int
    timed: int
    overdue: int
    filled: int
    opened: int
    ended: int
    published: int


def progress_of(contest: Contest, now: int) -> list[Progress]:
    """Return where each stage of a contest stands, in order."""
    query = select(Round).join(Stage).where(Stage.contest_id == contest.id)
    rounds = list(db.session.scalars(query))
    entries, final = entry_counts(rounds), _with_final_edition(rounds)
    return [
        _progress(stage, [r for r in rounds if r.stage_id == stage.id], entries, final, now)
        for stage in contest.stages
    ]


def _progress(
    stage: Stage, rounds: list[Round], entries: dict[int, int], final: set[int], now: int
) -> Progress:
    rules, excused = rules_of(stage), _excused(stage, rounds, entries, now)
    pool = pools.pool_of(rules, day_to_fill(rounds, now))
    return Progress(
        stage=stage,
        rules_are_usable=not rulebook.check(rules),
        items_missing=sum(gap.wanted - gap.available for gap in shortfalls(rules.blueprint, pool)),
        rounds=len(rounds),
        timed=sum(r.window is not None or r.id in excused for r in rounds),
        overdue=sum(is_overdue(r, now) for r in rounds if r.id not in excused),
        filled=sum(entries[r.id] > 0 or r.id in excused for r in rounds),
        opened=sum(r.opened_at is not None or r.id in excused for r in rounds),
        ended=sum(r.phase_at(now) is Phase.CLOSED for r in rounds),
        published=sum(r.id in final or r.id in excused for r in rounds),
    )


def _excused(stage: Stage, rounds: list[Round], entries: dict[int, int], now: int) -> set[int]:
    """Return the rounds of a first stage that nobody will sit, for every cell of theirs said why it sends nobody."""
    empty = [r for r in rounds if stage.ordinal == 1 and r.opened_at is None and not entries[r.id]]
    query = select(Absence.round_id).where(Absence.round_id.in_([r.id for r in empty])).distinct()
    answered = set(db.session.scalars(query))
    return {
        r.id
        for r in empty
        if r.id in answered and not any(seat.is_missing for seat in participation.seats([r], now))
    }


def is_overdue(contest_round: Round, now: int) -> bool:
    """Tell whether a round is not open yet though nobody could sit a whole paper in its hours any more."""
    waits = contest_round.opened_at is None and contest_round.window is not None
    return waits and any(window_stops(contest_round.window, rules_of(contest_round), now))


def _with_final_edition(rounds: Iterable[Round]) -> set[int]:
    ids = [contest_round.id for contest_round in rounds]
    return set(
        db.session.scalars(select(Edition.round_id).where(Edition.round_id.in_(ids), Edition.kind == "final"))
    )


def day_to_fill(rounds: Iterable[Round], now: int) -> date:
    """Return the day for which the bank must have items: that of the next of `rounds`, else today."""
    coming = [r.opens_at for r in rounds if r.opens_at is not None and r.opens_at > now]
    return day_of(min(coming, default=now))


def is_last(stage: Stage) -> bool:
    """Tell whether no stage of the contest follows this one."""
    return stage.ordinal == max(other.ordinal for other in stage.contest.stages)
