"""`flask archive make|restore`: one contest in a file, and back beside whatever else there is."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from quiz import clock
from quiz.cli.group import Commands
from quiz.core.errors import RuleBroken
from quiz.extensions import db
from quiz.files import archives as files
from quiz.models import Contest
from quiz.services import archive_loading, archives, snapshots
from quiz.services.audit import SYSTEM
from quiz.settings import VERSION

READ = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("archive", cls=Commands)
def group() -> None:
    """One contest in a file, and back."""


@group.command("make")
@click.argument("code")
@click.argument("file", type=WRITE)
@with_appcontext
def make(code: str, file: Path) -> None:
    """Write the contest with CODE to FILE once it is over."""
    contest = db.session.query(Contest).filter_by(code=code).one_or_none()
    if contest is None:
        raise click.ClickException("no contest has this code")
    try:
        archives.check_is_over(contest, clock.now())
        contest_id, checks = contest.id, archives.editions_of(contest)
        pages = list(archives.pages_of(contest))
        with snapshots.moment() as connection:
            head = archives.head(connection, contest, VERSION, clock.now())
            db.session.rollback()
            tables = archives.Extent(connection, contest_id).tables()
            manifest = files.write(file, head, tables, pages, checks)
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    digest = files.sha256_of(file)
    archives.record_made(archives.with_id(contest_id), SYSTEM, digest, manifest, clock.now())
    db.session.commit()
    click.echo(f"{file}: {manifest.rows} rows, SHA-256 {digest}")
    for one in manifest.editions:
        click.echo(f"{one.round}, edition {one.number}: {_words(one.computed, one.sha256)}")


def _words(computed: str | None, sha256: str) -> str:
    if computed is None:
        return "followed by a later one"
    return "computed anew from the answers, the same" if computed == sha256 else "things changed since"


@group.command("restore")
@click.argument("file", type=READ)
@with_appcontext
def restore(file: Path) -> None:
    """Take the contest in FILE in, never over anything, and compute its rankings anew."""
    try:
        with files.opened(file) as archive:
            archive.check()
            found = archive_loading.load(archive.manifest, archive.table, SYSTEM, file.name, clock.now())
    except RuleBroken as refused:
        db.session.rollback()
        raise click.ClickException(str(refused)) from None
    for one in found:
        agrees = {
            None: "stored results as published",
            True: "ranks to the same bytes",
            False: "things changed since",
        }
        click.echo(f"{one.edition.round.name}, edition {one.edition.number}: {agrees[one.agrees]}")
    db.session.commit()
    click.echo(f"{file}: {archive.manifest.rows} rows restored")
