"""The page where a board says how a judged part is judged, and what becomes of it when other rules change."""

from dataclasses import replace

import pytest

from quiz import clock
from quiz.core.essays import EssayRule
from quiz.core.judging import Averaging, Criterion, Judging, Missing, OnGap
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part, PartKind
from quiz.core.permissions import Role
from quiz.core.ranking import TieBreak
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Amendment, Stage
from quiz.services import contests, performances
from quiz.services.audit import Actor
from quiz.web.judging_words import sentences_of
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)
from tests.web.test_contests import Fields, page

GREETING = Part("Chào hỏi", max_points=2000, weight=40, minutes=3)
TALK = Part("Thuyết trình", max_points=4000, weight=60)
FILLED = {
    "max_points": "20", "criteria-0-name": "Nội dung", "criteria-0-max_points": "12", "criteria-0-step": "",
    "criteria-1-name": "Phong cách", "criteria-1-max_points": "8", "criteria-1-step": "0,5", "criteria-2-name": "",
    "judges": "5", "averaging": "drop_extremes", "drop_from": "5", "gap": "5", "on_gap": "head",
    "missing": "present", "over_time": "steps", "steps-0-seconds": "1", "steps-0-points": "0,25",
    "steps-1-seconds": "60", "steps-1-points": "0,5", "per_minute": "1", "decimals": "1",
}  # fmt: skip
JUDGING = Judging(
    (Criterion("Nội dung", 1200, 25), Criterion("Phong cách", 800, 50)), 5, Averaging.DROP_EXTREMES, 5, 500,
    OnGap.HEAD, Missing.PRESENT, OverTime(OverTimeRule.STEPS, ((1, 25), (60, 50)), 100), 1,
)  # fmt: skip


@pytest.fixture
def stage(sqlite_app):
    """A stage of two judged parts, and its organizer."""
    unit = make_unit("Cò Nòi")
    made = make_stage(make_contest(unit), Rules(parts=(GREETING, TALK), tie_breaks=()))
    make_account((Role.ORGANIZER, unit), username="xa")
    db.session.commit()
    return made


@pytest.fixture
def board(sqlite_app, stage):
    return Browser(sqlite_app).sign_in("xa")


def url_of(stage, place=1):
    return f"/stages/{stage.id}/parts/{place}/judging"


def parts_of(stage):
    db.session.expire_all()
    return contests.rules_of(db.session.get_one(Stage, stage.id)).parts


def touched(board, url, **changes):
    """Send the form at `url` as it stands but for `changes`."""
    fields = Fields()
    fields.feed(page(board.get(url)))
    sent = {key: value for key, value in fields.sent.items() if key not in ("csrf_token", "more")}
    return board.post(url, sent | changes)


def test_what_is_filled_in_is_how_the_part_is_judged(board, stage):
    answer = board.post(url_of(stage), FILLED)
    assert (answer.status_code, answer.location) == (302, f"/stages/{stage.id}")
    assert [part.judging for part in parts_of(stage)] == [JUDGING, Judging()]
    shown = page(board.get(url_of(stage)))
    assert 'value="Phong cách"' in shown and 'value="0,50"' in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"criteria-1-max_points": "7"}, "đang cộng được 19,00 điểm; phần thi có 20,00 điểm"),
        ({"criteria-1-max_points": ""}, "Hãy ghi điểm tối đa, hoặc xóa tên"),
        ({"criteria-1-name": ""}, "Hãy ghi tên tiêu chí, hoặc xóa điểm"),
        ({"judges": ""}, "Chưa điền mục này"),
        ({"judges": "16"}, "Số giám khảo phải từ 1 đến 15"),
        ({"judges": "3"}, "không được nhiều hơn số giám khảo"),
        ({"gap": "", "on_gap": "head"}, "Hãy ghi mức chênh lệch"),
        ({"on_gap": "third"}, "chỉ dùng khi có hai người chấm"),
        ({"steps-1-points": ""}, "Hãy ghi cả số giây và số điểm trừ"),
        ({"steps-1-points": "0,1"}, "quá lâu hơn thì trừ nhiều hơn"),
        ({"over_time": "per_minute", "per_minute": "0"}, "Điểm trừ cho mỗi phút phải trên 0"),
        ({"averaging": ""}, "Hãy chọn một mục có trong danh sách"),
        ({"max_points": "nhiều"}, "Hãy nhập một số"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_nothing_is_saved(board, stage, changes, told):
    assert told in page(board.post(url_of(stage), FILLED | changes))
    assert parts_of(stage)[0] == GREETING


def test_more_lines_keep_what_was_typed_and_save_nothing(board, stage):
    shown = page(board.post(url_of(stage), FILLED | {"more": "criteria"}))
    assert 'name="criteria-5-name"' in shown and 'value="Phong cách"' in shown
    assert parts_of(stage)[0] == GREETING


def test_the_points_of_a_part_and_of_its_criteria_change_together(board, stage):
    board.post(url_of(stage), FILLED)
    board.post(url_of(stage), FILLED | {"max_points": "22", "criteria-1-max_points": "10"})
    assert (parts_of(stage)[0].max_points, parts_of(stage)[0].judging.max_points) == (2200, 2200)


def test_only_a_judged_part_has_the_page(board, stage):
    assert [board.get(url_of(stage, place)).status_code for place in (0, 1, 2, 3)] == [404, 200, 200, 404]


@pytest.mark.parametrize(
    ("changes", "judged"),
    [
        ({"name": "Cấp cơ sở"}, {"Chào hỏi": JUDGING, "Thuyết trình": Judging()}),
        ({"parts-0-name": "Màn chào hỏi"}, {"Màn chào hỏi": JUDGING, "Thuyết trình": Judging()}),
        ({"parts-0-weight": "50", "parts-1-weight": "50"}, {"Chào hỏi": JUDGING, "Thuyết trình": Judging()}),
        (
            {  # the two lines change places
                "parts-0-name": "Thuyết trình", "parts-0-max_points": "40", "parts-1-name": "Chào hỏi",
                "parts-1-max_points": "20",
            },
            {"Thuyết trình": Judging(), "Chào hỏi": JUDGING},
        ),
        (
            {"parts-0-name": "", "parts-1-weight": "100"},
            {"Thuyết trình": Judging()},
        ),
    ],
)  # fmt: skip
def test_the_other_rules_of_the_stage_change_without_it(board, stage, changes, judged):
    board.post(url_of(stage), FILLED)
    assert touched(board, f"/stages/{stage.id}/edit", **changes).status_code == 302
    assert {part.name: part.judging for part in parts_of(stage)} == judged


def test_other_points_in_the_stage_form_point_to_the_page_of_the_criteria(board, stage):
    board.post(url_of(stage), FILLED)
    shown = page(touched(board, f"/stages/{stage.id}/edit", **{"parts-0-max_points": "30"}))
    assert "Đổi cả hai ở trang Cách chấm" in shown and url_of(stage) in shown


def test_equal_totals_are_parted_by_named_parts_in_the_order_chosen(board, stage):
    url = f"/stages/{stage.id}/edit"
    answer = touched(board, url, **{"criteria-0": "part:Thuyết trình", "criteria-1": "part:Chào hỏi"})
    order = "(1) Điểm phần “Thuyết trình” cao hơn; (2) Điểm phần “Chào hỏi” cao hơn"
    assert answer.status_code == 302 and order in page(board.get(f"/stages/{stage.id}"))
    touched(board, url, **{"parts-1-name": "Trình bày"})
    assert "(1) Điểm phần “Trình bày” cao hơn; (2)" in page(board.get(f"/stages/{stage.id}"))


def test_as_many_criteria_may_part_equal_totals_as_there_are(board, stage):
    parts = (
        Part("Trắc nghiệm", PartKind.ONLINE, weight=40),
        replace(GREETING, weight=20),
        replace(TALK, weight=40),
    )
    make_item()  # of the topic of the paper
    joined = make_stage(stage.contest, make_rules(parts=parts), ordinal=2)
    db.session.commit()
    url = f"/stages/{joined.id}/edit"
    declared = [*TieBreak, "part:Thuyết trình", "part:Chào hỏi"]
    answer = touched(board, url, **{f"criteria-{place}": str(name) for place, name in enumerate(declared)})
    assert answer.status_code == 302
    db.session.expire_all()
    assert list(contests.rules_of(db.session.get_one(Stage, joined.id)).tie_breaks) == declared
    assert 'name="criteria-6"' in page(board.get(url))


def test_the_page_sets_the_minutes_and_without_them_leaves_them(board, stage):
    board.post(url_of(stage), FILLED)
    assert parts_of(stage)[0].minutes == 3
    board.post(url_of(stage), FILLED | {"minutes": "5"})
    assert parts_of(stage)[0].minutes == 5
    board.post(url_of(stage), FILLED | {"minutes": ""})
    assert parts_of(stage)[0].minutes == 0


def test_after_the_opening_it_changes_by_a_numbered_amendment(board, stage):
    stage.frozen_at = clock.now()
    db.session.commit()
    assert "Chưa điền mục này" in page(board.post(url_of(stage), FILLED))
    assert board.post(url_of(stage), FILLED | {"reason": "kế hoạch số 12"}).status_code == 302
    assert db.session.query(Amendment).one().number == 1
    assert parts_of(stage)[0].judging == JUDGING


def on_stage(stage, now):
    unit = stage.contest.unit
    held = make_round(stage, unit, opens_at=now - 2 * HOUR, hours=1, opened_at=now - 2 * HOUR)
    make_entry(held, make_person(make_cell(unit)))
    performances.draw_order(held, "7 4 9", 1, Actor(make_account().id), now)
    return performances.of_round(held)[0]


def test_once_somebody_has_performed_it_stands(board, stage):
    now = clock.now()
    performance = on_stage(stage, now)
    stage.frozen_at = now
    performances.start(performance, Actor(make_account().id), now)
    db.session.commit()
    assert "cách chấm không sửa được nữa" in page(board.get(url_of(stage)))
    answer = board.post(url_of(stage), FILLED | {"reason": "muộn"}, follow_redirects=True)
    assert "cách chấm không sửa được nữa" in page(answer) and parts_of(stage)[0] == GREETING


def test_after_the_draw_no_part_gets_another_name(board, stage):
    on_stage(stage, clock.now())
    db.session.commit()
    shown = page(touched(board, f"/stages/{stage.id}/edit", **{"parts-0-name": "Màn chào hỏi"}))
    assert "Thứ tự thi đã bốc thăm" in shown and parts_of(stage)[0] == GREETING


# --- what the Thể lệ prints ---------------------------------------------------------------------------------------

TWO_MARKERS = Judging(
    (Criterion("Nội dung", 2000, 50),),
    2,
    gap=400,
    on_gap=OnGap.THIRD,
    over_time=OverTime(OverTimeRule.CUT_OFF),
)
PER_MINUTE = Judging(
    judges=3, gap=500, over_time=OverTime(OverTimeRule.PER_MINUTE, per_minute=50), decimals=0
)


@pytest.mark.parametrize(
    ("judging", "minutes", "said"),
    [
        (
            JUDGING,
            3,
            [
                "Tiêu chí chấm: Nội dung tối đa 12,00 điểm, bước 0,25; Phong cách tối đa 8,00 điểm, bước 0,50.",
                "Phần này có 5 giám khảo, mỗi người chấm riêng một phiếu.",
                "Khi có từ 5 phiếu trở lên, bỏ một phiếu cao nhất và một phiếu thấp nhất rồi lấy trung bình cộng; ít"
                " hơn thì lấy trung bình cộng của mọi phiếu.",
                "Giám khảo nào vắng thì lấy trung bình cộng của những giám khảo có mặt.",
                "Phiếu cao nhất và phiếu thấp nhất chênh nhau từ 5,00 điểm thì Trưởng ban Giám khảo quyết định điểm và"
                " ghi lý do.",
                "Quá thời gian thì trừ điểm: quá từ 1 giây trừ 0,25 điểm; quá từ 1 phút trừ 0,50 điểm.",
                "Thời gian quá tính theo giây trọn vẹn trên đồng hồ của Ban Tổ chức và trừ vào điểm trung bình.",
                "Điểm của phần thi làm tròn một lần đến 1 chữ số thập phân, từ nửa trở lên thì làm tròn lên.",
            ],
        ),
        (
            TWO_MARKERS,
            60,
            [
                "Tiêu chí chấm: Nội dung tối đa 20,00 điểm, bước 0,50.",
                "Phần này có 2 giám khảo, mỗi người chấm riêng một phiếu.",
                "Điểm của phần thi là trung bình cộng của các phiếu.",
                "Thiếu phiếu của giám khảo nào thì chờ đủ phiếu mới tính điểm.",
                "Hai phiếu chênh nhau từ 4,00 điểm thì người thứ ba chấm và lấy điểm của lần chấm ấy.",
                "Hết thời gian thì dừng; phần sau đó không được chấm.",
                "Điểm của phần thi làm tròn một lần đến 2 chữ số thập phân, từ nửa trở lên thì làm tròn lên.",
            ],
        ),
        (
            PER_MINUTE,
            0,  # without a limit nothing is over it
            [
                "Mỗi giám khảo cho một điểm chung từ 0 đến 20,00, bước 0,25.",
                "Phần này có 3 giám khảo, mỗi người chấm riêng một phiếu.",
                "Điểm của phần thi là trung bình cộng của các phiếu.",
                "Thiếu phiếu của giám khảo nào thì chờ đủ phiếu mới tính điểm.",
                "Phiếu cao nhất và phiếu thấp nhất chênh nhau từ 5,00 điểm thì Ban Giám khảo xem lại; điểm vẫn lấy"
                " trung bình cộng.",
                "Điểm của phần thi làm tròn một lần đến điểm nguyên, từ nửa điểm thì làm tròn lên.",
            ],
        ),
    ],
)
def test_every_declared_thing_is_one_sentence(sqlite_app, judging, minutes, said):
    with sqlite_app.test_request_context():
        assert sentences_of(Part("Chào hỏi", max_points=2000, minutes=minutes, judging=judging)) == said


def test_the_rules_of_the_round_and_its_amendments_print_it(board, stage):
    held = make_round(stage, stage.contest.unit)
    stage.frozen_at = clock.now()
    db.session.commit()
    board.post(url_of(stage), FILLED | {"reason": "kế hoạch số 12"})
    shown = page(board.get(f"/desk/rounds/{held.id}/rules"))
    assert "Chấm phần thi “Chào hỏi”" in shown and "Nội dung tối đa 12,00 điểm, bước 0,25" in shown
    assert "<del>Mỗi giám khảo cho một điểm chung từ 0 đến 20,00, bước 0,25.</del>" in shown
    assert "Nay: Phần này có 5 giám khảo" in shown


def test_a_part_asks_for_an_outline_with_its_deadline_and_pages_and_the_rules_say_so(board, stage):
    asked = {"essay": "y", "essay_days": "10", "essay_pages": "12"}
    board.post(url_of(stage), FILLED | asked)
    part = parts_of(stage)[0]
    assert part.essay == EssayRule(10, 12)
    said = " ".join(sentences_of(part))
    assert "chậm nhất 10 ngày trước giờ mở vòng thi" in said and "không quá 12 trang" in said
    board.post(url_of(stage), FILLED)
    assert parts_of(stage)[0].essay is None
