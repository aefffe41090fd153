"""A round on its way to a hall without a line: what a package holds, and whether it fits together.

Everything is named by codes: a number of one database means nothing in another.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from quiz.core import rules as rulebook
from quiz.core.errors import N_, Problem
from quiz.core.items import Kind, Level
from quiz.core.people import CellType, Position
from quiz.core.rules import Rules
from quiz.core.stage_lines import (
    LotLine,
    OrderLine,
    PanelLine,
    StaffLine,
    TurnLine,
    lots_fit,
    panel_fits,
    staff_fit,
    turns_fit,
)

MOST_INSTANT = 1 << 45  # ms: the year 3084
ORIGINS = frozenset({"registered", "promoted", "picked", "reserve"})


@dataclass(frozen=True, slots=True)
class RoundLine:
    """The round itself with its contest and stage; `scopes` are (unit code, cluster), instants ms UTC.

    `with_stage`: what is judged is held there too, in whole.
    """

    contest: str
    title: str
    board: str
    ordinal: int
    stage: str
    rules: dict[str, Any]
    rules_fingerprint: str
    frozen_at: int
    name: str
    unit: str
    opens_at: int
    closes_at: int
    opened_at: int
    scopes: tuple[tuple[str, str], ...]
    with_stage: bool = False


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit; `parent` is the code of a unit listed before it, "" for a root."""

    code: str
    name: str
    type_label: str
    parent: str
    is_cell: bool
    cell_type: str
    ranking_group: str
    has_signal: bool
    is_difficult: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody entered, with no more than the desk of a hall needs; `birth_date` is ISO or ""."""

    code: str
    full_name: str
    birth_date: str
    position: str
    unit: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """The right of a person to sit the round."""

    person: str
    unit: str
    scope: str
    cluster: str
    ranking_group: str
    origin: str


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card in use: its code and the argon2 hash of its PIN. The QR token stays on the server."""

    person: str
    serial: int
    code: str
    pin_hash: str
    issued_at: int


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A bank, a topic or a document, by code."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item version as sitting and marking need it: no rationale travels, and the key only inside the seal.

    Only those `in_pool` may stand on a paper; the others are asked aloud, with the points of a good answer.
    """

    code: str
    fingerprint: str
    bank: str
    document: str
    topic: str
    reference: str
    level: str
    kind: str
    stem: str
    options: tuple[str, ...]
    key: tuple[int, ...]
    keep_order: bool
    keep_last: bool
    in_pool: bool = True
    points: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class RoundPackage:
    """A round on its way to a hall. `secret` is what the returned sitting is sealed with.

    The last five are of the stage: who works there, who judges what, the order where it was drawn already, and the
    packages of questions.
    """

    uuid: str
    secret: str
    made_at: int
    round: RoundLine
    units: tuple[UnitLine, ...]
    people: tuple[PersonLine, ...]
    entries: tuple[EntryLine, ...]
    cards: tuple[CardLine, ...]
    banks: tuple[NamedLine, ...]
    documents: tuple[NamedLine, ...]
    topics: tuple[NamedLine, ...]
    items: tuple[ItemLine, ...]
    staff: tuple[StaffLine, ...] = ()
    panel: tuple[PanelLine, ...] = ()
    order: tuple[OrderLine, ...] = ()
    turns: tuple[TurnLine, ...] = ()
    lots: tuple[LotLine, ...] = ()


# --- is a package whole? ------------------------------------------------------------------------------------------

BROKEN_PART = N_("Gói đề không khớp ở phần này. Hãy lập gói mới trên máy chủ.")


def check_package(package: RoundPackage) -> list[Problem]:
    """Return what does not fit together in a package; empty when it can be loaded."""
    return [Problem(BROKEN_PART, {}, part, row) for part, row in _misfits(package)]


def _misfits(package: RoundPackage) -> Iterator[tuple[str, int | None]]:
    units = {unit.code for unit in package.units}
    people = {person.code for person in package.people}
    head = package.round
    if _rules_of(head) is None or not head.opens_at < head.closes_at < MOST_INSTANT:
        yield "round", None
    if not {head.board, head.unit, *(unit for unit, _ in head.scopes)} <= units:
        yield "round", None
    yield from rows_of("units", _unit_misfits(package.units))
    yield from rows_of(
        "people", (person.unit not in units or not _is_person(person) for person in package.people)
    )
    yield from rows_of("entries", (not _is_entry(one, units, people) for one in package.entries))
    yield from rows_of("cards", (card.person not in people for card in package.cards))
    yield from rows_of("items", _item_misfits(package))
    yield from _stage_misfits(package)
    for part in ("units", "people", "banks", "documents", "topics"):
        codes = [line.code for line in getattr(package, part)]
        if len(set(codes)) < len(codes):
            yield part, None
    pool = [item.code for item in package.items if item.in_pool]
    if len(set(pool)) < len(pool) or len({(one.code, one.fingerprint) for one in package.items}) < len(
        package.items
    ):
        yield "items", None


def _stage_misfits(package: RoundPackage) -> Iterator[tuple[str, int | None]]:
    rules = _rules_of(package.round)
    parts = {part.name: part for part in rules.judged_parts} if rules else {}
    if package.round.with_stage and not parts:
        yield "round", None
    if not staff_fit(package.staff):
        yield "staff", None
    if not panel_fits(package.panel, package.staff, parts):
        yield "panel", None
    if len(package.order) > 1 or bool(package.order) is not bool(package.turns):
        yield "order", None
    questions = {(one.code, one.fingerprint) for one in package.items}
    if (
        not lots_fit(package.lots, parts)
        or not {n for lot in package.lots for n in lot.questions} <= questions
    ):
        yield "lots", None
    if not turns_fit(package.turns) or not {one.person for one in package.turns} <= {
        one.code for one in package.people
    }:
        yield "turns", None


def rows_of(part: str, faults: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """Return the part and 1-based row of each line that `faults` says is wrong."""
    return ((part, row) for row, is_wrong in enumerate(faults, 1) if is_wrong)


def _rules_of(head: RoundLine) -> Rules | None:
    try:
        found = rulebook.from_dict(head.rules)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    # As they were frozen: a field that joined the rules later is not in them.
    frozen = hashlib.sha256(json.dumps(head.rules, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    sound = not rulebook.check(found) and frozen == head.rules_fingerprint
    return found if sound else None


def _unit_misfits(units: Iterable[UnitLine]) -> Iterator[bool]:
    before: set[str] = set()
    for unit in units:
        hangs = not unit.parent or unit.parent in before
        yield not (hangs and unit.cell_type in {"", *CellType})
        before.add(unit.code)


def _is_person(line: PersonLine) -> bool:
    try:
        date.fromisoformat(line.birth_date or "1950-01-01")
    except ValueError:
        return False
    return line.position in set(Position)


def _is_entry(line: EntryLine, units: set[str], people: set[str]) -> bool:
    return {line.unit, line.scope} <= units and line.person in people and line.origin in ORIGINS


def _item_misfits(package: RoundPackage) -> Iterator[bool]:
    known = [{line.code for line in lines} for lines in (package.banks, package.documents, package.topics)]
    for item in package.items:
        named = all(
            code in codes for code, codes in zip((item.bank, item.document, item.topic), known, strict=True)
        )
        places = set(item.key)
        kinds = item.kind in set(Kind) and item.level in set(Level)
        is_answered = bool(places) or (item.kind == Kind.ORAL and not item.in_pool)
        yield not (named and kinds and is_answered and places <= set(range(len(item.options))))
