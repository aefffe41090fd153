"""Watching a round: each entered person stands at exactly one place."""

import pytest

from quiz.core.people import AbsenceReason
from quiz.core.presence import NOT_STARTED, Presence
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Absence, AccessCard, Attempt, Response
from quiz.services import auth, cards, monitor
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
    found = monitor.counts([first, second], SILENT_AFTER, LATER)
    assert found[first.id].by_presence == dict.fromkeys(Presence, 1)
    assert (found[first.id].entered, found[first.id].not_started, found[first.id].absent) == (6, 2, 1)
    assert found[second.id].by_presence == {Presence.NOT_SIGNED_IN: 1}
    both = found[first.id] + found[second.id]
    assert (both.entered, both[Presence.NOT_SIGNED_IN], both.absent) == (7, 2, 1)


def test_a_round_with_nobody_counts_nobody(app):
    contest_round = make_watched_round()
    assert monitor.counts([contest_round], SILENT_AFTER, LATER)[contest_round.id].entered == 0


def test_the_list_can_be_narrowed_and_says_how_far_each_has_come(app):
    contest_round = make_watched_round()
    idle, busy = enter(contest_round, "Lò Văn Ai"), enter(contest_round, "Lò Văn Bân")
    start(busy, [LATER - MINUTE, LATER - 2 * MINUTE])
    db.session.query(Response).filter_by(position=1).one().choice = ""
    page, rows = monitor.people(contest_round, NOT_STARTED, SILENT_AFTER, LATER)
    assert page.total == 1 and [row.entry for row in rows] == [idle]
    _, rows = monitor.people(contest_round, (), SILENT_AFTER, LATER)
    assert [(row.entry, row.heard_at, row.answered) for row in rows] == [
        (idle, None, 0),
        (busy, LATER - MINUTE, 1),
    ]


def test_those_without_a_paper_are_named_by_cell(app):
    contest_round = make_watched_round()
    enter(contest_round, "Vì Văn Út")
    start(enter(contest_round, "Lò Văn Bân"))
    assert monitor.names_not_started(contest_round, 20) == [("chi bộ Bản Vì Văn Út", "Vì Văn Út")]
