"""A question file of any format read whole: a bank of our own, or what another program says of questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.core.errors import Problem
from quiz.core.items import BankDraft, DocumentDraft, TopicDraft
from quiz.core.questions import QuestionDraft
from quiz.files import questions as formats
from quiz.files.bank_yaml import read_bank
from quiz.files.question_workbook import read_workbook

OWN = "yaml"  # the one format that says its bank, documents and topics itself
WORKBOOK = "xlsx"  # has topics and documents on sheets of their own


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a file and what is wrong with it.

    `draft` is the bank of a file of our own, None when it is none; the rest is what any other file holds.
    """

    draft: BankDraft | None = None
    questions: Sequence[QuestionDraft] = ()
    problems: Sequence[Problem] = ()
    topics: Sequence[TopicDraft] = ()
    documents: Sequence[DocumentDraft] = ()


def read_content(name: str, data: bytes) -> Content:
    """Return what stands in a file of that format; raises nothing."""
    if name == OWN:
        draft, problems = read_bank(data, "")
        return Content(draft, problems=problems)
    if name == WORKBOOK:
        book, problems = read_workbook(data)
        return Content(None, book.questions, problems, book.topics, book.documents)
    questions, problems = formats.read(name, data, "")
    return Content(None, questions, problems)
