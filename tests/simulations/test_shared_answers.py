"""Many invented rounds: honest ones raise no more alarms than stated, and copied papers are found."""

from random import Random

from quiz.core.shared_answers import ALARM, at_least, chances_to_meet, compare
from tests.core.test_shared_answers import honest_paper, honest_round


def test_honest_rounds_raise_an_alarm_no_more_often_than_stated():
    rounds = 120
    alarms = sum(bool(compare(*honest_round(seed)).pairs) for seed in range(rounds))
    # 5 % of 120 is 6; more than 13 would happen in one of 400 such series.
    assert alarms <= 13


def test_the_chance_of_one_pair_is_kept_to():
    """Over many honest pairs a chance of 1 in 10 comes up in about that many, never in far more."""
    below, pairs = 0, 1_000
    for seed in range(pairs):
        rng = Random(seed)
        papers = {n: honest_paper(rng, 20, 0.4) for n in range(12)}
        meet = chances_to_meet(papers.values())
        both = papers[0].keys() & papers[1].keys()
        same = sum(papers[0][question] == papers[1][question] for question in both)
        below += at_least([meet[question] for question in both], same) <= 0.1
    assert 0.04 * pairs < below < 0.115 * pairs  # counts are whole, so some of the chance cannot be used


def test_a_copied_paper_is_found_and_hardly_anybody_else_named():
    others = 0
    for seed in range(10):
        groups, papers = honest_round(seed)
        papers[13] = honest_paper(Random(1000 + seed), 30, 0.4)  # about eighteen wrong
        papers[17] = dict(papers[13])
        found = compare(groups, papers)
        assert (found.pairs[0].first, found.pairs[0].second) == (13, 17)
        assert found.pairs[0].same == tuple(sorted(papers[13]))
        assert found.pairs[0].chance * found.factor <= ALARM
        others += sum(not {13, 17} & {pair.first, pair.second} for pair in found.pairs)
    assert others <= 2


def test_half_a_paper_copied_over_many_wrong_answers_is_found_too():
    hits = 0
    for seed in range(10):
        groups, papers = honest_round(seed, questions=60)
        papers[13] = honest_paper(Random(2000 + seed), 60, 0.3)
        papers[17] = papers[13] | honest_paper(Random(3000 + seed), 20, 0.3)  # a third of it is his own
        hits += (13, 17) in {(pair.first, pair.second) for pair in compare(groups, papers).pairs}
    assert hits >= 8
