"""An edition as the plain text everybody may fetch; its SHA-256 is the edition's, so that any tool can check it."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple


class PublicLine(NamedTuple):
    """One line of an edition as everybody sees it: `points` in hundredths, `scope` within which the rank counts."""

    scope: str
    rank: int
    name: str
    cell: str
    unit: str
    points: int


def text_of(lines: Iterable[PublicLine]) -> bytes:
    """Return the lines in their order under one of headings: UTF-8, tabs between columns, a line feed after each."""
    rows: list[Iterable[object]] = [PublicLine._fields, *lines]
    return "".join("\t".join(" ".join(str(value).split()) for value in row) + "\n" for row in rows).encode()


def sha256_of(lines: Iterable[PublicLine]) -> str:
    """Return the SHA-256 of the text of these lines, the same on every database."""
    return hashlib.sha256(text_of(lines)).hexdigest()
