"""The communes that do not simply sit at home: a hall, minutes given, lost lines, papers, and a hall without a line."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from math import inf

from drill import carrying, crowd, desk, halls, late, papers
from drill.browser import Browser
from drill.carrying import Laptop
from drill.contestant import Card, Contestant, World
from drill.crowd import Sitting, Tries
from drill.history import History
from drill.late import Way
from drill.offices import Office
from drill.papers import Printed
from drill.ways import Expected, Person

# Communes by their place in the workbook.
AT_HALL, FAVOURED, ON_PAPER, FAR_OFF = 3, 6, 8, 11
LOSE_THE_LINE = (14, 17, 20)
PAPERS = 3
MINUTES, AFTER, SLOWER = 1, 30_000, 1.7  # given so many ms after the opening, to people who need them
STAYS = 6  # choices that still leave a device whose line is lost
PROCTOR, SECRETARY, PASSWORD = "giamthi", "thuky", "mot cau rat dai de nho"


@dataclass(slots=True)
class Special:
    """What is done otherwise, from the staff it takes to what is brought back."""

    world: World
    laptop: Laptop
    sheets: History  # what stands on the answer sheets; a paper's number where others have an attempt's
    seed: str
    tries: Tries
    expected: Expected = field(default_factory=Expected)
    _offices: dict[int, Office] = field(default_factory=dict)
    _staff: dict[str, Browser] = field(default_factory=dict)
    _printed: list[Printed] = field(default_factory=list)
    _hall: tuple[halls.Hall, int] | None = None
    _far_hall: tuple[halls.Hall, int] | None = None
    _far_papers: list[Printed] = field(default_factory=list)
    _cut_off: dict[Way, list[Contestant]] = field(default_factory=dict)

    def appoint(self, organizer: Browser, offices: Sequence[Office]) -> None:
        """Let the district appoint a proctor for the hall and a secretary who keys answer sheets."""
        self._offices = {office.place: office for office in offices}
        self._staff = {"organizer": organizer}
        for username, role, place in ((PROCTOR, "Giám thị", AT_HALL), (SECRETARY, "Thư ký", ON_PAPER)):
            first = desk.create_account(organizer, username, role, role, self._offices[place].code)
            self._staff[username] = Browser(self.world.port, self.world.meter)
            desk.sign_in(self._staff[username], username, first, PASSWORD)

    def prepare(self) -> None:
        """Open the hall, print the papers, carry the package to the laptop and open its hall; the rounds are open."""
        crowd.together(lambda act: act(), [self._open_hall, self._print, self._carry])

    def _open_hall(self) -> None:
        self._hall = halls.open_hall(self._staff[PROCTOR], "Hội trường xã")

    def _print(self) -> None:
        office = self._offices[ON_PAPER]
        chosen = office.cards[:PAPERS]
        self._printed = papers.issue(office.browser, office.round_id, chosen, self.world.knowledge)
        self.expected.on_paper |= {_person(card) for card in chosen}
        self.expected.all_right = {_person(chosen[0])}

    def _carry(self) -> None:
        office, laptop = self._offices[FAR_OFF], self.laptop
        laptop.load(*carrying.make_package(self._staff["organizer"], office.round_id))
        laptop.appoint(office.code)
        self._far_hall = halls.open_hall(laptop.keeper, "Nhà văn hóa bản")
        chosen = office.cards[:1]
        self._far_papers = papers.issue(laptop.keeper, self._far_hall[1], chosen, self.world.knowledge)
        self.expected.on_paper |= {_person(card) for card in chosen}

    # --- sitting --------------------------------------------------------------------------------------------------

    def queues(self, office: Office, people: list[Contestant]) -> list[Sequence[Sitting]]:
        """Return who of a commune sits after whom; who sits on paper is in no queue."""
        if office.place == AT_HALL and self._hall:
            self.expected.at_hall = {_person(one.card) for one in people}
            return halls.queues_at(self._hall[0], office.round_id, people, self.world, self.seed)
        if office.place == FAR_OFF and self._far_hall:
            self.expected.far_off = {_person(one.card) for one in people}
            on_devices = [one for one in people if _person(one.card) not in self.expected.on_paper]
            return halls.queues_at(*self._far_hall, on_devices, self.laptop.world, self.seed)
        if office.place == FAVOURED:
            self.expected.minutes, self.expected.favoured = MINUTES, office.round_id
            for one in people:
                one.habits = replace(one.habits, pace=one.habits.pace * SLOWER, hands_in=True)
        if office.place in LOSE_THE_LINE:
            self._cut(people)
        return [[(one, office.round_id)] for one in people if _person(one.card) not in self.expected.on_paper]

    def _cut(self, people: Sequence[Contestant]) -> None:
        for one, way in zip(people, Way, strict=False):
            one.habits = replace(
                one.habits, has_scripts=True, device_dies=False, hands_in=False, line_ends=STAYS,
                pace=min(one.habits.pace, crowd.PACE),
            )  # fmt: skip
            self._cut_off.setdefault(way, []).append(one)

    def sit(self, queues: Sequence[Sequence[Sitting]], opens_at: int) -> None:
        """Let all sit, and give minutes while clocks run."""
        with ThreadPoolExecutor(1) as pool:
            given = pool.submit(self._give_minutes, opens_at)
            crowd.sit_in_turn(queues, opens_at)
            given.result()

    def _give_minutes(self, opens_at: int) -> None:
        office = self._offices[FAVOURED]
        crowd.sleep_until(opens_at + AFTER)
        halls.give_minutes(office.browser, office.round_id, MINUTES, "Mất điện một phút")

    # --- afterwards -----------------------------------------------------------------------------------------------

    def gather(self) -> None:
        """Deliver what lines had kept, enter the papers and take in the hall's file; the rounds have ended."""
        in_time = [way for way in Way if way is not Way.PUBLISHED]
        self._deliver(in_time)
        self.expected.late = sum(len(self._cut_off[way]) for way in (Way.WHOLE, Way.OVERTIME))
        office = self._offices[ON_PAPER]
        keyers = [office.browser, self._staff[SECRETARY], self._staff["organizer"]]
        for paper in self._printed:
            ability = inf if (paper.name, paper.cell) in self.expected.all_right else 0.0
            papers.enter(paper, keyers, ability, self.sheets, f"{self.seed}:{paper.name}")
        for paper in self._far_papers:
            papers.enter(paper, self.laptop.keyers, 0.0, self.laptop.sheets, f"{self.seed}:{paper.name}")
        carrying.bring_back(self._staff["organizer"], self.laptop.collect(), self.tries)

    def come_after_all(self) -> None:
        """Deliver after the final results: nothing may change any more."""
        self._deliver([Way.PUBLISHED])

    def _deliver(self, ways: Sequence[Way]) -> None:
        for way in ways:
            for one in self._cut_off[way]:
                late.deliver(one, way, self.tries)


def _person(card: Card) -> Person:
    return card.name, card.cell
