"""flask people: the roster in and out by file, and the first administrator."""

from dataclasses import replace

import pytest

from quiz.core.people import CellType
from quiz.core.permissions import Role
from quiz.core.rosters import PersonDraft, RegistrationDraft, Roster, UnitDraft
from quiz.extensions import db
from quiz.files.workbook import read_roster, write_roster
from quiz.models import Account, Person, Unit
from quiz.services import auth
from tests.factories import NOW, PASSWORD

ROSTER = Roster(
    (
        UnitDraft(0, "A", "Cò Nòi", "xã"),
        UnitDraft(0, "A1", "Bản Một", "chi bộ", "A", True, CellType.RESIDENTIAL),
    ),
    (PersonDraft(0, "P1", "Lò Văn Thử", unit_code="A1"),),
)


@pytest.fixture
def run(sqlite_app):
    """A function that runs `flask people …` and returns its result."""

    def invoke(*words):
        return sqlite_app.test_cli_runner().invoke(args=["people", *map(str, words)])

    return invoke


@pytest.fixture
def file(tmp_path):
    """A function that writes a roster to a workbook and returns its path."""

    def write(roster):
        path = tmp_path / "roster.xlsx"
        path.write_bytes(write_roster(roster))
        return path

    return write


def test_a_workbook_goes_in_once_and_comes_out_again(run, file, tmp_path):
    path = file(replace(ROSTER, registrations=(RegistrationDraft(0, "A1", "P1"),)))
    first = run("import", path)
    assert first.exit_code == 0 and "units_new 2" in first.output and "people_new 1" in first.output
    assert "1 registrations left to the page of their round" in first.output
    again = run("import", path)
    assert again.exit_code == 0 and "units_new 0" in again.output and "people_unchanged 1" in again.output
    out = tmp_path / "out.xlsx"
    assert run("export", out).exit_code == 0
    assert read_roster(out.read_bytes())[0] == ROSTER


def test_a_workbook_with_problems_names_each_and_changes_nothing(run, file):
    result = run("import", file(replace(ROSTER, people=(replace(ROSTER.people[0], unit_code="Z"),))))
    assert result.exit_code == 1
    assert "Nhân sự, 2, Mã chi bộ: Không có chi bộ mã “Z”" in result.output
    assert (db.session.query(Unit).count(), db.session.query(Person).count()) == (0, 0)


def test_the_first_administrator_signs_in_with_the_password_given(run):
    result = run("create-admin", "quan.tri", "--name", "Quản trị", "--password", PASSWORD)
    assert result.exit_code == 0, result.output
    account = auth.sign_in("quan.tri", PASSWORD, now=NOW)
    assert account.display_name == "Quản trị"
    assert [(grant.role, grant.unit) for grant in account.grants] == [(Role.SYSTEM_ADMIN, None)]


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [("quan.tri", "ngan", "10 ký tự"), ("có dấu", PASSWORD, "Tên đăng nhập gồm")],
)
def test_an_administrator_needs_a_plain_name_and_a_long_password(run, username, password, sentence):
    result = run("create-admin", username, "--password", password)
    assert result.exit_code == 1 and sentence in result.output
    assert db.session.query(Account).count() == 0
