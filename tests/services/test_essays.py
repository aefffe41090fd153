"""Essays handed in before the day: until the deadline, replaced, late with a reason, on paper."""

import unicodedata

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.essays import DAY, LARGEST, EssayRule, FileKind
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import AuditEvent, EssayFile
from quiz.services import essays
from quiz.services.audit import Actor
from quiz.services.essays import Sent
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

PART = Part("Thuyết trình", max_points=4000, essay=EssayRule(days=10, pages=12))
IN_TIME = NOW - 10 * DAY


def pdf(data: bytes = b"mot", pages: int | None = 5) -> Sent:
    return Sent("Đề cương.pdf", FileKind.PDF, pages, data)


@pytest.fixture
def entry(app):
    """A contestant of a round that opens at NOW and asks for an outline ten days before."""
    unit = make_unit("Cò Nòi")
    stage = make_stage(make_contest(unit), Rules(parts=(PART,), tie_breaks=()))
    return make_entry(make_round(stage, unit), make_person(make_cell(unit), "Lò Văn Một"))


@pytest.fixture
def own(entry) -> Actor:
    return Actor(person_id=entry.person_id)


@pytest.fixture
def secretary(entry) -> Actor:
    return Actor(make_account((Role.BOARD_SECRETARY, entry.round.unit)).id)


def test_a_newer_file_takes_the_place_of_the_one_before_and_both_are_in_the_record(entry, own):
    first = essays.hand_in(entry, PART.name, pdf(), own, IN_TIME - 1)
    second = essays.hand_in(entry, PART.name, pdf(b"hai"), own, IN_TIME)
    assert (
        first.id == second.id
        and essays.data_of(second) == b"hai"
        and db.session.query(EssayFile).count() == 1
    )
    told = [
        e.detail
        for e in db.session.query(AuditEvent).filter_by(action="essay.hand_in").order_by(AuditEvent.id)
    ]
    assert told[1]["before"] == told[0]["sha256"] != told[1]["sha256"]
    with pytest.raises(AlreadyDone):
        essays.hand_in(entry, PART.name, pdf(b"hai"), own, IN_TIME)


def test_a_name_from_any_device_is_kept_as_names_are(entry, own):
    apple = unicodedata.normalize("NFD", "Đề cương bản cuối")
    sent = Sent(f"{apple}\u200b\n .pdf", FileKind.PDF, 5, b"mot")
    kept = essays.hand_in(entry, PART.name, sent, own, IN_TIME)
    told = db.session.query(AuditEvent).filter_by(action="essay.hand_in").one().detail
    assert kept.file_name == told["file"] == "Đề cương bản cuối .pdf"


@pytest.mark.parametrize("sent", [pdf(pages=13), pdf(b""), pdf(b"x" * (LARGEST + 1))])
def test_what_is_refused_leaves_what_was_there(entry, own, sent):
    kept = essays.hand_in(entry, PART.name, pdf(), own, IN_TIME)
    with pytest.raises(RuleBroken):
        essays.hand_in(entry, PART.name, sent, own, IN_TIME)
    assert essays.data_of(kept) == b"mot" and kept.pages == 5


def test_after_the_deadline_a_contestant_is_refused_and_the_board_needs_a_reason(entry, own, secretary):
    with pytest.raises(RuleBroken, match="hết hạn"):
        essays.hand_in(entry, PART.name, pdf(), own, IN_TIME + 1)
    with pytest.raises(RuleBroken, match="lý do"):
        essays.receive(entry, PART.name, pdf(), " ", secretary, IN_TIME + 1)
    essay = essays.receive(entry, PART.name, None, "đường sạt lở", secretary, IN_TIME + 1)
    assert (essay.is_on_paper, essay.reason, essays.data_of(essay)) == (True, "đường sạt lở", None)
    essay = essays.receive(entry, PART.name, pdf(), "gửi thêm bản mềm", secretary, IN_TIME + 2)
    assert not essay.is_on_paper and essays.data_of(essay) == b"mot"
    essay = essays.receive(entry, PART.name, None, "bản giấy là bản chính", secretary, IN_TIME + 3)
    assert essays.data_of(essay) is None and db.session.query(EssayFile).count() == 0


def test_who_withdrew_and_a_part_that_asks_for_nothing_hand_in_nothing(entry, own):
    with pytest.raises(RuleBroken, match="không yêu cầu"):
        essays.hand_in(entry, "Chào hỏi", pdf(), own, IN_TIME)
    entry.withdrawn_at = NOW
    with pytest.raises(RuleBroken, match="đã rút"):
        essays.hand_in(entry, PART.name, pdf(), own, IN_TIME)
