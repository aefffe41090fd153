"""Marked secrets are planted in a filled contest; every page and file of every role is read for those it must not hold.

The table below says who needs to see what. Pages are all GET routes with the own things in their address, and
whatever they link to.
"""

import html
import io
import re
import zipfile
from datetime import date
from functools import cache
from urllib.parse import urldefrag

import pytest
from pypdf import PdfReader

from quiz.core.permissions import Permission, Role, permits
from quiz.extensions import db
from quiz.models import AccessCard, Account, Entry, Item, ItemComment, ItemVersion, Person
from quiz.web.results import XLSX
from tests.factories import NOW, add, make_attempt, make_entry, make_person
from tests.test_access import ROLES, ROUTES, STAFF, Scene, enters, scene  # noqa: F401 the fixture

# Some two thousand pages; whichever test comes first reads them for the others.
pytestmark = [pytest.mark.long, pytest.mark.timeout(1_800)]

BORN = date(1961, 7, 13)
FORMULA = "=2+5+marked"  # what somebody could be named, so that a spreadsheet would compute it
SECRETS = {
    "phone number": ("0987654321",),
    "birth date": ("13/07/1961", "13/7/1961", "1961-07-13", "13-07-1961", "1961-07-13 00:00:00"),
    "ethnicity": ("Xinh Mun marked",),
    "why the key is right": ("RATIONALE marked",),
    "why a distractor is wrong": ("FEEDBACK marked",),
    "remark on a question": ("REMARK marked",),
    "a question no round has used": ("STEM marked",),
    "reason of a withdrawal": ("WITHDRAWN marked",),
    "hash of a password": ("PASSWORDHASH marked",),
    "hash of a PIN": ("PINHASH marked",),
}
PERSONAL, BANK = Permission.PEOPLE_VIEW, Permission.BANK_VIEW
# Whoever holds one of these permissions needs it for the work; nobody else may meet the secret anywhere.
NEEDED_BY: dict[str, tuple[Permission, ...]] = {
    "phone number": (PERSONAL,),
    "birth date": (PERSONAL,),
    "ethnicity": (PERSONAL,),
    "why the key is right": (BANK,),
    "why a distractor is wrong": (BANK,),
    "remark on a question": (BANK,),
    "a question no round has used": (BANK,),
    "reason of a withdrawal": (Permission.CONTEST_VIEW,),
    "hash of a password": (),
    "hash of a PIN": (),
}


def may_see(role: str, secret: str) -> bool:
    """Tell whether the work of a role needs a secret."""
    return role in STAFF and any(permits(Role(role), permission) for permission in NEEDED_BY[secret])


@pytest.fixture(scope="module")
def planted(scene: Scene, tmp_path_factory):  # noqa: F811
    """The application on the filled world, with the marked secrets in it."""
    app = scene.app(tmp_path_factory.mktemp("planted") / "data")
    with app.app_context():
        _plant(scene.world.own)
        db.session.commit()
    return app


def _plant(own: dict[str, object]) -> None:
    entry = db.session.get_one(Entry, own["entry_id"])
    neighbour = make_person(entry.unit, FORMULA)
    make_attempt(make_entry(entry.round, neighbour))
    gone = make_entry(entry.round, make_person(entry.unit, "Lò Thị Rút"), withdrawn_at=NOW)
    gone.withdrawn_reason = "WITHDRAWN marked"
    for person in db.session.query(Person).filter(Person.id != own["person_id"]):
        person.phone, person.birth_date, person.ethnicity = "0987654321", BORN, "Xinh Mun marked"
    for item in db.session.query(Item).order_by(Item.id):
        remark = {"account_id": own["account_id"], "text": "REMARK marked", "at": NOW}
        add(ItemComment(item_id=item.id, version_id=item.current_id, **remark))
    # A version never changes; these words stand there as if they had been written so.
    db.session.query(ItemVersion).update(
        {"rationale": "RATIONALE marked", "feedback": ["FEEDBACK marked"] * 4}
    )
    db.session.query(ItemVersion).filter_by(id=item.current_id).update({"stem": "STEM marked"})
    db.session.query(Account).update({"password_hash": "PASSWORDHASH marked"})
    db.session.query(AccessCard).update({"pin_hash": "PINHASH marked"})


# --- reading everything -------------------------------------------------------------------------------------------


def text_of(answer) -> str:
    """Return what somebody can read out of an answer, whatever kind of file it is."""
    data = answer.get_data()
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return " ".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    if data[:5] == b"%PDF-":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return data.decode(errors="replace")


LINK = re.compile(r'(?:href|src)="(/[^"]*)"')


def crawl(scene: Scene, app, role: str):  # noqa: F811
    """Yield (address, answer) of every page a role may ask for, and of what these lead to."""
    seen: set[str] = set()
    leads: dict[str, None] = {}
    for route in ROUTES:
        if route.method == "GET" and enters(route, role):
            answer = scene.ask(app, route, role, "own")
            seen.add(answer.request.full_path.rstrip("?"))
            leads |= dict.fromkeys(_links(answer))
            yield str(route), answer
    client = _client(scene, app, role)
    for address in leads:
        if address not in seen and not address.startswith("/static/"):
            yield address, client.get(address)


def _links(answer) -> list[str]:
    if answer.mimetype != "text/html":
        return []
    return [html.unescape(urldefrag(one)[0]) for one in LINK.findall(answer.get_data(as_text=True))]


def _client(scene: Scene, app, role: str):  # noqa: F811
    client = app.test_client()
    if role != "anonymous":
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = scene.world.sessions[role], True
    return client


@pytest.fixture(scope="module")
def read(scene: Scene, planted):  # noqa: F811
    """What a role reads: (address, answer) pairs, crawled once for each."""
    return cache(lambda role: list(crawl(scene, planted, role)))


@pytest.mark.parametrize("role", ROLES)
def test_no_role_reads_what_its_work_does_not_need(read, role):
    found = {}
    for address, answer in read(role):
        assert answer.status_code < 500, address
        text = text_of(answer)
        for secret, forms in SECRETS.items():
            if not may_see(role, secret) and any(form in text for form in forms):
                found.setdefault(secret, []).append(address)
    assert found == {}


@pytest.mark.parametrize("secret", [name for name, needed in NEEDED_BY.items() if needed])
def test_each_secret_is_met_by_somebody_who_needs_it(read, secret):
    assert any(
        form in text_of(answer)
        for role in STAFF
        if may_see(role, secret)
        for _address, answer in read(role)
        for form in SECRETS[secret]
    )


@pytest.mark.parametrize("role", ["system_admin", "organizer"])
def test_no_cell_of_a_spreadsheet_is_a_formula(read, role):
    books = [
        (address, answer.get_data())
        for address, answer in read(role)
        if answer.mimetype == XLSX and answer.status_code == 200
    ]
    assert len(books) >= 4
    assert any(FORMULA.encode() in b"".join(parts(data).values()) for _address, data in books)
    for address, data in books:
        for name, part in parts(data).items():
            assert b"<f>" not in part, f"{address} {name}"
            assert b"<f " not in part, f"{address} {name}"


def parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a packed file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
