"""A round before judges whose stage day is held on the laptop of a hall, and the people who work there."""

from sqlalchemy import select

from quiz.core.judging import Criterion, Judging
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part, PartKind
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Account, Entry, Package, Performance, Person, Round
from quiz.services import packages, panels, performances, sheets, stage_points
from quiz.services.audit import SYSTEM, Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_stage,
    make_unit,
    open_for_test,
)
from tests.machines import MINUTE, here

SECOND = 1000
CRITERIA = (Criterion("Nội dung", 1200, 25), Criterion("Phong cách", 800, 25))
PARTS = (
    Part("Chào hỏi", max_points=2000, weight=20, minutes=5, judging=Judging(CRITERIA)),
    Part(
        "Thuyết trình", max_points=2000, weight=80, minutes=3,
        judging=Judging(CRITERIA, over_time=OverTime(OverTimeRule.STEPS)),
    ),
)  # fmt: skip
STAGE_ONLY = Rules(parts=PARTS, tie_breaks=("part:Thuyết trình",))
KINDS = {Role.JUDGE: "giám khảo", Role.HEAD_JUDGE: "trưởng ban", Role.BOARD_SECRETARY: "thư ký"}


def make_stage_day(rules: Rules = STAGE_ONLY, people: int = 3) -> Package:
    """Make a round before judges with its panel of three, a head judge and two secretaries; return its package."""
    make_account()  # numbers differ between the two machines
    district = make_unit("Mai Sơn", type_label="huyện", code="MS")
    stage = make_stage(make_contest(district, code="HT"), rules)
    contest_round = make_round(stage, district)
    for number in range(people):
        commune = make_unit(f"Xã {number}", district, code=f"MS.{number}")
        cell = make_cell(commune, f"Bản {number}", code=f"MS.{number}.1")
        make_entry(contest_round, make_person(cell, f"Lò {number}", code=f"N{number}"), commune)
    pool = [make_item(key=(number % 4,)) for number in range(9)] if rules.has_online else []
    open_for_test(contest_round, pool)
    staff_the_stage(contest_round)
    return packages.make(contest_round, None, SYSTEM, NOW)


def staff_the_stage(contest_round: Round) -> None:
    """Make everybody who works on the stage, and seat the judges of every part."""
    named = {Role.JUDGE: (1, 2, 3), Role.HEAD_JUDGE: (1,), Role.BOARD_SECRETARY: (1, 2)}
    for role, number in ((role, number) for role, numbers in named.items() for number in numbers):
        username = f"{role.value.replace('_', '-')}-{number}"
        make_account((role, contest_round.unit), username=username).display_name = f"{KINDS[role]} {number}"
    db.session.flush()
    for part in contest_round.stage.rules["parts"]:
        if part["kind"] == PartKind.JUDGED:
            for seat in (1, 2, 3):
                judge = one_of(f"judge-{seat}")
                panels.seat_judge(contest_round, part["name"], "", seat, judge, seat == 1, SYSTEM, NOW)


def one_of(username: str) -> Account:
    """Return the account of that name on this machine."""
    return db.session.scalars(select(Account).where(Account.username == username)).one()


def actor(username: str) -> Actor:
    return Actor(one_of(username).id)


class Day:
    """What people do on the laptop in the hall."""

    def __init__(self) -> None:
        self.round = here().round
        self.secretary, self.second = actor("board-secretary-1"), actor("board-secretary-2")
        self.head = actor("head-judge-1")

    def draw(self) -> None:
        """Draw the running order in front of everybody."""
        performances.draw_order(self.round, "xuân Mai Sơn", 1, self.secretary, NOW)

    def turn_of(self, code: str, part: str) -> Performance:
        query = select(Performance).join(Entry, Entry.id == Performance.entry_id).join(Person)
        return db.session.scalars(query.where(Person.code == code, Performance.part == part)).one()

    def perform(self, one: Performance, content: int, seconds: int = 170, at: int = NOW) -> None:
        """Let somebody perform and be marked: the first two judges on telephones, the third on paper."""
        performances.call(one, self.secretary, at)
        performances.start(one, self.secretary, at + SECOND)
        performances.stop(one, self.secretary, at + (seconds + 1) * SECOND)
        done = at + (seconds + 1) * SECOND
        for seat in (1, 2):
            judge = actor(f"judge-{seat}")
            sheets.save(one, {"Nội dung": content, "Phong cách": 700 + 25 * seat}, "to, rõ", 7, judge, done)
            sheets.submit(one, judge, done)
        for keyer in (self.secretary, self.second):
            sheets.key(one, 3, {"Nội dung": content, "Phong cách": 700}, keyer, done)

    def sign(self, one: Performance, at: int = NOW + 10 * MINUTE) -> None:
        stage_points.check(one, self.secretary, at)
        stage_points.sign(one, self.head, at)

    def everybody(self) -> None:
        """Hold the whole day: contestant n gets 800 + 100n, the last one comes to no part at all."""
        for number, one in enumerate(performances.of_round(self.round)):
            code = one.entry.person.code
            if code == "N2":
                performances.mark_absent(one, "ốm", self.secretary, NOW + number * HOUR)
            else:
                content = min(1200, 800 + 100 * int(code[1:]) + 25 * (one.part == "Chào hỏi"))
                self.perform(one, content, 230, NOW + number * 5 * MINUTE)
            self.sign(one, NOW + (number + 1) * HOUR)
