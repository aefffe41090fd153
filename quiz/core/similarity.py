"""Questions that are too much alike: by their words, weighted by how rare they are, and by asking for the same fact."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from quiz.core.items import ItemDraft, Kind
from quiz.core.wording import bare

# Tuned on the shipped banks: what two careful authors still call two questions stays below.
TOO_SIMILAR = 0.7
_ROUNDING = 1e-9
SAME_QUESTION = 0.25  # of the stems, where reference and key are the same anyway


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that look alike, the earlier first; `likeness` runs from 0 to 1."""

    first: str
    second: str
    likeness: float
    same_fact: bool


def near_duplicates(items: Sequence[ItemDraft], since: int = 0, most: int | None = None) -> list[Pair]:
    """Return the pairs of items that say nearly the same or ask for the same fact in similar words, by likeness.

    Of two items the second stands at place `since` or after: what comes in is compared with what is there. With `most`
    no more pairs of either sort are looked for.
    """
    words = [frozenset(bare(_said(item))) for item in items]
    weights = _weights(words)
    alike = dict(islice(_similar_pairs(words, weights, TOO_SIMILAR, since), most))
    found = [Pair(items[a].code, items[b].code, likeness, False) for (a, b), likeness in alike.items()]
    for a, b in islice(_same_facts(items, since), most):
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
    return math.fsum(weights.get(word, 0.0) for word in words)  # exact, so in any order


def _likeness(a: frozenset[str], b: frozenset[str], weights: dict[str, float]) -> float:
    """Return the weight of the words both have, as a share of the weight of all their words."""
    both = _weight(a & b, weights)
    either = _weight(a, weights) + _weight(b, weights) - both
    return both / either if either else 0.0


def _similar_pairs(
    texts: Sequence[frozenset[str]], weights: dict[str, float], least: float, since: int = 0
) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield pairs at least so alike.

    Two such texts meet among the rarest words of each, those that hold more than 1 - `least` of its weight, and what
    they share there can only be added to by the rest of one of them; few other pairs are compared in full, and a large
    bank takes no square of its size.
    """
    meeting: dict[str, list[int]] = defaultdict(list)
    totals = [_weight(text, weights) for text in texts]
    for place, text in enumerate(texts):
        rare = _rarest(text, weights, 1 - least)
        shared: dict[int, float] = defaultdict(float)
        for word in rare:
            for other in meeting[word] if place >= since else ():
                shared[other] += weights[word]
            meeting[word].append(place)
        for other, weight in shared.items():
            smaller, larger = sorted((totals[other], totals[place]))
            needed = least / (1 + least) * (smaller + larger)
            if smaller >= least * larger and weight + least * larger >= needed - _ROUNDING:
                likeness = _likeness(texts[other], text, weights)
                if likeness >= least:
                    yield (other, place), likeness


def _rarest(text: frozenset[str], weights: dict[str, float], share: float) -> list[str]:
    """Return the rarest words of a text until they hold more than `share` of its weight."""
    limit, held, rare = share * _weight(text, weights), 0.0, []
    for word in sorted(text, key=lambda word: (-weights[word], word)):
        rare.append(word)
        held += weights[word]
        if held > limit + _ROUNDING:
            break
    return rare


def _same_facts(items: Sequence[ItemDraft], since: int = 0) -> Iterator[tuple[int, int]]:
    """Yield pairs with the same document, reference and key in other words or none."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        if item.kind in (Kind.SINGLE, Kind.MULTIPLE):
            key = frozenset(word for chosen in item.key for word in bare(item.options[chosen]))
            groups[item.document, " ".join(bare(item.reference)), key].append(place)
    for group in groups.values():
        for position, b in enumerate(group):
            for a in group[:position] if b >= since else ():
                yield a, b
