"""A question file on its way into a bank, line by line: what each line would do, and what was chosen for the file."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from quiz.core.errors import N_, Problem
from quiz.core.items import Difficulty, ItemDraft, Kind, Level, Part, warnings
from quiz.core.names import search_key
from quiz.core.questions import Defaults, Named, Notice, QuestionDraft, code_named, generated_code

MOST_CODE = 40  # characters of a code made from a title
Spot = tuple[str, int | None]  # sheet or part, and row or line

UNEXPLAINED = N_("Chưa có lời giải thích. Nên ghi vì sao đáp án đúng, theo điều khoản nào.")


class Outcome(StrEnum):
    """What a line of a file comes to."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OUTDATED = "outdated"
    REJECTED = "rejected"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Line:
    """One question or remark of a file: where it stands, what it comes to, what bars it and what to look at again."""

    outcome: Outcome
    spot: Spot
    code: str = ""
    stem: str = ""
    problems: tuple[Problem, ...] = ()
    cautions: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the organizer chose for a file; a bank, document or topic without a code is a new one with that title.

    `skip` takes the sound questions in and leaves the rejected ones out.
    """

    bank: str = ""
    bank_title: str = ""
    document: str = ""
    document_title: str = ""
    topic: str = ""
    topic_title: str = ""
    level: Level = Level.REMEMBER
    intended_difficulty: Difficulty | None = None
    part: Part = Part.EXAM
    prefix: str = "CH"
    skip: bool = False

    def code_of(self, name: str) -> str:
        """Return the code of the bank, document or topic chosen, "" when none is."""
        return str(getattr(self, name)) or code_for(getattr(self, f"{name}_title"))

    def defaults(self) -> Defaults:
        """Return what is taken where the file is silent."""
        return Defaults(
            self.code_of("document"), self.code_of("topic"), self.level, self.part, self.prefix,
            intended_difficulty=self.intended_difficulty,
        )  # fmt: skip

    def stored(self) -> dict[str, Any]:
        """Return the choices as plain data; `restored` reads them back."""
        return asdict(self)


def restored(data: Mapping[str, Any]) -> Choices | None:
    """Return the choices kept as plain data, None when none were made."""
    if not data:
        return None
    known = {name.name: data[name.name] for name in fields(Choices) if name.name in data}
    difficulty = known.get("intended_difficulty")
    return replace(
        Choices(**known), level=Level(known["level"]), part=Part(known["part"]),
        intended_difficulty=Difficulty(difficulty) if difficulty else None,
    )  # fmt: skip


def code_for(title: str) -> str:
    """Return the code made from a title: its words without marks, joined by hyphens, "" for one without letters."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in search_key(title)).split()
    return "-".join(words)[:MOST_CODE].strip("-")


def lacking(questions: Iterable[QuestionDraft], topics: Named, documents: Named) -> set[str]:
    """Return which of "topic" and "document" some question does not name, or names otherwise than the bank."""
    questions = list(questions)
    known: dict[str, Named] = {"topic": topics, "document": documents}
    return {
        name
        for name, entries in known.items()
        if any(not code_named(getattr(question, name), entries) for question in questions)
    }


def spots_of(questions: Iterable[QuestionDraft], prefix: str) -> dict[str, Spot]:
    """Return where each code stands first, codes made here among them."""
    spots: dict[str, Spot] = {}
    for question in questions:
        code = question.code or generated_code(prefix, question)
        spots.setdefault(code, (question.place, question.row or None))
    return spots


def cautions_of(item: ItemDraft) -> tuple[Problem, ...]:
    """Return what does not bar an item but should be looked at again before it is sent for review."""
    unexplained = not item.rationale and not any(item.feedback) and item.kind is not Kind.ORAL
    return (*warnings(item), *([Problem(UNEXPLAINED, field="rationale")] if unexplained else []))


def lines_of(
    items: Iterable[ItemDraft],
    outcomes: Mapping[str, Outcome],
    spots: Mapping[str, Spot],
    problems: Iterable[Problem],
    stems: Mapping[Spot, str],
) -> list[Line]:
    """Return a line for each item with an outcome and for each place with a problem, in the order of the file."""
    barred: dict[Spot, list[Problem]] = {}
    noted: dict[Spot, list[Problem]] = {}
    for problem in problems:
        (noted if isinstance(problem, Notice) else barred).setdefault(_spot(problem), []).append(problem)
    lines = [
        Line(Outcome.REJECTED, spot, stem=stems.get(spot, ""), problems=tuple(found),
             cautions=tuple(noted.pop(spot, ())))
        for spot, found in barred.items()
    ]  # fmt: skip
    for item in items:
        if item.code in outcomes:
            outcome, spot = outcomes[item.code], spots[item.code]
            coming = outcome in (Outcome.NEW, Outcome.CHANGED)
            cautions = (*noted.pop(spot, ()), *(cautions_of(item) if coming else ()))
            lines.append(Line(outcome, spot, item.code, item.stem, cautions=cautions))
    lines += [
        Line(Outcome.NOTED, spot, stem=stems.get(spot, ""), cautions=tuple(found))
        for spot, found in noted.items()
    ]
    places = {place: number for number, place in enumerate(dict.fromkeys(line.spot[0] for line in lines))}
    return sorted(lines, key=lambda line: (places[line.spot[0]], line.spot[1] or 0))


def _spot(problem: Problem) -> Spot:
    return problem.place, problem.row or None


def digest(*parts: Any) -> str:
    """Return the first half of a SHA-256 over plain data: what a preview showed, to hold the confirmation to it."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()[:32]


_ASK = {
    "bank": N_("Chưa rõ nhập vào đâu. Hãy chọn ngân hàng hoặc ghi tên ngân hàng mới."),
    "document": N_("Chưa rõ căn cứ. Hãy chọn văn bản hoặc ghi tên văn bản mới."),
    "topic": N_("Chưa rõ chuyên đề. Hãy chọn chuyên đề hoặc ghi tên chuyên đề mới."),
}


def check(choices: Choices, needed: Iterable[str]) -> list[Problem]:
    """Return what has still to be chosen; `needed` holds which of "topic" and "document" the file does not say."""
    wanted = {"bank", *needed}
    problems = [
        Problem(message, field=f"{name}_title")
        for name, message in _ASK.items()
        if name in wanted and not choices.code_of(name)
    ]  # fmt: skip
    if not code_for(choices.prefix):
        problems.append(Problem(N_("Hãy ghi vài chữ cái hoặc chữ số không dấu, ví dụ CH."), field="prefix"))
    return problems
