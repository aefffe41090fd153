"""The hall's screen: frozen figures stay those of the freeze, ranks come one press at a time."""

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.promotion import Scope
from quiz.core.rules import to_dict
from quiz.core.timing import MINUTE, day_of
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import projections, results, revealing, units
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)

OVER = NOW + 3 * HOUR


@pytest.fixture
def there(app):
    commune = make_unit()
    return make_round(make_stage(make_contest(commune)), commune, opened_at=NOW)


def sit(contest_round, name, points=500, minutes=5, **fields):
    entry = make_entry(contest_round, make_person(make_cell(contest_round.unit, f"Bản {name}"), name))
    return make_attempt(entry, points, minutes, **fields)


def figures(projection, now):
    total = projections.total(projections.public_figures(projection, now))
    return total.entered, total.begun, total.handed_in


def screen(contest_round, now=NOW):
    return projections.open_screen(contest_round, Actor(), now)


def test_a_screen_has_one_address_that_can_be_changed_and_taken_back(there):
    projection = screen(there)
    first = projection.code
    assert projections.by_code(f" {first.lower()} ") is projection
    assert screen(there) is projection and projection.code != first
    assert projections.by_code(first) is None
    projections.close_screen(projection, Actor(), NOW)
    with pytest.raises(AlreadyDone):
        projections.close_screen(projection, Actor(), NOW)
    assert projections.by_code("") is None


def test_the_figures_are_those_of_their_instant(there):
    projection = screen(there)
    sit(there, "Lò Văn A", minutes=10)
    sit(there, "Lò Văn B", minutes=30)
    late = make_entry(there, make_person(make_cell(there.unit), "Lò Văn Vắng"))
    late.withdrawn_at = NOW + 20 * MINUTE
    db.session.flush()
    assert figures(projection, NOW + 9 * MINUTE) == (3, 2, 0)
    assert figures(projection, NOW + 10 * MINUTE) == (3, 2, 1)
    assert figures(projection, NOW + 25 * MINUTE) == (2, 2, 1)
    assert figures(projection, NOW + 30 * MINUTE) == (2, 2, 2)


def test_from_the_freeze_until_the_release_the_public_sees_what_stood_then(there):
    projection = screen(there)
    early = sit(there, "Lò Văn A", minutes=10)
    projections.plan_freeze(projection, 100, Actor(), NOW)  # the round lasts 120 minutes
    frozen_from = NOW + 20 * MINUTE
    assert projections.freeze_instant(projection) == frozen_from
    assert projections.freeze_due(frozen_from - 1) == 0
    sit(there, "Lò Văn B", minutes=30)
    assert projections.freeze_due(frozen_from + 2000) == 1
    assert projections.freeze_due(frozen_from + 4000) == 0
    before = figures(projection, frozen_from + 5000)
    early.submitted_at = None  # reopened by the board: the stored figures do not move
    db.session.flush()
    assert figures(projection, OVER) == before == (2, 2, 1)
    projections.release(projection, Actor(), OVER)
    assert figures(projection, OVER) == (2, 2, 1)  # one reopened, the other handed in since
    with pytest.raises(AlreadyDone):
        projections.release(projection, Actor(), OVER)


def test_between_the_freeze_and_its_keeping_the_public_sees_the_same(there):
    projection = screen(there)
    sit(there, "Lò Văn A", minutes=10)
    sit(there, "Lò Văn B", minutes=30)
    projections.plan_freeze(projection, 100, Actor(), NOW)
    now = NOW + 40 * MINUTE
    unkept = figures(projection, now)
    projections.freeze_due(now)
    assert figures(projection, now) == unkept == (2, 2, 1)


def test_the_board_may_stop_the_figures_at_once_and_again_after_a_release(there):
    projection = screen(there)
    projections.freeze_now(projection, Actor(), NOW)
    with pytest.raises(AlreadyDone):
        projections.freeze_now(projection, Actor(), NOW + 1)
    with pytest.raises(RuleBroken):
        projections.plan_freeze(projection, 10, Actor(), NOW + 1)
    sit(there, "Lò Văn A", minutes=10)
    assert figures(projection, NOW + HOUR) == (0, 0, 0)
    projections.release(projection, Actor(), NOW + HOUR)
    assert figures(projection, NOW + HOUR) == (1, 1, 1)
    projections.plan_freeze(projection, 60, Actor(), NOW + HOUR + 1)  # that instant is past: from now on
    assert projection.frozen_at == NOW + HOUR + 1


def test_a_freeze_out_of_range_is_refused(there):
    for minutes in (-1, 601):
        with pytest.raises(RuleBroken):
            projections.plan_freeze(screen(there), minutes, Actor(), NOW)


# --- the ranking --------------------------------------------------------------------------------------------------


def names(projection):
    return [[place.name for place in step] for step in revealing.shown_places(projection)]


def test_ranks_come_from_the_last_one_up_one_press_at_a_time(there):
    projection = screen(there)
    for name, points, minutes in (("A", 500, 9), ("B", 400, 5), ("C", 400, 5), ("D", 300, 5)):
        sit(there, name, points, minutes)
    revealing.prepare(projection, 10, True, Actor(), OVER)
    assert names(projection) == []
    revealing.show_next(projection, (0, 0), Actor(), OVER)
    assert names(projection) == [["D"]]
    with pytest.raises(AlreadyDone):  # the second click of a double click
        revealing.show_next(projection, (0, 0), Actor(), OVER)
    revealing.show_next(projection, (0, 1), Actor(), OVER)
    assert names(projection) == [["B", "C"], ["D"]]
    revealing.take_back(projection, (0, 2), Actor(), OVER)
    assert names(projection) == [["D"]]
    revealing.show_next(projection, (0, 1), Actor(), OVER)
    revealing.show_next(projection, (0, 2), Actor(), OVER)
    assert names(projection) == [["A"], ["B", "C"], ["D"]]
    with pytest.raises(AlreadyDone):
        revealing.show_next(projection, (0, 3), Actor(), OVER)
    revealing.hide(projection, Actor(), OVER)
    assert names(projection) == []
    with pytest.raises(RuleBroken):
        revealing.show_next(projection, (0, 0), Actor(), OVER)


def test_the_record_names_the_group_whose_ranks_are_shown_and_no_edition_where_there_is_none(there):
    there.stage.rules = to_dict(make_rules(rank_within=Scope.GROUP))
    for name, group in (("A", "Cơ quan"), ("B", "Khu dân cư")):
        sit(there, name).entry.ranking_group = group
    projection = screen(there)
    revealing.prepare(projection, 10, False, Actor(), OVER)
    for seen in ((0, 0), (0, 1), (1, 0)):
        revealing.show_next(projection, seen, Actor(), OVER)
    revealing.take_back(projection, (1, 1), Actor(), OVER)
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action.startswith("screen.")).order_by(AuditEvent.id)
    )
    said = [(one.action.removeprefix("screen."), one.detail) for one in events][1:]
    assert said == [
        ("prepare", {"top": 10, "edition": None}),
        ("next", {"scope": "Cơ quan", "revealed": 1}),
        ("next", {"scope": "Khu dân cư", "revealed": 0}),
        ("next", {"scope": "Khu dân cư", "revealed": 1}),
        ("back", {"scope": "Khu dân cư", "revealed": 0}),
    ]


def test_what_was_prepared_does_not_move_with_later_marks(there):
    projection = screen(there)
    first, _second = sit(there, "A", 500), sit(there, "B", 400)
    revealing.prepare(projection, 1, False, Actor(), OVER)
    first.raw_score = 0
    db.session.flush()
    revealing.show_next(projection, (0, 0), Actor(), OVER)
    assert names(projection) == [["A"]]
    assert [place.points for place in revealing.shown_places(projection)[0]] == [None]


def test_a_published_edition_is_shown_before_the_ranking_as_it_stands(there):
    projection, attempt = screen(there), sit(there, "A", 500)
    results.publish(there, results.PROVISIONAL, "", Actor(make_account().id), OVER)
    attempt.raw_score = 100
    db.session.flush()
    revealing.prepare(projection, 1, True, Actor(), OVER)
    revealing.show_next(projection, (0, 0), Actor(), OVER)
    assert revealing.shown_places(projection)[0][0].points == 500
    assert projection.ranking["edition"] == 1


def test_a_commune_merged_since_is_shown_under_the_name_the_round_was_held_under(there):
    projection, commune, day = screen(there), there.unit, day_of(OVER)
    sit(there, "A")
    units.merge(commune, make_unit("Nà Bó", commune.parent), day, day, Actor(), OVER)
    revealing.prepare(projection, 1, True, Actor(), OVER)
    revealing.show_next(projection, (0, 0), Actor(), OVER)
    assert revealing.shown_places(projection)[0][0].unit == commune.title


def test_nothing_is_prepared_while_the_round_runs_or_papers_are_open(there):
    projection = screen(there)
    with pytest.raises(RuleBroken):
        revealing.prepare(projection, 10, True, Actor(), NOW + HOUR)
    with pytest.raises(RuleBroken):
        revealing.prepare(projection, 10, True, Actor(), OVER)  # nobody has handed in
    attempt = sit(there, "A")
    attempt.submitted_at, attempt.deadline = None, OVER + HOUR
    db.session.flush()
    with pytest.raises(RuleBroken):
        revealing.prepare(projection, 10, True, Actor(), OVER)
