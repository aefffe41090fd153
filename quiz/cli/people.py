"""`flask people import|export|create-admin`: the roster as a workbook, and the first way in."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from quiz import clock
from quiz.cli.group import Commands
from quiz.core.errors import RuleBroken
from quiz.extensions import db
from quiz.files.workbook import read_roster, write_roster
from quiz.services import accounts, roster, roster_reading
from quiz.services.audit import SYSTEM

EVERYWHERE = [""]


@click.group("people", cls=Commands)
def group() -> None:
    """Units, people and accounts."""


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_(file: Path) -> None:
    """Take in a roster workbook, whole or not at all. Importing twice changes nothing."""
    read, found = read_roster(file.read_bytes())
    seen = roster.plan(read, found, EVERYWHERE, clock.today())
    for problem in seen.problems:
        click.echo(str(problem))
    if seen.blocking:
        raise SystemExit(1)
    if not seen.diff.is_empty:
        _take_in(read, found, seen, file.name)
    click.echo(", ".join(f"{name} {count}" for name, count in roster.counts(seen.diff).items()))
    if seen.registrations:
        click.echo(f"{seen.registrations} registrations left to the page of their round")


def _take_in(read: roster.Roster, found: list[roster.Problem], seen: roster.Plan, name: str) -> None:
    try:
        roster.take_in(read, found, seen.fingerprint, name, EVERYWHERE, clock.today(), SYSTEM, clock.now())
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    db.session.commit()


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@with_appcontext
def export(file: Path) -> None:
    """Write every unit and person as a roster workbook."""
    taken = roster_reading.hand_out(EVERYWHERE, None, SYSTEM, clock.now())
    file.write_bytes(write_roster(taken))
    db.session.commit()
    click.echo(f"{file}: {len(taken.units)} units, {len(taken.people)} people")


@group.command("create-admin")
@click.argument("username")
@click.option("--name", help="The name shown; without it the user name.")
@click.password_option(help="Asked for when not given.")
@with_appcontext
def create_admin(username: str, name: str | None, password: str) -> None:
    """Make a system administrator of everything."""
    try:
        account = accounts.create_admin(username, name or username, password, clock.now())
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    db.session.commit()
    click.echo(f"{account.username} may sign in")
