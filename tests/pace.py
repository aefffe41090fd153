"""How fast this machine is just now, so that a limit on computing time asks the same of every machine."""

from time import process_time

_TURNS = 3_000_000
_USUAL = 0.2  # seconds of computing that so many turns take where the limits were set


def is_within(took: float, seconds: float) -> bool:
    """Tell whether what took so many seconds of computing takes less than `seconds` on a usual machine."""
    return took < seconds or took < seconds * _slowness()


def _slowness() -> float:
    """Return how many times as long as usual this machine takes, measured now."""
    began = process_time()
    found = {number % 1_000: str(number) for number in range(_TURNS)}
    assert len(found) == 1_000
    return (process_time() - began) / _USUAL
