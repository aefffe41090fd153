"""Questions that are too much alike: by their words, weighted by how rare they are, and by asking for the same fact."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quiz.core.items import ItemDraft, Kind
from quiz.core.wording import bare

# Tuned on the shipped banks: what two careful authors still call two questions stays below.
TOO_SIMILAR = 0.72
SAME_QUESTION = 0.4  # of the stems, where reference and key are the same anyway


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that look alike, the earlier first; `likeness` runs from 0 to 1."""

    first: str
    second: str
    likeness: float
    same_fact: bool


def near_duplicates(items: Sequence[ItemDraft]) -> list[Pair]:
    """Return the pairs of items that say nearly the same or ask for the same fact in similar words, by likeness."""
    words = [frozenset(bare(_said(item))) for item in items]
    weights = _weights(words)
    alike = {pair: likeness for pair, likeness in _similar_pairs(words, weights, TOO_SIMILAR)}
    found = [Pair(items[a].code, items[b].code, likeness, False) for (a, b), likeness in alike.items()]
    for a, b in _same_facts(items):
        likeness = _likeness(frozenset(bare(items[a].stem)), frozenset(bare(items[b].stem)), weights)
        if likeness >= SAME_QUESTION and (a, b) not in alike:
            found.append(Pair(items[a].code, items[b].code, likeness, True))
    return sorted(found, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def _said(item: ItemDraft) -> str:
    """Return what an item asks and what is right; the distractors of two questions may well be alike."""
    if item.kind is Kind.TRUE_FALSE:
        return item.stem
    return " ".join([item.stem, *(item.options[place] for place in item.key)])


def _weights(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return a weight per word: the fewer texts hold it, the more it says."""
    counts = Counter(word for text in texts for word in text)
    return {word: math.log(1 + len(texts) / count) for word, count in counts.items()}


def _weight(words: frozenset[str], weights: dict[str, float]) -> float:
    return sum(weights.get(word, 0.0) for word in sorted(words))


def _likeness(a: frozenset[str], b: frozenset[str], weights: dict[str, float]) -> float:
    """Return the weight of the words both have, as a share of the weight of all their words."""
    either = _weight(a | b, weights)
    return _weight(a & b, weights) / either if either else 0.0


def _similar_pairs(
    texts: Sequence[frozenset[str]], weights: dict[str, float], least: float
) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield pairs at least so alike.

    Two such texts share a word among the rarest of each, those that hold more than 1 - `least` of its weight; so only
    texts that meet there are compared, and a large bank takes no square of its size.
    """
    meeting: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        rare = _rarest(text, weights, 1 - least)
        for other in sorted({other for word in rare for other in meeting[word]}):
            likeness = _likeness(texts[other], text, weights)
            if likeness >= least:
                yield (other, place), likeness
        for word in rare:
            meeting[word].append(place)


def _rarest(text: frozenset[str], weights: dict[str, float], share: float) -> list[str]:
    """Return the rarest words of a text until they hold more than `share` of its weight."""
    limit, held, rare = share * _weight(text, weights), 0.0, []
    for word in sorted(text, key=lambda word: (-weights[word], word)):
        rare.append(word)
        held += weights[word]
        if held > limit + 1e-9:
            break
    return rare


def _same_facts(items: Sequence[ItemDraft]) -> Iterator[tuple[int, int]]:
    """Yield pairs with the same document, reference and key in other words or none."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        if item.kind in (Kind.SINGLE, Kind.MULTIPLE):
            key = frozenset(word for chosen in item.key for word in bare(item.options[chosen]))
            groups[item.document, " ".join(bare(item.reference)), key].append(place)
    for group in groups.values():
        for position, a in enumerate(group):
            for b in group[position + 1 :]:
                yield a, b
