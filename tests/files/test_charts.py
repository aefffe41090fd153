"""Drawings: well-formed SVG with a title and a description, nothing styled or scripted, words escaped."""

import re
from xml.etree import ElementTree

import pytest

from quiz.core.paperwork import number_text
from quiz.files.charts import LETTER, WIDTH, BarRow, HeatCell, Line, bars, columns, heat, lines

SPACE = "{http://www.w3.org/2000/svg}"
NASTY = "<script>\"&'</script>"
DRAWINGS = {
    "bars": bars("k", NASTY, NASTY, [BarRow(NASTY, NASTY, 0.5, 0.7), BarRow("Hai", "0 %", 0), BarRow("Ba", "", 7)]),
    "columns": columns("k", NASTY, NASTY, [(NASTY, 3), ("3–6", 0)], NASTY, str),
    "lines": lines("k", NASTY, NASTY, [Line(NASTY, [(0, 0), (1, 9)]), Line("b", [])], [(0, NASTY), (1, "09:00")], str),
    "heat": heat("k", NASTY, NASTY, [NASTY, "Chuyên đề rất dài về sinh hoạt chi bộ"], [(NASTY, [HeatCell("80 %", 2)])]),
    "nothing": columns("k", "t", "d", [], "", str),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_whole_named_and_carries_nothing_active(name):
    drawing = DRAWINGS[name].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    root = ElementTree.fromstring(drawing)  # noqa: S314 our own drawing
    assert root.get("role") == "img" and root.get("aria-labelledby") == "k-t k-d"
    assert [one.get("id") for one in root.iter() if one.get("id")] == ["k-t", "k-d"]
    tags = {one.tag.removeprefix(SPACE) for one in root.iter()}
    assert tags <= {"svg", "title", "desc", "text", "rect", "path", "polyline"}
    names = {attribute for one in root.iter() for attribute in one.attrib}
    assert not {"style", "href"} & names and not [one for one in names if one.startswith("on")]


def lengths(drawing, kind):
    marked = drawing.split(f'class="{kind}"')[1:]
    return [float(part.split('width="')[1].split('"')[0]) for part in marked]


def test_bars_are_as_long_as_their_shares_and_never_longer_than_the_whole():
    track, *_ = lengths(DRAWINGS["bars"], "chart-track")
    assert lengths(DRAWINGS["bars"], "chart-bar") == [track / 2, 0, track]


def test_columns_stand_in_proportion_on_an_axis_that_ends_above_them():
    drawing = columns("k", "t", "d", [("a", 10), ("b", 5)], "c", str)
    heights = [
        float(part.split(' height="')[1].split('"')[0]) for part in drawing.split('class="chart-bar"')[1:]
    ]
    assert heights == [200, 100]  # of 240 units for 12


def test_the_same_numbers_give_the_same_drawing_and_long_names_are_cut():
    rows = [BarRow("Xã có cái tên thật là dài không ai đọc hết được", "1", 1)]
    assert bars("k", "t", "d", rows) == bars("k", "t", "d", rows)
    assert "Xã có cái tên thật là dài…" in bars("k", "t", "d", rows)


@pytest.mark.parametrize("value", ["5/5 (100,0 %)", "3.005/3.005 (100,0 %)", "19.900/19.900 (100,0 %)"])
def test_the_numbers_beside_bars_stand_whole_within_the_drawing(value):
    drawing = bars("k", "t", "d", [BarRow("Xã", value, 1), BarRow("Xã", "1", 0)])
    x = float(drawing.split(f">{value}</text>")[0].rpartition('x="')[2].split('"')[0])
    assert x + LETTER * len(value) <= WIDTH


@pytest.mark.parametrize("most", [3_005, 4_000, 190_000])
def test_plots_write_numbers_as_their_tables_do_whole_within_the_drawing(most):
    for drawing in (
        columns("k", "t", "d", [("a", most), ("b", 5)], "c", number_text),
        lines("k", "t", "d", [Line("a", [(0, 0), (1, most)])], [], number_text),
    ):
        axis = re.findall(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="end">([^<]+)</text>', drawing)
        assert len(axis) == 5
        assert all(float(x) >= LETTER * len(words) for x, words in axis)
        assert not re.search(r">\d{4,}<", drawing)
    assert f">{number_text(most)}<" in columns("k", "t", "d", [("a", most)], "c", number_text)
