"""Incident 2: one phone dies; the contestant goes on at the proctor's, with the same paper and the same clock (R21)."""

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.timing import MINUTE
from quiz.services import attempts, auth
from tests.factories import make_unit
from tests.incidents.places import (
    BEGIN,
    ITEMS,
    LENGTH,
    answer,
    enter,
    make_district,
    make_part,
    sign_in,
    start,
    stored,
)


@pytest.fixture
def contestant(app):
    """A secretary who sits at home on a phone."""
    return enter(make_part(make_unit("Cò Nòi", make_district())), "Cầm Thị Xuân", "Nà Sản")


def test_incident_2_a_phone_dies_and_its_owner_goes_on_with_the_same_paper_and_clock(contestant):
    phone = sign_in(contestant, BEGIN)
    paper = start(contestant, BEGIN)
    answer(paper, phone, BEGIN + 17 * MINUTE, 1, 12)
    drawn, deadline = paper.paper, paper.deadline

    borrowed = sign_in(contestant, BEGIN + 25 * MINUTE)  # the same card, at the proctor's phone
    again = start(contestant, BEGIN + 26 * MINUTE)  # "Vào thi" is pressed there as it was here
    assert (again.id, again.paper, again.deadline) == (paper.id, drawn, deadline)
    assert deadline == BEGIN + LENGTH * MINUTE  # eight minutes were lost; nobody gave any back
    assert stored(again) == 12

    answer(again, borrowed, BEGIN + 50 * MINUTE, 13, ITEMS)
    done = attempts.submit(again, BEGIN + 55 * MINUTE)
    assert (stored(done), done.raw_score) == (ITEMS, ITEMS * 100)
    assert (done.number, done.time_used) == (1, 55 * MINUTE)


def test_the_first_phone_is_not_signed_out_and_its_choices_still_reach_the_paper(contestant):
    phone = sign_in(contestant, BEGIN)
    paper = start(contestant, BEGIN)
    sign_in(contestant, BEGIN + 20 * MINUTE)
    assert auth.principal_of(phone, BEGIN + 21 * MINUTE) is not None
    answer(paper, phone, BEGIN + 21 * MINUTE, 1, 3)
    assert stored(paper) == 3


def test_nothing_counts_that_either_phone_sends_after_the_one_deadline(contestant):
    phone = sign_in(contestant, BEGIN)
    paper = start(contestant, BEGIN)
    borrowed = sign_in(contestant, BEGIN + 30 * MINUTE)
    for token in (phone, borrowed):
        with pytest.raises(RuleBroken):
            answer(paper, token, BEGIN + (LENGTH + 1) * MINUTE, 1, 1)
    assert stored(paper) == 0
