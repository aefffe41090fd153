"""The end of the time on the question page, also of one that is opened when it has just passed."""

import time
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sitting import begin, choose
from tests.journeys.test_bad_line import REFUSES


def end(folder, attempt_id: int, grace: int = 3600) -> None:
    """Let the time of a paper be over since a second, and let the server wait `grace` seconds before it closes it."""
    driver: ModuleType = __import__("pysqlite3.dbapi2", fromlist=["connect"])
    connection = driver.connect(folder / "quiz.db", timeout=30, isolation_level=None)
    moment = int(time.time() * 1000) - 1000
    connection.execute(
        "UPDATE attempt SET deadline = max(started_at, ?), grace_seconds = ? WHERE id = ?",
        [moment, grace, attempt_id],
    )
    connection.close()


def test_a_paper_opened_just_after_its_end_is_handed_in_and_takes_nothing_more(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]], site
):
    page = begin(candidate(next(deck)))
    choose(page)
    expect(page.get_by_text("Đã lưu trên máy chủ 1/30 câu")).to_be_visible()
    end(site.folder, int(page.url.split("#")[0].rsplit("/", 1)[1]))
    page.reload()
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
    expect(page.get_by_text("1 trong 30 câu")).to_be_visible()


def test_a_page_on_which_nothing_is_chosen_learns_of_an_early_end_within_65_seconds(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]], site
):
    card = next(deck)
    page = candidate(card)
    page.clock.install()
    begin(page)
    choose(page)
    expect(page.get_by_text("Đã lưu trên máy chủ 1/30 câu")).to_be_visible()
    page.clock.pause_at(time.time() + 1)
    end(site.folder, int(page.url.split("#")[0].rsplit("/", 1)[1]), grace=0)
    beside = candidate(card)
    while beside.get_by_text("Đã nộp bài").count() == 0:  # the server closes what is due every two seconds
        beside.goto("/rounds")
    page.clock.run_for(65_000)
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()


HOUR = 3_600_000  # ms


def test_an_end_that_came_without_a_line_is_none_when_the_server_says_there_is_time(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    """Minutes given to a phone that could not hear of them, or a phone whose clock was set ahead: it goes on."""
    page = candidate(next(deck))
    page.clock.install()
    begin(page)
    choose(page)
    expect(page.get_by_text("Đã lưu trên máy chủ 1/30 câu")).to_be_visible()
    page.context.set_offline(True)
    page.clock.fast_forward(2 * HOUR)
    expect(page.locator("article.question:visible")).to_have_count(0)
    expect(page.get_by_text("Đã hết giờ")).to_be_visible()
    page.clock.run_for(5_000)
    page.context.set_offline(False)
    page.clock.run_for(25_000)
    expect(page.get_by_text("Chưa hết giờ: theo máy chủ, bạn làm tiếp được đến")).to_be_visible()
    page.get_by_role("button", name="Câu sau").click()
    choose(page)
    expect(page.get_by_text("Đã lưu trên máy chủ 2/30 câu")).to_be_visible()


def test_where_nothing_could_be_sent_or_kept_the_end_does_not_say_that_the_paper_is_being_handed_in(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page = candidate(next(deck))
    page.add_init_script(REFUSES)
    page.clock.install()
    begin(page)
    page.context.set_offline(True)
    choose(page)
    page.clock.fast_forward(2 * HOUR)
    expect(page.get_by_text("Đã hết giờ. Bài chưa gửi được và máy này không giữ được bài.")).to_be_visible()


@pytest.mark.long
def test_clock_and_banner_stay_in_sight_at_every_size_of_the_text_and_leave_the_screen_to_the_question(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page = begin(candidate(next(deck)))
    page.locator("summary").click()
    for size in ("Lớn", "Rất lớn"):
        page.get_by_role("button", name=size, exact=True).click()
        page.wait_for_function(
            "() => getComputedStyle(document.querySelector('.clock')).fontSize.startsWith('31')"
        )
        page.evaluate("() => scrollTo(0, 300)")
        expect(page.locator("[data-clock]")).to_be_in_viewport(ratio=1)
        expect(page.locator("[data-saved]")).to_be_in_viewport(ratio=1)
        assert page.locator(".sitting").bounding_box()["height"] <= page.viewport_size["height"] / 5
        page.evaluate("() => scrollTo(0, 0)")
