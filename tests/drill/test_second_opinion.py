"""The scorer and the product's own rules agree on random contests, each reading the same raw facts its own way."""

import random
from dataclasses import asdict, replace
from typing import Any

import pytest

from drill.scorer import marks_of, outcome_of, points_of, standings
from drill.stored import Decision, Edition, Stored
from quiz.core import marking, promotion, ranking
from quiz.core.promotion import Method, Quota, Scope, WayOut
from quiz.core.ranking import Score, TieBreak
from tests.drill.worlds import change, make_world

CRITERIA = [str(criterion) for criterion in TieBreak]


def random_world(chance: random.Random) -> Stored:
    """Return a contest of up to 14 with many equal figures, so that ties are common."""
    size = chance.randint(1, 14)
    quota = {
        "method": chance.choice(["top", "top", "top", "threshold"]),
        "scope": chance.choice(["round", "cluster"]),
        "top": chance.randint(1, 3),
        "cut_score": 100 * chance.randint(0, 10),
        "reserves": chance.randint(0, 3),
    }
    rank_within = chance.choice(["round", quota["scope"]])
    stored = make_world(
        [chance.randint(6, 9) for _ in range(size)],
        [chance.choice([10, 10, 12]) for _ in range(size)],
        tie_breaks=chance.sample(CRITERIA, chance.randint(0, 3)),
        rank_within=rank_within,
        quota=quota,
    )
    for key, entry in stored.entries.items():
        cluster = chance.choice(["Cụm 1", "Cụm 2"])
        stored.entries[key] = replace(
            entry, scopes=entry.scopes | {"cluster": cluster}, is_withdrawn=chance.random() < 0.1
        )
    for place in chance.sample(range(len(stored.responses)), size):
        change(stored.responses, place, choice=chance.choice(["", "0", "1", "0,1"]))
    return stored


def random_decisions(stored: Stored, edition: Edition, chance: random.Random) -> None:
    """Decide the open ties one after the other, sometimes in a way that does not fit."""
    for _ in range(6):
        found = outcome_of(edition, standings(stored.rounds[1], marks_of(stored), stored), stored)
        if not found.open_ties:
            return
        scope, rank = chance.choice(found.open_ties)
        way = chance.choice(["draw", "all_go", "head_decides"])
        members = [
            line.entry for line in standings(stored.rounds[1], marks_of(stored), stored) if line.rank == rank
        ]
        chosen = tuple(chance.sample(members, chance.randint(1, len(members))))
        stored.decisions.append(Decision(edition.id, scope, rank, way, chosen, str(chance.randint(0, 99))))
        stored.decisions = list({(d.scope, d.rank): d for d in stored.decisions}.values())


def product_standings(stored: Stored) -> dict[str, list[ranking.Standing]]:
    """Return the ranking as the product's rules give it."""
    rules = stored.rules[1]
    scores = [Score(mark.attempt.entry, mark.total, mark.values) for mark in marks_of(stored).values()]
    scopes = {
        key: entry.scopes[rules["rank_within"]]
        for key, entry in stored.entries.items()
        if not entry.is_withdrawn
    }
    return ranking.rank_within(scores, scopes, [TieBreak(name) for name in rules["tie_breaks"]])


def product_promotion(stored: Stored) -> promotion.Promotion:
    """Return who goes on as the product's rules give it."""
    rules = stored.rules[1]
    quota = dict(rules["quota"])
    quota = Quota(**quota | {"method": Method(quota["method"]), "scope": Scope(quota["scope"])})
    members = [standing for standings in product_standings(stored).values() for standing in standings]
    scopes = {
        key: entry.scopes[quota.scope] for key, entry in stored.entries.items() if not entry.is_withdrawn
    }
    decisions = {
        (d.scope, d.rank): promotion.Decision(WayOut(d.way), d.chosen, d.seed) for d in stored.decisions
    }
    return promotion.promoted(members, scopes, quota, decisions)


def explained(explanation: ranking.Explanation) -> dict[str, Any]:
    """Return the product's reasons as plain values."""
    return asdict(explanation) | {"decided_by": [list(step) for step in explanation.decided_by]}


@pytest.mark.parametrize("seed", range(200))
def test_both_give_the_same_ranks_reasons_and_promotions(seed: int) -> None:
    chance = random.Random(seed)
    stored = random_world(chance)
    edition = Edition(1, 1, 1, "final")
    random_decisions(stored, edition, chance)
    lines = standings(stored.rounds[1], marks_of(stored), stored)
    found = outcome_of(edition, lines, stored)

    ranked = {
        (scope, s.entry, s.rank) for scope, members in product_standings(stored).items() for s in members
    }
    assert {(line.scope, line.entry, line.rank) for line in lines} == ranked
    theirs = product_promotion(stored)
    assert sorted(found.chosen) == sorted(theirs.chosen)
    assert {scope: keys for scope, keys in found.reserves.items() if keys} == {
        scope: keys for scope, keys in theirs.reserves.items() if keys
    }
    assert sorted(found.open_ties) == sorted(tie.key for tie in theirs.ties)


@pytest.mark.parametrize("seed", range(200))
def test_both_give_the_same_points(seed: int) -> None:
    chance = random.Random(seed)
    options = chance.randint(2, 6)
    right = frozenset(chance.sample(range(options), chance.randint(1, options)))
    taken = frozenset(chance.sample(range(options), chance.randint(0, options)))
    worth, partial = chance.choice([50, 100, 333]), chance.random() < 0.5
    item = marking.MarkedItem(right, options, "chi-bo", "apply")
    assert points_of(right, taken, options, worth, partial) == marking.mark_item(
        item, taken, marking.Scheme(worth, partial)
    )
