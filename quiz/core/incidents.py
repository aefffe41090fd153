"""What goes wrong on the day and is written down: its kind from a list, so that reports can count it."""

from enum import StrEnum


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
