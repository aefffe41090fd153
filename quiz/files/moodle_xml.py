"""Moodle XML: the questions with one, several or no option to choose from true and false; the others are named.

A category stands in the file as a question of its own and holds for those that follow.
"""

from dataclasses import replace

from quiz.core.errors import N_, Problem
from quiz.core.items import TRUE_FALSE_OPTIONS, Kind
from quiz.core.questions import QuestionDraft
from quiz.files.choice_weights import NO_KEY, weighed
from quiz.files.foreign_kinds import lost_picture, picture, unsupported
from quiz.files.html_text import has_formatting, has_picture, plain_text
from quiz.files.moodle_reader import MoodleReader, category_name
from quiz.files.text_input import Refused, clean, decoded
from quiz.files.xml_nodes import XmlNode, read_parts

_KINDS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
_NO_QUIZ = N_("Tệp XML này không có câu hỏi của Moodle (thẻ quiz và question). Hãy chọn đúng tệp.")
_BAD_WEIGHT = N_("Điểm của một phương án (fraction) phải là số. Hãy sửa lại.")


def read_moodle_xml(data: bytes) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the choice and true/false questions of a Moodle XML file and what is wrong or left out; never raise."""
    reader = _Reader()
    try:
        read_parts(decoded(data), 1, reader.take)
        if reader.is_empty:
            raise Refused(_NO_QUIZ)
    except Refused as refused:
        return [], [*reader.problems, refused.problem]
    return reader.questions, reader.said()


class _Reader(MoodleReader):
    """Takes the parts of the file one after another."""

    def take(self, node: XmlNode) -> None:
        """Take the next part of the file."""
        if node.name != "question":
            return
        self.count()
        kind = node.attributes.get("type", "")
        if kind == "category":
            self.topic = category_name(_text(node.first("category", "text")))
        elif kind in ("multichoice", "truefalse"):
            self._keep(_Question(node, self.problems), kind)
        else:
            self.problems.append(unsupported(kind or "?", node.line))

    def _keep(self, asked: "_Question", kind: str) -> None:
        question = asked.read(is_choice=kind == "multichoice")
        if question is None:
            return
        groups = asked.node.all("tags")
        self.keep(question, [_text(tag.first("text")) for group in groups for tag in group.all("tag")])
        self.formatted += [asked.line] if asked.is_formatted else []


def _text(node: XmlNode | None) -> str:
    return node.text.strip() if node else ""


class _Question:
    """One question element; what is wrong with it goes into `problems` with its line."""

    def __init__(self, node: XmlNode, problems: list[Problem]) -> None:
        self.node, self.line, self.problems = node, node.line, problems
        stem = node.first("questiontext")
        self.written = _KINDS.get((stem.attributes.get("format") if stem else None) or "html", "html")
        self.has_picture = bool(stem and _shows(stem, self.written)) or node.first("image") is not None

    def read(self, is_choice: bool) -> QuestionDraft | None:
        """Return the question, or None when something bars it."""
        question = QuestionDraft(
            self._said("questiontext"), Kind.TRUE_FALSE, TRUE_FALSE_OPTIONS, row=self.line,
            code=clean(_text(self.node.first("idnumber"))), rationale=self._said("generalfeedback"),
        )  # fmt: skip
        answers = list(self.node.all("answer"))
        weights = [self._weight(answer) for answer in answers]
        if None in weights:
            return None
        shares = [weight or 0.0 for weight in weights]
        done = (
            self._choice(question, answers, shares) if is_choice else self._verdict(question, answers, shares)
        )
        if self.has_picture:
            self.problems.append(picture(self.line))
            return None
        return done

    @property
    def is_formatted(self) -> bool:
        """Whether any text of the question shows more than plain text does."""
        fields = [node for node in self.node.walk() if node.first("text")]
        return any(has_formatting(_text(node.first("text")), self._kind(node)) for node in fields)

    def _said(self, name: str) -> str:
        node = self.node.first(name)
        return self._plain(node) if node else ""

    def _plain(self, node: XmlNode) -> str:
        return plain_text(_text(node.first("text")), self._kind(node))

    def _kind(self, node: XmlNode) -> str:
        return _KINDS.get(node.attributes.get("format", ""), self.written)

    def _weight(self, answer: XmlNode) -> float | None:
        try:
            weight = float(answer.attributes.get("fraction", "0")[:20])
        except ValueError:
            weight = float("nan")
        if abs(weight) <= 1_000:
            return weight
        self.problems.append(Problem(_BAD_WEIGHT, row=answer.line, field="fraction"))
        return None

    def _feedback(self, answers: list[XmlNode]) -> tuple[str, ...]:
        nodes = [answer.first("feedback") for answer in answers]
        lost = [
            node
            for node in [*nodes, self.node.first("generalfeedback")]
            if node and _shows(node, self._kind(node))
        ]
        if lost:
            self.problems.append(lost_picture(self.line))
        texts = tuple(self._plain(node) if node else "" for node in nodes)
        return texts if any(texts) else ()

    def _choice(
        self, question: QuestionDraft, answers: list[XmlNode], weights: list[float]
    ) -> QuestionDraft | None:
        single = _text(self.node.first("single")).lower() not in ("false", "0")
        kind, key, faults = weighed(weights, single, self.line)
        for fault in faults:
            self.problems.append(fault)
        self.has_picture |= any(_shows(answer, self._kind(answer)) for answer in answers)
        options = tuple(self._plain(answer) for answer in answers)
        if not key:
            return None
        return replace(
            question, kind=kind, options=options, key=key, feedback=self._feedback(answers),
            keep_order=_text(self.node.first("shuffleanswers")).lower() in ("false", "0") or None,
        )  # fmt: skip

    def _verdict(
        self, question: QuestionDraft, answers: list[XmlNode], weights: list[float]
    ) -> QuestionDraft | None:
        """Return a true/false question; old files have the two words in another language, true first."""
        words = [_text(answer.first("text")).lower() for answer in answers]
        if set(words) != {"true", "false"}:
            words = ["true", "false"]
        right = [word for word, weight in zip(words, weights, strict=False) if weight > 99]
        if len(right) != 1:
            self.problems.append(Problem(NO_KEY, row=self.line, field="key"))
            return None
        said = [question.rationale, *self._feedback(answers)]
        return replace(
            question, key=(0,) if right == ["true"] else (1,),
            rationale=" ".join(dict.fromkeys(text for text in said if text)),
        )  # fmt: skip


def _shows(node: XmlNode, kind: str) -> bool:
    """Tell whether a field has a file beside it or shows something that is no text."""
    return node.first("file") is not None or has_picture(_text(node.first("text")), kind)
