"""Making rounds, one or many at once, and their hours and units until they open."""

from datetime import date

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Round
from quiz.services import pools, rounds, windows
from quiz.services.audit import SYSTEM
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
)

DAY = date(2023, 2, 5)


@pytest.fixture
def district(app):
    return make_unit("Mai Sơn", type_label="huyện")


@pytest.fixture
def stage(district):
    return make_stage(make_contest(district), name="Cấp cơ sở")


def add(stage, unit, name="Vòng thi", opens_at=NOW, closes_at=NOW + HOUR, scopes=()):
    return rounds.add_round(stage, unit, name, opens_at, closes_at, SYSTEM, NOW, scopes)


def covered(contest_round):
    return {(scope.unit_id, scope.cluster) for scope in contest_round.scopes}


# --- one round ----------------------------------------------------------------------------------------------------


def test_a_round_covers_its_own_unit_unless_told_otherwise(district, stage):
    commune = make_unit("Cò Nòi", district)
    contest_round = add(stage, commune)
    assert covered(contest_round) == {(commune.id, "")}
    assert contest_round.phase_at(NOW) is Phase.DRAFT


def test_a_round_may_cover_several_units_in_clusters(district, stage):
    first, second = make_unit("Cò Nòi", district), make_unit("Hát Lót", district)
    contest_round = add(stage, district, scopes=[(first, "Cụm 1"), (second, "Cụm 2")])
    assert covered(contest_round) == {(first.id, "Cụm 1"), (second.id, "Cụm 2")}


@pytest.mark.parametrize("opens_at, closes_at", [(NOW + HOUR, NOW), (NOW, NOW), (NOW, None), (None, NOW)])
def test_hours_that_make_no_window_are_refused(district, stage, opens_at, closes_at):
    with pytest.raises(RuleBroken):
        add(stage, district, opens_at=opens_at, closes_at=closes_at)


def test_a_round_may_wait_for_its_hours(district, stage):
    assert add(stage, district, opens_at=None, closes_at=None).window is None


def test_a_unit_outside_the_contest_can_neither_hold_nor_join_a_round(district, stage):
    stranger = make_unit("Yên Châu", type_label="huyện")
    for unit, scopes in ((stranger, ()), (district, [(stranger, "")])):
        with pytest.raises(RuleBroken) as refusal:
            add(stage, unit, scopes=scopes)
        assert refusal.value.values == {"unit": "huyện Yên Châu", "board": "huyện Mai Sơn"}


def test_the_same_round_is_not_made_twice(district, stage):
    add(stage, district)
    with pytest.raises(RuleBroken):
        add(stage, district)
    assert add(stage, district, name="Vòng thi của khối cơ quan").id


@pytest.mark.parametrize("twice", [True, False])
def test_a_unit_is_covered_once(district, stage, twice):
    commune = make_unit("Cò Nòi", district)
    inner = commune if twice else make_unit("Tiểu khu 1", commune)
    with pytest.raises(RuleBroken):
        add(stage, district, scopes=[(commune, ""), (inner, "")])


# --- one round for each unit ------------------------------------------------------------------------------------------


def test_one_round_is_made_for_each_unit_in_one_go(district, stage):
    units = [make_unit(name, district) for name in ("Cò Nòi", "Hát Lót", "Chiềng Mai")]
    made, kept = rounds.rounds_for_each(stage, units, NOW, NOW + HOUR, SYSTEM, NOW)
    assert [(r.unit, r.name, r.opens_at, r.closes_at) for r in made] == [
        (unit, f"Cấp cơ sở – xã {unit.name}", NOW, NOW + HOUR) for unit in units
    ]
    assert kept == []


def test_doing_it_again_leaves_what_is_there(district, stage):
    units = [make_unit(name, district) for name in ("Cò Nòi", "Hát Lót")]
    first = add(stage, units[0], name="Vòng riêng")
    made, kept = rounds.rounds_for_each(stage, units, NOW, NOW + HOUR, SYSTEM, NOW)
    assert ([r.unit for r in made], kept) == ([units[1]], [first])
    made, kept = rounds.rounds_for_each(stage, units, NOW, NOW + HOUR, SYSTEM, NOW)
    assert (made, len(kept)) == ([], 2)
    assert db.session.query(Round).count() == 2


def test_no_round_is_made_when_one_unit_does_not_belong(district, stage):
    with pytest.raises(RuleBroken):
        rounds.rounds_for_each(
            stage, [make_unit("Cò Nòi", district), make_unit("Lạ")], None, None, SYSTEM, NOW
        )
    assert db.session.query(Round).count() == 0


def test_the_nodes_right_below_are_offered_by_type_and_day(district):
    town = make_unit("Hát Lót", district, "thị trấn")
    commune = make_unit("Cò Nòi", district)
    make_unit("Tiểu khu 1", commune)
    make_cell(district)
    make_unit("Cũ", district, valid_to=date(2022, 12, 31))
    make_unit("Mới", district, valid_from=date(2023, 3, 1))
    assert rounds.units_below(district, "", DAY) == [commune, town]
    assert rounds.units_below(district, "xã", DAY) == [commune]


# --- hours ----------------------------------------------------------------------------------------------------------


def test_hours_change_freely_before_the_round_opens(district, stage):
    contest_round = make_round(stage, district)
    windows.set_window(contest_round, NOW - 5 * HOUR, NOW - 4 * HOUR, SYSTEM, NOW)
    assert (contest_round.opens_at, contest_round.closes_at) == (NOW - 5 * HOUR, NOW - 4 * HOUR)
    with pytest.raises(RuleBroken):
        windows.set_window(contest_round, NOW, NOW, SYSTEM, NOW)


def test_an_opened_round_is_moved_only_with_a_reason_and_only_before_its_hour(district, stage):
    contest_round = make_round(stage, district, opens_at=NOW + HOUR, opened_at=NOW - HOUR)
    with pytest.raises(RuleBroken, match="lý do"):
        windows.set_window(contest_round, NOW + 2 * HOUR, NOW + 4 * HOUR, SYSTEM, NOW)
    windows.set_window(contest_round, NOW + 2 * HOUR, NOW + 4 * HOUR, SYSTEM, NOW, "Mất điện")
    assert contest_round.opens_at == NOW + 2 * HOUR
    for later in (NOW + 2 * HOUR, NOW + 5 * HOUR):
        with pytest.raises(RuleBroken, match="đến giờ mở"):
            windows.set_window(contest_round, NOW + 6 * HOUR, NOW + 8 * HOUR, SYSTEM, later, "Mất điện")


@pytest.mark.parametrize("opens_in, hours", [(-2, 1), (1, 0.1)], ids=["past", "too short"])
def test_an_opened_round_is_not_moved_to_hours_nobody_can_sit(district, stage, opens_in, hours):
    contest_round = make_round(stage, district, opens_at=NOW + HOUR, opened_at=NOW - HOUR)
    opens_at = NOW + opens_in * HOUR
    with pytest.raises(RuleBroken):
        windows.set_window(contest_round, opens_at, opens_at + int(hours * HOUR), SYSTEM, NOW, "Mất điện")
    assert contest_round.opens_at == NOW + HOUR


def test_an_opened_round_is_not_moved_past_the_validity_of_its_items(district, stage):
    contest_round = make_round(stage, district, opens_at=NOW + HOUR, opened_at=NOW - HOUR)
    make_item(valid_to=DAY)
    pools.freeze(contest_round.id, pools.pool_of(make_rules(), DAY))
    next_day = NOW + 24 * HOUR
    with pytest.raises(RuleBroken) as refusal:
        windows.set_window(contest_round, next_day, next_day + HOUR, SYSTEM, NOW, "Mất điện")
    assert refusal.value.values == {"count": 1}


# --- units and clusters -----------------------------------------------------------------------------------------------


def test_units_and_clusters_change_until_the_round_opens(district, stage):
    first, second = make_unit("Cò Nòi", district), make_unit("Hát Lót", district)
    contest_round = make_round(stage, district)
    rounds.set_scopes(contest_round, [(first, "Cụm 1"), (second, "Cụm 1")], SYSTEM, NOW, "Vòng cụm")
    rounds.set_scopes(contest_round, [(second, "Cụm 2")], SYSTEM, NOW)
    assert (contest_round.name, covered(contest_round)) == ("Vòng cụm", {(second.id, "Cụm 2")})
    contest_round.opened_at = NOW
    db.session.flush()
    with pytest.raises(RuleBroken):
        rounds.set_scopes(contest_round, [(first, "")], SYSTEM, NOW)


def test_a_round_always_covers_something(district, stage):
    contest_round = make_round(stage, district)
    with pytest.raises(RuleBroken):
        rounds.set_scopes(contest_round, [], SYSTEM, NOW)
    assert covered(contest_round) == {(district.id, "")}


def test_a_new_cluster_reaches_those_already_entered(district, stage):
    commune = make_unit("Cò Nòi", district)
    contest_round = add(stage, district, scopes=[(commune, "Cụm 1")])
    entry = make_entry(contest_round, make_person(make_cell(commune)), scope=commune, cluster="Cụm 1")
    rounds.set_scopes(contest_round, [(commune, "Cụm 2")], SYSTEM, NOW)
    db.session.refresh(entry)
    assert entry.cluster == "Cụm 2"


def test_a_unit_with_contestants_cannot_drop_out_until_they_are_withdrawn(district, stage):
    first, second = make_unit("Cò Nòi", district), make_unit("Hát Lót", district)
    contest_round = add(stage, district, scopes=[(first, ""), (second, "")])
    entry = make_entry(contest_round, make_person(make_cell(first)), scope=first)
    with pytest.raises(RuleBroken, match="xã Cò Nòi"):
        rounds.set_scopes(contest_round, [(second, "")], SYSTEM, NOW)
    entry.withdrawn_at = NOW
    db.session.flush()
    rounds.set_scopes(contest_round, [(second, "")], SYSTEM, NOW)
    assert covered(contest_round) == {(second.id, "")}


# --- taking away --------------------------------------------------------------------------------------------------


def test_a_round_made_by_mistake_can_be_taken_away(district, stage):
    rounds.remove_round(make_round(stage, district), SYSTEM, NOW)
    assert db.session.query(Round).count() == 0


def test_a_round_with_contestants_or_opened_stays(district, stage):
    entered, opened = (
        make_round(stage, district),
        make_round(stage, make_unit("Cò Nòi", district), opened_at=NOW),
    )
    make_entry(entered, make_person(make_cell(district)))
    for contest_round in (entered, opened):
        with pytest.raises(RuleBroken):
            rounds.remove_round(contest_round, SYSTEM, NOW)
    assert db.session.query(Round).count() == 2


def test_entries_are_counted_by_round_without_the_withdrawn(district, stage):
    full, empty = make_round(stage, district), make_round(stage, make_unit("Cò Nòi", district))
    cell = make_cell(district)
    for withdrawn_at in (None, None, NOW):
        make_entry(full, make_person(cell), withdrawn_at=withdrawn_at)
    assert rounds.entry_counts([full, empty]) == {full.id: 2, empty.id: 0}
