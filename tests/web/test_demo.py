"""The demo's accounts and cards under production settings: what they began under those of the demo does not go on.

Folder and keys stay the same. Whoever is not of the demo goes on as before.
"""

import pytest

from quiz.core.api_scopes import ApiScope
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Account, Contest
from quiz.services import api_tokens
from quiz.services.audit import Actor
from tests.conftest import Browser
from tests.factories import NOW, make_account, make_unit
from tests.web.test_attempts import during_the_round, make_candidate, stored
from tests.web.test_halls import Hall, text

__all__ = ["during_the_round"]
OF_THE_DEMO = pytest.mark.parametrize("is_demo", [True, False], ids=["of the demo", "of a real contest"])


def mark(is_demo: bool) -> None:
    """Let every account and contest be of the demo, or none."""
    for model in (Account, Contest):
        db.session.query(model).update({"is_demo": is_demo})
    db.session.commit()


@OF_THE_DEMO
def test_a_member_of_the_staff(sqlite_app, shut_out_demo, is_demo):
    make_account((Role.ORGANIZER, make_unit()), username="mai")
    mark(is_demo)
    browser = Browser(sqlite_app).sign_in("mai")
    assert browser.get("/desk").status_code == 200
    shut_out_demo()
    answer = browser.get("/desk")
    assert answer.status_code == (302 if is_demo else 200)
    assert not is_demo or answer.location.startswith("/sign-in")
    answer = browser.post("/password", {"old": "x", "new": "y"})
    assert ("/sign-in" in (answer.location or "")) is is_demo


@OF_THE_DEMO
def test_a_contestant_in_the_middle_of_a_paper(sqlite_app, shut_out_demo, is_demo):
    candidate = make_candidate(sqlite_app)
    mark(is_demo)
    attempt_id = candidate.start()
    assert candidate.save(attempt_id, [0, "1", 1 << 20]).status_code == 200
    shut_out_demo()
    answer = candidate.get(f"/attempts/{attempt_id}")
    assert answer.status_code == (302 if is_demo else 200)
    assert not is_demo or answer.location.startswith("/card")
    for batch in ([[1, "1", 2 << 20]], []):
        assert candidate.save(attempt_id, *batch).status_code == (401 if is_demo else 200)
    answer = candidate.post(f"/attempts/{attempt_id}/submit")
    assert ("/receipt" in (answer.location or "")) is not is_demo
    assert stored(attempt_id) == ({0: "1"} if is_demo else {0: "1", 1: "1"})


@OF_THE_DEMO
def test_a_device_of_a_hall(sqlite_app, shut_out_demo, is_demo):
    hall = Hall(sqlite_app)
    mark(is_demo)
    device, other = hall.device(), hall.device()
    attempt_id = hall.sit(device, 0)
    shut_out_demo()
    answer = device.get(f"/attempts/{attempt_id}")
    assert answer.status_code == (302 if is_demo else 200)
    assert not is_demo or answer.location == "/hall"
    answer = other.post("/hall", {"code": hall.code(1)})
    assert ("Không có mã ngắn này" in text(answer)) is is_demo
    assert answer.location == (None if is_demo else "/hall/seat")


@OF_THE_DEMO
def test_another_system_that_reads_with_a_token(sqlite_app, shut_out_demo, is_demo):
    unit = make_unit()
    maker = make_account((Role.ORGANIZER, unit))
    _, token = api_tokens.make("Cổng", unit, [ApiScope.UNITS], 30, Actor(maker.id), NOW)
    mark(is_demo)
    ask = {"path": "/api/v1/units", "headers": {"Authorization": f"Bearer {token}"}}
    assert sqlite_app.test_client().get(**ask).status_code == 200
    shut_out_demo()
    assert sqlite_app.test_client().get(**ask).status_code == (401 if is_demo else 200)
