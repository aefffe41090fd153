"""What Moodle's two formats, GIFT and XML, share: questions one after another under the category named last."""

from collections.abc import Iterable
from dataclasses import replace

from quiz.core.errors import Problem
from quiz.core.questions import QuestionDraft
from quiz.files.foreign_kinds import plainer
from quiz.files.question_tags import tagged, unused
from quiz.files.text_input import MAX_QUESTIONS, TOO_MANY, Findings, Refused, clean

_SHOWN = 20  # tags of one question that are named when nobody here knows them


class MoodleReader:
    """Gathers the questions of a file, and what is wrong or left out; a category holds for those that follow."""

    def __init__(self) -> None:
        self.questions: list[QuestionDraft] = []
        self.problems = Findings()
        self.topic = ""
        self.formatted: list[int] = []  # the lines of questions that showed more than plain text
        self._strange: set[str] = set()
        self._count = 0

    def count(self) -> None:
        """Count a part of the file; raise Refused when there are more than one file may hold."""
        self._count += 1
        if self._count > MAX_QUESTIONS:
            raise Refused(TOO_MANY, limit=MAX_QUESTIONS)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was counted."""
        return not self._count

    def keep(self, question: QuestionDraft, tags: Iterable[str]) -> None:
        """Take a question in under the category that holds, with what its tags say."""
        question, strange = tagged(replace(question, topic=self.topic), tags)
        self.questions.append(question)
        self._strange.update(strange[:_SHOWN])

    def said(self) -> list[Problem]:
        """Return everything to be told of the whole file."""
        return [*self.problems, *plainer(self.formatted), *unused(self._strange)]


def category_name(path: str) -> str:
    """Return the last name of a Moodle category path, "" for the top of a course; // is a slash inside a name."""
    names = [clean(name.replace("\0", "/")) for name in path.replace("//", "\0").split("/")]
    return "" if names[-1].lower() in ("top", "$course$", "$module$", "$system$") else names[-1]
