"""Papers from drawing to marking through the pages: what is printed, who may key, and that nobody sees too much."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from quiz import clock
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Attempt, AuditEvent, Keying, PrintedPaper, Response
from quiz.services import cards, papers, printed_papers
from quiz.services.audit import Actor
from quiz.web.printed_papers import code_text
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
    make_stage,
    make_unit,
    open_for_test,
)


class Place:
    """Two communes with an open round each; staff of the first, and one person entered in either."""

    def __init__(self):
        district = make_unit("Mai Sơn", type_label="huyện")
        stage = make_stage(make_contest(district))
        items, began = [make_item() for _ in range(6)], clock.now() - HOUR
        self.rounds, self.entries = [], []
        for name in ("Cò Nòi", "Hát Lót"):
            commune = make_unit(name, district)
            contest_round = make_round(stage, commune, opens_at=began, hours=9)
            open_for_test(contest_round, items, began)
            self.entries.append(make_entry(contest_round, make_person(make_cell(commune), f"Lò Văn {name}")))
            self.rounds.append(contest_round)
        for role, name in (
            (Role.ORGANIZER, "xa"), (Role.PROCTOR, "mot"), (Role.PROCTOR, "hai"), (Role.BOARD_SECRETARY, "ba"),
            (Role.OBSERVER, "xem"),
        ):  # fmt: skip
            make_account((role, self.rounds[0].unit), username=name)
        self.account = make_account()
        db.session.commit()

    def issue(self, side=0, seed="seed"):
        paper = printed_papers.issue(self.entries[side], Actor(self.account.id), clock.now(), seed)
        db.session.commit()
        return paper.id, paper.attempt.receipt_code


@pytest.fixture
def place(sqlite_app):
    return Place()


@pytest.fixture
def desk(sqlite_app, place):
    """A function that signs somebody in at a browser of their own."""
    return lambda name: Browser(sqlite_app).sign_in(name)


def text(answer):
    return " ".join(answer.get_data(as_text=True).split())


def typed(answers="AAAAA", **others):
    return {f"q{number}": answer for number, answer in enumerate(answers, start=1)} | others


def words_of(file):
    pages = (page.extract_text() for page in PdfReader(BytesIO(file)).pages)
    return [" ".join(page.replace("\u200b", "").split()) for page in pages]


def test_a_paper_is_drawn_printed_keyed_twice_and_marked(desk, place):
    organizer, entry, contest_round = desk("xa"), place.entries[0], place.rounds[0]
    url = f"/desk/rounds/{contest_round.id}/papers"
    assert "Chưa có bài giấy nào" in text(organizer.get(url))
    assert "Lò Văn Cò Nòi" in text(organizer.get(f"{url}/new"))
    assert "Hãy chọn ít nhất một người" in text(organizer.post(f"{url}/new"))
    strange = organizer.post(f"{url}/new", {"entry": place.entries[1].id})
    assert "Hãy chọn một mục có trong danh sách" in text(strange)
    assert db.session.query(PrintedPaper).count() == 0
    organizer.post(f"{url}/new", {"entry": entry.id})
    paper = db.session.query(PrintedPaper).one()
    paper_id, code = paper.id, code_text(paper.attempt.receipt_code)
    assert code in text(organizer.get(url)) and "Tải PDF các bài chưa nhập" in text(organizer.get(url))
    file = organizer.post(f"{url}/print")
    assert (file.mimetype, file.headers["Cache-Control"]) == ("application/pdf", "no-store")
    for name, number in (("mot", 1), ("hai", 2)):
        person = desk(name)
        found = person.get(f"/desk/papers/find?code={code.lower()}")
        assert found.location == f"/desk/papers/{paper_id}"
        assert person.post(f"/desk/papers/{paper_id}/key", typed(minutes="30")).status_code == 302
        assert db.session.query(Keying).count() == number
    attempt = db.session.query(Attempt).one()
    assert attempt.submitted_at and attempt.raw_score is not None and db.session.query(Response).count() == 5
    page, keyed = (text(one.get(f"/desk/papers/{paper_id}")) for one in (organizer, person))
    assert "Đã nhập xong" in page and "Đã nhập xong" in keyed
    assert "Kết quả chấm" in page and "Kết quả chấm" not in keyed  # a proctor sees no points anywhere
    assert "Tải PDF các bài chưa nhập" not in text(organizer.get(url))


def test_the_way_to_the_papers_leads_from_the_round(desk, place):
    url = f"/desk/rounds/{place.rounds[0].id}"
    assert f'href="{url}/papers"' in text(desk("mot").get(url))
    assert "/papers" not in text(desk("xem").get(url))


def test_the_file_says_what_the_database_says_on_every_page(desk, place):
    paper_id, code = place.issue()
    file = desk("xa").post(f"/desk/papers/{paper_id}/print").get_data()
    pages = words_of(file)
    questions, answers = pages[0], pages[-1]
    assert len(pages) == 3 and pages[1] == ""  # the answer sheet has a leaf of its own
    for page in (questions, answers):
        assert "Lò Văn Cò Nòi" in page and code_text(code) in page
        assert "Chi bộ Bản Nà Sản, xã Cò Nòi" in page
    for item in papers.paper_of(db.session.get(PrintedPaper, paper_id).attempt):
        lines = [f"{chr(65 + place)}. {option}" for place, option in enumerate(item.options)]
        assert " ".join([f"Câu {item.position + 1}. {item.stem}", *lines]) in questions
        assert f"{item.position + 1} A B C D" in answers
    assert "Phiếu trả lời" in answers and "Giám thị 1" in answers


def test_printing_is_on_record_and_leaves_the_key_out(desk, place):
    paper_id, _ = place.issue()
    words = " ".join(words_of(desk("xa").post(f"/desk/papers/{paper_id}/print").get_data()))
    assert "Vì thế" not in words
    assert db.session.query(AuditEvent).filter_by(action="paper.print").count() == 1


def test_the_second_person_sees_nothing_of_the_first_keying(desk, place):
    paper_id, _ = place.issue()
    desk("mot").post(f"/desk/papers/{paper_id}/key", typed("ABCDA", minutes="31"))
    for url in (
        f"/desk/papers/{paper_id}/key",
        f"/desk/papers/{paper_id}",
        f"/desk/papers/{paper_id}/settle",
    ):
        page = text(desk("hai").get(url, follow_redirects=True))
        assert 'value="31"' not in page and 'value="A"' not in page and "ABCDA" not in page
    assert "lần thứ hai" in text(desk("hai").get(f"/desk/papers/{paper_id}/key"))


def test_the_same_person_is_sent_away_the_second_time(desk, place):
    paper_id, _ = place.issue()
    person = desk("mot")
    for _ in range(2):
        answer = person.post(f"/desk/papers/{paper_id}/key", typed(), follow_redirects=True)
    assert "phải do người khác làm" in text(answer) and db.session.query(Keying).count() == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (typed("AAAA"), "Câu 5: chưa nhập"),
        (typed("AAAAE"), "Câu 5: chỉ gõ các chữ từ A đến D"),
        (typed(["A", "A", "A", "A", "A-"]), "Câu 5: chỉ gõ"),
        (typed(minutes="0"), "từ 1 đến 600"),
        (typed(minutes="x"), "số nguyên"),
    ],
)
def test_what_was_typed_stays_until_all_of_it_is_right(desk, place, form, said):
    paper_id, _ = place.issue()
    page = text(desk("mot").post(f"/desk/papers/{paper_id}/key", form))
    assert said in page and page.count('value="A"') >= 4 and db.session.query(Keying).count() == 0


def test_where_two_differ_a_third_decides(desk, place):
    paper_id, _ = place.issue()
    desk("mot").post(f"/desk/papers/{paper_id}/key", typed("AAAAA", minutes="30"))
    desk("hai").post(f"/desk/papers/{paper_id}/key", typed("AAB-?", minutes="31"))
    assert "Hai lần nhập khác nhau" in text(desk("hai").get(f"/desk/papers/{paper_id}"))
    refused = desk("hai").post(f"/desk/papers/{paper_id}/settle", typed(), follow_redirects=True)
    assert "người thứ ba" in text(refused)
    third, url = desk("ba"), f"/desk/papers/{paper_id}/settle"
    page = text(third.get(url))
    assert 'class="blank"' not in page  # no box ticked is an answer, and stays in sight on a phone
    assert re.findall(r'name="q(\d+)"', page) == ["3", "4", "5"] and "lần thứ nhất 30, lần thứ hai 31" in page
    answers = {"q3": "B", "q4": "-", "q5": "?", "minutes": "31", "reason": "xem lại phiếu"}
    assert "Câu 5: hãy quyết định" in text(third.post(url, answers))
    empty = text(third.post(url, {}))
    assert "Câu 3: chưa nhập" in empty and "Hãy ghi lý do quyết định." in empty  # all that is wrong at once
    done = text(third.post(url, answers | {"q5": "D"}, follow_redirects=True))
    assert "Đã nhập xong" in done and "xem lại phiếu" in done and done.count("khác nhau</strong>") == 3
    stored = {response.position: response.choice for response in db.session.query(Response)}
    assert stored == {0: "0", 1: "0", 2: "1", 4: "3"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Hãy ghi số phút trên phiếu, hoặc đánh dấu là phiếu không ghi."),
        ({"minutes": "45", "without_minutes": "y"}, "Hãy xóa số phút, hoặc bỏ dấu ở ô này."),
        ({"minutes": "x"}, "số nguyên"),
    ],
)
def test_minutes_that_differ_are_decided_and_never_left_to_an_empty_field(desk, place, sent, said):
    """The time used tells equal points apart; an empty field would have stood for the full time."""
    paper_id, _ = place.issue()
    desk("mot").post(f"/desk/papers/{paper_id}/key", typed("AAAAA", minutes="45"))
    desk("hai").post(f"/desk/papers/{paper_id}/key", typed("AAAAA"))
    third, url = desk("ba"), f"/desk/papers/{paper_id}/settle"
    assert said in text(third.post(url, {"reason": "xem lại phiếu", **sent}))
    assert db.session.get_one(PrintedPaper, paper_id).settled_at is None
    third.post(url, {"reason": "xem lại phiếu", "without_minutes": "y"})
    db.session.expire_all()
    paper = db.session.get_one(PrintedPaper, paper_id)
    assert paper.settled_at is not None and paper.minutes is None


def test_an_unused_paper_is_taken_back_but_not_a_keyed_one(desk, place):
    paper_id, code = place.issue()
    organizer = desk("xa")
    desk("mot").post(f"/desk/papers/{paper_id}/key", typed())
    refused = organizer.post(f"/desk/papers/{paper_id}/cancel")
    assert refused.status_code == 409 and db.session.query(PrintedPaper).count() == 1
    db.session.query(Keying).delete()
    db.session.commit()
    organizer.post(f"/desk/papers/{paper_id}/cancel")
    assert db.session.query(PrintedPaper).count() == db.session.query(Attempt).count() == 0
    assert "Không có bài giấy nào mang mã này" in text(organizer.get(f"/desk/papers/find?code={code}"))


def test_who_sits_on_paper_is_told_so_and_reaches_no_page_of_the_attempt(sqlite_app, place):
    place.issue()
    entry = place.entries[0]
    printed = cards.issue(entry.round.stage.contest, entry.person, Actor(), clock.now())
    attempt_id = db.session.query(Attempt).one().id
    db.session.commit()
    contestant = Browser(sqlite_app)
    contestant.post(f"/c/{printed.token}")
    page = text(contestant.get("/rounds"))
    assert "Bạn làm bài vòng này trên giấy" in page and "Bắt đầu làm bài" not in page
    assert contestant.get(f"/attempts/{attempt_id}").status_code == 404
    assert contestant.post(f"/rounds/{entry.round_id}/start").status_code == 409


@pytest.mark.parametrize("page", ["", "/key", "/settle"])
def test_the_paper_of_another_commune_is_not_there(desk, place, page):
    paper_id, code = place.issue(side=1)
    assert desk("mot").get(f"/desk/papers/{paper_id}{page}").status_code == 404
    assert desk("xem").get(f"/desk/papers/{paper_id}{page}").status_code == 403
    assert "Không có bài giấy nào" in text(desk("mot").get(f"/desk/papers/find?code={code}"))


def test_a_proctor_keys_and_prints_nothing(desk, place):
    paper_id, _ = place.issue()
    proctor = desk("mot")
    assert "Ra đề giấy" not in text(proctor.get(f"/desk/rounds/{place.rounds[0].id}/papers"))
    for url in (f"/desk/papers/{paper_id}/print", f"/desk/papers/{paper_id}/cancel"):
        assert proctor.post(url).status_code == 403
