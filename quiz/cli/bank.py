"""`flask bank check|import|export`: question banks as files, for whoever runs the machine."""

from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from quiz import clock
from quiz.cli.bank_check import check, read_files
from quiz.core.errors import RuleBroken
from quiz.core.items import BankDraft
from quiz.extensions import db
from quiz.files.bank_yaml import write_bank
from quiz.services import bank
from quiz.services.audit import SYSTEM

_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.group("bank")
def group() -> None:
    """Question banks as files."""


group.add_command(check)


def _read(files: tuple[Path, ...]) -> list[BankDraft]:
    """Return the banks of files without a fault; otherwise print every problem and end with status 1."""
    banks, problems = read_files(files)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise SystemExit(1)
    return [draft for _, draft in banks]


@group.command("import")
@_FILES
@click.option("--trusted", is_flag=True, help="Take each item's status (approved, …) from the file.")
@with_appcontext
def import_(files: tuple[Path, ...], trusted: bool) -> None:
    """Load question files: all of them or, when anything is wrong, none. Loading twice changes nothing."""
    drafts, now = _read(files), clock.now()
    try:
        for draft in tqdm(drafts, desc="loading", leave=False, disable=None):
            report = bank.import_bank(draft, None, SYSTEM, now, trusted=trusted)
            click.echo(_summary(draft, report))
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    db.session.commit()


def _summary(draft: BankDraft, report: bank.ImportReport) -> str:
    counted = ("new", "changed", "restated", "outdated", "unchanged")
    return f"{draft.code}: " + ", ".join(f"{len(getattr(report, name))} {name}" for name in counted)


@group.command("export")
@click.argument("code")
@click.option(
    "--output", "-o", type=click.File("wb"), default="-", help="File to write; standard output without it."
)
@with_appcontext
def export(code: str, output: BinaryIO) -> None:
    """Write the bank of that code as a question file."""
    found = bank.find(code)
    if found is None:
        raise click.ClickException(f"There is no bank with the code {code}.")
    output.write(write_bank(bank.export(found, SYSTEM, clock.now())))
    db.session.commit()
