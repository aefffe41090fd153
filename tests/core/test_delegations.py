"""How many people a unit sends, by its type, and which units keep to it."""

import pytest

from quiz.core.delegations import Delegation, Sent, breaches, faults, from_list, is_full, quota_for

COMMUNE = Delegation("xã", 2, 3)
OTHERS = Delegation("", 1, 1, 1)
BOTH = (COMMUNE, OTHERS)


@pytest.mark.parametrize(
    "delegations, unit_type, quota",
    [(BOTH, "xã", COMMUNE), (BOTH, "thị trấn", OTHERS), ((COMMUNE,), "thị trấn", None), ((), "xã", None)],
)
def test_a_unit_has_the_quota_of_its_type_or_that_of_all_others(delegations, unit_type, quota):
    assert quota_for(delegations, unit_type) == quota


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


def test_without_a_quota_any_number_will_do():
    assert breaches((COMMUNE,), [Sent("thị trấn Hát Lót", "thị trấn", 9, 9)]) == []


def test_three_of_whom_two_are_confirmed_is_two_and_one_in_reserve():
    three = (Delegation("huyện", 2, 2, 1),)
    assert breaches(three, [Sent("huyện Mai Sơn", "huyện", 2, 1)]) == []
    assert len(breaches(three, [Sent("huyện Mai Sơn", "huyện", 3, 0)])) == 1


@pytest.mark.parametrize("count, full", [(0, False), (2, False), (3, True), (4, True)])
def test_a_unit_is_full_at_its_most(count, full):
    assert is_full(BOTH, "xã", count) is full


def test_a_quota_without_a_most_is_never_full():
    assert not is_full((Delegation("", 2),), "xã", 99)
    assert not is_full((), "xã", 99)


@pytest.mark.parametrize(
    "delegations",
    [
        (COMMUNE, Delegation("xã", 1, 1)),
        (Delegation("", 3, 2),),
        (Delegation("", -1),),
        (Delegation("", 0, 0, -1),),
    ],
)
def test_quotas_that_contradict_themselves_are_refused(delegations):
    assert {place for place, _ in faults(delegations)} == {"delegations"}


def test_quotas_come_back_as_they_were_kept():
    kept = [{"unit_type": "xã", "least": 2, "most": 3, "reserves": 0}]
    assert from_list(kept) == (COMMUNE,)
    assert list(faults(BOTH)) == []
