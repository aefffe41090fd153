"""The ready-made contests: each sound as it stands, each with its source, and blueprints spread over a bank."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.over_time import OverTimeRule
from quiz.core.rules import check
from quiz.core.templates import LANG_SON, MAI_SON, PRACTICE_WEEK, TEMPLATES, THAI_NGUYEN, spread

STAGES = [(template.key, plan) for template in TEMPLATES.values() for plan in template.stages]


@pytest.mark.parametrize("key, plan", STAGES, ids=[f"{key}: {plan.name}" for key, plan in STAGES])
def test_every_stage_of_a_template_can_be_used_as_soon_as_it_has_its_items(key, plan):
    rules = replace(plan.rules, blueprint=spread(plan.items, {"dang-vien": 100}))
    assert check(rules) == []
    assert rules.has_online == (plan.items > 0)


def test_every_template_cites_where_it_was_held():
    assert all(template.sources for template in TEMPLATES.values())
    assert all(source.url.startswith("http") for t in TEMPLATES.values() for source in t.sources)


def test_the_figures_are_those_that_were_published():
    online = THAI_NGUYEN.stages[0]
    assert (online.items, online.rules.time_limit, online.rules.attempts_allowed) == (30, 60, 1)
    assert [part.minutes for part in LANG_SON.stages[0].rules.parts] == [7, 7, 5]
    assert [(one.least, one.most) for one in LANG_SON.stages[0].rules.delegations] == [(2, 3)]
    assert [part.name for part in MAI_SON.stages[0].rules.parts] == [
        "Giới thiệu",
        "Nhận thức và thuyết trình",
        "Xử lý tình huống",
    ]
    assert (PRACTICE_WEEK.stages[0].rules.attempts_allowed, PRACTICE_WEEK.stages[0].rules.minutes) == (7, 10)


def test_every_judged_part_of_a_template_has_its_criteria():
    parts = [part for _key, plan in STAGES for part in plan.rules.judged_parts]
    assert parts and all(len(part.judging.criteria) > 1 for part in parts)
    assert all(part.judging.over_time.rule is OverTimeRule.NONE or part.minutes for part in parts)


@pytest.mark.parametrize(
    "count, available, cells",
    [
        (
            30,
            {"a": 120, "b": 80, "c": 30, "d": 20, "e": 50},
            [("a", 12), ("b", 8), ("c", 3), ("d", 2), ("e", 5)],
        ),
        (10, {"a": 10}, [("a", 10)]),
        (3, {"a": 1, "b": 1, "c": 1, "d": 1}, [("a", 1), ("b", 1), ("c", 1)]),
        (5, {"a": 2, "b": 2}, []),
        (5, {}, []),
        (0, {"a": 9}, []),
    ],
)
def test_a_blueprint_is_spread_in_proportion(count, available, cells):
    assert [(cell.topic, cell.count) for cell in spread(count, available)] == cells


@given(st.integers(1, 60), st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40), max_size=6))
def test_a_spread_asks_for_as_many_as_wanted_and_never_more_than_there_are(count, available):
    cells = spread(count, available)
    assert sum(cell.count for cell in cells) == (count if sum(available.values()) >= count else 0)
    assert all(1 <= cell.count <= available[cell.topic] for cell in cells)
