"""`flask backup make|list|check|restore`: everything in one file, and back."""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from quiz import clock
from quiz.cli.group import Commands
from quiz.core.archives import NEWER, Content, Manifest
from quiz.core.errors import RuleBroken
from quiz.extensions import db
from quiz.files import archives
from quiz.files import backups as folder
from quiz.services import backups, snapshots
from quiz.services.audit import SYSTEM
from quiz.settings import ROOT, VERSION

READ = click.Path(exists=True, dir_okay=False, path_type=Path)
POLITE = 10  # added to the nice value of the process
WRITE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("backup", cls=Commands)
def group() -> None:
    """Everything in one file, and back."""


@group.command("make")
@click.argument("file", type=WRITE, required=False)
@with_appcontext
def make(file: Path | None) -> None:
    """Write everything to FILE, or into the folder of backups; people may go on working meanwhile."""
    path = file or _folder() / folder.name_for(clock.local(clock.now()))
    try:
        manifest = write(path)
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    digest = folder.note_sha256(path)
    backups.record_made(SYSTEM, path.name, digest, manifest, clock.now())
    db.session.commit()
    click.echo(f"{path}: {manifest.rows} rows, {path.stat().st_size} bytes, SHA-256 {digest}")


def write(path: Path) -> Manifest:
    """Write a backup and return its manifest."""
    with snapshots.moment() as connection:
        head = backups.head(connection, path.name, VERSION, clock.now())
        return archives.write(path, head, backups.everything(connection))


@group.command("daily")
@with_appcontext
def daily() -> None:
    """Make today's backup politely, and remove daily ones beyond the newest QUIZ_BACKUP_DAYS; the server calls this."""
    os.nice(POLITE)
    path = _folder() / folder.name_for(clock.local(clock.now()), daily=True)
    try:
        manifest = write(path)
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    backups.record_made(SYSTEM, path.name, folder.note_sha256(path), manifest, clock.now())
    db.session.commit()
    names = [one.name for one in _folder().glob("*.zip")]
    for name in folder.too_old(names, current_app.config["SETTINGS"].backup_days):
        folder.remove(_folder(), name)


@group.command("list")
@with_appcontext
def list_() -> None:
    """Say which backups the folder holds."""
    for one in folder.kept(_folder()):
        made = clock.local(one.manifest.made_at).strftime("%Y-%m-%d %H:%M") if one.manifest else "unreadable"
        click.echo(f"{one.name}  {made}  {one.size} bytes  {one.sha256}")


@group.command("check")
@click.argument("file", type=READ)
@with_appcontext
def check(file: Path) -> None:
    """Restore FILE into a database of its own, which is thrown away, and say whether it can be relied on.

    What was found of a file of the folder of backups is noted beside it and on record, as the page does.
    """
    is_kept = file.resolve() == (_folder() / file.name).resolve()
    try:
        manifest = folder.check(file, ROOT)
    except RuleBroken as refused:
        if is_kept:
            folder.note_failed(file, refused, clock.now())
        raise click.ClickException(str(refused)) from None
    click.echo(f"{file}: can be restored, every row as it was")
    if is_kept:
        folder.note_tried(file, clock.now())
        _record_check(file, manifest)


def _record_check(file: Path, manifest: Manifest) -> None:
    """Record that a kept file was checked; a backup is relied on also where the database is gone."""
    try:
        backups.record(SYSTEM, "backup.check", manifest.made_at, file.name, clock.now())
        db.session.commit()
    except SQLAlchemyError:
        click.echo("the database does not answer, so the check is noted beside the file only")


@group.command("restore")
@click.argument("file", type=READ)
@click.option("--replace", is_flag=True, help="Although there is data here; a backup of it is made first.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Put everything of FILE where nothing is yet. Stop the server first."""
    try:
        with archives.opened(file) as archive:
            archive.check()
            if archive.manifest.content is not Content.EVERYTHING:
                raise click.ClickException("this is the archive of one contest: flask archive restore")
            _make_room(replace)
            _restore(archive)
    except RuleBroken as refused:
        db.session.rollback()
        raise click.ClickException(str(refused)) from None
    click.echo(f"{file}: {archive.manifest.rows} rows restored, every one as it was")
    if archive.manifest.key_mark != backups.key_mark():
        click.echo("QR codes on cards printed before are not known here; their codes and PINs are")


def _make_room(replace: bool) -> None:
    """Leave a database without tables; raise ClickException when there is data and nobody said to replace it."""
    tables = inspect(db.engine).get_table_names()
    has_data = "unit" in tables and not backups.is_untouched()
    db.session.remove()
    if has_data and not replace:
        raise click.ClickException("there is data here; add --replace to put the file in its place")
    if has_data:
        path = _folder() / f"truoc-khi-phuc-hoi-{clock.local(clock.now()):%Y%m%d-%H%M%S}.zip"
        write(path)
        click.echo(f"what was here is kept in {path}")
    _take_down()


def _take_down() -> None:
    """Take every table away; whatever is to be kept has been written to a file before."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name != "sqlite":
            snapshots.tables_of(connection).drop_all(connection)
            connection.commit()
            return
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # tables refer to one another in circles
        try:
            for name in inspect(connection).get_table_names():
                connection.exec_driver_sql(f'DROP TABLE "{name}"')
            connection.commit()
        finally:
            connection.rollback()
            driver.execute("PRAGMA foreign_keys=ON")


def _restore(archive: archives.Archive) -> None:
    directory = current_app.extensions["migrate"].directory
    try:
        upgrade(directory=directory, revision=archive.manifest.schema)
    except SystemExit:  # how Flask-Migrate says that it does not know a migration
        raise RuleBroken(NEWER) from None
    backups.restore(archive.manifest, archive.table)
    backups.record(SYSTEM, "backup.restore", archive.manifest.made_at, archive.manifest.title, clock.now())
    db.session.commit()
    db.session.remove()
    upgrade(directory=directory)


def _folder() -> Path:
    return folder.folder_in(current_app.config["SETTINGS"].data_dir)
