"""Controls: judges of the drill mark on the real application, once as it is and once with each thing broken.

As it is nothing may be found. Broken on purpose, the fault must be found, or the drill proves nothing.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from drill import desk, history, judge, sheet_checker, stored
from drill.browser import Browser, Meter
from drill.history import History
from drill.judge import Judge
from drill.sheet_checker import ALTERED, LOST
from drill.stage_desk import Secretary
from quiz.core.performances import used_at
from quiz.extensions import db
from quiz.services import performances, sheets
from tests.drill.test_controls import served
from tests.factories import PASSWORD
from tests.web.test_stage import There

MARKS = {"Nội dung": 1050, "Phong cách": 700}
Save = Callable[..., Any]


def play(app: Flask, folder: Path, corrects: bool = True) -> tuple[list[str], list[str]]:
    """Let two judges mark two contestants, one sheet never handed in; return the kinds found, and clocks gone wrong."""
    there = There(app)
    there.seat()
    first, second = there.draw()
    db.session.remove()  # what is looked up from here on would hold the write lock
    log, expected = History(folder / "history.jsonl"), sheet_checker.Expected()
    try:
        _mark(app, first, second, log, expected, corrects)
    finally:
        log.close()
    kept = stored.read_from(db.engine.url.database or "")
    with log.path.open(encoding="utf-8") as lines:
        found = [finding.kind for finding in sheet_checker.check(history.read(lines), kept)]
    return found, [
        text for text in sheet_checker.differences(kept, expected) if f"performance {first} " in text
    ]


def _mark(
    app: Flask, first: int, second: int, log: History, expected: sheet_checker.Expected, corrects: bool
) -> None:
    with served(app) as port:
        browsers = {name: Browser(port, Meter()) for name in ("judge1", "judge2", "secretary")}
        for name, browser in browsers.items():
            desk.sign_in(browser, name, PASSWORD)
        one, other = (Judge(browsers[f"judge{seat}"], f"judge{seat}", seat, log, "so 1") for seat in (1, 2))
        secretary = Secretary(browsers["secretary"], "secretary", log)
        expected.clocked[first] = secretary.time(first, lambda: one.mark(first, MARKS), pause=0.2)
        other.mark(first, MARKS)
        one.mark(second, MARKS)
        other.begin(second, MARKS)
        if corrects:
            secretary.correct(first, 2, MARKS | {"Nội dung": 950}, "Ghi nhầm")
        for browser in browsers.values():
            browser.close()


@pytest.fixture(autouse=True)
def lines_that_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every judge save twice, and something older arrive last."""
    monkeypatch.setattr(judge, "REPEATS", 1.0)


def keeps_nothing(real: Save) -> Save:
    """Acknowledge what a script saves without keeping it."""

    def save(performance: Any, marks: Any, note: str, stamp: int, actor: Any, now: int) -> Any:
        sheet = real(performance, marks, note, stamp, actor, now)
        answer = SimpleNamespace(stamp=stamp, marks=dict(sheet.marks))
        if stamp < now:  # a form gets its stamp on arrival
            db.session.rollback()
        return answer

    return save


def keeps_another_mark(real: Save) -> Save:
    """Keep a quarter of a point more than was given."""

    def save(performance: Any, marks: Any, note: str, stamp: int, actor: Any, now: int) -> Any:
        other = {name: points + 25 * (name == "Nội dung") for name, points in marks.items()}
        return real(performance, other, note, stamp, actor, now)

    return save


def lets_the_last_to_arrive_win(real: Save) -> Save:
    """Keep whatever comes last."""

    def save(performance: Any, marks: Any, note: str, stamp: int, actor: Any, now: int) -> Any:
        sheet = real(performance, marks, note, 2**52, actor, now)
        sheet.stamp = stamp
        db.session.flush()
        return SimpleNamespace(stamp=2**52, marks=dict(sheet.marks))

    return save


def takes_no_sheet(_real: Save) -> Save:
    """Say that a sheet is handed in, and leave it as it was."""
    return lambda performance, actor, now: None


def corrects_in_secret(real: Save) -> Save:
    """Correct a sheet to something else than was typed."""

    def correct(sheet: Any, marks: Any, *others: Any) -> None:
        real(sheet, dict(marks) | {"Nội dung": 900}, *others)

    return correct


def test_nothing_is_found_on_the_application_as_it_is(new_app: Any, tmp_path: Path) -> None:
    app = new_app("sqlite")
    with app.app_context():
        found, clocks = play(app, tmp_path)
    assert found == [] and [text for text in clocks if "not checked" not in text] == []


@pytest.mark.parametrize(
    ("name", "broken", "kind"),
    [
        ("save", keeps_nothing, LOST),
        ("save", keeps_another_mark, ALTERED),
        pytest.param("save", lets_the_last_to_arrive_win, LOST, marks=pytest.mark.long),
        pytest.param("submit", takes_no_sheet, LOST, marks=pytest.mark.long),
        pytest.param("correct", corrects_in_secret, ALTERED, marks=pytest.mark.long),
    ],
)
def test_what_is_broken_on_purpose_is_found(
    name: str, broken: Callable[[Save], Save], kind: str, new_app: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sheets, name, broken(getattr(sheets, name)))
    app = new_app("sqlite")
    with app.app_context():
        found, _ = play(app, tmp_path, corrects=name == "correct")
    assert kind in found


def test_a_clock_that_runs_too_fast_is_found(
    new_app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        performances.rule, "used_at", lambda used, since, now: 3_600_000 + used_at(used, since, now)
    )
    app = new_app("sqlite")
    with app.app_context():
        _, clocks = play(app, tmp_path)
    assert [text for text in clocks if "ms are on the clock" in text]
