"""Which rows belong to a contest: found from what refers to what, so that a table added later is not forgotten.

A table is the contest's own when it refers to the contest or to another of its own tables. What its rows name beyond
that (units, people, questions) goes with them, and what only tells of those; what lets somebody in, or is derived,
stays behind.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from quiz.core.archives import Reference

ROOT = "contest"
ACTS = "audit_event"  # named by what they were done to, not by a reference
# Go along as far as the contest's own rows name them.
NAMED = frozenset({"unit", "person", "account", "bank", "topic", "document", "item", "item_version"})
# Tell of a named row, by the column that names it, and go along with it; nothing names them in turn.
TELLING = {"former_place": "unit_id"}
# What lets somebody in, is only on its way, can be derived again, or is of no one contest.
LEFT = frozenset({
    "access_card", "api_token", "audit_seal", "auth_session", "former_name", "item_check", "item_comment",
    "item_statistic", "item_word", "job", "login_failure", "practice_answer", "rehearsal",
    "role_grant", "upload", "view_record",
})  # fmt: skip
# By what a row that is already there is known to be the same one.
SAME = {
    "unit": ("code", "name"), "person": ("code", "full_name"), "bank": ("code",), "topic": ("code",),
    "document": ("code",), "item": ("code",), "item_version": ("item_id", "fingerprint"),
    "former_place": ("unit_id", "path", "until"),
}  # fmt: skip
# Emptied on the way out: secrets, and what nobody needs who looks the contest up in later years.
BLANK = {
    ("account", "password_hash"): "", ("package", "secret"): "", ("package", "phrase"): "", ("person", "phone"): "",
    ("projection", "code"): None,
}  # fmt: skip
NUMBERED = {("hall_device", "token_hash"): "archived-{id}"}  # unique, so emptied each in its own way


@dataclass(frozen=True, slots=True)
class Way:
    """How rows of a table are found: its `column` names a row of `owner`; or, `inward`, the owner's column names it."""

    column: str
    owner: str
    inward: bool = False


def own_tables(references: Sequence[Reference]) -> dict[str, list[Way]]:
    """Return the contest's own tables with the ways to their rows, each table after its owners.

    One way that is never empty is enough. Where all may be empty a row belongs by any of them, or because a row that
    belongs names it.
    """
    kept = [
        one for one in references if one.table != one.target and one.table not in NAMED | LEFT | {ACTS, ROOT}
    ]
    found: dict[str, list[Way]] = {ROOT: []}
    while waiting := sorted({one.table for one in kept if one.target in found} - found.keys()):
        sure = {table: _sure(kept, table, found) for table in waiting}
        table = next((table for table in waiting if sure[table]), waiting[0])
        found[table] = sure[table] or _loose(kept, table, found)
    return found


def _sure(references: Sequence[Reference], table: str, found: Collection[str]) -> list[Way]:
    ways = (
        Way(one.column, one.target)
        for one in references
        if one.table == table and one.target in found and not one.may_be_empty
    )
    return sorted(ways, key=lambda way: way.column)[:1]


def _loose(references: Sequence[Reference], table: str, found: Collection[str]) -> list[Way]:
    outward = [
        Way(one.column, one.target) for one in references if one.table == table and one.target in found
    ]
    inward = [
        Way(one.column, one.table, True) for one in references if one.target == table and one.table in found
    ]
    return outward + inward


def undecided(tables: Collection[str], references: Sequence[Reference]) -> list[str]:
    """Return the tables nobody has said of whether they go along; a test asks for none."""
    return sorted(set(tables) - own_tables(references).keys() - NAMED - LEFT - TELLING.keys() - {ACTS})
