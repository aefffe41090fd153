"""How a paper is drawn: exactly the blueprint, repeatable from its seed, fair to every item and every option."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.errors import RuleBroken
from quiz.core.papers import Cell, Place, PoolEntry, Shortfall, assemble, shortfalls, shuffled

LEVELS = ("remember", "understand", "apply")


def entry(version: int, topic="dieu-le", level="remember", options=4, **keep: bool) -> PoolEntry:
    return PoolEntry(version, topic, level, options, **keep)


def pool_of(**sizes: int) -> list[PoolEntry]:
    """Return a pool with so many items of each topic_level, numbered from 1."""
    kinds = [name.rsplit("_", 1) for name, size in sizes.items() for _ in range(size)]
    return [entry(version, topic, level) for version, (topic, level) in enumerate(kinds, start=1)]


POOL = pool_of(dieule_remember=12, dieule_apply=8, huongdan_remember=10, huongdan_understand=6)
BLUEPRINT = (Cell("huongdan", "", 4), Cell("dieule", "remember", 5), Cell("dieule", "apply", 3))
BY_VERSION = {item.version: item for item in POOL}


def topics_and_levels(paper: tuple[Place, ...]) -> Counter[tuple[str, str]]:
    return Counter((BY_VERSION[p.version].topic, BY_VERSION[p.version].level) for p in paper)


@pytest.mark.parametrize("seed", ["", "a", "31:1", "hạt giống"])
def test_a_paper_is_exactly_the_blueprint_with_no_item_twice(seed):
    paper = assemble(BLUEPRINT, POOL, seed)
    counted = topics_and_levels(paper)
    assert counted["dieule", "remember"] == 5
    assert counted["dieule", "apply"] == 3
    assert counted["huongdan", "remember"] + counted["huongdan", "understand"] == 4
    assert len({place.version for place in paper}) == len(paper) == 12


def test_the_same_seed_gives_the_same_paper_and_another_seed_another():
    assert assemble(BLUEPRINT, POOL, "31") == assemble(BLUEPRINT, list(POOL), "31")
    assert len({assemble(BLUEPRINT, POOL, str(seed)) for seed in range(50)}) == 50


def test_neither_the_order_of_the_pool_nor_of_the_blueprint_changes_a_shuffled_paper():
    assert assemble(BLUEPRINT[::-1], POOL[::-1], "31") == assemble(BLUEPRINT, POOL, "31")


def test_a_draw_can_be_repeated_by_hand_with_nothing_but_sha256():
    lots = {version: hashlib.sha256(f"27182|draw|{version}".encode()).hexdigest() for version in (1, 2, 3)}
    drawn = sorted(lots, key=lots.__getitem__)[:2]
    turns = {version: hashlib.sha256(f"27182|items|{version}".encode()).hexdigest() for version in drawn}
    paper = assemble([Cell("dieu-le", "remember", 2)], [entry(1), entry(2), entry(3)], "27182")
    assert [place.version for place in paper] == sorted(turns, key=turns.__getitem__)
    assert shuffled("27182", "draw", [1, 2, 3]) == [1, 3, 2]


def test_an_item_without_options_is_answered_aloud_and_never_on_a_paper():
    cell, pool = Cell("dieu-le", "", 1), [entry(1, options=0)]
    assert shortfalls([cell], pool) == [Shortfall("dieu-le", "", 1, 0)]
    with pytest.raises(RuleBroken):
        assemble([cell], pool, "31")
    assert assemble([cell], [*pool, entry(2)], "31")[0].version == 2


def test_without_shuffling_items_follow_the_lines_of_the_blueprint():
    paper = assemble(BLUEPRINT, POOL, "31", shuffle_items=False)
    lines = [BY_VERSION[place.version].topic + ":" + BY_VERSION[place.version].level for place in paper]
    assert [line.split(":")[0] for line in lines[:4]] == ["huongdan"] * 4
    assert lines[4:] == ["dieule:remember"] * 5 + ["dieule:apply"] * 3
    assert {p.version for p in paper} == {p.version for p in assemble(BLUEPRINT, POOL, "31")}


def test_without_shuffling_everybody_has_the_items_they_share_in_one_order():
    papers = [
        [place.version for place in assemble(BLUEPRINT, POOL, str(seed), shuffle_items=False)]
        for seed in range(30)
    ]
    lines = [(0, 4), (4, 9), (9, 12)]
    assert all(paper[a:b] == sorted(paper[a:b]) for paper in papers for a, b in lines)
    assert len({tuple(paper) for paper in papers}) > 25  # each is drawn for itself all the same


@pytest.mark.parametrize(
    ("what", "keep", "shuffle", "fixed_end"),
    [
        ("shuffled", {}, True, 0),
        ("the last option stays last", {"keep_last": True}, True, 1),
        ("the whole order is kept", {"keep_order": True}, True, 5),
        ("keeping the order also keeps the last", {"keep_order": True, "keep_last": True}, True, 5),
        ("the rules shuffle no options", {}, False, 5),
        ("the rules shuffle no options, nor the last", {"keep_last": True}, False, 5),
    ],
)
def test_options_are_shuffled_as_far_as_the_item_and_the_rules_allow(what, keep, shuffle, fixed_end):
    pool = [entry(1, options=5, **keep)]
    blueprint = [Cell("dieu-le", "remember", 1)]
    papers = [assemble(blueprint, pool, str(s), shuffle_options=shuffle) for s in range(40)]
    orders = {paper[0].order for paper in papers}
    assert all(sorted(order) == [0, 1, 2, 3, 4] for order in orders), what
    if fixed_end == 5:
        assert orders == {(0, 1, 2, 3, 4)}, what
    else:
        assert all(order[5 - fixed_end :] == (0, 1, 2, 3, 4)[5 - fixed_end :] for order in orders), what
        assert len(orders) > 10, what


def test_two_items_of_one_paper_are_shuffled_each_in_its_own_way():
    pool = [entry(version, options=6) for version in range(20)]
    paper = assemble([Cell("dieu-le", "remember", 20)], pool, "31")
    assert len({place.order for place in paper}) > 10


# What the pool must hold


@pytest.mark.parametrize(
    ("what", "blueprint", "missing"),
    [
        ("enough of everything", BLUEPRINT, []),
        ("exactly enough", [Cell("dieule", "apply", 8)], []),
        ("one too few", [Cell("dieule", "apply", 9)], [Shortfall("dieule", "apply", 9, 8)]),
        ("an unknown topic", [Cell("ky-luat", "apply", 1)], [Shortfall("ky-luat", "apply", 1, 0)]),
        ("a level nobody wrote for", [Cell("huongdan", "apply", 2)], [Shortfall("huongdan", "apply", 2, 0)]),
        ("any level, all of a topic", [Cell("dieule", "", 20)], []),
        ("any level, one too many", [Cell("dieule", "", 21)], [Shortfall("dieule", "", 21, 20)]),
        ("any level takes what is left over", [Cell("dieule", "", 12), Cell("dieule", "apply", 8)], []),
        (
            "and no more than that",
            [Cell("dieule", "", 13), Cell("dieule", "apply", 8)],
            [Shortfall("dieule", "", 13, 12)],
        ),
        (
            "every line that lacks something is named",
            [Cell("dieule", "apply", 9), Cell("huongdan", "understand", 6), Cell("huongdan", "remember", 11)],
            [Shortfall("dieule", "apply", 9, 8), Shortfall("huongdan", "remember", 11, 10)],
        ),
        ("no blueprint", [], []),
    ],
)
def test_what_the_pool_lacks_is_named_line_by_line(what, blueprint, missing):
    assert shortfalls(blueprint, POOL) == missing, what


def test_the_same_item_offered_twice_counts_once():
    assert shortfalls([Cell("dieu-le", "remember", 2)], [entry(1), entry(1)]) == [
        Shortfall("dieu-le", "remember", 2, 1)
    ]


def test_a_paper_that_cannot_be_filled_is_refused_with_a_sentence():
    with pytest.raises(RuleBroken) as refusal:
        assemble([Cell("dieule", "apply", 9)], POOL, "31")
    assert str(refusal.value).startswith("Ngân hàng câu hỏi không đủ câu cho đề thi.")


ENTRIES = st.builds(
    entry,
    version=st.integers(1, 15),
    topic=st.sampled_from(["a", "b"]),
    level=st.sampled_from(LEVELS[:2]),
    options=st.integers(2, 6),
    keep_order=st.booleans(),
    keep_last=st.booleans(),
)
POOLS = st.lists(ENTRIES, max_size=15)
CELLS = st.builds(
    Cell, topic=st.sampled_from(["a", "b"]), level=st.sampled_from(["", *LEVELS[:2]]), count=st.integers(1, 4)
)
WORDS = st.text(st.sampled_from("0aạ "), max_size=3)
BLUEPRINTS = st.lists(CELLS, max_size=5, unique_by=lambda cell: (cell.topic, cell.level))


@given(BLUEPRINTS, POOLS, WORDS)
def test_a_paper_can_be_drawn_exactly_when_nothing_is_missing(blueprint, pool, seed):
    if shortfalls(blueprint, pool):
        with pytest.raises(RuleBroken):
            assemble(blueprint, pool, seed)
    else:
        assert len(assemble(blueprint, pool, seed)) == sum(cell.count for cell in blueprint)


@given(BLUEPRINTS, POOLS, WORDS, st.booleans(), st.booleans())
def test_every_paper_keeps_every_promise(blueprint, pool, seed, shuffle_items, shuffle_options):
    if shortfalls(blueprint, pool):
        return
    paper = assemble(blueprint, pool, seed, shuffle_items, shuffle_options)
    offered = {item.version: item for item in pool}
    drawn = [offered[place.version] for place in paper]
    assert len({item.version for item in drawn}) == len(drawn)
    for topic in {cell.topic for cell in blueprint}:
        wanted = {cell.level: cell.count for cell in blueprint if cell.topic == topic}
        got = Counter(item.level for item in drawn if item.topic == topic)
        assert got.total() == sum(wanted.values())
        assert all(got[level] >= count for level, count in wanted.items() if level)
        assert "" in wanted or dict(got) == wanted
    for item, place in zip(drawn, paper, strict=True):
        authored = tuple(range(item.option_count))
        assert tuple(sorted(place.order)) == authored
        assert place.order == authored or (shuffle_options and not item.keep_order)
        assert place.order[-1] == authored[-1] or not item.keep_last


# Fairness: a fixed set of seeds, so the figures never change; the limits are the 1 % points of chi-square


def chi_square(observed: Counter[int], categories: int) -> float:
    mean = observed.total() / categories
    return sum((observed[value] - mean) ** 2 for value in range(categories)) / mean


SEEDS = [str(seed) for seed in range(200)]


def test_every_item_is_drawn_about_equally_often():
    pool = [entry(version, options=2) for version in range(10)]
    papers = [assemble([Cell("dieu-le", "remember", 3)], pool, seed) for seed in SEEDS]
    assert chi_square(Counter(place.version for paper in papers for place in paper), 10) < 21.67


def test_every_item_stands_about_equally_often_at_every_position():
    pool = [entry(version, options=2) for version in range(6)]
    papers = [assemble([Cell("dieu-le", "remember", 6)], pool, seed) for seed in SEEDS]
    for position in range(6):
        assert chi_square(Counter(paper[position].version for paper in papers), 6) < 15.09


@pytest.mark.parametrize(("keep_last", "places", "limit"), [(False, 4, 11.34), (True, 3, 9.21)])
def test_every_option_stands_about_equally_often_at_every_place(keep_last, places, limit):
    pool = [entry(1, keep_last=keep_last)]
    papers = [assemble([Cell("dieu-le", "remember", 1)], pool, seed) for seed in SEEDS]
    for place in range(places):
        assert chi_square(Counter(paper[0].order[place] for paper in papers), places) < limit
