"""Items one by one on both databases: writing, finding, reviewing, and versions that never change."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.items import ItemDraft, Kind, Level, Outcome, Part, Status
from quiz.core.permissions import Role
from quiz.core.reviews import Move
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import items, listing, reviews
from quiz.services.audit import Actor
from quiz.services.drafts import DraftRefused
from quiz.services.listing import Wanted
from tests.factories import NOW, make_account, make_bank, make_document, make_topic

DRAFT = ItemDraft(
    code="T-1", document="DLD-2011", reference="Điều 4", topic="chi-bo", level=Level.REMEMBER, kind=Kind.SINGLE,
    stem="Ai chuẩn bị nội dung sinh hoạt?", options=("Bí thư", "Chi ủy", "Đảng viên"), key=(0,), rationale="Vì thế.",
)  # fmt: skip


@pytest.fixture
def editor(app):
    make_bank("thu"), make_document(), make_topic("chi-bo")
    return make_account((Role.QUESTION_EDITOR, None))


@pytest.fixture
def reviewer(app):
    return make_account((Role.REVIEWER, None))


def create(editor, **changes):
    return items.create("thu", replace(DRAFT, **changes), editor, Actor(editor.id), NOW)


def move(which, item, account, version=None, reason=""):
    seen = (version or item.current).id
    return reviews.make(which, item, seen, account, Actor(account.id), NOW + 1, reason)


# --- writing --------------------------------------------------------------------------------------------------------


def test_a_new_item_is_a_draft_of_its_author(editor):
    version = create(editor).current
    assert (version.number, version.status, version.author_id, version.created_at) == (
        1,
        Status.DRAFT,
        editor.id,
        NOW,
    )
    assert items.draft_of(version) == DRAFT


@pytest.mark.parametrize(
    "changes, fields",
    [
        ({"stem": ""}, ["stem"]),
        ({"key": ()}, ["key"]),
        ({"document": "khong-co"}, ["document"]),
        ({"topic": "khong-co"}, ["topic"]),
        ({"options": ("Một", "Một")}, ["options"]),
        ({"code": "", "reference": ""}, ["code", "reference"]),
    ],
)
def test_a_draft_with_faults_is_refused_by_field(editor, changes, fields):
    with pytest.raises(DraftRefused) as refusal:
        create(editor, **changes)
    assert [problem.field for problem in refusal.value.problems] == fields


def test_a_code_in_use_is_refused_and_the_session_goes_on(editor):
    create(editor)
    with pytest.raises(DraftRefused) as refusal:
        create(editor, stem="Câu khác?")
    assert refusal.value.problems[0].field == "code"
    assert listing.total(Wanted()) == 1


def test_an_unknown_bank_is_refused(editor):
    with pytest.raises(DraftRefused) as refusal:
        items.create("khong-co", DRAFT, editor, Actor(editor.id), NOW)
    assert refusal.value.problems[0].field == "bank"


def test_a_revision_becomes_the_next_version_and_leaves_the_last_as_it_was(editor, reviewer):
    item = create(editor)
    first = item.current
    move(Move.SUBMIT, item, editor)
    move(Move.APPROVE, item, reviewer)
    second = items.revise(item, first.id, replace(DRAFT, key=(1,)), editor, Actor(editor.id), NOW + 5)
    assert (second.number, second.status, second.key, item.current_id) == (2, Status.DRAFT, [1], second.id)
    assert (first.number, first.status, first.key) == (1, Status.APPROVED, [0])
    assert [version.number for version in items.versions_of(item)] == [2, 1]


def test_a_revision_of_what_somebody_else_revised_is_refused(editor):
    item = create(editor)
    base = item.current_id
    items.revise(item, base, replace(DRAFT, key=(1,)), editor, Actor(editor.id), NOW)
    with pytest.raises(RuleBroken) as refusal:
        items.revise(item, base, replace(DRAFT, key=(2,)), editor, Actor(editor.id), NOW)
    assert refusal.value.message == items.MOVED_ON


def test_a_revision_without_a_change_is_refused(editor):
    item = create(editor)
    with pytest.raises(RuleBroken):
        items.revise(item, item.current_id, DRAFT, editor, Actor(editor.id), NOW)


CONTENT = {
    "stem": "Câu khác?", "options": ["Có", "Không"], "key": [2], "rationale": "Khác.", "level": Level.APPLY,
    "kind": Kind.MULTIPLE, "part": Part.PRACTICE, "reference": "Điều 9", "keep_order": True, "keep_last": True,
    "number": 7, "created_at": 1, "fingerprint": "x", "search_key": "x", "author_id": None,
}  # fmt: skip


@pytest.mark.parametrize("name", CONTENT)
def test_a_version_once_written_never_changes(editor, name):
    version = create(editor).current
    setattr(version, name, CONTENT[name])
    with pytest.raises(ValueError, match="immutable"):
        db.session.flush()
    db.session.rollback()


# --- review ---------------------------------------------------------------------------------------------------------


def test_a_second_person_approves(editor, reviewer):
    item = create(editor)
    move(Move.SUBMIT, item, editor)
    version = move(Move.APPROVE, item, reviewer)
    assert (version.status, version.reviewer_id, version.reviewed_at) == (
        Status.APPROVED,
        reviewer.id,
        NOW + 1,
    )


def test_the_author_does_not_approve_and_nothing_changes(editor):
    item = create(editor)
    move(Move.SUBMIT, item, editor)
    with pytest.raises(RuleBroken):
        move(Move.APPROVE, item, editor)
    assert item.current.status is Status.IN_REVIEW


def test_approving_twice_says_that_it_was_done(editor, reviewer):
    item = create(editor)
    move(Move.SUBMIT, item, editor)
    move(Move.APPROVE, item, reviewer)
    with pytest.raises(AlreadyDone):
        move(Move.APPROVE, item, reviewer)


def test_a_version_that_was_replaced_while_it_was_read_is_not_approved(editor, reviewer):
    item = create(editor)
    seen = item.current
    move(Move.SUBMIT, item, editor)
    items.revise(item, seen.id, replace(DRAFT, key=(1,)), editor, Actor(editor.id), NOW)
    with pytest.raises(RuleBroken) as refusal:
        move(Move.APPROVE, item, reviewer, version=seen)
    assert refusal.value.message == items.MOVED_ON


@pytest.mark.parametrize("which, status", [(Move.SEND_BACK, Status.DRAFT), (Move.RETIRE, Status.RETIRED)])
def test_the_reason_of_a_reviewer_stands_with_the_version_it_was_said_of(editor, reviewer, which, status):
    item = create(editor)
    move(Move.SUBMIT, item, editor)
    version = move(which, item, reviewer, reason="Hai phương án cùng đúng")
    assert version.status is status
    assert items.last_reason(item, version) == "Hai phương án cùng đúng"
    revised = items.revise(item, version.id, replace(DRAFT, key=(1,)), editor, Actor(editor.id), NOW)
    assert items.last_reason(item, revised) == ""


def test_a_second_reading_is_put_down_by_somebody_else_and_once(editor, reviewer):
    item = create(editor)

    def read(account, outcome=Outcome.AGREED):
        who = Actor(account.id)
        return reviews.record_reading(item, item.current_id, outcome, "", account, who, NOW, date(2026, 3, 1))

    with pytest.raises(RuleBroken):
        read(editor)
    assert read(reviewer).reviewed == {
        "on": "2026-03-01", "reader": reviewer.display_name, "outcome": "agreed", "note": "",
    }  # fmt: skip
    with pytest.raises(AlreadyDone):
        read(reviewer)
    assert read(reviewer, Outcome.CHANGED).reviewed["outcome"] == "changed"


def test_every_act_on_an_item_is_on_record(editor, reviewer):
    item = create(editor)
    move(Move.SUBMIT, item, editor)
    move(Move.SEND_BACK, item, reviewer, reason="Sửa lại")
    rows = db.session.scalars(
        select(AuditEvent).where(AuditEvent.target == f"item:{item.id}").order_by(AuditEvent.id)
    )
    assert [(row.action, row.account_id) for row in rows] == [
        ("item.create", editor.id), ("item.submit", editor.id), ("item.send_back", reviewer.id),
    ]  # fmt: skip


def test_own_drafts_of_a_bank_are_submitted_together_and_only_those(editor, reviewer):
    mine = [create(editor, code=f"T-{number}") for number in (1, 2)]
    other = items.create("thu", replace(DRAFT, code="T-3"), reviewer, Actor(reviewer.id), NOW)
    bank = mine[0].bank
    assert reviews.submit_own_drafts(bank, editor, Actor(editor.id), NOW) == 2
    assert {item.current.status for item in mine} == {Status.IN_REVIEW}
    assert other.current.status is Status.DRAFT
    assert reviews.submit_own_drafts(bank, editor, Actor(editor.id), NOW) == 0


def test_the_queue_goes_round_and_leaves_out_own_words(editor, reviewer):
    first, second, third = (create(editor, code=f"T-{number}") for number in (1, 2, 3))
    for item in (first, second, third):
        move(Move.SUBMIT, item, editor)
    assert reviews.next_waiting(first.id, reviewer.id) is second
    assert reviews.next_waiting(third.id, reviewer.id) is first
    assert reviews.next_waiting(first.id, editor.id) is None
