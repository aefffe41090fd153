"""Sitting while PostgreSQL is frozen: told within the time a phone waits, and nothing acknowledged is lost."""

import re
import time
from contextlib import contextmanager

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from drill.postgres import FAST, temporary_postgres
from quiz import database, postgres
from quiz.core.permissions import Role
from quiz.database import patience
from quiz.extensions import db
from quiz.models import Response
from quiz.settings import ROOT
from tests.conftest import Browser, point
from tests.factories import NOW, make_account, make_unit
from tests.frozen import backends_of, frozen, server_of
from tests.web.test_attempts import at, make_candidate
from tests.web.test_halls import text

SAFE = "Những câu đã báo “Đã lưu trên máy chủ” vẫn còn nguyên."
AT_MOST = 10.0  # s: on a machine with much else to do


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(database, "HURRIED", 0.5)


def stamp(n: int) -> int:
    return n << 20 | 1


@contextmanager
def told_in_time():
    began = time.monotonic()
    yield
    assert time.monotonic() - began < AT_MOST


def test_a_request_that_meets_a_frozen_database_ends_before_the_phone_asks_again():
    asks_again = re.search(r"const PATIENCE = (\d+);", (ROOT / "static/js/outbox.js").read_text())
    assert int(asks_again[1]) / 1000 > database.HURRIED + postgres.CANCEL + postgres.CONNECT


def test_contestants_wait_shortly_and_staff_longer(sqlite_app, monkeypatch):
    waits = []

    def note(*_given, **_named):
        waits.append(patience.get())
        return ""

    monkeypatch.setattr("quiz.web.attempts.render_template", note)
    monkeypatch.setattr("quiz.web.public.render_template", note)
    monkeypatch.setattr("quiz.web.contests.render_template", note)
    candidate, staff = make_candidate(sqlite_app), Browser(sqlite_app)
    organizer = make_account((Role.ORGANIZER, make_unit()))
    db.session.commit()
    with at(NOW):
        candidate.page("/rounds")
        staff.sign_in(organizer.username).get("/contests")
        candidate.page("/")
    assert waits == [database.HURRIED, database.UNHURRIED, database.HURRIED]


def test_a_save_over_a_frozen_connection_waits_once_and_the_next_one_is_stored(new_app, hurried):
    app = new_app("postgres")
    with app.app_context(), at(NOW):
        candidate = make_candidate(app)
        attempt = candidate.start()
        assert candidate.save(attempt, [0, "1", stamp(1)]).status_code == 200
        with frozen(backends_of(db.engine.url.render_as_string(hide_password=False))):
            with told_in_time():
                assert candidate.save(attempt, [1, "2", stamp(2)]).status_code == 503
            answer = candidate.save(attempt, [1, "2", stamp(2)])
            assert answer.status_code == 200


@pytest.mark.long  # a server of its own, frozen whole
def test_a_frozen_server_is_told_of_and_keeps_every_acknowledged_answer(new_app, hurried):
    app = new_app("postgres")
    with temporary_postgres(FAST) as url, app.app_context(), at(NOW):
        db.engine.dispose()
        point(app, url)
        upgrade(directory=app.extensions["migrate"].directory)
        candidate = make_candidate(app)
        attempt = candidate.start()
        assert candidate.save(attempt, [0, "1", stamp(1)]).status_code == 200
        with frozen(server_of(url)):
            with told_in_time():
                assert candidate.save(attempt, [1, "2", stamp(2)]).status_code == 503
            with told_in_time():
                page = candidate.get(f"/attempts/{attempt}")
                assert page.status_code == 503 and SAFE in text(page)
            with told_in_time():
                assert candidate.get("/readyz").status_code == 503
        stored = candidate.save(attempt, [2, "1", stamp(3)]).get_json()
        assert stored["stored"] == [[2, "1", stamp(3)]]
        kept = dict(map(tuple, db.session.execute(select(Response.position, Response.choice))))
        assert kept.items() >= {0: "1", 2: "1"}.items()
        db.session.remove()
        db.engine.dispose()
