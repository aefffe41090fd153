"""Incident 10: a contestant asks to see his paper and is answered in two days (R52)."""

import pytest

from quiz.core.appeals import DAY, WHOLE_PAPER, Finding, Hours
from quiz.core.errors import RuleBroken
from quiz.core.timing import MINUTE
from quiz.services import appeals, own_papers, results
from quiz.services.appeals import Settings
from tests.factories import publish_final
from tests.sat_rounds import ENDED, KEY, OTHER, Sat


def test_incident_10_a_contestant_asks_to_see_his_paper_and_is_answered_in_two_days(app):
    sat = Sat()
    entry = sat.sit("Pó", OTHER, right=3)
    sat.sit("Xuân", KEY, right=4)
    sat.publish(final=False)
    attempt = entry.attempts[0]
    assert appeals.window_of(sat.round.id) is None  # nobody sees a paper before the board has said so

    hours = Hours(ENDED, ENDED + 3 * DAY, answer_days=2)
    window = appeals.set_window(sat.round, Settings(hours, shows_paper=True), sat.actor, ENDED)
    assert own_papers.may_see(window, attempt, ENDED)
    paper = own_papers.seen_paper(attempt, window, ENDED)
    assert (len(paper), sum(question.points for question in paper)) == (5, 300)
    assert all(question.key is None for question in paper)  # the board has not released the key

    asked_at = ENDED + 5 * 60 * MINUTE
    appeal = appeals.ask(attempt, WHOLE_PAPER, "Tôi muốn được xem vì sao bài của tôi 3 điểm.", asked_at)
    assert appeal.due_at == asked_at + 2 * DAY
    with pytest.raises(RuleBroken):  # the final result waits for the answer
        results.ask_final(sat.round, "", sat.actor, ENDED + 3 * DAY)

    answered_at = asked_at + 2 * DAY - 60 * MINUTE
    appeals.answer(
        appeal, Finding.KEPT, "Ban Tổ chức đã xem lại: hai câu sai, điểm đúng.", sat.actor, answered_at
    )
    (kept,) = appeals.of_attempt(attempt)  # what was asked and answered, by whom and when, is kept
    assert (kept.finding, kept.answered_by_id, kept.answered_at) == (Finding.KEPT, sat.asker.id, answered_at)
    assert kept.answered_at <= kept.due_at
    assert publish_final(sat.round, sat.actor, ENDED + 3 * DAY).kind == results.FINAL
