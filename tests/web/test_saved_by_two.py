"""Two people have the same record open: who saves last is told what the other changed, and nothing is lost unseen."""

import pytest

from quiz.core.permissions import Role
from quiz.extensions import db
from tests.conftest import Browser
from tests.factories import (
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_stage,
    make_unit,
)
from tests.web.test_contests import Fields, page

SAID = "Người khác đã sửa trang này"
EARLIER, LATER = "2030-02-05T08:00", "2030-02-05T09:00"
# the page, what the first changes, what the second changes, and what the second is told
FORMS = {
    "hours": ("rounds/{round}/edit", {"closes_at": EARLIER}, {"closes_at": LATER}, "Giờ đóng"),
    "units of a round": ("rounds/{round}/units", {"name": "Vòng một"}, {"name": "Vòng hai"}, "Tên vòng thi"),
    "cluster": (
        "rounds/{round}/clusters/1",
        {"leader": "BT-1"},
        {"host": "{commune}"},
        "Người phụ trách cụm",
    ),
    "letterhead": ("rounds/{round}/office/letterhead", {"signer": "Lò Một"}, {"signer": "Lò Hai"}, "ký"),
    "person": ("/people/{person}/edit", {"phone": "0912000001"}, {"phone": "0912000002"}, "Điện thoại"),
    "unit": ("/units/{commune}/edit", {"name": "Cò Nòi Một"}, {"name": "Cò Nòi Hai"}, "Tên riêng"),
}


@pytest.fixture
def places(sqlite_app):
    district = make_unit("Mai Sơn", type_label="huyện")
    commune = make_unit("Cò Nòi", district)
    leader = make_person(make_cell(commune), "Lò Văn Ánh", code="BT-1")
    held = make_round(make_stage(make_contest(district)), commune)
    held.scopes[0].cluster = "Cụm 1"
    make_account((Role.ORGANIZER, district), username="board")
    db.session.commit()
    return {"round": held.id, "person": leader.id, "commune": commune.id}


@pytest.fixture
def board(sqlite_app, places):
    return Browser(sqlite_app).sign_in("board")


def form_of(answer):
    """What the longest form of the page sends when nobody has touched it."""
    fields = Fields()
    fields.feed(
        max((form.split("</form>")[0] for form in page(answer).split('<form method="post" ')[1:]), key=len)
    )
    return {key: value for key, value in fields.sent.items() if key not in ("csrf_token", "more")}


@pytest.mark.parametrize("case", FORMS)
def test_who_saves_last_is_told_once_what_somebody_else_changed(board, places, case):
    address, first, second, field = FORMS[case]
    url = address.format(**places) if address.startswith("/") else "/desk/" + address.format(**places)
    second = {key: value.format(**places) for key, value in second.items()}
    stale = form_of(board.get(url))
    assert board.post(url, stale | first).status_code == 302
    before = form_of(board.get(url))
    assert board.post(url, stale | first).status_code == 302  # a double click is nobody else
    refused = board.post(url, stale | second)
    assert (
        refused.status_code == 200 and SAID in page(refused) and field in page(refused).split(SAID)[1][:300]
    )
    assert form_of(board.get(url)) == before
    assert board.post(url, form_of(refused) | second).status_code == 302
    assert form_of(board.get(url)) != before
