"""The question page counts how often and how long it was out of sight, and says it with the hand-in, never before."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys.sitting import begin
from tests.journeys.test_bad_line import all_stored, answer

SECOND = 1_000
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="session")
def deck(site) -> Iterator[tuple[str, str]]:
    """Cards nobody has used yet."""
    return iter(site.more_cards())


def out_of_sight(page: Page, milliseconds: int) -> None:
    """Hide the page as another program would, for so long, and show it again."""
    page.evaluate(HIDE, True)
    page.clock.run_for(milliseconds)
    page.evaluate(HIDE, False)


def hand_in(page: Page) -> Request:
    """Hand in and return the request that did it."""
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    with page.expect_request("**/submit") as asked:
        page.get_by_role("button", name="Nộp bài", exact=True).click()
        page.clock.run_for(25 * SECOND)
    return asked.value


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
    page.evaluate(HIDE, True)
    page.reload()  # the phone had closed the page for want of memory; what was before counts
    expect(page.locator("article.question:visible")).to_be_visible()
    out_of_sight(page, 130 * SECOND)
    count, milliseconds = map(int, hand_in(page).post_data.split("away=")[1].split("%2C"))
    assert count == 2 and 200 * SECOND <= milliseconds < 205 * SECOND
    assert saves and all(json.loads(save.post_data).keys() == {"responses"} for save in saves)
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()


def test_a_hand_in_without_a_line_tells_them_when_the_line_is_back(candidate, deck):
    page = candidate(next(deck))
    page.clock.install()
    begin(page)
    page.context.set_offline(True)
    out_of_sight(page, 30 * SECOND)
    answer(page, {1: 0})
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.get_by_text("Bài được giữ trên máy này")).to_be_visible()
    out_of_sight(page, 300 * SECOND)  # after the hand-in nobody is away any more
    page.context.set_offline(False)
    with page.expect_request("**/submit") as asked:
        page.clock.run_for(25 * SECOND)
    count, milliseconds = map(int, asked.value.post_data.split("away=")[1].split("%2C"))
    assert count == 1 and 30 * SECOND <= milliseconds < 32 * SECOND
