"""The question page counts how often and how long it was out of sight, and says it with the hand-in, never before."""

import json
import time
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys.sitting import begin, look_over, ready
from tests.journeys.test_bad_line import all_stored, answer

pytestmark = pytest.mark.long

SECOND = 1_000
JUMP = 60 * SECOND  # to where a clock that goes on is stopped: later than it can be by then
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
# The page was out of sight for so much longer already.
EARLIER = """milliseconds => {
    const key = Object.keys(localStorage).find((one) => one.endsWith(".away"));
    const [often, long, since] = JSON.parse(localStorage.getItem(key));
    localStorage.setItem(key, JSON.stringify([often, long, since - milliseconds]));
}"""


def out_of_sight(page: Page, milliseconds: int) -> None:
    """Hide the page as another program would, for just so long, and show it again; its clock stands still else."""
    stop_the_clock(page)
    page.evaluate(HIDE, True)
    page.clock.run_for(milliseconds)
    page.evaluate(HIDE, False)
    page.clock.resume()


def stop_the_clock(page: Page) -> None:
    """Stop the page's clock with no request under way, whose answer would set it by the server's."""
    page.clock.pause_at((page.evaluate("Date.now()") + JUMP) / SECOND)
    while page.evaluate("Boolean(window.outbox.sending)"):
        page.wait_for_timeout(50)


def told(asked: Request) -> tuple[int, int]:
    """Return how often, and for how many ms in all, the page says it was out of sight."""
    count, milliseconds = map(int, parse_qs(asked.post_data or "")["away"][0].split(","))
    return count, milliseconds


def test_absences_of_ten_seconds_and_more_go_with_the_hand_in_and_no_save_tells_of_them(candidate, deck):
    page = candidate(next(deck))
    page.clock.install()
    saves: list[Request] = []
    page.on("request", lambda asked: saves.append(asked) if asked.url.endswith("/responses") else None)
    begin(page)
    out_of_sight(page, 9 * SECOND)  # a glance is nobody's business
    out_of_sight(page, 70 * SECOND)
    answer(page, {1: 0})
    all_stored(page, 1)
    hidden = time.monotonic()
    page.evaluate(HIDE, True)
    page.evaluate(EARLIER, 60 * SECOND)
    page.reload()  # the phone had closed the page for want of memory: it was away until now, and what was before counts
    ready(page)
    reloading = (time.monotonic() - hidden) * SECOND
    out_of_sight(page, 130 * SECOND)
    look_over(page)
    with page.expect_request("**/submit") as asked:
        page.get_by_role("button", name="Nộp bài", exact=True).click()
    count, milliseconds = told(asked.value)
    assert count == 3 and 0 <= milliseconds - (70 + 60 + 130) * SECOND <= reloading
    assert saves and all(json.loads(save.post_data).keys() == {"responses"} for save in saves)
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()


def test_a_hand_in_without_a_line_tells_them_when_the_line_is_back(candidate, deck):
    page = candidate(next(deck))
    page.clock.install()
    begin(page)
    page.context.set_offline(True)
    out_of_sight(page, 30 * SECOND)
    answer(page, {1: 0})
    look_over(page)
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.get_by_text("Bài được giữ trên máy này")).to_be_visible()
    out_of_sight(page, 300 * SECOND)  # after the hand-in nobody is away any more
    with page.expect_request("**/submit") as asked:
        page.context.set_offline(False)
    assert told(asked.value) == (1, 30 * SECOND)
