"""A day on the stage small enough to play by hand: one part with three criteria, three judges, three contestants.

Run as a module on a demo's data it makes the accounts and two rounds with panels and order, the second contestant of
the first round signed, and prints the number of that round.
"""

from quiz import clock
from quiz.core.judging import Criterion, Judging
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Account, Round, Unit
from quiz.services import panels, performances, sheets, stage_points
from quiz.services.audit import SYSTEM, Actor
from tests.factories import (
    HOUR,
    count_from,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
)

PART = "Thuyết trình về sinh hoạt chi bộ"
CONTENT = "Nội dung bám sát nghị quyết của cấp ủy và việc thật ở chi bộ"
STYLE, ANSWER = "Phong cách trình bày", "Trả lời câu hỏi của Ban Giám khảo"
CRITERIA = (Criterion(CONTENT, 2000, 25), Criterion(STYLE, 1000, 25), Criterion(ANSWER, 1000, 50))
GAP = 800
SECOND = {CONTENT: 1800, STYLE: 900, ANSWER: 900}
MINUTE = 60_000
JUDGES = {
    "giamkhao1": "Hoàng Thị Thanh Hương",
    "giamkhao2": "Lò Văn Phương",
    "giamkhao3": "Nguyễn Đức Thắng",
}
CONTESTANTS = ("Cầm Thị Hồng Nhung", "Quàng Văn Tiến", "Vì Thị Mai")
OTHERS = ("Hà Văn Chứng", "Lường Thị Kiểm")  # of a second round, for what would spoil the first


def make_stage_round(names: tuple[str, ...], title: str) -> Round:
    """Make a round of the district with a contestant for each name, and return it."""
    district = db.session.query(Unit).filter_by(code="MS").one()
    rule = OverTime(OverTimeRule.STEPS)
    part = Part(PART, max_points=4000, minutes=3, judging=Judging(CRITERIA, 3, gap=GAP, over_time=rule))
    contest = make_contest(district, title=title)
    now = clock.now()
    found = make_round(
        make_stage(contest, Rules(parts=(part,), tie_breaks=()), name="Chung khảo"),
        district, opens_at=now - 2 * HOUR, hours=1, opened_at=now - 2 * HOUR, name=title,
    )  # fmt: skip
    for number, name in enumerate(names, start=1):
        make_entry(found, make_person(make_cell(district, f"Bản Sân Khấu {number}"), name))
    return found


def make_judges() -> list[Account]:
    """Make the judges' accounts, with the passwords of the demo, and return them."""
    secretary = db.session.query(Account).filter_by(username="thuky").one()
    district = db.session.query(Unit).filter_by(code="MS").one()
    made = [make_account((Role.JUDGE, district), username=username) for username in JUDGES]
    for judge in made:
        judge.display_name, judge.password_hash = JUDGES[judge.username], secretary.password_hash
    db.session.flush()
    return made


def seat_and_draw(found: Round, judges: list[Account]) -> None:
    """Seat the panel of a round and draw its order."""
    now = clock.now()
    for seat, judge in enumerate(judges, start=1):
        panels.seat_judge(found, PART, "", seat, judge, seat == 1, SYSTEM, now)
    performances.draw_order(found, "7 4 9", 1, SYSTEM, now)


def sign_second(found: Round, judges: list[Account]) -> None:
    """Let the second contestant have performed, every judge give SECOND, and the points be signed."""
    second, now = performances.of_round(found)[1], clock.now()
    performances.start(second, SYSTEM, now - MINUTE)
    performances.stop(second, SYSTEM, now)
    for judge in judges:
        sheets.save(second, SECOND, "", now, Actor(judge.id), now)
        sheets.submit(second, Actor(judge.id), now)
    head = db.session.query(Account).filter_by(username="truongban").one()
    stage_points.check(second, SYSTEM, now)
    stage_points.sign(second, Actor(head.id), now)


if __name__ == "__main__":
    from app import app

    count_from(1_000_000)  # tests/journeys/addresses.py may fill the same site before or after
    with app.app_context():
        seated = make_judges()
        first = make_stage_round(CONTESTANTS, "Chung khảo cấp huyện")
        other = make_stage_round(OTHERS, "Chung khảo thử")
        seat_and_draw(first, seated)
        seat_and_draw(other, seated)
        sign_second(first, seated)
        db.session.commit()
        print(first.id)
