"""How many people a unit sends, by its own line or its type, and which units keep to it."""

import pytest

from quiz.core.delegations import (
    Delegation,
    Place,
    Sent,
    breaches,
    faults,
    from_list,
    handed_on,
    places_left,
    places_of,
    quota_for,
    units_in,
)

COMMUNE = Delegation("xã", 2, 3)
OTHERS = Delegation("", 1, 1, 1)
BOTH = (COMMUNE, OTHERS)
OWN = Delegation(least=15, most=20, reserves=2, unit_code="CM")
ALL = (COMMUNE, OTHERS, OWN)


@pytest.mark.parametrize(
    "delegations, unit_type, quota",
    [(BOTH, "xã", COMMUNE), (BOTH, "thị trấn", OTHERS), ((COMMUNE,), "thị trấn", None), ((), "xã", None)],
)
def test_a_unit_has_the_quota_of_its_type_or_that_of_all_others(delegations, unit_type, quota):
    assert quota_for(delegations, "CN", unit_type) == quota


@pytest.mark.parametrize(
    "delegations, unit_code, unit_type, quota",
    [
        (ALL, "CM", "xã", OWN),
        (ALL, "CM", "thị trấn", OWN),
        (ALL, "CN", "xã", COMMUNE),
        (ALL, "CN", "thị trấn", OTHERS),
        ((OWN, COMMUNE), "CM", "xã", OWN),
        ((OWN,), "CM", "xã", OWN),
        ((OWN,), "CN", "xã", None),
        ((OWN,), "CN", "", None),
    ],
)
def test_a_units_own_quota_goes_before_that_of_its_type(delegations, unit_code, unit_type, quota):
    assert quota_for(delegations, unit_code, unit_type) == quota


@pytest.mark.parametrize(
    "sent, sentences",
    [
        (Sent("xã Cò Nòi", "xã", 2), []),
        (Sent("xã Cò Nòi", "xã", 3), []),
        (Sent("xã Cò Nòi", "xã", 1), ["xã Cò Nòi mới cử 1 người, chỉ tiêu ít nhất là 2."]),
        (Sent("xã Cò Nòi", "xã", 4), ["xã Cò Nòi cử 4 người, chỉ tiêu nhiều nhất là 3."]),
        (Sent("thị trấn Hát Lót", "thị trấn", 1, 1), []),
        (Sent("thị trấn Hát Lót", "thị trấn", 1, 2), ["thị trấn Hát Lót ghi 2 người dự bị, chỉ tiêu là 1."]),
        (
            Sent("xã Cò Nòi", "xã", 0, 1),
            [
                "xã Cò Nòi mới cử 0 người, chỉ tiêu ít nhất là 2.",
                "xã Cò Nòi ghi 1 người dự bị, chỉ tiêu là 0.",
            ],
        ),
    ],
)
def test_each_unit_that_does_not_keep_to_it_is_named_with_both_numbers(sent, sentences):
    assert [str(problem).removeprefix("entries: ") for problem in breaches(BOTH, [sent])] == sentences


@pytest.mark.parametrize(
    "count, reserves, sentences",
    [
        (20, 2, []),
        (4, 0, ["xã Chiềng Mung mới cử 4 người, chỉ tiêu ít nhất là 15."]),
        (21, 3, ["xã Chiềng Mung cử 21 người, chỉ tiêu nhiều nhất là 20.",
                 "xã Chiềng Mung ghi 3 người dự bị, chỉ tiêu là 2."]),
    ],
)  # fmt: skip
def test_a_unit_with_an_own_quota_is_held_to_that_alone(count, reserves, sentences):
    sent = Sent("xã Chiềng Mung", "xã", count, reserves, "CM")
    assert [str(problem).removeprefix("entries: ") for problem in breaches(ALL, [sent])] == sentences


def test_without_a_quota_any_number_will_do():
    assert breaches((COMMUNE,), [Sent("thị trấn Hát Lót", "thị trấn", 9, 9)]) == []


def test_three_of_whom_two_are_confirmed_is_two_and_one_in_reserve():
    three = (Delegation("huyện", 2, 2, 1),)
    assert breaches(three, [Sent("huyện Mai Sơn", "huyện", 2, 1)]) == []
    assert len(breaches(three, [Sent("huyện Mai Sơn", "huyện", 3, 0)])) == 1


@pytest.mark.parametrize(
    "delegations, unit_code, unit_type, count, left",
    [
        (ALL, "CN", "xã", 0, 3),
        (ALL, "CN", "xã", 3, 0),
        (ALL, "CN", "xã", 4, 0),
        (ALL, "CM", "xã", 3, 17),
        (ALL, "CM", "xã", 20, 0),
        ((Delegation("", 2),), "CN", "xã", 99, None),
        ((COMMUNE, Delegation(least=2, unit_code="CM")), "CM", "xã", 99, None),
        ((), "CN", "xã", 99, None),
    ],
)
def test_places_are_left_up_to_the_most_and_without_end_where_there_is_none(
    delegations, unit_code, unit_type, count, left
):
    assert places_left(quota_for(delegations, unit_code, unit_type), count) == left


@pytest.mark.parametrize(
    "delegations",
    [
        (COMMUNE, Delegation("xã", 1, 1)),
        (Delegation("", 3, 2),),
        (Delegation("", -1),),
        (Delegation("", 0, 0, -1),),
        (Delegation(least=3, most=2, unit_code="CM"),),
        (Delegation("xã", 1, 2, unit_code="CM"),),
    ],
)
def test_quotas_that_contradict_themselves_are_refused(delegations):
    assert [place for place, _ in faults(delegations)] == ["delegations"]


def test_the_places_of_a_round_are_those_of_the_units_that_a_quota_holds_for():
    large, other = Sent("xã Chiềng Mung", "xã", 3, 1, "CM"), Sent("xã Cò Nòi", "xã", 1, 0, "CN")
    assert places_of((OWN,), [other, large]) == [Place(large, OWN, 17)]
    assert places_of(ALL, [other, large]) == [Place(other, COMMUNE, 2), Place(large, OWN, 17)]
    assert places_of((), [other, large]) == []


def test_a_unit_named_twice_is_told_apart_from_a_type_named_twice():
    (unit,) = faults((OWN, Delegation(most=3, unit_code="CM"), COMMUNE))
    (unit_type,) = faults((COMMUNE, COMMUNE, OWN))
    assert [place for place, _ in (unit, unit_type)] == ["unit_quotas", "delegations"]
    assert "cùng một đơn vị" in unit[1] and "cùng một loại đơn vị" in unit_type[1]


def test_quotas_come_back_as_they_were_kept():
    kept = [{"unit_type": "xã", "least": 2, "most": 3, "reserves": 0}]  # before units could be named
    assert from_list(kept) == (COMMUNE,)
    kept = [{"unit_type": "", "least": 15, "most": 20, "reserves": 2, "unit_code": "CM"}]
    assert from_list(kept) == (OWN,)
    assert list(faults(ALL)) == []


@pytest.mark.parametrize(
    "kept, codes",
    [
        ({}, set()),
        ({"delegations": [{"unit_type": "xã", "most": 3}]}, set()),
        ({"delegations": [{"unit_type": "", "most": 3, "unit_code": ""}, {"unit_code": "CM", "most": 9}]}, {"CM"}),
        ({"opens_at": 1}, set()),  # the hours of a round, which an amendment keeps in the same place
    ],
)  # fmt: skip
def test_the_units_that_rules_name_are_read_from_what_is_kept(kept, codes):
    assert units_in(kept) == codes


def own(code, most):
    return Delegation(most=most, unit_code=code)


@pytest.mark.parametrize(
    "heirs, after",
    [
        ({"CM": "CM", "CB": "CB"}, (COMMUNE, own("CM", 20), own("CB", 5))),
        ({"CM": "MOI", "CB": "CB"}, (COMMUNE, own("MOI", 20), own("CB", 5))),
        ({"CB": "CB"}, (COMMUNE, own("CB", 5))),  # nobody has come into the place of the other
        ({"CM": "CB", "CB": "CB"}, (COMMUNE, own("CB", 20))),  # one was merged into the other
        ({"CM": "MOI", "CB": "MOI"}, (COMMUNE, own("MOI", 20))),
        ({}, (COMMUNE,)),
    ],
)
def test_a_units_own_quota_goes_to_whoever_stands_in_its_place_and_the_larger_of_several(heirs, after):
    assert handed_on((COMMUNE, own("CM", 20), own("CB", 5)), heirs) == after


def test_no_limit_is_larger_than_any():
    least = Delegation(least=2, unit_code="CM")
    assert handed_on((own("CB", 5), least), {"CM": "CB", "CB": "CB"}) == (
        Delegation(least=2, unit_code="CB"),
    )
