"""The days on the stage: each commune's after its test, all at once, and the district's with what goes wrong there.

In some communes the sheets are on paper and typed by two people. At the district an equal total is decided by a part,
somebody speaks too long, somebody comes too late for the first part, a judge writes 38 for 28, and a signature is taken
back.
"""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from drill import crowd, desk, jury, stage_desk
from drill.browser import Browser, Refused
from drill.contestant import World
from drill.crowd import Tries
from drill.judge import Judge
from drill.jury import JudgedPart, Marks
from drill.offices import Office
from drill.sheet_checker import Expected
from drill.special import PASSWORD
from drill.stage_desk import Secretary, Turn
from drill.stage_parts import (
    COMES_LATE,
    COMMUNE,
    DISTRICT,
    INTERRUPTED,
    INTRODUCTION,
    MEANT,
    OVER,
    PAUSE,
    SITUATION,
    SLIP,
    SPEECH,
    TAKEN_BACK,
    WORTH,
    WRITTEN,
)

JUDGE, HEAD, SECRETARY = "Giám khảo", "Trưởng ban giám khảo", "Thư ký"
ON_PAPER = (21, 22)  # communes by their place in the workbook whose judges write on paper
ABSENT = 5  # a commune where one does not come to the stage
LATE = 0.15  # share of those who speak too long in a commune
SECONDS_OVER = (1, 45, 60, 80)
TOP = 5000  # what they earn on the stage who know everything


@dataclass(slots=True)
class Panel:
    """Who judges and who runs the stage; the first judge is the head."""

    judges: list[Judge]
    secretary: Secretary
    second: Secretary | None = None  # who types paper sheets again

    @property
    def head(self) -> Browser:
        """Return the browser of the head judge."""
        return self.judges[0].browser


@dataclass(slots=True)
class StageDays:
    """Everything that happens on stages."""

    world: World
    seed: str
    tries: Tries
    expected: Expected = field(default_factory=Expected)
    _panels: dict[int, Panel] = field(default_factory=dict)  # by the commune's place
    _district: Panel | None = None

    # --- before -----------------------------------------------------------------------------------------------------

    def appoint(self, office: Office) -> None:
        """Let a commune appoint its three judges and seat them; where sheets are on paper, somebody who types too."""
        board = Secretary(office.browser, f"board{office.place}", self.world.history)
        names = [f"{JUDGE} {number} {office.code}" for number in range(1, COMMUNE.judges + 1)]
        on_paper = office.place in ON_PAPER
        judges = [
            self._judge(office.browser, office.code, number, name, signs_in=number == 1 or not on_paper)
            for number, name in enumerate(names, start=1)
        ]
        second = self._secretary(office.browser, office.code) if on_paper else None
        stage_desk.fill_panel(office.browser, office.round_id, COMMUNE.name, names)
        self._panels[office.place] = Panel(judges, board, second)

    def appoint_district(self, organizer: Browser, unit_code: str, round_id: int) -> None:
        """Let the district appoint its five judges and the secretary of the board, and seat the five on every panel."""
        names = [f"{JUDGE} {number} {unit_code}" for number in range(1, SITUATION.judges + 1)]
        judges = [
            self._judge(organizer, unit_code, number, name) for number, name in enumerate(names, start=1)
        ]
        self._district = Panel(judges, self._secretary(organizer, unit_code))
        for part in DISTRICT:
            stage_desk.fill_panel(organizer, round_id, part.name, names)

    def _judge(self, board: Browser, code: str, number: int, name: str, signs_in: bool = True) -> Judge:
        browser = self._account(
            board, f"gk{number}.{code.lower()}", name, HEAD if number == 1 else JUDGE, code, signs_in
        )
        return Judge(browser, f"gk{number}.{code.lower()}", number, self.world.history, self.seed)

    def _secretary(self, board: Browser, code: str) -> Secretary:
        username = f"thuky.{code.lower()}"
        browser = self._account(board, username, f"{SECRETARY} {code}", SECRETARY, code)
        return Secretary(browser, username, self.world.history)

    def _account(
        self, board: Browser, username: str, name: str, role: str, code: str, signs_in: bool = True
    ) -> Browser:
        first = desk.create_account(board, username, name, role, code)
        browser = Browser(self.world.port, self.world.meter)
        if signs_in:
            desk.sign_in(browser, username, first, PASSWORD)
        return browser

    # --- a commune's evening ------------------------------------------------------------------------------------------

    def hold(self, office: Office) -> None:
        """Hold the stage of a commune from the draw to the last signature."""
        panel = self._panels[office.place]
        panel.secretary.draw(office.round_id, f"{office.place} 5 8")
        chance = random.Random(f"{self.seed}:stage:{office.place}")
        numbers = {(card.name, card.cell): number for number, card in enumerate(office.cards)}
        turns = panel.secretary.turns(office.round_id, COMMUNE.name)
        if office.place == 1:
            self._try_what_must_fail(panel, office.round_id, turns[0])
        with ThreadPoolExecutor(COMMUNE.judges) as pool:
            for turn in turns:
                known = crowd.stage_worth(office.place, numbers[turn.name, turn.cell], TOP)
                if office.place == ABSENT and turn is turns[-1] and known is None:
                    self._absent(panel, turn, "Ốm, có đơn")
                    continue
                over = chance.choice(SECONDS_OVER) if known is None and chance.random() < LATE else None
                worth = chance.randint(50, 80) * 50 if known is None else known
                marks = jury.given(COMMUNE, worth, known is not None, f"{self.seed}:{turn.performance}")
                self._perform(panel, turn, COMMUNE, marks, over, pool)
                panel.secretary.check()
        stage_desk.sign_all(panel.head, office.round_id)

    def _perform(
        self, panel: Panel, turn: Turn, part: JudgedPart, marks: dict[int, Marks], over: int | None,
        pool: ThreadPoolExecutor,
    ) -> None:  # fmt: skip
        """Let somebody perform; `over`: the seconds over the limit, put down by hand as nobody waits minutes here."""
        secretary, key = panel.secretary, turn.performance
        judges = panel.judges if panel.second is None else []

        def judged() -> None:
            for done in [pool.submit(judge.mark, key, marks[judge.seat]) for judge in judges]:
                done.result()

        pause = PAUSE if part is SPEECH and turn.drawn == INTERRUPTED else 0
        self.expected.clocked[key] = secretary.time(key, judged, pause)
        if panel.second is not None:
            self._type(panel, turn, marks)
            secretary.open(key)
        if over is not None:
            seconds = part.minutes * 60 + over
            secretary.put_time(seconds, "Đồng hồ bấm chậm, theo đồng hồ của hội trường")
            self.expected.times[key] = seconds * 1000

    def _type(self, panel: Panel, turn: Turn, marks: dict[int, Marks]) -> None:
        """Let two people type the paper sheets; the second misreads some and looks again."""
        secretary, second = panel.secretary, panel.second
        for seat, sheet in marks.items():
            secretary.key(turn.performance, seat, sheet)
            if second is None:
                continue
            if (turn.drawn + seat) % 4 == 0:
                criterion = next(iter(sheet))
                other = sheet | {criterion: sheet[criterion] - COMMUNE.step}
                second.key(turn.performance, seat, other)
            second.key(turn.performance, seat, sheet)
            if turn.drawn == 1 and seat == 1:
                secretary.key(
                    turn.performance, seat, {name: 0 for name in sheet}
                )  # it counts: nothing may change

    def _absent(self, panel: Panel, turn: Turn, reason: str) -> None:
        panel.secretary.note_absent(turn.performance, reason)
        self.expected.absent.add(turn.performance)
        panel.secretary.check()

    def _try_what_must_fail(self, panel: Panel, round_id: int, turn: Turn) -> None:
        """Try, before anybody performs, what neither judges nor the head judge may do.

        The stranger is a judge of the district, who has nothing to mark yet: a browser opens one page at a time.
        """
        key, judge, stranger = turn.performance, panel.judges[1], self._of_district().judges[1]
        most = dict(COMMUNE.criteria)
        note = self.tries.note
        note(judge.cannot_save(key, most | {"Nội dung": 3050}), "more points than there are")
        note(judge.cannot_save(key, most | {"Nội dung": 1010}), "points between two steps")
        note(judge.cannot_save(key, {"Trang phục": 100}), "points for a criterion nobody declared")
        note(judge.cannot_hand_in(key, {"Nội dung": 1000}), "a sheet that is not full handed in")
        note(stranger.cannot_see(key), "a performance seen by a judge of another panel")
        note(stranger.cannot_save(key, most), "a sheet by a judge without a seat")
        note(stage_desk.cannot_sign(panel.head, round_id, key), "points signed that nobody checked")

    def _of_district(self) -> Panel:
        if self._district is None:
            raise RuntimeError("the district has no judges")
        return self._district

    # --- the district's day -------------------------------------------------------------------------------------------

    def hold_district(self, round_id: int) -> None:
        """Hold the stage of the district: everybody in three parts before five judges, one part after the other."""
        panel = self._of_district()
        panel.secretary.draw(round_id, "25 02 2023", sessions=2)
        with ThreadPoolExecutor(SITUATION.judges) as pool:
            for place, part in enumerate(DISTRICT):
                for turn in panel.secretary.turns(round_id, part.name):
                    self._hold_turn(panel, turn, part, place, pool)
                stage_desk.sign_all(panel.head, round_id)
                if part is SITUATION:
                    self._sign_again(panel, round_id)

    def _hold_turn(
        self, panel: Panel, turn: Turn, part: JudgedPart, place: int, pool: ThreadPoolExecutor
    ) -> None:
        if part is INTRODUCTION and turn.drawn == COMES_LATE:
            self._absent(panel, turn, "Đến sau phần giới thiệu, xe hỏng")
            return
        chance = random.Random(f"{self.seed}:{part.name}:{turn.drawn}")
        known = WORTH.get(turn.drawn)
        worth = known[place] if known else part.most * chance.randint(50, 78) // 100
        marks = jury.given(part, worth, known is not None, f"{self.seed}:{turn.performance}")
        slip = part is SITUATION and turn.drawn == SLIP
        if slip:
            marks |= {seat: jury.spread(part, MEANT + 25 * seat) for seat in marks}
            marks[2] = jury.spread(part, WRITTEN)
        self._perform(panel, turn, part, marks, OVER.get((turn.drawn, part.name)), pool)
        if slip:
            self._put_right(panel.secretary, turn)
        panel.secretary.check()
        if turn.drawn == TAKEN_BACK:
            judge = panel.judges[1]
            self.tries.note(
                judge.cannot_save(turn.performance, marks[2]), "a sheet changed after it was handed in"
            )

    def _put_right(self, secretary: Secretary, turn: Turn) -> None:
        """Correct 38 to 28 before the head judge signs."""
        if "chênh nhau" not in secretary.open(turn.performance).root.text():
            raise Refused("nobody is told of marks far apart")
        marks = jury.spread(SITUATION, MEANT)
        self._correct(secretary, turn.performance, 2, marks, "Giám khảo viết nhầm 28 thành 38")

    def _correct(self, secretary: Secretary, key: int, seat: int, marks: Marks, reason: str) -> None:
        self.tries.note(
            secretary.correct(key, seat, marks, reason), f"the correction “{reason}” is not taken"
        )
        secretary.open(key)

    def _sign_again(self, panel: Panel, round_id: int) -> None:
        """Try to correct what is signed; take the signature back, correct, check and sign once more."""
        turn = panel.secretary.turns(round_id, SITUATION.name)[TAKEN_BACK - 1]
        marks = jury.spread(SITUATION, 2050)
        refused = not panel.secretary.correct(turn.performance, 4, marks, "Sửa sau khi ký")
        self.tries.note(refused, "a sheet corrected although it was signed")
        stage_desk.unsign(panel.head, turn.performance, "Giám khảo ghế 4 đề nghị xem lại")
        self._correct(panel.secretary, turn.performance, 4, marks, "Giám khảo cộng nhầm tiêu chí")
        panel.secretary.check()
        if stage_desk.sign_all(panel.head, round_id) != 1:
            raise Refused("not one signature was waited for after it was taken back")


def at_once(act: Callable[[Office], None], offices: Sequence[Office]) -> None:
    """Let all communes do the same at once; the first fault is raised when all have ended."""
    with ThreadPoolExecutor(len(offices)) as pool:
        for done in [pool.submit(act, office) for office in offices]:
            done.result()
