"""`flask bank check|import|export`: question banks as files, for whoever runs the machine."""

from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from quiz import clock
from quiz.cli.bank_check import check, read_files
from quiz.cli.group import Commands
from quiz.core import intake
from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.intake import Choices, Line, Outcome
from quiz.core.items import BankDraft, Difficulty, Level, Part
from quiz.extensions import db
from quiz.files import questions as formats
from quiz.files.question_files import OWN, Content, read_content
from quiz.services import bank, bank_imports
from quiz.services.audit import SYSTEM
from quiz.services.bank_imports import Plan

READABLE = [name for name, entry in formats.FORMATS.items() if entry.read]
WRITABLE = [name for name, entry in formats.FORMATS.items() if entry.write]
_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.group("bank", cls=Commands)
def group() -> None:
    """Question banks as files."""


group.add_command(check)


def _values(enum: Any) -> click.Choice[str]:
    return click.Choice([str(member) for member in enum])


@group.command("import")
@_FILES
@click.option("--format", "format_", type=click.Choice(READABLE), help="Format; found out from each file.")
@click.option("--trusted", is_flag=True, help="Take each item's status (approved, …) from a YAML file.")
@click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")
@click.option("--bank", "bank_code", default="", help="Bank for a file that names none; made if new.")
@click.option("--title", default="", help="Title of that bank where it is new.")
@click.option("--document", default="", help="Document of items whose file names none, by code.")
@click.option("--topic", default="", help="Topic of items whose file names none, by code.")
@click.option("--level", type=_values(Level), default=Level.REMEMBER.value, show_default=True)
@click.option("--difficulty", type=_values(Difficulty))
@click.option("--part", type=_values(Part), default=Part.EXAM.value, show_default=True)
@click.option("--prefix", default="CH", show_default=True, help="Begins the codes of items without one.")
@click.option("--skip-rejected", is_flag=True, help="Take the sound questions in and leave out the others.")
@with_appcontext
def import_(files: tuple[Path, ...], format_: str | None, trusted: bool, dry_run: bool, **given: Any) -> None:
    """Load question files: all of them or, when anything is wrong, none. Loading twice changes nothing."""
    named = [(path, format_ or formats.format_of(path.read_bytes(), path.name)) for path in files]
    own = tuple(path for path, name in named if name == OWN)
    drafts, problems = read_files(own) if own else ([], [])
    _stop_on(problems)
    summaries = []
    try:
        for _, draft in tqdm(drafts, desc="loading", leave=False, disable=None):
            report = bank.import_bank(draft, None, SYSTEM, clock.now(), trusted=trusted)
            summaries.append(_summary(draft, report))
        for path, name in named:
            if name != OWN:
                summaries.append(_take_in(path, name, _choices(**given)))
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None
    for summary in summaries:
        click.echo(summary)
    if dry_run:
        db.session.rollback()
        click.echo("Nothing was written.")
    else:
        db.session.commit()


def _stop_on(problems: list[Problem]) -> None:
    """Print every problem and end with status 1 when there are any."""
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise SystemExit(1)


def _choices(
    bank_code: str, title: str, document: str, topic: str, level: str, difficulty: str | None, part: str,
    prefix: str, skip_rejected: bool,
) -> Choices:  # fmt: skip
    return Choices(
        bank=bank_code, bank_title=title or bank_code, document=document, document_title=document, topic=topic,
        topic_title=topic, level=Level(level), intended_difficulty=Difficulty(difficulty) if difficulty else None,
        part=Part(part), prefix=prefix, skip=skip_rejected,
    )  # fmt: skip


def _take_in(path: Path, name: str, choices: Choices) -> str:
    """Take the file of another program in and return what changed; end with status 1 when it is not sound."""
    with tqdm(total=3, desc=f"reading {path.name}", leave=False, disable=None) as steps:
        content = read_content(name, path.read_bytes())
        _step(steps, "comparing")
        plan = _plan(content, choices)
        _step(steps, "loading")
        _tell(path, plan)
        if plan.draft is None or not plan.is_sound:
            raise SystemExit(1)
        if plan.is_ready:
            bank_imports.take_in(plan, plan.fingerprint, path.name, None, SYSTEM, clock.now())
        steps.update()
    return _summary(plan.draft, plan.report)


def _step(steps: "tqdm[Any]", following: str) -> None:
    steps.update()
    steps.set_description(following)


def _plan(content: Content, choices: Choices) -> Plan:
    known = bank_imports.frame(choices, content.topics, content.documents)
    _stop_on(
        [*_unknown(content, choices), *intake.check(choices, bank_imports.needs(content.questions, known))]
    )
    return bank_imports.plan_of_questions(content.questions, content.problems, choices, known)


def _unknown(content: Content, choices: Choices) -> list[Problem]:
    """Return why a code given on the command line leads nowhere; only a bank may be made there."""
    known = bank_imports.frame(Choices(), content.topics, content.documents)
    there = {
        "topic": {topic.code for topic in known.topics},
        "document": {document.code for document in known.documents},
    }
    message = N_("Không có mã “%(code)s”. Hãy dùng mã của một văn bản hoặc chuyên đề đã có.")
    return [
        Problem(message, {"code": given}, field=name)
        for name, codes in there.items()
        if (given := getattr(choices, name)) and given not in codes
    ]


def _tell(path: Path, plan: Plan) -> None:
    """Print what bars the file and what was left out, each with its place."""
    for problem in [*plan.stops, *plan.notes]:
        click.echo(f"{path.name}: {problem}")
    for line in plan.lines:
        for problem in (*line.problems, *(line.cautions if line.outcome is Outcome.NOTED else ())):
            click.echo(f"{path.name}, {_where(line)}: {_words(problem)}")


def _where(line: Line) -> str:
    place, row = line.spot
    return " ".join(part for part in (place, str(row or "")) if part)


def _words(problem: Problem) -> str:
    return problem.message % problem.values if problem.values else problem.message


def _summary(draft: BankDraft, report: bank.ImportReport) -> str:
    counted = ("new", "changed", "restated", "outdated", "unchanged")
    return f"{draft.code}: " + ", ".join(f"{len(getattr(report, name))} {name}" for name in counted)


@group.command("export")
@click.argument("code")
@click.option("--format", "format_", type=click.Choice(WRITABLE), default=OWN, show_default=True)
@click.option(
    "--output", "-o", type=click.File("wb"), default="-", help="File to write; standard output without it."
)
@with_appcontext
def export(code: str, format_: str, output: BinaryIO) -> None:
    """Write the bank of that code as a question file; what the format cannot carry is said on standard error."""
    found = bank.find(code)
    if found is None:
        raise click.ClickException(f"There is no bank with the code {code}.")
    with tqdm(total=2, desc="reading", leave=False, disable=None) as steps:
        draft = bank.export(found, SYSTEM, clock.now(), format_=format_)
        _step(steps, "writing")
        written = formats.write(format_, draft)
        steps.update()
    for loss in written.losses:
        click.echo(_words(loss), err=True)
    output.write(written.data)
    db.session.commit()
