"""The final of last month's contest in the demo: a finalist who withdrew, over-time, a slip of the pen (5, 6, 7)."""

from sqlalchemy import select

from quiz.core.judging import Criterion, Judging
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.core.rules import Rules
from quiz.core.timing import MINUTE, SECOND
from quiz.extensions import db
from quiz.models import Account, Contest, Entry, Performance, Round
from quiz.services import (
    contests,
    entries,
    openings,
    panels,
    performances,
    results,
    rounds,
    sheets,
    stage_points,
    successors,
)
from quiz.services.audit import Actor

WITHDRAWN = "Phiêng Pằn"
CONTENT = "Nội dung"
PART = Part(
    "Giới thiệu", max_points=4000, minutes=3,
    judging=Judging((Criterion(CONTENT, 4000, 25),), judges=2, gap=800, over_time=OverTime(OverTimeRule.STEPS)),
)  # fmt: skip
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
HEAD, JUDGE = "truongban", "giamkhao"
OVER, SLIP = 0, 1  # whose introduction ran over, whose mark was written wrongly, by place in the drawn order
MARKS = ((3000, 2900), (3800, 2750), (3150, 3100))  # of the head and the judge; 38 was meant to be 28


def prepare(contest: Contest, midnight: int, organizer: Actor, now: int) -> Round:
    """Make the final, two days ago, and return its round."""
    rules = Rules(parts=(PART,), tie_breaks=())
    stage = contests.add_stage(contest, "Cấp huyện, tháng này", organizer, now, rules)
    opens_at = midnight - 2 * DAY + 8 * HOUR
    name = "Vòng chung kết trên sân khấu"
    return rounds.add_round(stage, contest.unit, name, opens_at, opens_at + 3 * HOUR, organizer, now)


def play(final: Round, staff: dict[str, Account], midnight: int) -> None:
    """Let the reserve take over two days before, hold the final, sign its points and publish them provisionally."""
    organizer, secretary = Actor(staff["bantochuc"].id), Actor(staff["thuky"].id)
    opens_at = midnight - 2 * DAY + 8 * HOUR
    _withdraw(final, organizer, opens_at - 2 * DAY)
    for seat, name in enumerate((HEAD, JUDGE), start=1):
        panels.seat_judge(final, PART.name, "", seat, staff[name], name == HEAD, organizer, opens_at - DAY)
    openings.open_round(final, organizer, opens_at - HOUR)
    performances.draw_order(final, "minh họa", 1, secretary, opens_at)
    for place, turn in enumerate(performances.of_round(final)):
        _perform(turn, place, staff, opens_at + place * 20 * MINUTE)
    results.publish(final, results.PROVISIONAL, "", organizer, opens_at + 4 * HOUR)


def _withdraw(final: Round, organizer: Actor, now: int) -> None:
    query = select(Entry).where(Entry.round_id == final.id).order_by(Entry.id)
    found = next(entry for entry in db.session.scalars(query) if _commune_of(entry) == WITHDRAWN)
    entries.withdraw(found, "Ốm, có giấy của trạm y tế xã", organizer, now)
    successors.call(found, "", organizer, now + HOUR)


def _commune_of(entry: Entry) -> str:
    return entry.person.unit.parent.name if entry.person.unit.parent else ""


def _perform(turn: Performance, place: int, staff: dict[str, Account], now: int) -> None:
    """Let somebody perform, the judges mark, the secretary check and the head of the judges sign."""
    secretary = Actor(staff["thuky"].id)
    length = PART.minutes * MINUTE + (80 * SECOND if place == OVER else -10 * SECOND)
    performances.start(turn, secretary, now)
    performances.stop(turn, secretary, now + length)
    for name, points in zip((HEAD, JUDGE), MARKS[place], strict=True):
        judge = Actor(staff[name].id)
        sheets.save(turn, {CONTENT: points}, "", 1, judge, now + 6 * MINUTE)
        sheets.submit(turn, judge, now + 6 * MINUTE)
    if place == SLIP:
        _put_right(turn, secretary, now + 9 * MINUTE)
    stage_points.check(turn, secretary, now + 10 * MINUTE)
    stage_points.sign(turn, Actor(staff[HEAD].id), now + 12 * MINUTE)


def _put_right(turn: Performance, secretary: Actor, now: int) -> None:
    sheet = sheets.sheet_at(turn, 1)
    assert sheet is not None  # noqa: S101 handed in above
    sheets.correct(sheet, {CONTENT: 2800}, "Ghi nhầm 28 thành 38", secretary, now)
