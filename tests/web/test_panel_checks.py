"""What the pages before the opening say of panels, heads, conflicts and the draw, and where they lead to."""

from quiz.extensions import db
from quiz.models import Round, Stage
from quiz.services import panel_checks
from tests.web.test_stage import PART, There


def test_before_a_stage_travels_the_board_is_told_what_the_hall_cannot_mend(sqlite_app):
    there = There(sqlite_app)
    url = f"{there.url}/packages"
    page = there.get("organizer", url)
    assert f"Phần thi “{PART.name}” chưa có giám khảo nào" in page and f'href="{there.url}/panels"' in page
    assert "chưa bốc thăm" not in page  # the order may be drawn in the hall
    there.seat()
    assert "giám khảo nào" not in there.get("organizer", url)


def test_before_the_opening_the_board_is_led_to_what_the_stage_lacks(sqlite_app):
    there = There(sqlite_app)
    there.round.opened_at = there.round.opens_at = there.round.closes_at = None
    db.session.commit()
    shown = there.get("organizer", f"{there.url}/check")
    assert f"Phần thi “{PART.name}” chưa có giám khảo nào, cần 2 người." in shown
    assert (
        "chưa bốc thăm" in shown
        and f'href="{there.url}/panels"' in shown
        and f'href="{there.url}/stage"' in shown
    )
    held = db.session.get_one(Round, there.round.id)
    stage = db.session.get_one(Stage, held.stage_id)
    assert panel_checks.short_rounds(stage.rounds, (PART,)) == 1
    guide = there.get("organizer", f"/contests/{stage.contest_id}/setup")
    assert "còn 1 vòng thi chưa đủ giám khảo" in guide
    there.seat()
    there.draw()
    db.session.expire_all()
    held = db.session.get_one(Round, held.id)
    found = panel_checks.readiness_of(held)
    assert found is not None and found.panels[0].has_head and found.is_drawn
    assert panel_checks.short_rounds([held], (PART,)) == 0
    shown = there.get("organizer", f"{there.url}/check")
    assert "giám khảo nào" not in shown and "chưa bốc thăm" not in shown
