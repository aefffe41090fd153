"""Pages of the cards: slips shown once, a reset in two steps, the card signs in, and nobody else's contestants."""

import re
from base64 import b64decode
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from drill.qr import read_drawing
from quiz import clock
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.files import pdf
from quiz.models import AccessCard, AuditEvent, AuthSession
from quiz.services import cards
from quiz.services.audit import Actor
from quiz.services.direct import direct
from tests.conftest import Browser
from tests.factories import (
    HOUR,
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


class Contest:
    """Two communes with a round each, two people entered in the first and one in the second."""

    def __init__(self):
        district = make_unit("Mai Sơn", type_label="huyện")
        self.stage = make_stage(make_contest(district))
        self.communes = [make_unit(name, district) for name in ("Cò Nòi", "Hát Lót")]
        self.rounds = [make_round(self.stage, commune) for commune in self.communes]
        names = [(0, "Lò Văn Một"), (0, "Lò Văn Hai"), (1, "Lò Văn Ba")]
        self.entries = [
            make_entry(self.rounds[n], make_person(make_cell(self.communes[n], f"Bản {name}"), name))
            for n, name in names
        ]
        for n, name in enumerate(("xa1", "xa2")):
            make_account((Role.ORGANIZER, self.communes[n]), username=name)
        make_account((Role.ORGANIZER, district), username="huyen")
        make_account((Role.OBSERVER, district), username="xem")
        db.session.commit()


@pytest.fixture
def there(sqlite_app):
    return Contest()


def text(answer):
    return answer.get_data(as_text=True)


def live():
    return db.session.query(AccessCard).filter(AccessCard.revoked_at.is_(None)).count()


def secrets_on(page):
    """Return the (code, PIN) pairs and the QR pictures of a page of slips."""
    codes = re.findall(r"<dd>([0-9A-Z]{4}-[0-9A-Z]{4})</dd>", page)
    pins = re.findall(r"<dd>(\d{3} \d{3})</dd>", page)
    return list(zip(codes, pins, strict=True)), page.count('class="segno"')


def test_the_missing_cards_are_printed_once(browser, there):
    browser.sign_in("xa1")
    url = f"/desk/rounds/{there.rounds[0].id}/cards"
    assert "Còn 2 người chưa có phiếu" in text(browser.get(url))
    answer = browser.post(url)
    pairs, pictures = secrets_on(text(answer))
    assert (answer.status_code, len(pairs), pictures, live()) == (200, 2, 2, 2)
    assert answer.headers["Cache-Control"] == "no-store"
    again = browser.post(url, follow_redirects=True)
    assert secrets_on(text(again)) == ([], 0) and live() == 2
    listed = text(browser.get(url))
    assert not [pin for _, pin in pairs if pin in listed] and "người chưa có phiếu" not in listed


def test_what_is_printed_signs_in_by_code_and_pin(browser, there):
    browser.sign_in("xa1")
    pairs, _ = secrets_on(text(browser.post(f"/desk/rounds/{there.rounds[0].id}/cards")))
    browser.post("/sign-out")
    code, pin = pairs[0]
    answer = browser.post("/card", {"code": code.lower(), "pin": pin})
    assert answer.status_code == 302 and answer.location == "/rounds"
    assert db.session.query(AuthSession).filter(AuthSession.card_id.is_not(None)).count() == 1


def test_the_link_of_the_qr_code_signs_in_with_one_button(browser, there):
    printed = cards.issue(there.stage.contest, there.entries[0].person, Actor(), NOW)
    db.session.commit()
    assert "Lò Văn Một" in text(browser.get(f"/c/{printed.token}"))
    assert browser.post(f"/c/{printed.token}").location == "/rounds"


def test_a_sign_in_that_cannot_be_written_is_admitted_and_the_next_one_works(browser, there):
    printed = cards.issue(there.stage.contest, there.entries[0].person, Actor(), NOW)
    db.session.commit()
    direct().run("PRAGMA query_only=1", [])
    refused = browser.post(f"/c/{printed.token}")
    assert refused.status_code == 503 and "đang bận" in text(refused)
    assert db.session.query(AuthSession).count() == 0
    db.session.rollback()  # what was looked up here keeps nobody from writing
    assert browser.post(f"/c/{printed.token}").location == "/rounds"


def test_a_lost_card_is_replaced_and_its_sign_in_ends(browser, there, sqlite_app):
    old = cards.issue(there.stage.contest, there.entries[0].person, Actor(), NOW)
    db.session.commit()
    contestant = Browser(sqlite_app)
    contestant.post(f"/c/{old.token}")
    browser.sign_in("xa1")
    url = f"/desk/entries/{there.entries[0].id}/card"
    assert "Phiếu cũ hết hiệu lực ngay" in text(browser.get(url))
    pairs, pictures = secrets_on(text(browser.post(url)))
    assert (len(pairs), pictures, live()) == (1, 1, 1)
    assert contestant.get("/rounds").status_code == 302
    refused = contestant.post("/card", {"code": old.code, "pin": old.pin})
    assert "Mã dự thi hoặc mã PIN không đúng" in text(refused)
    assert contestant.post("/card", {"code": pairs[0][0], "pin": pairs[0][1]}).status_code == 302


def test_everybody_gets_a_new_card_only_after_a_page_that_says_what_it_does(browser, there):
    browser.sign_in("xa1")
    url = f"/desk/rounds/{there.rounds[0].id}/cards"
    browser.post(url)
    page = text(browser.get(f"{url}/again"))
    before = re.search(r'name="before"[^>]*value="(\d+)"', page)[1]
    assert "2 người trong danh sách nhận phiếu mới" in page
    pairs, _ = secrets_on(text(browser.post(url, {"before": before})))
    assert len(pairs) == 2 and live() == 2
    again = browser.post(url, {"before": before}, follow_redirects=True)
    assert secrets_on(text(again)) == ([], 0)


def test_more_than_a_batch_is_printed_batch_after_batch(browser, there, monkeypatch):
    monkeypatch.setattr(cards, "BATCH", 1)
    browser.sign_in("xa1")
    url = f"/desk/rounds/{there.rounds[0].id}/cards"
    first = text(browser.post(url))
    assert "Còn 1 phiếu nữa" in first and len(secrets_on(first)[0]) == 1
    second = text(browser.post(url, {"before": "0"}))
    assert "phiếu nữa" not in second and len(secrets_on(second)[0]) == 1 and live() == 2


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30])
def test_a_meddled_instant_makes_only_the_missing_cards(browser, there, before):
    cards.issue(there.stage.contest, there.entries[0].person, Actor(), NOW)
    db.session.commit()
    browser.sign_in("xa1")
    pairs, _ = secrets_on(text(browser.post(f"/desk/rounds/{there.rounds[0].id}/cards", {"before": before})))
    assert len(pairs) == 1


@pytest.mark.parametrize(
    "method, url",
    [
        ("get", "/desk/rounds/{round}/cards"),
        ("get", "/desk/rounds/{round}/cards/again"),
        ("post", "/desk/rounds/{round}/cards"),
        ("get", "/desk/entries/{entry}/card"),
        ("post", "/desk/entries/{entry}/card"),
    ],
)
def test_another_commune_is_not_found_and_an_observer_may_not(browser, there, method, url):
    address = url.format(round=there.rounds[1].id, entry=there.entries[2].id)
    browser.sign_in("xa1")
    assert getattr(browser, method)(address).status_code == 404
    browser.post("/sign-out")
    browser.sign_in("xem")
    assert getattr(browser, method)(address).status_code == 403
    assert live() == 0


def test_a_commune_replaces_the_card_of_its_own_finalist(browser, there):
    final = make_round(make_stage(there.stage.contest, ordinal=2), there.stage.contest.unit)
    own = make_entry(final, there.entries[0].person, origin="promoted")
    other = make_entry(final, there.entries[2].person, origin="promoted")
    db.session.commit()
    browser.sign_in("xa1")
    assert browser.get(f"/desk/rounds/{final.id}/cards").status_code == 404
    assert browser.get(f"/desk/entries/{own.id}/card").status_code == 200
    assert len(secrets_on(text(browser.post(f"/desk/entries/{own.id}/card")))[0]) == 1
    assert browser.post(f"/desk/entries/{other.id}/card").status_code == 404


def test_a_round_with_nobody_says_so(browser, there):
    for entry in there.entries[:2]:
        entry.withdrawn_at = NOW
    db.session.commit()
    browser.sign_in("xa1")
    url = f"/desk/rounds/{there.rounds[0].id}/cards"
    assert "Chưa có ai trong danh sách dự thi" in text(browser.get(url))
    assert browser.post(url).status_code in (302, 409) and live() == 0


def pdf_on(page):
    """Return the words of the PDF that a page of slips holds."""
    link = re.search(r'href="data:application/pdf;base64,([^"]+)"', page)[1]
    sheets = PdfReader(BytesIO(b64decode(link))).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).replace("\u200b", "").split())


def test_the_pdf_says_what_the_page_and_the_database_say(browser, there):
    browser.sign_in("xa1")
    page = text(browser.post(f"/desk/rounds/{there.rounds[0].id}/cards"))
    words, (pairs, _) = pdf_on(page), secrets_on(page)
    stored = {f"{card.code[:4]}-{card.code[4:]}": card.person for card in db.session.query(AccessCard)}
    assert {code for code, _ in pairs} == set(stored)
    for code, pin in pairs:
        person = stored[code]
        line = f"{person.full_name} Chi bộ {person.unit.name}, {person.unit.parent.title}"
        assert line in words and code in words and pin in words
    hours = "08:00–10:00 ngày 05/02/2023"
    assert words.count(f"{there.rounds[0].name}: {hours}") == 2 and page.count(hours) == 2
    assert words.count(there.stage.contest.title) == 2


def test_a_single_new_slip_comes_as_a_pdf_too_and_nothing_of_it_is_kept(browser, there):
    browser.sign_in("xa1")
    page = text(browser.post(f"/desk/entries/{there.entries[0].id}/card"))
    ((_, pin),), _ = secrets_on(page)
    assert pin in pdf_on(page)
    kept = [
        str(row) for table in db.metadata.sorted_tables for row in db.session.execute(db.select(table)).all()
    ]
    assert not [row for row in kept if pin.replace(" ", "") in row or "%PDF" in row]


def test_a_slip_is_shown_even_when_the_pdf_cannot_be_made(browser, there, monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)
    browser.sign_in("xa1")
    page = text(browser.post(f"/desk/entries/{there.entries[0].id}/card"))
    assert len(secrets_on(page)[0]) == 1 and "application/pdf" not in page


def test_who_forgot_the_code_is_found_by_name_and_year_and_gets_a_new_slip(browser, there):
    printed = cards.issue(there.stage.contest, there.entries[0].person, Actor(), NOW)
    there.rounds[0].closes_at = clock.now() + HOUR
    make_account((Role.PROCTOR, there.communes[0]), username="giamthi")
    db.session.commit()
    browser.sign_in("giamthi")
    answer = browser.post("/desk/cards/find", {"name": "lo van mot", "birth_year": "1975"})
    page = text(answer)
    told = page.partition("data-focus")[2]  # else whoever hears the page would not know that something came
    assert f"{printed.code[:4]}-{printed.code[4:]}" in told and printed.pin not in page
    assert answer.headers["Cache-Control"] == "no-store"
    reset = re.search(r'action="(/desk/entries/\d+/card)"', page)[1]
    pairs, _ = secrets_on(text(browser.post(reset)))
    assert len(pairs) == 1 and pairs[0][0].replace("-", "") != printed.code
    actions = [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions[-2:] == ["card.find", "card.reset"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "Lò Văn Ba", "birth_year": "1975"}, "Không tìm thấy ai"),
        ({"name": "Ba", "birth_year": "1975"}, "Hãy nhập cả họ và tên"),
        ({"name": "Lò Văn Một", "birth_year": ""}, "Chưa điền mục này"),
        ({"name": "Lò Văn Một", "birth_year": "75"}, "từ 1900 đến 2100"),
    ],
)
def test_the_desk_says_why_nobody_is_shown(browser, there, form, said):
    browser.sign_in("xa1")
    assert "data-focus" not in text(browser.get("/desk/cards/find"))
    assert said in text(browser.post("/desk/cards/find", form)).partition("data-focus")[2]


def test_an_observer_looks_nobody_up(browser, there):
    browser.sign_in("xem")
    assert browser.get("/desk/cards/find").status_code == 403
    assert browser.post("/desk/cards/find").status_code == 403


def test_the_picture_on_a_slip_reads_as_the_link_that_signs_in(browser, there):
    browser.sign_in("xa1")
    page = text(browser.post(f"/desk/entries/{there.entries[0].id}/card"))
    link = read_drawing(re.search(r'stroke="#000" d="([^"]+)"', page)[1])
    address = urlsplit(link)
    assert address.scheme == "http" and address.path.startswith("/c/")
    assert "Lò Văn Một" in text(browser.get(address.path))
