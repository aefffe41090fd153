"""Files of other programs on their way into a bank: what is taken where they are silent, all or nothing, once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from quiz.core.errors import Problem, RuleBroken
from quiz.core.intake import Choices, Outcome
from quiz.core.items import Kind, Level, Part, Status
from quiz.core.questions import Notice, QuestionDraft
from quiz.extensions import db
from quiz.models import AuditEvent, Bank, Document, Item, ItemVersion, Topic
from quiz.services import bank_imports
from quiz.services.audit import Actor
from tests.factories import NOW, make_account, make_bank, make_document, make_item, make_topic

ASKED = QuestionDraft(
    "Chi bộ họp thường lệ mấy tháng một lần?", Kind.SINGLE, ("Một tháng", "Hai tháng", "Ba tháng"), (0,),
    rationale="Điều 24.", row=3,
)  # fmt: skip
OTHER = replace(ASKED, stem="Ai triệu tập hội nghị chi bộ?", options=("Chi ủy", "Đảng viên"), row=8)


@pytest.fixture
def chosen(app) -> Choices:
    """Choices that lead to what is stored."""
    make_bank("thu"), make_document("D"), make_topic("chi-bo")
    return Choices(bank="thu", document="D", topic="chi-bo", level=Level.APPLY, part=Part.PRACTICE)


def plan(choices: Choices, *questions: QuestionDraft, found=(), topics=(), documents=()):
    known = bank_imports.frame(choices, topics, documents)
    return bank_imports.plan_of_questions(questions, found, choices, known)


def take_in(made):
    author = make_account()
    return bank_imports.take_in(made, made.fingerprint, "thu.gift", author, Actor(author.id), NOW)


def outcomes(made) -> list[Outcome]:
    return [line.outcome for line in made.lines]


def versions() -> list[ItemVersion]:
    return list(db.session.scalars(select(ItemVersion).order_by(ItemVersion.id)))


def test_what_the_file_does_not_say_is_taken_from_the_choices(chosen):
    take_in(plan(chosen, ASKED, replace(OTHER, level=Level.REMEMBER, part=Part.EXAM)))
    first, second = versions()
    assert (first.item.bank.code, first.document.code, first.topic.code) == ("thu", "D", "chi-bo")
    assert (first.level, first.part, first.status) == (Level.APPLY, Part.PRACTICE, Status.DRAFT)
    assert (second.level, second.part) == (Level.REMEMBER, Part.EXAM)


def test_a_bank_a_document_and_a_topic_may_be_new(app):
    made = plan(Choices(bank_title="Bộ mới", document_title="Quy định 24", topic_title="Chi bộ"), ASKED)
    assert made.report.sources == ["bo-moi", "chi-bo", "quy-dinh-24"]
    take_in(made)
    assert db.session.scalars(select(Bank)).one().title == "Bộ mới"
    assert db.session.scalars(select(Document)).one().title == "Quy định 24"
    assert db.session.scalars(select(Topic)).one().code == "chi-bo"


def test_twice_is_the_same_as_once(chosen):
    take_in(plan(chosen, ASKED, OTHER))
    again = plan(chosen, ASKED, OTHER)
    assert outcomes(again) == [Outcome.UNCHANGED] * 2 and not again.is_ready
    with pytest.raises(RuleBroken, match="không đem lại thay đổi"):
        take_in(again)
    assert len(versions()) == 2


def test_a_question_with_its_code_is_changed_and_an_old_text_is_told(chosen):
    asked = replace(ASKED, code="CB-1")
    take_in(plan(chosen, asked))
    changed = replace(asked, stem="Chi bộ họp mấy tháng một lần?")
    made = plan(chosen, changed)
    assert outcomes(made) == [Outcome.CHANGED]
    take_in(made)
    assert outcomes(plan(chosen, asked)) == [Outcome.OUTDATED]
    assert [version.number for version in versions()] == [1, 2]


def test_one_rejected_question_holds_up_the_file_unless_it_is_to_be_left_out(chosen):
    broken = replace(OTHER, key=())
    made = plan(chosen, ASKED, broken)
    assert outcomes(made) == [Outcome.NEW, Outcome.REJECTED]
    assert made.lines[1].spot == ("", 8) and made.lines[1].stem == OTHER.stem
    with pytest.raises(RuleBroken):
        take_in(made)
    assert versions() == []
    take_in(plan(replace(chosen, skip=True), ASKED, broken))
    assert [version.stem for version in versions()] == [ASKED.stem]


def test_a_fault_of_the_whole_file_cannot_be_skipped(chosen):
    made = plan(replace(chosen, skip=True), ASKED, found=[Problem("Tệp có quá nhiều câu.")])
    assert [str(stop) for stop in made.stops] == ["Tệp có quá nhiều câu."] and not made.is_ready


def test_what_was_left_behind_is_said_and_bars_nothing(chosen):
    notices = [Notice("Loại câu chưa dùng được.", row=20), Notice("Nhãn lạ.")]
    made = plan(chosen, ASKED, found=notices)
    assert outcomes(made) == [Outcome.NEW, Outcome.NOTED]
    assert made.notes == [notices[1]] and made.is_ready


def test_a_code_of_another_bank_is_rejected_with_its_place(chosen):
    taken = make_item().item.code
    made = plan(chosen, replace(ASKED, code=taken, place="Câu hỏi"))
    assert outcomes(made) == [Outcome.REJECTED] and made.lines[0].spot == ("Câu hỏi", 3)
    assert "đã thuộc ngân hàng" in made.lines[0].problems[0].message


def test_an_import_does_what_was_seen_or_nothing(chosen):
    asked = replace(ASKED, code="CB-1")
    take_in(plan(chosen, asked))
    seen = plan(chosen, replace(asked, stem="Chi bộ họp mấy tháng một lần?"))
    take_in(plan(chosen, replace(asked, stem="Bao lâu chi bộ họp một lần?")))
    now = plan(chosen, replace(asked, stem="Chi bộ họp mấy tháng một lần?"))
    with pytest.raises(RuleBroken, match="vừa có thay đổi"):
        bank_imports.take_in(now, seen.fingerprint, "", None, Actor(), NOW)
    assert len(versions()) == 2


def test_the_record_names_the_file(chosen):
    made = plan(chosen, ASKED)
    take_in(made)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bank.take_in")).one()
    assert event.target == f"import:{made.fingerprint}" and event.detail["file"] == "thu.gift"


# --- what is much like something else ------------------------------------------------------------------------------


def test_a_question_like_one_of_the_bank_or_of_the_file_is_told_with_it(chosen):
    take_in(plan(chosen, replace(ASKED, code="CB-1")))
    again = replace(ASKED, stem="Theo Điều lệ, chi bộ họp thường lệ mấy tháng một lần?", code="CB-2")
    made = plan(chosen, again, replace(again, stem=again.stem[:-1] + " vậy?", code="CB-3"), OTHER)
    likes = bank_imports.likes_of(made, made.lines)
    there = db.session.scalars(select(Item)).one()
    assert [(like.code, like.item_id) for like in likes["CB-2"]] == [("CB-1", there.id)]
    assert {(like.code, like.item_id) for like in likes["CB-3"]} == {("CB-1", there.id), ("CB-2", None)}
    assert set(likes) == {"CB-2", "CB-3"}


def test_the_lines_of_a_page_are_compared_with_the_rest_of_the_file(chosen):
    made = plan(chosen, replace(ASKED, code="CB-1"), replace(ASKED, code="CB-2", row=5))
    likes = bank_imports.likes_of(made, made.lines[:1])
    assert [like.code for like in likes["CB-1"]] == ["CB-2"] and list(likes) == ["CB-1"]


def test_at_first_the_bank_of_the_codes_is_offered_else_the_fullest(chosen):
    assert bank_imports.first_choices([ASKED]) == Choices()
    take_in(plan(chosen, replace(ASKED, code="CB-1")))
    for _ in range(2):
        make_item()
    assert bank_imports.first_choices([ASKED]).bank == "bank"
    offered = bank_imports.first_choices([replace(ASKED, code="CB-1")])
    assert (offered.bank, offered.document, offered.topic) == ("thu", "D", "chi-bo")
