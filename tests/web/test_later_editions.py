"""An edition does not move, so its page leads to the one that came after it."""

import html
import re

import pytest

from quiz.core.approvals import Answer
from quiz.core.corrections import Policy, Ruling
from quiz.extensions import db
from quiz.services import approved_acts, corrections
from quiz.services.audit import Actor
from quiz.web.paging import PAGE
from tests.conftest import Browser
from tests.sat_rounds import ENDED, KEY, RIGHT, Sat

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


def corrected_after(sat: Sat):
    """Publish a round, put the key of its doubtful question right, and return the edition that came of it."""
    sat.publish(final=False)
    ruling = Ruling(Policy.NEW_ONLY, (RIGHT,))
    asked = corrections.ask(sat.contest, sat.doubtful, ruling, "Điều 4 ghi khác.", sat.actor, ENDED)
    approved_acts.decide(asked, Answer.APPROVED, "", Actor(sat.second.id), ENDED)
    db.session.commit()
    return next(one for one in sat.round.editions if one.number == 2)


def test_everybody_whom_an_edition_moved_is_counted_and_can_be_turned_to_and_back(sqlite_app):
    sat = Sat()
    for number in range(PAGE + 1):
        sat.sit(f"{number:02}", RIGHT, right=2, minutes=10 + number)
    address, reader = f"/results/{corrected_after(sat).id}?page=2", Browser(sqlite_app)
    shown = [reader.get(f"{address}&changes={number}").get_data(as_text=True) for number in (1, 2, 3)]
    moved = [
        re.search(r'id="changes".*?</table>.*?class="total">[^<]*', page, re.DOTALL)[0] for page in shown
    ]
    assert all(f"{PAGE + 1} dòng" in part for part in moved)
    assert "Lò Văn 00" in moved[0] and f"Lò Văn {PAGE}" not in moved[0]
    assert "Lò Văn 00" not in moved[1] and f"Lò Văn {PAGE}" in moved[1] and moved[2] == moved[1]
    for part, number in ((moved[0], 2), (moved[1], 1)):
        way = html.unescape(re.search(f'href="([^"]*changes={number}[^"]*)"', part)[1])
        assert "page=2" in way and way.endswith("#changes")


def test_a_list_of_those_moved_that_fills_its_page_promises_no_further_one(sqlite_app):
    sat = Sat()
    for number in range(PAGE):
        sat.sit(f"{number:02}", RIGHT, right=2, minutes=10 + number)
    page = Browser(sqlite_app).get(f"/results/{corrected_after(sat).id}").get_data(as_text=True)
    assert f"Lò Văn {PAGE - 1}" in page and "changes=2" not in page
