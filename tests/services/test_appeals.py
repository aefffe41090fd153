"""Appeals: taken in their window, answered once, and before the final result; own papers show no key too early."""

import pytest

from quiz.core.appeals import DAY, WHOLE_PAPER, Finding, Hours
from quiz.core.approvals import Answer
from quiz.core.corrections import Policy, Ruling
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import appeals, approved_acts, corrections, figures, own_papers, papers, results
from quiz.services.appeals import Settings
from quiz.services.audit import Actor
from tests.factories import HOUR, make_round, make_rules, make_stage, make_unit, open_for_test, publish_final
from tests.sat_rounds import ENDED, KEY, OTHER, RIGHT, Sat

HOURS = Hours(ENDED, ENDED + DAY, answer_days=2)


@pytest.fixture
def sat(app):
    """Two people sat, the result is out provisionally and appeals are taken for a day."""
    scene = Sat()
    scene.sit("An", OTHER, right=2)
    scene.sit("Bình", RIGHT, right=2)
    scene.publish(final=False)
    appeals.set_window(scene.round, Settings(HOURS, shows_paper=True), scene.actor, ENDED)
    return scene


def attempt_of(sat, number=0):
    return sat.round.entries[number].attempts[0]


def position_of(attempt, version):
    return [place.version for place in papers.places_of(attempt.paper)].index(version.id)


def put_right(sat):
    """Correct the doubtful question by two people and return the bank's new version."""
    ruling = Ruling(Policy.NEW_ONLY, (RIGHT,))
    asked = corrections.ask(sat.contest, sat.doubtful, ruling, "Điều 4", sat.actor, ENDED)
    approved_acts.decide(asked, Answer.APPROVED, "", Actor(sat.second.id), ENDED)
    return sat.doubtful.item.current


def test_an_appeal_knows_its_question_its_day_and_its_answer(sat):
    attempt = attempt_of(sat)
    position = position_of(attempt, sat.doubtful)
    appeal = appeals.ask(attempt, position, "  Theo Điều 4 thì khác ", ENDED + HOUR)
    assert (appeal.version_id, appeal.text, appeal.due_at) == (
        sat.doubtful.id,
        "Theo Điều 4 thì khác",
        ENDED + HOUR + 2 * DAY,
    )
    appeals.answer(appeal, Finding.KEPT, "Điều 4 khoản 2 ghi đúng như đáp án.", sat.actor, ENDED + DAY)
    assert (appeal.finding, appeal.answered_by_id, appeal.answered_at) == (
        Finding.KEPT,
        sat.asker.id,
        ENDED + DAY,
    )
    actions = [event.action for event in db.session.query(AuditEvent) if event.action.startswith("appeal")]
    assert actions == ["appeal.ask", "appeal.answer"]


@pytest.mark.parametrize("at, said", [(ENDED - 1, "Chưa đến"), (ENDED + DAY, "Đã hết")])
def test_nothing_is_taken_outside_the_window(sat, at, said):
    with pytest.raises(RuleBroken, match=said):
        appeals.ask(attempt_of(sat), WHOLE_PAPER, "Xin xem lại", at)


def test_each_question_is_asked_about_once(sat):
    attempt = attempt_of(sat)
    for position in (WHOLE_PAPER, 0, 1):
        appeals.ask(attempt, position, "Xin xem lại", ENDED)
        with pytest.raises(AlreadyDone):
            appeals.ask(attempt, position, "Xin xem lại", ENDED)
    assert len(appeals.of_attempt(attempt)) == 3
    assert appeals.of_attempt(attempt_of(sat, 1)) == []


@pytest.mark.parametrize("position", [5, -2, 10**9])
def test_a_question_the_paper_has_not_cannot_be_asked_about(sat, position):
    with pytest.raises(RuleBroken, match="không có câu này"):
        appeals.ask(attempt_of(sat), position, "Xin xem lại", ENDED)


def test_the_figures_of_a_round_count_its_appeals_by_their_answers(sat):
    first, second = attempt_of(sat), attempt_of(sat, 1)
    assert appeals.outcomes([sat.round.id]) == {}
    for attempt, position in ((first, 0), (first, 1), (second, 0)):
        appeals.ask(attempt, position, "Xin xem lại.", ENDED)
    appeals.answer(appeals.of_attempt(first)[0], Finding.KEPT, "Đúng đáp án.", sat.actor, ENDED)
    assert appeals.outcomes([sat.round.id]) == {sat.round.id: (3, 1, 0)}
    put_right(sat)
    about = position_of(second, sat.doubtful)
    appeal = appeals.of_attempt(second)[0] if about == 0 else appeals.ask(second, about, "Khác.", ENDED)
    appeals.answer(appeal, Finding.CORRECTED, "Đã sửa và chấm lại.", sat.actor, ENDED)
    assert appeals.outcomes([sat.round.id])[sat.round.id][1:] == (1, 1)
    (found,) = figures.of_round(sat.round, ENDED).rounds
    assert found.appeals == appeals.outcomes([sat.round.id])[sat.round.id]


def test_an_answer_is_given_once_and_in_words(sat):
    appeal = appeals.ask(attempt_of(sat), 0, "Xin xem lại", ENDED)
    with pytest.raises(RuleBroken, match="Hãy viết câu trả lời"):
        appeals.answer(appeal, Finding.KEPT, " ", sat.actor, ENDED)
    appeals.answer(appeal, Finding.KEPT, "Đúng đáp án.", sat.actor, ENDED)
    with pytest.raises(AlreadyDone):
        appeals.answer(appeal, Finding.KEPT, "Khác.", sat.actor, ENDED)


def test_a_correction_is_claimed_only_when_two_people_made_it(sat):
    attempt = attempt_of(sat)
    appeal = appeals.ask(attempt, position_of(attempt, sat.doubtful), "Đáp án sai", ENDED)
    with pytest.raises(RuleBroken, match="chưa được sửa"):
        appeals.answer(appeal, Finding.CORRECTED, "Đã sửa.", sat.actor, ENDED)
    put_right(sat)
    appeals.answer(appeal, Finding.CORRECTED, "Đã sửa và chấm lại.", sat.actor, ENDED)
    assert appeal.finding is Finding.CORRECTED


def test_an_appeal_about_a_whole_paper_may_be_answered_by_the_correction_of_one_of_its_questions(sat):
    appeal = appeals.ask(attempt_of(sat), WHOLE_PAPER, "Xin chấm lại cả bài", ENDED)
    with pytest.raises(RuleBroken, match="Chưa câu nào trong bài này"):
        appeals.answer(appeal, Finding.CORRECTED, "Đã sửa.", sat.actor, ENDED)
    put_right(sat)
    appeals.answer(appeal, Finding.CORRECTED, "Câu 3 đã được sửa và chấm lại.", sat.actor, ENDED)
    assert appeal.finding is Finding.CORRECTED


def test_the_final_result_waits_for_the_window_and_for_every_answer(sat):
    appeal = appeals.ask(attempt_of(sat), 0, "Xin xem lại", ENDED)
    with pytest.raises(RuleBroken, match="chưa hết"):
        results.ask_final(sat.round, "", sat.actor, ENDED + HOUR)
    with pytest.raises(RuleBroken, match="1 đơn phúc khảo"):
        results.ask_final(sat.round, "", sat.actor, ENDED + DAY)
    appeals.answer(appeal, Finding.KEPT, "Đúng đáp án.", sat.actor, ENDED + DAY)
    assert publish_final(sat.round, sat.actor, ENDED + DAY).kind == results.FINAL


def test_the_most_pressing_appeals_stand_first_and_late_ones_are_counted(sat):
    first = appeals.ask(attempt_of(sat), 0, "Một", ENDED)
    second = appeals.ask(attempt_of(sat, 1), 0, "Hai", ENDED + HOUR)
    appeals.answer(first, Finding.KEPT, "Đúng.", sat.actor, ENDED + HOUR)
    assert [one.id for one in appeals.page_of(sat.round).items] == [second.id, first.id]
    assert appeals.counts(sat.round.id, ENDED + HOUR) == (2, 1, 0)
    assert appeals.counts(sat.round.id, second.due_at + 1) == (2, 1, 1)
    appeals.answer(second, Finding.KEPT, "Giữ nguyên", sat.actor, second.due_at + 1)
    assert appeals.counts(sat.round.id, second.due_at + DAY) == (2, 0, 1), (
        "an answer that came late stays late"
    )


def test_the_window_is_set_after_the_round_and_in_order(app):
    sat = Sat()
    with pytest.raises(RuleBroken, match="chưa kết thúc"):
        appeals.set_window(sat.round, Settings(HOURS), sat.actor, ENDED - 2 * HOUR)
    with pytest.raises(RuleBroken, match="cả hai"):
        appeals.set_window(sat.round, Settings(HOURS, shows_key=True), sat.actor, ENDED)
    with pytest.raises(RuleBroken, match="sau giờ"):
        appeals.set_window(sat.round, Settings(Hours(ENDED, ENDED)), sat.actor, ENDED)


# --- the own paper ------------------------------------------------------------------------------------------------


def seen(sat, shows_key=False, now=ENDED):
    appeals.set_window(sat.round, Settings(HOURS, True, shows_key), sat.actor, ENDED)
    attempt, window = attempt_of(sat), appeals.window_of(sat.round.id)
    assert own_papers.may_see(window, attempt, now)
    return own_papers.seen_paper(attempt, window, now)


def test_the_own_paper_shows_what_was_taken_and_earned_and_the_key_only_when_released(sat):
    questions = seen(sat)
    assert [question.points for question in questions] == attempt_of(sat).marks
    assert all(question.stem and question.key is None for question in questions)
    for question in seen(sat, shows_key=True):
        assert [question.options[place] for place in question.key] == ["Hai"]  # the authored option KEY
        assert (question.taken == question.key) is (question.points == 100)


def test_nobody_sees_a_paper_before_the_board_allows(sat):
    attempt = attempt_of(sat)
    assert not own_papers.may_see(None, attempt, ENDED)
    window = appeals.set_window(sat.round, Settings(HOURS), sat.actor, ENDED)
    assert not own_papers.may_see(window, attempt, ENDED)
    window = appeals.set_window(sat.round, Settings(HOURS, True), sat.actor, ENDED)
    assert not own_papers.may_see(window, attempt, ENDED - 1)


def test_a_question_in_the_papers_of_a_round_that_is_not_over_is_not_shown_at_all(sat):
    later = make_round(sat.stage, make_unit("Nà Bó", sat.district), opens_at=ENDED + HOUR)
    open_for_test(later, sat.pool[:2])
    by_version = dict(zip(papers.places_of(attempt_of(sat).paper), seen(sat, shows_key=True), strict=True))
    held = {version.id for version in sat.pool[:2]}
    for place, question in by_version.items():
        told = (question.stem, question.options, question.points, question.key)
        assert (told == (None, (), None, None)) is (place.version in held)
    later.closed_at = ENDED
    db.session.flush()
    assert all(question.stem for question in seen(sat))


def test_nor_is_one_that_stands_there_in_another_version(sat):
    newer = put_right(sat)
    later = make_round(sat.stage, make_unit("Nà Bó", sat.district), opens_at=ENDED + HOUR)
    open_for_test(later, [newer])
    question = seen(sat, shows_key=True)[position_of(attempt_of(sat), sat.doubtful)]
    assert (question.stem, question.key) == (None, None)
    assert [held.id for held in corrections.waiting_for(sat.doubtful.id, ENDED)] == [later.id]


def test_a_question_that_a_planned_round_may_draw_shows_neither_points_nor_key(sat):
    stage = make_stage(sat.contest, make_rules(), ordinal=2)  # draws on the same topic
    final = make_round(stage, sat.district, opens_at=ENDED + 99 * HOUR)
    questions = seen(sat, shows_key=True)
    assert all(question.stem and question.points is None and question.key is None for question in questions)
    final.opened_at, final.closed_at = ENDED, ENDED
    db.session.flush()
    assert all(question.key for question in seen(sat, shows_key=True))


def test_after_a_correction_the_new_key_is_shown(sat):
    put_right(sat)
    question = seen(sat, shows_key=True)[position_of(attempt_of(sat), sat.doubtful)]
    assert question.ruling is Policy.NEW_ONLY
    assert [question.options[place] for place in question.key] == ["Ba"]
    assert KEY != RIGHT


def test_after_a_correction_the_board_reads_the_new_key_too(sat):
    attempt = attempt_of(sat)
    appeal = appeals.ask(attempt, position_of(attempt, sat.doubtful), "Xem lại", ENDED)
    (before,) = own_papers.questions_of(appeal, ENDED)
    put_right(sat)
    (after,) = own_papers.questions_of(appeal, ENDED)
    assert after.key == seen(sat, shows_key=True)[appeal.position].key != before.key
