"""The only place that asks the time."""

import time
from datetime import UTC, date, datetime

from quiz.core.timing import ZONE


def now() -> int:
    """Return the current instant in milliseconds UTC."""
    return time.time_ns() // 1_000_000


def local(instant: int) -> datetime:
    """Return an instant (ms UTC) as local time in Vietnam."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(ZONE)


def instant_of(local_time: datetime) -> int:
    """Return the instant (ms UTC) of a local time in Vietnam; a naive value is taken as such a time."""
    aware = local_time if local_time.tzinfo else local_time.replace(tzinfo=ZONE)
    return round(aware.timestamp() * 1000)


def today() -> date:
    """Return today's date in Vietnam."""
    return local(now()).date()
