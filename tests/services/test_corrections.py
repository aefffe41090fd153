"""A wrong key: seen first, asked for, approved by another, marked again, kept beside what was published before."""

from statistics import pvariance

import pytest

from quiz.core.approvals import Answer
from quiz.core.corrections import Policy, Ruling
from quiz.core.errors import RuleBroken
from quiz.core.items import Status
from quiz.extensions import db
from quiz.models import Attempt
from quiz.services import (
    approved_acts,
    attempts,
    corrections,
    figures,
    item_analysis,
    item_uses,
    marking,
    papers,
    promotion,
    results,
    statistics,
    voiding,
)
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
    open_for_test,
)
from tests.sat_rounds import ENDED, KEY, OTHER, RIGHT, Sat

REASON = "Điều 4 ghi khác đáp án đã in"


@pytest.fixture
def sat(app):
    """Four people: one took the printed key, one the right answer, one another option, one none; two others right."""
    scene = Sat()
    scene.sit("An", KEY, right=2, minutes=10)
    scene.sit("Bình", RIGHT, right=2, minutes=11)
    scene.sit("Cường", OTHER, right=2, minutes=12)
    scene.sit("Dũng", None, right=2, minutes=13)
    return scene


def ask(sat, policy=Policy.NEW_ONLY, key=(RIGHT,)):
    return corrections.ask(sat.contest, sat.doubtful, Ruling(policy, key), REASON, sat.actor, ENDED)


def approve(sat, approval):
    return approved_acts.decide(approval, Answer.APPROVED, "", Actor(sat.second.id), ENDED)


def points(sat):
    db.session.expire_all()
    query = db.session.query(Attempt).order_by(Attempt.id)
    return [attempt.raw_score for attempt in query]


@pytest.mark.parametrize(
    "policy, key, expected",
    [
        (Policy.EVERYONE, (), [300, 300, 300, 300]),
        (Policy.BOTH, (RIGHT,), [300, 300, 200, 200]),
        (Policy.NEW_ONLY, (RIGHT,), [200, 300, 200, 200]),
        (Policy.VOID, (), [250, 250, 250, 250]),  # two of the four other questions: half of what it was worth
    ],
)
def test_each_ruling_gives_the_points_it_says(sat, policy, key, expected):
    assert points(sat) == [300, 200, 200, 200]
    approve(sat, ask(sat, policy, key))
    assert points(sat) == expected
    assert {attempt.max_score for attempt in db.session.query(Attempt)} == {500}
    assert attempts.mark_again(db.session.query(Attempt)) == []  # marking later gives the same


@pytest.mark.parametrize("policy", [Policy.EVERYONE, Policy.VOID])
def test_an_item_no_key_marks_any_more_counts_neither_for_reliability_nor_for_what_is_known_of_it(
    sat, policy
):
    """Struck out, an item earns what the rest does: alpha over it too would be higher than the paper deserves."""
    for number, name in enumerate("EGHK"):
        sat.sit(name, KEY, right=number % 4 + 1, minutes=20)
    statistics.count(sat.round, ENDED)
    assert item_uses.figures_of(sat.doubtful).sat == 8
    approve(sat, ask(sat, policy, ()))
    statistics.count(sat.round, ENDED)
    marked = {item: [] for item in sat.pool[1:]}
    for attempt in db.session.query(Attempt):
        by_version = dict(
            zip([p.version for p in papers.places_of(attempt.paper)], attempt.marks, strict=True)
        )
        for item, earned in marked.items():
            earned.append(by_version[item.id])
    spread = pvariance([sum(earned) for earned in zip(*marked.values(), strict=True)])
    expected = 4 / 3 * (1 - sum(map(pvariance, marked.values())) / spread)
    assert item_analysis.of_round(sat.round).reliability == pytest.approx(expected)
    assert item_uses.figures_of(sat.doubtful) is None
    assert item_uses.figures_of(sat.pool[1]).sat == 8
    ruled = [item_uses.uses_of(version.item)[0] for version in sat.pool[:2]]
    assert [(use.policy, use.is_keyed) for use in ruled] == [(policy, False), (None, True)]


def test_nothing_is_stored_by_looking_and_what_is_seen_is_what_happens(sat):
    seen = corrections.preview(sat.contest, sat.doubtful, Ruling(Policy.NEW_ONLY, (RIGHT,)), ENDED)
    assert points(sat) == [300, 200, 200, 200]
    (effect,) = seen
    assert (
        effect.papers,
        effect.count.gain,
        effect.count.lose,
        effect.count.moved,
        effect.count.crossing,
    ) == (4, 1, 1, 2, 2)
    approve(sat, ask(sat))
    after = {one.entry: one.after.points for one in effect.changes}
    for attempt in db.session.query(Attempt):
        assert after.get(attempt.entry_id, attempt.raw_score) == attempt.raw_score


def test_a_provisional_edition_is_followed_by_a_provisional_one(sat):
    first = sat.publish(final=False)
    approve(sat, ask(sat))
    new = results.latest(sat.round.id)
    assert (new.replaces_id, new.kind, new.number, new.note) == (first.id, results.PROVISIONAL, 2, REASON)
    assert results.all_of(first)[0].name == "Lò Văn An"
    assert results.all_of(new)[0].name == "Lò Văn Bình"


def test_a_final_edition_is_followed_by_another_final_one_which_counts(sat):
    first = sat.publish()
    approve(sat, ask(sat))
    assert results.final_of(sat.round.id).replaces_id == first.id


def test_without_an_edition_only_the_marks_change(sat):
    approve(sat, ask(sat))
    assert results.latest(sat.round.id) is None


def test_where_nobody_changes_no_edition_is_made(sat):
    sat.publish()
    approve(sat, ask(sat, Policy.BOTH, (0,)))  # nobody took the first option
    assert [edition.number for edition in sat.round.editions] == [1, 2]


def test_who_asked_does_not_approve(sat):
    approval = ask(sat)
    with pytest.raises(RuleBroken, match="không tự duyệt"):
        approved_acts.decide(approval, Answer.APPROVED, "", sat.actor, ENDED)
    assert points(sat) == [300, 200, 200, 200]


def test_what_changed_since_it_was_seen_stops_the_correction(sat):
    approval = ask(sat)
    sat.sit("Em", RIGHT, right=4)
    with pytest.raises(RuleBroken, match="đã thay đổi sau khi đề nghị"):
        approve(sat, approval)


def test_it_waits_for_every_round_that_holds_the_question(sat):
    later = make_round(sat.stage, make_unit("Nà Bó", sat.district), opens_at=ENDED - HOUR, hours=2)
    open_for_test(later, sat.pool)
    with pytest.raises(RuleBroken, match="chưa kết thúc"):
        ask(sat)
    later.closed_at = ENDED - 1
    db.session.flush()
    assert ask(sat).id


def test_it_waits_for_papers_that_are_not_handed_in(sat):
    cell = sat.round.entries[0].unit
    attempts.start(make_entry(sat.round, make_person(cell, "Lò Văn Em")), NOW, "em")
    with pytest.raises(RuleBroken, match="chưa nộp"):
        ask(sat)


@pytest.mark.parametrize(
    "key, said", [((), "đáp án đúng mới"), ((KEY,), "trùng"), ((0, 2), "một đáp án"), ((9,), "không có")]
)
def test_a_new_key_must_fit_the_question(sat, key, said):
    with pytest.raises(RuleBroken, match=said):
        ask(sat, Policy.NEW_ONLY, key)


def test_the_last_of_several_rulings_counts(sat):
    approve(sat, ask(sat, Policy.NEW_ONLY, (RIGHT,)))
    approve(sat, ask(sat, Policy.EVERYONE, ()))
    assert marking.rulings_of(sat.round.id) == {sat.doubtful.id: Ruling(Policy.EVERYONE)}
    assert points(sat) == [300, 300, 300, 300]


def test_the_bank_gets_the_right_key_where_one_is_named(sat):
    approve(sat, ask(sat))
    current = sat.doubtful.item.current
    assert (current.key, current.status, current.rationale) == ([RIGHT], Status.APPROVED, REASON)
    assert (current.author_id, current.reviewer_id) == (sat.asker.id, sat.second.id)
    assert sat.doubtful.key == [KEY]


@pytest.mark.parametrize("policy, key", [(Policy.EVERYONE, ()), (Policy.VOID, ()), (Policy.BOTH, (RIGHT,))])
def test_a_question_without_one_right_key_is_taken_out_of_use(sat, policy, key):
    approve(sat, ask(sat, policy, key))
    assert sat.doubtful.item.current_id == sat.doubtful.id
    assert sat.doubtful.status is Status.RETIRED


def test_a_voided_attempt_keeps_its_responses_and_loses_its_rank(sat):
    sat.publish()
    first = sat.round.entries[0].attempts[0]
    (effect,) = [voiding.preview(first)]
    assert (effect.count.moved, effect.count.crossing) == (4, 2)
    approval = voiding.ask(first, "Người khác làm thay", sat.actor, ENDED)
    approved_acts.decide(approval, Answer.APPROVED, "", Actor(sat.second.id), ENDED)
    names = [line.name for line in results.all_of(results.final_of(sat.round.id))]
    assert names == ["Lò Văn Bình", "Lò Văn Cường", "Lò Văn Dũng"]
    assert (voiding.voided(first).reason, len(first.responses), first.raw_score) == (
        "Người khác làm thay",
        5,
        300,
    )
    assert results.final_of(sat.round.id).note == ""  # the reason is nobody else's


def test_the_figures_of_a_round_count_its_voided_attempts(sat):
    sat.publish()
    assert figures.of_round(sat.round, ENDED).rounds[0].voided == 0
    approval = voiding.ask(sat.round.entries[0].attempts[0], "Người khác làm thay", sat.actor, ENDED)
    approved_acts.decide(approval, Answer.APPROVED, "", Actor(sat.second.id), ENDED)
    (found,) = figures.of_round(sat.round, ENDED).rounds
    assert (found.voided, found.took_part, len(found.published.lines)) == (1, 4, 3)


def test_a_voided_attempt_gives_way_to_an_earlier_one_of_the_same_person(app):
    sat = Sat(attempts_allowed=2)
    entry = sat.sit("An", KEY, right=4)
    first = entry.attempts[0]
    again = attempts.start(entry, NOW + HOUR, "again")
    attempts.submit(again, NOW + HOUR + 1)
    sat.sit("Bình", KEY, right=1)
    effect = voiding.preview(first)
    assert {one.entry: one.after.points for one in effect.changes}[entry.id] == 0


def test_the_only_ranking_may_become_empty(app):
    sat = Sat()
    entry = sat.sit("An", KEY)
    sat.publish()
    approval = voiding.ask(entry.attempts[0], "Làm thay", sat.actor, ENDED)
    approved_acts.decide(approval, Answer.APPROVED, "", Actor(sat.second.id), ENDED)
    assert results.final_of(sat.round.id).size == 0


def test_papers_after_a_correction_give_the_rank_that_counts_now_and_the_one_by_which_somebody_went_on(sat):
    make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + HOUR)
    promotion.promote(sat.publish(), sat.actor, ENDED)
    (found,) = figures.of_round(sat.round, ENDED).rounds
    assert [(one.name, one.rank, one.points, one.earned) for one in found.sent] == [
        ("Lò Văn An", 1, 300, None)
    ]
    assert found.published.replaces is None
    approve(sat, ask(sat))
    (found,) = figures.of_round(sat.round, ENDED).rounds
    assert [(one.name, one.rank, one.points, one.earned) for one in found.sent] == [
        ("Lò Văn An", 2, 200, (2, 1, 300))
    ]
    assert found.published.replaces == (2, REASON)
