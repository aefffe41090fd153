"""Two people: nobody lets happen what they asked for, whatever account they use."""

import pytest

from quiz.core.approvals import NEEDED, Act, Answer, check_decider, check_open, is_same_person
from quiz.core.errors import AlreadyDone, RuleBroken


@pytest.mark.parametrize(
    "account, person, other, other_person, same",
    [
        (1, None, 1, None, True),
        (1, None, 2, None, False),
        (1, 7, 2, 7, True),  # two accounts of one person
        (1, 7, 2, 8, False),
        (1, None, 2, 7, False),
    ],
)
def test_who_is_the_same_person(account, person, other, other_person, same):
    assert is_same_person(account, person, other, other_person) is same


@pytest.mark.parametrize(
    "answer, is_asker, note, refused",
    [
        (Answer.APPROVED, False, "", None),
        (Answer.APPROVED, True, "", "không tự duyệt"),
        (Answer.REFUSED, False, "Sai số", None),
        (Answer.REFUSED, False, " ", "vì sao"),
        (Answer.REFUSED, True, "Sai số", "không tự duyệt"),
        (Answer.WITHDRAWN, True, "", None),
        (Answer.WITHDRAWN, False, "", "người đề nghị"),
    ],
)
def test_who_may_answer_how(answer, is_asker, note, refused):
    if refused is None:
        check_decider(answer, is_asker, note)
        return
    with pytest.raises(RuleBroken, match=refused):
        check_decider(answer, is_asker, note)


@pytest.mark.parametrize("answer", Answer)
def test_a_request_is_answered_once(answer):
    check_open(None)
    with pytest.raises(AlreadyDone):
        check_open(answer)


def test_every_act_names_the_permission_of_its_second_person():
    assert set(NEEDED) == set(Act)
