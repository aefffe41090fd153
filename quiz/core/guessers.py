"""How far somebody gets who knows only habits of question writers: the longest option, words of the stem, the odd one.

A question is worth one point. Where a habit cannot choose between options, each gets its share, as over many tries.
"""

from collections.abc import Callable, Sequence

from quiz.core.items import ItemDraft, Kind
from quiz.core.wording import content

Strategy = Callable[[ItemDraft], list[float]]


def _length(item: ItemDraft) -> list[float]:
    """Return how long each option is."""
    return [float(len(option)) for option in item.options]


def _words_of_the_stem(item: ItemDraft) -> list[float]:
    """Return how many words each option has from the stem."""
    stem = set(content(item.stem))
    return [float(len(stem & set(content(option)))) for option in item.options]


def _commonness(item: ItemDraft) -> list[float]:
    """Return how much of each option's wording the other options share."""
    words = [set(content(option)) for option in item.options]
    return [
        sum(len(own & other) / max(len(own | other), 1) for k, other in enumerate(words) if k != place)
        for place, own in enumerate(words)
    ]


def _oddness(item: ItemDraft) -> list[float]:
    """Return how little of each option's wording the other options share."""
    return [-common for common in _commonness(item)]


# The last is what the NBME guide calls convergence: writers vary the key to make distractors, so it lies in the middle.
STRATEGIES: dict[str, Strategy] = {
    "longest": _length,
    "stem_words": _words_of_the_stem,
    "odd_one_out": _oddness,
    "most_alike": _commonness,
}


def chance_of(item: ItemDraft, strategy: Strategy) -> float:
    """Return how likely the strategy hits the one key of an item."""
    marks = strategy(item)
    best = [place for place, mark in enumerate(marks) if mark >= max(marks) - 1e-9]
    return 1 / len(best) if item.key[0] in best else 0.0


def excess_points(items: Sequence[ItemDraft]) -> dict[str, float]:
    """Return by strategy how many points of a hundred it wins beyond blind chance, over items with one key."""
    singles = [item for item in items if item.kind is Kind.SINGLE]
    if not singles:
        return dict.fromkeys(STRATEGIES, 0.0)
    blind = sum(1 / len(item.options) for item in singles)
    return {
        name: 100 * (sum(chance_of(item, strategy) for item in singles) - blind) / len(singles)
        for name, strategy in STRATEGIES.items()
    }
