"""Migrations match the models, and can be undone, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from quiz.extensions import db


def test_migrations_match_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_migration_can_be_undone_and_done_again(app):
    directory = app.extensions["migrate"].directory
    downgrade(directory=directory, revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade(directory=directory)
    assert "attempt" in inspect(db.engine).get_table_names()
