"""What papers say of the judged parts is what the database holds."""

from sqlalchemy import event

from quiz.core.offices import Needs
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.services import (
    figures,
    judged_figures,
    paperwork,
    performances,
    results,
    sheets,
    stage_points,
    units,
)
from quiz.services.standings import standings_of
from tests.factories import NOW, make_unit
from tests.services.test_stage import MINUTE, PART, SECOND, Hall, Mixed, stand_all

LATER = NOW + 2 * MINUTE


def judged_day(hall):
    """The first performs too long and has a slip corrected, the second is absent, the third has withdrawn."""
    hall.perform(260)
    for seat, content in enumerate((1000, 1100, 1050), start=1):
        hall.mark(seat, content, 700)
    performances.correct_time(hall.first, 240 * SECOND, "Bấm dừng muộn", hall.secretary, NOW)
    right = {"Nội dung": 1000, "Phong cách": 700}
    sheets.correct(sheets.sheet_at(hall.first, 2), right, "Ghi nhầm", hall.secretary, NOW)
    second, third = performances.of_round(hall.round)[1:]
    performances.mark_absent(second, "Ốm", hall.secretary, NOW)
    third.entry.withdrawn_at, third.entry.withdrawn_reason = NOW, "Đi công tác"
    for one in (hall.first, second):
        stage_points.check(one, hall.secretary, NOW)
        stage_points.sign(one, hall.head, NOW)
    db.session.expire_all()


def test_the_judged_parts_are_those_of_the_database(app):
    hall = Hall()
    judged_day(hall)
    (found,) = figures.of_round(hall.round, NOW).rounds
    judged = found.judged
    (part,) = judged.parts
    first, second = part.performed
    earned = stage_points.points_of(hall.first, part.part)
    assert (first.points, first.used, part.over(first)) == (earned, 240 * SECOND, 60)
    assert (first.points.points, first.points.deducted) == (1667, 50)
    assert [(one.seat, one.total) for one in first.sheets] == [(1, 1700), (2, 1700), (3, 1750)]
    (amended,) = first.sheets[1].amended
    assert (amended.changes, amended.reason) == ([("Nội dung", 1100, 1000)], "Ghi nhầm")
    assert (second.absent, second.sheets, second.points.points) == ("Ốm", (), 0)
    assert [(one.action, one.before, one.after) for one in judged.noted] == [
        ("performance.time", 260 * SECOND, 240 * SECOND)
    ]
    assert [(one.drawn, one.reason) for one in judged.gone] == [(3, "Đi công tác")]
    assert judged.draw.seed == "hạt giống" and len(judged.judges) == 3
    assert [(line.rank, line.points) for line in judged.lines] == [
        (line.rank, line.points) for line in standings_of(hall.round)
    ]
    assert (judged.unsigned, judged.agrees) == (0, None)


def test_papers_of_the_stage_name_the_commune_a_contestant_came_from_before_it_merged(app):
    hall, day = Hall(), day_of(NOW)
    judged_day(hall)
    for old in hall.communes:
        units.merge(old, make_unit("Nà Bó", hall.district), day, day, hall.secretary, LATER)
    (found,) = figures.of_round(hall.round, LATER).rounds
    came_from = {one.entry.scope.title for one in performances.of_round(hall.round)[:2]}
    assert {one.unit for one in found.judged.parts[0].performed} == came_from
    assert {line.unit for line in found.judged.lines} == came_from


def test_who_performed_took_part_and_papers_are_offered_when_their_matter_is_there(app):
    hall = Hall()
    assert {Needs.DRAWN, Needs.CONTESTANTS} == paperwork.there(hall.round, NOW)
    judged_day(hall)
    assert {Needs.ATTEMPTS, Needs.CHECKED} <= paperwork.there(hall.round, NOW)
    found = figures.of_stage(hall.round.stage, NOW)
    assert (found.held, len(found.sat), found.levels[0].took_part) == (1, 1, 1), (
        "who was absent did not take part"
    )
    assert found.rounds[0].performed == 1
    assert found.rounds[0].judged is None, "sheets of a whole stage stand with each of its rounds"


def test_what_was_published_is_compared_with_what_the_sheets_give_now(app):
    hall = Mixed()
    stand_all(hall, (500, 400, 300), (400, 1000, 1200))
    hall.round.opened_at, hall.round.closed_at = NOW - MINUTE, NOW + MINUTE
    results.publish(hall.round, results.PROVISIONAL, "", hall.secretary, LATER)
    assert figures.of_round(hall.round, LATER).rounds[0].judged.agrees is True
    one = performances.of_round(hall.round)[0]
    stage_points.unsign(one, "Xem lại", hall.head, LATER)
    judged = figures.of_round(hall.round, LATER).rounds[0].judged
    assert (judged.agrees, judged.unsigned, len(judged.lines)) == (False, 1, 2)
    assert [one.action for one in judged.noted] == ["performance.unsign"]
    assert [share.part for share in judged.lines[0].shares] == ["Trắc nghiệm", PART]


def queries_for(contest_round):
    """How many queries the judged parts of a round take that was just loaded."""
    db.session.commit()
    said = []

    def listen(*args):
        said.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    judged_figures.of_round(contest_round)
    event.remove(db.engine, "before_cursor_execute", listen)
    return len(said)


def test_more_performances_cost_no_more_queries(sqlite_app):
    hall, taken = Hall(), []
    for one in performances.of_round(hall.round):
        hall.first = one
        hall.perform()
        for seat in (1, 2, 3):
            hall.mark(seat, 1000, 700)
        taken.append(queries_for(hall.round))
    assert taken[0] == taken[2] <= 30


def test_who_was_marked_without_a_clock_took_part_too(app):
    hall = Hall()
    hall.first.stopped_at = NOW
    for seat in (1, 2, 3):
        hall.mark(seat, 1000, 700)
    db.session.expire_all()
    (found,) = figures.of_round(hall.round, NOW).rounds
    (part,) = found.judged.parts
    assert (found.took_part, found.performed) == (1, 1)
    assert [one.has_performed for one in part.performed] == [True, False, False]
