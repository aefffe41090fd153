"""A simulated contestant: signs in by card and sits with thinking time, on a line and devices not to be trusted."""

import random
import time
from dataclasses import dataclass
from itertools import count

from drill.browser import Browser, Meter, NoAnswer, Refused, expect
from drill.forms import Form
from drill.history import FAIL, OK, UNKNOWN, History
from drill.knowledge import Knowledge
from drill.pages import Page
from drill.sitting import Question, Row, Sitting, text_of

ARRIVAL = (-8.0, 12.0)  # seconds around the opening in which people sign in
_devices = count(1)


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a contestant's card."""

    name: str
    cell: str
    code: str
    pin: str
    link: str


@dataclass(frozen=True, slots=True)
class Habits:
    """How a contestant behaves; chances are per question, `pace` is the seconds the whole paper takes."""

    ability: float
    pace: float
    arrives: float  # seconds after the round opens, negative: before
    scans: bool  # signs in by QR link, otherwise by code and PIN
    has_scripts: bool = True
    loses_line: float = 0.0
    repeats: float = 0.0
    changes_mind: float = 0.0
    device_dies: bool = False
    hands_in: bool = True
    leaves: float = 4.0  # seconds of the time given: from then on no new question, but the hand-in
    blank: int = 0  # questions left blank on purpose, the first of the paper
    line_ends: int | None = None  # choices after which the line is gone until after the end; None: it stays


@dataclass(frozen=True, slots=True)
class World:
    """What every contestant of a drill shares."""

    port: int
    meter: Meter
    history: History
    knowledge: Knowledge


def habits_of(chance: random.Random, ability: float, pace: float) -> Habits:
    """Return the habits of one of many: some without scripts, some with broken lines or devices, some never end."""
    has_scripts = chance.random() >= 0.1
    flaky = chance.random() < 0.4
    return Habits(
        ability=ability,
        pace=pace * chance.uniform(0.75, 1.25),
        arrives=chance.uniform(*ARRIVAL),
        scans=chance.random() < 0.5,
        has_scripts=has_scripts,
        loses_line=0.08 if flaky else 0.005,
        repeats=0.08 if flaky else 0.02,
        changes_mind=0.06,
        device_dies=chance.random() < 0.08,
        hands_in=chance.random() >= 0.05,
    )


class Contestant:
    """One person with a card, sitting one round from sign-in to receipt."""

    def __init__(self, card: Card, habits: Habits, world: World, seed: str) -> None:
        self.card = card
        self.habits = habits
        self.world = world
        self.chance = random.Random(seed)
        self.sitting: Sitting | None = None
        self._start_form: Form | None = None
        self.browser = Browser(world.port, world.meter)

    def sit(self, round_id: int, opens_at: int) -> None:
        """Sit the round that opens at an instant (ms), from signing in shortly before or after it to the receipt."""
        _wait_until(opens_at / 1000 + self.habits.arrives)
        self.sign_in()
        _wait_until(opens_at / 1000 + self.chance.uniform(0, 1))
        self._begin(round_id)
        questions = self._open.questions
        half = len(questions) // 2 if self.habits.device_dies else len(questions)
        self._answer(questions[:half])
        if self.habits.device_dies:
            self._take_another_device(round_id)
            self._answer(self._open.questions[half:])
        if self.habits.hands_in:
            self._hand_in()

    @property
    def _open(self) -> Sitting:
        if self.sitting is None:
            raise Refused(f"{self.card.name} has no paper")
        return self.sitting

    # --- getting to the paper -------------------------------------------------------------------------------------

    def sign_in(self) -> Page:
        """Sign in by the link of the card or by its code and PIN, and return the page of the own rounds."""
        if self.habits.scans:
            page = expect(self.browser.get(self.card.link, "sign in"))
            page = self.browser.submit(page.form("Đúng, vào thi"), kind="sign in", again=True)
        else:
            form = expect(self.browser.get("/card", "sign in")).form("Mã PIN")
            form.fill("Mã dự thi", self.card.code)
            form.fill("Mã PIN", self.card.pin)
            page = self.browser.submit(form, kind="sign in", again=True)
        return expect(page, saying=["Bài thi của tôi"])

    def _begin(self, round_id: int) -> None:
        page = self.browser.here
        form = next((form for form in page.forms if form.action == f"/rounds/{round_id}/start"), None)
        if form is None:
            page = self.browser.get(page.link("Tiếp tục làm bài"), "start")
        else:
            self._start_form = form
            page = self.browser.submit(form, kind="start", again=True)
            if self.chance.random() < self.habits.repeats:  # a second tap on the button
                page = self.browser.submit(form, kind="start", again=True)
        self.sitting = Sitting(self.browser, expect(page), self.world.history, next(_devices))

    def _take_another_device(self, round_id: int) -> None:
        self.browser.close()
        self.browser = Browser(self.world.port, self.world.meter)
        before = self._open.attempt
        self.sign_in()
        self._begin(round_id)
        if self._open.attempt != before:
            raise Refused(f"{self.card.name} got another attempt on another device")

    # --- answering ------------------------------------------------------------------------------------------------

    def _answer(self, questions: list[Question]) -> None:
        if not self.habits.has_scripts:
            self._answer_by_form(questions)
            return
        unsent: list[Row] = []
        for question in questions:
            if not self._think():
                return
            taken = self._choose(question)
            if taken:
                unsent.append(self._open.choose(question.position, text_of(taken)))
                unsent = self._send(unsent)
            if taken and self.chance.random() < self.habits.changes_mind:
                self._change_mind(question, taken)
        self._send(unsent, patient=True)

    def _think(self) -> bool:
        """Spend the time one question takes; tell whether there is time for it."""
        spell = self.habits.pace / 30 * self.chance.uniform(0.3, 1.7)
        if self._open.seconds_left < self.habits.leaves + spell:
            return False
        time.sleep(spell)
        return True

    def _choose(self, question: Question) -> tuple[int, ...]:
        if question.position < self.habits.blank:
            return ()
        return self.world.knowledge.answer(question.stem, question.options, self.habits.ability, self.chance)

    @property
    def _is_cut_off(self) -> bool:
        return self.habits.line_ends is not None and len(self._open.log) > self.habits.line_ends

    def _send(self, rows: list[Row], patient: bool = False) -> list[Row]:
        """Send what is waiting and return what still waits; `patient`: until it is through or the time is up."""
        while rows and not self._is_cut_off:
            outcome = self._open.send(rows, hang_up=self.chance.random() < self.habits.loses_line)
            if outcome == OK:
                if self.chance.random() < self.habits.repeats:
                    self._open.send(rows)  # the line delivers it twice
                return []
            if outcome == FAIL:
                return []
            if not patient or self._open.seconds_left < 0:
                return rows
            time.sleep(0.3)
        return rows

    def _change_mind(self, question: Question, taken: tuple[int, ...]) -> None:
        """Choose otherwise and back again; an old repeat that arrives last must change nothing."""
        other = next(place for place in range(len(question.options)) if (place,) != taken)
        old = self._open.choose(question.position, text_of([other]))
        new = self._open.choose(question.position, text_of(taken))
        self._send([old])
        self._send([new], patient=True)
        if self.chance.random() < 0.5 and not self._is_cut_off:
            self._open.send([old])

    def _answer_by_form(self, questions: list[Question]) -> None:
        """Without scripts: tick some answers, press the button that stores them, and so on with the page that comes."""
        wanted = {question.position: text_of(self._choose(question)) for question in questions}
        page = self.browser.here
        for at in range(0, len(questions), 8):
            portion = questions[at : at + 8]
            for _ in portion:
                if not self._think():
                    return
            form = page.form("/answer")
            for question in portion:
                if wanted[question.position]:
                    form.fill(f"q{question.position}", wanted[question.position].split(","))
            page = self._post_form(form, "Lưu các câu đã chọn")
            if not page.url.split("?")[0].endswith(f"/attempts/{self._open.attempt}"):
                return  # the time is up

    def _post_form(self, form: Form, button: str) -> Page:
        """Post the whole form, again while no answer comes; every choice ticked on it is sent once more."""
        ticked: dict[int, list[str]] = {question.position: [] for question in self._open.questions}
        for name, value in form.data(button):
            if name.startswith("q") and name[1:].isdecimal():
                ticked[int(name[1:])].append(value)
        rows = [(position, ",".join(values), None) for position, values in ticked.items() if values]
        while True:
            calls = self.world.history.begin_saves(self._open.attempt, rows)
            try:
                page = self.browser.submit(form, button, kind="whole form")
            except NoAnswer:
                self.world.history.end(calls, UNKNOWN)
                if self._open.seconds_left < 0:
                    raise
                time.sleep(0.3)
                continue
            self._open.look_at_clock(page)
            stored = page.status == 200 and bool(page.root.find("div", class_="tone-success"))
            self.world.history.end(calls, OK if stored else FAIL, page.status)
            return page

    # --- the end --------------------------------------------------------------------------------------------------

    def _hand_in(self) -> None:
        page = self.browser.get(self._open.check_address, "check")
        if not page.url.endswith("/check"):
            return  # the server closed it first
        expect(self._open.hand_in(page))
        if self.chance.random() < self.habits.repeats:  # a second tap on the button
            expect(self._open.hand_in(page))

    # --- what must be refused -------------------------------------------------------------------------------------

    def come_too_late(self) -> str:
        """Send a choice after the time is up and return how that ended."""
        question = self._open.questions[0]
        return self._open.send([(question.position, "0", self._open.stamp())])

    def cannot_start_again(self) -> bool:
        """Press the button that started, from a page kept open, and tell whether no question page came."""
        if self._start_form is None:
            return True
        page = self.browser.submit(self._start_form, kind="start", again=True)
        return page.status == 200 and not page.root.find("article", class_="question")

    def cannot_see(self, other: "Contestant") -> bool:
        """Tell whether the paper and the receipt of somebody else look as if they were not there."""
        address = f"/attempts/{other._open.attempt}"
        return all(self.browser.get(page).status == 404 for page in (address, f"{address}/receipt"))


def _wait_until(instant: float) -> None:
    """Sleep until an instant in seconds UTC."""
    time.sleep(max(0.0, instant - time.time()))
