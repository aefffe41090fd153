"""Entering answer sheets: two people, each alone; a third where they differ; then an attempt like any other."""

import json
from threading import Barrier, Thread

import pytest

from quiz.core.errors import AlreadyDone, NotAllowed, RuleBroken
from quiz.core.items import Kind
from quiz.core.paper_entry import Keyed, PaperState
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import AuditEvent, Keying, PrintedPaper, Response
from quiz.services import attempts, marking, paper_entry, printed_papers, statistics
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

LATER = NOW + HOUR


class Sheet:
    """A printed paper of five questions, one of them with several keys, and three people to enter it."""

    def __init__(self, issued_at=NOW, **rules):
        commune = make_unit()
        contest_round = make_round(make_stage(make_contest(commune), make_rules(**rules)), commune)
        items = [make_item(key=(1,)) for _ in range(4)] + [make_item(key=(0, 2), kind=Kind.MULTIPLE)]
        open_for_test(contest_round, items)
        self.round = contest_round
        self.entry = make_entry(contest_round, make_person(make_cell(commune)))
        self.people = [Actor(make_account().id) for _ in range(3)]
        self.paper = printed_papers.issue(self.entry, self.people[0], issued_at, "seed")
        self.attempt = self.paper.attempt

    def right(self):
        """Return the faultless answers of this paper."""
        several = [item.several for item in paper_entry.items_of(self.paper)]
        keys = [(0, 2) if many else (1,) for many in several]
        orders = [order for _, order in json.loads(self.attempt.paper)]
        return tuple(
            ",".join(str(place) for place, option in enumerate(order) if option in key)
            for order, key in zip(orders, keys, strict=True)
        )

    def key(self, person, choices, minutes=None, now=LATER):
        return paper_entry.key(self.paper, Keyed(tuple(choices), minutes), self.people[person], now)

    def settle(self, decided, minutes=None, reason="đối chiếu phiếu gốc", person=2):
        paper_entry.settle(self.paper, decided, minutes, reason, self.people[person], LATER + 1)

    def stored(self):
        query = db.select(Response.position, Response.choice).where(Response.attempt_id == self.attempt.id)
        return {position: choice for position, choice in db.session.execute(query)}


def changed(choices, **at):
    """Return the answers with some positions changed: changed(right, p0="3")."""
    return tuple(at.get(f"p{place}", choice) for place, choice in enumerate(choices))


def test_two_keyings_that_agree_end_the_attempt_with_its_marks(app):
    sheet = Sheet(time_limit=40)
    right = sheet.right()
    assert sheet.key(0, right, 25) is PaperState.KEYED_ONCE
    assert sheet.attempt.submitted_at is None and sheet.stored() == {}
    assert sheet.key(1, right, 25) is PaperState.ENTERED
    assert (sheet.attempt.raw_score, sheet.attempt.max_score) == (500, 500)
    assert sheet.stored() == dict(enumerate(right))
    assert (sheet.attempt.time_used, sheet.attempt.ended_by) == (25 * MINUTE, "candidate")
    assert sheet.attempt.submitted_at == NOW + 25 * MINUTE


def test_a_paper_is_marked_as_the_same_choices_on_a_device_are(app):
    sheet = Sheet()
    other = make_entry(sheet.round, make_person(make_cell(sheet.round.unit, "Bản khác"), "Lò Văn Máy"))
    on_device = attempts.start(other, NOW, "seed")
    answers = changed(sheet.right(), p0="", p1="3")
    for position, choice in enumerate(answers):
        if choice:
            db.session.add(
                Response(attempt_id=on_device.id, position=position, choice=choice, stamp=1, saved_at=NOW)
            )
    db.session.flush()
    attempts.submit(on_device, NOW + 5 * MINUTE)
    sheet.key(0, answers, 5)
    sheet.key(1, answers, 5)
    for name in ("raw_score", "max_score", "marks", "time_used", "values", "paper", "submitted_at"):
        assert getattr(sheet.attempt, name) == getattr(on_device, name), name
    assert (
        marking.choices_of([sheet.attempt.id])[sheet.attempt.id]
        == marking.choices_of([on_device.id])[on_device.id]
    )


def test_a_sheet_without_minutes_took_the_full_time_from_when_the_round_began(app):
    sheet = Sheet(issued_at=NOW - HOUR // 2, time_limit=40)
    sheet.key(0, sheet.right())
    sheet.key(1, sheet.right())
    assert (sheet.attempt.started_at, sheet.attempt.submitted_at) == (NOW, NOW + 40 * MINUTE)
    assert (sheet.attempt.time_used, sheet.attempt.ended_by) == (40 * MINUTE, "deadline")


@pytest.mark.parametrize(("written", "counts", "ended_by"), [(None, 40, "deadline"), (25, 25, "candidate")])
def test_a_sheet_keyed_soon_after_it_was_drawn_took_what_it_says_all_the_same(app, written, counts, ended_by):
    sheet, entered = Sheet(issued_at=NOW, time_limit=40), NOW + 3 * MINUTE
    for person in (0, 1):
        sheet.key(person, sheet.right(), written, now=entered)
    assert (sheet.attempt.time_used, sheet.attempt.ended_by) == (counts * MINUTE, ended_by)
    assert (sheet.attempt.started_at, sheet.attempt.submitted_at) == (entered - counts * MINUTE, entered)


def test_the_same_person_does_not_key_twice(app):
    sheet = Sheet()
    sheet.key(0, sheet.right())
    with pytest.raises(AlreadyDone, match="người khác"):
        sheet.key(0, sheet.right())
    assert db.session.query(Keying).count() == 1


@pytest.mark.parametrize(
    ("people", "outcomes"), [((0, 1), ["entered", "keyed_once"]), ((0, 0), ["", "keyed_once"])]
)
def test_of_two_who_save_at_once_one_is_the_first_and_a_double_click_saves_once(app, people, outcomes):
    sheet = Sheet()
    paper_id, right, actors = sheet.paper.id, sheet.right(), sheet.people
    db.session.commit()
    together, found = Barrier(2), []

    def save(person):
        with app.app_context():
            paper = db.session.get(PrintedPaper, paper_id)
            assert paper.keyings == []
            db.session.rollback()
            together.wait(timeout=300)
            try:
                found.append(str(paper_entry.key(paper, Keyed(right), actors[person], LATER)))
                db.session.commit()
            except AlreadyDone:
                db.session.rollback()
                found.append("")

    saves = [Thread(target=save, args=[person]) for person in people]
    for thread in saves:
        thread.start()
    for thread in saves:
        thread.join(timeout=300)
    assert sorted(found) == outcomes
    assert db.session.query(Keying).count() == len([outcome for outcome in outcomes if outcome])


def test_nobody_keys_the_own_paper(app):
    sheet = Sheet()
    own = Actor(make_account(person=sheet.entry.person).id)
    with pytest.raises(NotAllowed):
        paper_entry.key(sheet.paper, Keyed(sheet.right()), own, LATER)


def test_nothing_is_keyed_before_the_round_begins(app):
    sheet = Sheet(issued_at=NOW - HOUR)
    with pytest.raises(RuleBroken, match="chưa bắt đầu"):
        sheet.key(0, sheet.right(), now=NOW - 1)


@pytest.mark.parametrize(
    ("what", "choices", "minutes"),
    [
        ("too few", ("0",) * 4, None),
        ("too many", ("0",) * 6, None),
        ("a box that is not there", ("4", "0", "0", "0", "0"), None),
        ("no time at all", ("0",) * 5, 0),
        ("minutes beyond reason", ("0",) * 5, 601),
    ],
)
def test_only_answers_of_this_sheet_are_taken(app, what, choices, minutes):
    sheet = Sheet()
    with pytest.raises(RuleBroken, match="không khớp"):
        sheet.key(0, choices, minutes)
    assert db.session.query(Keying).count() == 0, what


def test_where_two_differ_a_third_person_decides_with_a_reason(app):
    sheet = Sheet(time_limit=40)
    right = sheet.right()
    wrong = changed(right, p1="", p3="?")
    sheet.key(0, wrong, 20)
    assert sheet.key(1, right, 22) is PaperState.DIFFERENT
    assert sheet.attempt.submitted_at is None
    assert [difference.position for difference in paper_entry.differences_of(sheet.paper)] == [1, 3]
    sheet.settle({1: right[1], 3: right[3]}, 22)
    assert printed_papers.state(sheet.paper) is PaperState.ENTERED
    assert (sheet.attempt.raw_score, sheet.attempt.time_used) == (500, 22 * MINUTE)
    assert sheet.paper.decided == {"1": right[1], "3": right[3]} and sheet.paper.reason
    assert [tuple(keying.choices) for keying in sheet.paper.keyings] == [wrong, right]


@pytest.mark.parametrize(
    ("what", "person", "reason", "decided", "refusal"),
    [
        ("who keyed first", 0, "vì", {0: ""}, NotAllowed),
        ("who keyed second", 1, "vì", {0: ""}, NotAllowed),
        ("without a reason", 2, " ", {0: ""}, RuleBroken),
        ("nothing decided", 2, "vì", {}, RuleBroken),
        ("still unclear", 2, "vì", {0: "?"}, RuleBroken),
        ("a box that is not there", 2, "vì", {0: "9"}, RuleBroken),
    ],
)
def test_a_third_look_by_the_wrong_person_or_half_done_changes_nothing(
    app, what, person, reason, decided, refusal
):
    sheet = Sheet()
    right = sheet.right()
    sheet.key(0, changed(right, p0=""))
    sheet.key(1, right)
    with pytest.raises(refusal):
        sheet.settle(decided, None, reason, person)
    assert sheet.attempt.submitted_at is None and sheet.stored() == {}, what


def test_two_keyings_are_enough_and_a_settled_sheet_stays(app):
    sheet = Sheet()
    right = sheet.right()
    sheet.key(0, changed(right, p0=""))
    sheet.key(1, right)
    with pytest.raises(AlreadyDone):
        sheet.key(2, right)
    sheet.settle({0: ""})
    with pytest.raises(AlreadyDone):
        sheet.settle({0: right[0]})
    with pytest.raises(RuleBroken, match="không hủy được"):
        printed_papers.cancel(sheet.paper, sheet.people[0], LATER)
    assert sheet.attempt.raw_score == 400


def test_two_ticks_on_a_question_with_one_answer_count_as_none(app):
    sheet = Sheet()
    several = [item.several for item in paper_entry.items_of(sheet.paper)]
    answers = ["0,1"] * 5
    sheet.key(0, answers)
    sheet.key(1, answers)
    assert sheet.stored() == {several.index(True): "0,1"}


def test_what_a_device_stored_meanwhile_gives_way_to_the_sheet(app):
    sheet = Sheet()
    db.session.add(Response(attempt_id=sheet.attempt.id, position=0, choice="3", stamp=1, saved_at=NOW))
    db.session.flush()
    answers = changed(sheet.right(), p0="")
    sheet.key(0, answers)
    sheet.key(1, answers)
    assert 0 not in sheet.stored()


def test_every_step_is_on_record_without_the_answers(app):
    sheet = Sheet()
    sheet.key(0, changed(sheet.right(), p0=""))
    sheet.key(1, sheet.right())
    sheet.settle({0: ""})
    events = db.session.query(AuditEvent).filter(AuditEvent.target == f"printed_paper:{sheet.paper.id}")
    assert [event.action for event in events.order_by(AuditEvent.id)] == [
        "paper.issue", "paper.key", "paper.key", "paper.settle",
    ]  # fmt: skip
    settled = events.filter(AuditEvent.action == "paper.settle").one()
    assert (settled.detail["differences"], settled.detail["reason"]) == (1, "đối chiếu phiếu gốc")
    assert settled.account_id == sheet.people[2].account_id


def test_papers_count_in_the_statistics_of_items_like_all_others(app):
    sheet = Sheet()
    sheet.key(0, sheet.right())
    assert statistics.next_uncounted(NOW + 30 * HOUR) is None
    sheet.key(1, sheet.right())
    assert statistics.next_uncounted(NOW + 30 * HOUR) is sheet.round
    assert statistics.count(sheet.round, NOW) == 5
