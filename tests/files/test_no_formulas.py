"""What people typed never becomes a formula in a spreadsheet, not even in a program that saves the file anew: each
kind of workbook quotes text that begins with = + - @."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest

from quiz.core.items import BankDraft, ItemDraft, Kind, Level
from quiz.core.paperwork import Column, Letterhead, Paper, Span, Table
from quiz.core.rosters import PersonDraft, Roster, UnitDraft
from quiz.files.paperwork import sheet
from quiz.files.question_workbook import write_question_workbook
from quiz.files.ranking_workbook import RankingSheet, write_ranking
from quiz.files.workbook import write_roster

STARTS = ("=1+1", "+84 912", "-5 độ", "@SUM(A1)", "=HYPERLINK(1)")


def roster() -> bytes:
    units = tuple(UnitDraft(row, f"U{row}", name, "Xã") for row, name in enumerate(STARTS, start=2))
    return write_roster(Roster(units, (PersonDraft(2, "P", STARTS[0], None, unit_code="U2"),), ()))


def questions() -> bytes:
    item = ItemDraft("C1", "D", "Điều 1", "t", Level.APPLY, Kind.SINGLE, STARTS[0], STARTS[1:], (1,))
    return write_question_workbook(BankDraft("b", "B", items=(item, replace(item, code="C2"))))[0]


def ranking() -> bytes:
    made = datetime(2023, 2, 5, tzinfo=UTC)
    return write_ranking(RankingSheet("Xếp hạng", STARTS, ("Hạng", *STARTS), [(1, *STARTS)], made))


def office_paper() -> bytes:
    columns = tuple(Column(start, 1) for start in STARTS)
    table = Table(columns, (Span(STARTS[0]), STARTS), total=STARTS, caption=STARTS[1])
    letterhead = Letterhead("", "", "", "")
    return sheet.write(Paper("danh-sach", "Danh sách", "", letterhead, (table,), (), (), 0))


@pytest.mark.parametrize("written", [roster, questions, ranking, office_paper], ids=lambda one: one.__name__)
def test_text_that_would_start_a_formula_is_quoted(written):
    book = openpyxl.load_workbook(io.BytesIO(written()))
    cells = [
        cell
        for page in book
        for row in page.iter_rows()
        for cell in row
        if str(cell.value or "")[:1] in "=+-@"
    ]
    risky = [cell for cell in cells if cell.value]
    assert {str(cell.value) for cell in risky} >= set(STARTS)
    assert [cell.coordinate for cell in risky if cell.data_type != "s" or not cell.quotePrefix] == []
