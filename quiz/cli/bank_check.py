"""`flask bank check`: question files looked at as an examiner would, in words or as one JSON object for programs."""

import json
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from quiz.core import coverage
from quiz.core.bank_quality import (
    LEAST_LEVEL_SHARES,
    LEAST_POSITION_P,
    MOST_EXCESS_POINTS,
    MOST_EXTREME_KEYS,
    Figures,
    Report,
    report_on,
)
from quiz.core.errors import Problem
from quiz.core.guessers import STRATEGIES
from quiz.core.items import BankDraft, Level
from quiz.core.quality import Finding
from quiz.files.bank_yaml import read_bank
from quiz.settings import ROOT


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the figures and problems as one JSON object.")
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Judge question files (all of questions/ when none is named) without loading them; status 1 on problems."""
    banks, problems = read_files(files or shipped())
    report = report_on(banks)
    found = [_unreadable(problem) for problem in problems] + report.findings
    if as_json:
        click.echo(json.dumps(as_data(report, found), ensure_ascii=False, indent=2))
    else:
        for line in (*map(str, found), *_table(report), *_summary(report, len(found))):
            click.echo(line)
    if found:
        raise SystemExit(1)


def shipped() -> tuple[Path, ...]:
    """Return the question files that come with the product."""
    return tuple(sorted((ROOT / "questions").glob("*.yaml")))


def read_files(files: tuple[Path, ...]) -> tuple[list[tuple[str, BankDraft]], list[Problem]]:
    """Return the banks that can be read, each with its file, and everything wrong with the files."""
    banks: list[tuple[str, BankDraft]] = []
    problems: list[Problem] = []
    for path in tqdm(files, desc="reading", leave=False, disable=None):
        draft, found = read_bank(path.read_bytes(), str(path))
        problems += found
        banks += [(str(path), draft)] if draft else []
    return banks, problems


def _unreadable(problem: Problem) -> Finding:
    return Finding("file", problem.message, problem.values, problem.place, problem.row, problem.field)


def as_data(report: Report, found: list[Finding]) -> dict[str, Any]:
    """Return the report as plain data: the figures of all banks, of each, and the problems with their places."""
    return {
        "items": {code: figures.items for code, figures in report.banks.items()},
        "articles_covered": report.articles_covered,
        "articles_missing": [article for article in report.gaps if not report.articles[article]],
        "articles_short": {str(article): there for article, (there, _) in report.gaps.items()},
        **_figures(report.total),
        "near_duplicates": len(report.duplicates),
        "near_duplicate_pairs": [
            {"first": pair.first, "second": pair.second, "likeness": round(pair.likeness, 3),
             "same_fact": pair.same_fact}
            for pair in report.duplicates
        ],
        "banks": {code: _figures(figures) for code, figures in report.banks.items()},
        "problems": [
            {"rule": one.rule, "file": one.place, "line": one.row, "code": one.code,
             "text": one.message % one.values if one.values else one.message}
            for one in found
        ],
    }  # fmt: skip


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "key_longest_share": round(figures.key_longest_share, 4),
        "key_shortest_share": round(figures.key_shortest_share, 4),
        "position_p": None if figures.position_p is None else round(figures.position_p, 4),
        "position_p_by_options": {
            str(count): round(p, 4) for count, p in figures.position_p_by_options.items()
        },
        "level_shares": {str(level): round(share, 4) for level, share in figures.level_shares.items()},
        "guesser_excess_points": {
            name: round(excess, 2) for name, excess in figures.guesser_excess_points.items()
        },
        "unreviewed": figures.unreviewed,
    }


def _table(report: Report) -> list[str]:
    """Return the figures as a table: a line for each, a column for each bank, the limit beside them."""
    columns = [_LINES, *(_column(code, figures) for code, figures in report.banks.items())]
    columns += [_column("Tất cả", report.total), _LIMITS]
    widths = [max(map(len, column)) for column in columns]
    lines = [
        "  ".join(
            text.rjust(width) if place else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in zip(*columns, strict=True)
    ]
    return ["", lines[0], "-" * len(lines[0]), *lines[1:], ""]


_LINES = (
    "Ngân hàng", "Số câu", "Đáp án là phương án dài nhất", "Đáp án là phương án ngắn nhất", "Vị trí đáp án đều (p)",
    "Mức nhớ", "Mức hiểu", "Mức vận dụng", "Đoán theo độ dài, hơn đoán mò", "Đoán theo từ của câu dẫn",
    "Đoán phương án khác kiểu",
    "Đoán phương án giống nhiều phương án khác", "Chưa có người đọc lại",
)  # fmt: skip


def _column(name: str, figures: Figures) -> tuple[str, ...]:
    habits: tuple[str, ...] = ("–",) * 3
    guesses: tuple[str, ...] = ("–",) * len(figures.guesser_excess_points)
    if figures.judged:
        p = "–" if figures.position_p is None else _number(figures.position_p, 2)
        habits = (_percent(figures.key_longest_share), _percent(figures.key_shortest_share), p)
        guesses = tuple(_number(excess, 1) for excess in figures.guesser_excess_points.values())
    shares = figures.level_shares
    levels = tuple(_percent(shares[level]) if any(shares.values()) else "–" for level in Level)
    return (name, str(figures.items), *habits, *levels, *guesses, str(figures.unreviewed))


def _percent(share: float) -> str:
    return f"{_number(100 * share, 1)} %"


def _number(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")


_LIMITS = (
    "Giới hạn",
    "",
    f"≤ {MOST_EXTREME_KEYS:.0%}",
    f"≤ {MOST_EXTREME_KEYS:.0%}",
    f"> {_number(LEAST_POSITION_P, 2)}",
    "",
    *(f"≥ {share:.0%} tất cả" for share in LEAST_LEVEL_SHARES.values()),
    *(f"≤ {MOST_EXCESS_POINTS[name]:g} điểm" if name in MOST_EXCESS_POINTS else "–" for name in STRATEGIES),
    "0",
)


def _summary(report: Report, problems: int) -> list[str]:
    lines = [
        f"Cặp câu gần trùng: {len(report.duplicates)}",
        f"Cần sửa: {problems}" if problems else "Không có gì cần sửa.",
    ]
    if coverage.BANK in report.banks:
        total = len(coverage.ARTICLES) + 1
        lines.insert(
            0, f"Điều lệ: có câu hỏi cho {report.articles_covered}/{total} phần (48 điều và phần mở đầu)"
        )
    return lines
