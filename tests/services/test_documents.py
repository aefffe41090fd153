"""The documents questions rest on, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from quiz.core.items import DocumentDraft, Status
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import documents, sources
from quiz.services.audit import SYSTEM
from quiz.services.drafts import DraftRefused
from tests.factories import NOW, make_item

DRAFT = DocumentDraft("HD-12", "Hướng dẫn 12", "Ban Tổ chức Trung ương", "12-HD/BTCTW", date(2022, 7, 6))


def create(app, **changes):
    return documents.create(replace(DRAFT, **changes), SYSTEM, NOW)


def test_a_document_is_added_and_changed_and_both_are_on_record(app):
    document = create(app)
    assert documents.change(document, replace(DRAFT, followed_by="HD-42", notice="Xem bản mới."), SYSTEM, NOW) == [
        "followed_by", "notice",
    ]  # fmt: skip
    assert document.followed_by == "HD-42"
    assert (
        documents.change(document, replace(DRAFT, followed_by="HD-42", notice="Xem bản mới."), SYSTEM, NOW)
        == []
    )
    actions = [row.action for row in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions == ["document.create", "document.change"]


def test_a_code_in_use_is_refused(app):
    create(app)
    with pytest.raises(DraftRefused) as refusal:
        create(app, title="Khác")
    assert refusal.value.problems[0].field == "code"


def test_two_documents_do_not_follow_each_other(app):
    create(app, followed_by="HD-42")
    with pytest.raises(DraftRefused) as refusal:
        create(app, code="HD-42", followed_by="HD-12")
    assert refusal.value.problems[0].field == "followed_by"


def test_the_list_shows_the_latest_first_with_what_rests_on_each_and_what_followed(app):
    create(app, followed_by="HD-42")
    create(app, code="HD-42", dated=date(2025, 10, 28))
    make_item(), make_item(), make_item(status=Status.RETIRED)
    rows = [(row.document.code, row.later and row.later.code, row.items) for row in documents.every()]
    assert rows == [("HD-42", None, 0), ("HD-12", "HD-42", 0), ("DLD-2011", None, 2)]


def test_no_file_undoes_what_was_changed_on_the_page(app):
    document = create(app)
    old = replace(DRAFT, followed_by="", title="Như trong tệp")
    assert sources.changed([old]) == ["HD-12"]
    documents.change(document, replace(DRAFT, followed_by="HD-42"), SYSTEM, NOW)
    assert sources.changed([old]) == []
    assert sources.store([old]) == {"HD-12": document.id}
    assert (document.followed_by, document.title) == ("HD-42", "Hướng dẫn 12")
