"""Controls: contestants of the drill sit on the real application, once as it is and once with each thing broken.

As it is nothing may be found. Broken on purpose, the fault must be found, or the drill proves nothing. However slow
the machine, everybody gets through the paper: the round is long, and the clock is moved to its end, not waited for.
"""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.serving import make_server

from drill import checker, crowd, history, stored
from drill.browser import Meter
from drill.contestant import Card, Contestant, Habits, World
from drill.history import History
from quiz import clock
from quiz.extensions import db
from quiz.services import responses
from quiz.services.responses import Given, Saved
from quiz.web import sweeper
from tests.factories import (
    HOUR,
    NOW,
    make_card,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

WINDOW = 9 * 60_000  # ms; the grace is a second
ITEMS = 12
HABITS = Habits(
    ability=0, pace=1, arrives=0, scans=True, loses_line=0.2, repeats=0.4, changes_mind=1.0, leaves=1.0
)  # fmt: skip
Save = Callable[..., Saved]


class Guesses:
    """Contestants who know nothing take any one option."""

    def answer(self, _stem: str, options: Any, _ability: float, chance: random.Random) -> tuple[int, ...]:
        """Return one place."""
        return (chance.randrange(len(options)),)


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The port at which `app` answers while the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_sitting() -> tuple[int, list[Card]]:
    """Return a round open since a second and the cards of its four contestants."""
    commune = make_unit(parent=make_unit("Mai Sơn", type_label="huyện"))
    rules = make_rules(blueprint=(replace(make_rules().blueprint[0], count=ITEMS),), grace_seconds=1)
    contest = make_contest(commune)
    contest_round = make_round(make_stage(contest, rules), commune, clock.now() - 1000)
    contest_round.closes_at = clock.now() + WINDOW
    open_for_test(contest_round, [make_item() for _ in range(ITEMS)])
    people = [make_person(make_cell(commune, f"Bản {number}")) for number in range(4)]
    cards = []
    for person in people:
        make_entry(contest_round, person)
        token = f"drill-{person.code}"
        card = make_card(contest, person, token)
        cards.append(Card(person.full_name, person.unit.title, card.code, "", f"/c/{token}"))
    round_id = contest_round.id
    db.session.commit()
    db.session.remove()  # what is looked up from here on would hold the write lock
    return round_id, cards


def play(app: Flask, folder: Path) -> list[str]:
    """Let four contestants sit, one of whom never hands in and one has no scripts; return the kinds of findings."""
    with time_machine.travel(NOW / 1000) as moment:
        log = _sit(app, folder, moment)
    kept = stored.read_from(db.engine.url.database or "")
    with log.path.open(encoding="utf-8") as lines:
        return [finding.kind for finding in checker.check(history.read(lines), kept)]


def _sit(app: Flask, folder: Path, moment: time_machine.Traveller) -> History:
    """Let the round be sat and its end come and pass; return what was asked of the server and answered."""
    round_id, cards = make_sitting()
    log = History(folder / "history.jsonl")
    habits = [
        HABITS,
        replace(HABITS, device_dies=True),
        replace(HABITS, hands_in=False),
        replace(HABITS, has_scripts=False),
    ]
    with served(app) as port:
        world = World(port, Meter(), log, Guesses())  # type: ignore[arg-type]
        people = [Contestant(cards[at], how, world, f"{at}") for at, how in enumerate(habits)]
        crowd.sit([(one, round_id) for one in people], clock.now())
        assert all(one.sitting.seconds_left > 0 for one in people if one.sitting), "nobody ran out of time"
        moment.shift(WINDOW / 1000 + 1.5)
        people[2].come_too_late()
        sweeper.sweep(app)
        for one in people:
            one.browser.close()
    log.close()
    return log


def is_sixth(given: Given) -> bool:
    """Tell whether a choice is for every sixth question: a fault there shows whatever is sent how often and when."""
    return given.position % 6 == 5


def loses_some(real: Save) -> Save:
    """Acknowledge what is chosen at every sixth question without storing it."""

    def save(attempt_id: int, token_hash: str, batch: list[Given], now: int) -> Saved:
        kept = [given for given in batch if not is_sixth(given)]
        saved = real(attempt_id, token_hash, kept, now)
        return Saved(tuple(batch), saved.deadline, saved.now)

    return save


def alters_some(real: Save) -> Save:
    """Store another choice at every sixth question."""

    def other(given: Given) -> Given:
        return given._replace(choice="3" if given.choice != "3" else "0") if is_sixth(given) else given

    def save(attempt_id: int, token_hash: str, batch: list[Given], now: int) -> Saved:
        saved = real(attempt_id, token_hash, [other(given) for given in batch], now)
        return Saved(tuple(batch), saved.deadline, saved.now)

    return save


def lets_the_last_to_arrive_win(real: Save) -> Save:
    """Store whatever comes last, as if its stamp were the newest, and keep the stamp that was sent."""

    def save(attempt_id: int, token_hash: str, batch: list[Given], now: int) -> Saved:
        saved = real(attempt_id, token_hash, batch, now)
        for given in batch:
            values = {"choice": given.choice, "stamp": given.stamp}
            where = {"attempt": attempt_id, "position": given.position}
            db.session.execute(
                db.text(
                    "UPDATE response SET choice = :choice, stamp = :stamp"
                    " WHERE attempt_id = :attempt AND position = :position"
                ),
                values | where,
            )
        db.session.commit()
        return Saved(tuple(Given(*given) for given in saved.stored), saved.deadline, saved.now)

    return save


def has_a_slow_clock(real: Save) -> Save:
    """Judge arrivals by a clock an hour behind."""

    def save(attempt_id: int, token_hash: str, batch: list[Given], now: int) -> Saved:
        return real(attempt_id, token_hash, batch, now - HOUR)

    return save


def test_nothing_is_found_on_the_application_as_it_is(new_app: Any, tmp_path: Path) -> None:
    app = new_app("sqlite")
    with app.app_context():
        assert play(app, tmp_path) == []


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (loses_some, checker.LOST),
        pytest.param(alters_some, checker.ALTERED, marks=pytest.mark.long),
        pytest.param(lets_the_last_to_arrive_win, checker.LOST, marks=pytest.mark.long),
        (has_a_slow_clock, checker.LATE),
    ],
)
def test_what_is_broken_on_purpose_is_found(
    broken: Callable[[Save], Save], kind: str, new_app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "save", broken(responses.save))
    app = new_app("sqlite")
    with app.app_context():
        found = play(app, tmp_path)
    assert kind in found
