"""Which settings may change after the opening, and until when: a table of every setting at every moment."""

from dataclasses import fields, replace

import pytest

from quiz.core.amendments import TERMS, TRAVELLING, Moment, changed, check_extension, open_settings, refusals
from quiz.core.delegations import Delegation
from quiz.core.errors import RuleBroken
from quiz.core.marking import Scheme
from quiz.core.papers import Cell
from quiz.core.parts import Part, PartKind
from quiz.core.prizes import Prize, PrizeTable
from quiz.core.promotion import Quota, Scope
from quiz.core.ranking import TieBreak
from quiz.core.rules import Rules
from quiz.core.timing import Phase, Window

RULES = Rules(blueprint=(Cell("dang-vien", "", 30),), late_start=10, attempts_allowed=2)
WAITING, SAT = Moment(), Moment(started=True)
PUBLISHED = Moment(started=True, published=True)
FINAL = Moment(started=True, published=True, final=True)
AWAY = Moment(travelling=True)

# setting, its new value, and whether it may be changed: waiting, sat, provisional, final, gone to a hall
TABLE = [
    ("blueprint", (Cell("dang-vien", "", 20),), "yes no no no no"),
    ("shuffle_items", False, "yes no no no no"),
    ("shuffle_options", False, "yes no no no no"),
    ("time_limit", 45, "yes no no no no"),
    ("time_limit", 90, "yes no no no no"),
    ("full_time_for_late", True, "yes no no no no"),
    ("grace_seconds", 60, "yes no no no no"),
    ("scheme", Scheme(50), "yes no no no no"),
    ("tie_breaks", (TieBreak.TIME_USED,), "yes no no no yes"),
    ("rank_within", Scope.GROUP, "yes no no no yes"),
    ("parts", (Part("Máy", PartKind.ONLINE),), "yes no no no no"),
    ("delegations", (Delegation("xã", 1, 2),), "yes no no no yes"),
    ("late_start", 5, "yes no no no no"),
    ("late_start", 20, "yes yes no no no"),
    ("late_start", None, "yes yes no no no"),
    ("attempts_allowed", 1, "yes no no no no"),
    ("attempts_allowed", 3, "yes yes no no no"),
    ("late_minutes", 10, "yes no no no yes"),
    ("late_minutes", 60, "yes yes yes no yes"),
    ("quota", Quota(top=3), "yes yes no no yes"),
    ("prizes", PrizeTable((Prize("Giải nhất", 1),)), "yes yes no no yes"),
]


@pytest.mark.parametrize("name, value, answers", TABLE)
def test_a_setting_may_change_until_its_moment(name, value, answers):
    new = replace(RULES, **{name: value})
    found = [not refusals(RULES, new, moment) for moment in (WAITING, SAT, PUBLISHED, FINAL, AWAY)]
    assert found == [answer == "yes" for answer in answers.split()]


def test_every_setting_has_its_moment_and_stands_in_the_table():
    names = {one.name for one in fields(Rules)}
    assert set(TERMS) == names == {name for name, _, _ in TABLE}


def test_a_late_start_without_end_cannot_be_given_one_while_people_sit():
    assert refusals(replace(RULES, late_start=None), RULES, SAT)


def test_everything_refused_is_said_once():
    new = replace(RULES, shuffle_items=False, blueprint=(Cell("dang-vien", "", 5),), scheme=Scheme(50))
    assert [problem.field for problem in refusals(RULES, new, SAT)] == ["blueprint", "scheme"]
    assert [problem.message for problem in refusals(RULES, new, AWAY)] == [TRAVELLING]


def test_rules_that_are_the_same_are_never_refused():
    assert changed(RULES, RULES) == []
    assert refusals(RULES, RULES, FINAL) == []


@pytest.mark.parametrize(
    "moment, still",
    [
        (WAITING, set(TERMS)),
        (SAT, {"late_start", "attempts_allowed", "late_minutes", "quota", "prizes"}),
        (PUBLISHED, {"late_minutes"}),
        (FINAL, set()),
    ],
)
def test_what_may_still_change_can_be_listed(moment, still):
    assert set(open_settings(moment)) == still


OLD = Window(1_000, 2_000)


def test_a_round_being_sat_may_end_later_with_a_reason():
    check_extension(Phase.OPEN, OLD, Window(1_000, 2_001), "mất điện")


@pytest.mark.parametrize(
    "phase, new, reason",
    [
        (Phase.DRAFT, Window(1_000, 3_000), "vì thế"),
        (Phase.SCHEDULED, Window(1_000, 3_000), "vì thế"),
        (Phase.CLOSED, Window(1_000, 3_000), "vì thế"),
        (Phase.OPEN, Window(900, 3_000), "vì thế"),
        (Phase.OPEN, Window(1_000, 2_000), "vì thế"),
        (Phase.OPEN, Window(1_000, 1_900), "vì thế"),
        (Phase.OPEN, Window(1_000, 3_000), " "),
    ],
)
def test_no_other_hours_are_given_to_it(phase, new, reason):
    with pytest.raises(RuleBroken):
        check_extension(phase, OLD, new, reason)
