"""Points and ranks of a day on the stage rest on what was given, never on the order in which rows came to be."""

import random
from dataclasses import asdict

import pytest

from quiz.core.judging import Averaging, Criterion, Judging
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import PanelSeat, Performance
from quiz.services import performances, sheets, stage_points
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from tests.factories import (
    NOW,
    add,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

SECOND = 1000
CRITERIA = (Criterion("Nội dung", 1200, 25), Criterion("Phong cách", 800, 25))
PARTS = (
    Part(
        "Chào hỏi", max_points=2000, minutes=3, weight=40,
        judging=Judging(CRITERIA, 3, over_time=OverTime(OverTimeRule.STEPS)),
    ),
    Part(
        "Tình huống", max_points=2000, minutes=5, weight=60,
        judging=Judging(CRITERIA, 3, averaging=Averaging.DROP_EXTREMES, drop_from=3),
    ),
)  # fmt: skip
NAMES = ("Cầm Thị Én", "Hà Văn Giáp", "Lò Thị Hặc", "Vì Văn Inh")
MARKS = {
    name: [(700 + 25 * place * seat, 500 + 25 * (place % 2)) for seat in (1, 2, 3)]
    for place, name in enumerate(NAMES[:3])
} | {NAMES[3]: [(700, 500)] * 3}  # the last is level with the first to the end


class Day:
    """Four contestants in two parts before three judges; every list of rows is made in an order of `random`."""

    def __init__(self, random: random.Random) -> None:
        self.random = random
        self.unit = make_unit("Mai Sơn")
        self.round = make_round(
            make_stage(make_contest(self.unit), Rules(parts=PARTS, tie_breaks=())), self.unit
        )
        self.secretary = Actor(make_account((Role.BOARD_SECRETARY, self.unit)).id)
        self.head = Actor(make_account((Role.HEAD_JUDGE, self.unit)).id)
        cells = {name: make_cell(self.unit, f"Bản {name}") for name in self.mixed(NAMES)}
        people = {name: make_person(cells[name], name) for name in self.mixed(NAMES)}
        for name in self.mixed(NAMES):
            make_entry(self.round, people[name])
        judges = {seat: make_account((Role.JUDGE, self.unit)) for seat in self.mixed((1, 2, 3))}
        for part, seat in self.mixed([(part.name, seat) for part in PARTS for seat in judges]):
            add(PanelSeat(round_id=self.round.id, part=part, seat=seat, account=judges[seat]))
        self.judges = {seat: Actor(account.id) for seat, account in judges.items()}
        performances.draw_order(self.round, "hạt giống", 1, self.secretary, NOW)
        self.found = {
            (one.entry.person.full_name, one.part): one for one in performances.of_round(self.round)
        }

    def mixed(self, things):
        """Return `things` in an order of this day's."""
        return self.random.sample(list(things), len(things))

    def perform(self) -> "Day":
        """Let everybody perform, be marked, checked and signed, in an order of this day's."""
        for (name, part), one in self.mixed(list(self.found.items())):
            performances.start(one, self.secretary, NOW)
            over = 250 if part == "Chào hỏi" and name == NAMES[1] else 150
            performances.stop(one, self.secretary, NOW + over * SECOND)
        for (name, _part), one, seat in self.mixed(
            [(*item, seat) for item in self.found.items() for seat in (1, 2, 3)]
        ):
            content, style = MARKS[name][seat - 1]
            sheets.save(one, {"Nội dung": content, "Phong cách": style}, "", 1, self.judges[seat], NOW)
            sheets.submit(one, self.judges[seat], NOW)
        for one in self.mixed(list(self.found.values())):
            self.sign(one)
        return self

    def sign(self, one: Performance) -> None:
        """Check and sign one performance."""
        stage_points.check(one, self.secretary, NOW)
        stage_points.sign(one, self.head, NOW)

    def ranking(self) -> list[object]:
        """Return the ranking with its reasons and shares, by name."""
        db.session.expire_all()
        return [
            (line.rank, line.entry.person.full_name, line.points, asdict(line.explanation), line.shares)
            for line in standings_of(self.round)
        ]

    def earned(self) -> dict[object, object]:
        """Return what each performance earns and why, by name and part."""
        db.session.expire_all()
        return {key: stage_points.earned(one).points for key, one in self.found.items()}


@pytest.mark.long
def test_rows_made_in_another_order_give_the_same_points_ranks_and_reasons(app):
    first, second = (Day(random.Random(seed)).perform() for seed in (1, 2))
    assert first.earned() == second.earned()
    assert first.ranking() == second.ranking()
    ranks = [rank for rank, *_ in first.ranking()]
    assert ranks == [1, 2, 3, 3], "two who are level share a rank, whoever was entered first"


@pytest.mark.long
@pytest.mark.parametrize(
    "how", ["a correction undone", "the signature taken back alone", "the time put back"]
)
def test_what_was_changed_and_put_back_leaves_everything_as_it_was(sqlite_app, how):
    day = Day(random.Random(3)).perform()
    ranking, earned = day.ranking(), day.earned()
    one = day.found[NAMES[1], "Chào hỏi"]
    stage_points.unsign(one, "xem lại phiếu", day.head, NOW)
    assert len(day.ranking()) == 3, "whose points nobody stands for is not ranked"
    if how == "a correction undone":
        sheet = sheets.sheet_at(one, 2)
        before = dict(sheet.marks)
        sheets.correct(sheet, before | {"Nội dung": 1200}, "xem nhầm", day.secretary, NOW)
        assert day.earned() != earned
        sheets.correct(sheet, before, "phiếu giấy ghi như cũ", day.secretary, NOW)
    elif how == "the time put back":
        for seconds in (170, 250):
            performances.correct_time(one, seconds * SECOND, "bấm dừng muộn", day.secretary, NOW)
            assert (day.earned() == earned) == (seconds == 250)
    day.sign(one)
    assert (day.earned(), day.ranking()) == (earned, ranking)
