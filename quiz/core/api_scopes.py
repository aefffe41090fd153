"""What another system may read with a token, and as whom it is let in: no token can do what no page would show."""

from collections.abc import Collection
from enum import StrEnum

from quiz.core.permissions import Role


class ApiScope(StrEnum):
    """One kind of thing a token may read."""

    UNITS = "units"
    ROUNDS = "rounds"
    RESULTS = "results"
    PEOPLE = "people"


LONGEST_DAYS = 400  # of a token


def grants_of(scopes: Collection[str], path: str) -> list[tuple[Role, str]]:
    """Return the roles a token reads with: an observer's, and a secretary's where it may read people."""
    roles = [Role.OBSERVER, *([Role.BOARD_SECRETARY] if ApiScope.PEOPLE in scopes else [])]
    return [(role, path) for role in roles]
