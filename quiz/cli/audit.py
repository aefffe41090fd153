"""`flask audit check`: whether the record of acts is as it was sealed."""

import click
from flask.cli import with_appcontext

from quiz import clock
from quiz.cli.group import Commands
from quiz.core.errors import RuleBroken
from quiz.extensions import db
from quiz.services import audit_seals


@click.group("audit", cls=Commands)
def group() -> None:
    """The record of acts."""


@group.command("check")
@with_appcontext
def check() -> None:
    """Compute every seal anew and print the newest."""
    try:
        report = audit_seals.check()
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    newest = audit_seals.newest()
    click.echo(
        f"{report.seals} seals over {report.events} acts hold; {report.waiting} acts wait to be sealed"
    )
    if newest is not None:
        click.echo(newest.sha256)


@group.command("seal")
@with_appcontext
def seal() -> None:
    """Seal what has rested long enough; the server does so by itself."""
    made = audit_seals.seal(clock.now())
    db.session.commit()
    click.echo(made.sha256 if made is not None else "nothing to seal")
