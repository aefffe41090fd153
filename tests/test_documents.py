"""What the documents tell a reader to type or to open is there."""

import re

import pytest
from flask_migrate.cli import db as migrations

from quiz import create_app
from quiz.settings import ROOT, Environment, Settings

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "demo" / "README.md", *(ROOT / "docs").glob("*.md")])
MAP = (ROOT / "README.md").read_text(encoding="utf-8").split("```")[1]
NOT_KEPT = {"instance", "mutants"}  # what running and measuring leave behind
OF_FLASK = {"db", "limiter", "routes", "run", "shell"}

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    settings = Settings(environment=Environment.TEST, data_dir=tmp_path_factory.mktemp("data"))
    return create_app(settings).cli.commands | {"db": migrations}


def named_in(document, pattern):
    return set(re.findall(pattern, document.read_text(encoding="utf-8"), flags=re.MULTILINE))


@every_document
def test_every_command_a_document_names_exists(document, commands):
    for group, name in named_in(document, r"flask --app app ([a-z]+)(?: ([a-z][a-z-]+))?"):
        assert group in commands
        assert not name or name in commands[group].commands


@every_document
def test_every_target_a_document_names_can_be_made(document):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert named_in(document, r"(?:^ {4}|^|`)make ([a-z]+)") <= targets


def test_the_map_names_every_folder():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"} - NOT_KEPT
    assert {folder for folder in folders if f"{folder}/" not in MAP} == set()


def test_the_map_names_every_command(commands):
    listed = set(re.search(r"quiz/cli/\s+flask (.+)", MAP)[1].split(" | "))
    assert listed == set(commands) - OF_FLASK


def test_the_map_names_every_document():
    listed = set(re.search(r"docs/\s+(.+)", MAP)[1].split(", "))
    assert listed == {path.stem for path in (ROOT / "docs").iterdir()} - {"images"}


def test_every_command_says_what_it_is_for(commands):
    assert {name for name, command in commands.items() if not command.get_short_help_str()} == set()


def test_the_table_of_the_rules_names_every_file_of_the_rule_book():
    rules = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## What is stored")[0]
    files = {path.stem for path in (ROOT / "quiz" / "core").glob("*.py")} - {"__init__"}
    assert files - set(re.findall(r"`([a-z_]+)`", rules)) == set()
