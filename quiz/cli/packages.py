"""`flask package export|load|collect|import`: a round to a hall without a line, and what was done there back."""

import hashlib
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from quiz import clock
from quiz.cli.group import Commands
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.merging import REASONS, Refusal
from quiz.core.stage_merging import STAGE_REASONS, StageRefusal
from quiz.extensions import db
from quiz.files import packages as files
from quiz.files import sealing
from quiz.models import Account, Package, Round, Unit
from quiz.services import accounts, package_loading, packages, sitting_imports, sittings
from quiz.services.audit import SYSTEM

READ = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("package", cls=Commands)
def group() -> None:
    """Rounds carried to halls without a line, and sittings carried back."""


@group.command("prepare")
@with_appcontext
def prepare() -> None:
    """Make the administrator of a hall's laptop, with a password of one's own, unless somebody can sign in already."""
    if db.session.query(Account.id).first() is not None:
        return
    password = click.prompt(
        "Đặt mật khẩu cho tài khoản quantri của máy này (new password of quantri)",
        hide_input=True,
        confirmation_prompt="Gõ lại mật khẩu (again)",
    )
    try:
        accounts.create_admin("quantri", "Quản trị viên máy hội trường", password, clock.now())
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    db.session.commit()


@group.command("export")
@click.argument("round_id", type=int)
@click.argument("file", type=WRITE)
@click.option("--unit", "unit_code", default="", help="Only the contestants of the unit with this code.")
@with_appcontext
def export(round_id: int, file: Path, unit_code: str) -> None:
    """Write a round as a sealed package and print the passphrase, which travels by word of mouth."""
    contest_round = db.session.get(Round, round_id)
    unit = db.session.query(Unit).filter_by(code=unit_code).one_or_none() if unit_code else None
    if contest_round is None or (unit_code and unit is None):
        raise click.ClickException("no such round or unit")
    try:
        package = packages.make(contest_round, unit, SYSTEM, clock.now())
        data = files.write_package(packages.hand_out(package, SYSTEM, clock.now()), package.phrase)
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    file.write_bytes(data)
    db.session.commit()
    click.echo(f"{file}: {packages.count_people(package)} people, passphrase {package.phrase}")


@group.command("load")
@click.argument("file", type=READ)
@click.option("--phrase", prompt="Passphrase", hide_input=True, help="Asked for when not given.")
@with_appcontext
def load(file: Path, phrase: str) -> None:
    """Take a package in on the laptop of a hall, whole or not at all."""
    try:
        loaded = package_loading.load(files.read_package(_read(file), phrase), SYSTEM, clock.now())
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    db.session.commit()
    click.echo(f"{loaded.round.name}: round {loaded.round_id}, {len(loaded.round.entries)} people")


@group.command("collect")
@click.argument("round_id", type=int)
@click.argument("file", type=WRITE)
@with_appcontext
def collect(round_id: int, file: Path) -> None:
    """Write what was done in the hall as a sealed file for the server that made the package."""
    contest_round = db.session.get(Round, round_id)
    package = packages.loaded(contest_round) if contest_round is not None else None
    if package is None:
        raise click.ClickException("no such round, or it was not brought here by a package")
    try:
        sitting = sittings.collect(package, SYSTEM, clock.now())
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    file.write_bytes(files.write_sitting(sitting, package.secret))
    db.session.commit()
    click.echo(f"{file}: {len(sitting.attempts)} attempts, {len(sitting.performances)} performances")


@group.command("import")
@click.argument("file", type=READ)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@with_appcontext
def import_(file: Path, dry_run: bool) -> None:
    """Take in a sitting on the server, once, whole or not at all, and print the report."""
    data = _read(file)
    digest = hashlib.sha256(data).hexdigest()
    try:
        package = sitting_imports.package_of(files.package_named(data))
        sitting = files.read_sitting(data, package.secret)
        done = sitting_imports.take_in(package, sitting, digest, file.name, SYSTEM, clock.now())
    except AlreadyDone as refused:
        click.echo(str(refused))
        return
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    _say(package, done.report)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(sealing.LARGEST + 1)


def _say(package: Package, report: dict[str, Any]) -> None:
    click.echo(f"{package.round.name}: new {report['new']}, already there {report['known']}")
    for line in report["refused"]:
        click.echo(f"refused {line['receipt']} {line['person']}: {REASONS[Refusal(str(line['reason']))]}")
    for line in report["differences"]:
        click.echo(f"points differ {line['receipt']}: laptop {line['points']}, server {line['here']}")
    if package.with_stage:
        _say_stage(report["stage"])


def _say_stage(stage: dict[str, Any]) -> None:
    click.echo(
        f"stage: new {stage['new']}, already there {stage['known']}, not signed yet {stage['unsigned']}"
    )
    for line in stage["refused"]:
        words = STAGE_REASONS[StageRefusal(line["reason"])]
        click.echo(f"refused {line['part']} {line['person']}: {words}")
    for line in stage["differences"]:
        click.echo(
            f"points differ {line['part']} {line['person']}: laptop {line['points']}, server {line['here']}"
        )
