"""What simulated contestants know: the shipped question files say what is right, a model says how often they hit it.

The keys come from the files and never from a page: a page shows a contestant only question and options.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

LEVEL_HARDNESS = {"remember": -0.6, "understand": 0.0, "apply": 0.6}
OMITTED = 0.03  # share of questions a contestant leaves blank


@dataclass(frozen=True, slots=True)
class Question:
    """A question as its file has it: the right options as texts, and how hard it is."""

    right: frozenset[str]
    takes_several: bool
    hardness: float


class Knowledge:
    """All questions by their words."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._questions: dict[str, Question] = {}
        self.topics: list[str] = []  # titles, each once, of what is asked in writing
        for path in files:
            bank = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            written = [item for item in bank["items"] if item["kind"] != "oral"]
            asked = {item["topic"] for item in written}
            titles = [topic["title"] for topic in bank["topics"] if topic["code"] in asked]
            self.topics += [title for title in titles if title not in self.topics]
            for item in written:
                self._questions[_words(item["stem"])] = _question(item)

    def __len__(self) -> int:
        return len(self._questions)

    def question(self, stem: str) -> Question:
        """Return the question of a stem read on a page; raise KeyError when no file has it."""
        return self._questions[_words(stem)]

    def printed(self, words: str) -> tuple[str, list[str]]:
        """Return stem and right options of the question that begins `words`; all three without white space."""
        fitting = [stem for stem in self._questions if words.startswith(stem.replace(" ", ""))]
        if not fitting:
            raise KeyError(f"no file has the question printed as “{words[:200]}”")
        stem = max(fitting, key=len)
        right = sorted(option.replace(" ", "") for option in self._questions[stem].right)
        return stem.replace(" ", ""), right

    def answer(
        self, stem: str, options: Sequence[str], ability: float, chance: random.Random
    ) -> tuple[int, ...]:
        """Return the places a contestant takes among the options shown; none when the question is left blank.

        The chance of being right is the logistic of ability less hardness; infinite ability is always right.
        """
        question = self.question(stem)
        right = tuple(place for place, text in enumerate(options) if _words(text) in question.right)
        if len(right) != len(question.right):
            raise KeyError(f"the options shown are not those of “{stem}”: {list(options)}")
        if math.isinf(ability):
            return right
        if chance.random() < OMITTED:
            return ()
        if chance.random() < 1 / (1 + math.exp(question.hardness - ability)):
            return right
        return _wrong(right, len(options), question.takes_several, chance)


def _wrong(
    right: tuple[int, ...], options: int, takes_several: bool, chance: random.Random
) -> tuple[int, ...]:
    while True:
        taken = chance.sample(range(options), chance.randint(1, options - 1) if takes_several else 1)
        if set(taken) != set(right):
            return tuple(sorted(taken))


def _words(text: str) -> str:
    return " ".join(str(text).split())


def _question(item: dict[str, Any]) -> Question:
    hardness = LEVEL_HARDNESS[item["level"]] + random.Random(item["code"]).uniform(-0.8, 0.8)
    if item["kind"] == "true_false":
        return Question(frozenset(["Đúng" if item["key"] else "Sai"]), False, hardness)
    right = frozenset(_words(item["options"]["ABCDEF".index(letter)]) for letter in item["key"])
    return Question(right, item["kind"] == "multiple", hardness)
