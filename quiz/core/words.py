"""The words by which an item is found, and those somebody looks for. Marks and case do not count."""

import re
from collections.abc import Iterable
from itertools import pairwise

from quiz.core.names import search_key

LONGEST = 60  # characters of a word
MOST_LOOKED_FOR = 10
# Before the words of a reference and its pairs ("dieu 4"), so that "Điều 4" is not found by "điều" here and "4" there.
REFERENCE = "§"

_PIECES = re.compile(r"\w+")


def words_of(texts: Iterable[str], reference: str = "") -> set[str]:
    """Return the words of an item's texts; one written with signs, as "12-HD/BTCTW", is there whole and in pieces."""
    found: set[str] = set()
    for token in _tokens(" ".join((*texts, reference))):
        found |= {token, *_PIECES.findall(token)}
    found |= {REFERENCE + phrase for phrase in _phrases(reference)}
    return {word[:LONGEST] for word in found}


def looked_for(text: str) -> list[str] | None:
    """Return the words somebody typed, each the beginning of a word to find; None when there is nothing to find."""
    if not text.strip():
        return []
    return [token[:LONGEST] for token in _tokens(text)[:MOST_LOOKED_FOR]] or None


def phrases_looked_for(reference: str) -> list[str] | None:
    """Return what a reference must name, each a whole entry of `words_of`; None when there is nothing to find."""
    if not reference.strip():
        return []
    phrases = _phrases(reference)
    wanted = [phrase for phrase in phrases if " " in phrase] or phrases
    return [(REFERENCE + phrase)[:LONGEST] for phrase in wanted[:MOST_LOOKED_FOR]] or None


def _tokens(text: str) -> list[str]:
    """Return the runs between spaces without marks and without signs at their ends."""
    stripped = (re.sub(r"^\W+|\W+$", "", token) for token in search_key(text).split())
    return [token for token in stripped if token]


def _phrases(reference: str) -> list[str]:
    """Return the words of a reference and each pair of neighbours, in order."""
    tokens = _tokens(reference)
    return [*tokens, *(f"{first} {second}" for first, second in pairwise(tokens))]
