"""Migrations match the models, keep what is stored, and can be undone, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, Table, inspect
from sqlalchemy.exc import IntegrityError

from quiz.core.items import Status
from quiz.core.signals import Sign
from quiz.core.words import words_of
from quiz.extensions import db
from quiz.models import ItemVersion, ItemWord, Signal, SignalPaper
from quiz.services.items import draft_of
from tests.factories import (
    NOW,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_stage,
    make_unit,
)


def test_migrations_match_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


@pytest.mark.long
def test_every_migration_can_be_undone_and_done_again(app):
    directory = app.extensions["migrate"].directory
    downgrade(directory=directory, revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade(directory=directory)
    assert "attempt" in inspect(db.engine).get_table_names()


def put(name: str, **values) -> int:
    """Insert a row into a table as it stands now, whatever the models say, and return its id."""
    table = Table(name, MetaData(), autoload_with=db.session.connection())
    return db.session.scalar(db.insert(table).values(**values).returning(table.c.id))


def put_version(item_id: int, document_id: int, topic_id: int, number: int = 1, **values) -> int:
    """Insert a version of an item, make it the current one and return its id."""
    plain = {
        "reference": "Điều 1", "level": "apply", "kind": "single", "part": "exam", "stem": "Gì?", "options": ["a", "b"],
        "key": [0], "rationale": "", "keep_order": False, "keep_last": False, "fingerprint": "", "search_key": "",
        "created_at": NOW, "status": "approved",
    }  # fmt: skip
    places = {"item_id": item_id, "number": number, "document_id": document_id, "topic_id": topic_id}
    version_id = put("item_version", **plain | places | values)
    db.session.execute(
        db.text("UPDATE item SET current_id = :v WHERE id = :i"), {"v": version_id, "i": item_id}
    )
    return version_id


def put_item(code: str) -> tuple[int, int, int]:
    """Insert an item with sources of its own and return the ids a version needs."""
    bank_id = put("bank", code=code, title=code)
    sources = {"code": code, "title": code}
    document_id = put("document", issuer="", number="", **sources)
    return put("item", code=code, bank_id=bank_id, created_at=NOW), document_id, put("topic", **sources)


def move(app, step, revision: str) -> None:
    db.session.commit()
    db.session.remove()
    step(directory=app.extensions["migrate"].directory, revision=revision)


@pytest.mark.long
def test_items_stored_before_0002_stay_as_they_were(app):
    move(app, downgrade, "0001")
    version_id = put_version(*put_item("cu"))
    move(app, upgrade, "head")
    version = db.session.get(ItemVersion, version_id)
    before = draft_of(version)
    assert (before.intended_difficulty, before.feedback, before.points, before.reviewed) == (
        None,
        (),
        (),
        None,
    )
    assert (version.document.followed_by, version.document.notice) == ("", "")


@pytest.mark.long
def test_undoing_0002_takes_oral_items_out_and_goes_back_to_the_versions_before_them(app):
    move(app, downgrade, "0002")
    oral = {"kind": "oral", "options": [], "key": [], "points": [{"text": "Nêu đúng.", "marks": 1000}]}
    put_version(*put_item("chi-van-dap"), **oral)
    written = put_item("doi-loai")
    version_id = put_version(*written)
    put_version(*written, number=2, **oral)
    move(app, downgrade, "0001")
    assert db.session.execute(db.text("SELECT id, current_id FROM item")).all() == [(written[0], version_id)]
    assert db.session.scalars(db.text("SELECT id FROM item_version")).all() == [version_id]
    with pytest.raises(IntegrityError):
        db.session.execute(db.text("UPDATE item_version SET kind = 'oral'"))
    db.session.rollback()
    move(app, upgrade, "head")


@pytest.mark.long
def test_items_stored_before_0003_are_found_by_their_words_afterwards(app):
    move(app, downgrade, "0002")
    version_id = put_version(*put_item("cu"), search_key="t-1 ai chuan bi? dieu 4", reference="Điều 4")
    move(app, upgrade, "head")
    found = set(db.session.scalars(db.select(ItemWord.word).where(ItemWord.version_id == version_id)))
    assert found == words_of(["T-1", "Ai chuẩn bị?"], "Điều 4")


def test_since_0003_no_database_takes_an_approval_by_the_author(app):
    version = make_item(status=Status.IN_REVIEW, author_id=make_account().id)
    db.session.commit()
    version.status, version.reviewer_id = Status.APPROVED, version.author_id
    with pytest.raises(IntegrityError, match="second_person"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.long
def test_undoing_0026_forgets_only_the_signs_it_brought(app):
    unit = make_unit()
    contest_round = make_round(make_stage(make_contest(unit)), unit)
    attempt = make_attempt(make_entry(contest_round, make_person(make_cell(unit))))
    for kind in (Sign.AWAY, Sign.SPEED):
        signal = Signal(round_id=attempt.round_id, kind=kind, key=kind.value, strength=1.0, facts={})
        signal.papers = [SignalPaper(attempt=attempt)]
        db.session.add(signal)
    db.session.commit()
    move(app, downgrade, "0025")
    left = db.session.scalars(db.text("SELECT kind FROM signal JOIN signal_paper ON id = signal_id"))
    assert left.all() == ["speed"]
    move(app, upgrade, "head")
    assert db.session.execute(db.text("SELECT away_count, away_ms FROM attempt")).all() == [(None, None)]
