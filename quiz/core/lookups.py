"""Finding somebody who has forgotten the code: what must be said at the proctor's desk, and how often one may ask."""

from collections.abc import Sequence

from quiz.core.names import search_key

WINDOW = 15 * 60_000  # ms
MOST = 30  # look-ups of one account within the window: one every half minute
FEWEST_WORDS = 2  # of the full name


def is_named(full_name_key: str, said: str) -> bool:
    """Tell whether what was said names this person: two words or more, all of them words of the name, marks or none.

    `full_name_key` is the search key of the full name.
    """
    words = search_key(said).split()
    return len(words) >= FEWEST_WORDS and set(words) <= set(full_name_key.split())


def wait_before_lookup(lookups: Sequence[int], now: int) -> int:
    """Return the milliseconds to wait before the next look-up; `lookups` are the instants of those before."""
    recent = sorted(at for at in lookups if now - WINDOW < at <= now)
    return 0 if len(recent) < MOST else recent[-MOST] + WINDOW - now
