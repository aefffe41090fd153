"""A history against the database: what was acknowledged must be there, and nothing that should not be.

For each place of a paper the choice with the greatest stamp wins, in whatever order choices arrive. So the row must
be a choice that was sent and not refused, and no choice that must stand rather than it may have been acknowledged.
A form posted whole carries no stamp, the server stamps it on arrival: there the later of two posts wins.
What a device delivers after the end counts by when it was made; a sheet of paper has no clock here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from drill.history import FAIL, OK, HandIn, Log, Save
from drill.sitting import DEVICE_BITS
from drill.stage_scorer import has_paper
from drill.stored import Attempt, Response, Stored

LOST = "lost"  # acknowledged, and neither it nor anything newer is stored
ALTERED = "altered"  # stored, and never sent or refused
DUPLICATED = "duplicated"  # two rows for one place
LATE = "late"  # accepted after the end
ATTEMPTS = "attempts_wrong"  # a contestant with none or several
OPEN = "never_closed"  # an attempt nobody closed
PAPER = "paper"
KINDS = (LOST, ALTERED, DUPLICATED, LATE, ATTEMPTS, OPEN)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must not be: its kind, where, and what was seen."""

    kind: str
    where: str
    seen: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.seen}"


def check(log: Log, stored: Stored) -> list[Finding]:
    """Return everything wrong in the database in the light of the history; empty when all holds."""
    saves: dict[tuple[int, int], list[Save]] = defaultdict(list)
    for save in log.saves:
        saves[save.attempt, save.position].append(save)
    rows: dict[tuple[int, int], list[Response]] = defaultdict(list)
    for row in stored.responses:
        rows[row.attempt, row.position].append(row)
    found = [*_attempt_faults(stored), *_time_faults(log, stored)]
    for attempt, position in sorted(set(saves) | set(rows)):
        where = f"attempt {attempt}, position {position}"
        seen = _place_faults(saves[attempt, position], rows[attempt, position])
        found += [Finding(kind, where, text) for kind, text in seen]
    return found


def counts(found: Iterable[Finding]) -> Counter[str]:
    """Return how many findings of each kind there are."""
    return Counter(finding.kind for finding in found)


# --- one place of one paper -----------------------------------------------------------------------------------


def _place_faults(saves: Sequence[Save], rows: Sequence[Response]) -> Iterator[tuple[str, str]]:
    acknowledged = [save for save in saves if save.outcome == OK]
    if not rows:
        if any(save.choice for save in acknowledged):
            yield LOST, f"nothing stored, “{acknowledged[-1].choice}” was acknowledged"
        return
    if len(rows) > 1:
        yield DUPLICATED, f"{len(rows)} rows"
    row = rows[0]
    sources = [save for save in saves if save.outcome != FAIL and _is_source(save, row)]
    if not sources:
        yield ALTERED, f"“{row.choice}” ({row.stamp}) is stored, which was never sent or was refused"
    elif all(any(_must_stand(later, save) for later in acknowledged) for save in sources):
        yield LOST, f"“{row.choice}” ({row.stamp}) is stored although a newer choice was acknowledged"


def _is_source(save: Save, row: Response) -> bool:
    return save.choice == row.choice and save.stamp in (None, row.stamp)


def _must_stand(later: Save, earlier: Save) -> bool:
    """Tell whether `later`, acknowledged, must stand even if `earlier` took effect too."""
    if later.stamp is not None and earlier.stamp is not None:
        return later.stamp > earlier.stamp
    return earlier.outcome == OK and earlier.ended is not None and later.began > earlier.ended


# --- attempts and time ----------------------------------------------------------------------------------------


def closing(attempt: Attempt) -> int:
    """Return the last instant (ms) at which a choice may arrive: the deadline and its grace."""
    return attempt.deadline + attempt.grace_seconds * 1000


def _attempt_faults(stored: Stored) -> Iterator[Finding]:
    sat = Counter(attempt.entry for attempt in stored.attempts)
    for entry in stored.entries.values():
        wanted = int(has_paper(stored.rules[stored.rounds[entry.round].stage]))
        if not entry.is_withdrawn and sat[entry.id] != wanted:
            yield Finding(ATTEMPTS, f"entry {entry.id}, {entry.name}", f"{sat[entry.id]} attempts")
    for attempt in stored.attempts:
        if attempt.submitted_at is None:
            yield Finding(OPEN, f"attempt {attempt.id}", "not closed")
        elif attempt.submitted_at > attempt.deadline:
            yield Finding(LATE, f"attempt {attempt.id}", "handed in after its deadline")


def _time_faults(log: Log, stored: Stored) -> Iterator[Finding]:
    attempts = {attempt.id: attempt for attempt in stored.attempts}
    handed_in = {call.attempt: call for call in log.hand_ins if call.outcome == OK}
    for key in sorted(set(handed_in) | {save.attempt for save in log.saves if save.outcome == OK}):
        if key not in attempts:
            yield Finding(LOST, f"attempt {key}", "the whole attempt is missing")
    for key, call in handed_in.items():
        attempt = attempts.get(key)
        if attempt and attempt.ended_by != "candidate" and (call.ended or 0) < attempt.deadline:
            yield Finding(LOST, f"attempt {key}", f"its hand-in; it was ended by “{attempt.ended_by}”")
    late = {
        (save.attempt, save.position, save.stamp)
        for save in log.saves
        if save.delivered and save.attempt in attempts and counts_late(save, attempts[save.attempt], stored)
    }
    for row in stored.responses:
        if (row.attempt, row.position, row.stamp) in late or row.attempt not in attempts:
            continue
        attempt = attempts[row.attempt]
        if attempt.medium != PAPER and row.saved_at > closing(attempt):
            yield Finding(
                LATE, f"attempt {row.attempt}, position {row.position}", "stored after the deadline"
            )
    for save in log.saves:
        sat = attempts.get(save.attempt)
        if sat is None or sat.medium == PAPER or save.outcome != OK:
            continue
        hand_in = handed_in.get(save.attempt)
        if not counts_late(save, sat, stored) if save.delivered else _is_after_end(save, sat, hand_in):
            yield Finding(
                LATE, f"attempt {save.attempt}, position {save.position}", "acknowledged after the end"
            )


def counts_late(save: Save, attempt: Attempt, stored: Stored) -> bool:
    """Tell whether a choice delivered after the end counts: made in time, and arrived within the board's limit."""
    minutes = stored.rules[stored.rounds[attempt.round].stage]["late_minutes"]
    made_at = attempt.started_at + ((save.stamp or 0) >> DEVICE_BITS)
    by_hand = attempt.submitted_at if attempt.ended_by == "candidate" else None
    end = attempt.deadline if by_hand is None else min(attempt.deadline, by_hand)
    return made_at <= end and save.began <= attempt.deadline + minutes * 60_000


def _is_after_end(save: Save, attempt: Attempt, hand_in: HandIn | None) -> bool:
    if save.began > closing(attempt):
        return True
    return hand_in is not None and hand_in.ended is not None and save.began > hand_in.ended
