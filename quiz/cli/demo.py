"""`flask demo setup`: a database with the shipped banks and the demo contest, made once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from quiz import clock, welcome
from quiz.cli.group import Commands
from quiz.extensions import db
from quiz.files.bank_yaml import read_bank
from quiz.files.workbook import read_roster
from quiz.services import bank, demo
from quiz.services.audit import SYSTEM
from quiz.settings import ROOT, make_folder

WORKBOOK = ROOT / "demo" / "mai-son.xlsx"


@click.group("demo", cls=Commands)
def group() -> None:
    """The demonstration contest."""


@group.command("setup")
@with_appcontext
def setup() -> None:
    """Migrate and load what is not there yet; running it again changes nothing."""
    settings = current_app.config["SETTINGS"]
    if settings.is_production:
        raise click.ClickException("The demo is refused under production settings.")
    with _one_at_a_time(settings.data_dir):
        upgrade(directory=current_app.extensions["migrate"].directory)
        if not demo.is_there():
            _load(settings.data_dir)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait while another process sets up in `folder`: both would make the same tables."""
    make_folder(folder)
    with (folder / "setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the system gives it back when a process is killed
        yield


def _load(data_dir: Path) -> None:
    click.echo("Đang nhập ngân hàng câu hỏi và cuộc thi minh họa…")
    load_shipped_banks()
    roster, problems = read_roster(WORKBOOK.read_bytes())
    if problems:
        raise click.ClickException(f"{WORKBOOK.name}: {problems[0]}")
    today = clock.today()
    midnight = clock.instant_of(datetime.combine(today, time()))
    sign_ins = demo.set_up(roster, today, midnight, clock.now())
    welcome.remember(data_dir, sign_ins)
    db.session.commit()


def load_shipped_banks() -> None:
    """Take in every bank of `questions/` as approved; what is there already stays."""
    for path in sorted((ROOT / "questions").glob("*.yaml")):
        draft, problems = read_bank(path.read_bytes(), path.name)
        if draft is None or problems:
            raise click.ClickException(f"{problems[0]}")
        bank.import_bank(draft, None, SYSTEM, clock.now(), trusted=True)
