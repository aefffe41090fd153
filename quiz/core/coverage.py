"""Which articles of the Party statute a bank asks about, and how many questions each should have."""

import re
from collections import Counter
from collections.abc import Iterable

from quiz.core.items import ItemDraft

STATUTE = "DLD-2011"  # the code of the document in the files
BANK = "dieu-le-dang"
PREAMBLE = 0
ARTICLES = range(1, 49)
# Articles of one paragraph: there is no clause to name.
WITHOUT_CLAUSES = frozenset({6, 7, 33, 34, 45, 47, 48})
# What a cell secretary lives with.
CENTRAL = frozenset({*range(1, 6), 8, 9, *range(21, 25), *range(30, 33), *range(35, 42)})
LEAST_CENTRAL = 6
LEAST_OTHER = 2

_ARTICLE = re.compile(r"\b[Đđ]iều\s+(\d+(?:\s*(?:,|và)\s*(?:[Đđ]iều\s+)?\d+(?!\s*khoản))*)")
_CLAUSE = re.compile(r"khoản\s+\d|đoạn\s+\w", re.IGNORECASE)


def articles_of(reference: str) -> list[int]:
    """Return the articles a reference names, PREAMBLE for the part before them."""
    found = [int(number) for match in _ARTICLE.finditer(reference) for number in re.findall(r"\d+", match[1])]
    if re.search(r"(phần|lời|đoạn) mở đầu", reference, re.IGNORECASE):
        found.append(PREAMBLE)
    return sorted({article for article in found if article == PREAMBLE or article in ARTICLES})


def is_exact(reference: str) -> bool:
    """Tell whether a reference to the statute goes down to the clause wherever an article has clauses."""
    return bool(articles_of(reference)) and all(map(_names_clauses, reference.split(";")))


def _names_clauses(part: str) -> bool:
    """Tell whether each article of "Điều 4, khoản 3" or "khoản 3, Điều 4 và khoản 1, Điều 5" has its clause."""
    before, *rest = re.split(r"(?=\b[Đđ]iều\s+\d)", part)
    clauses = [before, *rest[:-1]] if _CLAUSE.search(before) else rest
    return all(
        _CLAUSE.search(clause) or set(articles_of(named)) <= WITHOUT_CLAUSES
        for named, clause in zip(rest, clauses, strict=True)
    )


def counts(items: Iterable[ItemDraft]) -> Counter[int]:
    """Return how many items rest on each article; an item that names two counts for both."""
    return Counter(
        article for item in items if item.document == STATUTE for article in articles_of(item.reference)
    )


def least(article: int) -> int:
    """Return how many items an article should have at least."""
    return LEAST_CENTRAL if article in CENTRAL else LEAST_OTHER


def gaps(items: Iterable[ItemDraft]) -> dict[int, tuple[int, int]]:
    """Return (there, wanted) of the articles that have too few items."""
    there = counts(items)
    places = (PREAMBLE, *ARTICLES)
    return {
        article: (there[article], least(article)) for article in places if there[article] < least(article)
    }
