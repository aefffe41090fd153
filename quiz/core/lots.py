"""Packages of questions to be drawn on the stage: each made by one declared make-up, and no question twice (R37).

Like papers they are drawn by SHA-256 of "seed|what|id", so whoever has the seed and the pool makes the same ones.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.papers import shuffled

MOST_LINES = 4
MOST_QUESTIONS = 20  # of one package: more could not be answered in one turn
MOST_PACKAGES = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a make-up: `count` questions of a source at a level ("" stands for any level)."""

    source: str
    level: str
    count: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question that may be put into a package; those `seen` by other groups are taken only when others are gone."""

    version: int
    source: str
    level: str
    seen: bool = False


def faults(lines: Sequence[Line], packages: int) -> list[Problem]:
    """Return what is wrong with a make-up and a number of packages by themselves."""
    found = []
    total = sum(line.count for line in lines)
    if not lines:
        found.append(Problem(N_("Mỗi gói phải có ít nhất một câu. Hãy chọn nguồn câu hỏi và ghi số câu.")))
    if total > MOST_QUESTIONS:
        found.append(
            Problem(
                N_("Mỗi gói có nhiều nhất %(most)d câu, cơ cấu này có %(total)d câu. Hãy bớt số câu."),
                {"most": MOST_QUESTIONS, "total": total},
            )
        )
    if not 1 <= packages <= MOST_PACKAGES:
        found.append(Problem(N_("Số gói phải từ 1 đến %(most)d."), {"most": MOST_PACKAGES}, field="packages"))
    return found


def lacking(lines: Sequence[Line], pool: Iterable[Question], packages: int) -> list[tuple[Line, int]]:
    """Return the lines that cannot be filled in every package, each with how many questions are there for it.

    Lines for any level take what the lines for one level leave over.
    """
    free, found = list(pool), []
    for place in _specific_first(lines):
        line = lines[place]
        fitting = [question for question in free if _fits(question, line)]
        if len(fitting) < line.count * packages:
            found.append((line, len(fitting)))
        taken = {question.version for question in fitting[: line.count * packages]}
        free = [question for question in free if question.version not in taken]
    return found


def packages_of(
    lines: Sequence[Line], pool: Iterable[Question], packages: int, seed: str
) -> list[tuple[int, ...]]:
    """Return so many packages as item versions, each in the order of the make-up; no question is in two of them.

    Neither the order of the pool nor the number of people asking changes them. Raise RuleBroken when the pool is
    too small.
    """
    questions = list(pool)
    if lacking(lines, questions, packages):
        raise RuleBroken(N_("Không đủ câu hỏi để lập số gói này."))
    dealt: dict[int, list[int]] = {}
    taken: set[int] = set()
    for place in _specific_first(lines):
        line = lines[place]
        fitting = [one for one in questions if _fits(one, line) and one.version not in taken]
        dealt[place] = _drawn(fitting, seed)[: line.count * packages]
        taken.update(dealt[place])
    return [
        tuple(
            version
            for place, line in enumerate(lines)
            for version in dealt[place][package * line.count : (package + 1) * line.count]
        )
        for package in range(packages)
    ]


def make_up_of(packages: Sequence[Sequence[tuple[str, str]]]) -> tuple[Line, ...]:
    """Return the make-up that packages share, each given as the source and level of its questions in order.

    Where levels differ at one place a line is for any level. Raise RuleBroken when they are not alike, or none is.
    """
    if not packages or len({tuple(source for source, _level in one) for one in packages}) != 1:
        raise RuleBroken(N_("Các gói đã lập không cùng một cơ cấu nên không thêm gói được."))
    places = []
    for questions in zip(*packages, strict=True):
        levels = {level for _source, level in questions}
        places.append((questions[0][0], levels.pop() if len(levels) == 1 else ""))
    return tuple(Line(source, level, len(list(same))) for (source, level), same in groupby(places))


def picked(numbers: Iterable[int], seed: str) -> int:
    """Return the package that a seed draws of those left; raise RuleBroken when none is."""
    left = shuffled(seed, "lot", numbers)
    if not left:
        raise RuleBroken(N_("Không còn gói câu hỏi nào. Hãy báo Ban Tổ chức."))
    return left[0]


def _drawn(questions: Iterable[Question], seed: str) -> list[int]:
    def key(one: Question) -> tuple[bool, bytes]:
        return one.seen, hashlib.sha256(f"{seed}|lots|{one.version}".encode()).digest()

    return [one.version for one in sorted(questions, key=key)]


def _fits(question: Question, line: Line) -> bool:
    return question.source == line.source and line.level in ("", question.level)


def _specific_first(lines: Sequence[Line]) -> list[int]:
    return sorted(range(len(lines)), key=lambda place: (lines[place].level == "", place))
