"""Which articles a reference names, whether it is exact, and what a bank lacks."""

from dataclasses import replace

import pytest

from quiz.core.coverage import ARTICLES, CENTRAL, PREAMBLE, articles_of, counts, gaps, is_exact
from quiz.core.items import ItemDraft, Kind, Level

ITEM = ItemDraft(
    "X", "DLD-2011", "Điều 1, khoản 1", "t", Level.APPLY, Kind.SINGLE, "?", ("a", "b", "c"), (0,)
)


@pytest.mark.parametrize(
    ("reference", "articles", "exact"),
    [
        ("Điều 4, khoản 3", [4], True),
        ("Khoản 3, Điều 4", [4], True),
        ("khoản 3 Điều 4 và khoản 1 Điều 5", [4, 5], True),
        ("Điều 4 và Điều 5, khoản 1", [4, 5], False),
        ("điều 4, khoản 3", [4], True),
        ("Điều 22, khoản 1; Điều 24, khoản 3", [22, 24], True),
        ("Điều 36, khoản 1; Điều 36, khoản 2", [36], True),
        ("Điều 21, khoản 2, khoản 3 và khoản 4", [21], True),
        ("Điều 3, đoạn cuối", [3], True),
        ("Điều 7", [7], True),
        ("Điều 7 và Điều 34", [7, 34], True),
        ("Điều 9", [9], False),
        ("Điều 2, khoản 4; Điều 3", [2, 3], False),
        ("Điều 24, khoản 1; Điều 7", [7, 24], True),
        ("Phần mở đầu", [PREAMBLE], True),
        ("Phần mở đầu; Điều 9, khoản 1", [PREAMBLE, 9], True),
        ("Phần mở đầu; Điều 9", [PREAMBLE, 9], False),
        ("Toàn văn", [], False),
        ("Điều 49", [], False),
        ("Mục II.3", [], False),
    ],
)
def test_a_reference_names_its_articles(reference, articles, exact):
    assert (articles_of(reference), is_exact(reference)) == (articles, exact)


def test_an_item_counts_for_each_article_it_names_and_only_those_of_the_statute():
    items = [
        ITEM,
        replace(ITEM, reference="Điều 1, khoản 2; Điều 5, khoản 1"),
        replace(ITEM, document="HD12-2018"),
    ]
    assert counts(items) == {1: 2, 5: 1}


def test_articles_a_secretary_lives_with_need_six_items_and_others_two():
    assert gaps([])[24] == (0, 6) and gaps([])[25] == (0, 2) and gaps([])[PREAMBLE] == (0, 2)
    assert len(gaps([])) == 49
    full = [
        replace(ITEM, reference=f"Điều {number}, khoản 1")
        for number in ARTICLES
        for _ in range(6 if number in CENTRAL else 2)
    ]
    assert gaps(full) == {PREAMBLE: (0, 2)}
    assert gaps([*full[1:], replace(ITEM, reference="Phần mở đầu")]) == {PREAMBLE: (1, 2), 1: (5, 6)}
