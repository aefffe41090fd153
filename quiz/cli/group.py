"""Groups of commands that say in a sentence what keeps them from the database."""

from typing import Any

import click
from sqlalchemy.exc import DBAPIError, OperationalError

_NO_TABLES = ("no such table", "no such column", "does not exist")


def explained(fault: DBAPIError) -> click.ClickException | None:
    """Return what the operator is to do about a database without its tables or one that does not answer."""
    said = str(fault.orig).strip().partition("\n")[0]
    if isinstance(fault, OperationalError) and "no such" not in said:
        return click.ClickException(
            f"the database does not answer ({said}); look at DATABASE_URL and QUIZ_DATA_DIR"
        )
    if any(words in said for words in _NO_TABLES):
        return click.ClickException(
            "the database is not at its newest migration; run: flask --app app db upgrade"
        )
    return None


class Commands(click.Group):
    """A group whose commands need the database."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raise ClickException in place of what the database's driver says."""
        try:
            return super().invoke(ctx)
        except DBAPIError as fault:
            sentence = explained(fault)
            if sentence is None:
                raise
            raise sentence from fault


def as_told(group: click.Group) -> Commands:
    """Return a group that was registered beside its pages, with the same sentence where the database is not ready."""
    return Commands(group.name, commands=group.commands, help=group.help)
