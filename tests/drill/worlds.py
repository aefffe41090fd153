"""Small contests as the database would hold them, for the tests of the checker and the scorer."""

from dataclasses import replace
from typing import Any

from drill.stored import Attempt, Decision, Edition, Entry, Response, Result, Round, Stored, Version

START = 1_700_000_000_000  # ms UTC, on a whole second
MINUTE = 60_000

# Ten items: the right option is the first authored one; every third is about application. Shown as authored.
VERSIONS = {
    key: Version(key, frozenset({0}), "apply" if key % 3 == 0 else "remember") for key in range(1, 11)
}
PAPER = tuple((key, (0, 1, 2, 3)) for key in VERSIONS)


def make_rules(**changes: Any) -> dict[str, Any]:
    """Return the rules of a stage: one point an item, ties by application and then time, the first goes on."""
    quota = {"method": "top", "scope": "round", "top": 1, "cut_score": 0, "reserves": 0}
    rules = {
        "scheme": {"points_per_item": 100, "partial": False},
        "tie_breaks": ["apply_points", "time_used"],
        "rank_within": "round",
        "quota": quota | changes.pop("quota", {}),
    }
    return rules | changes


def make_world(right: dict[int, int] | list[int], minutes: list[int] | None = None, **rules: Any) -> Stored:
    """Return a stage of one round with a contestant for each number of `right`: the first so many items are right.

    `minutes` is what each took. Marks are stored as the rules give them; nothing is published.
    """
    stored = Stored(rules={1: make_rules(**rules), 2: make_rules()}, versions=dict(VERSIONS))
    stored.rounds = {1: Round(1, 1, 1, "Vòng xã", None, None), 2: Round(2, 2, 2, "Vòng huyện", None, None)}
    for key, count in enumerate(right, start=1):
        add_contestant(stored, key, count, minutes[key - 1] if minutes else 10)
    return stored


def add_contestant(stored: Stored, key: int, right: int, minutes: int) -> None:
    """Add entry, attempt and responses of one contestant who has the first `right` items right."""
    scopes = {"round": "", "unit": "xã A", "cluster": "", "group": ""}
    stored.entries[key] = Entry(
        key, 1, 100 + key, 200 + key, scopes, "registered", None, False, f"Người {key}", f"bản {key}", "xã A"
    )
    points = tuple(100 if place < right else 0 for place in range(len(PAPER)))
    stored.attempts.append(
        Attempt(
            key, key, 1, 1, PAPER, START, START + 60 * MINUTE, 5, START + minutes * MINUTE, "candidate",
            sum(points), 1000, points, minutes * MINUTE,
        )
    )  # fmt: skip
    for place in range(len(PAPER)):
        choice = "0" if place < right else "1"
        stored.responses.append(Response(key, place, choice, place + 1, START + place * 1000))


def publish(stored: Stored, lines: list[tuple[int, int, dict[str, Any]]], kind: str = "final") -> Edition:
    """Add an edition of round 1 with (entry, rank, explanation) lines in the order given, and return it."""
    edition = Edition(len(stored.editions) + 1, 1, len(stored.editions) + 1, kind)
    stored.editions[edition.id] = edition
    attempts = {attempt.entry: attempt for attempt in stored.attempts}
    for position, (entry, rank, why) in enumerate(lines, start=1):
        attempt = attempts[entry]
        stored.results.append(
            Result(
                len(stored.results) + 1, edition.id, position, rank, entry, attempt.id, "",
                attempt.raw_score or 0, attempt.time_used, why,
            )
        )  # fmt: skip
    return edition


def why(
    ahead: int, equal: int = 0, steps: tuple[tuple[str, int, int, int], ...] = (), shared: int = 0
) -> dict[str, Any]:
    """Return the explanation of a rank as a result keeps it."""
    return {
        "ahead": ahead,
        "equal_points": equal,
        "decided_by": [list(step) for step in steps],
        "shared_with": shared,
    }


def send_on(stored: Stored, key: int) -> None:
    """Enter the contestant of entry `key` into round 2, as earned by the published result."""
    earlier = stored.entries[key]
    result = next(result for result in stored.results if result.entry == key)
    new = 1000 + key
    stored.entries[new] = replace(earlier, id=new, round=2, origin="promoted", result=result.id)


def decide(
    stored: Stored, way: str, rank: int = 1, scope: str = "", chosen: tuple[int, ...] = (), seed: str = ""
) -> None:
    """Add the board's decision about a tie of the first edition."""
    stored.decisions.append(Decision(1, scope, rank, way, chosen, seed))


def change(rows: list[Any], place: int, **fields: Any) -> None:
    """Replace fields of one row."""
    rows[place] = replace(rows[place], **fields)
