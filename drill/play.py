"""The drill's story: a district holds its contest, from the import of its units to the final ranking.

An administrator imports the district and appoints its organizer. The organizer sets the contest up and appoints one
organizer for each commune. Those issue cards, open their rounds, publish and send on one each. The district round
follows. Everything but the first account goes over HTTP.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any, TypeVar

import openpyxl

from drill import desk
from drill.browser import Browser, Refused
from drill.comparison import Shown
from drill.contestant import Card, Contestant, Habits, World, habits_of
from drill.desk import StageRules
from drill.history import FAIL, now
from drill.server import Server

Item = TypeVar("Item")
Answer = TypeVar("Answer")

ADMIN, PASSWORD = "quantri", "mot cau rat dai de nho"
PROVISIONAL, FINAL = "Kết quả tạm thời", "Kết quả chính thức"
DESKS = 4  # organizers at work at the same moment
LEVELS = ("Nhận biết", "Thông hiểu", "Vận dụng")
APPLY, UNDERSTAND, TIME = (
    "Điểm các câu vận dụng cao hơn",
    "Điểm các câu thông hiểu cao hơn",
    "Thời gian làm bài ngắn hơn",
)
TWINS = {
    1: 2,
    4: 2,
    7: 3,
    10: 2,
    13: 2,
    16: 3,
}  # commune by its place in the workbook: how many know everything


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the workbook: its code, its title as pages show it, and its place in the list."""

    code: str
    title: str
    place: int


@dataclass(slots=True)
class Office:
    """A commune's board at work: its browser, its round, its cards and what it published."""

    commune: Commune
    browser: Browser
    round_id: int
    cards: list[Card] = field(default_factory=list)
    editions: list[int] = field(default_factory=list)
    ties: int = 0


@dataclass(slots=True)
class Evidence:
    """What the pages said, for the comparison with the database."""

    cells: int = 0
    contestants: int = 0
    percent: float = 0.0
    public: dict[int, list[Shown]] = field(default_factory=dict)  # by edition
    spreadsheets: dict[int, list[Shown]] = field(default_factory=dict)
    promotions: dict[int, desk.Promoted] = field(default_factory=dict)
    ties_decided: int = 0
    refusals: int = 0
    wrongly_accepted: list[str] = field(default_factory=list)


class Play:
    """One run of the story on a prepared server."""

    def __init__(self, server: Server, world: World, root: Path, kill: int, seed: str) -> None:
        self.server = server
        self.world = world
        self.meter = world.meter
        self.root = root
        self.kill = kill
        self.seed = seed
        self.steps: list[tuple[str, float]] = []
        self.evidence = Evidence()
        self.workbook = (root / "demo" / "mai-son.xlsx").read_bytes()
        self.communes, self.district = _units(root / "demo" / "mai-son.xlsx")
        self.contest = ""
        self.stages: list[str] = []
        self.district_round = 0
        self.offices: list[Office] = []
        self.contestants: dict[str, Contestant] = {}

    def run(self) -> None:
        """Play the whole story."""
        with self.step("import the district"):
            organizer = self._appoint_district()
        with self.step("set the contest up"):
            self._set_up(organizer)
        with self.step("appoint 22 organizers"):
            self.offices = self._appoint_communes(organizer)
        with self.step("register contestants"):
            self._register(organizer)
        with self.step("issue cards"):
            _together(self._issue_cards, self.offices)
        with self.step("open 22 rounds"):
            opens_at, closes_at = self._open_communes()
        with self.step("264 contestants sit"), self._losing_workers(opens_at, closes_at):
            self._sit(opens_at, closes_at)
        with self.step("publish and promote"):
            _together(self._publish_commune, self.offices)
        with self.step("22 finalists sit"):
            self._hold_final(organizer)
        with self.step("publish the final"):
            editions = [desk.publish(organizer, self.district_round, kind) for kind in (PROVISIONAL, FINAL)]
        with self.step("read what is public"):
            self._read_public(editions)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what the block does as one step of the drill."""
        self.meter.step = name
        began = time.monotonic()
        yield
        self.steps.append((name, time.monotonic() - began))
        print(f"{time.monotonic() - began:7.1f} s  {name}", flush=True)

    def _browser(self) -> Browser:
        return Browser(self.server.port, self.meter)

    # --- before the contest ---------------------------------------------------------------------------------------

    def _appoint_district(self) -> Browser:
        admin = self._browser()
        desk.sign_in(admin, ADMIN, PASSWORD)
        desk.import_roster(admin, "mai-son.xlsx", self.workbook)
        name, code = "Ban Tổ chức huyện", self.district.code
        first = desk.create_account(admin, "huyen.maison", name, "Ban Tổ chức", code)
        organizer = self._browser()
        desk.sign_in(organizer, "huyen.maison", first, PASSWORD)
        return organizer

    def _set_up(self, organizer: Browser) -> None:
        page = desk.create_contest(
            organizer, "Hội thi Bí thư chi bộ giỏi huyện Mai Sơn", "BTCBG-MS", self.district.title
        )
        self.contest = page.url
        grassroots = desk.add_stage(
            organizer, self.contest, "Cấp cơ sở", self._rules(2, [APPLY, UNDERSTAND], True)
        )
        final = desk.add_stage(organizer, self.contest, "Vòng huyện", self._rules(1, [APPLY, TIME], False))
        self.stages = [grassroots.url, final.url]
        made = desk.rounds_for_each(organizer, grassroots.url)
        if len(made) != len(self.communes):
            raise Refused(f"{len(made)} rounds were made for {len(self.communes)} communes")
        self.district_round = desk.add_round(organizer, final.url)

    def _rules(self, minutes: int, tie_breaks: list[str], partial: bool) -> StageRules:
        blueprint = [(topic, level, 2) for topic in self.world.knowledge.topics for level in LEVELS]
        return StageRules(blueprint, minutes, 3, tie_breaks, partial, reserves=1)

    def _appoint_communes(self, organizer: Browser) -> list[Office]:
        passwords = {
            commune: desk.create_account(
                organizer,
                f"xa.{commune.code.lower()}",
                f"Ban Tổ chức {commune.title}",
                "Ban Tổ chức",
                commune.code,
            )
            for commune in self.communes
        }

        def begin(commune: Commune) -> Office:
            browser = self._browser()
            desk.sign_in(browser, f"xa.{commune.code.lower()}", passwords[commune], PASSWORD)
            [own_round] = desk.own_rounds(browser)
            return Office(commune, browser, own_round)

        return _together(begin, self.communes)

    def _register(self, organizer: Browser) -> None:
        desk.register_from_workbook(organizer, self.stages[0], "mai-son.xlsx", self.workbook)
        figures = desk.participation(organizer, self.contest)
        self.evidence.cells, self.evidence.contestants, self.evidence.percent = figures

    def _issue_cards(self, office: Office) -> None:
        office.cards = desk.issue_cards(office.browser, office.round_id)

    def _open_communes(self) -> tuple[int, int]:
        opens_at = now() + 20_000
        closes_at = opens_at + 125_000

        def open_one(office: Office) -> None:
            desk.set_window(office.browser, office.round_id, opens_at, closes_at)
            desk.open_round(office.browser, office.round_id)

        _together(open_one, self.offices)
        return opens_at, closes_at

    # --- the sitting ----------------------------------------------------------------------------------------------

    def _losing_workers(self, opens_at: int, closes_at: int) -> Any:
        span = (closes_at - opens_at) / 1000 * 0.7
        return self.server.losing_workers(self.kill, span / max(self.kill, 1), self.seed)

    def _sit(self, opens_at: int, closes_at: int) -> None:
        sittings = [
            (Contestant(card, habits, self.world, f"{self.seed}:{card.code}"), office.round_id)
            for office in self.offices
            for card, habits in zip(office.cards, self._habits(office), strict=True)
        ]
        self.contestants = {one.card.code: one for one, _ in sittings}
        _all_at_once([lambda one=one, key=key: one.sit(key, opens_at) for one, key in sittings])
        late = [one for one, _ in sittings if not one.habits.hands_in and one.habits.has_scripts]
        _sleep_until(closes_at + 4_500)  # the grace is over too
        self._come_too_late(late)
        self._look_into_anothers_paper([one for one, _ in sittings if one.sitting][:5])

    def _habits(self, office: Office) -> list[Habits]:
        chance = random.Random(f"{self.seed}:{office.commune.code}")
        perfect = TWINS.get(office.commune.place, 0)
        found = []
        for number in range(len(office.cards)):
            habits = habits_of(chance, chance.gauss(0.8, 1.0), pace=60)
            if number < perfect:
                habits = Habits(inf, 60, habits.arrives, habits.scans, loses_line=0.08, repeats=0.08)
            found.append(habits)
        return found

    def _come_too_late(self, contestants: Iterable[Contestant]) -> None:
        for one in contestants:
            if one.sitting is not None:
                self._must_fail(one.come_too_late() == FAIL, f"{one.card.name}: a choice after the end")

    def _look_into_anothers_paper(self, contestants: list[Contestant]) -> None:
        for one, other in pairwise(contestants):
            if one.sitting is not None and other.sitting is not None:
                page = one.browser.get(f"/attempts/{other.sitting.attempt}/receipt")
                self._must_fail(page.status == 404, f"{one.card.name}: the paper of {other.card.name}")

    def _must_fail(self, refused: bool, what: str) -> None:
        if refused:
            self.evidence.refusals += 1
        else:
            self.evidence.wrongly_accepted.append(what)

    # --- results --------------------------------------------------------------------------------------------------

    def _publish_commune(self, office: Office) -> None:
        office.editions = [
            desk.publish(office.browser, office.round_id, kind) for kind in (PROVISIONAL, FINAL)
        ]
        final = office.editions[-1]
        while ties := desk.open_ties(office.browser, final):
            by_draw = office.commune.place % 2 == 0 or office.ties > 0
            desk.decide(
                office.browser, ties[0], f"{office.commune.place:02d}{office.ties}" if by_draw else ""
            )
            office.ties += 1
            if office.ties > 5:
                raise Refused(f"the ties of {office.commune.title} do not end")
        desk.promote(office.browser, final)
        desk.promote(office.browser, final)  # a second tap

    def _hold_final(self, organizer: Browser) -> None:
        opens_at = now() + 6_000
        desk.set_window(organizer, self.district_round, opens_at, opens_at + 65_000)
        desk.open_round(organizer, self.district_round)
        finalists = [self._finalist(number, office) for number, office in enumerate(self.offices)]
        _all_at_once([lambda one=one: one.sit(self.district_round, opens_at) for one in finalists])
        desk.close_round(organizer, self.district_round, "Mọi thí sinh đã nộp bài")
        time.sleep(3.5)  # the grace of whoever did not hand in

    def _finalist(self, number: int, office: Office) -> Contestant:
        """Return who was sent on from a commune, found by name and cell on the page of the promotion."""
        [(name, cell)] = desk.promotion_shown(office.browser, office.editions[-1])[0]
        card = next(card for card in office.cards if (card.name, card.cell.split(", ")[0]) == (name, cell))
        before = self.contestants[card.code].habits
        habits = replace(
            before, pace=25, arrives=before.arrives / 2, hands_in=number > 0, device_dies=number == 1
        )
        return Contestant(card, habits, self.world, f"{self.seed}:final:{card.code}")

    def _read_public(self, editions: list[int]) -> None:
        visitor = self._browser()
        for office in self.offices:
            final = office.editions[-1]
            self.evidence.promotions[final] = desk.promotion_shown(office.browser, final)
            self.evidence.ties_decided += office.ties
        for edition in [*(edition for office in self.offices for edition in office.editions), *editions]:
            self.evidence.public[edition] = desk.public_lines(visitor, edition)
            self.evidence.spreadsheets[edition] = desk.spreadsheet_lines(visitor, edition)


# --- helpers --------------------------------------------------------------------------------------------------


def _together(act: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
    """Do the same for all, a few at a time; the first fault is raised."""
    with ThreadPoolExecutor(DESKS) as pool:
        return list(pool.map(act, items))


def _all_at_once(acts: list[Callable[[], None]]) -> None:
    """Run every act in a thread of its own; the first fault is raised when all have ended."""
    faults: list[BaseException] = []

    def guarded(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def _sleep_until(instant: int) -> None:
    time.sleep(max(0.0, (instant - now()) / 1000))


def _units(path: Path) -> tuple[list[Commune], Commune]:
    """Return the communes of the workbook and the district above them."""
    rows = openpyxl.load_workbook(path, read_only=True)["Đơn vị"].iter_rows(min_row=2, values_only=True)
    nodes = [row for row in rows if row[4] != "có"]
    units = [Commune(row[0], f"{row[2]} {row[1]}", place) for place, row in enumerate(nodes)]
    return units[1:], units[0]
