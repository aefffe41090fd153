"""The page of an import that was a job says what came in, and leads there."""

import pytest

from quiz import clock
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Grant, Job
from tests.web.test_roster_jobs import asked, work

__all__ = ["asked"]


@pytest.fixture
def page(sqlite_app, browser, asked):
    """The page of the finished import without what stands around it."""
    work(sqlite_app)
    db.session.remove()

    def read():
        return browser.get(asked).get_data(as_text=True).partition("<main")[2]

    return read


def test_its_end_says_how_many_came_in_and_leads_to_them(page):
    assert "Đã nhập xong: thêm 2 đơn vị và 0 người; sửa 0 đơn vị và 0 người." in page()
    assert 'href="/units"' in page() and 'href="/people"' in page()


def test_whoever_lost_their_role_meanwhile_is_led_to_no_page_that_refuses_them(page):
    db.session.query(Grant).filter_by(role=Role.ORGANIZER).one().revoked_at = clock.now()
    db.session.commit()
    assert "Đã nhập xong: thêm 2 đơn vị" in page()
    assert 'href="/units"' not in page() and 'href="/people"' not in page()


def test_an_earlier_import_of_the_same_effect_is_not_taken_for_it(page):
    db.session.query(Job).one().asked_at = clock.now() + 1_000
    db.session.commit()
    assert "Việc đã làm xong." in page() and "Đã nhập xong" not in page()
