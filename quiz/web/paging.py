"""Pages of rows: the number an address asks for, and a page of rows at hand (the database's are paged by queries)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

PAGE = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of rows: the page's number counts from 1, `total` rows stand on `pages` pages."""

    items: Sequence[Any]
    page: int
    pages: int
    total: int


def page_number(name: str = "page") -> int:
    """Return the page asked for; one beyond any list stands for the last, so that no database overflows."""
    return min(max(request.args.get(name, 1, type=int), 1), 100_000)


def slice_of(rows: Sequence[Any], number: int) -> Slice:
    """Return page `number` of `rows`, the nearest there is when the number is odd."""
    pages = max(1, -(-len(rows) // PAGE))
    number = min(max(1, number), pages)
    return Slice(rows[(number - 1) * PAGE : number * PAGE], number, pages, len(rows))
