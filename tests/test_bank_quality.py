"""The shipped banks as an examiner judges them: every limit of `flask bank check` is met, and each item read twice."""

import json

import pytest

from quiz.cli.bank_check import read_files, shipped
from quiz.core.bank_quality import LEAST_ITEMS, report_on
from quiz.core.items import Kind

FILES, UNREADABLE = read_files(shipped())
REPORT = report_on(FILES)
ITEMS = [item for _, bank in FILES for item in bank.items]


def test_every_file_can_be_read():
    assert [str(problem) for problem in UNREADABLE] == []


def test_an_examiner_has_nothing_to_send_back():
    assert [str(found) for found in REPORT.findings] == []


@pytest.mark.parametrize("code", LEAST_ITEMS)
def test_every_bank_is_as_large_as_promised(code):
    assert REPORT.banks[code].items >= LEAST_ITEMS[code]


def test_every_article_and_the_preamble_are_asked_about():
    assert (REPORT.articles_covered, REPORT.gaps) == (49, {})


def test_no_two_questions_say_the_same():
    assert REPORT.duplicates == []


def test_every_question_was_read_again_by_somebody_else():
    assert REPORT.total.unreviewed == 0
    assert all(item.reviewed.reader.strip() for item in ITEMS)


def test_a_guesser_gains_less_than_five_points_anywhere():
    for code, figures in REPORT.banks.items():
        excess = figures.guesser_excess_points
        assert max(excess[name] for name in ("longest", "stem_words", "odd_one_out")) <= 5, code


def test_only_the_bank_for_the_stage_is_oral():
    oral = {bank.code for _, bank in FILES for item in bank.items if item.kind is Kind.ORAL}
    assert oral == {"van-dap"}
    assert all(item.kind is Kind.ORAL for _, bank in FILES if bank.code == "van-dap" for item in bank.items)


def test_the_check_of_the_command_line_is_content(sqlite_app):
    done = sqlite_app.test_cli_runner().invoke(args=["bank", "check", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output)["problems"] == []
