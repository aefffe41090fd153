"""What withholding a prize changed, in sentences: who keeps it all the same, and who wins or loses another by it."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

from quiz.core.awards import Line, Outcome, Winner
from quiz.core.names import with_cell
from quiz.core.prizes import Kind
from quiz.services import awards

NAMED = 10  # people and units named in one sentence; the page beside it lists them all

Won = tuple[Line, Winner]


def withheld_text(edition: Any, key: str, before: Outcome, after: Outcome) -> Iterator[str]:
    """Yield what became of the winners when some of the prize kept under `key` was withheld; nothing if all is plain.

    Those who share a prize keep it together while one of it is left; what they take more comes off the next prize.
    Nobody has lost a prize that waits for the board to part equals.
    """
    had, have = before.winners(*Kind), after.winners(*Kind)
    if _own(had, key) and _own(had, key) == _own(have, key):
        yield _(
            "Người nhận %(prize)s không thay đổi: những người bằng nhau vẫn cùng nhận. Muốn bớt người nhận, hãy tìm"
            " từng người và chọn “Không xét giải”.",
            prize=key.partition("|")[2],
        )
    waiting = {(line.prize, line.scope) for line in after.lines if line.undecided}
    lost = [pair for pair in _only_in(had, have) if (pair[0].prize, pair[0].scope) not in waiting]
    if lost:
        yield _("Không còn được giải: %(names)s.", names=_names(edition, lost))
    if won := _only_in(have, had):
        yield _("Nay được giải: %(names)s.", names=_names(edition, won))


def _own(winners: Sequence[Won], key: str) -> list[int]:
    return [one.key for line, one in winners if awards.key_of(line.prize, line.scope) == key]


def _only_in(winners: Sequence[Won], others: Sequence[Won]) -> list[Won]:
    there = {(line.prize, line.scope, one.key) for line, one in others}
    return [(line, one) for line, one in winners if (line.prize, line.scope, one.key) not in there]


def _names(edition: Any, winners: Sequence[Won]) -> str:
    said = [
        f"{with_cell(one.name, one.cell_name)} – {one.prize}"
        for one in awards.named(edition, winners[:NAMED])
    ]
    return "; ".join(said if len(winners) <= NAMED else [*said, "…"])
