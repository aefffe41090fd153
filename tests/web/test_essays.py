"""Pages of essays handed in before the day: the contestant's, the secretary's list, the judges' copy."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import event

from quiz import clock
from quiz.core.essays import DAY, EssayRule
from quiz.core.judging import Judging
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.rules import Rules, to_dict
from quiz.extensions import db
from quiz.models import Essay, Package
from quiz.services import auth, panels, performances
from quiz.services.audit import Actor
from quiz.web.formatting import datetime_text as moment
from tests.conftest import Browser
from tests.factories import (
    make_account,
    make_card,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

PART = Part("Thuyết trình", max_points=4000, judging=Judging(judges=1), essay=EssayRule(pages=3))
PDF = b"%PDF-1.4\n<</Type /Page>>\n%%EOF\n"


class There:
    """A round that opens tomorrow, two contestants with cards, a secretary and a judge."""

    def __init__(self, app, opens_in: int = DAY, part: Part = PART) -> None:
        unit, now = make_unit("Cò Nòi"), clock.now()
        contest = make_contest(unit)
        stage = make_stage(contest, Rules(parts=(part,), tie_breaks=()))
        self.round = make_round(stage, unit, opens_at=now + opens_in)
        self.entries = [
            make_entry(self.round, make_person(make_cell(unit, f"Bản {n}"), name))
            for n, name in enumerate(("Lò Văn Một", "Hà Thị Hai"))
        ]
        cards = [make_card(contest, entry.person) for entry in self.entries]
        self.accounts = {
            name: make_account((role, unit), username=name)
            for name, role in (
                ("secretary", Role.BOARD_SECRETARY),
                ("judge", Role.JUDGE),
                ("other", Role.JUDGE),
            )
        }
        sessions = [auth.open_session(auth.holder_of(card), hours=12, agent="", now=now) for card in cards]
        db.session.commit()
        self.own = [Browser(app) for _card in cards]
        for browser, session in zip(self.own, sessions, strict=True):
            with browser.client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = session, True
        self.staff = {name: Browser(app).sign_in(name) for name in self.accounts}
        self.url = f"/rounds/{self.round.id}/essays"

    def hand_in(self, name: str = "đề cương.pdf", data: bytes = PDF, who: int = 0) -> str:
        """Send a file as a contestant and return the page it leads to."""
        body = {"e0-part": PART.name, "e0-file": (BytesIO(data), name)}
        return self.own[who].post(self.url, body, follow_redirects=True).get_data(as_text=True)


@pytest.fixture
def there(sqlite_app):
    return There(sqlite_app)


def test_a_contestant_hands_in_sees_it_and_nobody_elses(there):
    assert "Nộp bài trước ngày thi" in there.own[0].get("/rounds").get_data(as_text=True)
    page = there.hand_in()
    assert "Đã nhận bài của bạn" in page and "đề cương.pdf" in page and "1 trang" in page
    essay = db.session.query(Essay).one()
    answer = there.own[0].get(f"/own-essays/{essay.id}")
    assert answer.data == PDF and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert there.own[1].get(f"/own-essays/{essay.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"%PDF-1.4\n" + b"<</Type /Page>>" * 4 + b"%%EOF", "Bài có 4 trang"),
        ("a.pdf", b"MZ", "không đúng loại .pdf"),
        ("a.exe", b"MZ", "Chỉ nhận tệp PDF"),
        ("", b"", "Chưa chọn tệp"),
    ],
)
def test_a_bad_file_is_refused_beside_the_form_and_loses_nothing(there, name, data, words):
    there.hand_in()
    assert words in there.hand_in(name, data)
    assert db.session.query(Essay).one().file_name == "đề cương.pdf"


def test_the_secretary_sees_who_has_not_handed_in_and_notes_what_came_on_paper(there):
    there.hand_in()
    secretary = there.staff["secretary"]
    page = secretary.get(f"/desk/rounds/{there.round.id}/essays").get_data(as_text=True)
    assert "Còn 1 trên 2 thí sinh chưa nộp" in page and page.index("Hà Thị Hai") < page.index("Lò Văn Một")
    url = f"/desk/entries/{there.entries[1].id}/essays"
    body = {"e0-part": PART.name, "act": "paper"}
    done = secretary.post(url, body, follow_redirects=True).get_data(as_text=True)
    assert "Mọi thí sinh đã nộp" in done and "bản giấy" in done
    essay = db.session.query(Essay).filter_by(entry_id=there.entries[0].id).one()
    assert secretary.get(f"/desk/essays/{essay.id}").data == PDF


def test_a_file_is_never_lost_to_a_press_without_one(there):
    there.hand_in()
    url, secretary = f"/desk/entries/{there.entries[0].id}/essays", there.staff["secretary"]
    page = secretary.post(url, {"e0-part": PART.name}).get_data(as_text=True)
    assert "Chưa chọn tệp" in page and "Đã nhận bản giấy, thay tệp đã nộp" in page
    both = {"e0-part": PART.name, "e0-file": (BytesIO(PDF), "a.pdf"), "act": "paper"}
    assert "Đã chọn tệp" in secretary.post(url, both).get_data(as_text=True)
    kept = db.session.query(Essay).one()
    assert (kept.file_name, kept.is_on_paper) == ("đề cương.pdf", False)


def test_late_ones_are_refused_or_taken_with_a_reason(sqlite_app):
    there = There(sqlite_app, opens_in=-DAY)
    assert "Đã hết hạn nộp" in there.hand_in()
    url, secretary = f"/desk/entries/{there.entries[0].id}/essays", there.staff["secretary"]
    refused = secretary.post(url, {"e0-part": PART.name, "act": "paper"}).get_data(as_text=True)
    assert "Hãy ghi lý do nhận bài muộn" in refused
    assert 'href="#e0-reason"' in refused, "the fault leads to the field it is about"
    body = {"e0-part": PART.name, "e0-reason": "ốm", "e0-file": (BytesIO(PDF), "a.pdf")}
    assert "Lý do nhận muộn: ốm" in secretary.post(url, body, follow_redirects=True).get_data(as_text=True)


def test_the_judges_of_the_part_get_the_file_and_no_other_judge(there):
    there.hand_in()
    actor, now = Actor(there.accounts["secretary"].id), clock.now()
    panels.seat_judge(there.round, PART.name, "", 1, there.accounts["judge"], True, actor, now)
    performances.draw_order(there.round, "749", 1, actor, now)
    one = next(p for p in performances.of_round(there.round) if p.entry_id == there.entries[0].id)
    key = one.id
    db.session.commit()
    assert f"/judging/{key}/essay" in there.staff["judge"].get(f"/judging/{key}").get_data(as_text=True)
    assert there.staff["judge"].get(f"/judging/{key}/essay").data == PDF
    assert there.staff["other"].get(f"/judging/{key}/essay").status_code == 404
    assert there.staff["judge"].get(f"/desk/rounds/{there.round.id}/essays").status_code == 403


def test_where_a_package_brought_the_round_nobody_is_said_not_to_have_handed_in(there):
    package = Package(round=there.round, uuid="0" * 32, secret="00" * 32, phrase="", made_at=0)
    package.is_loaded = package.with_stage = True
    db.session.add(package)
    actor, now = Actor(there.accounts["secretary"].id), clock.now()
    panels.seat_judge(there.round, PART.name, "", 1, there.accounts["judge"], True, actor, now)
    performances.draw_order(there.round, "749", 1, actor, now)
    key, round_id = performances.of_round(there.round)[0].id, there.round.id
    db.session.commit()
    for who, place in (("judge", f"/judging/{key}"), ("secretary", f"/desk/performances/{key}"),
                       ("secretary", f"/desk/rounds/{round_id}/essays"), ("judge", "/judging")):  # fmt: skip
        page = there.staff[who].get(place).get_data(as_text=True)
        assert "chưa nộp" not in page.replace("Ghi, chưa nộp</button>", ""), place
        assert place == "/judging" or "Bài nộp trước còn ở máy chủ, không theo gói đề." in page, place
    assert "chưa nộp" not in own_rounds(there)


def own_rounds(there, who=0):
    """Return the page of the own rounds as one line of text, without markup."""
    page = there.own[who].get("/rounds").get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_the_own_rounds_say_until_when_each_part_is_waited_for_and_what_came(there):
    with there.own[0].client.application.test_request_context():
        until = moment(there.round.opens_at)
    assert f"{PART.name}: chưa nộp. Hạn nộp: {until}." in own_rounds(there)
    there.hand_in()
    assert f"{PART.name}: đã nộp lúc" in own_rounds(there)
    body = {"e0-part": PART.name, "act": "paper"}
    there.staff["secretary"].post(f"/desk/entries/{there.entries[1].id}/essays", body)
    assert f"{PART.name}: Ban Tổ chức đã nhận bản giấy lúc" in own_rounds(there, 1)


def test_the_own_rounds_say_when_it_is_too_late(sqlite_app):
    assert f"{PART.name}: chưa nộp. Đã hết hạn nộp lúc" in own_rounds(There(sqlite_app, opens_in=-DAY))


def test_essays_cost_the_own_rounds_one_query_however_many_parts_ask(there):
    none, one, three = (queries_of(there, asking) for asking in (0, 1, 3))
    assert none + 1 == one == three


def queries_of(there, asking: int) -> int:
    """Return how many queries the own rounds take where so many of three parts ask for an essay."""
    parts = (replace(PART, name=f"Phần {n}", essay=EssayRule() if n < asking else None) for n in range(3))
    there.round.stage.rules = to_dict(Rules(parts=tuple(parts), tie_breaks=()))
    db.session.commit()
    there.own[0].get("/rounds")
    counted = []

    def note(*_args):
        counted.append(1)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        there.own[0].get("/rounds")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(counted)


@pytest.mark.parametrize("who", ["contestant", "secretary"])
def test_a_file_past_what_any_page_takes_is_refused_with_what_an_essay_may_have(there, who):
    body = b'--x\r\nContent-Disposition: form-data; name="e0-file"; filename="a.pdf"\r\n\r\n' + bytes(
        13 * 1024 * 1024
    )
    browser, url = {
        "contestant": (there.own[0], there.url),
        "secretary": (there.staff["secretary"], f"/desk/entries/{there.entries[0].id}/essays"),
    }[who]
    answer = browser.client.post(url, data=body, content_type="multipart/form-data; boundary=x")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 413 and "Tệp lớn hơn 5 MB. Hãy giảm cỡ ảnh trong bài rồi nộp lại." in page
    assert "chia tệp" not in page and f'href="{url}"' in page
