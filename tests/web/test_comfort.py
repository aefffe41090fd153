"""What one contestant chose to read better is not what the next one on a shared device gets."""

import pytest

from tests.web.test_halls import hall, text

__all__ = ["hall"]
CHOSEN = {"text": "largest", "ground": "dark"}


def look_of(device) -> str:
    """Return the classes of the page, "" for that of a new browser, on the page where the next one begins."""
    page = text(device.get("/hall"))
    return page.partition('<html lang="vi"')[2].partition(">")[0].strip()


@pytest.fixture
def device(hall):
    """A shared device at which somebody has chosen large text on a dark ground, and handed in."""
    found = hall.device()
    attempt_id = hall.sit(found, 0)
    assert found.post("/comfort", CHOSEN).status_code == 302
    assert "text-largest" in text(found.get(f"/attempts/{attempt_id}"))
    found.post(f"/attempts/{attempt_id}/submit")
    return found


@pytest.mark.parametrize("way", ["leave", "sign out", "page goes on by itself"])
def test_the_next_one_begins_with_the_look_of_a_new_browser(hall, device, way):
    if way != "page goes on by itself":
        device.post({"leave": "/hall/leave", "sign out": "/sign-out"}[way], follow_redirects=True)
    assert look_of(device) == ""
    assert "text-largest" not in text(device.get("/hall")) and device.client.get_cookie("comfort") is None
    hall.sit(device, 1)
    assert "text-largest" not in text(device.get("/rounds"))


def test_whoever_still_works_keeps_the_own_look(hall):
    device = hall.device()
    hall.sit(device, 0)
    device.post("/comfort", CHOSEN)
    device.client.delete_cookie("quiz")  # the browser was restarted
    assert "text-largest" in look_of(device)
