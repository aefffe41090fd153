"""How often a secret may be guessed: per account, never by address alone (a whole hall shares one)."""

from collections.abc import Sequence

WINDOW = 15 * 60_000  # ms
FREE_TRIES = 5  # wrong tries within the window before waiting starts
WAIT = 3 * 60_000  # ms from the last wrong try: at most 10 real checks fit into a window


def wait_before_next(failures: Sequence[int], now: int) -> int:
    """Return the milliseconds to wait before the next try; `failures` are the instants of wrong tries."""
    recent = [at for at in failures if now - WINDOW < at <= now]
    if len(recent) < FREE_TRIES:
        return 0
    return max(0, max(recent) + WAIT - now)
