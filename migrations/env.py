"""Runs migrations in the application's own engine, on both databases alike."""

from alembic import context
from flask import current_app

config = context.config
migrate = current_app.extensions["migrate"]
db = migrate.db


def run() -> None:
    """Apply the asked-for steps in one transaction each."""
    arguments = migrate.configure_args
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


run()
