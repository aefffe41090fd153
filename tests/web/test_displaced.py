"""What the page of promotion tells after a correction: who is meant, and a button named only where it is there."""

import pytest

from quiz.core.promotion import Quota
from quiz.extensions import db
from quiz.models import Account
from quiz.services import entries, promotion, results
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from tests.conftest import Browser
from tests.factories import make_entry, make_round, make_stage
from tests.sat_rounds import ENDED, KEY, Sat

BUTTON = "Bấm “Đưa vào vòng sau” ở dưới"


class Corrected:
    """An and Bình went to the final; then Cường's points were put right, and Cường is before Bình."""

    def __init__(self, app):
        sat = Sat(tie_breaks=(), quota=Quota(top=2, reserves=1))
        self.final = make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
        self.entries = {
            name: sat.sit(name, KEY, right=right) for name, right in (("An", 3), ("Bình", 2), ("Cường", 1))
        }
        for entry in self.entries.values():
            entry.person.full_name = "Giàng A Dơ"  # three of one name, each of a cell of their own
        edition = sat.publish()
        self.actor = Actor(db.session.query(Account).first().id)
        promotion.promote(edition, self.actor, ENDED)
        self.put_right("Cường", 350)
        self.browser = Browser(app).sign_in("hoi")

    def put_right(self, name, points):
        """Publish anew with other points for somebody."""
        self.entries[name].attempts[0].raw_score = points
        db.session.flush()
        contest_round, last = self.entries[name].round, results.latest(self.entries[name].round_id)
        lines = standings_of(contest_round)
        new = results.add_edition(contest_round, last.kind, "sửa", lines, self.actor, ENDED, None, last)
        self.url = f"/desk/editions/{new.id}/promotion"
        db.session.commit()

    def shown(self):
        """The words of the page."""
        return " ".join(self.browser.get(self.url).get_data(as_text=True).split())


@pytest.fixture
def corrected(sqlite_app):
    return Corrected(sqlite_app)


def test_namesakes_are_told_apart_by_their_cells(corrected):
    shown = corrected.shown()
    for name in ("An", "Bình"):
        assert (
            shown.count(f"<li>Giàng A Dơ, {corrected.entries[name].unit.title} – ")
            == {"An": 1, "Bình": 2}[name]
        )
    assert BUTTON in shown


def test_no_button_is_named_while_a_tie_at_the_cut_takes_it_away(corrected):
    corrected.put_right("An", 300)
    shown = corrected.shown()
    assert "Bằng nhau ở ranh giới" in shown and "Nay được đi tiếp nhưng chưa có ở vòng sau" in shown
    assert BUTTON not in shown and "Quyết định trường hợp bằng nhau ở dưới rồi mới thêm được" in shown


def test_no_button_is_named_for_who_withdrew_there_and_has_a_way_of_their_own(corrected):
    an = next(one for one in corrected.final.entries if one.unit_id == corrected.entries["An"].unit_id)
    entries.withdraw(an, "ốm", corrected.actor, ENDED)
    db.session.commit()
    corrected.browser.post(corrected.url)
    shown = corrected.shown()
    assert "khôi phục hoặc gọi dự bị" in shown and BUTTON not in shown


def test_whom_the_board_above_has_entered_is_not_called_missing(corrected):
    moved = corrected.entries["Cường"]
    make_entry(corrected.final, moved.person, scope=corrected.final.scopes[0].unit)
    db.session.commit()
    assert "Nay được đi tiếp nhưng chưa có ở vòng sau" not in corrected.shown()


def test_nobody_is_offered_to_be_sent_into_a_round_that_has_begun(corrected):
    assert BUTTON in corrected.shown() and ">Đưa vào vòng sau</button>" in corrected.shown()
    corrected.final.opened_at = ENDED
    db.session.commit()
    shown = corrected.shown()
    assert "Nay được đi tiếp nhưng chưa có ở vòng sau" in shown
    assert BUTTON not in shown and ">Đưa vào vòng sau</button>" not in shown
    assert shown.count("Vòng sau đã mở nên không thêm người được nữa. Hãy báo Ban Tổ chức cấp trên.") == 1
