"""The figures over a bank, the limits they are held to, and how far a guesser gets."""

from dataclasses import replace
from datetime import date

import pytest

from quiz.core import guessers
from quiz.core.bank_quality import figures_of, report_on
from quiz.core.coverage import ARTICLES
from quiz.core.items import (
    BankDraft,
    Difficulty,
    ExpectedPoint,
    ItemDraft,
    Kind,
    Level,
    Outcome,
    Reading,
    Status,
)

ITEM = ItemDraft(
    code="X", document="HD12-2018", reference="Mục I", topic="t", level=Level.REMEMBER, kind=Kind.SINGLE,
    stem="Ai?", options=("aaaa", "bbbb", "cccc", "dddd"), key=(0,), rationale="Mục I nêu rõ việc này do ai làm.",
    intended_difficulty=Difficulty.EASY, feedback=("", *["Hướng dẫn không nói vậy."] * 3),
    reviewed=Reading(date(2026, 11, 21), "Lò Thị Thử", Outcome.AGREED),
)  # fmt: skip
WORDS = [f"{first}{second}" for first in "bcdghklmnpqrstvx" for second in ("an", "en", "in", "on", "un")]


def offering(*options: str, key: int = 0, stem: str = "Ai?") -> ItemDraft:
    said = tuple("" if place == key else "Hướng dẫn không nói vậy." for place in range(len(options)))
    return replace(ITEM, options=options, key=(key,), stem=stem, feedback=said)


def unlike(count: int, **changes) -> list[ItemDraft]:
    """So many good items that resemble each other in nothing, their keys spread evenly over four places."""
    items = []
    for number in range(count):
        word, key = WORDS[number], number % 4
        said = tuple("" if place == key else "Hướng dẫn không nói vậy." for place in range(4))
        options = tuple(f"{word} {letter}{number % 7}x" for letter in "pqrs")
        item = replace(
            ITEM, code=f"{word}-{number}", stem=f"{word} {word}o {word}i?", options=options, key=(key,)
        )
        items.append(replace(item, feedback=said, **changes))
    return items


def bank(*items: ItemDraft, code: str = "thu") -> tuple[str, BankDraft]:
    return f"{code}.yaml", BankDraft(code, "Thử", items=items)


def rules_of(*banks: tuple[str, BankDraft]) -> list[str]:
    return [found.rule for found in report_on(banks).findings]


# --- figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "key", "longest", "shortest"),
    [
        (("aaa", "b", "cc"), 0, 1, 0),
        (("aaa", "b", "cc"), 1, 0, 1),
        (("aaa", "b", "cc"), 2, 0, 0),
        (("aaa", "bbb", "cc"), 0, 0, 0),
        (("a", "b", "cc"), 0, 0, 0),
        (("aaa", "bbb", "ccc"), 0, 0, 0),
    ],
)
def test_a_key_stands_out_only_when_it_is_alone(options, key, longest, shortest):
    figures = figures_of([offering(*options, key=key)])
    assert (figures.key_longest_share, figures.key_shortest_share) == (longest, shortest)


def test_habits_are_counted_over_questions_with_one_key_only():
    statement = replace(ITEM, kind=Kind.TRUE_FALSE, options=("Đúng", "Sai"))
    items = [offering("aaa", "b", "cc"), replace(ITEM, kind=Kind.MULTIPLE), statement]
    figures = figures_of(items)
    assert (figures.items, figures.judged, figures.key_longest_share) == (3, 1, 1.0)


def test_places_of_the_key_are_tested_by_number_of_options_and_together():
    places = {4: [5, 5, 5, 5], 3: [6, 9, 15]}
    items = [
        offering(*"abcd"[:count], key=place)
        for count, there in places.items()
        for place, often in enumerate(there)
        for _ in range(often)
    ]
    figures = figures_of(items)
    # chi-square 0 with 3 and 4.2 with 2 degrees of freedom, 4.2 with 5 together
    assert figures.position_p_by_options == {3: pytest.approx(0.122456, abs=1e-6), 4: pytest.approx(1.0)}
    assert figures.position_p == pytest.approx(0.520995, abs=1e-6)


def test_too_few_questions_tell_nothing_about_places():
    assert figures_of([ITEM] * 19).position_p is None
    assert figures_of([ITEM] * 20).position_p < 0.001


def test_levels_are_counted_where_an_item_can_stand_on_a_paper():
    oral = replace(ITEM, kind=Kind.ORAL, level=Level.APPLY)
    figures = figures_of([ITEM, replace(ITEM, level=Level.UNDERSTAND), oral, oral])
    assert figures.level_shares == {Level.REMEMBER: 0.5, Level.UNDERSTAND: 0.5, Level.APPLY: 0.0}


def test_what_nobody_has_read_again_is_counted():
    assert figures_of([ITEM, replace(ITEM, reviewed=None)]).unreviewed == 1


def test_an_empty_bank_has_figures():
    assert figures_of([]).items == 0 and figures_of([]).position_p is None


# --- guessers -----------------------------------------------------------------------------------------------------

GUESSES = {
    "the longest is the key": ("longest", offering("aaa", "b", "c"), 1),
    "the longest is not": ("longest", offering("aaa", "b", "c", key=1), 0),
    "two are longest": ("longest", offering("aaa", "bbb", "c"), 1 / 2),
    "all are alike": ("longest", ITEM, 1 / 4),
    "most words of the stem": ("stem_words", offering("chi bộ", "tổ", "ban", stem="Chi bộ nào?"), 1),
    "words of the stem elsewhere": ("stem_words", offering("chi bộ", "tổ", "ban", key=1, stem="Chi bộ?"), 0),
    "no words of the stem": ("stem_words", offering("chi bộ", "tổ", "ban", stem="Ai?"), 1 / 3),
    "words that only join do not count": ("stem_words", offering("của", "tổ", "ban", stem="Của ai?"), 1 / 3),
    "the odd one is the key": ("odd_one_out", offering("Ban X", "Tổ trưởng", "Tổ phó"), 1),
    "the odd one is not": ("odd_one_out", offering("Ban X", "Tổ trưởng", "Tổ phó", key=1), 0),
    "the one in the middle": ("most_alike", offering("tổ đảng bầu", "tổ đảng cử", "chi bầu", key=0), 1),
}


@pytest.mark.parametrize("case", GUESSES)
def test_a_guesser_gets_its_share_of_what_it_cannot_tell_apart(case):
    strategy, item, chance = GUESSES[case]
    assert guessers.chance_of(item, guessers.STRATEGIES[strategy]) == pytest.approx(chance)


def test_the_excess_is_points_of_a_hundred_beyond_blind_chance():
    items = [offering("aaa", "b", "c", "d"), offering("aaa", "b", "c", "d"), ITEM, ITEM]
    assert guessers.excess_points(items)["longest"] == pytest.approx(100 * ((1 + 1 + 0.25 + 0.25) / 4 - 0.25))
    statement = replace(ITEM, kind=Kind.TRUE_FALSE, options=("Đúng", "Sai"))
    assert set(guessers.excess_points([statement]).values()) == {0.0}


# --- limits -------------------------------------------------------------------------------------------------------


def test_a_good_bank_has_nothing_to_send_back():
    assert rules_of(bank(*unlike(20))) == []


def stretched(item: ItemDraft, place: int, by: str) -> ItemDraft:
    options = list(item.options)
    options[place] += by
    return replace(item, options=tuple(options))


HABITS = {
    "keys longest in too many": (
        {"key_longest", "guesser"},
        [stretched(item, item.key[0], "y") if n < 7 else item for n, item in enumerate(unlike(20))],
    ),
    "keys longest as often as allowed": (
        set(),
        [
            stretched(item, item.key[0] if n < 6 else (item.key[0] + 1) % 4, "y")
            for n, item in enumerate(unlike(20))
        ],
    ),
    "keys at one place": (
        {"position"},
        [replace(item, key=(0,), feedback=ITEM.feedback) for item in unlike(20)],
    ),
    "not read again": ({"unreviewed"}, unlike(20, reviewed=None)),
    "retired ones do not count": (set(), [*unlike(20), replace(ITEM, status=Status.RETIRED, reviewed=None)]),
    "too few to judge": (set(), [stretched(item, item.key[0], "y") for item in unlike(19)]),
}


@pytest.mark.parametrize("case", HABITS)
def test_a_bank_is_held_to_its_limits(case):
    rules, items = HABITS[case]
    assert set(rules_of(bank(*items))) == rules


def test_a_known_bank_needs_its_number_of_questions():
    assert rules_of(bank(*unlike(30), code="huong-dan-42")) == []
    (found,) = report_on([bank(*unlike(29), code="huong-dan-42")]).findings
    assert str(found) == "huong-dan-42.yaml: Có 29 câu, cần ít nhất 30. Hãy viết thêm."


def test_levels_are_judged_over_all_banks_together():
    low, high = unlike(40)[:20], unlike(40, level=Level.APPLY)[20:]
    assert rules_of(bank(*low)) == []
    assert set(rules_of(bank(*low), bank(*high, code="khac"))) == {"levels"}
    middle = [replace(item, level=Level.UNDERSTAND) for item in low[:10]]
    assert rules_of(bank(*middle, *low[10:]), bank(*high, code="khac")) == []


def test_several_files_with_one_code_are_one_bank():
    items = unlike(12)
    report = report_on([("a.yaml", bank(*items[:5])[1]), ("b.yaml", bank(*items[5:])[1])])
    assert list(report.banks) == ["thu"] and report.total.items == report.banks["thu"].items == 12


def test_a_duplicate_is_named_where_the_later_of_the_two_stands():
    items = unlike(25)
    twin = replace(items[0], code="T", row=99)
    (found,) = report_on([bank(*items), bank(twin, code="khac")]).findings[-1:]
    assert (found.rule, found.place, found.row, found.code) == ("duplicate", "khac.yaml", 99, "T")
    assert "Gần giống câu ban-0 (100 %)" in str(found)


def test_the_statute_is_held_to_its_articles():
    items = [
        replace(item, document="DLD-2011", reference=f"Điều {number}, khoản 1")
        for number, item in zip(ARTICLES, unlike(48), strict=True)
    ]
    report = report_on([bank(*items, code="dieu-le-dang")])
    short = [str(found) for found in report.findings if found.rule == "coverage"]
    assert report.articles_covered == 48
    assert "dieu-le-dang.yaml: Phần mở đầu có 0 câu, cần ít nhất 2. Hãy viết thêm." in short
    assert "dieu-le-dang.yaml: Điều 24 có 1 câu, cần ít nhất 6. Hãy viết thêm." in short
    assert len(short) == 49
    assert report_on([bank(items[0])]).articles_covered == 0


def test_oral_questions_are_read_again_and_compared_like_others():
    points = (ExpectedPoint("Nêu đúng.", 1000),)
    oral = replace(
        ITEM, kind=Kind.ORAL, options=(), key=(), feedback=(), points=points, stem="Xử lý việc này?"
    )
    assert rules_of(bank(oral, replace(oral, code="Y", reviewed=None))) == ["unreviewed", "duplicate"]
