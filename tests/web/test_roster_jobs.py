"""A roster too long to wait for is taken in as a job: whole, once, with the roles its owner holds by then."""

import pytest
from sqlalchemy import select

from quiz import clock
from quiz.core.permissions import Role
from quiz.core.rosters import Roster
from quiz.extensions import db
from quiz.models import Account, Grant, Job, Unit, Upload
from quiz.services.jobs import JobState, state_of
from quiz.web import job_worker, roster
from tests.factories import make_account, make_unit
from tests.web.test_roster import cell, confirm, upload

CELLS = Roster((cell("A2", "A", "Bản Hai"), cell("A3", "A", "Bản Ba")))


@pytest.fixture
def asked(sqlite_app, browser, monkeypatch):
    """The address of the job that takes in two cells of the commune A, asked for by its organizer."""
    monkeypatch.setattr(roster, "LONG", 0)
    make_account((Role.ORGANIZER, make_unit("Cò Nòi", code="A")), username="co")
    db.session.commit()
    browser.sign_in("co")
    return confirm(browser, upload(browser, CELLS)).location


def work(app):
    db.session.remove()
    done = job_worker.run(app, *job_worker.take_up(app))
    db.session.remove()
    return done, db.session.query(Job).one()


def test_it_is_taken_in_whole_and_its_file_forgotten(sqlite_app, browser, asked):
    assert asked.startswith("/desk/jobs/")
    assert db.session.query(Unit).count() == 1, "not while anybody waits"
    done, job = work(sqlite_app)
    assert done and state_of(job) is JobState.DONE and (job.done, job.total) == (2, 2)
    assert (db.session.query(Unit).count(), db.session.scalars(select(Upload.data)).all()) == (3, [b""])
    db.session.remove()
    assert "Việc đã làm xong." in browser.get(asked).get_data(as_text=True)


def test_done_again_after_its_process_was_killed_it_changes_nothing(sqlite_app, asked):
    work(sqlite_app)
    job = db.session.query(Job).one()
    job.ended_at, job.leased_until = None, 1  # killed before it could say that it was done
    db.session.commit()
    done, job = work(sqlite_app)
    assert done and job.tries == 2 and db.session.query(Unit).count() == 3


def test_what_has_changed_since_the_preview_is_refused_in_words(sqlite_app, asked):
    make_unit("Bản Hai", db.session.query(Unit).one(), "chi bộ", code="A2")
    db.session.commit()
    done, job = work(sqlite_app)
    assert not done and state_of(job) is JobState.FAILED
    assert db.session.query(Unit).count() == 2


@pytest.mark.parametrize("taken", ["role", "account"])
def test_whoever_lost_their_role_meanwhile_takes_nothing_in(sqlite_app, asked, taken):
    if taken == "role":
        db.session.query(Grant).one().revoked_at = clock.now()
    else:
        db.session.query(Account).one().disabled_at = clock.now()
    db.session.commit()
    done, job = work(sqlite_app)
    assert not done and job.error
    assert db.session.query(Unit).count() == 1


def test_a_short_file_is_taken_in_at_once(sqlite_app, browser):
    make_account((Role.ORGANIZER, make_unit("Cò Nòi", code="A")), username="co")
    db.session.commit()
    browser.sign_in("co")
    assert confirm(browser, upload(browser, CELLS)).location == "/roster"
    db.session.rollback()
    assert db.session.query(Job).count() == 0
