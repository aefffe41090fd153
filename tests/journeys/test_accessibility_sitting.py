"""What contestants meet, in every state, looked at by axe and with the text spaced out: see test_accessibility.py."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.look import EVERY, TWO, Setting, findings, spaced
from tests.journeys.sitting import begin, choose, loaded, look_over, ready

pytestmark = pytest.mark.long

READING = ".stem, .choice > span"
TAP = 44  # CSS pixels


def look_at(page: Page, wrong: list[str], name: str, reading: str = "") -> None:
    """Add to `wrong` what is wrong with the page as it stands, whole."""
    found = [*findings(loaded(page), EVERY, targets=TAP, reading=reading), *spaced(page)]
    wrong += [f"{name}, {one}" for one in found]


def test_the_pages_around_the_sitting_have_no_finding(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page, wrong = candidate(next(deck)), []
    look_at(page, wrong, "own rounds")
    page.goto("/rehearsal")
    page.get_by_role("button", name="Kiểm tra máy này").click()
    page.locator("[data-found] li").nth(3).wait_for()
    look_at(page, wrong, "rehearsal with the device looked at")
    page.goto("/practice")
    look_at(page, wrong, "practice")
    page.locator(".topics a").first.click()
    page.get_by_role("button", name="Trả lời").wait_for()
    look_at(page, wrong, "practice question", READING)
    for place in (".last", ".first"):
        choice = page.locator("article.question label.choice")
        (choice.last if place == ".last" else choice.first).click()
        page.get_by_role("button", name="Trả lời").click()
        page.get_by_role("link", name="Câu tiếp theo").wait_for()
        look_at(page, wrong, "explanation", ".stem")
        page.get_by_role("link", name="Câu tiếp theo").click()
        page.get_by_role("button", name="Trả lời").wait_for()
    page.goto("/practice/sheet")
    look_at(page, wrong, "study sheet")
    assert wrong == []


def test_the_pages_of_a_rehearsal_have_no_finding(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page, wrong = candidate(next(deck)), []
    page.goto("/rehearsal")
    look_at(page, wrong, "rehearsal")
    page.get_by_role("button", name="Bắt đầu làm thử").click()
    choose(ready(page))
    expect(page.locator("[data-saved]")).to_have_text("Đã lưu trên máy chủ 1/5 câu")
    look_at(page, wrong, "rehearsal's paper", READING)
    page.goto("/rehearsal/check")
    look_at(page, wrong, "rehearsal's check")
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    page.get_by_role("heading", name="Kết quả làm thử").wait_for()
    look_at(page, wrong, "rehearsal's result", ".stem")
    assert wrong == []


def banner(page: Page, words: str) -> None:
    """Wait until the banner says so."""
    expect(page.locator("[data-saved]")).to_contain_text(words)


DRESSED = """() => Array.from(document.querySelectorAll("link[rel=stylesheet]")).every((one) => one.sheet)"""


def test_the_question_page_has_no_finding_fresh_answered_looked_over_and_handed_in(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page, wrong = begin(candidate(next(deck))), []
    look_at(page, wrong, "fresh", READING)
    page.get_by_text("Cỡ chữ, màu nền").click()
    choose(page)
    page.get_by_label("Đánh dấu để xem lại câu này").check()
    banner(page, "Đã lưu trên máy chủ 1/30 câu")
    look_at(page, wrong, "answered and marked, comfort open", READING)
    for words in ("Trắng đen", "Tối", "Rất lớn"):
        page.get_by_role("button", name=words).click()
        page.wait_for_function(DRESSED)
        wrong += findings(page, [Setting(320, "light"), Setting(1280, "dark")], targets=TAP, reading=READING)
    look_over(page)
    page.get_by_text("Bạn đã trả lời 1 trong 30 câu.").wait_for()
    look_at(page, wrong, "looking over")
    page.goto(page.url.split("#")[0] + "/check")
    page.locator("summary").last.click()
    look_at(page, wrong, "looking over without scripts' help")
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    page.get_by_role("heading", name="Đã nộp bài").wait_for()
    look_at(page, wrong, "receipt")
    page.goto("/rounds")
    look_at(page, wrong, "own rounds, handed in")
    page.get_by_role("link", name="Thể lệ").first.click()
    page.get_by_role("table", name="Cấu trúc đề").wait_for()
    wrong += findings(loaded(page), [Setting(320, "light"), Setting(1280, "dark")], targets=TAP)
    assert wrong == []


def test_in_english_a_contestant_s_way_has_no_finding_and_names_what_is_vietnamese(
    visit: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page, wrong, card = visit(), [], next(deck)
    page.goto("/card")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")

    def look(name: str) -> None:
        wrong.extend(f"{name}, {one}" for one in findings(loaded(page), TWO, targets=TAP) + spaced(page))

    look("card")
    page.get_by_label("Access code").fill(card[0])
    page.get_by_label("PIN").fill(card[1])
    page.locator("main form button").click()
    page.get_by_role("button", name="Start").wait_for()
    look("own rounds")
    page.get_by_role("button", name="Start").click()
    choose(ready(page))
    expect(page.locator("[data-saved]")).to_have_text("Saved on the server: 1 of 30")
    look("question")
    own = page.locator("article.question .stem[lang=vi], article.question .choice > span[lang=vi]")
    assert (
        own.count() == page.locator("article.question .stem, article.question .choice > span").count() > 100
    )
    page.locator("[data-review]").click()
    look("looking over")
    page.locator("[data-look] form button").click()
    page.wait_for_url("**/receipt")
    look("receipt")
    assert wrong == []


def test_the_question_page_has_no_finding_without_a_line_signed_off(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page, wrong = begin(candidate(next(deck))), []
    page.context.set_offline(True)
    choose(page)
    banner(page, "Đã ghi trên máy này, chờ có mạng: 1 câu")
    look_at(page, wrong, "waiting", READING)
    look_over(page)
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.get_by_text("Bài được giữ trên máy này")).to_be_visible()
    look_at(page, wrong, "signed off")
    assert wrong == []


REFUSES = """
Object.defineProperty(window, 'indexedDB', { get() { throw new Error('refused') } });
Storage.prototype.setItem = () => { throw new Error('refused') };
"""


def test_the_question_page_has_no_finding_unwritten_and_when_time_is_up(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page, wrong = candidate(next(deck)), []
    page.add_init_script(REFUSES)
    page.clock.install()
    begin(page)
    page.context.set_offline(True)
    choose(page)
    banner(page, "Chưa ghi 1 câu")
    look_at(page, wrong, "unwritten", READING)
    page.clock.fast_forward("05:00:00")
    expect(page.get_by_text("Đã hết giờ")).to_be_visible()
    look_at(page, wrong, "time up")
    assert wrong == []


def test_the_question_page_without_scripts_has_no_finding(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]]
):
    page, wrong = candidate(next(deck)), []
    page.route(
        re.compile(r"\.js"), lambda route: route.abort()
    )  # axe is a script itself: only the page has none
    page.get_by_role("button", name="Bắt đầu").click()
    page.get_by_text("Trang chưa tải hết").wait_for()  # after eight seconds, in which a script may still come
    look_at(page, wrong, "the whole form", READING)
    look_over(page)
    page.get_by_role("button", name="Nộp bài", exact=True).wait_for()
    look_at(page, wrong, "looking over")
    assert wrong == []
