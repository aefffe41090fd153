"""The drill's story: a district holds its contest, from the import of its units to the final ranking.

An administrator imports the district and appoints its two organizers. The first sets the contest up and appoints one
organizer for each commune. Those issue cards, open their rounds, hold their stage, publish and send on one each. The
district's test and its stage follow. Some communes sit otherwise than at home: see `drill.special`; what happens on
the stages: `drill.stage_day`. Everything but the first account goes over HTTP.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from drill import crowd, desk, rankings, stage_day, stage_desk, stage_parts
from drill.browser import Browser, Refused
from drill.carrying import Laptop
from drill.contestant import Contestant, World
from drill.crowd import Sitting
from drill.desk import StageRules
from drill.evidence import Evidence
from drill.history import History, now
from drill.offices import Office, Unit, units_of, username_of
from drill.server import Server
from drill.special import Special
from drill.stage_day import StageDays

ADMIN, PASSWORD = "quantri", "mot cau rat dai de nho"
ORGANIZER = "Ban Tổ chức"
SECOND = "huyen.maison2"  # the district's other organizer, who approves what the communes' boards ask for
PROVISIONAL, FINAL = "Kết quả tạm thời", "Kết quả chính thức"
LEVELS = ("Nhận biết", "Thông hiểu", "Vận dụng")
APPLY, UNDERSTAND, QUICKER = (
    "Điểm các câu vận dụng cao hơn",
    "Điểm các câu thông hiểu cao hơn",
    "Thời gian làm bài ngắn hơn",
)
BY_STAGE = f"Điểm phần “{stage_parts.SITUATION.name}” cao hơn"
TOPICS = 5  # of the six there are: the last two follow guidance of different years, which no paper mixes
GRACE = 3  # seconds
NOTICE = 18_000  # ms from setting the hours of the communes to their opening
WINDOW = 125_000  # ms the communes' rounds last: a little more than their two minutes
FINALISTS = 22
WITHDRAWS = 4  # Phiêng Pằn, by its place in the workbook: its finalist falls ill, the reserve moves up
HOUR = 3_600_000
STAGE_KILLS = 4  # of so many workers killed one dies while judges send sheets


class Play:
    """One run of the story on a prepared server."""

    def __init__(
        self,
        server: Server,
        world: World,
        laptop: Laptop,
        sheets: History,
        workbook: Path,
        kill: int,
        seed: str,
    ) -> None:
        self.server = server
        self.world = world
        self.kill = kill
        self.seed = seed
        self.steps: list[tuple[str, float]] = []
        self.evidence = Evidence()
        self.special = Special(world, laptop, sheets, seed, self.evidence.tries)
        self.stage = StageDays(world, seed, self.evidence.tries)
        self._workbook = workbook.read_bytes()
        self._district, *self._communes = units_of(workbook)
        self._offices: list[Office] = []
        self._contestants: dict[str, Contestant] = {}

    def run(self) -> None:
        """Play the whole story."""
        with self.step("import the district"):
            organizer = self._appoint_district()
        with self.step("set the contest up"):
            contest, stage, last_round, stage_round = self._set_up(organizer)
        with self.step("appoint the communes' organizers"):
            self._offices = self._appoint_communes(organizer)
            self.special.appoint(organizer, self._offices)
        with self.step("appoint the judges"):
            crowd.together(self.stage.appoint, self._offices)
            self.stage.appoint_district(organizer, self._district.code, stage_round)
        with self.step("register contestants"):
            desk.register_from_workbook(organizer, stage, "mai-son.xlsx", self._workbook)
            self.evidence.participation = desk.participation(organizer, contest)
        with self.step("issue cards"):
            crowd.together(self._issue_cards, self._offices)
        with self.step("open the communes' rounds"):
            opens_at = self._open_communes()
        with self.step("prepare halls and papers"):
            self.special.prepare()
        with self.step("contestants sit"), self._losing_workers():
            self._sit(opens_at)
        with self.step("gather what is late or on paper"):
            self.special.gather()
        with self.step("the communes' stages"), self._losing_more_workers():
            stage_day.at_once(self.stage.hold, self._offices)
        with self.step("publish and promote"):
            crowd.together(self._publish, self._offices)
            self.special.come_after_all()
        with self.step("finalists sit"):
            self._replace_one(organizer, last_round)
            self._hold_final(organizer, last_round)
            tested = self._send_to_stage(organizer, last_round)
        with self.step("the district's stage"):
            self._hold_stage(organizer, stage_round)
        with self.step("publish the final"):
            last = self._publish_both(organizer, stage_round)
        with self.step("read what is public"):
            self._read(tested + last)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what the block does as one step of the drill."""
        self.world.meter.step = name
        began = time.monotonic()
        yield
        self.steps.append((name, time.monotonic() - began))
        print(f"{self.steps[-1][1]:7.1f} s  {name}", flush=True)

    def _browser(self) -> Browser:
        return Browser(self.server.port, self.world.meter)

    # --- before the contest ---------------------------------------------------------------------------------------

    def _appoint_district(self) -> Browser:
        admin, organizer = self._browser(), self._browser()
        desk.sign_in(admin, ADMIN, PASSWORD)
        desk.import_roster(admin, "mai-son.xlsx", self._workbook)
        name, code = f"{ORGANIZER} {self._district.title}", self._district.code
        first = desk.create_account(admin, "huyen.maison", name, ORGANIZER, code)
        desk.sign_in(organizer, "huyen.maison", first, PASSWORD)
        first = desk.create_account(admin, SECOND, f"{name} (người thứ hai)", ORGANIZER, code)
        desk.sign_in(self._browser(), SECOND, first, PASSWORD)
        return organizer

    def _set_up(self, organizer: Browser) -> tuple[str, str, int, int]:
        """Return the addresses of the contest and its first stage, and the rounds of the district's test and stage."""
        title = "Hội thi Bí thư chi bộ giỏi huyện Mai Sơn"
        contest = desk.create_contest(organizer, title, "BTCBG-MS", self._district.title).url
        of_stage = stage_parts.COMMUNE
        rules = self._rules(2, [BY_STAGE, APPLY, UNDERSTAND], partial=True)
        rules = replace(rules, parts=[of_stage], online=100 - of_stage.weight)
        stage = desk.add_stage(organizer, contest, "Cấp cơ sở", rules).url
        rules = self._rules(1, [APPLY, QUICKER], partial=False)
        last = desk.add_stage(organizer, contest, "Vòng huyện", replace(rules, top=FINALISTS)).url
        rules = StageRules([], 0, GRACE, [BY_STAGE], False, 1, stage_parts.DISTRICT)
        final = desk.add_stage(organizer, contest, "Sân khấu huyện", rules).url
        made = desk.rounds_for_each(organizer, stage)
        if len(made) != len(self._communes):
            raise Refused(f"{len(made)} rounds were made for {len(self._communes)} communes")
        return contest, stage, desk.add_round(organizer, last), desk.add_round(organizer, final)

    def _rules(self, minutes: int, tie_breaks: list[str], partial: bool) -> StageRules:
        blueprint = [(topic, level, 2) for topic in self.world.knowledge.topics[:TOPICS] for level in LEVELS]
        return StageRules(blueprint, minutes, GRACE, tie_breaks, partial, reserves=1)

    def _appoint_communes(self, organizer: Browser) -> list[Office]:
        passwords = {}
        for unit in self._communes:
            name = f"{ORGANIZER} {unit.title}"
            passwords[unit] = desk.create_account(organizer, username_of(unit), name, ORGANIZER, unit.code)

        def begin(unit: Unit) -> Office:
            browser = self._browser()
            desk.sign_in(browser, username_of(unit), passwords[unit], PASSWORD)
            [own_round] = desk.own_rounds(browser)
            return Office(unit, browser, own_round)

        return crowd.together(begin, self._communes)

    def _issue_cards(self, office: Office) -> None:
        office.cards = desk.issue_cards(office.browser, office.round_id)

    # --- the communes' rounds -------------------------------------------------------------------------------------

    def _open_communes(self) -> int:
        opens_at = now() + NOTICE

        def open_one(office: Office) -> None:
            desk.set_window(office.browser, office.round_id, opens_at, opens_at + WINDOW)
            desk.open_round(office.browser, office.round_id)

        crowd.together(open_one, self._offices)
        return opens_at

    def _losing_workers(self) -> Any:
        count = self.kill - self.kill // STAGE_KILLS
        return self.server.losing_workers(count, WINDOW / 1000 * 0.7 / max(count, 1), self.seed)

    def _losing_more_workers(self) -> Any:
        return self.server.losing_workers(self.kill // STAGE_KILLS, 4, self.seed)

    def _sit(self, opens_at: int) -> None:
        queues: list[Sequence[Sitting]] = []
        for office in self._offices:
            people = crowd.contestants_of(office.place, office.cards, self.world, self.seed)
            self._contestants |= {one.card.code: one for one in people}
            queues += self.special.queues(office, people)
        self.special.sit(queues, opens_at)
        crowd.sleep_until(opens_at + WINDOW + GRACE * 1000 + 1500)
        own = [one for queue in queues for one, _ in queue if self._contestants[one.card.code] is one]
        crowd.try_what_must_fail(own, self.evidence.tries)

    def _publish(self, office: Office) -> None:
        """Publish, decide every tie by turns as the head or by a draw, and send on who is above the cut."""
        office.editions = self._publish_both(office.browser, office.round_id)
        final = office.editions[-1]
        for number in range(5):
            ties = rankings.open_ties(office.browser, final)
            if not ties:
                break
            by_head = number == 0 and office.commune.place % 2
            rankings.decide(office.browser, ties[0], "" if by_head else f"{office.commune.place:02d}{number}")
            self.evidence.ties_decided += 1
        rankings.promote(office.browser, final)

    def _publish_both(self, browser: Browser, round_id: int) -> list[int]:
        """Publish as provisional, ask for the final edition and let a second person at the district approve it."""
        provisional = rankings.publish(browser, round_id, PROVISIONAL)
        asked = rankings.publish(browser, round_id, FINAL)
        second = self._browser()
        desk.sign_in(second, SECOND, PASSWORD)
        return [provisional, rankings.approve(second, asked)]

    # --- the district round ---------------------------------------------------------------------------------------

    def _replace_one(self, organizer: Browser, round_id: int) -> None:
        """Let a finalist withdraw two days before, and the reserve take the place."""
        office = next(one for one in self._offices if one.place == WITHDRAWS)
        [finalist], [reserve] = rankings.promotion_shown(office.browser, office.editions[-1])
        stage_desk.withdraw(organizer, round_id, *finalist, "Ốm, có giấy của trạm y tế xã")
        self.stage.expected.reserves.add(reserve)

    def _hold_final(self, organizer: Browser, round_id: int) -> None:
        opens_at = now() + 6_000
        desk.set_window(organizer, round_id, opens_at, opens_at + 65_000)
        desk.open_round(organizer, round_id)
        finalists = [self._finalist(number, office) for number, office in enumerate(self._offices)]
        crowd.sit([(one, round_id) for one in finalists], opens_at)
        desk.close_round(organizer, round_id, "Mọi người có mặt đã làm xong")
        time.sleep(GRACE + 0.5)  # one has not handed in

    def _finalist(self, number: int, office: Office) -> Contestant:
        """Return who sits for a commune, found by name and cell on the page of the promotion."""
        [person], reserves = rankings.promotion_shown(office.browser, office.editions[-1])
        person = next((one for one in reserves if one in self.stage.expected.reserves), person)
        card = next(card for card in office.cards if (card.name, card.cell) == person)
        habits = self._contestants[card.code].habits
        habits = replace(
            habits, pace=25, arrives=habits.arrives / 2, hands_in=number > 0, device_dies=number == 1,
            line_ends=None, blank=0,
        )  # fmt: skip
        return Contestant(card, habits, self.world, f"{self.seed}:final:{card.cell}:{card.name}")

    def _send_to_stage(self, organizer: Browser, round_id: int) -> list[int]:
        """Publish the district's test, take everybody who sat it along to the stage, and return its editions."""
        editions = self._publish_both(organizer, round_id)
        rankings.promote(organizer, editions[-1])
        self.evidence.promotions[editions[-1]] = rankings.promotion_shown(organizer, editions[-1])
        return editions

    def _hold_stage(self, organizer: Browser, round_id: int) -> None:
        opens_at = now() + 1_000
        desk.set_window(organizer, round_id, opens_at, opens_at + HOUR)
        desk.open_round(organizer, round_id)
        self.stage.hold_district(round_id)
        desk.close_round(organizer, round_id, "Mọi người đã thi xong")

    def _read(self, of_district: list[int]) -> None:
        for office in self._offices:
            final = office.editions[-1]
            self.evidence.promotions[final] = rankings.promotion_shown(office.browser, final)
        self.evidence.read(
            self._browser(), [key for office in self._offices for key in office.editions] + of_district
        )
