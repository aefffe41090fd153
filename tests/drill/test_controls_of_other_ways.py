"""Controls: late deliveries, answer sheets and a hall's file, on the real application as it is and with faults seeded.

As it is nothing may be found. A fault in it must be found, or the drill's word about these ways is worth nothing.
The round is long enough for any machine, and the clock is moved to its end, not waited for.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from drill import carrying, checker, crowd, desk, halls, history, late, papers, stored, ways
from drill.browser import Browser, Meter, Refused
from drill.carrying import ADMIN, PASSWORD, Laptop
from drill.contestant import Card, Contestant, Habits, World
from drill.crowd import Tries
from drill.history import History, Log
from drill.late import Way
from drill.server import Server
from drill.stored import Stored
from drill.ways import Expected
from quiz import clock
from quiz.core.late import Fate
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.services import accounts, paper_entry, sitting_halls, sitting_imports, sitting_records
from quiz.services import late as late_service
from quiz.web import sweeper
from tests import factories
from tests.conftest import make_app
from tests.drill.test_controls import served
from tests.factories import (
    make_account,
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

pytestmark = pytest.mark.long
WINDOW = 9 * 60_000  # ms the round lasts
ITEMS = 10
ACCEPTED, DIFFERS, STOPPED = "accepted", "differs", "stopped"  # what is found beside the checker's kinds
HABITS = Habits(ability=0, pace=2, arrives=0, scans=False, leaves=1.0)
PEOPLE = (*Way, "at a hall far off", "on paper", "on paper far off")


class Guesses:
    """What people know who know nothing, and what is printed."""

    def answer(self, _stem: str, options: Any, _ability: float, chance: random.Random) -> tuple[int, ...]:
        """Return one place."""
        return (chance.randrange(len(options)),)

    def printed(self, words: str) -> tuple[str, list[str]]:
        """Return stem and right options of a question as printed, without white space."""
        return words[: words.index("?") + 1], ["Hai"]


@dataclass
class District:
    """The district's application with one round, the laptop's, and the people of the round by how they sit."""

    app: Flask
    laptop_app: Flask
    folder: Path
    round_id: int
    unit_code: str
    people: dict[str, Card]
    moment: time_machine.Traveller


def make_district(app: Flask, folder: Path, template: Path, moment: time_machine.Traveller) -> District:
    """Make a round of an hour from now for one person of each way, and an empty laptop."""
    commune = make_unit()
    rules = make_rules(blueprint=(replace(make_rules().blueprint[0], count=ITEMS),), grace_seconds=1)
    contest = make_contest(commune)
    contest_round = make_round(make_stage(contest, rules), commune, clock.now() + factories.HOUR)
    open_for_test(contest_round, [make_item() for _ in range(ITEMS)])
    people = {}
    for number, way in enumerate(PEOPLE):
        person = make_person(make_cell(commune, f"Bản {number}"), f"Lò Văn {number}")
        make_entry(contest_round, person)
        token = f"drill-{number}"
        card = make_card(contest, person, token)
        people[str(way)] = Card(person.full_name, person.unit.title, card.code, "", f"/c/{token}")
    for name in ("board", "second", "third"):
        make_account((Role.ORGANIZER, commune), username=name)
    made = District(app, _laptop(folder, template), folder, contest_round.id, commune.code, people, moment)
    db.session.commit()
    db.session.remove()
    return made


def _laptop(folder: Path, template: Path) -> Flask:
    (folder / "hall").mkdir()
    shutil.copy(template / "quiz.db", folder / "hall" / "quiz.db")
    return make_app(folder / "hall")


@contextmanager
def on(app: Flask) -> Iterator[None]:
    """Work on the database of an application and keep what was done."""
    with app.app_context():
        yield
        db.session.commit()
        db.session.remove()


def begin(district: District) -> int:
    """Let the round begin on both machines and return when."""
    opens_at = clock.now()
    for app in (district.app, district.laptop_app):
        with on(app):
            hours = {"opens": opens_at, "closes": opens_at + WINDOW}
            db.session.execute(text("UPDATE round SET opens_at = :opens, closes_at = :closes"), hours)
    return opens_at


def play(district: District) -> list[str]:
    """Let everybody sit their way, bring everything home and return the kinds of what is found."""
    tries, kinds = Tries(), []
    with served(district.app) as port, served(district.laptop_app) as laptop_port:
        world = World(port, Meter(), History(district.folder / "history.jsonl"), Guesses())  # type: ignore[arg-type]
        sheets = History(district.folder / "sheets.jsonl")
        server = Server(district.folder / "hall", "", 1)
        server.port = laptop_port
        laptop = Laptop(server, world.meter, world.knowledge)
        try:
            _live_through(district, world, laptop, sheets, tries)
        except Refused as stopped:  # a page said that something is wrong
            print(stopped)
            kinds.append(STOPPED)
        finally:
            for log in (world.history, sheets, laptop.history, laptop.sheets):
                log.close()
    return kinds + _found(district, (world.history, sheets), laptop, tries)


def _live_through(district: District, world: World, laptop: Laptop, sheets: History, tries: Tries) -> None:
    staff = [_staff(world, name) for name in ("board", "second", "third")]
    board, people = staff[0], district.people
    printed = papers.issue(board, district.round_id, [people["on paper"]], world.knowledge)
    _carry(district, laptop, board)
    hall, far_round = halls.open_hall(laptop.keeper, "Nhà văn hóa")
    far_printed = papers.issue(laptop.keeper, far_round, [people["on paper far off"]], world.knowledge)
    cut_off = {way: Contestant(people[way], replace(HABITS, scans=True, line_ends=3, hands_in=False), world, way)
               for way in (Way.WHOLE, Way.OVERTIME, Way.BROKEN)}  # fmt: skip
    at_home = Contestant(people[Way.PUBLISHED], replace(HABITS, scans=True), world, "home")
    far_off = Contestant(people["at a hall far off"], HABITS, laptop.world, "far")
    queues: list[Any] = [[(one, district.round_id)] for one in (*cut_off.values(), at_home)]
    queues += halls.queues_at(hall, far_round, [far_off], laptop.world, "seed")
    opens_at = begin(district)
    crowd.sit_in_turn(queues, opens_at)
    district.moment.shift(WINDOW / 1000 + 1.5)
    for app in (district.app, district.laptop_app):
        sweeper.sweep(app)
    for way, one in cut_off.items():
        late.deliver(one, way, tries)
    for paper in printed:
        papers.enter(paper, staff, 0.0, sheets, "sheet")
    for paper in far_printed:
        papers.enter(paper, laptop.keyers, 0.0, laptop.sheets, "sheet")
    carrying.bring_back(board, laptop.collect(), tries)


def _staff(world: World, name: str) -> Browser:
    browser = Browser(world.port, world.meter)
    desk.sign_in(browser, name, factories.PASSWORD)
    return browser


def _carry(district: District, laptop: Laptop, board: Browser) -> None:
    with on(district.laptop_app):
        accounts.create_admin(ADMIN, "Quản trị viên", PASSWORD, clock.now())
    desk.sign_in(laptop.keeper, ADMIN, PASSWORD)
    laptop.load(*carrying.make_package(board, district.round_id))
    laptop.appoint(district.unit_code)


def _found(district: District, logs: tuple[History, History], laptop: Laptop, tries: Tries) -> list[str]:
    kept = stored.read_from(db.engine.url.database or "")
    far_off = stored.read_from(str(district.folder / "hall" / "quiz.db"))
    _only_who_sat(far_off)
    here = {attempt.receipt: attempt.id for attempt in kept.attempts}
    carried = {one.id: here[one.receipt] for one in far_off.attempts if one.receipt in here}
    far_calls = history.together(_read(laptop.history), _on_paper(laptop.sheets, far_off))
    calls = history.together(_read(logs[0]), _on_paper(logs[1], kept), history.renumbered(far_calls, carried))
    found = [*checker.check(calls, kept), *checker.check(far_calls, far_off)]
    differing = ways.differences(kept, far_off, _expected(district))
    kinds = (
        [finding.kind for finding in found] + [DIFFERS] * len(differing) + [ACCEPTED] * len(tries.accepted)
    )
    print(*found, *differing, *tries.accepted, sep="\n")
    return kinds


def _only_who_sat(far_off: Stored) -> None:
    """Everybody of the round travelled; those who sat at home have no attempt on the laptop."""
    sat = {attempt.entry for attempt in far_off.attempts}
    far_off.entries = {key: entry for key, entry in far_off.entries.items() if key in sat}


def _read(log: History) -> Log:
    with log.path.open(encoding="utf-8") as lines:
        return history.read(lines)


def _on_paper(sheets: History, kept: Stored) -> Log:
    return history.renumbered(_read(sheets), {keying.paper: keying.attempt for keying in kept.keyings})


def _expected(district: District) -> Expected:
    who = {way: (card.name, card.cell) for way, card in district.people.items()}
    on_paper = {who["on paper"], who["on paper far off"]}
    return Expected(late=2, on_paper=on_paper, far_off={who["at a hall far off"], who["on paper far off"]})


# --- as it is, and broken -------------------------------------------------------------------------------------------

Real = Callable[..., Any]


def tells_of_what_it_does_not_store(real: Real) -> Real:
    """Answer that late choices count, and store all but the first."""
    return lambda attempt, entries, now: real(attempt, list(entries)[1:], now)


def takes_what_was_made_too_late(real: Real) -> Real:
    """Count choices whenever they were made."""

    def refusal(made_at: int, arrived_at: int, end: Any) -> Fate | None:
        found = real(made_at, arrived_at, end)
        return None if found is Fate.AFTER_DEADLINE else found

    return refusal


def believes_any_log(real: Real) -> Real:
    """Take a log for whole whose links are not."""
    return lambda seed, log: True


def reads_a_sheet_otherwise(real: Real) -> Real:
    """Store another letter at the second question of every sheet."""
    return lambda attempt, choices, now: real(
        attempt, [choices[0], "3" if choices[1] != "3" else "0", *choices[2:]], now
    )


def loses_the_end_of_a_sheet(real: Real) -> Real:
    """Store no answer of the second half of a sheet."""
    return lambda attempt, choices, now: real(attempt, [*choices[: ITEMS // 2], *[""] * (ITEMS // 2)], now)


def settles_by_the_first_keying(real: Real) -> Real:
    """See no difference between two keyings."""
    return lambda first, second: True


def loses_a_choice_on_the_way(real: Real) -> Real:
    """Leave the first choice of every carried attempt behind."""
    return lambda entry, line, versions: real(entry, replace(line, responses=line.responses[1:]), versions)


def changes_a_choice_on_the_way(real: Real) -> Real:
    """Write another first choice of every carried attempt."""

    def write(entry: Any, line: Any, versions: Any) -> Any:
        first, *others = line.responses
        other = first._replace(choice="3" if first.choice != "3" else "0")
        return real(entry, replace(line, responses=(other, *others)), versions)

    return write


def forgets_which_files_it_took(real: Real) -> Real:
    """Look for a file under another name than it was taken in by."""
    return lambda package, sitting, digest: real(package, sitting, "0" * 64)


def leaves_the_seats_behind(real: Real) -> Real:
    """Bring no seat of a hall home."""
    return lambda round_id, lines, devices: 0


def leaves_the_keyings_behind(real: Real) -> Real:
    """Bring no keying of a sheet home."""
    return lambda line, attempt: None


FAULTS: list[tuple[Any, str, Callable[[Real], Real], str]] = [
    (late_service, "_store", tells_of_what_it_does_not_store, checker.LOST),
    (late_service, "refusal", takes_what_was_made_too_late, ACCEPTED),
    (late_service, "is_unbroken", believes_any_log, ACCEPTED),
    (paper_entry, "_store", reads_a_sheet_otherwise, checker.ALTERED),
    (paper_entry, "_store", loses_the_end_of_a_sheet, checker.LOST),
    (paper_entry.paper_entry, "agree", settles_by_the_first_keying, STOPPED),
    (sitting_imports, "_write", loses_a_choice_on_the_way, checker.LOST),
    (sitting_imports, "_write", changes_a_choice_on_the_way, checker.ALTERED),
    (sitting_imports, "plan", forgets_which_files_it_took, ACCEPTED),
    (sitting_halls, "_seats", leaves_the_seats_behind, DIFFERS),
    (sitting_records, "_paper", leaves_the_keyings_behind, DIFFERS),
]


@pytest.fixture
def district(new_app: Callable[[str], Flask], sqlite_template: Path, tmp_path: Path) -> Iterator[District]:
    """The district before its round, with people of every way."""
    app = new_app("sqlite")
    with app.app_context(), time_machine.travel(factories.NOW / 1000) as moment:
        yield make_district(app, tmp_path, sqlite_template, moment)


def test_nothing_is_found_of_the_other_ways_on_the_application_as_it_is(district: District) -> None:
    assert play(district) == []


@pytest.mark.parametrize(
    ("place", "name", "broken", "kind"), FAULTS, ids=lambda one: getattr(one, "__name__", "")
)
def test_what_is_broken_on_purpose_in_another_way_is_found(
    place: Any,
    name: str,
    broken: Callable[[Real], Real],
    kind: str,
    district: District,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(place, name, broken(getattr(place, name)))
    assert kind in play(district)
