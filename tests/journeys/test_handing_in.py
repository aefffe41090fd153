"""What the page says from the tap that hands in to the receipt: it is being sent, as long as nothing failed."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page, Route, expect

from tests.journeys.sitting import begin, choose, look_over

SENT, KEPT = "Đang nộp bài, xin chờ một chút.", "Bài được giữ trên máy này"


def tap_hand_in(page: Page) -> None:
    """Answer one question, look the paper over and tap the button that hands in."""
    begin(page)
    choose(page)
    expect(page.get_by_text("Đã lưu trên máy chủ 1/30 câu")).to_be_visible()
    look_over(page)
    page.get_by_role("button", name="Nộp bài", exact=True).click()


def test_a_hand_in_under_way_is_called_so_and_kept_on_the_device_only_once_it_takes_long(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page = candidate(next(deck))
    held: list[Route] = []
    page.clock.install()
    page.route("**/submit", lambda route: held.append(route))  # the driver takes no built-in function
    tap_hand_in(page)
    expect(page.get_by_text(SENT)).to_be_visible()
    page.clock.run_for(4_000)
    expect(page.get_by_text(SENT)).to_be_visible()
    expect(page.get_by_text(KEPT)).to_have_count(0)
    page.clock.run_for(2_000)
    expect(page.get_by_text(KEPT)).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()


def test_a_hand_in_that_did_not_get_through_is_at_once_called_kept_on_the_device(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page = candidate(next(deck))
    page.clock.install()
    page.route("**/submit", lambda route: route.abort())
    tap_hand_in(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.unroute("**/submit")
    page.clock.run_for(3_000)
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
