"""A database that does not answer: the page says that it is busy and what is safe, and nothing is half stored."""

from contextlib import closing, contextmanager

import pytest
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from quiz import database
from quiz.extensions import db
from tests.factories import NOW
from tests.web.test_attempts import at, make_candidate
from tests.web.test_halls import text

BUSY, SAFE = "Hệ thống đang bận", "Những câu đã báo “Đã lưu trên máy chủ” vẫn còn nguyên."
LOOK_FIRST = "hãy mở lại trang và xem trước khi gửi lần nữa"


@pytest.fixture
def candidate(sqlite_app):
    return make_candidate(sqlite_app)


@pytest.fixture
def locked(monkeypatch):
    """Another process writes and does not end; nobody here waits for it long."""

    @contextmanager
    def lock():
        monkeypatch.setattr(database, "BUSY_TIMEOUT", 50)
        db.session.remove()
        db.engine.dispose()
        with closing(sqlite3.connect(db.engine.url.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    return lock


def test_a_form_sent_while_the_database_is_locked_is_told_to_look_before_sending_again(candidate, locked):
    with at(NOW):
        with locked():
            answer = candidate.browser.post("/sign-out")
        assert answer.status_code == 503
        assert all(words in text(answer) for words in (BUSY, SAFE, LOOK_FIRST))
        candidate.page("/rounds")  # still signed in: nothing of it was done
        assert candidate.browser.post("/sign-out").status_code == 302
        assert candidate.get("/rounds").status_code == 302


def test_who_only_opens_a_page_hears_nothing_of_forms(browser, monkeypatch):
    def gone(*_given, **_named):
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("unable to open database file"))

    monkeypatch.setattr("quiz.web.public.results.latest_published", gone)
    answer = browser.get("/")
    assert answer.status_code == 503 and SAFE in text(answer) and LOOK_FIRST not in text(answer)


def test_an_address_without_a_page_is_told_without_asking_who_is_there(candidate, monkeypatch):
    def gone(*_given):
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("unable to open database file"))

    monkeypatch.setattr("quiz.web.guards.auth.principal_of", gone)
    with at(NOW):
        answer = candidate.get("/khong-co-trang-nay")
        assert answer.status_code == 404 and "Không tìm thấy trang" in text(answer)
        assert candidate.get("/rounds").status_code == 503


def test_a_statement_that_is_wrong_is_a_fault_of_ours_and_no_crowd(browser, monkeypatch):
    monkeypatch.setattr(
        "quiz.web.public.results.latest_published",
        lambda *_given: db.session.execute(sql("SELECT name FROM nowhere")),
    )
    with pytest.raises(OperationalError, match="no such table"):
        browser.get("/")
