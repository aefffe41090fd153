"""How items did, counted from attempts handed in, round by round."""

import pytest

from quiz.core.papers import Cell
from quiz.extensions import db
from quiz.models import ItemStatistic, ItemUse, Response
from quiz.services import attempts, item_uses, papers, statistics
from tests.factories import (
    HOUR,
    NOW,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

END = NOW + 2 * HOUR
LATER = END + statistics.SETTLED + 1


@pytest.fixture
def commune(app):
    return make_unit()


@pytest.fixture
def versions(app):
    return [make_item(key=(1,)) for _ in range(5)]


@pytest.fixture
def contest_round(commune, versions):
    rules = make_rules(blueprint=(Cell("dang-vien", "", 5),), attempts_allowed=2)
    return open_for_test(make_round(make_stage(make_contest(commune), rules), commune), versions)


def sit(contest_round, taken: dict[int, int], entry=None, at: int = NOW, then: str = "hand in"):
    """Somebody sits the round and takes these authored options by version; the rest is left out."""
    entry = entry or make_entry(contest_round, make_person(make_cell(contest_round.unit)))
    attempt = attempts.start(entry, at, f"seed-{entry.id}")
    for position, place in enumerate(papers.places_of(attempt.paper)):
        if place.version in taken:
            shown = place.order.index(taken[place.version])
            db.session.add(
                Response(attempt_id=attempt.id, position=position, choice=str(shown), stamp=1, saved_at=at)
            )
    db.session.flush()
    if then == "hand in":
        attempts.submit(attempt, at + 60_000)
    return entry


def test_choices_are_counted_by_authored_option_whatever_the_paper_showed(contest_round, versions):
    first, second, *_ = (version.id for version in versions)
    sit(contest_round, {first: 1, second: 1})
    sit(contest_round, {first: 1, second: 3})
    sit(contest_round, {first: 0})
    assert statistics.count(contest_round, NOW) == 5
    use = db.session.get(ItemUse, (contest_round.id, second))
    assert (use.sat, use.chosen, use.omitted) == (3, [0, 1, 0, 1], 1)
    assert db.session.get(ItemStatistic, first).facility == pytest.approx(2 / 3)
    assert db.session.get(ItemStatistic, second).facility == pytest.approx(1 / 3)


def test_the_rest_of_the_paper_is_what_an_item_is_held_against(contest_round, versions):
    first, *others = (version.id for version in versions)
    sit(contest_round, {first: 1} | dict.fromkeys(others, 1))  # rest 1
    sit(contest_round, {first: 1} | dict.fromkeys(others[:2], 1))  # rest 1/2
    sit(contest_round, {})  # rest 0
    statistics.count(contest_round, NOW)
    # x 1 1 0, y 1 ½ 0: Σdx·dy = ½, Σdx² = ⅔, Σdy² = ½
    assert db.session.get(ItemStatistic, first).correlation == pytest.approx(0.5 / (2 / 3 / 2) ** 0.5)


def test_only_the_first_attempt_of_an_entry_counts(contest_round, versions):
    key = {version.id: 1 for version in versions}
    entry = sit(contest_round, {})
    sit(contest_round, key, entry, NOW + 120_000)
    statistics.count(contest_round, NOW)
    assert {row.facility for row in db.session.query(ItemStatistic)} == {0.0}
    assert {row.sat for row in db.session.query(ItemStatistic)} == {1}


def test_counting_again_counts_nobody_twice(contest_round, versions):
    sit(contest_round, {versions[0].id: 1})
    statistics.count(contest_round, NOW)
    statistics.count(contest_round, NOW)
    assert {row.sat for row in db.session.query(ItemUse)} == {1}
    assert {row.sat for row in db.session.query(ItemStatistic)} == {1}


def test_rounds_of_one_item_add_up(contest_round, commune, versions):
    other = open_for_test(make_round(contest_round.stage, commune, name="Vòng khác"), versions)
    for each in (contest_round, other):
        sit(each, {versions[0].id: 1 if each is other else 0})
        statistics.count(each, NOW)
    figures = item_uses.figures_of(versions[0])
    assert (figures.sat, figures.facility, figures.chosen, figures.omitted) == (2, 0.5, [1, 1, 0, 0], 0)
    assert [use.round.id for use in item_uses.uses_of(versions[0].item)] == [other.id, contest_round.id]


def test_an_item_on_no_paper_has_no_figures_and_shows_the_pool_it_is_in(contest_round, versions):
    assert item_uses.figures_of(versions[0]) is None
    (use,) = item_uses.uses_of(versions[0].item)
    assert (use.version, use.use, use.round) == (1, None, contest_round)


@pytest.mark.parametrize(
    "at, then, waiting",
    [(LATER, "hand in", True), (LATER, "leave", False), (END, "hand in", False), (NOW, "hand in", False)],
)
def test_a_round_is_counted_once_it_is_over_and_settled_and_nobody_sits_it(contest_round, at, then, waiting):
    sit(contest_round, {}, then=then)
    assert (statistics.next_uncounted(at) is contest_round) is waiting


def test_a_round_that_nobody_sat_or_that_was_counted_does_not_wait(contest_round):
    assert statistics.next_uncounted(LATER) is None
    sit(contest_round, {})
    statistics.count(contest_round, NOW)
    assert statistics.next_uncounted(LATER) is None
