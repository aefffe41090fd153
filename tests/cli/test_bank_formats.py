"""`flask bank import|export` with the files of other programs: what is chosen, what is refused, exit codes."""

import pytest
from sqlalchemy import select

from quiz.core.items import Level, Status
from quiz.extensions import db
from quiz.files.questions import FORMATS
from quiz.models import Bank, Item, ItemVersion
from tests.factories import make_bank, make_document, make_item, make_topic

GIFT = "Chi bộ họp mấy tháng một lần? {=Một tháng ~Hai tháng}\n\n%sAi triệu tập? {=Chi ủy ~Đảng viên}\n"
PLACES = ("--bank", "moi", "--title", "Bộ mới", "--document", "DLD-2011", "--topic", "chi-bo")


@pytest.fixture
def run(sqlite_app):
    """A function that runs `flask bank …` and gives what it printed and its exit status."""
    make_document(), make_topic("chi-bo")
    db.session.commit()
    runner = sqlite_app.test_cli_runner()
    return lambda *words: runner.invoke(args=["bank", *map(str, words)])


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "thu.gift"
    path.write_text(GIFT % "", encoding="utf-8")
    return path


@pytest.fixture
def broken(tmp_path):
    """A file whose second question, in line 3, has no key."""
    path = tmp_path / "hong.gift"
    path.write_text(GIFT % "Không đáp án? {~Một ~Hai}\n\n", encoding="utf-8")
    return path


def stored() -> list[ItemVersion]:
    db.session.rollback()
    return list(db.session.scalars(select(ItemVersion)))


def test_a_foreign_file_is_completed_with_what_was_said_and_loaded_once(run, sound):
    for counts in ("2 new, 0 changed", "0 new, 0 changed"):
        done = run("import", sound, *PLACES, "--level", "apply", "--prefix", "X")
        assert done.exit_code == 0 and counts in done.output, done.output
    first = stored()[0]
    assert (first.level, first.status, first.item.code[:2]) == (Level.APPLY, Status.DRAFT, "X-")
    assert db.session.scalars(select(Bank)).one().title == "Bộ mới"


def test_a_dry_run_says_the_same_and_writes_nothing(run, sound):
    done = run("import", sound, *PLACES, "--dry-run")
    assert done.exit_code == 0 and "2 new" in done.output and "Nothing was written." in done.output
    assert stored() == []


def test_a_rejected_question_is_printed_with_its_place_and_ends_with_status_1(run, broken, sound):
    done = run("import", sound, broken, *PLACES)
    assert done.exit_code == 1 and "hong.gift, 3: Chưa có đáp án" in done.output
    assert stored() == []


def test_rejected_questions_may_be_left_out(run, broken):
    done = run("import", broken, *PLACES, "--skip-rejected")
    assert done.exit_code == 0 and "2 new" in done.output and "Chưa có đáp án" in done.output
    assert len(stored()) == 2


@pytest.mark.parametrize(
    "words, said",
    [
        (("--bank", "moi", "--topic", "chi-bo"), "Hãy chọn văn bản"),
        (("--document", "DLD-2011", "--topic", "chi-bo"), "Hãy chọn ngân hàng"),
        (("--bank", "moi", "--document", "X-1", "--topic", "chi-bo"), "Không có mã “X-1”"),
    ],
)
def test_what_is_missing_is_asked_for(run, sound, words, said):
    done = run("import", sound, *words)
    assert done.exit_code == 1 and said in done.output


def test_a_format_nobody_knows_is_refused(run, tmp_path, sound):
    assert run("import", sound, "--format", "pdf").exit_code == 2
    path = tmp_path / "x.exe"
    path.write_bytes(b"MZ")
    done = run("import", path, *PLACES)
    assert done.exit_code == 1 and "Không rõ tệp này thuộc định dạng nào" in done.output


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.write])
def test_a_bank_is_written_in_any_format_and_read_back(run, tmp_path, name):
    make_item("chi-bo"), make_bank()
    db.session.commit()
    path = tmp_path / f"ra{FORMATS[name].extensions[0]}"
    assert run("export", "bank", "--format", name, "-o", path).exit_code == 0
    if FORMATS[name].read and name not in ("yaml", "aiken"):  # YAML has its own tests, Aiken keeps no code
        words = ("--format", name, "--bank", "bank", "--document", "DLD-2011", "--topic", "chi-bo")
        done = run("import", path, *words)
        assert done.exit_code == 0 and "1 unchanged" in done.output, done.output


def test_what_a_format_cannot_carry_is_said_on_standard_error(run):
    code = make_item("chi-bo").item.code
    db.session.commit()
    done = run("export", "bank", "--format", "aiken")
    assert "ANSWER: B" in done.stdout and code not in done.stdout and done.stderr
    assert db.session.scalars(select(Item)).one()
