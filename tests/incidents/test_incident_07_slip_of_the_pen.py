"""Incident 7: a judge gives 38 for 28; it is corrected before the head judge signs, and the record shows both (R41)."""

from dataclasses import replace

from quiz.core.judging import Criterion
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import sheets
from tests.services.test_stage import Hall


def test_incident_7_a_mark_of_38_for_28_is_seen_put_right_and_both_stay_in_the_record(app):
    hall = Hall(criteria=(Criterion("Nội dung", 4000, 25),), gap=800)
    hall.first.round.stage.rules = replace_max(hall.first.round.stage.rules, 4000)
    hall.perform()
    for seat, points in ((1, 2800), (2, 3800), (3, 2750)):
        judge = hall.judges[seat - 1]
        actor = replace(hall.secretary, account_id=judge.id)
        sheets.save(hall.first, {"Nội dung": points}, "", 1, actor, 1_000)
        sheets.submit(hall.first, actor, 1_000)
    found = hall.points()
    assert found.points.gap == 1050, "far above the gap of 8 points at which the panel is told"
    sheets.correct(
        sheets.sheet_at(hall.first, 2), {"Nội dung": 2800}, "Ghi nhầm 28 thành 38", hall.secretary, 2_000
    )
    found = hall.points()
    assert (found.points.points, found.points.gap) == (2783, 50)
    event = db.session.query(AuditEvent).filter_by(action="sheet.correct").one()
    assert (event.detail["before"], event.detail["after"]) == ({"Nội dung": 3800}, {"Nội dung": 2800})
    assert event.detail["reason"] == "Ghi nhầm 28 thành 38"


def replace_max(rules: dict, points: int) -> dict:
    """Return the rules of the hall with a part worth so many points."""
    (part,) = rules["parts"]
    return rules | {"parts": [part | {"max_points": points}]}
