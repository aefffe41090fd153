"""What the question page sends: a script's batch of choices, or the whole form where there are no scripts."""

import json
from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from quiz.core.late import Logged
from quiz.core.signals import Away
from quiz.services.responses import Given

LARGEST_LOG = 262_144  # bytes; two thousand choices with their links
LARGEST = 32_768  # bytes; thirty choices take about one thousand


def batch_from(data: bytes) -> list[Given]:
    """Return the choices of {"responses": [[position, choice, stamp], …]}; raise ValueError for anything else."""
    if len(data) > LARGEST:
        raise ValueError("too large")
    try:
        batch = [Given(position, choice, stamp) for position, choice, stamp in json.loads(data)["responses"]]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a batch of choices") from error
    if not all(type(p) is int and type(c) is str and type(s) is int for p, c, s in batch):
        raise ValueError("not a batch of choices")
    return batch


def delivery_from(data: bytes) -> tuple[list[Logged], int | None, Away | None]:
    """Read {"log": [[position, choice, stamp, link], …], "signed_off": ms or null, "away": "how often,ms"}.

    Raise ValueError for anything else; absences that cannot be read keep no answer out.
    """
    if len(data) > LARGEST_LOG:
        raise ValueError("too large")
    try:
        given = json.loads(data)
        log = [Logged(position, choice, stamp, link) for position, choice, stamp, link in given["log"]]
        signed_off, told = given.get("signed_off"), given.get("away")
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a log of choices") from error
    shapes = all(
        type(p) is int and type(c) is str and type(s) is int and type(link) is str for p, c, s, link in log
    )
    if not shapes or not (signed_off is None or (type(signed_off) is int and 0 <= signed_off < 2**53)):
        raise ValueError("not a log of choices")
    return log, signed_off, away_from(told) if isinstance(told, str) else None


def away_from(text: str) -> Away | None:
    """Return what a hand-in says of absences from the page, "how often,ms"; None for anything else."""
    parts = text.split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 15 for part in parts):
        return None
    return Away(int(parts[0]), int(parts[1]))


def signed_off_from(text: str) -> int | None:
    """Return when a device was told to hand in (ms UTC), None where it says nothing that can be read."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None


def shown_text(stored: Mapping[int, str], count: int) -> str:
    """Return the choices a page shows, as its hidden field `shown` brings them back."""
    return ";".join(stored.get(position, "") for position in range(count))


def changed_choices(form: MultiDict[str, str], count: int) -> dict[int, str]:
    """Return the choices of a posted form by position, only those that differ from what its page showed.

    So a page left open on one device does not undo what another device has chosen since.
    """
    shown: Sequence[str] = form.get("shown", "").split(";")
    chosen = {position: ",".join(form.getlist(f"q{position}")) for position in range(count)}
    return {
        position: choice
        for position, choice in chosen.items()
        if choice != (shown[position] if position < len(shown) else "")
    }
