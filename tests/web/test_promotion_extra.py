"""A tie at the cut decided by extra questions: the points are kept and shown, and who goes on follows from them."""

import re

import pytest

from quiz.core.promotion import Quota
from quiz.extensions import db
from quiz.models import TieDecision
from quiz.services import results
from tests.conftest import Browser
from tests.factories import make_round, make_stage
from tests.sat_rounds import ENDED, KEY, Sat


@pytest.fixture
def page(sqlite_app):
    """The promotion page of a round whose first two are equal to the end, and somebody who decides."""
    sat = Sat(tie_breaks=(), quota=Quota(top=1, reserves=1))
    make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
    for name, right in (("An", 3), ("Bình", 3), ("Cường", 1)):
        sat.sit(name, KEY, right=right)
    edition = sat.publish()
    db.session.commit()
    return (
        Browser(sqlite_app).sign_in("hoi"),
        f"/desk/editions/{edition.id}/promotion",
        results.all_of(edition),
    )


def names_in(page):
    """The names of the fields of the first tie's form, and where it is sent."""
    action = re.search(r'action="([^"]*decision[^"]*)"', page)[1].replace("&amp;", "&")
    return action, re.search(r'name="(tie\d+)-way"', page)[1]


def decide(browser, url, points, way="extra_questions"):
    """Send the decision with the points of each on extra questions."""
    action, prefix = names_in(browser.get(url).get_data(as_text=True))
    values = {f"{prefix}-extra_{entry}": earned for entry, earned in points.items()}
    data = {f"{prefix}-way": way, f"{prefix}-reason": "Biên bản số 5"} | values
    return browser.post(action, data, follow_redirects=True).get_data(as_text=True)


def test_the_points_on_extra_questions_decide_and_are_kept(page):
    browser, url, lines = page
    an, binh = lines[0], lines[1]
    shown = decide(browser, url, {an.entry_id: "2", binh.entry_id: "2,5"})
    assert "Điểm câu hỏi phụ: " in shown and "Lò Văn Bình 2,50; Lò Văn An 2,00" in " ".join(shown.split())
    row = db.session.query(TieDecision).one()
    assert (row.chosen, row.scores) == ([binh.entry_id], {str(an.entry_id): 200, str(binh.entry_id): 250})


@pytest.mark.parametrize("points, said", [(("2", "2"), "vẫn bằng nhau"), (("2", ""), "từng người")])
def test_points_that_settle_nothing_leave_the_tie_open(page, points, said):
    browser, url, lines = page
    shown = decide(browser, url, {lines[0].entry_id: points[0], lines[1].entry_id: points[1]})
    assert said in shown
    assert db.session.query(TieDecision).count() == 0
