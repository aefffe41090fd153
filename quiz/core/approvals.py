"""Acts that take two people: what they are, who may decide about them, and what a decision may still be."""

from enum import StrEnum

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.permissions import Permission


class Act(StrEnum):
    """Something one person asks for and another lets happen."""

    OPEN_EARLY = "open_early"
    CORRECT_KEY = "correct_key"
    VOID_ATTEMPT = "void_attempt"
    PUBLISH_FINAL = "publish_final"
    CLOSE_AWARDS = "close_awards"


class Answer(StrEnum):
    """What became of a request; the asker may only take it back."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


NEEDED: dict[Act, Permission] = {
    Act.OPEN_EARLY: Permission.ROUND_RUN,
    Act.CORRECT_KEY: Permission.RESULT_PUBLISH,
    Act.VOID_ATTEMPT: Permission.RESULT_PUBLISH,
    Act.PUBLISH_FINAL: Permission.RESULT_PUBLISH,
    Act.CLOSE_AWARDS: Permission.RESULT_PUBLISH,
}


NEEDS_REASON = frozenset(Act) - {
    Act.PUBLISH_FINAL,
    Act.CLOSE_AWARDS,
}  # what everybody expects may carry a note


def is_same_person(account: int, person: int | None, other: int, other_person: int | None) -> bool:
    """Tell whether two accounts are one human being: the same account, or two accounts of the same person."""
    return account == other or (person is not None and person == other_person)


def check_open(answer: Answer | None) -> None:
    """Raise AlreadyDone once a request has its answer."""
    if answer is not None:
        raise AlreadyDone(N_("Đề nghị này đã có quyết định. Hãy xem quyết định đó."))


def check_decider(answer: Answer, is_asker: bool, note: str) -> None:
    """Raise RuleBroken when the wrong one of the two answers, or a refusal has no reason."""
    if answer is Answer.WITHDRAWN and not is_asker:
        raise RuleBroken(N_("Chỉ người đề nghị mới rút được đề nghị của mình."))
    if answer is not Answer.WITHDRAWN and is_asker:
        raise RuleBroken(N_("Người đề nghị không tự duyệt. Hãy nhờ người thứ hai có quyền duyệt."))
    if answer is Answer.REFUSED and not note.strip():
        raise RuleBroken(N_("Hãy ghi vì sao không duyệt, để người đề nghị biết mà sửa."))
