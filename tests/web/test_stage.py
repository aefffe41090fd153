"""The pages of a day on the stage: panels, draw, clock, sheets on phones and on paper, check, signature, ranking."""

import pytest

from quiz import clock
from quiz.core.judging import Criterion, Judging
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import PanelSeat, Performance, ScoreSheet
from quiz.services.standings import standings_of
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

CRITERIA = (Criterion("Nội dung", 1200, 25), Criterion("Phong cách", 800, 25))
PART = Part(
    "Giới thiệu", max_points=2000, minutes=3,
    judging=Judging(CRITERIA, judges=2, gap=300, over_time=OverTime(OverTimeRule.STEPS)),
)  # fmt: skip


class There:
    """A round before two judges with two contestants; browsers by role."""

    def __init__(self, app) -> None:
        unit = make_unit("Cò Nòi")
        stage = make_stage(make_contest(unit), Rules(parts=(PART,), tie_breaks=()))
        now = clock.now()
        self.round = make_round(stage, unit, opens_at=now - 2 * HOUR, hours=1, opened_at=now - 2 * HOUR)
        self.entries = [
            make_entry(self.round, make_person(make_cell(unit, f"Bản {n}"), name))
            for n, name in enumerate(("Lò Văn Một", "Hà Thị Hai"))
        ]
        roles = dict.fromkeys(("judge1", "judge2", "stranger"), Role.JUDGE) | {
            "organizer": Role.ORGANIZER,
            "secretary": Role.BOARD_SECRETARY,
            "other": Role.BOARD_SECRETARY,
            "head": Role.HEAD_JUDGE,
        }
        self.accounts = {name: make_account((role, unit), username=name) for name, role in roles.items()}
        db.session.commit()
        self.browsers = {name: Browser(app).sign_in(name) for name in roles}
        self.url = f"/desk/rounds/{self.round.id}"

    def post(self, who: str, url: str, **data):
        """Post a form as somebody and return the page it leads to."""
        return self.browsers[who].post(url, data, follow_redirects=True).get_data(as_text=True)

    def get(self, who: str, url: str) -> str:
        """Return a page as somebody sees it."""
        return self.browsers[who].get(url).get_data(as_text=True)

    def seat(self) -> str:
        """Fill the panel and return the page."""
        seats = {f"panel0-seat{n}": self.accounts[f"judge{n}"].id for n in (1, 2)}
        kept = {"panel0-part": PART.name, "panel0-group": "", "panel0-head": 1}
        return self.post("organizer", f"{self.url}/panels", **kept, **seats)

    def draw(self) -> list[int]:
        """Draw the order and return the performances in it."""
        self.post("secretary", f"{self.url}/stage", seed="7 4 9", sessions=1)
        return [one.id for one in db.session.query(Performance).order_by(Performance.drawn)]

    def perform(self, key: int) -> None:
        """Start and stop the clock."""
        for act in ("call", "start", "stop"):
            self.post("secretary", f"/desk/performances/{key}/clock", act=act)

    def mark(self, who: str, key: int, content: str, style: str = "7") -> str:
        """Fill in a sheet without scripts and hand it in."""
        return self.post(who, f"/judging/{key}", c0=content, c1=style, note="", act="submit")


@pytest.fixture
def there(sqlite_app):
    """The round, before anybody sits on its panel."""
    return There(sqlite_app)


def test_a_whole_performance_goes_from_the_draw_to_the_ranking(there):
    assert "Đã ghi ban chấm" in there.seat()
    first, second = there.draw()
    for key, content in ((first, "11"), (second, "10")):
        there.perform(key)
        assert "Đã nộp phiếu chấm" in there.mark("judge1", key, content)
        there.mark("judge2", key, "10,5")
        assert "Chờ ký" in there.post("secretary", f"/desk/performances/{key}/check")
        assert "Đã ký điểm" in there.post("head", f"/judging/{key}/sign")
    db.session.expire_all()
    lines = standings_of(there.round)
    assert [(line.rank, line.points) for line in lines] == [(1, 8875), (2, 8625)]
    ranking = there.get("organizer", f"{there.url}/ranking")
    assert "Giới thiệu: 17,75/20,00 điểm" in ranking and "88,75" in ranking


def test_the_order_is_drawn_once(there):
    there.seat()
    assert "Số công khai để bốc thăm" in there.get("secretary", f"{there.url}/stage")
    keys = there.draw()
    assert "số bốc thăm “" in there.get("secretary", f"{there.url}/stage")
    again = there.post("secretary", f"{there.url}/stage", seed="khác", sessions=1)
    assert "đã được bốc thăm" in again and db.session.query(Performance).count() == len(keys) == 2


def test_a_stage_without_questions_leads_to_no_weak_topics(there):
    stage = there.round.stage
    stage.frozen_at = clock.now()
    db.session.commit()
    assert "Chuyên đề còn yếu" not in there.get("organizer", f"/stages/{stage.id}")


def test_the_next_contestant_and_the_missing_panel_are_shown(there):
    first, _second = there.draw()
    page = there.get("secretary", f"/desk/performances/{first}")
    assert "Thí sinh tiếp theo" in page and "chưa có ban chấm" in page
    assert "mới có 0 trên 2 giám khảo" in there.get("secretary", f"{there.url}/stage")


def test_a_judge_of_another_panel_finds_nothing(there):
    there.seat()
    first, _ = there.draw()
    assert there.browsers["stranger"].get(f"/judging/{first}").status_code == 404
    assert "chưa được phân công" in there.get("stranger", "/judging")
    assert "Lò Văn Một" in there.get("judge1", "/judging")


def save(there, key, stamp, marks, who="judge1"):
    browser = there.browsers[who]
    body = {"marks": marks, "note": "rõ ràng", "stamp": stamp}
    return browser.client.post(f"/judging/{key}/marks", json=body, headers={"X-CSRFToken": browser.token()})


def test_a_mark_is_saved_at_once_and_an_overtaken_save_changes_nothing(there):
    there.seat()
    first, _ = there.draw()
    assert save(there, first, 5, {"Nội dung": 1000}).get_json() == {
        "stamp": 5, "marks": {"Nội dung": 1000}, "total": 1000,
    }  # fmt: skip
    assert save(there, first, 4, {"Nội dung": 200}).get_json()["marks"] == {"Nội dung": 1000}
    assert 'value="10"' in there.get("judge1", f"/judging/{first}")


@pytest.mark.parametrize(
    ("marks", "stamp", "status"),
    [
        ({"Nội dung": 1300}, 1, 400),
        ({"Nội dung": "10"}, 1, 400),
        ({"Lạ": 0}, 1, 400),
        ({}, -1, 400),
        ([], 1, 400),
    ],
)
def test_what_no_sheet_can_hold_is_refused_with_a_sentence(there, marks, stamp, status):
    there.seat()
    first, _ = there.draw()
    answer = save(there, first, stamp, marks)
    assert answer.status_code == status and answer.get_json()["error"]
    assert db.session.query(ScoreSheet).filter(ScoreSheet.stamp > 0).count() == 0


def test_a_sheet_handed_in_is_not_changed_by_a_late_save(there):
    there.seat()
    first, _ = there.draw()
    there.mark("judge1", first, "11")
    assert save(there, first, 2**50, {"Nội dung": 0}).status_code == 409
    assert db.session.query(ScoreSheet).one().marks["Nội dung"] == 1100


def test_an_open_criterion_is_asked_for_and_what_was_typed_stays(there):
    there.seat()
    first, _ = there.draw()
    page = there.mark("judge1", first, "11", "")
    assert "chưa có điểm" in page and 'value="11"' in page


def test_the_others_marks_are_hidden_until_all_are_in_and_a_gap_is_said(there):
    there.seat()
    first, _ = there.draw()
    there.mark("judge1", first, "11")
    assert "hiện khi mọi người đã nộp" in there.get("judge1", f"/judging/{first}")
    there.mark("judge2", first, "5")
    assert "chênh nhau 6" in there.get("judge1", f"/judging/{first}")


def key_sheet(there, who, key, content, seat=2):
    return there.post(who, f"/desk/performances/{key}/sheets/{seat}", c0=content, c1="7")


def test_a_paper_sheet_is_keyed_by_two_people(there):
    there.seat()
    first, _ = there.draw()
    assert "lần nhập thứ nhất" in key_sheet(there, "secretary", first, "10")
    assert "phải do người khác" in key_sheet(there, "secretary", first, "10")
    assert "khác nhau" in key_sheet(there, "other", first, "11")
    assert "khớp nhau" in key_sheet(there, "secretary", first, "11")


def test_a_slip_is_corrected_with_a_reason_before_and_after_the_signature(there):
    there.seat()
    first, _ = there.draw()
    there.perform(first)
    for judge in ("judge1", "judge2"):
        there.mark(judge, first, "11")
    url = f"/desk/performances/{first}/sheets/1"
    assert "Hãy ghi lý do" in there.post("secretary", url, c0="10", c1="7", reason="")
    page = there.post("secretary", url, c0="10", c1="7", reason="Ghi nhầm")
    assert "11,00 → 10,00" in page and "Ghi nhầm" in page
    there.post("secretary", f"/desk/performances/{first}/check")
    there.post("head", f"/judging/{first}/sign")
    assert "rút chữ ký" in there.post("secretary", url, c0="11", c1="7", reason="Sửa lại")
    there.browsers["head"].post(f"/judging/{first}/unsign", {"unsign-reason": "Phiếu giấy ghi 11"})
    assert "10,00 → 11,00" in there.post("secretary", url, c0="11", c1="7", reason="Sửa lại")


def test_time_is_put_right_and_absence_noted_with_reasons(there):
    first, second = there.draw()
    there.perform(first)
    url = f"/desk/performances/{first}/time"
    assert "Hãy ghi lý do" in there.post("secretary", url, minutes=3, seconds=30, reason="")
    assert "3:30" in there.post("secretary", url, minutes=3, seconds=30, reason="Bấm muộn")
    assert "Vắng: Ốm" in there.post(
        "secretary", f"/desk/performances/{second}/absent", **{"act-reason": "Ốm"}
    )


def test_a_panel_cannot_hold_one_judge_twice_and_what_was_chosen_stays(there):
    judge = there.accounts["judge1"].id
    kept = {"panel0-part": PART.name, "panel0-head": 2}
    page = there.post(
        "organizer", f"{there.url}/panels", **kept, **{"panel0-seat1": judge, "panel0-seat2": judge}
    )
    assert "đã có ghế" in page and page.count(f'<option selected value="{judge}">') == 2
    assert db.session.query(PanelSeat).count() == 0


def test_the_panels_of_all_parts_are_kept_together_or_none(there):
    rules = dict(there.round.stage.rules)
    rules["parts"] = [
        *({**part, "weight": 50} for part in rules["parts"]),
        {**rules["parts"][0], "name": "Tình huống", "weight": 50},
    ]
    there.round.stage.rules = rules
    db.session.commit()
    one, two = (there.accounts[f"judge{n}"].id for n in (1, 2))
    chosen = {
        f"panel{place}-{name}": value
        for place, part in enumerate((PART.name, "Tình huống"))
        for name, value in {"part": part, "seat1": one, "seat2": two, "head": 2}.items()
    }
    wrong = there.post("organizer", f"{there.url}/panels", **{**chosen, "panel1-seat2": one})
    assert "đã có ghế" in wrong and db.session.query(PanelSeat).count() == 0
    moved = there.post("organizer", f"{there.url}/panels", **{**chosen, "panel1-part": "Phần đã đổi tên"})
    assert "vừa thay đổi" in moved and db.session.query(PanelSeat).count() == 0
    there.post("organizer", f"{there.url}/panels", **chosen)
    found = db.session.query(PanelSeat).order_by(PanelSeat.part, PanelSeat.seat)
    assert [(seat.part, seat.account_id, seat.is_head) for seat in found] == [
        (PART.name, one, False), (PART.name, two, True), ("Tình huống", one, False), ("Tình huống", two, True),
    ]  # fmt: skip
