"""The life of an item version: draft, in review, approved, retired; and the second pair of eyes (R14)."""

from enum import StrEnum

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.items import Status


class Move(StrEnum):
    """What somebody does with a version as a whole."""

    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    RETIRE = "retire"


_MOVES: dict[Move, tuple[frozenset[Status], Status]] = {
    Move.SUBMIT: (frozenset({Status.DRAFT}), Status.IN_REVIEW),
    Move.APPROVE: (frozenset({Status.IN_REVIEW}), Status.APPROVED),
    Move.SEND_BACK: (frozenset({Status.IN_REVIEW}), Status.DRAFT),
    Move.RETIRE: (frozenset({Status.DRAFT, Status.IN_REVIEW, Status.APPROVED}), Status.RETIRED),
}


def possible_moves(status: Status) -> list[Move]:
    """Return the moves open to a version of that status, whoever makes them."""
    return [move for move, (sources, _) in _MOVES.items() if status in sources]


def target_of(move: Move) -> Status:
    """Return the status a move leads to."""
    return _MOVES[move][1]


def status_after(move: Move, status: Status, author: int | None, account: int | None) -> Status:
    """Return the status a version has after a move by `account`.

    Raise AlreadyDone when it is there, RuleBroken when the move is not open or an author approves the own words.
    """
    sources, target = _MOVES[move]
    if status is target:
        raise AlreadyDone(N_("Việc này đã làm rồi. Không cần làm lại."))
    if status not in sources:
        raise RuleBroken(N_("Câu này không còn ở bước đó. Hãy tải lại trang để xem tình trạng hiện nay."))
    if move is Move.APPROVE and author is not None and author == account:
        raise RuleBroken(N_("Người soạn không tự duyệt câu của mình. Hãy nhờ người duyệt khác."))
    return target


def check_reader(author: int | None, account: int | None) -> None:
    """Raise RuleBroken when the second reading would be by the author."""
    if author is not None and author == account:
        raise RuleBroken(N_("Người soạn không tự đọc lần hai câu của mình. Hãy nhờ người khác đọc."))
