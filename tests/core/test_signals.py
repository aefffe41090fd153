"""When something about a paper deserves a second look, and when it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.signals import (
    LEAST_FAST,
    MOST_AWAY,
    SYLLABLES_A_MINUTE,
    Away,
    Chosen,
    Haste,
    Silence,
    apart,
    away_within,
    haste,
    is_long_away,
    network_of,
    returns,
    shared,
    silence,
    syllables_of,
)
from quiz.core.timing import MINUTE, SECOND

HALF_AN_HOUR = 30 * MINUTE


def sitting(*times: int, syllables: int = 20, pages: tuple[int, ...] = ()) -> list[Chosen]:
    """Return choices made so many ms after the start, all on one page unless said otherwise."""
    return [Chosen(since, pages[place] if pages else 7, syllables) for place, since in enumerate(times)]


@pytest.mark.parametrize(
    "address, network",
    [
        ("14.161.20.9", "14.161.20.9"),
        ("::ffff:14.161.20.9", "14.161.20.9"),
        ("2402:800:61ae:7d2:1:2:3:4", "2402:800:61ae:7d2::/64"),
        ("2402:800:61ae:7d2:ffff::9", "2402:800:61ae:7d2::/64"),
        ("2402:800:61ae:7d3::9", "2402:800:61ae:7d3::/64"),
        ("192.168.1.20", ""),
        ("100.64.3.1", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("fe80::1", ""),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_network_is_what_the_devices_behind_one_line_share(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    "case, traces, least, found",
    [
        ("nobody", [], 2, {}),
        ("one person twice", [("a", 1), ("a", 1)], 2, {}),
        ("two people", [("a", 2), ("a", 1), ("b", 3)], 2, {"a": [1, 2]}),
        ("two where three are asked for", [("a", 1), ("a", 2)], 3, {}),
        ("no trace is no bond", [("", 1), ("", 2), ("", 3)], 2, {}),
        ("one person in two groups", [("a", 1), ("a", 2), ("b", 1), ("b", 3)], 2, {"a": [1, 2], "b": [1, 3]}),
    ],
)
def test_a_trace_is_shared_when_enough_people_left_it(case, traces, least, found):
    assert shared(traces, least) == found


# 20 syllables take 2 s at 600 a minute.
@pytest.mark.parametrize(
    "case, choices, found",
    [
        ("nothing answered", [], None),
        ("a question every 20 s", sitting(*range(20_000, 620_000, 20_000)), None),
        ("just fast enough to read", sitting(2_000, 4_000, 6_000, 8_000, 10_000, 12_000), None),
        ("five in 9 s need 10", sitting(1_000, 2_000, 3_000, 4_000, 9_000), Haste(5, 9_000, 100, 10_000)),
        ("less than a second ahead is nothing", sitting(1_000, 2_000, 3_000, 4_000, 9_001), None),
        ("four are too few to say", sitting(100, 200, 300, 400), None),
        ("all read first, then answered in a row", sitting(*range(60_000, 61_000, 100)), None),
        ("where it was furthest ahead", sitting(1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 40_000),
         Haste(6, 6_000, 120, 12_000)),
        ("whatever the order given", sitting(5_000, 1_000, 4_000, 3_000, 2_000), Haste(5, 5_000, 100, 10_000)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_answers_stand_too_soon_only_when_their_stems_cannot_have_been_read(case, choices, found):
    assert haste(choices) == found


@given(st.lists(st.integers(3, 60), min_size=1, max_size=30), st.integers(0, 30_000))
def test_who_reads_at_the_fastest_rate_is_never_too_soon(lengths, pause):
    since, choices = pause, []
    for syllables in lengths:
        since += -(-syllables * MINUTE // SYLLABLES_A_MINUTE)
        choices.append(Chosen(since, 7, syllables))
    assert haste(choices) is None


@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(3, 60)), min_size=1, max_size=30), st.data())
def test_changing_an_answer_later_never_makes_a_paper_look_faster(made, data):
    choices = [Chosen(since, 7, syllables) for since, syllables in made]
    place = data.draw(st.integers(0, len(choices) - 1))
    later = choices[place]._replace(since=choices[place].since + data.draw(st.integers(0, 100_000)))
    changed = [*choices[:place], later, *choices[place + 1 :]]
    before, after = haste(choices), haste(changed)
    ahead = 0 if before is None else before.needed - before.since
    assert after is None or (after.answers >= LEAST_FAST and after.needed - after.since <= ahead)


@pytest.mark.parametrize(
    "case, times, allowed, found",
    [
        ("nothing answered", (), HALF_AN_HOUR, None),
        ("nine minutes of thirty", (0, *(9 * MINUTE + n for n in range(6))), HALF_AN_HOUR, None),
        ("ten minutes of thirty, then six", (0, *(10 * MINUTE + n for n in range(6))), HALF_AN_HOUR,
         Silence(0, 10 * MINUTE, 6)),
        ("then only four", (0, *(10 * MINUTE + n for n in range(4))), HALF_AN_HOUR, None),
        ("before the first choice it is reading", tuple(20 * MINUTE + n for n in range(9)), HALF_AN_HOUR, None),
        ("four minutes of ten are short", (0, *(4 * MINUTE + n for n in range(6))), 10 * MINUTE, None),
        ("the longest of two", (0, 12 * MINUTE, *(25 * MINUTE + n for n in range(5))), HALF_AN_HOUR,
         Silence(12 * MINUTE, 13 * MINUTE, 5)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_silence_is_long_by_the_time_allowed_and_when_many_answers_follow(case, times, allowed, found):
    assert silence(sitting(*times), allowed) == found


@pytest.mark.parametrize(
    "pages, count",
    [
        ((), 0),
        ((1, 1, 1), 0),
        ((1, 1, 2, 2, 3), 0),  # loaded anew, or went on with another device
        ((1, 2, 1), 1),
        ((1, 2, 1, 2), 2),
        ((1, 1, 2, 2, 1, 1, 2, 3, 1), 3),
    ],
)
def test_a_page_returns_only_when_an_older_one_is_used_again(pages, count):
    times = range(SECOND, SECOND * (len(pages) + 1), SECOND)
    assert returns(sitting(*times, pages=pages)) == count


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([(0, 20), (23, 40)], 3),
        ([(23, 40), (0, 20)], 3),
        ([(0, 20), (20, 40)], 0),
        ([(0, 20), (15, 40)], -5),
        ([(0, 100), (10, 20), (130, 140)], -90),
        ([(0, 20), (25, 30), (33, 40)], 3),
    ],
)
def test_papers_of_one_device_lie_apart_by_the_shortest_time_between_two(spans, found):
    assert apart(spans) == found


@pytest.mark.parametrize(
    ("case", "count", "ms", "kept"),
    [
        ("never", 0, 0, Away(0, 0)),
        ("once for ten seconds", 1, 10 * SECOND, Away(1, 10 * SECOND)),
        ("longer than the paper took", 2, 3 * HALF_AN_HOUR, Away(2, HALF_AN_HOUR)),
        ("more often than is written", 5_000, 60_000 * SECOND, Away(MOST_AWAY, HALF_AN_HOUR)),
        ("shorter than the page counts", 3, 29 * SECOND, None),
        ("a time without an absence", 0, 1, None),
        ("below nothing", -1, 0, None),
        ("a time below nothing", 0, -1, None),
        ("only how often", 1, None, None),
        ("only how long", None, 10 * SECOND, None),
        ("nothing told", None, None, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_device_says_of_absences_is_held_to_what_can_be_true(case, count, ms, kept):
    assert away_within(count, ms, HALF_AN_HOUR) == kept


@pytest.mark.parametrize(
    ("ms", "used", "is_long"),
    [
        (3 * MINUTE, 10 * MINUTE, True),
        (3 * MINUTE - 1, 10 * MINUTE, False),
        (3 * MINUTE, 12 * MINUTE, False),  # a quarter is not more than a quarter
        (3 * MINUTE + 1, 12 * MINUTE, True),
        (7 * MINUTE, HALF_AN_HOUR, False),
        (8 * MINUTE, HALF_AN_HOUR, True),
        (0, 0, False),
    ],
)
def test_away_is_long_from_three_minutes_and_more_than_a_quarter_of_the_time_used(ms, used, is_long):
    assert is_long_away(Away(4, ms), used) is is_long


def test_vietnamese_writes_its_syllables_apart():
    assert syllables_of("Chi bộ sinh hoạt thường kỳ mỗi tháng một lần, đúng hay sai?") == 13
    assert syllables_of("") == 0
