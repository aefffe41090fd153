"""`flask attempts close-due`: hand in what is past its deadline; the server does so by itself every two seconds."""

import click
from flask.cli import with_appcontext

from quiz import clock
from quiz.cli.group import Commands
from quiz.extensions import db
from quiz.services import attempts


@click.group("attempts", cls=Commands)
def group() -> None:
    """Attempts at the rounds."""


@group.command("close-due")
@click.option("--round", "round_id", type=int, default=None, help="Only the attempts of this round.")
@with_appcontext
def close_due(round_id: int | None) -> None:
    """Hand in and mark every attempt past its deadline; running it again changes nothing."""
    closed = attempts.close_due(clock.now(), round_id)
    db.session.commit()
    click.echo(f"{closed} attempts closed")
