"""The duty board: each entered person stands at exactly one place, at one instant, for all who look."""

import pytest
from sqlalchemy import event

from quiz.core.people import AbsenceReason
from quiz.core.presence import NOT_STARTED, Presence
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Absence, AccessCard, Attempt, Response
from quiz.services import auth, boards, cards, monitor
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

LATER = NOW + 20 * MINUTE
SILENT_AFTER = 5


def make_watched_round(commune=None, stage=None):
    commune = commune or make_unit()
    return make_round(stage or make_stage(make_contest(commune)), commune)


def enter(contest_round, name="Lò Văn Thử"):
    return make_entry(contest_round, make_person(make_cell(contest_round.unit, f"Bản {name}"), name))


def sign_in(entry):
    printed = cards.issue(entry.round.stage.contest, entry.person, Actor(), NOW)
    token = auth.open_session(auth.holder_of(db.session.get(AccessCard, printed.card_id)), 12, "", NOW)
    db.session.flush()
    return token


def start(entry, saved_at=(), started_at=NOW, number=1, submitted_at=None, medium="device"):
    attempt = add(
        Attempt(
            entry=entry,
            round_id=entry.round_id,
            person_id=entry.person_id,
            number=number,
            seed="1",
            paper="[]",
            started_at=started_at,
            deadline=started_at + HOUR,
            grace_seconds=5,
            receipt_code=f"R{entry.id}-{number}",
            submitted_at=submitted_at,
            medium=medium,
        )
    )
    for position, instant in enumerate(saved_at):
        add(Response(attempt_id=attempt.id, position=position, choice="0", stamp=1, saved_at=instant))
    return attempt


def presence_of(entry, now=LATER):
    return monitor.person(entry, SILENT_AFTER, now).presence


def test_somebody_with_a_card_has_not_signed_in_until_it_is_used(app):
    entry = enter(make_watched_round())
    assert presence_of(entry) is Presence.NOT_SIGNED_IN
    sign_in(entry)
    assert presence_of(entry) is Presence.SIGNED_IN


def test_a_sign_in_that_ended_or_belongs_to_another_contest_does_not_count(app):
    entry = enter(make_watched_round())
    other = make_entry(make_watched_round(), entry.person)
    token = sign_in(entry)
    assert presence_of(other) is Presence.NOT_SIGNED_IN
    assert presence_of(entry, NOW + 12 * HOUR) is Presence.NOT_SIGNED_IN
    auth.close_session(auth.principal_of(token, LATER), LATER)
    assert presence_of(entry) is Presence.NOT_SIGNED_IN


@pytest.mark.parametrize(
    "saved_at, now, presence",
    [
        ((), NOW + 4 * MINUTE, Presence.ANSWERING),
        ((), NOW + 6 * MINUTE, Presence.SILENT),
        ((NOW + 2 * MINUTE, NOW + 16 * MINUTE), LATER, Presence.ANSWERING),
        ((NOW + 14 * MINUTE, NOW + 2 * MINUTE), LATER, Presence.SILENT),
        ((NOW + 15 * MINUTE,), LATER, Presence.ANSWERING),
        ((NOW + 59 * MINUTE,), NOW + HOUR + 5000, Presence.ANSWERING),
        ((NOW + 59 * MINUTE,), NOW + HOUR + 5001, Presence.HANDED_IN),
    ],
)
def test_an_open_paper_is_silent_after_a_while_and_over_at_its_deadline(app, saved_at, now, presence):
    entry = enter(make_watched_round())
    start(entry, saved_at)
    assert presence_of(entry, now) is presence


def test_a_paper_handed_in_is_handed_in(app):
    entry = enter(make_watched_round())
    start(entry, submitted_at=NOW + MINUTE)
    assert presence_of(entry) is Presence.HANDED_IN


def test_the_latest_attempt_counts(app):
    entry = enter(make_watched_round())
    start(entry, submitted_at=NOW + MINUTE)
    start(entry, started_at=LATER - MINUTE, number=2)
    assert presence_of(entry) is Presence.ANSWERING


def test_the_counts_of_each_round_add_up_to_its_entries(app):
    first = make_watched_round()
    second = make_watched_round(make_unit("Hát Lót"), first.stage)
    waiting, silent, answering, on_paper, done, withdrawn = (enter(first, f"Lò Văn {n}") for n in range(6))
    enter(first, "Lò Thị Xa")
    enter(second)
    sign_in(waiting)
    start(silent)
    start(answering, [LATER - MINUTE])
    start(on_paper, medium="paper")
    start(done, submitted_at=NOW + MINUTE)
    withdrawn.withdrawn_at = NOW
    add(
        Absence(
            round_id=first.id,
            unit=make_cell(first.unit, "Bản vắng"),
            reason=AbsenceReason.ILLNESS,
            created_at=NOW,
        )
    )
    board = boards.read(first.stage_id, LATER)
    found = boards.counts(board, SILENT_AFTER, [first.id, second.id])
    assert found[first.id].by_presence == dict.fromkeys(Presence, 1)
    assert (found[first.id].entered, found[first.id].not_started, found[first.id].absent) == (6, 2, 1)
    assert found[second.id].by_presence == {Presence.NOT_SIGNED_IN: 1}
    both = found[first.id] + found[second.id]
    assert (both.entered, both[Presence.NOT_SIGNED_IN], both.absent) == (7, 2, 1)


def test_a_round_with_nobody_counts_nobody(app):
    contest_round = make_watched_round()
    board = boards.read(contest_round.stage_id, LATER)
    assert boards.counts(board, SILENT_AFTER, [contest_round.id])[contest_round.id].entered == 0


def test_the_list_can_be_narrowed_and_says_how_far_each_has_come(app):
    contest_round = make_watched_round()
    idle, busy = enter(contest_round, "Lò Văn Ai"), enter(contest_round, "Lò Văn Bân")
    start(busy, [LATER - MINUTE, LATER - 2 * MINUTE])
    db.session.query(Response).filter_by(position=1).one().choice = ""
    db.session.flush()
    board = boards.read(contest_round.stage_id, LATER)
    page = monitor.people(board, [contest_round.id], NOT_STARTED, SILENT_AFTER, [""])
    assert page.total == 1 and [row.entry for row in page.people] == [idle]
    page = monitor.people(board, [contest_round.id], (), SILENT_AFTER, [""])
    assert [(row.entry, row.heard_at, row.answered) for row in page.people] == [
        (idle, None, 0),
        (busy, LATER - MINUTE, 1),
    ]


def test_the_list_comes_in_pages_and_keeps_to_the_places_one_may_see(app):
    contest_round = make_watched_round()
    first, second, third = (enter(contest_round, f"Lò Văn {name}") for name in "ABC")
    board = boards.read(contest_round.stage_id, LATER)
    page = monitor.people(board, [contest_round.id], (), SILENT_AFTER, [""], page=2, per_page=2)
    assert (page.page, page.pages, page.total) == (2, 2, 3)
    assert [row.entry for row in page.people] == [third]
    paths = [first.unit.path, second.unit.path]
    page = monitor.people(board, [contest_round.id], (), SILENT_AFTER, paths)
    assert [row.entry for row in page.people] == [first, second]
    assert monitor.people(board, [contest_round.id], (), SILENT_AFTER, []).total == 0


def test_those_without_a_paper_are_named_by_cell(app):
    contest_round = make_watched_round()
    enter(contest_round, "Vì Văn Út")
    start(enter(contest_round, "Lò Văn Bân"))
    board = boards.read(contest_round.stage_id, LATER)
    named = monitor.names(board, [contest_round.id], NOT_STARTED, [""], 20)
    assert named == [("chi bộ Bản Vì Văn Út", "Vì Văn Út")]


def test_the_units_below_a_node_add_up_to_it(app):
    contest_round = make_watched_round()
    start(enter(contest_round, "Lò Văn Ai"), submitted_at=NOW + MINUTE)
    idle = enter(contest_round, "Lò Văn Bân")
    vacant = make_cell(contest_round.unit, "Bản vắng")
    add(Absence(round_id=contest_round.id, unit=vacant, reason=AbsenceReason.ILLNESS, created_at=NOW))
    board = boards.read(contest_round.stage_id, LATER)
    below = boards.counts_below(board, SILENT_AFTER, contest_round.id, contest_round.unit)
    assert [(unit.name, counts.entered, counts.not_started, counts.absent) for unit, counts in below] == [
        ("Bản Lò Văn Ai", 1, 0, 0),
        ("Bản Lò Văn Bân", 1, 1, 0),
        ("Bản vắng", 0, 0, 1),
    ]
    total = sum((counts for _unit, counts in below), boards.NOBODY)
    assert total == boards.counts(board, SILENT_AFTER, [contest_round.id])[contest_round.id] + boards.NOBODY
    assert boards.counts_below(board, SILENT_AFTER, contest_round.id, idle.unit) == []


def test_units_looked_at_together_count_what_lies_under_each_of_them(app):
    district = make_unit("Mai Sơn", type_label="huyện")
    communes = [make_unit(name, district) for name in ("Cò Nòi", "Nà Bó", "Hát Lót")]
    contest_round = make_round(make_stage(make_contest(district)), district)
    for place, name in ((0, "Lò Văn Ai"), (0, "Lò Văn Bân"), (1, "Lò Văn Chài")):
        make_entry(contest_round, make_person(make_cell(communes[place], f"Bản {name}"), name))
    vacant = make_cell(communes[1], "Bản vắng")
    add(Absence(round_id=contest_round.id, unit=vacant, reason=AbsenceReason.ILLNESS, created_at=NOW))
    board = boards.read(contest_round.stage_id, LATER)
    counted = boards.counts_at(board, SILENT_AFTER, contest_round.id, [*communes, district])
    assert [(unit.name, counts.entered, counts.absent) for unit, counts in counted] == [
        ("Cò Nòi", 2, 0),
        ("Nà Bó", 1, 1),
        ("Hát Lót", 0, 0),
        ("Mai Sơn", 3, 1),
    ]


def test_a_cell_that_moved_away_counts_where_it_was_entered(app):
    contest_round = make_watched_round()
    entry = enter(contest_round)
    elsewhere = make_unit("Nơi khác")
    entry.unit.parent, entry.unit.path = elsewhere, f"{elsewhere.path}{entry.unit_id}/"
    db.session.flush()
    board = boards.read(contest_round.stage_id, LATER)
    below = boards.counts_below(board, SILENT_AFTER, contest_round.id, contest_round.unit)
    assert [(unit.id, counts.entered) for unit, counts in below] == [(entry.unit_id, 1)]


def test_all_who_look_within_seconds_share_one_count(app):
    contest_round = make_watched_round()
    entry = enter(contest_round)
    db.session.flush()
    first = boards.board_of(contest_round.stage_id, LATER)
    entry.withdrawn_at = LATER
    db.session.flush()
    assert boards.board_of(contest_round.stage_id, LATER + boards.FRESH - 1) is first
    much_later = LATER + boards.SHARE * MINUTE  # however long counting took
    assert boards.board_of(contest_round.stage_id, much_later).seen == ()


def test_who_looks_while_another_counts_gets_the_last_figures(app):
    contest_round = make_watched_round()
    enter(contest_round)
    last = boards.board_of(contest_round.stage_id, LATER)
    lock = boards._kept[db.engine].counting[contest_round.stage_id]
    with lock:
        assert boards.board_of(contest_round.stage_id, LATER + boards.SHARE * MINUTE) is last


def test_counting_a_stage_takes_as_many_queries_for_many_as_for_few(app):
    contest_round = make_watched_round()
    few = queries_of(lambda: boards.read(contest_round.stage_id, LATER))
    for number in range(8):
        start(enter(contest_round, f"Lò Văn {number}"))
    assert queries_of(lambda: boards.read(contest_round.stage_id, LATER)) == few == 5


def queries_of(act):
    seen = []
    listener = lambda *args: seen.append(args)  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    act()
    event.remove(db.engine, "before_cursor_execute", listener)
    return len(seen)
