"""An attempt against a model of a few lines: whatever is sent, in whatever order and at whatever instant, both agree.

The model knows only the rules: the newest stamp of a place wins, nothing is taken after the end but what a late
delivery may bring, who hands in first ends it. What was acknowledged is never lost. A few histories are played by
`make test`, 2,500 on each database by `make long`, and `HYPOTHESIS_PROFILE=long` does more.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.late import Logged, link_of
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, LateArrival, Response
from quiz.services import attempts, late, marking, papers
from quiz.services.responses import DEVICE_BITS, Given
from tests.services.test_responses import GRACE, LIMIT, STARTED, Sitting, make_sitting

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
FEW, MANY = 80, 100_000 if LONG else 2_500
LATE = 30 * MINUTE
PLACES, DEVICES = 3, (1, 2)
# From any of these instants of the attempt, a few milliseconds before or after, or simply some time later.
EDGES = (0, LIMIT, LIMIT + GRACE, LIMIT + LATE)
INSTANTS = st.one_of(
    st.tuples(st.sampled_from(EDGES), st.integers(-2, 2)).map(sum), st.integers(0, LIMIT + LATE + MINUTE)
)
MADE = st.one_of(st.integers(LIMIT - 2, LIMIT + 2), st.integers(0, LIMIT))
CHOICES = st.sampled_from(["", "0", "1", "2"])
WHERE = st.integers(0, PLACES - 1)
BATCHES = st.lists(st.tuples(WHERE, CHOICES, MADE, st.sampled_from(DEVICES)), min_size=1, max_size=3)
LOGS = st.lists(st.tuples(WHERE, CHOICES, MADE), min_size=1, max_size=3)


def stamp_of(made: int, device: int) -> int:
    """Return the stamp of a choice made so many ms after the start."""
    return (made << DEVICE_BITS) + device


class Sat(RuleBasedStateMachine):
    """One attempt and its model; the clock only goes forward."""

    sitting: Sitting  # set for each database

    def __init__(self) -> None:
        super().__init__()
        self.now = STARTED
        self.stored: dict[int, tuple[str, int]] = {}
        self.acknowledged: dict[int, int] = {}  # newest stamp the server said it has
        self.submitted_at: int | None = None
        self.is_by_hand = False
        self.sent: list[list[Given]] = []
        self.logged: dict[int, tuple[int, str]] = {}

    @initialize()
    def begin(self) -> None:
        """Leave nothing of the run before; the same entry starts again at the same instant."""
        key = self.sitting.attempt_id
        for model in (LateArrival, Response):
            db.session.execute(delete(model).where(model.attempt_id == key))
        attempt = db.session.get_one(Attempt, key)
        attempt.submitted_at = attempt.raw_score = attempt.max_score = attempt.marks = attempt.time_used = (
            None
        )
        attempt.ended_by, attempt.deadline = "", STARTED + LIMIT
        db.session.commit()

    @rule(instant=INSTANTS)
    def wait(self, instant: int) -> None:
        """Let time pass; the sweeper has not come by yet."""
        self.now = max(self.now, STARTED + instant)

    # --- saves ---

    @rule(batch=BATCHES)
    def save(self, batch: Any) -> None:
        """Send a batch of choices."""
        given = [Given(place, choice, stamp_of(made, device)) for place, choice, made, device in batch]
        self.sent.append(given)
        self.send(given)

    @rule(chance=st.randoms(use_true_random=False))
    def resend(self, chance: Any) -> None:
        """Send a batch again, any of those sent before: repeated, delayed, out of order."""
        if self.sent:
            self.send(chance.choice(self.sent))

    def send(self, given: list[Given]) -> None:
        """Send to the server and to the model; both take it or both refuse it."""
        is_open = self.submitted_at is None and self.now <= STARTED + LIMIT + GRACE
        newest = {one.position: one for one in sorted(given, key=lambda one: one.stamp)}
        is_in_time = self.now <= STARTED + LIMIT
        kept = [one for one in newest.values() if is_in_time or one.stamp >> DEVICE_BITS <= LIMIT]
        try:
            saved = self.sitting.save(*given, now=self.now)
        except RuleBroken:
            assert not is_open or not kept
            return
        assert is_open and kept
        self.take(kept)
        for one in saved.stored:
            assert self.stored[one.position] == (one.choice, one.stamp)
            self.acknowledged[one.position] = max(self.acknowledged.get(one.position, -1), one.stamp)

    def take(self, given: list[Given]) -> None:
        """Let the model store what is not older than what it has."""
        for one in given:
            if one.position not in self.stored or one.stamp >= self.stored[one.position][1]:
                self.stored[one.position] = (one.choice, one.stamp)

    # --- ends ---

    @rule()
    def hand_in(self) -> None:
        """Press the button."""
        is_first = self.submitted_at is None
        try:
            attempts.submit(self.attempt(), self.now)
            db.session.commit()
        except AlreadyDone:
            db.session.rollback()
            assert not is_first
            return
        assert is_first
        self.submitted_at = min(self.now, STARTED + LIMIT)
        self.is_by_hand = self.now <= STARTED + LIMIT

    @rule()
    def sweep(self) -> None:
        """The sweeper comes by."""
        closed = attempts.close_due(self.now)
        db.session.commit()
        is_due = self.submitted_at is None and self.now > STARTED + LIMIT + GRACE
        assert closed == int(is_due)
        if is_due:
            self.submitted_at = STARTED + LIMIT

    # --- late deliveries ---

    @rule(made=LOGS, is_broken=st.booleans())
    def deliver(self, made: Any, is_broken: bool) -> None:
        """A third device hands over its log."""
        for place, choice, when in made:  # a device never gives one stamp to two choices
            self.logged.setdefault(stamp_of(when, 3), (place, choice))
        entries = sorted((stamp, self.logged[stamp]) for stamp in {stamp_of(when, 3) for _, _, when in made})
        log, link = [], late.seed_of(self.attempt())
        for stamp, (place, choice) in entries:
            link = link_of(link, place, choice, stamp)
            log.append(Logged(place, choice, stamp, link))
        if is_broken:
            log[-1] = log[-1]._replace(link="0" * 32)
        late.deliver(self.attempt(), log, None, "", self.now)
        db.session.commit()
        if self.submitted_at is None and self.now > STARTED + LIMIT + GRACE:
            self.submitted_at = STARTED + LIMIT
        if not is_broken and self.now <= STARTED + LIMIT + LATE:
            until = self.submitted_at - STARTED if self.is_by_hand and self.submitted_at else LIMIT
            self.take([Given(*entry[:3]) for entry in log if entry.stamp >> DEVICE_BITS <= until])

    # --- what always holds ---

    def attempt(self) -> Attempt:
        """Return the attempt as the database has it now."""
        db.session.rollback()
        return db.session.get_one(Attempt, self.sitting.attempt_id)

    def teardown(self) -> None:
        """In the end the database says what the model says: choices, stamps, the end, and the marks of those."""
        attempt = self.attempt()
        query = select(Response.position, Response.choice, Response.stamp)
        rows = db.session.execute(query.where(Response.attempt_id == attempt.id))
        assert {position: (choice, stamp) for position, choice, stamp in rows} == self.stored
        assert attempt.submitted_at == self.submitted_at
        if attempt.submitted_at is not None:
            choices = marking.choices_of([attempt.id])[attempt.id]
            marks = marking.marks_of(attempt, papers.pool_of(attempt.entry.round), choices)
            assert (attempt.raw_score, attempt.marks) == (marks.raw_score, list(marks.points))
        db.session.rollback()

    @invariant()
    def what_was_acknowledged_is_still_there_or_newer(self) -> None:
        """No acknowledged answer is ever lost."""
        for position, stamp in self.acknowledged.items():
            assert self.stored[position][1] >= stamp


def test_an_attempt_does_what_the_model_does(app):
    play(FEW)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_an_attempt_does_what_the_model_does_in_thousands_of_histories(app):
    play(MANY)


def play(runs: int) -> None:
    """Play so many histories on the database of the application."""

    class OnThisDatabase(Sat):
        sitting = make_sitting()

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=runs, stateful_step_count=8, derandomize=not LONG, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_every_millisecond_around_the_end(app):
    """Arrived by deadline and grace, made by the deadline: no third case."""
    sitting = make_sitting()

    def is_taken(made: int, arrived: int) -> bool:
        try:
            return bool(sitting.save(Given(0, "1", stamp_of(made, 1)), now=STARTED + arrived).stored)
        except RuleBroken:
            return False

    for apart in range(-50, 51):
        assert is_taken(0, LIMIT + apart), apart
        assert is_taken(0, LIMIT + GRACE + apart) is (apart <= 0), apart
        assert is_taken(LIMIT + apart, LIMIT + GRACE) is (apart <= 0), apart
