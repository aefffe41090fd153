"""Incident 8: two papers from one device, three minutes apart: a note, and the committee finds a shared phone (R30).

Played through the pages: both sign in on one phone by their cards, the board looks after the round and decides.
"""

import re

import pytest
from sqlalchemy import select

from quiz import clock
from quiz.cli.demo import WORKBOOK, load_shipped_banks
from quiz.core.permissions import Role
from quiz.core.signals import Sign, Verdict
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.files.workbook import read_roster
from quiz.models import Attempt, AuditEvent, Round, Signal
from quiz.services import demo, papers, standings
from tests.conftest import Browser
from tests.factories import HOUR, make_account, make_card, make_cell, make_entry, make_person, make_unit
from tests.incidents.places import BEGIN, LENGTH, make_district, make_part
from tests.web.test_attempts import at

AFTER = BEGIN + 3 * HOUR
WORDS = "Dùng chung điện thoại, không vi phạm: hai bản, làm lần lượt, máy của anh Pó hỏng."


@pytest.fixture
def part_id(app):
    """The number of the part of Tà Hộc with two secretaries, whose cards bear "po" and "mua"; "xa" runs it."""
    part = make_part(make_unit("Tà Hộc", make_district()))
    for name, token in (("Vì Văn Pó", "po"), ("Mùa A Chống", "mua")):
        person = make_person(make_cell(part.unit, f"Bản {token}"), name)
        make_entry(part, person)
        make_card(part.stage.contest, person, token)
    make_account((Role.ORGANIZER, part.unit), username="xa")
    make_account((Role.OBSERVER, part.unit), username="theodoi")
    part_id = part.id
    db.session.commit()
    return part_id


def scan(phone: Browser, token: str) -> None:
    """Sign in by the QR code of a card."""
    assert phone.post(f"/c/{token}").status_code == 302
    db.session.rollback()  # sign-ins are written beside this session, which would go on reading what was before


def sit(phone: Browser, part_id: int, token: str, begins: int, minutes: int, answers: int) -> None:
    """Sign in by the QR code of a card, sit the part and sign out; every answer is right."""
    with at(begins):
        scan(phone, token)
        address = phone.post(f"/rounds/{part_id}/start").location
    attempt_id = int(re.search(r"\d+", address)[0])
    right = [
        place.order.index(1) for place in papers.places_of(db.session.get_one(Attempt, attempt_id).paper)
    ]
    with at(begins + minutes * MINUTE - 1):
        choices = {f"q{place}": str(right[place]) for place in range(answers)}
        assert phone.post(f"/attempts/{attempt_id}/answer", choices).status_code in (200, 302)
    with at(begins + minutes * MINUTE):
        assert phone.post(f"/attempts/{attempt_id}/submit").status_code == 302
        phone.post("/sign-out")
    db.session.rollback()


def points(part_id: int) -> list[tuple[str, int, int]]:
    """Return the ranking as it stands."""
    lines = standings.standings_of(db.session.get_one(Round, part_id))
    found = [(line.entry.person.full_name, line.rank, line.points) for line in lines]
    db.session.rollback()
    return found


def found_sign() -> int:
    """Return the number of the one sign of a shared device."""
    found = db.session.scalars(select(Signal.id).where(Signal.kind == Sign.DEVICE)).one()
    db.session.rollback()
    return found


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_incident_8_two_papers_from_one_phone_are_shown_explained_and_decided_about(app, part_id):
    phone = Browser(app)
    sit(phone, part_id, "po", BEGIN, 20, 30)
    sit(phone, part_id, "mua", BEGIN + 23 * MINUTE, 30, 25)
    before = points(part_id)

    with at(AFTER):
        board = Browser(app).sign_in("xa")
        found = text(board.post(f"/desk/rounds/{part_id}/signals", follow_redirects=True))
        assert "có 1 dấu hiệu" in found and "Nhiều người chung một máy" in found
        sign = f"/desk/signals/{found_sign()}"
        page = text(board.get(sign))
        for words in (
            "2 người đăng nhập trên cùng một máy", "bài sau bắt đầu 3 phút 00 giây sau khi bài trước nộp",
            "Vì Văn Pó", "Mùa A Chống", "Lý do bình thường", "Cách tính", "Chờ\u00a0xét",
        ):  # fmt: skip
            assert words in page, words
        answer = board.post(sign, {"verdict": "no_finding", "reason": WORDS, "seen": 0})
        assert answer.status_code == 302
        kept = text(board.get(sign))
        assert "Không có gì" in kept and WORDS in kept

    db.session.rollback()
    [decision] = db.session.scalars(select(Signal)).one().decisions
    assert (decision.verdict, decision.reason, decision.decided_by.username, decision.decided_at) == (
        Verdict.NO_FINDING, WORDS, "xa", AFTER,
    )  # fmt: skip
    act = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "signal.decide")).one()
    assert (act.detail["verdict"], act.detail["reason"]) == ("no_finding", WORDS)
    assert (
        points(part_id) == before == [("Vì Văn Pó", 1, 3000), ("Mùa A Chống", 2, 2500)]
    )  # nobody is punished by it


def test_nobody_looks_while_anybody_sits_and_nobody_but_the_board_sees_it(app, part_id):
    phone = Browser(app)
    sit(phone, part_id, "po", BEGIN, 20, 30)
    sit(phone, part_id, "mua", BEGIN + 23 * MINUTE, 30, 25)
    with at(BEGIN + (LENGTH - 1) * MINUTE):
        board = Browser(app).sign_in("xa")
        board.post(f"/desk/rounds/{part_id}/signals")
        assert db.session.scalars(select(Signal)).all() == []
    with at(AFTER):
        seen = Browser(app).sign_in("theodoi").get(f"/desk/rounds/{part_id}/signals")
        assert seen.status_code == 403


def test_two_papers_side_by_side_in_time_say_so(app, part_id):
    """The same phone while both papers are open: the board reads that they overlap."""
    phone, other = Browser(app), Browser(app)
    with at(BEGIN):
        scan(phone, "po")
        _own(phone, part_id)
    with at(BEGIN + 5 * MINUTE):
        scan(phone, "mua")
        second = _own(phone, part_id)
    with at(BEGIN + 30 * MINUTE):
        scan(other, "po")
        for browser, attempt_id in ((phone, second), (other, _own(other, part_id))):
            assert browser.post(f"/attempts/{attempt_id}/submit").status_code == 302
    with at(AFTER):
        board = Browser(app).sign_in("xa")
        board.post(f"/desk/rounds/{part_id}/signals")
        assert "Có hai bài làm cùng một lúc" in text(board.get(f"/desk/signals/{found_sign()}"))


@pytest.mark.long
def test_the_demonstration_shows_it_with_what_the_board_decided(sqlite_app):
    load_shipped_banks()
    workbook, problems = read_roster(WORKBOOK.read_bytes())
    assert not problems
    demo.set_up(workbook, clock.local(AFTER).date(), AFTER - 4 * HOUR, AFTER)
    signal = db.session.scalars(select(Signal)).one()
    assert (signal.kind, signal.facts) == (Sign.DEVICE, {"people": 2, "apart": 3 * MINUTE})
    [decision] = signal.decisions
    assert decision.verdict is Verdict.NO_FINDING and "không vi phạm" in decision.reason


def _own(browser: Browser, part_id: int) -> int:
    """Begin, or go on with, the paper of whoever is signed in here; return its attempt."""
    answer = browser.post(f"/rounds/{part_id}/start")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return int(re.search(r"\d+", answer.location)[0])
