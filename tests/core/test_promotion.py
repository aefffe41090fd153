"""Who goes on, where a tie stops the board, how it is settled, and who stands in reserve."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.errors import RuleBroken
from quiz.core.promotion import (
    Decision,
    Method,
    Promotion,
    Quota,
    Scope,
    Tie,
    WayOut,
    by_extra_questions,
    by_prize,
    draw,
    kept,
    promoted,
    settle,
)
from quiz.core.ranking import Explanation, Score, Standing, rank
from tests.core.chance import CHANCE

CHOSEN_BY_HAND = [WayOut.EXTRA_QUESTIONS, WayOut.HEAD_DECIDES]


def standings(*points: int) -> list[Standing]:
    """Return the standings of entries 1, 2, 3 … with these points."""
    return rank([Score(entry, p, {}) for entry, p in enumerate(points, start=1)], [])


def in_one(*entries: int) -> dict[int, str]:
    return dict.fromkeys(entries, "")


def top(n: int, reserves: int = 0) -> Quota:
    return Quota(top=n, reserves=reserves)


EVERYBODY = in_one(*range(1, 30))


# The first N


@pytest.mark.parametrize(
    ("what", "points", "n", "chosen"),
    [
        ("the best", (900, 800, 700), 1, (1,)),
        ("the best two", (900, 800, 700), 2, (1, 2)),
        ("as many as there are", (900, 800), 2, (1, 2)),
        ("fewer than there are places", (900, 800), 5, (1, 2)),
        ("nobody sat", (), 3, ()),
        ("two share the first rank and both fit", (900, 900, 700), 2, (1, 2)),
        ("a tie wholly above the cut", (900, 900, 800, 700), 3, (1, 2, 3)),
        ("a tie wholly below the cut", (900, 800, 700, 700), 2, (1, 2)),
        ("everybody is level and everybody fits", (700, 700, 700), 3, (1, 2, 3)),
        ("no places at all", (900, 800), 0, ()),
        ("no places, and a tie at the top", (900, 900), 0, ()),
        ("less than no places", (900, 800, 700), -1, ()),
    ],
)
def test_the_first_n_go_on(what, points, n, chosen):
    outcome = promoted(standings(*points), EVERYBODY, top(n))
    assert outcome == Promotion(chosen, {"": ()} if points else {}, ()), what


@pytest.mark.parametrize(
    ("what", "points", "n", "clear", "tie"),
    [
        ("two for one place", (900, 900), 1, (), Tie("", 1, 1, (1, 2))),
        ("two for the second place", (900, 800, 800), 2, (1,), Tie("", 2, 1, (2, 3))),
        ("three for two places", (900, 800, 800, 800, 700), 3, (1,), Tie("", 2, 2, (2, 3, 4))),
        ("three for one place", (900, 850, 800, 800, 800), 3, (1, 2), Tie("", 3, 1, (3, 4, 5))),
        ("everybody is level", (700, 700, 700, 700), 3, (), Tie("", 1, 3, (1, 2, 3, 4))),
    ],
)
def test_a_tie_at_the_cut_stops_and_names_the_people_and_the_places(what, points, n, clear, tie):
    outcome = promoted(standings(*points), EVERYBODY, top(n, reserves=2))
    assert outcome == Promotion(clear, {"": ()}, (tie,)), what


CLUSTERS = {1: "Cụm 1", 2: "Cụm 1", 3: "Cụm 2", 4: "Cụm 2", 5: "Cụm 1", 6: "Cụm 2"}


@pytest.mark.parametrize("scope", list(Scope))
def test_the_first_n_are_counted_within_each_scope(scope):
    quota = Quota(scope=scope, top=1, reserves=1)
    outcome = promoted(standings(900, 800, 700, 600, 500, 400), CLUSTERS, quota)
    assert outcome == Promotion((1, 3), {"Cụm 1": (2,), "Cụm 2": (4,)}, ())


def test_a_tie_stops_only_its_own_scope():
    outcome = promoted(standings(900, 800, 700, 700, 500, 400), CLUSTERS, top(1, reserves=1))
    assert outcome == Promotion((1,), {"Cụm 1": (2,), "Cụm 2": ()}, (Tie("Cụm 2", 3, 1, (3, 4)),))


def test_a_tie_in_each_of_two_scopes_stops_both():
    """The second must not take the place of the first: a tie nobody is told of is a tie nobody decides."""
    scopes = {1: "Cò Nòi", 2: "Cò Nòi", 3: "Nà Bó", 4: "Nà Bó"}
    outcome = promoted(standings(900, 900, 800, 800), scopes, top(1))
    assert outcome.ties == (Tie("Cò Nòi", 1, 1, (1, 2)), Tie("Nà Bó", 3, 1, (3, 4)))


def test_equal_points_in_different_scopes_are_no_tie():
    outcome = promoted(standings(900, 900, 800), {1: "a", 2: "b", 3: "b"}, top(1))
    assert (outcome.chosen, outcome.ties) == ((1, 2), ())


def test_standings_may_come_in_any_order():
    mixed = list(reversed(standings(900, 800, 700, 600)))
    assert promoted(mixed, EVERYBODY, top(2, reserves=1)) == Promotion((1, 2), {"": (3,)}, ())


# Withdrawn and disqualified people


@pytest.mark.parametrize(
    ("what", "points", "present", "n", "chosen", "ties"),
    [
        ("the best has withdrawn", (900, 800, 700), (2, 3), 1, (2,), ()),
        ("one of a tie has withdrawn, so there is none", (900, 800, 800), (1, 3), 2, (1, 3), ()),
        ("one of three level, two still tie", (800, 800, 800), (1, 3), 1, (), (Tie("", 1, 1, (1, 3)),)),
        ("one ahead of the tie, so both fit", (900, 800, 800, 700), (2, 3, 4), 2, (2, 3), ()),
        ("the cut moves down onto a tie", (900, 800, 700, 700), (2, 3, 4), 2, (2,), (Tie("", 3, 1, (3, 4)),)),
        ("everybody has withdrawn", (900, 800), (), 1, (), ()),
    ],
)
def test_who_has_no_scope_is_passed_over(what, points, present, n, chosen, ties):
    outcome = promoted(standings(*points), in_one(*present), top(n))
    assert (outcome.chosen, outcome.ties) == (chosen, ties), what


# Threshold and manual choice


@pytest.mark.parametrize(
    ("cut_score", "chosen"),
    [(700, (1, 2, 3)), (701, (1,)), (900, (1,)), (901, ()), (699, (1, 2, 3)), (0, (1, 2, 3, 4))],
)
def test_everyone_from_the_cut_score_goes_on_however_many_they_are(cut_score, chosen):
    quota = Quota(method=Method.THRESHOLD, top=1, cut_score=cut_score)
    assert promoted(standings(900, 700, 700, 600), EVERYBODY, quota) == Promotion(chosen, {"": ()}, ())


def test_behind_a_threshold_the_next_stand_in_reserve():
    quota = Quota(method=Method.THRESHOLD, cut_score=700, reserves=2)
    outcome = promoted(standings(900, 700, 650, 600, 500), EVERYBODY, quota)
    assert outcome == Promotion((1, 2), {"": (3, 4)}, ())


def test_where_the_committee_picks_the_rules_choose_nobody_not_even_reserves():
    quota = Quota(method=Method.MANUAL, top=2, reserves=2)
    assert promoted(standings(900, 800, 800), EVERYBODY, quota) == Promotion((), {"": ()}, ())


# By prize

FIRSTS = ("Giải nhất", "Giải nhì")


@pytest.mark.parametrize(
    ("what", "won", "chosen"),
    [
        ("the winners, by rank", {2: ["Giải nhì"], 1: ["Giải nhất"], 3: ["Giải ba"]}, (1, 2)),
        ("a prize shared takes all who share it", {1: ["Giải nhất"], 2: ["Giải nhất"]}, (1, 2)),
        ("equals are no tie where only one of them won", {3: ["Giải nhì"]}, (3,)),
        ("a prize withheld takes nobody", {3: ["Giải nhì"], 4: ["Giải ba"]}, (3,)),
        ("not the rank but the prize", {5: ["Giải nhất"]}, (5,)),
        ("one of several prizes counts", {4: ["Phong cách", "Giải nhì"]}, (4,)),
        ("two that count send one person", {4: ["Giải nhì", "Giải nhất"]}, (4,)),
        ("only prizes that do not count", {1: ["Giải ba"], 2: ["Giải"]}, ()),
        ("the list is closed and nobody won", {}, ()),
    ],
)
def test_the_winners_of_the_prizes_named_go_on_however_many_they_are(what, won, chosen):
    quota = Quota(method=Method.PRIZE, top=1, cut_score=850, prizes=FIRSTS)
    table = standings(900, 800, 700, 700, 600)
    assert promoted(table, EVERYBODY, quota, won=won) == Promotion(chosen, {"": ()}, ()), what


def test_until_the_prizes_are_known_nobody_goes_on_by_them_and_nobody_waits_behind():
    quota = Quota(method=Method.PRIZE, reserves=2, prizes=FIRSTS)
    assert promoted(standings(900, 800, 800), EVERYBODY, quota) == Promotion((), {"": ()}, ())


def test_a_closed_list_on_which_nobody_won_is_known_so_the_reserves_are_too():
    quota = Quota(method=Method("prize"), reserves=1, prizes=FIRSTS)
    assert promoted(standings(900, 800), EVERYBODY, quota, won={}) == Promotion((), {"": (1,)}, ())


@pytest.mark.parametrize("method", [Method.TOP, Method.THRESHOLD])
def test_where_other_rules_choose_the_prizes_change_nothing(method):
    quota, table = Quota(method, top=1, cut_score=900, reserves=1, prizes=FIRSTS), standings(900, 800, 700)
    outcome = promoted(table, EVERYBODY, quota, won={3: ["Giải nhất"]})
    assert outcome == promoted(table, EVERYBODY, quota) == Promotion((1,), {"": (2,)}, ())


def test_behind_the_winners_the_next_by_rank_stand_in_reserve_and_equals_need_an_order():
    quota = Quota(method=Method.PRIZE, reserves=2, prizes=FIRSTS)
    won = {1: ["Giải nhất"], 3: ["Giải nhì"], 2: ["Giải ba"]}
    outcome = promoted(standings(900, 800, 700, 600, 500), EVERYBODY, quota, won=won)
    assert outcome == Promotion((1, 3), {"": (2, 4)}, ())
    level = promoted(standings(900, 800, 700, 600, 600), EVERYBODY, quota, won=won)
    assert level == Promotion((1, 3), {"": (2,)}, (), (Tie("", 4, 1, (4, 5), for_reserves=True),))


def test_a_winner_who_withdrew_does_not_go_on_and_the_prize_sends_nobody_else():
    quota = Quota(method=Method.PRIZE, reserves=1, prizes=FIRSTS)
    won = {1: ["Giải nhất"], 2: ["Giải nhì"]}
    outcome = promoted(standings(900, 800, 700), in_one(2, 3), quota, won=won)
    assert outcome == Promotion((2,), {"": (3,)}, ())


def test_winners_of_several_clusters_go_on_together_each_with_the_reserves_of_the_own():
    quota = Quota(method=Method.PRIZE, scope=Scope.CLUSTER, reserves=1, prizes=FIRSTS)
    won = {1: ["Giải nhất"], 4: ["Giải nhất"]}
    outcome = promoted(standings(900, 800, 700, 600, 500, 400), CLUSTERS, quota, won=won)
    assert outcome == Promotion((1, 4), {"Cụm 1": (2,), "Cụm 2": (3,)}, ())


def test_what_somebody_goes_on_by_is_named_in_the_order_of_the_rules():
    quota = Quota(method=Method.PRIZE, prizes=FIRSTS)
    won = {7: ["Giải nhì", "Phong cách", "Giải nhất"], 8: ["Phong cách"], 9: ["Giải nhì"]}
    assert by_prize(quota, won) == {7: FIRSTS, 9: ("Giải nhì",)}


# The ways out of a tie

TIE = Tie("", 2, 2, (2, 3, 4, 5))


@pytest.mark.parametrize("way", CHOSEN_BY_HAND)
@pytest.mark.parametrize("chosen", [(2, 3), (5, 2), (4, 3)])
def test_those_named_go_on_in_the_order_they_are_named(way, chosen):
    assert settle(TIE, Decision(way, chosen)) == chosen


@pytest.mark.parametrize("way", CHOSEN_BY_HAND)
@pytest.mark.parametrize(
    ("what", "chosen"),
    [
        ("nobody", ()),
        ("too few", (2,)),
        ("too many", (2, 3, 4)),
        ("everybody", (2, 3, 4, 5)),
        ("somebody ahead of the tie", (1, 2)),
        ("somebody behind the tie", (2, 6)),
        ("one person twice", (2, 2)),
        ("two people and one of them twice", (2, 3, 3)),
    ],
)
def test_a_decision_must_name_exactly_as_many_of_the_tied_as_there_are_places(way, what, chosen):
    with pytest.raises(RuleBroken) as refusal:
        settle(TIE, Decision(way, chosen))
    assert str(refusal.value) == "Hãy chọn đúng 2 người trong số những người bằng nhau ở ranh giới.", what
    assert refusal.value.values == {"places": 2}


def test_when_all_go_more_go_than_there_are_places():
    assert settle(TIE, Decision(WayOut.ALL_GO)) == (2, 3, 4, 5)


@pytest.mark.parametrize("seed", ["", " ", "\t"])
def test_a_draw_needs_a_public_number(seed):
    with pytest.raises(RuleBroken) as refusal:
        settle(TIE, Decision(WayOut.DRAW, seed=seed))
    assert str(refusal.value) == "Bốc thăm cần một số công khai để ai cũng kiểm tra được. Hãy nhập số đó."


def test_a_draw_can_be_repeated_by_hand():
    """`printf '27182:2' | sha256sum` begins a0be, and so on; the lowest goes first."""
    by_hand = {2: "a0be", 3: "00c4", 4: "2cdd", 5: "e8c5"}
    for entry, digits in by_hand.items():
        assert hashlib.sha256(f"27182:{entry}".encode()).hexdigest().startswith(digits)
    assert draw((2, 3, 4, 5), "27182") == (3, 4, 2, 5)
    assert settle(TIE, Decision(WayOut.DRAW, seed="27182")) == (3, 4)


def test_a_draw_does_not_depend_on_the_order_in_which_people_are_listed():
    assert draw([5, 3, 2, 4], "27182") == draw([2, 3, 4, 5], "27182")


def test_another_number_gives_another_draw_and_everyone_a_fair_chance():
    firsts = Counter(draw((2, 3, 4, 5), str(seed))[0] for seed in range(400))
    chi_square = sum((firsts[entry] - 100) ** 2 / 100 for entry in (2, 3, 4, 5))
    assert chi_square < 11.34  # 1 % point of chi-square with 3 degrees of freedom


@pytest.mark.parametrize(
    ("what", "decision", "chosen"),
    [
        ("extra questions", Decision(WayOut.EXTRA_QUESTIONS, (3,)), (1, 3)),
        ("the head judge decides", Decision(WayOut.HEAD_DECIDES, (4,)), (1, 4)),
        ("a draw", Decision(WayOut.DRAW, seed="27182"), (1, 3)),
        ("all go", Decision(WayOut.ALL_GO), (1, 2, 3, 4)),
    ],
)
def test_a_decided_tie_no_longer_stops_the_promotion(what, decision, chosen):
    outcome = promoted(standings(900, 800, 800, 800, 700), EVERYBODY, top(2), {("", 2): decision})
    assert (outcome.chosen, outcome.ties) == (chosen, ()), what


@pytest.mark.parametrize(
    ("what", "key"),
    [("another rank", ("", 1)), ("another scope", ("Cụm 2", 2)), ("the reserves", ("reserves:", 2))],
)
def test_a_decision_about_something_else_settles_nothing(what, key):
    decision = Decision(WayOut.ALL_GO)
    assert promoted(standings(900, 800, 800), EVERYBODY, top(2), {key: decision}).ties, what


@pytest.mark.parametrize(
    ("what", "present", "chosen", "open_tie"),
    [
        ("the one who was chosen", (1, 3, 4), (1,), (Tie("", 2, 1, (3, 4)),)),
        ("one who was not", (1, 2, 3), (1, 2), ()),
        ("one ahead, so that there is a place more", (2, 3, 4), (), (Tie("", 2, 2, (2, 3, 4)),)),
    ],
)
def test_after_a_withdrawal_a_decision_counts_only_if_it_still_fits(what, present, chosen, open_tie):
    decisions = {("", 2): Decision(WayOut.HEAD_DECIDES, (2,))}
    outcome = promoted(standings(900, 800, 800, 800, 700), in_one(*present), top(2), decisions)
    assert (outcome.chosen, outcome.ties) == (chosen, open_tie), what


def test_a_draw_outlives_a_withdrawal_because_the_lots_of_the_others_stay():
    decisions = {("", 2): Decision(WayOut.DRAW, seed="27182")}
    outcome = promoted(standings(900, 800, 800, 800, 800), in_one(1, 2, 4, 5), top(2), decisions)
    assert (outcome.chosen, outcome.ties) == ((1, 4), ())


# Reserves


@pytest.mark.parametrize(
    ("what", "points", "n", "reserves", "waiting"),
    [
        ("the next in rank", (900, 800, 700, 600), 1, 2, (2, 3)),
        ("none wanted", (900, 800, 700), 1, 0, ()),
        ("fewer left than wanted", (900, 800), 1, 3, (2,)),
        ("nobody left", (900,), 1, 3, ()),
        ("a tie behind the last reserve", (900, 800, 700, 700), 1, 1, (2,)),
    ],
)
def test_reserves_stand_ready_in_the_order_of_rank(what, points, n, reserves, waiting):
    assert promoted(standings(*points), EVERYBODY, top(n, reserves)).reserves == {"": waiting}, what


@pytest.mark.parametrize(
    ("what", "points", "reserves", "waiting", "tie"),
    [
        ("two for the only place", (900, 800, 800), 1, (), (2, 1, (2, 3))),
        ("three for the last two", (900, 850, 800, 800, 800), 3, (2,), (3, 2, (3, 4, 5))),
        ("as many places as people, but who comes first?", (900, 800, 800), 2, (), (2, 2, (2, 3))),
        ("more places than people", (900, 800, 800), 5, (), (2, 2, (2, 3))),
    ],
)
def test_a_tie_among_the_reserves_stops_only_their_list(what, points, reserves, waiting, tie):
    outcome = promoted(standings(*points), EVERYBODY, top(1, reserves))
    assert outcome == Promotion((1,), {"": waiting}, (), (Tie("", *tie, for_reserves=True),)), what


@pytest.mark.parametrize(
    ("what", "decision", "waiting"),
    [
        ("extra questions", Decision(WayOut.EXTRA_QUESTIONS, (4, 2)), (4, 2)),
        ("the head judge decides", Decision(WayOut.HEAD_DECIDES, (3, 4)), (3, 4)),
        ("a draw", Decision(WayOut.DRAW, seed="27182"), (3, 4)),
    ],
)
def test_a_tie_among_the_reserves_is_decided_under_its_own_key(what, decision, waiting):
    table = standings(900, 800, 800, 800, 700)
    tie = promoted(table, EVERYBODY, top(1, reserves=2)).reserve_ties[0]
    assert tie.key == ("reserves:", 2)
    outcome = promoted(table, EVERYBODY, top(1, reserves=2), {tie.key: decision})
    assert outcome == Promotion((1,), {"": waiting}, ()), what


def test_behind_a_decided_tie_the_list_of_reserves_goes_on():
    decisions = {("reserves:", 2): Decision(WayOut.HEAD_DECIDES, (3, 2))}
    outcome = promoted(standings(900, 800, 800, 700, 600), EVERYBODY, top(1, reserves=3), decisions)
    assert outcome == Promotion((1,), {"": (3, 2, 4)}, ())


def test_reserves_need_an_order_so_not_all_of_them_can_go():
    tie = Tie("", 2, 1, (2, 3), for_reserves=True)
    with pytest.raises(RuleBroken) as refusal:
        settle(tie, Decision(WayOut.ALL_GO))
    assert str(refusal.value) == "Dự bị phải có thứ tự trước sau. Hãy chọn cách khác để xếp thứ tự."


def test_a_decision_that_does_not_fit_leaves_the_reserves_open():
    decisions = {("reserves:", 2): Decision(WayOut.ALL_GO)}
    outcome = promoted(standings(900, 800, 800), EVERYBODY, top(1, reserves=1), decisions)
    assert outcome.reserve_ties == (Tie("", 2, 1, (2, 3), for_reserves=True),)


def test_who_lost_the_draw_at_the_cut_is_in_reserve_in_the_order_drawn():
    decisions = {("", 1): Decision(WayOut.DRAW, seed="27182")}
    table = standings(0, 800, 800, 800, 800)  # the draw of 2, 3, 4, 5 gives 3, 4, 2, 5
    assert promoted(table, EVERYBODY, top(1, reserves=2), decisions) == Promotion((3,), {"": (4, 2)}, ())


@pytest.mark.parametrize(
    ("what", "points", "reserves", "waiting", "tie"),
    [
        ("all apart", {2: 300, 3: 500, 4: 100, 5: 200}, 3, (2, 5, 4), None),
        ("equals behind the last reserve", {2: 300, 3: 500, 4: 100, 5: 100}, 1, (2,), None),
        ("equals for the last place", {2: 300, 3: 500, 4: 100, 5: 100}, 2, (), (2, (2, 4, 5))),
        ("equals in front", {2: 300, 3: 500, 4: 300, 5: 100}, 2, (), (2, (2, 4, 5))),
    ],
)
def test_who_lost_the_extra_questions_is_in_reserve_in_the_order_of_their_points(
    what, points, reserves, waiting, tie
):
    decisions = {("", 2): Decision(WayOut.EXTRA_QUESTIONS, (3,), scores=points)}
    table = standings(900, 800, 800, 800, 800)
    ties = (Tie("", 2, *tie, for_reserves=True),) if tie else ()
    outcome = promoted(table, EVERYBODY, top(2, reserves), decisions)
    assert outcome == Promotion((1, 3), {"": waiting}, (), ties), what


def test_a_decision_about_the_reserves_goes_before_the_points_at_the_cut():
    decisions = {
        ("", 1): Decision(WayOut.EXTRA_QUESTIONS, (2,), scores={1: 100, 2: 300, 3: 200}),
        ("reserves:", 1): Decision(WayOut.HEAD_DECIDES, (1, 3)),
    }
    outcome = promoted(standings(800, 800, 800), EVERYBODY, top(1, reserves=2), decisions)
    assert outcome == Promotion((2,), {"": (1, 3)}, ())


@pytest.mark.parametrize("way", CHOSEN_BY_HAND)
def test_the_only_one_left_of_a_decided_tie_is_the_first_reserve(way):
    decisions = {("", 1): Decision(way, (2,))}
    outcome = promoted(standings(800, 800, 700), EVERYBODY, top(1, reserves=2), decisions)
    assert outcome == Promotion((2,), {"": (1, 3)}, ())


@pytest.mark.parametrize("way", CHOSEN_BY_HAND)
def test_several_left_of_a_decided_tie_still_have_to_be_put_in_order(way):
    decisions = {("", 1): Decision(way, (2,))}
    table = standings(800, 800, 800, 700)
    outcome = promoted(table, EVERYBODY, top(1, reserves=2), decisions)
    assert outcome == Promotion((2,), {"": ()}, (), (Tie("", 1, 2, (1, 3), for_reserves=True),))
    decisions[outcome.reserve_ties[0].key] = Decision(WayOut.HEAD_DECIDES, (3, 1))
    assert promoted(table, EVERYBODY, top(1, reserves=2), decisions) == Promotion((2,), {"": (3, 1)}, ())


def test_when_all_of_a_tie_go_the_reserves_come_from_behind_it():
    decisions = {("", 1): Decision(WayOut.ALL_GO)}
    outcome = promoted(standings(800, 800, 700), EVERYBODY, top(1, reserves=1), decisions)
    assert outcome == Promotion((1, 2), {"": (3,)}, ())


def test_ties_among_the_reserves_of_several_scopes_are_all_named():
    outcome = promoted(standings(900, 800, 700, 600, 800, 600), CLUSTERS, top(1, reserves=1))
    in_first = Tie("Cụm 1", 2, 1, (2, 5), for_reserves=True)
    in_second = Tie("Cụm 2", 5, 1, (4, 6), for_reserves=True)
    assert outcome == Promotion((1, 3), {"Cụm 1": (), "Cụm 2": ()}, (), (in_first, in_second))


def test_reserves_are_counted_within_each_scope():
    outcome = promoted(standings(900, 800, 700, 600, 500, 400), CLUSTERS, top(1, reserves=2))
    assert outcome.reserves == {"Cụm 1": (2, 5), "Cụm 2": (4, 6)}


def test_the_keys_of_the_cut_and_of_the_reserves_of_a_scope_are_apart():
    assert Tie("Cụm 1", 3, 1, (7, 8)).key == ("Cụm 1", 3)
    assert Tie("Cụm 1", 3, 1, (7, 8), for_reserves=True).key == ("reserves:Cụm 1", 3)


# Whatever the standings

POINTS = st.lists(st.sampled_from([500, 600, 700, 800, 900]), max_size=14)
SCOPES = st.lists(st.sampled_from(["", "Cụm 1", "Cụm 2", None]), min_size=14, max_size=14)
QUOTAS = st.builds(
    Quota,
    method=st.sampled_from([Method.TOP, Method.TOP, Method.THRESHOLD]),
    top=st.integers(1, 6),
    cut_score=st.sampled_from([0, 600, 750, 1_000]),
    reserves=st.integers(0, 4),
)


def scopes_of(table: list[Standing], names: list[str | None]) -> dict[int, str]:
    """Return the scope of each entry; None stands for withdrawn."""
    return {s.entry: name for s, name in zip(table, names, strict=False) if name is not None}


def decide_all(outcome: Promotion, way: WayOut) -> dict[tuple[str, int], Decision]:
    """Return a fitting decision for every open tie."""
    ties = [*outcome.ties, *outcome.reserve_ties]
    ways = {tie.key: WayOut.DRAW if tie.for_reserves else way for tie in ties}
    return {tie.key: Decision(ways[tie.key], tuple(reversed(tie.entries))[: tie.places], "9") for tie in ties}


@given(POINTS, SCOPES, QUOTAS)
def test_without_a_decision_nobody_goes_on_beside_or_below_somebody_left_out(points, names, quota):
    table = standings(*points)
    scope_of = scopes_of(table, names)
    outcome = promoted(table, scope_of, quota)
    place = {s.entry: s.rank for s in table}
    for one in outcome.chosen:
        for other in scope_of.keys() - set(outcome.chosen):
            assert scope_of[one] != scope_of[other] or place[one] < place[other]


@given(POINTS, SCOPES, QUOTAS, st.sampled_from(list(WayOut)))
def test_never_more_than_n_of_a_scope_go_on_unless_all_go(points, names, quota, way):
    table = standings(*points)
    scope_of = scopes_of(table, names)
    before = promoted(table, scope_of, quota)
    after = promoted(table, scope_of, quota, decide_all(before, way))
    assert after.ties == ()
    sizes = Counter(scope_of.values())
    for scope, number in Counter(scope_of[entry] for entry in after.chosen).items():
        exact = quota.method is Method.TOP and not (way is WayOut.ALL_GO and before.ties)
        assert not exact or number == min(quota.top, sizes[scope])


@given(POINTS, SCOPES, QUOTAS, st.sampled_from(list(WayOut)))
def test_a_decision_only_ever_parts_those_who_were_level(points, names, quota, way):
    table = standings(*points)
    scope_of = scopes_of(table, names)
    after = promoted(table, scope_of, quota, decide_all(promoted(table, scope_of, quota), way))
    place = {s.entry: s.rank for s in table}
    for one in after.chosen:
        for other in scope_of.keys() - set(after.chosen):
            assert scope_of[one] != scope_of[other] or place[one] <= place[other]


@given(POINTS, SCOPES, QUOTAS)
def test_reserves_are_few_enough_strictly_ordered_and_never_go_on_themselves(points, names, quota):
    table = standings(*points)
    outcome = promoted(table, scopes_of(table, names), quota)
    place = {s.entry: s.rank for s in table}
    for scope, waiting in outcome.reserves.items():
        assert len(waiting) <= quota.reserves
        assert [place[e] for e in waiting] == sorted({place[e] for e in waiting})
        assert not set(waiting) & set(outcome.chosen)
        assert not (waiting and scope in {tie.scope for tie in outcome.ties})


@given(POINTS, SCOPES, QUOTAS, CHANCE)
def test_entry_numbers_decide_nothing(points, names, quota, chance):
    table = standings(*points)
    renamed = dict(zip((s.entry for s in table), chance.sample(range(1_000), len(table)), strict=True))
    other = [Standing(renamed[s.entry], s.rank, s.points, s.explanation) for s in table]
    chance.shuffle(other)
    scope_of = scopes_of(table, names)
    before = promoted(table, scope_of, quota)
    after = promoted(other, {renamed[e]: scope for e, scope in scope_of.items()}, quota)
    assert {renamed[e] for e in before.chosen} == set(after.chosen)
    assert {k: tuple(renamed[e] for e in v) for k, v in before.reserves.items()} == after.reserves
    for ties, same in ((before.ties, after.ties), (before.reserve_ties, after.reserve_ties)):
        named = {(t.key, t.places, frozenset(renamed[e] for e in t.entries)) for t in ties}
        assert named == {(t.key, t.places, frozenset(t.entries)) for t in same}


def test_only_the_rank_counts_for_the_cut_and_not_why_it_was_given():
    why = Explanation(0, 1, (), 0)
    table = [Standing(1, 1, 900, why), Standing(2, 2, 900, why), Standing(3, 3, 900, why)]
    assert promoted(table, EVERYBODY, top(2, reserves=1)) == Promotion((1, 2), {"": (3,)}, ())


@pytest.mark.parametrize(
    ("what", "tie", "scores", "chosen"),
    [
        ("the better one", Tie("", 1, 1, (1, 2)), {1: 100, 2: 200}, (2,)),
        ("two of three", Tie("", 1, 2, (1, 2, 3)), {1: 100, 2: 300, 3: 200}, (2, 3)),
        ("equals clearly above the line", Tie("", 1, 2, (1, 2, 3)), {1: 300, 2: 300, 3: 200}, (1, 2)),
        ("equals clearly below the line", Tie("", 1, 1, (1, 2, 3)), {1: 100, 2: 300, 3: 100}, (2,)),
        ("reserves in their order", Tie("", 2, 2, (1, 2), for_reserves=True), {1: 100, 2: 300}, (2, 1)),
    ],
)
def test_extra_questions_give_the_places_to_the_most_points(what, tie, scores, chosen):
    assert by_extra_questions(tie, scores) == chosen, what
    assert settle(tie, Decision(WayOut.EXTRA_QUESTIONS, chosen)) == chosen


@pytest.mark.parametrize(
    ("what", "tie", "scores", "said"),
    [
        ("equal again", Tie("", 1, 1, (1, 2)), {1: 200, 2: 200}, "vẫn bằng nhau"),
        ("equal across the line", Tie("", 1, 2, (1, 2, 3)), {1: 300, 2: 200, 3: 200}, "vẫn bằng nhau"),
        (
            "reserves without an order",
            Tie("", 2, 2, (1, 2, 3), for_reserves=True),
            {1: 3, 2: 3, 3: 1},
            "vẫn bằng nhau",
        ),
        ("somebody's points missing", Tie("", 1, 1, (1, 2)), {1: 200}, "từng người"),
        ("somebody else's points", Tie("", 1, 1, (1, 2)), {1: 200, 3: 100}, "từng người"),
    ],
)
def test_extra_questions_that_settle_nothing_are_refused(what, tie, scores, said):
    with pytest.raises(RuleBroken, match=said):
        by_extra_questions(tie, scores)


# --- what was said of a tie, once the ranking was corrected --------------------------------------------------------

TWO_EQUAL = {1: 1, 2: 2, 3: 2, 4: 4}


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (TWO_EQUAL, {("", 2): "drawn"}),
        ({1: 3, 2: 1, 3: 1, 4: 4}, {("", 1): "drawn"}),  # the same two, now first
        ({1: 1, 2: 2, 3: 3, 4: 4}, {}),  # parted
        ({1: 1, 2: 2, 3: 2, 4: 2}, {}),  # joined by a third
        ({1: 2, 2: 1, 3: 4, 4: 2}, {}),  # others equal
        ({1: 1, 2: 2, 4: 3}, {}),  # one of them gone
    ],
)
def test_what_was_said_of_a_tie_holds_where_the_very_same_people_stand_equal(now, found):
    assert kept({("", 2): "drawn"}, TWO_EQUAL, now, in_one(1, 2, 3, 4)) == found


def test_what_was_said_is_kept_by_scope_and_apart_for_the_cut_and_for_the_reserves():
    said = {("A", 1): "cut", ("reserves:A", 1): "reserves", ("B", 1): "elsewhere"}
    scopes = {1: "A", 2: "A", 3: "B", 4: "B"}
    now = {1: 2, 2: 2, 3: 1, 4: 2}
    assert kept(said, dict.fromkeys(scopes, 1), now, scopes) == {
        ("A", 2): "cut",
        ("reserves:A", 2): "reserves",
    }


def test_nothing_is_kept_of_a_tie_that_never_was_or_of_people_of_no_scope():
    assert kept({("", 7): "drawn"}, TWO_EQUAL, TWO_EQUAL, in_one(1, 2, 3, 4)) == {}
    assert kept({("", 2): "drawn"}, TWO_EQUAL, TWO_EQUAL, in_one(1, 4)) == {}
