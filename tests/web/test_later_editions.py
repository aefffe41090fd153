"""An edition does not move, so its page leads to the one that came after it."""

import pytest

from quiz.extensions import db
from tests.conftest import Browser
from tests.sat_rounds import KEY, Sat

LATER = "Đã có lần công bố sau: lần 2"


@pytest.fixture
def editions(sqlite_app):
    """The provisional edition of a round and the final one after it."""
    scene = Sat()
    scene.sit("An", KEY, right=2)
    after = scene.publish(final=True)
    db.session.commit()
    return next(one for one in scene.round.editions if one.number == 1), after


def test_a_provisional_table_leads_everybody_to_the_final_one(sqlite_app, editions):
    before, after = editions
    page = Browser(sqlite_app).get(f"/results/{before.id}").get_data(as_text=True)
    assert LATER in page and f'href="/results/{after.id}"' in page


def test_a_table_after_which_none_came_leads_nowhere(sqlite_app, editions):
    page = Browser(sqlite_app).get(f"/results/{editions[1].id}").get_data(as_text=True)
    assert "Đã có lần công bố sau" not in page
