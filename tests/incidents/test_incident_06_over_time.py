"""Incident 6: an introduction runs 1 min 20 s over its time; the step rule takes off half a point (R40)."""

from quiz.extensions import db
from quiz.models import Performance
from quiz.services import stage_points
from tests.web.test_stage import There

LIMIT = 3 * 60_000


def test_incident_6_over_time_of_a_minute_and_twenty_seconds_costs_half_a_point_and_is_said(sqlite_app):
    there = There(sqlite_app)
    there.seat()
    first, _second = there.draw()
    there.perform(first)
    performance = db.session.get(Performance, first)
    performance.used = LIMIT + 80_000  # what the clock would have counted
    db.session.commit()
    for judge, content in (("judge1", "11"), ("judge2", "10")):
        there.mark(judge, first, content)
    page = there.get("secretary", f"/desk/performances/{first}")
    assert "4:20" in page and "Quá giờ: trừ 0,50 điểm" in page
    there.post("secretary", f"/desk/performances/{first}/check")
    there.post("head", f"/judging/{first}/sign")
    db.session.expire_all()
    earned = stage_points.earned(db.session.get(Performance, first))
    assert (earned.points.points, earned.points.deducted) == (1700, 50), "17.5 on average, less 0.5"
    assert "trừ quá giờ 0,50" in there.get("head", f"/judging/{first}/points")
