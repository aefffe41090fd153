"""A day on the stage small enough to play by hand: one part with three criteria, three judges, three contestants.

Run as a module on a demo's data it makes the accounts and two rounds, and prints the numbers of the rounds.
"""

from quiz import clock
from quiz.core.judging import Criterion, Judging
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Account, Round, Unit
from tests.factories import (
    HOUR,
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


def make_judges() -> None:
    """Make the judges' accounts, with the passwords of the demo."""
    secretary = db.session.query(Account).filter_by(username="thuky").one()
    district = db.session.query(Unit).filter_by(code="MS").one()
    for username, name in JUDGES.items():
        judge = make_account((Role.JUDGE, district), username=username)
        judge.display_name, judge.password_hash = name, secretary.password_hash
    db.session.flush()


if __name__ == "__main__":
    from app import app

    with app.app_context():
        make_judges()
        made = [
            make_stage_round(CONTESTANTS, "Chung khảo cấp huyện"),
            make_stage_round(OTHERS, "Chung khảo thử"),
        ]
        db.session.commit()
        print(*(one.id for one in made))
