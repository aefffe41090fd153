"""When an item must be looked over again: another document followed its own, or its validity is ending (R14)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Cause(StrEnum):
    """Why an item is to be looked over, the most pressing first."""

    ENDED = "ended"
    FOLLOWED = "followed"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an item rests on: the code of what followed its document, and when document and version end."""

    followed_by: str = ""
    document_ends: date | None = None
    version_ends: date | None = None

    @property
    def ends(self) -> date | None:
        """Return the last day on which the item may be used, None without an end."""
        return min((day for day in (self.document_ends, self.version_ends) if day), default=None)


def causes(standing: Standing, seen: Standing | None, today: date, until: date) -> list[Cause]:
    """Return why an item must be looked over by `until`; `seen` is what it rested on when it was last found right.

    Having been found right settles what was there to see then. What is past its end stays: it needs new dates,
    another document or to be retired.
    """
    if standing.ends is not None and standing.ends < today:
        return [Cause.ENDED]
    if seen is not None and seen == standing:
        return []
    found = [Cause.FOLLOWED] if standing.followed_by else []
    return found + ([Cause.ENDING] if standing.ends is not None and standing.ends <= until else [])
