"""Who answers for a commune finds the duty board of its own people where the round is held above or beside it."""

import pytest

from quiz.core.permissions import Role
from quiz.extensions import db
from tests.factories import (
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

WORDS = "Vòng thi do nơi khác tổ chức, có người của đơn vị bạn"


@pytest.fixture
def there(sqlite_app):
    """A round of the district, open, in which only the first of two communes has somebody."""
    district = make_unit("Mai Sơn", type_label="huyện")
    near, far = make_unit("Cò Nòi", district), make_unit("Hát Lót", district)
    found = make_round(make_stage(make_contest(district)), district, opened_at=NOW, name="Vòng chung kết")
    make_entry(found, make_person(make_cell(near, "Bản 1"), "Lò Văn A"), near)
    for name, unit in {"huyen": district, "gan": near, "xa": far}.items():
        make_account((Role.ORGANIZER, unit), username=name)
    db.session.commit()
    return found


def pages(browser, username, contest_round):
    browser.sign_in(username)
    urls = ("/desk", f"/contests/{contest_round.stage.contest_id}")
    return [browser.get(url).get_data(as_text=True) for url in urls]


def test_the_commune_is_led_to_its_people_from_the_desk_and_from_the_contest(browser, there):
    for page in pages(browser, "gan", there):
        assert WORDS in page
        assert f'href="/desk/rounds/{there.id}/monitor"' in page
    assert "Lò Văn A" in browser.get(f"/desk/rounds/{there.id}/monitor").get_data(as_text=True)


@pytest.mark.parametrize("username", ["huyen", "xa"])
def test_who_holds_the_round_or_has_nobody_in_it_is_not(browser, there, username):
    assert not [page for page in pages(browser, username, there) if WORDS in page]


def test_nobody_is_before_the_round_has_opened_or_once_the_own_people_have_withdrawn(browser, there):
    there.opened_at = None
    db.session.commit()
    assert not [page for page in pages(browser, "gan", there) if WORDS in page]
    there.opened_at, there.entries[0].withdrawn_at = NOW, NOW
    db.session.commit()
    assert not [page for page in pages(browser, "gan", there) if WORDS in page]
