"""Who wins what: prize tables of real contests, ties at a line, what the board withholds or gives, every place told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.awards import BoardSays, How, Outcome, awarded, check_settled, exceeds
from quiz.core.errors import RuleBroken
from quiz.core.merits import Contestant, UnitFigures
from quiz.core.prize_templates import TEMPLATES, template
from quiz.core.prizes import (
    AtLine,
    CollectivePrize,
    Kind,
    Measure,
    Merit,
    Prize,
    PrizeTable,
    SpecialPrize,
)
from quiz.core.promotion import Scope
from tests.core.chance import CHANCE


def ranked(*ranks, scope="", first=1):
    """Return contestants with these ranks, numbered on from `first`; the better the rank the more points."""
    return [
        Contestant(entry=first + index, scope=scope, ranked_in=scope, rank=rank, points=6_000 - 100 * rank)
        for index, rank in enumerate(ranks)
    ]


def people(count, scope="", first=1):
    return ranked(*range(1, count + 1), scope=scope, first=first)


def main(*counts, **more):
    names = ("nhất", "nhì", "ba", "khuyến khích")
    return PrizeTable(tuple(Prize(name, count) for name, count in zip(names, counts, strict=False)), **more)


def won(outcome: Outcome, scope="") -> dict[str, list[int]]:
    """Return the entries by prize name, in one scope."""
    return {line.prize: [one.key for one in line.winners] for line in outcome.lines if line.scope == scope}


def counts(outcome: Outcome) -> dict[str, int]:
    """Return how many of each prize are given, over all scopes."""
    found: dict[str, int] = {}
    for line in outcome.lines:
        found[line.prize] = found.get(line.prize, 0) + len(line.winners)
    return found


# --- tables as contests have published them ---------------------------------------------------------------------

CONTESTS = {
    "Cao Lộc, cụm 4: 18 of 18": ("cluster-with-ages", [people(18)],
        {"Giải nhất": 2, "Giải nhì": 4, "Giải ba": 6, "Giải khuyến khích": 6}),
    "Hồng Châu: xuất sắc above nhất, 7 of 7": ("excellent", [people(7)],
        {"Giải xuất sắc": 1, "Giải nhất": 1, "Giải nhì": 2, "Giải ba": 3}),
    "Bình Gia, cụm 2: each of two groups, 23 people": ("groups",
        [people(12, "Khu dân cư"), people(11, "Cơ quan", 20)],
        {"Giải nhất": 2, "Giải nhì": 2, "Giải ba": 4, "Giải khuyến khích": 15}),
    "Đại Từ 2014: A, B, C, 56 of 56": ("letters", [people(56)],
        {"Giải A": 2, "Giải B": 6, "Giải C": 8, "Giải khuyến khích": 40}),
    "Quảng Phú 2025: 7 clusters": ("clusters", [people(12, f"Cụm {n}", 20 * n) for n in range(7)],
        {"Giải nhất": 7, "Giải nhì": 7, "Giải ba": 14, "Giải khuyến khích": 21}),
    "Quế Sơn: one first prize, a certificate for all 11": ("certificate-for-all", [people(11)],
        {"Giải nhất": 1, "Chứng nhận Bí thư chi bộ giỏi": 11}),
}  # fmt: skip


@pytest.mark.parametrize("contest", CONTESTS)
def test_prize_tables_of_real_contests_come_out_as_they_were_published(contest):
    key, scopes, expected = CONTESTS[contest]
    outcome = awarded(template(key).table, [one for scope in scopes for one in scope])
    given_out = counts(outcome)
    assert {name: given_out[name] for name in expected} == expected
    assert outcome.ties == []


def test_cao_loc_gave_four_special_prizes_beside_two_of_them_by_hand():
    born = [date(1957 + number, 3, 1) for number in range(18)]
    contestants = [
        Contestant(one.entry, "", "", one.rank, one.points, birth_date=day)
        for one, day in zip(people(18), born, strict=True)
    ]
    outcome = awarded(
        template("cluster-with-ages").table,
        contestants,
        board=BoardSays(given={"Giải phần thi thuyết trình": (3, 9)}),
    )
    special = {
        line.prize: [one.key for one in line.winners] for line in outcome.lines if line.kind is Kind.SPECIAL
    }
    assert special == {
        "Thí sinh cao tuổi nhất": [1], "Thí sinh trẻ tuổi nhất": [18], "Giải phần thi thuyết trình": [3, 9],
    }  # fmt: skip


def test_every_template_has_a_key_of_its_own_and_something_to_win():
    assert len({one.key for one in TEMPLATES}) == len(TEMPLATES)
    assert not any(one.table.is_empty for one in TEMPLATES)
    assert template("made up") is None


# --- equals at the line of a prize ------------------------------------------------------------------------------

SHARED = {
    "nobody equal": ((1, 2, 3, 4, 5, 6), {"nhất": [1], "nhì": [2, 3], "ba": [4, 5, 6]}),
    "two first: one second fewer": ((1, 1, 3, 4, 5, 6), {"nhất": [1, 2], "nhì": [3], "ba": [4, 5, 6]}),
    "three first: no second": ((1, 1, 1, 4, 5, 6), {"nhất": [1, 2, 3], "nhì": [], "ba": [4, 5, 6]}),
    "five first: two off the third too": (
        (1, 1, 1, 1, 1, 6), {"nhất": [1, 2, 3, 4, 5], "nhì": [], "ba": [6]}
    ),
    "equals within a prize": ((1, 2, 2, 4, 5, 6), {"nhất": [1], "nhì": [2, 3], "ba": [4, 5, 6]}),
    "equals past the last place": (
        (1, 2, 3, 4, 5, 6, 6, 6), {"nhất": [1], "nhì": [2, 3], "ba": [4, 5, 6, 7, 8]}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHARED)
def test_sharers_all_get_the_prize_and_the_next_is_reduced(case):
    ranks, expected = SHARED[case]
    assert won(awarded(main(1, 2, 3), ranked(*ranks))) == expected


@pytest.mark.parametrize("ranks", [(1, 2, 3, 4), (1, 1, 3, 4), (1, 2, 2, 2, 5, 6), (1, 1, 1)], ids=str)
def test_a_prize_for_everybody_left_is_not_reduced_by_sharers_of_a_higher_one(ranks):
    table = PrizeTable((Prize("nhất", 1), Prize("nhì", 1), Prize("khuyến khích", None)))
    outcome = awarded(table, ranked(*ranks))
    assert sorted(key for keys in won(outcome).values() for key in keys) == list(range(1, len(ranks) + 1))
    last = outcome.lines[-1]
    assert last.absorbed == 0 and last.places == len(last.winners)


def test_a_shared_prize_says_so():
    line = awarded(main(1, 2), ranked(1, 1, 3)).lines[0]
    assert [one.how for one in line.winners] == [How.SHARED, How.SHARED]
    assert line.extra == 1


def test_where_the_board_decides_a_tie_stops_its_scope_and_names_the_people():
    outcome = awarded(main(1, 2, at_line=AtLine.BOARD), ranked(1, 1, 3, 4))
    assert [(tie.prize, tie.places, tie.among) for tie in outcome.ties] == [("nhất", 1, (1, 2))]
    assert won(outcome) == {"nhất": [], "nhì": []}
    assert [line.undecided for line in outcome.lines] == [1, 2]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ((2,), {"nhất": [2], "nhì": [1, 3]}),
        ((1, 2), {"nhất": [1, 2], "nhì": [3]}),
    ],
    ids=["one of them", "both share"],
)
def test_the_boards_decision_settles_the_tie(chosen, expected):
    says = BoardSays(settled={("nhất", ""): chosen})
    outcome = awarded(main(1, 2, at_line=AtLine.BOARD), ranked(1, 1, 3, 4), board=says)
    assert won(outcome) == expected
    assert outcome.ties == []
    assert outcome.lines[0].winners[0].how is How.DECIDED


@pytest.mark.parametrize("chosen", [(), (3,), (1, 3), (1, 1)], ids=str)
def test_a_decision_that_does_not_fit_leaves_the_tie_open(chosen):
    table = main(1, 2, at_line=AtLine.BOARD)
    outcome = awarded(table, ranked(1, 1, 3, 4), board=BoardSays(settled={("nhất", ""): chosen}))
    assert len(outcome.ties) == 1
    with pytest.raises(RuleBroken):
        check_settled(outcome.ties[0], chosen)


def test_a_tie_in_one_cluster_leaves_the_others_alone():
    table = main(1, 1, scope=Scope.CLUSTER, at_line=AtLine.BOARD)
    outcome = awarded(table, [*ranked(1, 1, scope="A"), *ranked(1, 2, scope="B", first=10)])
    assert won(outcome, "B") == {"nhất": [10], "nhì": [11]}
    assert [tie.scope for tie in outcome.ties] == ["A"]


# --- conditions, and what the board says -------------------------------------------------------------------------


def test_a_prize_whose_points_nobody_reaches_is_not_given_and_does_not_pass_down():
    table = PrizeTable((Prize("nhất", 1, min_points=5_950), Prize("nhì", 2)))
    outcome = awarded(table, people(5))
    assert won(outcome) == {"nhất": [], "nhì": [1, 2]}
    assert outcome.lines[0].unfilled == 1


def test_a_prize_can_ask_for_a_rank_within_its_scope():
    table = PrizeTable((Prize("nhất", 3, last_rank=1), Prize("nhì", 1)), Scope.CLUSTER)
    all_ranked = [Contestant(n, "AB"[n % 2], "", n, 3_000 - n) for n in range(1, 7)]
    outcome = awarded(table, all_ranked)
    assert won(outcome, "A") == {"nhất": [2], "nhì": [4]}
    assert won(outcome, "B") == {"nhất": [1], "nhì": [3]}


def test_what_the_board_withholds_goes_to_nobody_and_the_best_come_next():
    outcome = awarded(main(1, 2), people(5), board=BoardSays(withheld={("nhất", ""): 1}))
    assert won(outcome) == {"nhất": [], "nhì": [1, 2]}
    assert outcome.lines[0].withheld == 1


def test_no_more_can_be_withheld_than_there_is():
    line = awarded(main(2), people(5), board=BoardSays(withheld={("nhất", ""): 9})).lines[0]
    assert (line.withheld, line.winners) == (2, ())


def test_a_main_prize_given_by_hand_stands_beside_the_table_and_frees_the_own_place():
    outcome = awarded(main(1, 2), people(5), board=BoardSays(given={"nhất": (2,)}))
    assert won(outcome) == {"nhất": [1, 2], "nhì": [3, 4]}
    assert [one.how for one in outcome.lines[0].winners] == [How.RULE, How.BY_HAND]


def test_who_is_passed_over_wins_nothing_and_the_next_moves_up():
    born = date(1950, 1, 1)
    contestants = [
        Contestant(n, "", "", n, 3_000 - n, birth_date=born.replace(year=1950 + n)) for n in (1, 2, 3)
    ]
    table = PrizeTable((Prize("nhất", 1),), special=(SpecialPrize("già", Merit.OLDEST),))
    outcome = awarded(table, contestants, board=BoardSays(passed_over=frozenset({1})))
    assert won(outcome) == {"nhất": [2], "già": [2]}


# --- special prizes ---------------------------------------------------------------------------------------------


def person(entry, rank, *, born=None, woman=False, ranked_in="", part=0, **topics):
    return Contestant(
        entry, "", ranked_in, rank, 3_000 - 100 * rank, birth_date=born, is_woman=woman, topic_points=topics,
        part_points={"Chào hỏi": part},
    )  # fmt: skip


def special_of(merit, contestants, at_line=AtLine.SHARE, **more):
    table = PrizeTable(special=(SpecialPrize("giải", merit, **more),), at_line=at_line)
    return awarded(table, contestants).lines[0]


SPECIAL = {
    "the oldest": (Merit.OLDEST, {}, [3]),
    "the youngest": (Merit.YOUNGEST, {}, [1]),
    "the best woman": (Merit.BEST_WOMAN, {}, [2]),
    "the best in a topic; of equals there, the higher rank": (Merit.BEST_TOPIC, {"topic": "dieu_le"}, [2]),
    "everyone": (Merit.EVERYONE, {}, [1, 2, 3, 4]),
    "everyone from a number of points": (Merit.EVERYONE, {"min_points": 2_800}, [1, 2]),
    "the oldest two": (Merit.OLDEST, {"count": 2}, [3, 2]),
}


@pytest.mark.parametrize("case", SPECIAL)
def test_special_prizes_find_their_winner(case):
    merit, more, expected = SPECIAL[case]
    contestants = [
        person(1, 1, born=date(1990, 1, 1), dieu_le=500),
        person(2, 2, born=date(1960, 5, 2), woman=True, dieu_le=700),
        person(3, 3, born=date(1955, 5, 1), woman=True, dieu_le=700),
        person(4, 4),
    ]
    assert [one.key for one in special_of(merit, contestants, **more).winners] == expected


def test_two_born_on_one_day_are_both_named_or_left_to_the_board():
    twins = [person(1, 1, born=date(1955, 5, 1)), person(2, 2, born=date(1955, 5, 1)), person(3, 3)]
    assert [one.key for one in special_of(Merit.OLDEST, twins).winners] == [1, 2]
    assert special_of(Merit.OLDEST, twins, AtLine.BOARD).tie.among == (1, 2)


def test_nobody_is_best_in_a_topic_without_a_point_in_it():
    assert special_of(Merit.BEST_TOPIC, [person(1, 1, other=100)], topic="dieu_le").unfilled == 1


def test_what_the_best_in_a_topic_earned_in_it_is_kept():
    line = special_of(
        Merit.BEST_TOPIC, [person(1, 1, dieu_le=300), person(2, 2, dieu_le=450)], topic="dieu_le"
    )
    assert [(one.key, one.figure) for one in line.winners] == [(2, (450, 0))]


PARTS = {
    "the highest points in the part, whatever the rank": ({1: 1850, 2: 1600, 3: 1900}, [3], [1900]),
    "of equals there, the higher rank": ({1: 1600, 2: 1900, 3: 1900}, [2], [1900]),
    "nobody without a point in it": ({}, [], []),
}


@pytest.mark.parametrize("case", PARTS)
def test_the_best_in_a_part_is_found_and_what_was_earned_in_it_is_kept(case):
    earned, expected, figures = PARTS[case]
    line = special_of(
        Merit.BEST_PART, [person(key, key, part=earned.get(key, 0)) for key in (1, 2, 3)], part="Chào hỏi"
    )
    assert [one.key for one in line.winners] == expected
    assert [one.figure for one in line.winners] == [(points, 0) for points in figures]


def test_equals_in_the_part_and_in_rank_share_it_or_are_left_to_the_board():
    twins = [person(1, 1, part=1900), person(2, 1, part=1900), person(3, 3, part=1800)]
    assert [one.key for one in special_of(Merit.BEST_PART, twins, part="Chào hỏi").winners] == [1, 2]
    assert special_of(Merit.BEST_PART, twins, AtLine.BOARD, part="Chào hỏi").tie.among == (1, 2)


def test_over_clusters_ranked_apart_points_compare_and_not_ranks():
    contestants = [
        Contestant(1, "", "A", 1, 1_000, is_woman=True),
        Contestant(2, "", "B", 2, 2_000, is_woman=True),
    ]
    assert [one.key for one in special_of(Merit.BEST_WOMAN, contestants).winners] == [2]


# --- collective prizes ------------------------------------------------------------------------------------------

UNITS = [
    UnitFigures(1, 21, 21, 21),
    UnitFigures(2, 7, 7, 7),
    UnitFigures(3, 24, 22, 23),
    UnitFigures(4, 3, 3, 3),
]
TEAMS = [  # unit 1: ranks 1 and 5, unit 2: ranks 2 and 3, unit 3: rank 4
    Contestant(n, "", "", n, 3_000 - 100 * n, unit=unit) for n, unit in enumerate((1, 2, 2, 3, 1), start=1)
]

COLLECTIVE = {
    "rate; of equal rates more cells": ({"measure": Measure.PARTICIPATION}, [1], (21, 21)),
    "rate among units large enough": ({"measure": Measure.PARTICIPATION, "min_size": 22}, [3], (22, 24)),
    "most people": ({"measure": Measure.CONTESTANTS}, [3], (23, 0)),
    "most winners; of as many more of the highest": ({"measure": Measure.WINNERS}, [1], (2, 0)),
    "mean of the best two": ({"measure": Measure.BEST_MEAN, "best": 2}, [2], (5_500, 2)),
    "mean of the best one": ({"measure": Measure.BEST_MEAN, "best": 1}, [1], (2_900, 1)),
    "a mean nobody has people enough for": ({"measure": Measure.BEST_MEAN, "best": 3}, [], None),
}


@pytest.mark.parametrize("case", COLLECTIVE)
def test_collective_prizes_follow_their_stated_rule(case):
    settings, expected, figure = COLLECTIVE[case]
    table = main(1, 1, 3)
    table = PrizeTable(table.prizes, collective=(CollectivePrize("tập thể", **settings),))
    line = awarded(table, TEAMS, UNITS).lines[-1]
    assert [one.key for one in line.winners] == expected
    assert [one.figure for one in line.winners] == ([figure] if figure else [])


def test_the_most_winners_wait_until_the_main_prizes_are_settled():
    table = PrizeTable(
        (Prize("nhất", 1),), at_line=AtLine.BOARD, collective=(CollectivePrize("tập thể", Measure.WINNERS),)
    )
    level = [Contestant(n, "", "", 1, 100, unit=n) for n in (1, 2)]
    assert awarded(table, level, UNITS).lines[-1].undecided == 1


def test_a_collective_prize_can_be_left_to_the_board():
    table = PrizeTable(collective=(CollectivePrize("tập thể", Measure.BY_HAND, 2),))
    line = awarded(table, TEAMS, UNITS, BoardSays(given={"tập thể": (3,)})).lines[0]
    assert ([one.key for one in line.winners], line.unfilled) == ([3], 1)


@pytest.mark.parametrize(("won_prizes", "too_many"), [(28, False), (29, True)])
def test_more_prizes_than_the_share_allowed_are_noticed(won_prizes, too_many):
    assert exceeds(PrizeTable(most_percent=50), 56, won_prizes) is too_many
    assert not exceeds(PrizeTable(), 56, 56)


# --- whatever the ranking, the table and the board --------------------------------------------------------------

MAIN = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from([0, 2_500]), st.sampled_from([None, 3])), max_size=4
)
FEW = st.integers(1, 2)
PEOPLE = st.lists(
    st.tuples(
        st.integers(1, 6), st.sampled_from("AB"), st.sampled_from([None, 1, 2]),
        st.sampled_from([None, date(1950, 1, 1), date(1960, 1, 1)]), st.booleans(), st.integers(0, 2),
    ),
    max_size=9,
)  # fmt: skip
KEYS = st.integers(1, 9)
HAND = st.lists(KEYS, unique=True, max_size=2).map(tuple)
SETTLED = st.lists(KEYS, max_size=3, unique=True).map(tuple)
LEFT_OUT = st.sets(KEYS, max_size=2).map(frozenset)
UP_TO_THREE = st.integers(1, 3)
LINES = st.sampled_from(list(AtLine))


@st.composite
def scenes(draw):
    """A table, a ranking with ties, units, and a board that says all kinds of things."""
    rows = draw(MAIN)
    prizes = tuple(Prize(f"giải {n}", *row) for n, row in enumerate(rows))
    if prizes and draw(st.booleans()):
        prizes = (*prizes[:-1], Prize(prizes[-1].name, None))
    special = tuple(SpecialPrize(str(merit), merit, draw(FEW), "t") for merit in Merit)
    collective = tuple(
        CollectivePrize(str(one), one, 1, best=1) for one in Measure if one is not Measure.BY_HAND
    )
    table = PrizeTable(prizes, Scope.CLUSTER, draw(LINES), special, collective)
    contestants = [
        Contestant(
            entry, scope, "", rank, 3_000 - 100 * rank, unit=unit, birth_date=born, is_woman=is_woman,
            topic_points={"t": points},
        )
        for entry, (rank, scope, unit, born, is_woman, points) in enumerate(draw(PEOPLE), start=1)
    ]  # fmt: skip
    names = st.sampled_from([prize.name for prize in prizes] or ["x"])
    spots = st.tuples(names, st.sampled_from("AB"))
    board = BoardSays(
        withheld=draw(st.dictionaries(spots, UP_TO_THREE, max_size=2)),
        settled=draw(st.dictionaries(spots, SETTLED, max_size=2)),
        given={draw(names): draw(HAND)},
        passed_over=draw(LEFT_OUT),
    )
    units = [UnitFigures(1, 5, 4, 4), UnitFigures(2, 3, 3, 3)]
    return table, contestants, units, board


@given(scenes(), CHANCE)
def test_the_order_of_what_goes_in_never_matters(scene, chance):
    table, contestants, units, board = scene
    mixed, other_units = list(contestants), list(units)
    chance.shuffle(mixed)
    chance.shuffle(other_units)
    assert awarded(table, mixed, other_units, board) == awarded(table, contestants, units, board)


@given(scenes())
def test_nobody_gets_two_main_prizes_and_who_is_passed_over_gets_none(scene):
    table, contestants, units, board = scene
    outcome = awarded(table, contestants, units, board)
    main_winners = [winner.key for _line, winner in outcome.winners(Kind.MAIN)]
    assert len(set(main_winners)) == len(main_winners)
    everybody = {winner.key for _line, winner in outcome.winners(Kind.MAIN, Kind.SPECIAL)}
    assert not everybody & board.passed_over


@given(scenes())
def test_every_place_of_the_table_is_accounted_for(scene):
    table, contestants, units, board = scene
    for line in awarded(table, contestants, units, board).lines:
        by_table = [one for one in line.winners if one.how is not How.BY_HAND or _names_nobody(table, line)]
        told = len(by_table) + line.absorbed + line.withheld + line.unfilled + line.undecided
        assert line.places + line.extra == told


def _names_nobody(table, line):
    rows = [*table.special, *table.collective]
    return any(
        row.name == line.prize and (getattr(row, "merit", None) or row.measure) == "by_hand" for row in rows
    )


@given(scenes())
def test_nobody_wins_a_main_prize_while_somebody_better_of_the_scope_who_is_fit_has_a_lower_one_or_none(
    scene,
):
    table, contestants, units, board = scene
    table = PrizeTable(tuple(Prize(prize.name, prize.count) for prize in table.prizes), Scope.CLUSTER)
    outcome = awarded(table, contestants, units, BoardSays(withheld=board.withheld))
    height = {}
    for line in outcome.lines:
        for winner in line.winners:
            height[winner.key] = table.names.index(line.prize)
    worst = len(table.prizes)
    for one in contestants:
        for other in contestants:
            if one.scope == other.scope and one.rank < other.rank:
                assert height.get(one.entry, worst) <= height.get(other.entry, worst)
