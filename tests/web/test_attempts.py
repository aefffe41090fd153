"""Sitting in a browser, with and without scripts: what is shown, what is stored, what is refused."""

import gzip
import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from flask import url_for
from sqlalchemy import event, func, select, update

from quiz.core.items import Kind
from quiz.core.marking import Scheme
from quiz.core.papers import Cell
from quiz.core.timing import MINUTE, SECOND
from quiz.extensions import db
from quiz.models import Attempt, AuditEvent, AuthSession, Edition, Entry, ItemVersion, Response, Round
from quiz.services import attempts, papers
from quiz.services.direct import direct
from quiz.settings import ROOT
from quiz.web import access, sweeper
from quiz.web.forms.attempts import batch_from
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_card,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

SCRIPTS = ("clock.js", "store.js", "links.js", "outbox.js", "attempt.js", "leftover.js")


def at(instant: int) -> time_machine.travel:
    """Return the block inside which it is this instant for the whole application."""
    return time_machine.travel(datetime.fromtimestamp(instant / 1000, UTC), tick=False)


@dataclass
class Candidate:
    """Somebody with a card, an entry to an open round, and a browser that is signed in."""

    browser: Browser
    token: str
    entry_id: int
    round_id: int

    def get(self, url: str, **kwargs):
        """Open a page, in a database session of its own as a request has."""
        db.session.rollback()
        return self.browser.get(url, **kwargs)

    def post(self, url: str, data: dict | None = None):
        """Send a form, likewise."""
        self.browser.token()
        db.session.rollback()
        return self.browser.post(url, data)

    def start(self) -> int:
        """Press Start and return the id of the attempt."""
        answer = self.post(f"/rounds/{self.round_id}/start")
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return int(answer.location.rsplit("/", 1)[1])

    def page(self, url: str) -> str:
        """Return the text of a page that must be there."""
        answer = self.get(url)
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        return answer.get_data(as_text=True)

    def save(self, attempt_id: int, *responses: object, token: str | None = None, **kwargs):
        """Send a batch as the page's script does."""
        headers = {"X-CSRF-Token": self.save_token() if token is None else token}
        body = {"json": {"responses": responses}} | kwargs
        db.session.rollback()
        return self.browser.client.post(f"/attempts/{attempt_id}/responses", headers=headers, **body)

    def save_token(self) -> str:
        """Return what the page carries for its script."""
        with self.browser.client.session_transaction() as cookie:
            return access.save_token(cookie["_user_id"])


def make_candidate(
    app, contest_round: Round | None = None, signed_in_at: int = NOW - 10 * MINUTE
) -> Candidate:
    """Return somebody signed in by the QR link of the card; without a round, one of five items is opened."""
    contest_round = contest_round or make_open_round()
    person = make_person(make_cell(contest_round.unit))
    entry = make_entry(contest_round, person)
    token = f"qr-token-{person.id}-0123456789abcdef"
    make_card(contest_round.stage.contest, person, token)
    candidate = Candidate(Browser(app), token, entry.id, contest_round.id)
    db.session.commit()
    with at(signed_in_at):
        assert candidate.post(f"/c/{token}").status_code == 302
    return candidate


def make_open_round(single: int = 4, **rules) -> Round:
    """Return an open round drawing four items, or so many, and one that takes several choices."""
    commune = make_unit()
    values = {"blueprint": (Cell("dang-vien", "", single), Cell("chi-bo", "", 1)), "shuffle_items": False}
    contest_round = make_round(make_stage(make_contest(commune), make_rules(**values | rules)), commune)
    several = make_item(topic="chi-bo", kind=Kind.MULTIPLE, key=(0, 2))
    return open_for_test(contest_round, [*(make_item() for _ in range(single)), several])


def stored(attempt_id: int) -> dict[int, str]:
    """Return what the database holds of an attempt."""
    db.session.rollback()
    rows = db.session.scalars(select(Response).where(Response.attempt_id == attempt_id))
    found = {row.position: row.choice for row in rows}
    db.session.rollback()
    return found


@pytest.fixture(autouse=True)
def during_the_round():
    """It is ten past eight, ten minutes after the round opened."""
    with at(NOW + 10 * MINUTE):
        yield


# --- the own rounds -------------------------------------------------------------------------------------------


def test_the_first_page_offers_to_start_an_open_round(sqlite_app):
    page = make_candidate(sqlite_app).page("/rounds")
    assert "Bắt đầu làm bài" in page and "5 câu" in page and "10 phút" in page


def test_before_its_hour_a_round_counts_down_to_its_opening(sqlite_app):
    candidate = make_candidate(sqlite_app)
    with at(NOW - 5 * MINUTE):
        page = candidate.page("/rounds")
    assert f'data-clock="{NOW}" data-now="{NOW - 5 * MINUTE}"' in page
    assert 'role="status" data-come data-words="Đã đến giờ thi.' in page
    assert "Chưa đến giờ thi" in page


def test_where_late_comers_are_kept_out_only_the_last_moment_to_begin_is_said(sqlite_app):
    page = make_candidate(sqlite_app, make_open_round(late_start=15)).page("/rounds")
    assert "Bấm Bắt đầu muộn nhất lúc 08:15" in page and "Vào thi từ" not in page


def test_who_comes_after_the_last_moment_reads_so_and_has_no_button(sqlite_app):
    candidate = make_candidate(sqlite_app, make_open_round(late_start=15))
    with at(NOW + 15 * MINUTE):
        assert "Bắt đầu làm bài" in candidate.page("/rounds")
    with at(NOW + 15 * MINUTE + 1_000):
        page = candidate.page("/rounds")
    assert "Đã quá 15 phút kể từ giờ mở nên không thể bắt đầu." in page and "Bắt đầu làm bài" not in page


@pytest.mark.parametrize(("before", "told"), [(75, "Còn 3 ngày."), (36, "Còn 2 ngày."), (24, "Còn 1 ngày.")])
def test_days_before_nobody_is_told_to_leave_the_page_open(sqlite_app, before, told):
    candidate = make_candidate(sqlite_app, signed_in_at=NOW - (before + 1) * HOUR)
    with at(NOW - before * HOUR):
        page = candidate.page("/rounds")
    assert told in page and "Hãy mở lại trang này vào ngày thi." in page and "Cứ để trang này mở" not in page


def test_a_day_before_there_is_nothing_to_count(sqlite_app):
    candidate = make_candidate(sqlite_app, signed_in_at=NOW - 25 * HOUR)
    with at(NOW - 24 * HOUR):
        page = candidate.page("/rounds")
    assert "Chưa đến giờ thi" in page and "data-clock" not in page


def test_who_was_withdrawn_reads_it_and_has_no_button(sqlite_app):
    candidate = make_candidate(sqlite_app)
    db.session.get(Entry, candidate.entry_id).withdrawn_at = NOW
    db.session.commit()
    page = candidate.page("/rounds")
    assert "không dự thi" in page and "Bắt đầu làm bài" not in page


def test_a_published_edition_is_linked_and_its_points_are_left_to_it(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.post(f"/attempts/{attempt_id}/submit")
    edition = add(
        Edition(
            round_id=candidate.round_id, number=1, kind="provisional", check_code="X", sha256="0", size=1,
            max_score=500, published_at=NOW, published_by_id=make_account().id,
        )
    )  # fmt: skip
    with sqlite_app.test_request_context():
        link = url_for("results.public_edition", edition_id=edition.id)
    db.session.commit()
    page = candidate.page("/rounds")
    assert "Xem kết quả đã công bố" in page and "Đã nộp bài lúc 08:10" in page
    assert f'href="{link}"' in page


@pytest.mark.parametrize("moment, words", [(-1, "Chưa đến giờ thi"), (2 * HOUR, "đã hết giờ")])
def test_a_start_outside_the_window_is_answered_with_a_sentence(sqlite_app, moment, words):
    candidate = make_candidate(sqlite_app)
    with at(NOW + moment):
        answer = candidate.post(f"/rounds/{candidate.round_id}/start")
    assert answer.status_code == 409 and words in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_a_double_tap_on_start_leads_to_one_attempt(sqlite_app):
    candidate = make_candidate(sqlite_app)
    assert candidate.start() == candidate.start()
    assert "Tiếp tục làm bài" in candidate.page("/rounds")


def test_a_round_of_another_contest_or_person_cannot_be_started(sqlite_app):
    candidate, other = make_candidate(sqlite_app), make_candidate(sqlite_app)
    for round_id in (other.round_id, 999_999, 2**40):
        assert candidate.post(f"/rounds/{round_id}/start").status_code == 404


# --- the question page ----------------------------------------------------------------------------------------


def test_the_page_shows_every_question_in_the_order_of_the_paper(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    page = candidate.page(f"/attempts/{attempt_id}")
    for item in papers.paper_of(db.session.get(Attempt, attempt_id)):
        place = page.index(item.stem)
        assert page.index(f'id="cau-{item.position + 1}"') < place
        shown = [page.index(f">{'ABCD'[n]}. {option}<", place) for n, option in enumerate(item.options)]
        assert shown == sorted(shown)
    assert page.count('type="radio"') == 16 and page.count('name="q4"') == 4
    assert page.count('type="checkbox" name="q4"') == 4
    assert page.count('<fieldset aria-describedby="h-5">') == page.count('id="h-5"') == 1
    assert page.count("<fieldset>") == 4


def test_another_persons_pages_are_not_there(sqlite_app):
    candidate, other = make_candidate(sqlite_app), make_candidate(sqlite_app)
    attempt_id = other.start()
    for missing in (attempt_id, 999_999, 2**40):
        for page in ("", "/check", "/receipt"):
            assert candidate.get(f"/attempts/{missing}{page}").status_code == 404
        for act in ("/answer", "/submit"):
            assert candidate.post(f"/attempts/{missing}{act}").status_code == 404
    assert db.session.get(Attempt, attempt_id).submitted_at is None


def test_another_device_continues_the_same_paper_and_clock(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.save(attempt_id, [0, "2", 5 << 20])
    second = Browser(sqlite_app)
    with at(NOW + 15 * MINUTE):
        second.post(f"/c/{candidate.token}")
        page = second.get(f"/attempts/{attempt_id}").get_data(as_text=True)
    assert f'data-clock="{NOW + 20 * MINUTE}" data-now="{NOW + 15 * MINUTE}"' in page
    assert re.search(r'name="q0" value="2" checked', page) and page.count(" checked>") == 1
    assert f'data-newest="{5 << 20}"' in page
    assert candidate.save(attempt_id, [1, "0", 6 << 20]).status_code == 200


def _without_tokens(page: str) -> str:
    return re.sub(r'(name="csrf_token" value=|data-token=)"[^"]*"', "", page)


def test_the_pages_are_the_same_whatever_the_key_is(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.save(attempt_id, [0, "2", 5 << 20])

    def pages() -> list[str]:
        db.session.rollback()
        papers._kept.clear()
        return [_without_tokens(candidate.page(f"/attempts/{attempt_id}{page}")) for page in ("", "/check")]

    before = pages()
    db.session.execute(update(ItemVersion).values(key=[3], rationale="CANARY", reference="CANARY"))
    db.session.commit()
    assert pages() == before


def test_no_page_of_a_candidate_tells_points_reasons_or_sources(sqlite_app):
    contest_round = make_open_round(scheme=Scheme(7919))
    db.session.execute(update(ItemVersion).values(rationale="CANARY-R", reference="CANARY-S"))
    candidate = make_candidate(sqlite_app, contest_round)
    attempt_id = candidate.start()
    paper = json.loads(db.session.get(Attempt, attempt_id).paper)
    right = [[position, str(order.index(1)), 1 << 20] for position, (_, order) in enumerate(paper[:4])]
    seen = candidate.save(attempt_id, *right).get_data(as_text=True)
    seen += candidate.page("/rounds") + candidate.page(f"/attempts/{attempt_id}")
    seen += candidate.page(f"/attempts/{attempt_id}/check")
    candidate.post(f"/attempts/{attempt_id}/submit")
    seen += candidate.page(f"/attempts/{attempt_id}/receipt") + candidate.page("/rounds")
    assert db.session.get(Attempt, attempt_id).raw_score == 4 * 7919
    for secret in ("CANARY", "316,76", "316.76", "31676", "79,19"):
        assert secret not in _without_tokens(seen)


def test_the_first_visit_to_thirty_questions_is_light(sqlite_app):
    commune = make_unit()
    rules = make_rules(blueprint=(Cell("dang-vien", "", 30),), time_limit=60)
    contest_round = make_round(make_stage(make_contest(commune), rules), commune)
    words = (ROOT / "questions" / "dieu-le-dang.yaml").read_text(encoding="utf-8").split()
    versions = [make_item() for _ in range(30)]
    for number, version in enumerate(versions):
        text = words[1000 + number * 60 :]
        options = [" ".join(text[30 + n * 8 : 38 + n * 8]) for n in range(4)]
        change = update(ItemVersion).where(ItemVersion.id == version.id)
        db.session.execute(change.values(stem=" ".join(text[:30]), options=options))
    candidate = make_candidate(sqlite_app, open_for_test(contest_round, versions))
    page = candidate.page(f"/attempts/{candidate.start()}")
    files = re.findall(r'(?:src|href)="/static/([^"?]+)', page)
    parts = [page.encode(), *((ROOT / "static" / name).read_bytes() for name in files)]
    assert "js/attempt.js" in files and len(files) > 3
    assert sum(len(gzip.compress(part, 6)) for part in parts) < 27_500


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_need_no_newer_browser_than_a_phone_of_2018(name):
    script = (ROOT / "static" / "js" / name).read_text(encoding="utf-8")
    newer = r"\?\.|\?\?|\|\|=|&&=|\.at\(|\.flatMap\(|\.replaceAll\(|fromEntries|allSettled|\bstatic\b|this\.#"
    assert re.findall(newer, script) == []


# --- saving ---------------------------------------------------------------------------------------------------


def test_a_save_is_answered_with_what_is_stored_and_the_clock(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    answer = candidate.save(attempt_id, [0, "2", 7], [4, "0,2", 8])
    assert answer.get_json() == {
        "stored": [[0, "2", 7], [4, "0,2", 8]],
        "deadline": NOW + 20 * MINUTE,
        "now": NOW + 10 * MINUTE,
        "elsewhere": False,
    }
    assert stored(attempt_id) == {0: "2", 4: "0,2"}


def test_the_first_device_is_told_when_the_card_is_used_on_another(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    other = Candidate(Browser(sqlite_app), candidate.token, candidate.entry_id, candidate.round_id)
    assert other.post(f"/c/{candidate.token}").status_code == 302
    assert candidate.save(attempt_id, [0, "2", 7]).get_json()["elsewhere"]
    assert not other.save(attempt_id, [0, "1", 8]).get_json()["elsewhere"]


def test_a_save_asks_the_session_of_the_orm_nothing(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.save(attempt_id, [0, "2", 7])
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert candidate.save(attempt_id, [0, "1", 8]).status_code == 200
    assert asked == []


@pytest.mark.parametrize("token", ["", "made up", "0" * 64, "é"])
def test_a_save_from_no_page_of_this_session_is_refused(sqlite_app, token):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    answer = candidate.save(attempt_id, [0, "2", 7], token=token.encode().decode("latin-1"))
    assert answer.status_code == 400 and "error" in answer.get_json()
    assert stored(attempt_id) == {}


def test_the_token_of_another_persons_page_is_refused(sqlite_app):
    candidate, other = make_candidate(sqlite_app), make_candidate(sqlite_app)
    attempt_id = candidate.start()
    assert candidate.save(attempt_id, [0, "2", 7], token=other.save_token()).status_code == 400


def test_nobody_signed_in_cannot_save(sqlite_app):
    attempt_id = make_candidate(sqlite_app).start()
    stranger = Candidate(Browser(sqlite_app), "", 0, 0)
    assert stranger.save(attempt_id, [0, "2", 7], token="x").status_code == 401


def _revoked(attempt_id: int) -> int:
    db.session.execute(update(AuthSession).values(revoked_at=NOW))
    return attempt_id


def _handed_in(attempt_id: int) -> int:
    attempts.submit(db.session.get(Attempt, attempt_id), NOW + 10 * MINUTE)
    return attempt_id


def _too_late(attempt_id: int) -> int:
    late = {"started_at": NOW, "deadline": NOW + 10 * MINUTE - 5 * SECOND - 1}
    db.session.execute(update(Attempt).values(late))
    return attempt_id


def _missing(_attempt_id: int) -> int:
    return 999_999


def _huge(_attempt_id: int) -> int:
    return 2**70


@pytest.mark.parametrize(
    "happens, status, words",
    [
        (_revoked, 401, "vào lại bằng phiếu dự thi"),
        (_handed_in, 409, "đã được nộp"),
        (_too_late, 409, "hết giờ"),
        (_missing, 404, "Không tìm thấy"),
        (_huge, 404, "Không tìm thấy"),
    ],
)
def test_a_refused_save_says_why_and_stores_nothing(sqlite_app, happens, status, words):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    asked = happens(attempt_id)
    db.session.commit()
    answer = candidate.save(asked, [0, "2", 7])
    assert (answer.status_code, words in answer.get_json()["error"]) == (status, True)
    assert stored(attempt_id) == {}


UNREADABLE = [
    b"", b"{}", b"[]", b"null", b"not json", b"\xff\xfe", b'{"responses": 5}', b'{"responses": [5]}', b"[" * 20_000,
    b'{"responses": [[0, "1"]]}', b'{"responses": [[0, 1, 1]]}', b'{"responses": [["0", "1", 1]]}',
    b'{"responses": [[true, "1", 1]]}', b'{"responses": [[0, "1", 1.5]]}', b'{"responses": [[0, ["1"], 1]]}',
    b'{"responses": [[0, "1", 1, 1]]}', b'{"responses": "abc"}', b" " * 40_000,
]  # fmt: skip


def test_what_cannot_be_read_is_refused_and_nothing_breaks(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    for body in UNREADABLE:
        with pytest.raises(ValueError):
            batch_from(body)
        answer = candidate.save(attempt_id, data=body, json=None, content_type="application/json")
        assert answer.status_code == 400, body[:40]
    assert candidate.save(attempt_id, [9, "1", 1]).status_code == 400
    assert candidate.save(attempt_id, [0, "9", 1]).status_code == 400
    assert stored(attempt_id) == {}


def test_a_database_that_cannot_write_is_admitted(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.save(attempt_id, [0, "1", 1])
    direct().run("PRAGMA query_only=1", [])
    answer = candidate.save(attempt_id, [0, "2", 2])
    assert (answer.status_code, stored(attempt_id)) == (503, {0: "1"})
    assert candidate.save(attempt_id, [0, "2", 2]).status_code == 200, "the next try has a new connection"


# --- without scripts ------------------------------------------------------------------------------------------


def test_a_contest_can_be_sat_without_scripts(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    answer = f"/attempts/{attempt_id}/answer"
    form = {"q0": "1", "q1": "0", "q4": ["0", "2"], "shown": ";;;;", "then": "save"}
    saved = candidate.post(answer, form)
    assert saved.location == f"/attempts/{attempt_id}"
    page = candidate.page(saved.location)
    assert "Đã lưu 3 câu vừa chọn" in page and page.count(" checked>") == 4 and "1;0;;;0,2" in page
    checked = candidate.post(answer, form | {"q2": "3", "shown": "1;0;;;0,2", "then": "check"})
    check = candidate.page(checked.location)
    assert "Bạn đã trả lời 4 trong 5 câu" in check and f'href="/attempts/{attempt_id}#cau-4"' in check
    submitted = candidate.post(f"/attempts/{attempt_id}/submit")
    receipt = candidate.page(submitted.location)
    assert "4 trong 5 câu" in receipt and "Mã biên nhận" in receipt
    assert stored(attempt_id) == {0: "1", 1: "0", 2: "3", 4: "0,2"}


def test_without_scripts_a_paper_says_that_it_must_be_saved_and_offers_it_every_five_questions(sqlite_app):
    candidate = make_candidate(sqlite_app, make_open_round(single=11))
    told = "tắt JavaScript nên không tự lưu được"
    assert told in candidate.page("/rounds")
    attempt_id = candidate.start()
    page = candidate.page(f"/attempts/{attempt_id}")
    assert re.search(rf"<noscript><p[^>]*>[^<]*{told}", page)
    places = re.findall(r'<noscript><p><button [^>]*name="then" value="(\d+)"', page)
    assert places == ["6", "11"]
    saved = candidate.post(
        f"/attempts/{attempt_id}/answer", {"q0": "1", "shown": ";" * 11, "then": places[0]}
    )
    assert saved.location == f"/attempts/{attempt_id}#cau-6" and 'id="cau-6"' in page
    assert stored(attempt_id) == {0: "1"}


@pytest.mark.parametrize("then", ["", "save", "-1", "6x", "99999", "../x"])
def test_an_odd_way_on_after_saving_without_scripts_leads_back_to_the_paper(sqlite_app, then):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    saved = candidate.post(f"/attempts/{attempt_id}/answer", {"q0": "1", "shown": ";;;;", "then": then})
    assert saved.location == f"/attempts/{attempt_id}"


def test_an_old_form_undoes_nothing_chosen_elsewhere_since(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.save(attempt_id, [0, "3", 1 << 20], [1, "3", 1 << 20])
    with at(NOW + 12 * MINUTE):
        candidate.post(f"/attempts/{attempt_id}/answer", {"q1": "0", "q2": "2", "shown": ";;;;"})
    assert stored(attempt_id) == {0: "3", 1: "0", 2: "2"}


def test_a_choice_of_several_can_be_taken_back(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.post(f"/attempts/{attempt_id}/answer", {"q4": ["1", "3"], "shown": ";;;;"})
    with at(NOW + 11 * MINUTE):
        candidate.post(f"/attempts/{attempt_id}/answer", {"shown": ";;;;1,3"})
    assert stored(attempt_id) == {4: ""}


def test_a_form_without_changes_says_so(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.post(f"/attempts/{attempt_id}/answer", {"shown": ";;;;"})
    assert "Không có câu nào thay đổi" in candidate.page(f"/attempts/{attempt_id}")


def test_a_form_after_the_end_is_refused_with_a_sentence(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    with at(NOW + 20 * MINUTE + 5 * SECOND + 1):
        answer = candidate.post(f"/attempts/{attempt_id}/answer", {"q0": "1", "shown": ";;;;"})
        assert answer.status_code == 409 and "hết giờ" in answer.get_data(as_text=True)
    assert stored(attempt_id) == {}


def test_a_form_with_an_impossible_choice_is_refused(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    answer = candidate.post(f"/attempts/{attempt_id}/answer", {"q0": "8", "shown": ";;;;"})
    assert answer.status_code == 409 and stored(attempt_id) == {}


# --- handing in -----------------------------------------------------------------------------------------------


def test_the_check_names_what_is_blank_and_what_was_marked(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.save(attempt_id, [0, "2", 7])
    page = candidate.page(f"/attempts/{attempt_id}/check?marked=1,3,77,x,-1")
    blank, marked = page.split("Chưa trả lời:")[1].split("Bạn đánh dấu để xem lại:")
    numbers = re.compile(r"#cau-(\d+)")
    assert numbers.findall(blank) == ["2", "3", "4", "5"]
    assert numbers.findall(marked.split("</ol>")[0]) == ["1", "3"]


def test_a_second_hand_in_shows_the_same_receipt(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    submit = f"/attempts/{attempt_id}/submit"
    assert {candidate.post(submit).location for _ in range(2)} == {f"/attempts/{attempt_id}/receipt"}
    assert (
        db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == "attempt.submit")) == 1
    )
    code = db.session.get(Attempt, attempt_id).receipt_code
    assert f"{code[:5]}-{code[5:]}" in candidate.page(f"/attempts/{attempt_id}/receipt")


def test_a_hand_in_that_was_kept_on_a_phone_leaves_a_paper_open_that_another_has_gone_on_with(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    begun = db.session.get(Attempt, attempt_id).started_at
    add(Response(attempt_id=attempt_id, position=0, choice="1", stamp=6 * MINUTE << 20, saved_at=begun))
    db.session.commit()
    submit = f"/attempts/{attempt_id}/submit"
    with at(begun + 10 * MINUTE):
        kept = candidate.post(submit, {"signed_off": str(begun + MINUTE)})
        assert kept.status_code == 409 and "làm tiếp trên máy khác" in kept.json["error"]
        db.session.rollback()
        assert db.session.get(Attempt, attempt_id).submitted_at is None
        again = candidate.post(submit, {"signed_off": "٣"})  # what cannot be read keeps no paper out
        assert again.location == f"/attempts/{attempt_id}/receipt"


@pytest.mark.parametrize(
    ("told", "kept"),
    [("3,95000", (3, 95_000)), ("0,0", (0, 0)), ("2,99999999", (2, 10 * MINUTE)), ("1,7", (None, None))]
    + [
        (text, (None, None))
        for text in ("", "null", "3", "3,", "-1,0", "1,2,3", "1,1e9", "٣,95000", "1," + "9" * 99)
    ],
)
def test_absences_come_with_the_hand_in_and_garbage_keeps_no_paper_out(sqlite_app, told, kept):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    submit = f"/attempts/{attempt_id}/submit"
    with at(db.session.get(Attempt, attempt_id).started_at + 10 * MINUTE):
        assert candidate.post(submit, {"away": told}).location == f"/attempts/{attempt_id}/receipt"
        candidate.post(submit, {"away": "0,0"} if kept[1] is not None else {})
    db.session.rollback()
    attempt = db.session.get(Attempt, attempt_id)
    assert (attempt.away_count, attempt.away_ms) == kept and attempt.submitted_at is not None


def test_a_page_that_comes_after_the_clock_closed_its_paper_still_says_how_long_it_was_away(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    attempts.submit(db.session.get(Attempt, attempt_id), NOW + 40 * MINUTE, "deadline")
    db.session.commit()
    with at(NOW + 41 * MINUTE):
        candidate.post(f"/attempts/{attempt_id}/submit", {"away": "1,600000"})
    db.session.rollback()
    attempt = db.session.get(Attempt, attempt_id)
    assert (attempt.away_count, attempt.away_ms, attempt.ended_by) == (1, 600_000, "deadline")


def test_after_the_hand_in_every_page_leads_to_the_receipt(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    assert candidate.get(f"/attempts/{attempt_id}/receipt").location == f"/attempts/{attempt_id}"
    candidate.post(f"/attempts/{attempt_id}/submit")
    answer = candidate.get(f"/attempts/{attempt_id}/check", follow_redirects=True)
    assert answer.request.path == f"/attempts/{attempt_id}/receipt"
    again = candidate.post(f"/rounds/{candidate.round_id}/start")
    assert again.status_code == 409 and "đã nộp bài" in again.get_data(as_text=True)


def test_at_the_end_the_server_hands_in_whatever_the_browser_does(sqlite_app):
    candidate = make_candidate(sqlite_app)
    attempt_id = candidate.start()
    candidate.save(attempt_id, [0, "2", 7])
    with at(NOW + 20 * MINUTE + 5 * SECOND + 1):
        assert "Máy chủ đang nộp bài" in candidate.page(f"/attempts/{attempt_id}")
        assert sweeper.sweep(sqlite_app) == 1
        assert sweeper.sweep(sqlite_app) == 0
        receipt = candidate.get(f"/attempts/{attempt_id}", follow_redirects=True).get_data(as_text=True)
    assert "Đã hết giờ" in receipt and "1 trong 5 câu" in receipt


def wait_until(has_come) -> None:
    """Wait for something another thread does, however slow the machine is; fail when it does not come."""
    until = time.monotonic() + 90
    while not has_come():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_handed_in(attempt_id: int) -> bool:
    db.session.rollback()
    is_in = db.session.get_one(Attempt, attempt_id).submitted_at is not None
    db.session.rollback()
    return is_in


def test_the_sweeper_closes_what_is_due_by_itself_and_stops_when_told(sqlite_app):
    attempt_id = make_candidate(sqlite_app).start()
    with at(NOW + HOUR):
        thread = sweeper.start(sqlite_app, interval=0.02)
        try:
            wait_until(lambda: is_handed_in(attempt_id))
        finally:
            thread.stop()
    assert db.session.get(Attempt, attempt_id).submitted_at == NOW + 20 * MINUTE and not thread.is_alive()


def test_one_attempt_that_cannot_be_marked_keeps_no_other_open(sqlite_app, caplog):
    broken, sound = make_candidate(sqlite_app).start(), make_candidate(sqlite_app).start()
    db.session.execute(update(Attempt).where(Attempt.id == broken).values(paper="[[999999,[0,1]]]"))
    db.session.commit()
    with at(NOW + HOUR):
        assert sweeper.sweep(sqlite_app) == 1
    assert db.session.get(Attempt, sound).submitted_at is not None
    assert db.session.get(Attempt, broken).submitted_at is None
    assert f"attempt {broken} could not be closed" in caplog.text


def test_the_sweeper_outlives_a_fault(sqlite_app, caplog):
    db.session.execute(db.text("ALTER TABLE attempt RENAME TO mislaid"))
    db.session.commit()
    thread = sweeper.start(sqlite_app, interval=0.02)
    try:
        wait_until(lambda: caplog.text.count("the thread sweeper failed") > 1)
        assert thread.is_alive()
    finally:
        thread.stop()


def test_the_command_closes_what_is_due(sqlite_app):
    attempt_id = make_candidate(sqlite_app).start()
    runner = sqlite_app.test_cli_runner()
    assert "0 attempts closed" in runner.invoke(args=["attempts", "close-due"]).output
    with at(NOW + HOUR):
        assert "0 attempts closed" in runner.invoke(args=["attempts", "close-due", "--round", "999"]).output
        assert "1 attempts closed" in runner.invoke(args=["attempts", "close-due"]).output
    db.session.rollback()
    assert db.session.get(Attempt, attempt_id).ended_by == "deadline"
