"""Contests and their stages: codes, order, and rules that freeze."""

import pytest
from sqlalchemy import select

from quiz.core import rules as rulebook
from quiz.core.errors import RuleBroken
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import AuditEvent, Contest
from quiz.services import contests
from quiz.services.audit import SYSTEM
from tests.factories import NOW, make_contest, make_round, make_rules, make_stage, make_unit


def acts():
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_contest_is_created_at_a_unit_and_remembered(app):
    unit = make_unit("Mai Sơn")
    contest = contests.create_contest(unit, "MS-2023", "Hội thi 2023", SYSTEM, NOW)
    assert (contest.unit, contest.code, contest.title, contest.created_at) == (
        unit,
        "MS-2023",
        "Hội thi 2023",
        NOW,
    )
    assert acts() == ["contest.create"]


def test_a_code_is_used_once_and_the_first_contest_stays(app):
    unit = make_unit()
    contests.create_contest(unit, "MS-2023", "Thứ nhất", SYSTEM, NOW)
    with pytest.raises(RuleBroken) as refusal:
        contests.create_contest(unit, "MS-2023", "Thứ hai", SYSTEM, NOW)
    assert refusal.value.values == {"code": "MS-2023"}
    assert list(db.session.scalars(select(Contest.title))) == ["Thứ nhất"]


def test_a_code_that_differs_in_case_alone_is_the_same_code(app):
    """As of units and accounts: «ms-2023» beside «MS-2023» on papers would be taken for one contest."""
    unit = make_unit()
    first = contests.create_contest(unit, "MS-2023", "Thứ nhất", SYSTEM, NOW)
    second = contests.create_contest(unit, "MS-2024", "Thứ hai", SYSTEM, NOW)
    with pytest.raises(RuleBroken):
        contests.create_contest(unit, "ms-2023", "Thứ ba", SYSTEM, NOW)
    with pytest.raises(RuleBroken):
        contests.change_contest(second, "ms-2023", "Thứ hai", SYSTEM, NOW)
    contests.change_contest(first, "ms-2023", "Thứ nhất", SYSTEM, NOW)
    assert {one.code for one in db.session.scalars(select(Contest))} == {"ms-2023", "MS-2024"}


@pytest.mark.parametrize("code", ["", "M", "Mai Sơn", "-MS", "MS/1", "M" * 41])
def test_an_unusable_code_is_refused(app, code):
    with pytest.raises(RuleBroken):
        contests.create_contest(make_unit(), code, "Hội thi", SYSTEM, NOW)


def test_a_contest_keeps_its_code_when_the_new_one_is_taken(app):
    unit = make_unit()
    make_contest(unit, code="MS-2022")
    contest = make_contest(unit, code="MS-2023", title="Hội thi")
    contests.change_contest(contest, "MS-2023", "Hội thi lần hai", SYSTEM, NOW)
    assert contest.title == "Hội thi lần hai"
    with pytest.raises(RuleBroken):
        contests.change_contest(contest, "MS-2022", "Hội thi lần ba", SYSTEM, NOW)
    assert (contest.code, contest.title) == ("MS-2023", "Hội thi lần hai")


def test_stages_are_added_in_order_with_the_usual_rules(app):
    contest = make_contest(make_unit())
    first = contests.add_stage(contest, "Cấp cơ sở", SYSTEM, NOW)
    second = contests.add_stage(contest, "Cấp huyện", SYSTEM, NOW, make_rules())
    assert [(stage.ordinal, stage.name) for stage in contest.stages] == [(1, "Cấp cơ sở"), (2, "Cấp huyện")]
    assert contests.rules_of(first) == Rules()
    assert contests.rules_of(second) == make_rules()


def test_a_stage_with_unusable_rules_is_not_added(app):
    contest = make_contest(make_unit())
    with pytest.raises(RuleBroken):
        contests.add_stage(contest, "Cấp cơ sở", SYSTEM, NOW, Rules())
    assert contest.stages == []


def test_rules_change_until_they_are_frozen(app):
    unit = make_unit()
    stage = make_stage(make_contest(unit))
    contest_round = make_round(stage, unit)
    contests.change_rules(stage, make_rules(time_limit=20), SYSTEM, NOW, "Cấp xã")
    assert contests.rules_of(contest_round) == make_rules(time_limit=20)
    assert (stage.name, stage.rules_fingerprint) == (
        "Cấp xã",
        rulebook.fingerprint(make_rules(time_limit=20)),
    )
    stage.frozen_at = NOW
    db.session.flush()
    with pytest.raises(RuleBroken) as refusal:
        contests.change_rules(stage, make_rules(time_limit=30), SYSTEM, NOW)
    assert "chốt" in refusal.value.message
    assert contests.rules_of(contest_round) == make_rules(time_limit=20)


def test_unusable_rules_change_nothing(app):
    stage = make_stage(make_contest(make_unit()))
    with pytest.raises(RuleBroken):
        contests.change_rules(stage, make_rules(blueprint=()), SYSTEM, NOW)
    assert contests.rules_of(stage) == make_rules()
    assert acts() == []


def test_the_record_of_a_change_names_what_was_changed(app):
    stage = make_stage(make_contest(make_unit()))
    contests.change_rules(stage, make_rules(time_limit=20, attempts_allowed=3), SYSTEM, NOW)
    event = db.session.scalars(select(AuditEvent)).one()
    assert event.detail == {"time_limit": "10 → 20", "attempts_allowed": "1 → 3"}


def test_one_sees_the_contests_of_the_own_units_and_of_those_above_and_no_others(app):
    district, other = make_unit("Mai Sơn"), make_unit("Yên Châu")
    commune, neighbour = make_unit("Cò Nòi", district), make_unit("Hát Lót", district)
    above, own = make_contest(district), make_contest(commune)
    make_contest(neighbour)
    make_contest(other)

    def seen(*paths):
        return [contest.id for contest in contests.seen_from(list(paths)).items]

    assert seen(commune.path) == [own.id, above.id]
    assert seen("") == [contest.id for contest in contests.seen_from([""]).items] and len(seen("")) == 4
    assert seen() == []


def test_rounds_are_listed_under_the_own_units_only(app):
    district = make_unit("Mai Sơn")
    stage = make_stage(make_contest(district))
    ours, theirs = (make_round(stage, make_unit(name, district)) for name in ("Cò Nòi", "Hát Lót"))
    assert contests.rounds_under([ours.unit.path]).items == [ours]
    assert contests.rounds_under([district.path]).items == [ours, theirs]
    assert contests.rounds_under([]).items == []
