"""A package fits together or is not loaded."""

import hashlib
import json
from dataclasses import replace

import pytest

from quiz.core import rules as rulebook
from quiz.core.packages import (
    CardLine,
    EntryLine,
    ItemLine,
    NamedLine,
    PersonLine,
    RoundLine,
    RoundPackage,
    UnitLine,
    check_package,
)
from quiz.core.papers import Cell
from quiz.core.rules import Rules

RULES = Rules(blueprint=(Cell("T", "", 1),), time_limit=10)
DISTRICT = UnitLine("MS", "Mai Sơn", "huyện", "", False, "", "", True, False)
CELL = UnitLine("MS.1", "Bản Một", "chi bộ", "MS", True, "", "", True, False)
PERSON = PersonLine("P1", "Lò Văn Thử", "1975-05-19", "secretary", "MS.1")
ENTRY = EntryLine("P1", "MS.1", "MS", "", "", "registered")
ITEM = ItemLine(
    "Q1", "f", "B", "D", "T", "Điều 1", "remember", "single", "Gì?", ("a", "b"), (1,), False, False
)
ROUND = RoundLine(
    "HT", "Hội thi", "MS", 1, "Vòng 1", rulebook.to_dict(RULES), rulebook.fingerprint(RULES), 1, "Vòng", "MS", 1, 2, 1,
    (("MS", ""),),
)  # fmt: skip
PACKAGE = RoundPackage(
    uuid="a" * 32, secret="b" * 64, made_at=1, round=ROUND, units=(DISTRICT, CELL), people=(PERSON,), entries=(ENTRY,),
    cards=(CardLine("P1", 1, "K1", "hash", 1),), banks=(NamedLine("B", "B"),), documents=(NamedLine("D", "D"),),
    topics=(NamedLine("T", "T"),), items=(ITEM,),
)  # fmt: skip


def test_a_package_of_one_piece_has_no_fault():
    assert check_package(PACKAGE) == []


def test_rules_frozen_before_a_field_joined_them_travel_too():
    older = {name: value for name, value in rulebook.to_dict(RULES).items() if name != "late_minutes"}
    digest = hashlib.sha256(json.dumps(older, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    assert check_package(replace(PACKAGE, round=replace(ROUND, rules=older, rules_fingerprint=digest))) == []


MISFITS = {
    "rules that are none": ("round", {"round": replace(ROUND, rules={})}),
    "rules other than their fingerprint": ("round", {"round": replace(ROUND, rules_fingerprint="0")}),
    "rules no paper can be drawn by": ("round", {"round": replace(ROUND, rules=rulebook.to_dict(Rules()))}),
    "a closing before the opening": ("round", {"round": replace(ROUND, closes_at=1)}),
    "a round at no unit": ("round", {"round": replace(ROUND, unit="XX")}),
    "a board of no unit": ("round", {"round": replace(ROUND, board="XX")}),
    "a scope of no unit": ("round", {"round": replace(ROUND, scopes=(("XX", ""),))}),
    "a cell before its unit": ("units", {"units": (CELL, DISTRICT)}),
    "a unit twice": ("units", {"units": (DISTRICT, DISTRICT, CELL)}),
    "an unknown type of cell": ("units", {"units": (DISTRICT, replace(CELL, cell_type="club"))}),
    "a person of no unit": ("people", {"people": (replace(PERSON, unit="XX"),)}),
    "a birthday that is none": ("people", {"people": (replace(PERSON, birth_date="1975-02-30"),)}),
    "a position that is none": ("people", {"people": (replace(PERSON, position="king"),)}),
    "an entry of nobody": ("entries", {"entries": (replace(ENTRY, person="P2"),)}),
    "an entry of an unknown origin": ("entries", {"entries": (replace(ENTRY, origin="bought"),)}),
    "a card of nobody": ("cards", {"cards": (CardLine("P2", 1, "K1", "hash", 1),)}),
    "an item of no topic": ("items", {"items": (replace(ITEM, topic="XX"),)}),
    "an item without a key": ("items", {"items": (replace(ITEM, key=()),)}),
    "a key beyond the options": ("items", {"items": (replace(ITEM, key=(2,)),)}),
    "an item of an unknown kind": ("items", {"items": (replace(ITEM, kind="essay"),)}),
    "an item at an unknown level": ("items", {"items": (replace(ITEM, level="guess"),)}),
    "an item twice": ("items", {"items": (ITEM, ITEM)}),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_found_in_its_part(name):
    part, changes = MISFITS[name]
    assert part in {problem.place for problem in check_package(replace(PACKAGE, **changes))}
