"""The way from nothing to an open contest, told from counts alone."""

from dataclasses import replace

import pytest

from quiz.core.setup import Facts, StageFacts, State, Step, next_step, path_of

STAGE = StageFacts(
    id=7, name="Cấp cơ sở", is_first=True, rules_are_usable=True, rounds=22, timed=22, filled=22, opened=22
)
READY = Facts(units=23, cells=293, people=300, items=300, stages=(replace(STAGE, opened=0),))
OPEN = replace(READY, stages=(STAGE,))


def states(facts):
    return {one.step: one.state for one in path_of(facts)}


def gaps(facts, step):
    found = next(one for one in path_of(facts) if one.step is step)
    return [(gap.place, gap.stops) for gap in found.gaps]


def with_stage(**changes):
    return replace(READY, stages=(replace(STAGE, opened=0, **changes),))


def test_a_new_installation_begins_with_its_units_and_knows_what_comes_later():
    path = path_of(Facts())
    assert [one.step for one in path] == list(Step)
    assert next_step(path).step is Step.UNITS
    assert states(Facts())[Step.CHECK] is states(Facts())[Step.OPEN] is State.LATER


def test_a_contest_with_every_round_open_has_nothing_left():
    assert set(states(OPEN).values()) == {State.DONE}
    assert next_step(path_of(OPEN)) is None


def test_a_contest_that_lacks_nothing_waits_to_be_opened():
    assert next_step(path_of(READY)).step is Step.OPEN
    assert states(READY)[Step.OPEN] is State.MISSING


@pytest.mark.parametrize(
    "facts, step, found",
    [
        (replace(READY, units=0, cells=0), Step.UNITS, [("roster", True)]),
        (replace(READY, cells=0), Step.UNITS, [("units", True)]),
        (with_stage(plain=2), Step.RULES, [("judging", False)]),
        (with_stage(unseated=3), Step.CHECK, [("check", False)]),
        (replace(READY, people=0), Step.PEOPLE, [("roster", True)]),
        (replace(READY, vacant=3), Step.PEOPLE, [("people", False)]),
        (replace(READY, unstaffed=22), Step.PEOPLE, [("accounts", False)]),
        (replace(READY, items=0), Step.BANK, [("bank", True)]),
        (replace(READY, waiting=9), Step.BANK, [("bank", False)]),
        (with_stage(items_missing=4), Step.BANK, [("pool", True)]),
        (with_stage(items_missing=4, is_first=False), Step.BANK, [("pool", False)]),
        (replace(READY, stages=None), Step.ROUNDS, [("contest", True)]),
        (replace(READY, stages=()), Step.ROUNDS, [("stage", True)]),
        (with_stage(rounds=0), Step.ROUNDS, [("rounds", True)]),
        (with_stage(timed=20), Step.ROUNDS, [("hours", True)]),
        (with_stage(overdue=2), Step.ROUNDS, [("hours", True)]),
        (with_stage(timed=20, overdue=2), Step.ROUNDS, [("hours", True), ("hours", True)]),
        (with_stage(overdue=2, is_first=False), Step.ROUNDS, [("hours", False)]),
        (with_stage(rules_are_usable=False), Step.RULES, [("rules", True)]),
        (with_stage(rules_are_usable=False, is_first=False), Step.RULES, [("rules", False)]),
        (with_stage(filled=21), Step.CHECK, [("entries", True)]),
        (with_stage(silent_cells=29), Step.CHECK, [("entries", False)]),
        (with_stage(breaches=2), Step.CHECK, [("check", False)]),
        (replace(with_stage(by_group=True), ungrouped=5), Step.CHECK, [("groups", False)]),
        (replace(READY, ungrouped=5), Step.CHECK, []),
        (READY, Step.OPEN, [("open", True)]),
    ],
)
def test_each_thing_missing_is_told_in_its_step_with_the_page_that_mends_it(facts, step, found):
    assert gaps(facts, step) == found


def test_a_contest_held_on_the_stage_alone_needs_no_bank():
    facts = replace(with_stage(has_online=False), items=0)
    assert states(facts)[Step.BANK] is State.DONE


@pytest.mark.parametrize(
    "vacant, names, said", [(1, ("chi bộ Bản Mạt",), "chi bộ Bản Mạt"), (9, ("A", "B", "C"), "A; B; C; …")]
)
def test_cells_with_nobody_are_named_as_far_as_the_line_reaches(vacant, names, said):
    (gap,) = path_of(replace(READY, vacant=vacant, vacant_names=names))[1].gaps
    assert (gap.message % gap.values).endswith(f": {said}.")


def test_what_should_be_looked_at_does_not_stop_the_opening():
    facts = replace(with_stage(silent_cells=29), vacant=1)
    assert states(facts)[Step.PEOPLE] is states(facts)[Step.CHECK] is State.ADVISED
    assert next_step(path_of(facts)).step is Step.OPEN


def test_opening_comes_after_whatever_stops_it():
    assert states(with_stage(filled=0))[Step.OPEN] is State.LATER
    assert states(replace(READY, people=0))[Step.OPEN] is State.LATER


def test_every_gap_says_what_to_do_with_its_values_filled_in():
    for facts in (
        Facts(),
        Facts(units=1, stages=()),
        with_stage(rounds=0),
        with_stage(timed=0, filled=0, breaches=1),
    ):
        for one in path_of(facts):
            assert all(gap.message % gap.values for gap in one.gaps)
            assert not one.there or one.there % one.values
