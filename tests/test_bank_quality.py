"""The shipped banks as an examiner judges them: every limit of `flask bank check` is met, and each item read twice."""

import json

import pytest

from quiz.core.bank_quality import LEAST_ITEMS, report_on
from quiz.core.items import Kind


@pytest.fixture(scope="module")
def report(shipped_banks):
    """Every shipped bank, judged."""
    return report_on(list(shipped_banks[0].items()))


@pytest.fixture(scope="module")
def banks(shipped_banks):
    return list(shipped_banks[0].values())


def test_every_file_can_be_read(shipped_banks):
    assert [str(problem) for problem in shipped_banks[1]] == []


def test_an_examiner_has_nothing_to_send_back(report):
    assert [str(found) for found in report.findings] == []


@pytest.mark.parametrize("code", LEAST_ITEMS)
def test_every_bank_is_as_large_as_promised(report, code):
    assert report.banks[code].items >= LEAST_ITEMS[code]


def test_every_article_and_the_preamble_are_asked_about(report):
    assert (report.articles_covered, report.gaps) == (49, {})


def test_no_two_questions_say_the_same(report):
    assert report.duplicates == []


def test_every_question_was_read_again_by_somebody_else(report, banks):
    assert report.total.unreviewed == 0
    assert all(item.reviewed.reader.strip() for bank in banks for item in bank.items)


def test_a_guesser_gains_less_than_five_points_anywhere(report):
    for code, figures in report.banks.items():
        excess = figures.guesser_excess_points
        assert max(excess[name] for name in ("longest", "stem_words", "odd_one_out")) <= 5, code


def test_only_the_bank_for_the_stage_is_oral(banks):
    oral = {bank.code for bank in banks for item in bank.items if item.kind is Kind.ORAL}
    assert oral == {"van-dap"}
    assert all(item.kind is Kind.ORAL for bank in banks if bank.code == "van-dap" for item in bank.items)


def test_the_check_of_the_command_line_is_content(sqlite_app):
    done = sqlite_app.test_cli_runner().invoke(args=["bank", "check", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output)["problems"] == []
