"""Pages of rows: the number an address asks for, and a page of rows at hand (the database's are paged by queries)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for

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


def slice_here(rows: Sequence[Any], name: str) -> Slice:
    """Return the page of `rows` that the address asks for by `name`: several lists of one page turn by themselves."""
    return slice_of(rows, page_number(name))


def url_here(name: str) -> Callable[[int], str]:
    """Return what leads to a page of the list called `name`, back at that list, with all else of the address kept."""
    kept = {key: values for key, values in request.args.to_dict(flat=False).items() if key != name}
    way = {**kept, **(request.view_args or {})}
    return lambda number: url_for(request.endpoint or "", **way, **{name: number}, _anchor=name)


def init_app(app: Flask) -> None:
    """Let templates turn the pages of a list inside a page."""
    app.jinja_env.globals.update(slice_here=slice_here, url_here=url_here)
