"""Receipts: the picture is for whom the paper belongs to, and the desk finds whose a code is within its own part."""

import struct

import pytest

from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, Entry, Round
from quiz.services import grants, results
from quiz.services.audit import SYSTEM, Actor
from quiz.services.grants import Wish
from tests.conftest import Browser
from tests.factories import HOUR, NOW, make_account, make_unit
from tests.web.test_attempts import at, make_candidate


@pytest.fixture
def handed_in(sqlite_app):
    """Somebody who has answered two of five questions and handed in, with the id of the attempt and its code."""
    candidate = make_candidate(sqlite_app)
    with at(NOW):
        attempt_id = candidate.start()
        candidate.save(attempt_id, [0, "2", 7 << 20], [3, "1", 8 << 20])
    with at(NOW + 3 * MINUTE):
        candidate.post(f"/attempts/{attempt_id}/submit")
    code = db.session.get(Attempt, attempt_id).receipt_code
    db.session.rollback()
    return candidate, attempt_id, code


def desk(app, role: Role, unit_of) -> Browser:
    """Return somebody of the staff in a browser."""
    name = f"{role.value}{unit_of}"
    make_account((role, db.session.get(Round, 1).unit if unit_of == "here" else make_unit()), username=name)
    db.session.commit()
    browser = Browser(app)
    with at(NOW):
        browser.sign_in(name)
    return browser


def test_the_receipt_leads_to_the_results_once_they_are_published(handed_in):
    candidate, attempt_id, _code = handed_in
    with at(NOW + 4 * HOUR):
        assert "công bố sau" in candidate.page(f"/attempts/{attempt_id}/receipt")
        edition = results.publish(
            db.session.get(Round, 1), results.PROVISIONAL, "", Actor(make_account().id), NOW + 4 * HOUR
        )
        db.session.commit()
        page = candidate.page(f"/attempts/{attempt_id}/receipt")
    assert "công bố sau" not in page and f"/results/{edition.id}" in page


def test_the_receipt_calls_itself_one_and_names_the_contest_on_paper_and_at_the_desk(handed_in, sqlite_app):
    candidate, attempt_id, code = handed_in
    contest = db.session.get(Attempt, attempt_id).entry.round.stage.contest.title
    staff = desk(sqlite_app, Role.ORGANIZER, "here")
    with at(NOW + 4 * MINUTE):
        own = candidate.page(f"/attempts/{attempt_id}/receipt").split("<main", 1)[1]
        found = staff.get("/desk/receipts", query_string={"code": code}).get_data(as_text=True)
    assert "Biên nhận nộp bài" in own and contest in own
    assert contest in found


def test_the_receipt_offers_a_picture_which_is_a_small_png_to_save(handed_in):
    candidate, attempt_id, code = handed_in
    with at(NOW + 4 * MINUTE):
        assert f"/attempts/{attempt_id}/receipt.png" in candidate.page(f"/attempts/{attempt_id}/receipt")
        answer = candidate.get(f"/attempts/{attempt_id}/receipt.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert f"bien-nhan-{code[:5]}-{code[5:]}.png" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\x89PNG\r\n\x1a\n") and len(answer.data) < 30_000
    assert struct.unpack(">I", answer.data[16:20])[0] >= 480


def test_nobody_else_gets_the_picture(handed_in, sqlite_app):
    _candidate, attempt_id, _code = handed_in
    other = make_candidate(sqlite_app)
    with at(NOW + 4 * MINUTE):
        assert other.get(f"/attempts/{attempt_id}/receipt.png").status_code == 404
        assert Browser(sqlite_app).get(f"/attempts/{attempt_id}/receipt.png").location.startswith("/card")


def test_before_the_hand_in_there_is_no_picture(sqlite_app):
    candidate = make_candidate(sqlite_app)
    with at(NOW):
        attempt_id = candidate.start()
        assert candidate.get(f"/attempts/{attempt_id}/receipt.png").location == f"/attempts/{attempt_id}"


def test_the_receipt_says_which_minutes_do_not_count(handed_in, sqlite_app):
    candidate, attempt_id, _code = handed_in
    with at(NOW + 4 * MINUTE):
        assert "được bù" not in candidate.page(f"/attempts/{attempt_id}/receipt")
    second = make_candidate(sqlite_app, db.session.get(Round, candidate.round_id))
    with at(NOW):
        other_id = second.start()
    contest_round = db.session.get(Round, candidate.round_id)
    entry = db.session.get(Entry, second.entry_id)
    grants.give(contest_round, entry, Wish(2, "mất điện", "key"), SYSTEM, NOW + 5 * MINUTE)
    db.session.commit()
    with at(NOW + 6 * MINUTE):
        second.post(f"/attempts/{other_id}/submit")
        page = second.page(f"/attempts/{other_id}/receipt")
    assert "4 phút 00 giây (không tính 2 phút 00 giây được bù)" in page


@pytest.mark.parametrize("typed", ["{0}-{1}", "{0}{1}", " {0} {1} "])
def test_the_desk_finds_whose_a_code_is_however_it_is_typed(handed_in, sqlite_app, typed):
    _candidate, attempt_id, code = handed_in
    staff = desk(sqlite_app, Role.ORGANIZER, "here")
    with at(NOW + 5 * MINUTE):
        page = staff.get("/desk/receipts", query_string={"code": typed.format(code[:5], code[5:]).lower()})
    name = db.session.get(Attempt, attempt_id).entry.person.full_name
    said = page.get_data(as_text=True)
    assert "Máy chủ đã nhận bài này." in said and name in said and "2 trong 5 câu" in said
    assert "điểm" not in said.split("Máy chủ đã nhận", 1)[1]


@pytest.mark.parametrize("case", ["unknown", "elsewhere", "open"])
def test_the_desk_says_no_more_of_a_code_that_is_not_of_its_part(handed_in, sqlite_app, case):
    candidate, _attempt_id, code = handed_in
    if case == "open":
        other = make_candidate(sqlite_app, db.session.get(Round, candidate.round_id))
        with at(NOW):
            code = db.session.get(Attempt, other.start()).receipt_code
    staff = desk(sqlite_app, Role.ORGANIZER, "elsewhere" if case == "elsewhere" else "here")
    with at(NOW + 5 * MINUTE):
        page = staff.get("/desk/receipts", query_string={"code": "0000000000" if case == "unknown" else code})
    assert "Không có bài đã nộp nào mang mã này" in page.get_data(as_text=True)
