"""A phone comes back with what it could not send; the board reads who sent what."""

import json

import pytest

from quiz.core.late import link_of
from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt
from quiz.services.late import seed_of
from tests.conftest import Browser
from tests.factories import NOW, make_account
from tests.web.test_attempts import at, make_candidate, stored

START = NOW + 10 * MINUTE


def log_for(attempt_id: int, *choices: tuple[int, str, int]) -> list[list]:
    """Return these choices, made so many ms after the start, as a device links them."""
    log, link = [], seed_of(db.session.get_one(Attempt, attempt_id))
    for position, choice, since in choices:
        link = link_of(link, position, choice, since << 20)
        log.append([position, choice, since << 20, link])
    db.session.rollback()
    return log


def deliver(candidate, attempt_id: int, body: object, token: str | None = None):
    """Post a delivery as the page's script does."""
    db.session.rollback()
    return candidate.browser.client.post(
        f"/attempts/{attempt_id}/late",
        data=body if isinstance(body, bytes) else json.dumps(body),
        headers={"X-CSRF-Token": candidate.save_token() if token is None else token},
        content_type="application/json",
    )


@pytest.fixture
def late_candidate(sqlite_app):
    """Somebody who started at ten past eight, has ten minutes, and lost the line; and the attempt's id."""
    with at(START):
        candidate = make_candidate(sqlite_app)
        return candidate, candidate.start()


def test_a_delivery_is_answered_with_what_counts_and_where_the_receipt_is(late_candidate):
    candidate, attempt_id = late_candidate
    log = log_for(attempt_id, (0, "1", MINUTE), (1, "1", 11 * MINUTE))
    with at(START + 20 * MINUTE):
        answer = deliver(candidate, attempt_id, {"log": log, "signed_off": None})
    assert answer.status_code == 200
    assert answer.json == {"counted": 1, "refused": 1, "page": f"/attempts/{attempt_id}/receipt"}
    assert stored(attempt_id) == {0: "1"}


@pytest.mark.parametrize(
    ("told", "kept"),
    [("2,180000", (2, 180_000)), (None, (None, None)), ("x", (None, None)), ([2, 180_000], (None, None))],
)
def test_a_delivery_says_how_long_the_page_was_away_and_garbage_keeps_no_answer_out(
    late_candidate, told, kept
):
    candidate, attempt_id = late_candidate
    log = log_for(attempt_id, (0, "1", MINUTE))
    with at(START + 20 * MINUTE):
        assert deliver(candidate, attempt_id, {"log": log, "away": told}).json["counted"] == 1
    attempt = db.session.get_one(Attempt, attempt_id)
    assert (attempt.away_count, attempt.away_ms) == kept


def test_before_the_end_it_goes_on_with_the_paper(late_candidate):
    candidate, attempt_id = late_candidate
    with at(START + 2 * MINUTE):
        answer = deliver(candidate, attempt_id, {"log": log_for(attempt_id, (0, "1", MINUTE))})
    assert answer.json == {"counted": 1, "refused": 0, "page": f"/attempts/{attempt_id}"}


@pytest.mark.parametrize(
    "body",
    [b"", b"[", b"[]", b"7", b'{"log": 7}', b'{"log": [[1]]}', b'{"log": [["0", "1", 2, "x"]]}',
     b'{"log": [[0, 1, 2, "x"]]}', b'{"log": [[0, "1", true, "x"]]}', b'{"log": [[0, "1", 2, null]]}',
     b'{"log": [], "signed_off": "8"}', b'{"log": [], "signed_off": -1}', b"{" * 50_000, b" " * 300_000],
    ids=range(14),
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(late_candidate, body):
    candidate, attempt_id = late_candidate
    with at(START + 20 * MINUTE):
        answer = deliver(candidate, attempt_id, body)
    assert (answer.status_code, "tải lại trang" in answer.json["error"]) == (400, True)


def test_only_the_pages_of_this_sign_in_may_deliver(late_candidate):
    candidate, attempt_id = late_candidate
    with at(START + 20 * MINUTE):
        assert deliver(candidate, attempt_id, {"log": []}, token="x" * 64).status_code == 400
        assert deliver(candidate, attempt_id + 1, {"log": []}).status_code == 404


def test_the_receipt_says_why_what_came_late_does_not_count(late_candidate):
    candidate, attempt_id = late_candidate
    changed = log_for(attempt_id, (0, "1", MINUTE))
    changed[0][1] = "2"
    after = log_for(attempt_id, (1, "1", 11 * MINUTE))
    with at(START + 20 * MINUTE):
        deliver(candidate, attempt_id, {"log": changed, "signed_off": None})
        deliver(candidate, attempt_id, {"log": after, "signed_off": None})
        page = candidate.page(f"/attempts/{attempt_id}/receipt")
    assert "1 câu gửi muộn không được tính: nhật ký trên máy không còn nguyên vẹn." in page
    assert "1 câu gửi muộn không được tính: chọn sau khi hết giờ." in page


def test_the_board_reads_who_sent_what_and_why_some_of_it_does_not_count(late_candidate):
    candidate, attempt_id = late_candidate
    log = log_for(attempt_id, (0, "1", MINUTE), (1, "1", 11 * MINUTE))
    with at(START + 20 * MINUTE):
        deliver(candidate, attempt_id, {"log": log, "signed_off": START + 9 * MINUTE})
        attempt = db.session.get_one(Attempt, attempt_id)
        name, round_id = attempt.entry.person.full_name, attempt.round_id
        make_account((Role.ORGANIZER, attempt.entry.round.unit), username="board")
        db.session.commit()
        staff = Browser(candidate.browser.client.application).sign_in("board")
        page = staff.get(f"/desk/rounds/{round_id}/late").get_data(as_text=True)
        preview = staff.get(f"/desk/rounds/{round_id}/ranking").get_data(as_text=True)
    for words in (name, "1 lượt chọn", "chọn sau khi hết giờ", "Máy ghi đã bấm nộp lúc", "còn được nhận đến"):
        assert words in page
    assert "Bài gửi muộn còn được nhận đến" in preview
