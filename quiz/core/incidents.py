"""What goes wrong on the day and is written down: its kind from a list, so that reports can count it."""

from enum import StrEnum

from quiz.core.errors import N_, RuleBroken


class IncidentKind(StrEnum):
    """In the order in which a list offers them."""

    POWER = "power"
    LINE = "line"
    DEVICE = "device"
    CARD = "card"  # a card lost, a name or photograph that does not match
    PAPER = "paper"  # a question, a printed paper, an answer sheet
    CONDUCT = "conduct"
    HEALTH = "health"
    PLACE = "place"  # weather, noise, order in the room
    OTHER = "other"


LONGEST = 1_000  # characters of what happened, and of each step


def check_incident(what: str, happened_at: int, now: int) -> None:
    """Raise RuleBroken unless these words and this time can be written down at `now`."""
    check_words(what, N_("Hãy ghi việc gì đã xảy ra."))
    if happened_at > now:
        raise RuleBroken(N_("Giờ xảy ra ở sau lúc này. Hãy sửa lại ngày giờ."))


def check_words(text: str, missing: str) -> None:
    """Raise RuleBroken unless there is text and it is not too long; `missing` is what to say of an empty one."""
    if not text.strip():
        raise RuleBroken(missing)
    if len(text) > LONGEST:
        raise RuleBroken(N_("Dài quá %(most)d chữ. Hãy rút gọn."), most=LONGEST)
