"""Incident 5: the finalist of Phiêng Pằn withdraws two days before; the reserve takes over, with the reason (R8)."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.permissions import Role
from quiz.core.promotion import Quota
from quiz.extensions import db
from quiz.models import AuditEvent, Entry, Result, Round, Successor, Unit
from quiz.services import entries, promotion, results, successors
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    publish_final,
)
from tests.incidents.places import BEGIN, make_district

DAY = 24 * HOUR
FINAL = BEGIN + 20 * DAY  # the district round
TWO_DAYS_BEFORE = FINAL - 2 * DAY
REASON = "Ốm, có giấy của trạm y tế xã"
POINTS = {"Lò Văn Pằn": 500, "Vàng A Dự": 400, "Thào Thị Bị": 300}


@dataclass
class Finals:
    """The round of Phiêng Pằn, ended and final; the district round with its winner; who runs it."""

    commune: Unit
    final: Round
    winner: Entry
    actor: Actor

    def standing(self) -> list[str]:
        """Return who is to sit the district round."""
        query = select(Entry).where(Entry.round_id == self.final.id, Entry.withdrawn_at.is_(None))
        return [entry.person.full_name for entry in db.session.scalars(query)]


def make_finals() -> Finals:
    district = make_district()
    commune = make_unit("Phiêng Pằn", district)
    contest = make_contest(district)
    rules = make_rules(quota=Quota(top=1, reserves=1))
    part = make_round(make_stage(contest, rules), commune, BEGIN, opened_at=BEGIN - HOUR)
    final = make_round(make_stage(contest, ordinal=2, name="Cấp huyện"), district, FINAL)
    for name, earned in POINTS.items():
        make_attempt(make_entry(part, make_person(make_cell(commune, f"Bản {name}"), name)), raw_score=earned)
    actor = Actor(make_account((Role.ORGANIZER, district)).id)
    results.publish(part, results.PROVISIONAL, "", actor, BEGIN + 3 * HOUR)
    edition = publish_final(part, actor, BEGIN + DAY)
    (winner,) = promotion.promote(edition, actor, BEGIN + DAY)
    return Finals(commune, final, winner, actor)


def test_incident_5_the_reserve_takes_over_two_days_before_with_the_reason(app):
    finals = make_finals()
    assert finals.standing() == ["Lò Văn Pằn"]

    entries.withdraw(finals.winner, REASON, finals.actor, TWO_DAYS_BEFORE)
    reserve = successors.call(finals.winner, "", finals.actor, TWO_DAYS_BEFORE + HOUR)

    assert finals.standing() == ["Vàng A Dự"]
    assert (finals.winner.withdrawn_at, finals.winner.withdrawn_reason) == (TWO_DAYS_BEFORE, REASON)
    result = db.session.get_one(Result, reserve.result_id)
    assert (reserve.origin, result.name, result.rank, result.unit_name) == (
        "reserve", "Vàng A Dự", 2, "xã Phiêng Pằn",
    )  # fmt: skip
    row = db.session.get_one(Successor, reserve.id)
    assert (row.replaces_id, row.reason) == (finals.winner.id, REASON)
    acts = list(db.session.execute(
        select(AuditEvent.action, AuditEvent.at, AuditEvent.account_id)
        .where(AuditEvent.at >= TWO_DAYS_BEFORE).order_by(AuditEvent.id)
    ))  # fmt: skip
    assert acts == [
        ("entry.withdraw", TWO_DAYS_BEFORE, finals.actor.account_id),
        ("entry.reserve", TWO_DAYS_BEFORE + HOUR, finals.actor.account_id),
    ]
    reasons = [
        event.detail["reason"]
        for event in db.session.scalars(select(AuditEvent))
        if event.at >= TWO_DAYS_BEFORE
    ]
    assert reasons == [REASON, REASON]


def test_one_reserve_comes_for_one_place_and_behind_the_last_there_is_nobody(app):
    finals = make_finals()
    entries.withdraw(finals.winner, REASON, finals.actor, TWO_DAYS_BEFORE)
    reserve = successors.call(finals.winner, "", finals.actor, TWO_DAYS_BEFORE)
    with pytest.raises(AlreadyDone):
        successors.call(finals.winner, "", finals.actor, TWO_DAYS_BEFORE)
    entries.withdraw(reserve, "Bận việc nhà", finals.actor, TWO_DAYS_BEFORE)
    with pytest.raises(RuleBroken, match="Không còn người dự bị"):
        successors.call(finals.winner, "", finals.actor, TWO_DAYS_BEFORE)
    assert finals.standing() == []


def test_on_the_day_itself_the_place_stays_empty(app):
    finals = make_finals()
    finals.final.opened_at = FINAL - HOUR
    entries.withdraw(finals.winner, REASON, finals.actor, FINAL + 60_000)
    with pytest.raises(RuleBroken, match="để trống"):
        successors.call(finals.winner, "", finals.actor, FINAL + 60_000)
    assert finals.standing() == []


def test_it_was_a_mistake_and_everything_is_as_before(app):
    finals = make_finals()
    entries.withdraw(finals.winner, "Nhầm người", finals.actor, TWO_DAYS_BEFORE)
    successors.call(finals.winner, "", finals.actor, TWO_DAYS_BEFORE)
    successors.restore(finals.winner, finals.actor, TWO_DAYS_BEFORE + HOUR)
    assert finals.standing() == ["Lò Văn Pằn"]
    assert (finals.winner.withdrawn_at, finals.winner.withdrawn_reason) == (None, "")
    assert db.session.scalars(select(Successor)).all() == []
