"""The log of incidents at the desk: who writes, who reads, and what stays closed."""

import pytest

from quiz import clock
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Incident, TimeGrant
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)


class Scene:
    """A round of a district in two communes."""

    def __init__(self):
        district = make_unit("Mai Sơn", type_label="huyện")
        self.round = make_round(make_stage(make_contest(district)), district, opens_at=clock.now() - HOUR)
        self.communes = [make_unit(name, district) for name in ("Cò Nòi", "Hát Lót")]
        people = [make_person(make_cell(unit, f"Bản {unit.name}"), "Lò Văn Thử") for unit in self.communes]
        self.entries = [make_entry(self.round, person) for person in people]
        for name, role, unit in (
            ("huyen", Role.ORGANIZER, district),
            ("giamthi", Role.PROCTOR, self.communes[0]),
            ("thuky", Role.BOARD_SECRETARY, district),
            ("xem", Role.OBSERVER, district),
        ):
            make_account((role, unit), username=name)
        db.session.commit()
        self.base = f"/desk/rounds/{self.round.id}/incidents"

    def form(self, unit=0, **changes):
        return {
            "kind": "power", "unit": self.communes[unit].id, "place": "hội trường", "happened_at": "2023-02-05T08:22",
            "what": "Mất điện cả hội trường", "done": "Chạy máy nổ", "key": "abc",
        } | changes  # fmt: skip


@pytest.fixture
def there(sqlite_app):
    return Scene()


def text(answer):
    return answer.get_data(as_text=True)


def test_a_proctor_writes_and_the_board_reads_it_with_the_minutes(browser, there):
    browser.sign_in("giamthi")
    page = text(browser.get(f"{there.base}/new"))
    assert "xã Cò Nòi" in page and "xã Hát Lót" not in page
    answer = browser.post(f"{there.base}/new", there.form())
    assert answer.status_code == 302
    grant = TimeGrant(
        round_id=there.round.id, unit_id=there.communes[0].id, path=there.communes[0].path, minutes=15,
        reason="mất điện", key="g", given_at=NOW,
    )  # fmt: skip
    add(grant)
    db.session.commit()
    page = text(browser.get(answer.location))
    assert "Chạy máy nổ" in page and "15 phút cho xã Cò Nòi" in page
    key = db.session.query(Incident).one().id
    browser.post(f"/desk/incidents/{key}/grants", {"grants": grant.id})
    browser.post(f"/desk/incidents/{key}/steps", {"text": "Có điện lại", "key": "s"})
    browser.post("/sign-out")
    browser.sign_in("thuky")
    log = text(browser.get(there.base))
    for words in ("Mất điện cả hội trường", "Có điện lại", "15 phút cho xã Cò Nòi"):
        assert words in log
    assert f"{there.base}/new" not in log
    board = text(browser.get(f"/desk/rounds/{there.round.id}/monitor"))
    assert "Mất điện cả hội trường" in board
    browser.post("/sign-out")
    browser.sign_in("giamthi")
    assert "Sự cố: Mất điện" in text(browser.get(f"/desk/rounds/{there.round.id}/minutes"))


def test_a_second_click_and_missing_words_are_answered_kindly(browser, there):
    browser.sign_in("giamthi")
    browser.post(f"{there.base}/new", there.form())
    again = browser.post(f"{there.base}/new", there.form(), follow_redirects=True)
    assert "đã được ghi rồi" in text(again)
    empty = text(browser.post(f"{there.base}/new", there.form(what="", key="other")))
    assert "Hãy ghi việc gì đã xảy ra." in empty and "Chạy máy nổ" in empty
    ahead = text(browser.post(f"{there.base}/new", there.form(happened_at="2999-01-01T08:00", key="third")))
    assert "Giờ xảy ra ở sau lúc này" in ahead
    assert db.session.query(Incident).count() == 1


def test_an_incident_may_concern_one_contestant(browser, there):
    browser.sign_in("giamthi")
    own, other = there.entries
    url = f"{there.base}/new?entry={own.id}"
    assert "Lò Văn Thử" in text(browser.get(url))
    form = there.form(kind="health")
    del form["unit"]
    assert browser.post(url, form).status_code == 302
    assert db.session.query(Incident).one().unit_id == own.unit_id
    assert browser.get(f"{there.base}/new?entry={other.id}").status_code == 404


def test_another_commune_cannot_be_written_for(browser, there):
    browser.sign_in("giamthi")
    answer = browser.post(f"{there.base}/new", there.form(unit=1))
    assert answer.status_code == 200 and db.session.query(Incident).count() == 0


def test_who_has_no_need_reads_no_incidents(browser, there):
    browser.sign_in("giamthi").post(f"{there.base}/new", there.form())
    browser.post("/sign-out")
    browser.sign_in("xem")
    key = db.session.query(Incident).one().id
    assert browser.get(there.base).status_code == 403
    assert browser.get(f"/desk/incidents/{key}").status_code == 403
    assert "Mất điện" not in text(browser.get(f"/desk/rounds/{there.round.id}/monitor"))


def test_one_written_by_mistake_is_withdrawn_with_a_reason(browser, there):
    browser.sign_in("huyen")
    browser.post(f"{there.base}/new", there.form(unit=1))
    key = db.session.query(Incident).one().id
    assert "Hãy ghi vì sao" in text(browser.post(f"/desk/incidents/{key}/withdraw", {"reason": ""}))
    browser.post(f"/desk/incidents/{key}/withdraw", {"reason": "ghi nhầm xã"})
    page = text(browser.get(f"/desk/incidents/{key}"))
    assert "ghi nhầm xã" in page and "Ghi thêm" not in page
    assert "Mất điện" not in text(browser.get(f"/desk/rounds/{there.round.id}/monitor"))
