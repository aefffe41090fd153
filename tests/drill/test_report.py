"""What the drill prints last decides: one figure wrong and it has failed."""

import json

import pytest

from drill import report
from drill.browser import Meter

GOOD = report.WANTED | dict.fromkeys(report.TRIED, 5) | {"kill": 20, "killed": 20}


def test_good_figures_have_no_failure() -> None:
    assert report.failures(GOOD) == []


@pytest.mark.parametrize("name", [*report.WANTED, *report.TRIED, "killed"])
def test_every_figure_counts(name: str) -> None:
    wrong = 0 if GOOD[name] else 1
    assert len(report.failures(GOOD | {name: wrong})) == 1


def test_the_last_line_is_one_json_object() -> None:
    line = report.last_line(GOOD)
    assert "\n" not in line and json.loads(line) == GOOD


def test_the_table_has_a_line_for_each_step_and_kind() -> None:
    meter = Meter()
    for step, kind, seconds, status in [
        ("sit", "save", 0.02, 200),
        ("sit", "save", 0.5, 0),
        ("sit", "page", 0.1, 503),
    ]:
        meter.step = step
        meter.note(kind, seconds, status, "POST /x")
    lines = [line.split() for line in report.table([("sit", 2.0)], meter).splitlines()]
    assert lines[1] == ["sit", "2.0", "3", "2", "100", "100", "1"]
    assert ["all", "of", "kind", "“save”", "2", "20", "20", "1"] in lines
    assert report.traffic(meter) == {"requests": 3, "http_5xx": 1, "save_p50_ms": 20, "save_p99_ms": 20}
    assert meter.faults == ["503 POST /x"]
