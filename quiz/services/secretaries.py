"""Entering the secretary of every cell that has said nothing yet, in all rounds of a stage or some of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from quiz.core.errors import N_, Problem
from quiz.core.people import Position
from quiz.core.rosters import RegistrationDraft
from quiz.extensions import db
from quiz.models import Entry, Person, Round, RoundUnit, Stage, Unit
from quiz.services import contests, participation, registrations
from quiz.services.audit import Actor
from quiz.services.ledgers import Ledger
from quiz.services.registrations import Plan


def register_secretaries(stage: Stage, actor: Actor, now: int, rounds: Sequence[Round] | None = None) -> Plan:
    """Enter the secretary of every expected cell that sends nobody yet and gave no reason.

    `rounds` narrows this to some rounds of the stage. Cells with no secretary stay missing. Among the problems are
    those with two, those whose secretary withdrew or may not compete, and units with more such cells than places: they
    choose.
    """
    contests.lock(stage)
    own = stage.rounds if rounds is None else rounds
    missing = _missing_cells(own, now)
    gone = _withdrawn(own)
    coming: dict[str, RegistrationDraft] = {}
    unheard: list[Unit] = []
    problems: list[Problem] = []
    for cell, found in missing:
        problem = _problem(cell, found, gone)
        if problem is not None:
            problems.append(problem)
        elif found:
            coming[cell.code] = RegistrationDraft(0, cell.code, found[0].code)
        if found and gone.isdisjoint(person.id for person in found):
            unheard.append(cell)
    for problem, choosing in _crowded(stage, unheard, own):
        problems.append(problem)
        coming = {code: draft for code, draft in coming.items() if code not in choosing}
    plan = registrations.register_all(stage, list(coming.values()), actor, now, rounds)
    plan.problems[:0] = problems
    plan.vacant = sum(not found for _cell, found in missing)
    plan.elsewhere = participation.heard_of_elsewhere(own, now)
    return plan


def _problem(cell: Unit, found: list[Person], gone: set[int]) -> Problem | None:
    """Return why nobody of these secretaries of a cell is entered unasked; None when the one there is, or nobody is."""
    if len(found) > 1:
        message = N_("%(cell)s có nhiều bí thư trong danh sách nhân sự. Hãy chọn một người và đăng ký riêng.")
        return Problem(message, {"cell": cell.title})
    if found and found[0].id in gone:
        return Problem(registrations.WITHDREW, {"name": found[0].full_name, "cell": cell.title})
    return None


def _crowded(stage: Stage, cells: list[Unit], own: Sequence[Round]) -> Iterator[tuple[Problem, set[str]]]:
    """Yield each unit with fewer places left than it has of these cells, as a sentence, with the cells' codes."""
    ledger = Ledger(stage, [], [])
    ledger.narrow({contest_round.id for contest_round in own})
    by_scope: dict[RoundUnit, set[str]] = defaultdict(set)
    for cell in cells:
        for scope in ledger.scopes_of(cell)[:1]:
            by_scope[scope].add(cell.code)
    message = N_(
        "%(unit)s có %(cells)d chi bộ chưa báo mà chỉ tiêu còn %(left)d người. Hãy chọn và đăng ký từng người."
    )
    for scope, found in by_scope.items():
        left = ledger.places_left(scope)
        if left is not None and left < len(found):
            yield Problem(message, {"unit": scope.unit.title, "cells": len(found), "left": left}), found


def _missing_cells(rounds: Sequence[Round], now: int) -> list[tuple[Unit, list[Person]]]:
    """Return the cells that have said nothing, each with its secretaries."""
    keys = [seat.cell_id for seat in participation.seats(rounds, now) if seat.is_missing]
    units = select(Unit).where(Unit.id.in_(keys)).order_by(Unit.path)
    cells = {cell.id: cell for cell in db.session.scalars(units)}
    found: dict[int, list[Person]] = {key: [] for key in cells}
    people = select(Person).where(Person.unit_id.in_(cells), Person.position == Position.SECRETARY)
    for person in db.session.scalars(people):
        found[person.unit_id].append(person)
    return [(cells[key], persons) for key, persons in found.items()]


def _withdrawn(rounds: Sequence[Round]) -> set[int]:
    """Return the ids of the people who were taken out of these rounds with a reason."""
    keys = [contest_round.id for contest_round in rounds]
    query = select(Entry.person_id).where(Entry.round_id.in_(keys), Entry.withdrawn_at.is_not(None))
    return set(db.session.scalars(query))
