"""`flask bank`: import and export of question files from the command line."""

from pathlib import Path

import pytest
from sqlalchemy import select

from quiz.core.items import Status
from quiz.extensions import db
from quiz.files.bank_yaml import read_bank
from quiz.models import Item
from quiz.settings import ROOT

GUIDELINE = ROOT / "questions" / "huong-dan-12.yaml"


@pytest.fixture
def run(sqlite_app):
    """A function that runs `flask bank …` and gives what it printed and its exit status."""
    runner = sqlite_app.test_cli_runner()
    return lambda *words: runner.invoke(args=["bank", *map(str, words)])


@pytest.fixture
def wrong(tmp_path) -> Path:
    """The guideline's bank with one key that points nowhere, in line 26."""
    path = tmp_path / "sai.yaml"
    path.write_text(
        GUIDELINE.read_text(encoding="utf-8").replace("key: [D]", "key: [E]", 1), encoding="utf-8"
    )
    return path


def statuses() -> set[Status]:
    return {item.current.status for item in db.session.scalars(select(Item))}


@pytest.mark.parametrize("words, status", [((), Status.DRAFT), (("--trusted",), Status.APPROVED)])
def test_import_takes_a_status_only_when_told_to_trust_the_file(run, words, status):
    done = run("import", GUIDELINE, *words)
    assert (done.exit_code, done.output.strip()) == (
        0, "huong-dan-12: 72 new, 0 changed, 0 restated, 0 outdated, 0 unchanged",
    )  # fmt: skip
    assert statuses() == {status}
    assert "0 new, 0 changed, 0 restated, 0 outdated, 72 unchanged" in run("import", GUIDELINE, *words).output


def test_import_loads_no_file_when_one_is_wrong(run, wrong):
    done = run("import", ROOT / "questions" / "dieu-le-dang.yaml", wrong)
    assert done.exit_code == 1
    assert statuses() == set()


def test_import_loads_no_file_when_a_code_belongs_to_another_bank(run, tmp_path):
    copy = tmp_path / "khac.yaml"
    copy.write_text(
        GUIDELINE.read_text(encoding="utf-8").replace("code: huong-dan-12", "code: khac"), encoding="utf-8"
    )
    done = run("import", GUIDELINE, copy)
    assert done.exit_code == 1 and "đã thuộc ngân hàng huong-dan-12" in done.output
    db.session.rollback()
    assert statuses() == set()


def test_export_writes_what_was_loaded(run, tmp_path):
    run("import", GUIDELINE, "--trusted")
    out = tmp_path / "out.yaml"
    assert run("export", "huong-dan-12", "-o", out).exit_code == 0
    assert (
        read_bank(out.read_bytes(), "")[0].items
        == read_bank(run("export", "huong-dan-12").stdout_bytes, "")[0].items
    )
    assert "72 unchanged" in run("import", out, "--trusted").output


def test_export_of_an_unknown_bank_says_so(run):
    done = run("export", "khong-co")
    assert done.exit_code == 1 and "There is no bank with the code khong-co." in done.output
