"""Registering a whole stage: rows of the workbook go to the round covering their cell; twice changes nothing."""

from datetime import date

import pytest
from sqlalchemy import event

from quiz.core.delegations import Delegation
from quiz.core.people import AbsenceReason, Position
from quiz.core.permissions import Role
from quiz.core.rosters import RegistrationDraft
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Absence, AuditEvent, Entry
from quiz.services import entries, registrations
from quiz.services.audit import Actor
from quiz.services.secretaries import register_secretaries
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)

BEFORE = NOW - HOUR  # the rounds' time begins at NOW
ACTOR = Actor()


class District:
    """A district with two communes of two cells each, a secretary in every cell, and a round in each commune."""

    def __init__(self, *delegations):
        self.district = make_unit("Mai Sơn", type_label="huyện")
        self.communes = [make_unit(name, self.district) for name in ("Cò Nòi", "Hát Lót")]
        self.cells = [make_cell(commune, f"Bản {n}") for commune in self.communes for n in (1, 2)]
        self.people = [make_person(cell, f"Lò Văn {cell.code}") for cell in self.cells]
        self.stage = make_stage(make_contest(self.district), make_rules(delegations=delegations))
        self.rounds = [make_round(self.stage, commune) for commune in self.communes]

    def drafts(self):
        """Three secretaries are sent; the fourth cell gives a reason."""
        sent = [
            RegistrationDraft(row, cell.code, person.code)
            for row, (cell, person) in enumerate(zip(self.cells[:3], self.people[:3], strict=True), start=2)
        ]
        return [*sent, RegistrationDraft(5, self.cells[3].code, "", AbsenceReason.ILLNESS)]


def standing():
    rows = db.session.query(Entry).filter(Entry.withdrawn_at.is_(None))
    return sorted((entry.round_id, entry.person_id) for entry in rows)


def messages(plan):
    return [str(problem) for problem in plan.problems]


def test_each_row_goes_to_the_round_that_covers_its_cell(app):
    there = District()
    plan = registrations.register_all(there.stage, there.drafts(), ACTOR, BEFORE)
    first, second = there.rounds
    assert (plan.contestants, plan.absences, plan.problems) == (3, 1, [])
    assert standing() == [
        (first.id, there.people[0].id),
        (first.id, there.people[1].id),
        (second.id, there.people[2].id),
    ]
    absence = db.session.query(Absence).one()
    assert (absence.round_id, absence.unit_id, absence.reason) == (
        second.id,
        there.cells[3].id,
        AbsenceReason.ILLNESS,
    )


def test_a_preview_writes_nothing(app):
    there = District()
    plan = registrations.plan_of(there.stage, there.drafts(), BEFORE)
    assert len(plan.new) == 4 and standing() == [] and db.session.query(AuditEvent).count() == 0


def test_the_same_rows_again_change_nothing(app):
    there = District()
    registrations.register_all(there.stage, there.drafts(), ACTOR, BEFORE)
    before, events = standing(), db.session.query(AuditEvent).count()
    plan = registrations.register_all(there.stage, there.drafts(), ACTOR, BEFORE + 1)
    assert (len(plan.new), len(plan.unchanged), plan.problems) == (0, 4, [])
    assert (standing(), db.session.query(AuditEvent).count()) == (before, events)


def test_rows_with_a_problem_are_left_out_and_the_others_go_in(app):
    there = District()
    stranger = make_person(make_cell(make_unit("Nơi khác"), "Bản xa"))
    barred = there.people[1]
    make_account((Role.ORGANIZER, there.communes[0]), person=barred)
    rows = [
        RegistrationDraft(2, there.cells[0].code, there.people[0].code),
        RegistrationDraft(3, there.cells[1].code, barred.code),
        RegistrationDraft(4, stranger.unit.code, stranger.code),
        RegistrationDraft(5, "KHONG-CO", there.people[2].code),
        RegistrationDraft(6, there.cells[2].code, "KHONG-CO"),
        RegistrationDraft(7, there.cells[3].code, there.people[2].code),
        RegistrationDraft(8, there.cells[0].code, there.people[0].code),
    ]
    plan = registrations.register_all(there.stage, rows, ACTOR, BEFORE)
    cell, person = "Mã chi bộ", "Mã người"
    assert [(problem.row, problem.field) for problem in plan.problems] == [
        (3, person), (4, cell), (5, cell), (6, person), (7, person), (8, cell),
    ]  # fmt: skip
    assert standing() == [(there.rounds[0].id, there.people[0].id)]


def test_a_row_that_names_somebody_else_asks_for_a_replacement(app):
    there = District()
    deputy = make_person(there.cells[0], "Lò Thị Phó", position=Position.DEPUTY_SECRETARY)
    entries.register(there.rounds[0], there.people[0], ACTOR, BEFORE)
    plan = registrations.register_all(
        there.stage, [RegistrationDraft(2, there.cells[0].code, deputy.code)], ACTOR, BEFORE
    )
    assert len(plan.problems) == 1 and there.people[0].full_name in messages(plan)[0]


def test_a_cell_that_was_absent_and_now_sends_somebody_loses_its_absence(app):
    there = District()
    entries.record_absence(there.rounds[0], there.cells[0], AbsenceReason.ILLNESS, "", ACTOR, BEFORE)
    registrations.register_all(there.stage, there.drafts()[:1], ACTOR, BEFORE)
    assert db.session.query(Absence).count() == 0 and len(standing()) == 1


def test_rows_outside_the_rounds_one_answers_for_are_problems(app):
    there = District()
    plan = registrations.register_all(there.stage, there.drafts(), ACTOR, BEFORE, there.rounds[1:])
    assert [problem.row for problem in plan.problems] == [2, 3]
    assert [key for key, _ in standing()] == [there.rounds[1].id]


def test_rows_of_a_round_that_runs_are_left_to_its_own_page(app):
    there = District()
    there.rounds[0].opened_at = BEFORE
    plan = registrations.register_all(there.stage, there.drafts(), ACTOR, NOW)
    assert [problem.row for problem in plan.problems] == [2, 3] and len(plan.new) == 2


def test_every_secretary_of_a_cell_that_has_said_nothing_is_entered(app):
    there = District()
    entries.record_absence(there.rounds[0], there.cells[1], AbsenceReason.FARM_WORK, "", ACTOR, BEFORE)
    there.people[2].position = Position.DEPUTY_SECRETARY
    plan = register_secretaries(there.stage, ACTOR, BEFORE)
    assert [person for _, person in standing()] == [there.people[0].id, there.people[3].id]
    assert (plan.contestants, plan.problems) == (2, [])
    assert register_secretaries(there.stage, ACTOR, BEFORE).new == []


def test_a_secretary_who_withdrew_is_not_entered_again_with_all_the_others(app):
    there = District(Delegation(most=1))
    entries.withdraw(
        entries.register(there.rounds[0], there.people[0], ACTOR, BEFORE), "đi công tác xa", ACTOR, BEFORE
    )
    entries.record_absence(there.rounds[1], there.cells[2], AbsenceReason.ILLNESS, "", ACTOR, BEFORE)
    plan = register_secretaries(there.stage, ACTOR, BEFORE)
    assert [person for _, person in standing()] == [there.people[1].id, there.people[3].id]
    assert [problem.values for problem in plan.problems] == [
        {"name": there.people[0].full_name, "cell": there.cells[0].title}
    ]


def test_a_list_read_again_enters_nobody_who_withdrew_since(app):
    there = District()
    registrations.register_all(there.stage, there.drafts(), ACTOR, BEFORE)
    entry = db.session.query(Entry).filter_by(person_id=there.people[0].id).one()
    entries.withdraw(entry, "đi công tác xa", ACTOR, BEFORE)
    plan = registrations.register_all(there.stage, there.drafts(), ACTOR, BEFORE)
    assert [problem.row for problem in plan.problems] == [2] and "đã rút tên" in messages(plan)[0]
    assert [person for _, person in standing()] == [there.people[1].id, there.people[2].id]
    assert entry.withdrawn_reason == "đi công tác xa"


def test_however_many_secretaries_are_written_at_once(app):
    there = District()
    db.session.flush()
    written: list[int] = []
    event.listen(db.session(), "after_flush", lambda session, _: written.append(len(session.new)))
    register_secretaries(there.stage, ACTOR, BEFORE)
    assert written == [len(there.cells)]


def test_a_cell_with_two_secretaries_is_a_problem(app):
    there = District()
    make_person(there.cells[0], "Lò Thị Hai")
    plan = register_secretaries(there.stage, ACTOR, BEFORE, there.rounds[:1])
    assert [person for _, person in standing()] == [there.people[1].id] and there.cells[0].title in messages(
        plan
    )[0]


def test_rows_count_against_the_quota_of_their_unit_one_after_another(app):
    there = District(Delegation(most=1))
    plan = registrations.register_all(there.stage, there.drafts()[:3], ACTOR, BEFORE)
    assert [problem.row for problem in plan.problems] == [3]
    assert [person for _, person in standing()] == [there.people[0].id, there.people[2].id]


def test_a_unit_with_more_secretaries_than_places_chooses_them_itself(app):
    there = District(Delegation(most=1))
    entries.record_absence(there.rounds[1], there.cells[2], AbsenceReason.ILLNESS, "", ACTOR, BEFORE)
    plan = register_secretaries(there.stage, ACTOR, BEFORE)
    assert [person for _, person in standing()] == [there.people[3].id]
    assert [problem.values for problem in plan.problems] == [
        {"unit": there.communes[0].title, "cells": 2, "left": 1}
    ]


@pytest.mark.parametrize("days_after_creation, problems", [(-1, 1), (10, 0)])
def test_a_cell_merged_after_the_contest_was_created_may_still_send_its_secretary(
    app, days_after_creation, problems
):
    there = District()
    cell, neighbour = there.cells[:2]
    created = day_of(there.stage.contest.created_at)
    cell.valid_to = date.fromordinal(created.toordinal() + days_after_creation)
    cell.successor = neighbour
    there.people[0].unit = neighbour
    plan = registrations.register_all(there.stage, there.drafts()[:1], ACTOR, BEFORE)
    assert len(plan.problems) == problems
    assert [entry.unit_id for entry in db.session.query(Entry)] == ([] if problems else [cell.id])
