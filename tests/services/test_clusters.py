"""Clusters of a round: their units, their host, and who leads them."""

import pytest
from sqlalchemy import select

from quiz.core.errors import RuleBroken
from quiz.extensions import db
from quiz.models import AuditEvent, RoundUnit
from quiz.services import clusters, rounds
from quiz.services.audit import Actor
from tests.factories import (
    NOW,
    add,
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_stage,
    make_unit,
)


@pytest.fixture
def its(app):
    district = make_unit("Mai Sơn", type_label="huyện")
    contest_round = make_round(make_stage(make_contest(district)), district)
    contest_round.scopes.clear()
    db.session.flush()
    for name, cluster in (("Cò Nòi", "Cụm 1"), ("Chiềng Mai", "Cụm 1"), ("Nà Ớt", "Cụm 2")):
        add(RoundUnit(round=contest_round, unit=make_unit(name, district), cluster=cluster))
    return contest_round


def set_cluster(its, name, host, head=None, leader=None):
    clusters.set_cluster(its, name, host, head, leader, Actor(make_account().id), NOW)


def test_clusters_come_by_name_with_their_units(its):
    found = clusters.of_round(its)
    assert [(one.name, [unit.name for unit in one.units]) for one in found] == [
        ("Cụm 1", ["Chiềng Mai", "Cò Nòi"]),
        ("Cụm 2", ["Nà Ớt"]),
    ]
    assert (found[0].host, found[0].leader) == (None, None)


def test_a_cluster_has_a_host_a_leading_unit_and_a_leader_and_keeps_a_trace(its):
    first, second = clusters.of_round(its)[0].units
    leader = make_person(make_cell(second), "Lò Thị Trưởng")
    set_cluster(its, "Cụm 1", first, second, leader)
    found = clusters.of_round(its)[0]
    assert (found.host, found.head, found.leader) == (first, second, leader)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "round.cluster")).one()
    assert event.detail["leader"] == "Lò Thị Trưởng"


def test_what_was_said_can_be_changed_and_taken_back(its):
    first, second = clusters.of_round(its)[0].units
    set_cluster(its, "Cụm 1", first)
    set_cluster(its, "Cụm 1", None, second)
    found = clusters.of_round(its)[0]
    assert (found.host, found.head) == (None, second)


@pytest.mark.parametrize("name", ["Cụm 9", "Cụm 2"])
def test_a_host_from_elsewhere_or_a_cluster_that_is_not_there_is_refused(its, name):
    with pytest.raises(RuleBroken):
        set_cluster(its, name, clusters.of_round(its)[0].units[0])


def test_a_leader_is_found_by_code_among_the_people_of_the_cluster(its):
    first, second = clusters.of_round(its)
    here, there = make_person(make_cell(first.units[0])), make_person(make_cell(second.units[0]))
    assert clusters.person_meant(first, here.code.lower()) == here
    assert clusters.person_meant(first, "") is None
    assert clusters.people_of(first) == [here]
    with pytest.raises(RuleBroken):
        clusters.person_meant(first, there.code)


def test_a_round_made_by_mistake_goes_with_its_clusters(its):
    set_cluster(its, "Cụm 1", clusters.of_round(its)[0].units[0])
    rounds.remove_round(its, Actor(make_account().id), NOW)
