"""Banks as files on both databases: what is new, changed, old or equal; who may set a status; all or nothing."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, select

from quiz.core.errors import RuleBroken
from quiz.core.items import (
    BankDraft,
    Difficulty,
    DocumentDraft,
    ExpectedPoint,
    ItemDraft,
    Kind,
    Level,
    Outcome,
    Part,
    Reading,
    Status,
    TopicDraft,
)
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import AuditEvent, Bank, Document, Item, ItemVersion
from quiz.services import bank, holdings, sources
from quiz.services.audit import SYSTEM, Actor
from tests.factories import NOW, make_account

ITEM = ItemDraft(
    code="T-1", document="DLD-2011", reference="Điều 4", topic="chi-bo", level=Level.REMEMBER, kind=Kind.SINGLE,
    stem="Ai chuẩn bị nội dung sinh hoạt?", options=("Bí thư", "Chi ủy", "Đảng viên"), key=(0,), rationale="Vì thế.",
    status=Status.APPROVED,
)  # fmt: skip
RIGHT_KEY = replace(ITEM, key=(1,))


def make_draft(*items: ItemDraft, code: str = "thu", **changes) -> BankDraft:
    values = {
        "title": "Ngân hàng thử",
        "topics": (TopicDraft("chi-bo", "Chi bộ"),),
        "documents": (DocumentDraft("DLD-2011", "Điều lệ Đảng", "Đại hội XI", "", date(2011, 1, 19)),),
    }
    return BankDraft(code, items=items, **values | changes)


def load(*items: ItemDraft, trusted: bool = True, author=None, **changes) -> bank.ImportReport:
    return bank.import_bank(make_draft(*items, **changes), author, SYSTEM, NOW, trusted=trusted)


def item_of(code: str = "T-1") -> Item:
    return db.session.scalars(
        select(Item).where(Item.code == code).execution_options(populate_existing=True)
    ).one()


def rows(model) -> int:
    return db.session.scalar(select(db.func.count()).select_from(model))


# --- taking a file in -------------------------------------------------------------------------------------------


def test_a_new_item_gets_its_first_version_and_its_sources(app):
    report = load(ITEM)
    assert (report.new, report.changed, report.unchanged) == (["T-1"], [], [])
    version = item_of().current
    assert (version.number, version.status, version.key, version.stem) == (1, Status.APPROVED, [0], ITEM.stem)
    assert (version.document.issuer, version.document.dated, version.topic.title) == (
        "Đại hội XI", date(2011, 1, 19), "Chi bộ",
    )  # fmt: skip


def test_loading_twice_changes_nothing_and_leaves_no_second_trace(app):
    load(ITEM, replace(ITEM, code="T-2"))
    before = rows(ItemVersion), rows(AuditEvent), rows(Document)
    report = load(ITEM, replace(ITEM, code="T-2"))
    assert (report.unchanged, report.changes_something) == (["T-1", "T-2"], False)
    assert (rows(ItemVersion), rows(AuditEvent), rows(Document)) == before


def test_a_corrected_key_makes_the_second_version_and_leaves_the_first(app):
    load(ITEM)
    assert load(RIGHT_KEY).changed == ["T-1"]
    item = item_of()
    assert [(version.number, version.key) for version in item.versions] == [(1, [0]), (2, [1])]
    assert item.current is item.versions[1]


def test_an_old_file_does_not_undo_a_correction(app):
    load(ITEM)
    load(RIGHT_KEY)
    report = load(ITEM)
    assert (report.outdated, report.changed, report.changes_something) == (["T-1"], [], False)
    assert item_of().current.key == [1]


def test_an_upload_comes_in_as_a_draft_of_its_author_whatever_it_says(app):
    account = make_account((Role.QUESTION_EDITOR, None))
    load(ITEM, trusted=False, author=account)
    version = item_of().current
    assert (version.status, version.author_id) == (Status.DRAFT, account.id)


def test_an_upload_that_changes_an_approved_item_says_that_it_leaves_the_pool(app):
    load(ITEM)
    assert bank.preview(make_draft(RIGHT_KEY)).leaving == ["T-1"]
    assert bank.preview(make_draft(RIGHT_KEY), trusted=True).leaving == []


@pytest.mark.parametrize(
    "stored, given, trusted, left",
    [
        (Status.DRAFT, Status.APPROVED, True, Status.APPROVED),
        (Status.APPROVED, Status.RETIRED, True, Status.RETIRED),
        (Status.APPROVED, Status.DRAFT, True, Status.APPROVED),
        (Status.RETIRED, Status.APPROVED, True, Status.RETIRED),
        (Status.DRAFT, Status.APPROVED, False, Status.DRAFT),
        (Status.APPROVED, Status.RETIRED, False, Status.APPROVED),
    ],
)
def test_equal_content_moves_on_with_a_trusted_file_and_never_back(app, stored, given, trusted, left):
    load(replace(ITEM, status=stored))
    report = load(replace(ITEM, status=given), trusted=trusted)
    assert item_of().current.status is left
    assert report.restated == (["T-1"] if left is not stored else [])
    assert rows(ItemVersion) == 1


def test_a_preview_says_what_the_import_does_and_writes_nothing(app):
    load(ITEM, replace(ITEM, code="T-2"))
    draft = make_draft(RIGHT_KEY, replace(ITEM, code="T-2"), replace(ITEM, code="T-3"), title="Tên khác")
    before = rows(ItemVersion), rows(AuditEvent)
    seen = bank.preview(draft)
    assert (seen.new, seen.changed, seen.unchanged, seen.sources) == (["T-3"], ["T-1"], ["T-2"], ["thu"])
    assert (rows(ItemVersion), rows(AuditEvent)) == before
    assert bank.import_bank(draft, None, SYSTEM, NOW) == seen


def test_a_code_of_another_bank_is_refused_with_its_line_and_nothing_is_written(app):
    load(ITEM, code="khac")
    taken = replace(ITEM, row=42)
    (problem,) = bank.preview(make_draft(replace(ITEM, code="T-9"), taken)).problems
    assert (problem.row, problem.field, problem.values) == (42, "code", {"code": "T-1", "bank": "khac"})
    with pytest.raises(RuleBroken):
        load(replace(ITEM, code="T-9"), taken)
    assert rows(Bank) == 1 and rows(Item) == 1


def test_somebody_loading_the_same_codes_at_this_moment_gets_a_sentence(app, monkeypatch):
    """The other one's items are committed after this import looked and before it writes."""
    load(ITEM)
    monkeypatch.setattr(bank, "_known", lambda items: {})
    with pytest.raises(RuleBroken) as refusal:
        load(RIGHT_KEY, replace(ITEM, code="T-2"))
    assert "Hãy tải lại trang" in refusal.value.message
    assert rows(Item) == 1 and item_of().current.key == [0]


def test_a_changed_document_or_topic_is_updated_and_named(app):
    load(ITEM)
    report = load(ITEM, documents=(DocumentDraft("DLD-2011", "Điều lệ Đảng", valid_to=date(2030, 1, 1)),))
    assert (report.sources, report.unchanged) == (["DLD-2011"], ["T-1"])
    assert item_of().current.document.valid_to == date(2030, 1, 1)


def test_the_import_is_on_record_with_counts_and_codes_but_no_question(app):
    account = make_account((Role.QUESTION_EDITOR, None))
    load(ITEM)
    bank.import_bank(make_draft(RIGHT_KEY, replace(ITEM, code="T-2")), account, Actor(account.id), NOW)
    row = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (row.action, row.account_id, row.detail["new"], row.detail["changed"]) == (
        "bank.import", account.id, 1, ["T-1"],
    )  # fmt: skip
    assert ITEM.stem not in str(row.detail)


@pytest.mark.parametrize("count", [20, 400])
def test_a_bank_loads_in_few_statements_whatever_its_size(app, count):
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    load(*(replace(ITEM, code=f"T-{number}") for number in range(count)))
    first = len(statements)
    load(*(replace(RIGHT_KEY, code=f"T-{number}") for number in range(count)))
    assert first <= 25 and len(statements) - first <= 25, statements


# --- handing a bank out --------------------------------------------------------------------------------------------


def test_an_exported_bank_loads_into_the_same_bank_without_a_change(app):
    other = replace(
        ITEM, code="T-2", kind=Kind.MULTIPLE, key=(0, 2), part=Part.PRACTICE, keep_last=True, status=Status.DRAFT,
        valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31),
    )  # fmt: skip
    load(ITEM, other)
    load(RIGHT_KEY, other)
    draft = bank.export(bank.find("thu"), SYSTEM, NOW)
    assert draft == make_draft(RIGHT_KEY, other)
    assert not bank.preview(draft, trusted=True).changes_something


def test_handing_a_bank_out_is_on_record(app):
    load(ITEM)
    bank.export(bank.find("thu"), SYSTEM, NOW)
    assert (
        db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bank.export")).one().detail["items"]
        == 1
    )


# --- what the banks hold ------------------------------------------------------------------------------------------


def test_the_overview_counts_by_topic_level_part_and_status(app):
    load(
        ITEM,
        replace(ITEM, code="T-2", level=Level.APPLY),
        replace(ITEM, code="T-3", part=Part.PRACTICE),
        replace(ITEM, code="T-4", status=Status.DRAFT),
        replace(ITEM, code="T-5", topic="dang-vien"),
        topics=(TopicDraft("chi-bo", "Chi bộ"), TopicDraft("dang-vien", "Đảng viên")),
    )
    (holding,) = holdings.overview()
    first, second = holding.rows
    assert (first.topic.code, dict(first.exam), first.practice) == (
        "chi-bo", {Level.REMEMBER: 1, Level.APPLY: 1}, 1,
    )  # fmt: skip
    assert (second.topic.code, dict(second.exam)) == ("dang-vien", {Level.REMEMBER: 1})
    assert dict(holding.statuses) == {Status.APPROVED: 4, Status.DRAFT: 1}


def test_the_preview_shows_what_changes_in_an_item(app):
    load(ITEM)
    ((item, new, changes),) = holdings.changes(make_draft(RIGHT_KEY), ["T-1"])
    assert (item.code, new, [change.field for change in changes]) == ("T-1", RIGHT_KEY, ["key"])


# --- the fields that joined later --------------------------------------------------------------------------------

READING = Reading(date(2026, 11, 21), "Lò Thị Thử", Outcome.CHANGED, "Rõ hơn.")
WHOLE = replace(
    ITEM,
    feedback=("", "Chưa đủ.", ""),
    intended_difficulty=Difficulty.HARD,
    reviewed=READING,
    part=Part.PRACTICE,
)
ORAL = replace(
    ITEM, code="T-9", kind=Kind.ORAL, options=(), key=(),
    points=(ExpectedPoint("Nêu đúng khoản.", 250), ExpectedPoint("Nêu cách làm.", 750)),
)  # fmt: skip
DOCUMENTS = (
    DocumentDraft(
        "DLD-2011", "Điều lệ Đảng", followed_by="HD42", notice="Hãy xem văn bản sau trước khi dùng."
    ),
    DocumentDraft("HD42", "Hướng dẫn"),
)


def test_what_a_file_says_is_handed_out_again(app):
    load(WHOLE, ORAL, documents=DOCUMENTS[::-1])
    assert bank.export(bank.find("thu"), SYSTEM, NOW).items == (WHOLE, ORAL)
    assert not load(WHOLE, ORAL, documents=DOCUMENTS).changes_something


def test_a_document_is_handed_out_with_the_one_that_came_after_it(app):
    load(ITEM, documents=DOCUMENTS)
    assert bank.export(bank.find("thu"), SYSTEM, NOW).documents == DOCUMENTS
    load(
        replace(ITEM, code="K-1", document="L"),
        code="khac",
        documents=(DocumentDraft("L", "Lẻ", followed_by="?"),),
    )
    assert bank.export(bank.find("khac"), SYSTEM, NOW).documents == (DocumentDraft("L", "Lẻ"),)


def test_an_oral_item_is_not_counted_where_papers_are_planned(app):
    load(ITEM, ORAL)
    (row,) = holdings.overview()[0].rows
    assert (row.exam.total(), row.practice, row.statuses[Status.APPROVED]) == (1, 0, 2)


def test_the_points_of_an_oral_item_can_be_searched(app):
    load(ORAL)
    assert "neu cach lam" in item_of("T-9").current.search_key


def test_a_second_reading_is_added_to_the_version_it_speaks_of(app):
    load(replace(WHOLE, reviewed=None))
    report = load(WHOLE)
    assert (report.restated, report.changed) == (["T-1"], [])
    version = item_of().current
    assert (version.number, version.reviewed_at) == (1, NOW)
    assert version.reviewed == {
        "on": "2026-11-21",
        "reader": "Lò Thị Thử",
        "outcome": "changed",
        "note": "Rõ hơn.",
    }
    assert not load(WHOLE).changes_something
    assert not load(replace(WHOLE, reviewed=None)).changes_something


def test_an_uploaded_file_does_not_say_who_read_an_item(app):
    load(WHOLE, trusted=False)
    assert item_of().current.reviewed is None
    assert not load(WHOLE, trusted=False).changes_something


def test_a_bank_says_which_of_its_documents_may_have_been_followed(app):
    load(
        ITEM, replace(ITEM, code="T-2"), replace(ITEM, code="T-3", status=Status.RETIRED), documents=DOCUMENTS
    )
    load(replace(ITEM, code="K-1", document="HD42"), code="khac", documents=DOCUMENTS)
    bank_id = bank.find("thu").id
    ((found, (notice,)),) = sources.notices().items()
    assert (found, notice.document.code, notice.later.code, notice.items) == (bank_id, "DLD-2011", "HD42", 2)
    assert notice.text == "Hãy xem văn bản sau trước khi dùng."
    assert list(sources.notices(bank_id)) == [bank_id]
    assert sources.notices(bank.find("khac").id) == {}


def test_a_notice_stands_without_a_later_document(app):
    load(ITEM, documents=(replace(DOCUMENTS[0], followed_by=""),))
    ((notice,),) = sources.notices().values()
    assert (notice.later, notice.items) == (None, 1)
