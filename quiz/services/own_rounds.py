"""The rounds of a contest as one of its contestants sees them: phase, own attempts, and what was published."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.paper_entry import Medium
from quiz.core.rules import Rules, from_dict
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Attempt, Edition, Entry, Round, Stage


@dataclass(frozen=True, slots=True)
class OwnRound:
    """A round as its candidate sees it: where it stands now, the last attempt at it, and what was published."""

    entry: Entry
    round: Round
    rules: Rules
    phase: Phase
    attempts: tuple[Attempt, ...]
    edition: Edition | None

    @property
    def open_attempt(self) -> Attempt | None:
        """Return the attempt that can be gone on with on a device, if any."""
        return next((one for one in self._open if one.medium == Medium.DEVICE), None)

    @property
    def is_on_paper(self) -> bool:
        """Tell whether an attempt is being made on paper, or waits to be entered from it."""
        return any(one.medium == Medium.PAPER for one in self._open)

    @property
    def _open(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.submitted_at is None]

    @property
    def may_still_start(self) -> bool:
        """Tell whether an attempt is left to start, now or when the round opens."""
        waiting = self.phase in (Phase.SCHEDULED, Phase.OPEN) and self.entry.withdrawn_at is None
        return (
            waiting
            and self.rules.has_online
            and not self._open
            and len(self.attempts) < self.rules.attempts_allowed
        )


def rounds_for(person_id: int, contest_id: int, now: int) -> list[OwnRound]:
    """Return the rounds of a contest that a person was entered for, in their order, with the own attempts."""
    query = (
        select(Entry)
        .join(Entry.round).join(Round.stage)
        .where(Entry.person_id == person_id, Stage.contest_id == contest_id)
        .order_by(Stage.ordinal, Round.opens_at, Round.id)
        .options(joinedload(Entry.round).joinedload(Round.stage))
    )  # fmt: skip
    entries = list(db.session.scalars(query))
    attempts = _attempts_of([entry.id for entry in entries])
    editions = _latest_editions([entry.round_id for entry in entries])
    return [
        OwnRound(
            entry, entry.round, from_dict(entry.round.stage.rules), entry.round.phase_at(now),
            tuple(attempts.get(entry.id, ())), editions.get(entry.round_id),
        )
        for entry in entries
    ]  # fmt: skip


def _attempts_of(entry_ids: list[int]) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = {}
    query = select(Attempt).where(Attempt.entry_id.in_(entry_ids)).order_by(Attempt.number)
    for attempt in db.session.scalars(query):
        found.setdefault(attempt.entry_id, []).append(attempt)
    return found


def _latest_editions(round_ids: list[int]) -> dict[int, Edition]:
    query = select(Edition).where(Edition.round_id.in_(round_ids)).order_by(Edition.number)
    return {edition.round_id: edition for edition in db.session.scalars(query)}
