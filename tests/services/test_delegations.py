"""Quotas of one unit: who may have one, whom it holds for, and which cells are still asked one by one."""

import pytest

from quiz.core import rules as rulebook
from quiz.core.delegations import Delegation
from quiz.core.errors import RuleBroken
from quiz.extensions import db
from quiz.models import AuditEvent, RoundUnit, Unit
from quiz.services import amendments, contests, delegations, entries, openings, reserves, rounds, setup
from quiz.services.audit import Actor
from quiz.services.contests import rules_of
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

EARLIER = NOW - HOUR
TWO = Delegation("xã", 1, 2)


def own(unit, most, **numbers):
    return Delegation(most=most, unit_code=unit.code, **numbers)


@pytest.fixture
def district(app):
    return make_unit("Mai Sơn", type_label="huyện")


@pytest.fixture
def communes(district):
    """Two communes: one sends two people like every other, the other more."""
    return [make_unit(name, district) for name in ("Cò Nòi", "Chiềng Mung")]


@pytest.fixture
def its(district, communes):
    """A round of the district with both; Chiềng Mung may send three and name one in reserve."""
    rules = make_rules(delegations=(TWO, own(communes[1], 3, reserves=1)))
    contest_round = make_round(make_stage(make_contest(district), rules), district)
    contest_round.scopes = [RoundUnit(unit=commune) for commune in communes]
    db.session.flush()
    return contest_round


def actor():
    return Actor(make_account().id)


def send(its, commune, count):
    for _ in range(count):
        entries.register(its, make_person(make_cell(commune)), actor(), EARLIER)


def change(stage, *lines, **changes):
    rules = make_rules(delegations=lines, **changes)
    contests.change_rules(stage, rules, actor(), EARLIER)


def warnings(its):
    return [str(one) for one in openings.check_round(its, EARLIER).warnings]


def test_each_unit_is_full_at_its_own_number(its, communes):
    usual, large = communes
    send(its, usual, 2)
    send(its, large, 3)
    for commune, count in ((usual, 2), (large, 3)):
        with pytest.raises(RuleBroken, match=f"{commune.title} đã cử đủ {count} người"):
            send(its, commune, 1)


def test_each_unit_is_held_to_its_own_number_before_the_opening(its, communes):
    usual, large = communes
    send(its, usual, 1)
    send(its, large, 3)
    for _ in range(2):
        reserves.name_reserve(its, make_person(make_cell(large)), actor(), EARLIER)
    assert [one for one in warnings(its) if "chỉ tiêu" in one] == [
        "entries: xã Chiềng Mung ghi 2 người dự bị, chỉ tiêu là 1."
    ]


def test_a_cell_with_a_quota_sends_a_second_person_without_a_reason(communes):
    commune = communes[0]
    cells = [make_cell(commune, name) for name in ("Bản Mạt", "Bản Nà Sản")]
    rules = make_rules(delegations=(own(cells[0], 2),))
    its = make_round(make_stage(make_contest(commune), rules), commune)
    its.scopes = [RoundUnit(unit=cell) for cell in cells]
    db.session.flush()
    for _ in range(2):
        entries.register(its, make_person(cells[0]), actor(), EARLIER)
    with pytest.raises(RuleBroken, match="đã cử đủ 2 người theo chỉ tiêu"):
        entries.register(its, make_person(cells[0]), actor(), EARLIER)
    entries.register(its, make_person(cells[1]), actor(), EARLIER)
    with pytest.raises(RuleBroken, match="nếu cử thêm người, hãy ghi lý do"):
        entries.register(its, make_person(cells[1]), actor(), EARLIER)


def test_the_units_of_the_rounds_may_have_a_quota_of_their_own_each_once_by_name(its, communes, district):
    second = make_round(its.stage, communes[0])
    assert [unit.name for unit in delegations.nodes_of([its, second])] == ["Chiềng Mung", "Cò Nòi"]
    change(its.stage, own(communes[0], 9))
    assert rules_of(its.stage).delegations == (own(communes[0], 9),)


@pytest.mark.parametrize("place", ["beside", "below", "above", "nowhere"])
def test_no_other_unit_may(its, communes, district, place):
    other = {
        "beside": lambda: make_unit("Hát Lót", district),
        "below": lambda: make_cell(communes[0]),
        "above": lambda: district,
        "nowhere": lambda: Unit(code="KHÔNG-CÓ"),
    }[place]()
    with pytest.raises(RuleBroken, match="không dự vòng thi nào của cấp thi này"):
        change(its.stage, own(other, 9))
    assert own(communes[1], 3, reserves=1) in rules_of(its.stage).delegations


def test_a_unit_that_left_the_rounds_is_told_of_and_does_not_stop_other_changes(its, communes):
    rounds.set_scopes(its, [(communes[0], "")], actor(), EARLIER)
    told = "xã Chiềng Mung có chỉ tiêu riêng nhưng không dự vòng thi nào của cấp thi này. Hãy sửa chỉ tiêu."
    assert f"rules: {told}" in warnings(its)
    (facts,) = setup.facts_of(its.stage.contest, [], EARLIER).stages or ()
    assert facts.strangers == 1
    change(its.stage, *rules_of(its.stage).delegations, time_limit=20)
    change(its.stage, TWO)
    assert not any("chỉ tiêu riêng" in one for one in warnings(its))


def test_an_amendment_names_units_of_the_rounds_only(its, communes, district):
    its.opened_at = its.stage.frozen_at = EARLIER
    db.session.flush()
    for unit, is_covered in ((make_unit("Hát Lót", district), False), (communes[0], True)):
        rules = make_rules(delegations=(TWO, own(unit, 9)))
        if not is_covered:
            with pytest.raises(RuleBroken, match="không dự vòng thi nào"):
                amendments.amend_rules(its.stage, rules, "kế hoạch số 12", actor(), EARLIER)
        else:
            assert amendments.amend_rules(its.stage, rules, "kế hoạch số 12", actor(), EARLIER).number == 1
    titles = {unit.code: unit.title for unit in communes}
    assert delegations.titles_in(its.stage) == titles  # the one struck out among them


def test_rules_from_before_units_were_named_are_not_told_as_changed(its):
    kept = {"unit_type": "xã", "least": 1, "most": 2, "reserves": 0}
    its.stage.rules = rulebook.to_dict(make_rules()) | {"delegations": [kept]}
    db.session.flush()
    change(its.stage, TWO, time_limit=20)
    assert set(last_act(its.stage)) == {"time_limit"}


def last_act(stage):
    acts = db.session.query(AuditEvent).filter_by(action="stage.rules", target=f"stage:{stage.id}")
    return acts.order_by(AuditEvent.id.desc()).first().detail


def test_a_cell_is_called_with_the_unit_above_it(communes):
    cell = make_cell(communes[0], "Bản Mạt")
    its = make_round(make_stage(make_contest(communes[0])), communes[0])
    its.scopes = [RoundUnit(unit=cell), RoundUnit(unit=communes[1])]
    db.session.flush()
    offered = delegations.offered_in(its.stage, make_rules(delegations=(own(communes[0], 9),)))
    assert dict(offered) == {
        cell.code: "chi bộ Bản Mạt (xã Cò Nòi)",
        communes[1].code: "xã Chiềng Mung",
        communes[0].code: "xã Cò Nòi",
    }


@pytest.mark.parametrize(
    "lines, silent",
    [
        ((), ["Cò Nòi", "Chiềng Mung"]),
        ((TWO,), []),
        (("own",), ["Cò Nòi"]),
        ((Delegation("thị trấn", 1, 2),), ["Cò Nòi", "Chiềng Mung"]),
    ],
)
def test_cells_of_units_without_a_quota_are_still_asked_one_by_one(its, communes, lines, silent):
    for commune in communes:
        make_cell(commune)
    lines = [own(communes[1], 3) if line == "own" else line for line in lines]
    change(its.stage, *lines)
    rules = rules_of(its.stage)
    assert delegations.silent_cells([its], rules, EARLIER) == len(silent)
    (facts,) = setup.facts_of(its.stage.contest, [], EARLIER).stages or ()
    assert facts.silent_cells == len(silent)
    assert any("chưa có người dự thi và chưa ghi lý do" in one for one in warnings(its)) is bool(silent)
