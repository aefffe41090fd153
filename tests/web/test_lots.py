"""Pages of question packages: made by the secretary, printed with answers, drawn and shown on the stage."""

import pytest

from quiz.core.items import Kind
from quiz.extensions import db
from quiz.models import Lot, Performance
from tests.factories import make_item
from tests.web.test_stage import PART, There

POINTS = [{"text": "Nêu đúng nguyên tắc", "marks": 500}]


@pytest.fixture
def there(sqlite_app):
    """Two contestants, and questions for four packages of one to choose and one to say; the order is drawn."""
    there = There(sqlite_app)
    for _number in range(4):
        make_item()
        make_item(kind=Kind.ORAL, options=(), key=(), points=POINTS)
    db.session.commit()
    there.keys = there.draw()
    return there


def make(there, packages=4, who="secretary", **changes) -> str:
    lines = {"source0": "choice:bank", "count0": "1", "source1": "aloud:bank", "count1": "1"} | changes
    data = {f"lots0-{name}": value for name, value in lines.items()}
    return there.post(
        who, f"{there.url}/lots", part=PART.name, group="", **{"lots0-packages": packages}, **data
    )


def test_packages_are_made_listed_without_their_questions_and_printed_with_answers(there):
    assert "Đã lập 4 gói câu hỏi" in make(there)
    page = there.get("secretary", f"{there.url}/lots")
    stems = [item.version.stem for lot in db.session.query(Lot) for item in lot.items]
    assert len(set(stems)) == 8 and page.count("chưa bốc") == 4 and not any(stem in page for stem in stems)
    paper = (
        there.browsers["secretary"].get(f"{there.url}/lots/printed?part={PART.name}").get_data(as_text=True)
    )
    assert all(stem in paper for stem in stems)
    assert paper.count("Đáp án: B") == 4 and paper.count("Nêu đúng nguyên tắc") == 4 and "Điều 1" in paper


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"packages": 5}, "có 4 câu dùng được, cần 5 câu cho 5 gói"),
        ({"count0": ""}, "Hãy ghi số câu từ 1 đến 20"),
        ({"source1": ""}, "Hãy chọn nguồn câu hỏi, hoặc xóa số câu"),
        ({"source0": "", "count0": "", "source1": "", "count1": ""}, "phải có ít nhất một câu"),
        ({"packages": "0"}, "Số phải từ 1"),
    ],
)
def test_a_make_up_that_cannot_be_is_shown_beside_its_fields(there, changes, words):
    assert words in make(there, **changes) and db.session.query(Lot).count() == 0


def test_only_those_who_run_the_stage_see_packages(there):
    make(there)
    for who in ("judge1", "head"):
        for url in (f"{there.url}/lots", f"{there.url}/lots/printed?part={PART.name}"):
            assert there.browsers[who].get(url).status_code == 403


def test_a_package_is_drawn_on_the_stage_and_gone_for_the_next(there):
    make(there)
    first, second = there.keys
    assert "Đã bốc gói số 3" in there.post(
        "secretary", f"/desk/performances/{first}/lot", **{"lot-number": 3}
    )
    again = there.post("secretary", f"/desk/performances/{second}/lot", **{"lot-number": 3})
    assert "không còn trong các gói chưa bốc" in again
    assert "Đã bốc gói số" in there.post("secretary", f"/desk/performances/{second}/lot", act="machine")
    twice = there.post("secretary", f"/desk/performances/{second}/lot", act="machine")
    assert "đã bốc gói câu hỏi" in twice
    assert "không lập lại được" in make(there)
    assert there.get("secretary", f"{there.url}/lots").count("đã bốc") == 2


def test_a_draw_is_taken_back_with_a_reason_and_its_package_stays_marked(there):
    make(there)
    first, _ = there.keys
    url = f"/desk/performances/{first}/lot"
    there.post("secretary", url, **{"lot-number": 2})
    there.post("secretary", f"{url}/back", **{"lot-reason": ""})
    assert db.session.get(Performance, first).lot_id is not None
    assert "Đã hủy lần bốc" in there.post("secretary", f"{url}/back", **{"lot-reason": "đọc nhầm"})
    page = there.get("secretary", f"{there.url}/lots")
    assert "Lý do hủy: đọc nhầm" in page and page.count("chưa bốc") == 3


def test_a_package_taken_back_leaves_too_few_and_the_list_says_so(there):
    make(there, packages=2)
    assert "gói dùng được" not in there.get("secretary", f"{there.url}/lots")
    url = f"/desk/performances/{there.keys[0]}/lot"
    there.post("secretary", url, **{"lot-number": 2})
    there.post("secretary", f"{url}/back", **{"lot-reason": "đọc nhầm"})
    assert "Có 2 thí sinh nhưng chỉ có 1 gói dùng được" in there.get("secretary", f"{there.url}/lots")


def test_a_question_is_shown_after_the_call_and_taken_off_again(there):
    make(there)
    first, _ = there.keys
    url = f"/desk/performances/{first}"
    there.post("secretary", f"{url}/lot", act="machine")
    assert "Hãy gọi thí sinh" in there.post("secretary", f"{url}/lot/question", place=1)
    there.post("secretary", f"{url}/clock", act="call")
    page = there.post("secretary", f"{url}/lot/question", place=1)
    assert "Màn hình đang chiếu câu 1" in page and "Màn hình hội trường chưa mở" in page
    assert "Màn hình chưa chiếu câu nào" in there.post("secretary", f"{url}/lot/question", place=0)


def test_spare_packages_are_added_once_one_was_drawn(there):
    make(there, packages=2)
    spare = f"{there.url}/lots/spare"
    asked = {"part": PART.name, "group": "", "spare0-packages": 1}
    assert "Thêm gói dự phòng" not in there.get("secretary", f"{there.url}/lots")
    assert "Hãy lập lại" in there.post("secretary", spare, **asked)
    url = f"/desk/performances/{there.keys[0]}/lot"
    there.post("secretary", url, **{"lot-number": 2})
    there.post("secretary", f"{url}/back", **{"lot-reason": "đọc nhầm"})
    assert "Thêm gói dự phòng" in there.get("secretary", f"{there.url}/lots")
    refused = there.post("secretary", spare, **asked | {"spare0-packages": 9})
    assert "có 2 câu dùng được, cần 9 câu cho 9 gói" in refused
    assert "Số phải từ 1" in there.post("secretary", spare, **asked | {"spare0-packages": 0})
    assert "Không có phần thi ấy" in there.post("secretary", spare, **asked | {"part": "?"})
    page = there.post("secretary", spare, **asked)
    assert "Đã thêm 1 gói dự phòng, từ số 3." in page and "gói dùng được" not in page
    assert "Đã bốc gói số 3" in there.post("secretary", url, **{"lot-number": 3})
    assert there.browsers["judge1"].post(spare, asked).status_code == 403
