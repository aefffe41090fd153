"""What a response earns, what an attempt adds up to, and what changes when a key is corrected."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.marking import Choice, MarkedItem, Marks, Scheme, Treatment, key_on_paper, mark, mark_item

WHOLE = Scheme(points_per_item=100)
PARTIAL = Scheme(points_per_item=100, partial=True)


def item(*key: int, options: int = 4, topic: str = "dieu-le", level: str = "remember") -> MarkedItem:
    return MarkedItem(frozenset(key), options, topic, level)


def took(*places: int) -> Choice:
    return frozenset(places)


def subsets(options: int) -> list[Choice]:
    return [frozenset(c) for size in range(options + 1) for c in combinations(range(options), size)]


@pytest.mark.parametrize(
    ("what", "marked", "choice", "points"),
    [
        ("the key of a single choice", item(2), took(2), 100),
        ("a distractor", item(2), took(0), 0),
        ("nothing", item(2), took(), 0),
        ("the key and a distractor", item(2), took(2, 3), 0),
        ("a place that is not on the paper", item(2), took(7), 0),
        ("the right word of true or false", item(0, options=2), took(0), 100),
        ("the wrong word of true or false", item(0, options=2), took(1), 0),
        ("both words of true or false", item(0, options=2), took(0, 1), 0),
        ("all keys of a multiple choice", item(0, 2), took(0, 2), 100),
        ("some keys of a multiple choice", item(0, 2), took(0), 0),
        ("all keys and a distractor", item(0, 2), took(0, 2, 3), 0),
        ("no option of a multiple choice", item(0, 2), took(), 0),
        ("every option, where every one is a key", item(0, 1, 2), took(0, 1, 2), 100),
    ],
)
def test_without_partial_marks_only_exactly_the_key_earns_the_points(what, marked, choice, points):
    assert mark_item(marked, choice, WHOLE) == points, what


@pytest.mark.parametrize(
    ("what", "marked", "choice", "points"),
    [
        ("both keys of two", item(0, 2), took(0, 2), 100),
        ("one key of two", item(0, 2), took(2), 50),
        ("one key and one of two distractors", item(0, 2), took(0, 1), 0),
        ("both keys and one of two distractors", item(0, 2), took(0, 1, 2), 50),
        ("every option", item(0, 2), took(0, 1, 2, 3), 0),
        ("only distractors", item(0, 2), took(1, 3), 0),
        ("nothing", item(0, 2), took(), 0),
        ("one key of three, cut down", item(0, 1, 2, options=5), took(0), 33),
        ("two keys of three, cut down", item(0, 1, 2, options=5), took(0, 1), 66),
        ("three keys of three and one of three distractors", item(0, 1, 2, options=6), took(0, 1, 2, 3), 66),
        ("every option, where only one is a distractor", item(0, 1, 2), took(0, 1, 2, 3), 0),
        ("some options, where every one is a key", item(0, 1, 2, 3), took(0, 1, 2), 75),
        ("the key of a single choice", item(1), took(1), 100),
        ("the key of a single choice and a distractor", item(1, options=3), took(1, 2), 0),
    ],
)
def test_partial_marks_give_the_share_of_keys_less_the_share_of_distractors(what, marked, choice, points):
    assert mark_item(marked, choice, PARTIAL) == points, what


@pytest.mark.parametrize("points", [1, 25, 50, 100, 250, 10_000])
def test_the_scheme_says_what_an_item_is_worth(points):
    assert mark_item(item(3), took(3), Scheme(points)) == points
    assert mark_item(item(0, 1), took(0), Scheme(points, partial=True)) == points // 2


@pytest.mark.parametrize("options", [2, 3, 4, 5])
@pytest.mark.parametrize("partial", [False, True])
def test_marks_agree_with_the_definition_for_every_key_and_every_choice(options, partial):
    scheme = Scheme(points_per_item=175, partial=partial)
    for key in subsets(options)[1:]:
        others = frozenset(range(options)) - key
        for choice in subsets(options):
            right = Fraction(len(choice & key), len(key))
            wrong = Fraction(len(choice & others), len(others)) if others else Fraction(0)
            whole = Fraction(int(choice == key))
            share = max(Fraction(0), right - wrong) if partial and len(key) > 1 else whole
            assert mark_item(item(*key, options=options), choice, scheme) == int(share * 175)


@pytest.mark.parametrize(
    ("key", "order", "places"),
    [
        ((0,), (0, 1, 2, 3), {0}),
        ((0,), (3, 2, 1, 0), {3}),
        ((2,), (2, 0, 1), {0}),
        ((1, 3), (3, 0, 1, 2), {0, 2}),
        ((3, 1), (3, 0, 1, 2), {0, 2}),
        ((), (1, 0), set()),
    ],
)
def test_the_key_is_found_where_its_options_stand_on_the_paper(key, order, places):
    assert key_on_paper(key, order) == places


@given(st.permutations(range(5)), st.sets(st.integers(0, 4), min_size=1))
def test_shuffling_the_options_never_changes_what_a_choice_earns(order, authored_choice):
    authored = item(1, 4, options=5)
    shown = item(*key_on_paper((1, 4), order), options=5)
    choice = frozenset(place for place, option in enumerate(order) if option in authored_choice)
    assert mark_item(shown, choice, PARTIAL) == mark_item(authored, frozenset(authored_choice), PARTIAL)


PAPER = [
    item(0, topic="dieu-le", level="remember"),
    item(1, topic="dieu-le", level="apply"),
    item(0, 1, topic="huong-dan", level="apply"),
    item(1, options=2, topic="huong-dan", level="understand"),
    item(3, topic="dieu-le", level="remember"),
]
CHOICES = {0: took(0), 1: took(2), 2: took(0), 3: took(1), 4: took()}


def test_an_attempt_adds_up_by_position_topic_and_level():
    assert mark(PAPER, CHOICES, PARTIAL) == Marks(
        points=(100, 0, 50, 100, 0),
        raw_score=250,
        max_score=500,
        correct=2,
        omitted=1,
        by_topic={"dieu-le": 100, "huong-dan": 150},
        by_level={"remember": 100, "apply": 50, "understand": 100},
    )


def test_without_partial_marks_half_a_response_is_worth_nothing():
    marks = mark(PAPER, CHOICES, WHOLE)
    assert (marks.points, marks.raw_score, marks.correct) == ((100, 0, 0, 100, 0), 200, 2)


def test_a_blank_paper_earns_nothing_and_every_item_of_it_is_omitted():
    marks = mark(PAPER, {}, WHOLE)
    assert (marks.raw_score, marks.correct, marks.omitted) == (0, 0, 5)
    assert marks.by_topic == {"dieu-le": 0, "huong-dan": 0}
    assert marks.by_level == {"remember": 0, "apply": 0, "understand": 0}


def test_a_faultless_paper_earns_the_maximum():
    marks = mark(PAPER, {i: marked.key for i, marked in enumerate(PAPER)}, Scheme(40))
    assert (marks.raw_score, marks.max_score, marks.correct, marks.omitted) == (200, 200, 5, 0)


def test_a_choice_taken_back_counts_as_omitted_like_one_never_made():
    assert mark(PAPER, {0: took()}, WHOLE) == mark(PAPER, {}, WHOLE)


def test_a_response_at_a_place_the_paper_does_not_have_changes_nothing():
    assert mark(PAPER, CHOICES | {99: took(0)}, PARTIAL) == mark(PAPER, CHOICES, PARTIAL)


def test_an_empty_paper_has_no_points():
    assert mark([], {}, WHOLE) == Marks((), 0, 0, 0, 0, {}, {})


def test_marking_again_with_a_corrected_key_moves_only_that_item():
    before = mark(PAPER, CHOICES, WHOLE)
    corrected = [*PAPER[:1], item(2, topic="dieu-le", level="apply"), *PAPER[2:]]
    after = mark(corrected, CHOICES, WHOLE)
    assert before.points == (100, 0, 0, 100, 0)
    assert after.points == (100, 100, 0, 100, 0)
    assert (after.raw_score, after.by_topic["dieu-le"], after.by_level["apply"]) == (300, 200, 100)


def test_marking_again_with_the_same_key_changes_nothing():
    assert mark(PAPER, CHOICES, PARTIAL) == mark(list(PAPER), dict(CHOICES), PARTIAL)


ITEMS = st.builds(
    MarkedItem,
    key=st.frozensets(st.integers(0, 3), min_size=1),
    option_count=st.just(4),
    topic=st.sampled_from(["a", "b", "c"]),
    level=st.sampled_from(["remember", "apply"]),
)
PAPERS = st.lists(ITEMS, max_size=12)
RESPONSES = st.dictionaries(st.integers(0, 11), st.frozensets(st.integers(0, 3)), max_size=12)
SCHEMES = st.builds(Scheme, points_per_item=st.integers(1, 1_000), partial=st.booleans())


@given(PAPERS, RESPONSES, SCHEMES)
def test_the_sums_by_topic_and_by_level_are_the_raw_score(items, choices, scheme):
    marks = mark(items, choices, scheme)
    assert sum(marks.points) == marks.raw_score
    assert sum(marks.by_topic.values()) == sum(marks.by_level.values()) == marks.raw_score
    assert 0 <= marks.raw_score <= marks.max_score == len(items) * scheme.points_per_item
    assert all(0 <= earned <= scheme.points_per_item for earned in marks.points)
    assert marks.correct + marks.omitted <= len(items)


@given(PAPERS, RESPONSES, SCHEMES)
def test_taking_the_key_at_one_more_place_never_costs_points(items, choices, scheme):
    before = mark(items, choices, scheme)
    for place, marked in enumerate(items):
        assert mark(items, {**choices, place: marked.key}, scheme).raw_score >= before.raw_score


@given(PAPERS, RESPONSES, st.integers(1, 1_000))
def test_partial_marks_never_take_points_away(items, choices, points):
    partial, whole = (mark(items, choices, Scheme(points, kind)) for kind in (True, False))
    assert all(some >= none for some, none in zip(partial.points, whole.points, strict=True))


# --- rulings about a wrong key --------------------------------------------------------------------------------


def void(topic="dieu-le", level="remember"):
    return MarkedItem(frozenset({0}), 4, topic, level, treatment=Treatment.VOID)


@pytest.mark.parametrize(
    ("what", "marked", "choice", "points"),
    [
        ("given, with the key", MarkedItem(took(1), 4, "t", "l", treatment=Treatment.GIVEN), took(1), 100),
        (
            "given, with another option",
            MarkedItem(took(1), 4, "t", "l", treatment=Treatment.GIVEN),
            took(3),
            100,
        ),
        (
            "given, with nothing taken",
            MarkedItem(took(1), 4, "t", "l", treatment=Treatment.GIVEN),
            took(),
            100,
        ),
        ("two keys stand, the old one", MarkedItem(took(1), 4, "t", "l", also=took(2)), took(1), 100),
        ("two keys stand, the new one", MarkedItem(took(1), 4, "t", "l", also=took(2)), took(2), 100),
        ("two keys stand, both taken", MarkedItem(took(1), 4, "t", "l", also=took(2)), took(1, 2), 0),
        ("two keys stand, another", MarkedItem(took(1), 4, "t", "l", also=took(2)), took(0), 0),
        ("two keys stand, nothing", MarkedItem(took(1), 4, "t", "l", also=took(2)), took(), 0),
    ],
)
def test_a_ruling_says_what_earns_the_points(what, marked, choice, points):
    assert mark_item(marked, choice, WHOLE) == points, what


def test_where_two_keys_stand_the_better_of_the_two_partial_marks_counts():
    marked = MarkedItem(took(0, 1), 4, "t", "l", also=took(0, 2))
    assert mark_item(marked, took(0), PARTIAL) == 50
    assert mark_item(marked, took(0, 2), PARTIAL) == 100
    assert mark_item(marked, took(2), PARTIAL) == 50


@pytest.mark.parametrize(
    ("right", "points"),
    [(0, [0, 0, 0, 0]), (1, [100, 0, 0, 33]), (2, [100, 100, 0, 66]), (3, [100, 100, 100, 100])],
)
def test_a_struck_out_item_earns_what_the_rest_of_the_paper_earned(right, points):
    items = [item(0), item(0), item(0), void()]
    marks = mark(items, {place: took(0) for place in range(right)}, WHOLE)
    assert list(marks.points) == points
    assert (marks.raw_score, marks.max_score, marks.correct) == (
        sum(points),
        400,
        sum(p == 100 for p in points),
    )


def test_what_was_taken_of_a_struck_out_item_does_not_matter():
    items = [item(0), item(0), void()]
    outcomes = {mark(items, {0: took(0), 2: choice}, WHOLE).points for choice in subsets(4)}
    assert outcomes == {(100, 0, 50)}


def test_several_struck_out_items_rest_on_those_that_are_left_and_a_paper_of_them_alone_is_right():
    assert mark([item(0), void(), void(), item(1)], {0: took(0)}, WHOLE).points == (100, 50, 50, 0)
    assert mark([void(), void()], {}, WHOLE).points == (100, 100)


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(0, 30))
def test_striking_out_an_item_keeps_the_order_of_those_who_had_it(answers, where):
    """Whoever earned more on the rest never stands below: random papers with and without it compare alike."""
    place = where % (len(answers) + 1)
    items = [item(0) for _ in answers]
    items.insert(place, void())
    taken = [*answers[:place], False, *answers[place:]]
    better = [True, *answers[1:]] if not answers[0] else answers
    more = [*better[:place], False, *better[place:]]
    score = mark(items, {at: took(0) for at, right in enumerate(taken) if right}, WHOLE).raw_score
    other = mark(items, {at: took(0) for at, right in enumerate(more) if right}, WHOLE).raw_score
    assert other >= score
    assert 0 <= score <= 100 * len(items)
