"""What is counted from the lists of a contest: nobody is guessed, equals are named together."""

from datetime import date

import pytest

from quiz.core.head_counts import (
    age_bands,
    age_on,
    is_minority,
    oldest,
    people_of,
    peoples,
    prizes_by_name,
    youngest,
)
from quiz.core.people import Position, Sex
from quiz.core.prizes import Kind
from tests.files.office_samples import contestant, figures


@pytest.mark.parametrize(
    ("people", "minority"),
    [
        ("Thái", True),
        ("Kinh", False),
        ("kinh", False),
        (" KINH ", False),
        ("Khơ Mú", True),
        ("", False),
        ("  ", False),
    ],
)
def test_who_is_of_the_majority_or_has_nothing_written_down_is_no_minority(people, minority):
    assert is_minority(contestant(0, ethnicity=people)) is minority


def test_people_are_counted_and_the_unknown_stand_apart():
    people = [
        contestant(0, sex=Sex.FEMALE, ethnicity="Thái", position=Position.SECRETARY, is_village_head=True),
        contestant(
            1, sex=Sex.MALE, ethnicity="Kinh", position=Position.DEPUTY_SECRETARY, is_village_head=False
        ),
        contestant(2, sex=None, ethnicity="", position=Position.OTHER, is_village_head=False),
    ]
    found = people_of(people)
    assert (found.total, found.women, found.unknown_sex) == (3, 1, 1)
    assert (found.minority, found.unknown_ethnicity) == (1, 1)
    assert (found.secretaries, found.deputies, found.others, found.village_heads) == (1, 1, 1, 1)


def test_peoples_stand_by_number_and_one_writing_is_one_people():
    people = [
        contestant(n, ethnicity=name) for n, name in enumerate(("Mông", "Thái", "Tha\u0301i", "", "Kinh"))
    ]
    assert peoples(people) == [("Thái", 2), ("Kinh", 1), ("Mông", 1)]


@pytest.mark.parametrize(
    ("born", "age"),
    [(date(1956, 2, 5), 67), (date(1956, 2, 6), 66), (date(2004, 2, 29), 18), (date(2023, 2, 5), 0)],
)
def test_age_is_in_whole_years(born, age):
    assert age_on(born, date(2023, 2, 5)) == age


def test_the_oldest_born_on_one_day_are_named_together_and_who_has_no_birthday_is_neither():
    people = [
        contestant(0, birth_date=date(1956, 1, 1)),
        contestant(1, birth_date=date(1956, 1, 1)),
        contestant(2, birth_date=date(1999, 1, 1)),
        contestant(3, birth_date=None),
    ]
    assert [one.entry for one in oldest(people)] == [0, 1]
    assert [one.entry for one in youngest(people)] == [2]
    assert oldest(people[3:]) == youngest([]) == []


def test_each_age_is_in_one_band():
    people = [contestant(n, birth_date=date(2023 - age, 1, 1)) for n, age in enumerate((30, 31, 40, 61, 99))]
    assert [count for _, _, count in age_bands(people, date(2023, 2, 5))] == [1, 2, 0, 0, 2]
    assert sum(count for _, _, count in age_bands([contestant(0, birth_date=None)], date(2023, 2, 5))) == 0


def test_prizes_are_counted_in_their_order():
    assert prizes_by_name(figures().won) == [
        (Kind.MAIN, "Nhất", 1),
        (Kind.MAIN, "Nhì", 2),
        (Kind.MAIN, "Ba", 2),
        (Kind.SPECIAL, "Thí sinh cao tuổi nhất", 1),
        (Kind.COLLECTIVE, "Tham gia tốt nhất", 1),
    ]
