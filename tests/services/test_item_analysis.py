"""What the board reads after a round: who chose what by group, who came that far, and the topics of units."""

import pytest

from quiz.core.corrections import Policy, Ruling
from quiz.core.item_analysis import Finding, Remark
from quiz.core.papers import Cell
from quiz.extensions import db
from quiz.models import Response
from quiz.services import attempts, item_analysis, papers, statistics
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

AFTER = NOW + 3 * HOUR + 1
PEOPLE = 24
LENGTH = 6


def sit(contest_round, right: int, doubted: int, scope=None, ended_by=attempts.CANDIDATE):
    """Somebody has the first `right` of the six questions right by the key, but takes option `doubted` of the last."""
    entry = make_entry(contest_round, make_person(make_cell(contest_round.unit)), scope)
    attempt = attempts.start(entry, NOW, f"seed-{entry.id}")
    versions = sorted(place.version for place in papers.places_of(attempt.paper))
    taken = {version: 1 if rank < right else 0 for rank, version in enumerate(versions)} | {
        versions[-1]: doubted
    }
    for position, place in enumerate(papers.places_of(attempt.paper)):
        if ended_by != attempts.CANDIDATE and position >= 2:
            break
        choice = str(place.order.index(taken[place.version]))
        db.session.add(
            Response(attempt_id=attempt.id, position=position, choice=choice, stamp=1, saved_at=NOW)
        )
    db.session.flush()
    attempts.submit(attempt, NOW + 60_000, ended_by)
    return attempt


def make_sat_round(unit, topics=("dang-vien",), **fields):
    """Return a round of six questions, half of them of each topic where there are two."""
    versions = [make_item(topic=topics[place * len(topics) // LENGTH]) for place in range(LENGTH)]
    blueprint = tuple(Cell(topic, "", LENGTH // len(topics)) for topic in topics)
    stage = make_stage(make_contest(unit), make_rules(blueprint=blueprint))
    return open_for_test(make_round(stage, unit, **fields), versions), versions


@pytest.fixture
def held(app):
    """A round after which the key of the last question (option B) stands in doubt: the best took C."""
    contest_round, versions = make_sat_round(make_unit())
    for place in range(PEOPLE):
        right = place * LENGTH // PEOPLE
        sit(contest_round, right, doubted=2 if right >= 3 else place % 2)
    statistics.count(contest_round, AFTER)
    return contest_round, versions


def test_a_key_the_best_did_not_take_is_listed_first_with_the_option_they_took(held):
    contest_round, versions = held
    first, *others = item_analysis.with_texts(item_analysis.items_of(contest_round))
    assert first.version is versions[-1]
    assert first.findings[0] == Finding(Remark.KEY_DOUBT, (2,))
    upper, lower = first.groups
    assert (upper.chosen[2], lower.chosen[2]) == (upper.size, 0)
    assert first.difference < 0 < len(others)
    assert not any(one.findings and one.findings[0].remark is Remark.KEY_DOUBT for one in others)


@pytest.mark.parametrize("policy", [Policy.EVERYONE, Policy.VOID])
def test_an_item_that_was_not_marked_by_a_key_has_no_figures(held, monkeypatch, policy):
    """What a struck-out item earns is the share of the rest: its correlation with the rest would be 1 for everybody."""
    contest_round, versions = held
    ruled = {versions[-1].id: Ruling(policy)}
    monkeypatch.setattr(item_analysis.marking, "rulings_of", lambda _round: ruled)
    by_version = {one.use.version_id: one for one in item_analysis.items_of(contest_round)}
    one = by_version[versions[-1].id]
    assert (one.facility, one.correlation, one.difference, one.findings) == (None, None, None, ())
    assert one.key == ()  # no option is the key any more, least of all the printed one
    assert by_version[versions[0].id].facility is not None


def test_reliability_is_alpha_where_everybody_had_the_same_items(held):
    whole = item_analysis.of_round(held[0])
    assert (whole.sat, whole.same_items, whole.max_score, whole.counted_at) == (PEOPLE, True, 600, AFTER)
    assert 0.5 < whole.reliability < 1


def test_reliability_is_not_defined_where_papers_differ(app):
    unit = make_unit()
    contest_round = make_round(make_stage(make_contest(unit)), unit)
    open_for_test(contest_round, [make_item() for _ in range(12)])  # papers hold five of twelve
    for right in (1, 3, 5):
        sit(contest_round, right, 1)
    statistics.count(contest_round, AFTER)
    whole = item_analysis.of_round(contest_round)
    assert (whole.same_items, whole.reliability) == (False, None)
    assert whole.deviation > 0


@pytest.mark.parametrize("ended_by", [attempts.DEADLINE, attempts.BOARD])
def test_what_the_end_cut_off_was_not_reached_and_what_was_left_blank_before_was_omitted(app, ended_by):
    contest_round, _ = make_sat_round(make_unit())
    sit(contest_round, 6, 1)
    sit(contest_round, 6, 1, ended_by=ended_by)
    statistics.count(contest_round, AFTER)
    uses = [one.use for one in item_analysis.items_of(contest_round)]
    assert sum(use.not_reached for use in uses) == LENGTH - 2
    assert sum(use.omitted for use in uses) == 0
    assert {use.sat for use in uses} == {2}


def test_topics_add_up_by_unit_and_the_weakest_comes_first(app):
    district = make_unit("Mai Sơn", type_label="huyện")
    communes = [make_unit(name, district) for name in ("Cò Nòi", "Hát Lót")]
    contest_round, _ = make_sat_round(district, ("dang-vien", "to-chuc"))
    for commune, right in ((communes[0], 3), (communes[0], 3), (communes[1], 5)):
        sit(contest_round, right, 0, commune)
    statistics.count(contest_round, AFTER)
    table = item_analysis.table_of(item_analysis.topics_of([contest_round.id]))
    weak, strong = table.topics
    assert (weak.code, strong.code) == ("to-chuc", "dang-vien")
    assert [unit.name for unit in table.units] == ["Cò Nòi", "Hát Lót"]
    cell = table.cells[communes[0].id, weak.id]
    assert (cell.people, cell.earned, cell.possible) == (2, 0, 600)
    assert table.totals[weak.id].earned == 200
    assert table.weakest(communes[1], 1) == [weak]


def test_a_round_that_still_runs_with_the_same_questions_keeps_the_keys_back(held):
    contest_round, versions = held
    assert item_analysis.still_in_use(contest_round, AFTER) is None
    other = make_round(contest_round.stage, contest_round.unit, AFTER, name="Vòng khác")
    assert item_analysis.still_in_use(contest_round, AFTER) is None
    open_for_test(other, versions[:1])
    assert item_analysis.still_in_use(contest_round, AFTER) is other
    assert item_analysis.versions_in_use(contest_round, AFTER) == {versions[0].id}
    assert item_analysis.versions_in_use(contest_round, AFTER + 3 * HOUR) == set()
    assert item_analysis.still_in_use(contest_round, AFTER + 3 * HOUR) is None


def test_nothing_is_counted_while_anybody_sits_a_paper_anywhere(app):
    unit = make_unit()
    contest_round, _ = make_sat_round(unit)
    sit(contest_round, 3, 1)
    assert statistics.next_uncounted(AFTER) is contest_round
    other, _ = make_sat_round(unit, opens_at=AFTER - HOUR, name="Vòng khác")
    attempts.start(make_entry(other, make_person(make_cell(unit))), AFTER - 60_000, "seed")
    assert statistics.next_uncounted(AFTER) is None
    assert statistics.next_uncounted(AFTER + 2 * HOUR) is contest_round
