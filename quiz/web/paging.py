"""A page of rows that are already at hand; lists from the database are paged by their queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PAGE = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of rows: the page's number counts from 1, `total` rows stand on `pages` pages."""

    items: Sequence[Any]
    page: int
    pages: int
    total: int


def slice_of(rows: Sequence[Any], number: int) -> Slice:
    """Return page `number` of `rows`, the nearest there is when the number is odd."""
    pages = max(1, -(-len(rows) // PAGE))
    number = min(max(1, number), pages)
    return Slice(rows[(number - 1) * PAGE : number * PAGE], number, pages, len(rows))
