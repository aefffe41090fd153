"""A prize for the best in one part: set in the form, printed, found from the signed points, shown with them."""

import pytest

from quiz import clock
from quiz.core import rules as rulebook
from quiz.core.prizes import Merit, Prize, PrizeTable, SpecialPrize
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Round, Stage
from quiz.services import award_figures, awards, contests, results
from quiz.services.audit import Actor
from tests.factories import make_account, publish_final
from tests.web.test_contests import Fields
from tests.web.test_stage import PART, There

BEST = SpecialPrize("Giới thiệu hay nhất", Merit.BEST_PART, part=PART.name)


@pytest.fixture
def there(sqlite_app):
    return There(sqlite_app)


def sent(there, url, **changes):
    """Post the form at `url` as it stands but for `changes`."""
    fields = Fields()
    fields.feed(there.get("organizer", url))
    as_it_stands = {key: value for key, value in fields.sent.items() if key not in ("csrf_token", "more")}
    return there.post("organizer", url, **as_it_stands | changes)


def special(there):
    db.session.expire_all()
    return contests.rules_of(db.session.get_one(Round, there.round.id).stage).prizes.special


def test_the_form_keeps_the_part_and_the_part_keeps_its_prize_when_renamed(there):
    url = f"/stages/{there.round.stage_id}"
    line = {"special-0-title": BEST.name, "special-0-merit": "best_part", "special-0-topic": ""}
    table = line | {"prize_scope": "round", "at_line": "share"}
    assert "cần chọn phần thi" in there.post("organizer", f"{url}/prizes", **table)
    shown = there.post("organizer", f"{url}/prizes", **table | {"special-0-part": PART.name})
    assert "cho người có điểm cao nhất ở phần thi “Giới thiệu”; bằng nhau thì xét thứ hạng chung" in shown
    assert special(there) == (BEST,)
    sent(there, f"{url}/edit", **{"parts-0-name": "Chào hỏi"})
    assert [one.part for one in special(there)] == ["Chào hỏi"]


def test_the_highest_signed_points_in_the_part_win_and_are_shown(there):
    stage = db.session.get_one(Stage, there.round.stage_id)
    rules = Rules(parts=(PART,), tie_breaks=(), prizes=PrizeTable((Prize("Giải nhất", 1),), special=(BEST,)))
    stage.rules = rulebook.to_dict(rules)
    db.session.commit()
    there.seat()
    for key, content in zip(there.draw(), ("10", "11"), strict=True):
        there.perform(key)
        for judge in ("judge1", "judge2"):
            there.mark(judge, key, content)
        there.post("secretary", f"/desk/performances/{key}/check")
        there.post("head", f"/judging/{key}/sign")
    db.session.expire_all()
    held, actor, now = db.session.get_one(Round, there.round.id), Actor(make_account().id), clock.now()
    results.publish(held, results.PROVISIONAL, "", actor, now)
    edition = publish_final(held, actor, now)
    db.session.commit()
    (won,) = [one for one in awards.view_of(edition).lines if one.prize == BEST.name]
    assert (won.rank, won.figure) == (1, (1800, 0))
    taking_part = [(one.sending, one.contestants) for one in award_figures.units_of(edition)]
    assert taking_part == [(1, 1), (1, 1)]  # who performed took part, with no paper handed in
    assert "18,00 điểm phần “Giới thiệu”" in there.get("organizer", f"/desk/editions/{edition.id}/prizes")
