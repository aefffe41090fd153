"""A round sat with the keyboard alone: from the card to the receipt, with scripts and without them.

Every stop of the Tab key on the way must be seen: an outline of its own, in sight, not under the header.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.sitting import loaded, ready

pytestmark = pytest.mark.long

STOP = """() => {
  const one = document.activeElement;
  const label = one.closest("label");
  const style = getComputedStyle(one);
  const place = one.getBoundingClientRect();
  const there = document.elementFromPoint(place.left + place.width / 2, place.top + Math.min(place.height / 2, 12));
  return {
    tag: one.tagName.toLowerCase(),
    words: (label || one).textContent.trim().replace(/\\s+/g, " "),
    question: one.closest("article") ? one.closest("article").id : "",
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inSight: one === there || one.contains(there),
  };
}"""
MOST = 200  # stops of the Tab key on one page


class Keys:
    """Hands that touch nothing but the keyboard, and remember where they stopped."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops: list[str] = []

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)

    def tab_to(self, words: str, tag: str = "") -> None:
        """Press Tab until the control with these words has the focus; every stop on the way is seen."""
        for _ in range(MOST):
            self.press("Tab")
            stop = self.page.evaluate(STOP)
            if stop["tag"] == "body":  # past the end of the page: the browser's own bar
                continue
            self.stops.append(stop["words"])
            assert stop["ring"], f"no ring around {stop}"
            assert stop["inSight"], f"out of sight: {stop}"
            if re.search(words, stop["words"]) and tag in ("", stop["tag"]):
                return
        raise AssertionError(f"Tab never came to {words}: {self.stops}")

    def fill(self, label: str, text: str) -> None:
        """Tab to the field of that label and type."""
        for _ in range(MOST):
            self.press("Tab")
            if self.page.get_by_label(label, exact=True).evaluate("one => one === document.activeElement"):
                self.page.keyboard.type(text)
                return
        raise AssertionError(f"Tab never came to the field {label}")


def begin(visit: Callable[..., Page], card: tuple[str, str], scripts: bool) -> Keys:
    """Sign in and start the round."""
    page = visit(PHONE, scripts=scripts)
    page.goto("/card")
    keys = Keys(page)
    keys.fill("Mã dự thi", card[0])
    keys.fill("Mã PIN", card[1])
    keys.press("Enter")
    page.get_by_role("heading", name="Bài thi của tôi").wait_for()
    loaded(page)
    keys.tab_to("Bắt đầu làm bài", "button")
    keys.press("Enter")
    page.get_by_role("heading", name="Câu 1 trên 30").wait_for()
    (ready if scripts else loaded)(page)
    return keys


def test_a_round_is_sat_with_the_keyboard_alone(visit: Callable[..., Page], deck: Iterator[tuple[str, str]]):
    keys = begin(visit, next(deck), scripts=True)
    page = keys.page
    for number in (1, 2, 3):
        expect(page.get_by_role("heading", name=f"Câu {number} trên 30")).to_be_visible()
        keys.tab_to("^A\\.", "input")
        assert page.evaluate(STOP)["question"] == f"cau-{number}"
        keys.press("Space")
        expect(page.locator("[data-saved]")).to_contain_text(f"Đã lưu trên máy chủ {number}/30 câu")
        if number == 2:
            keys.tab_to("Đánh dấu để xem lại câu này", "input")
            keys.press("Space")
            page.keyboard.press("Shift+Tab")
        else:
            keys.tab_to("^Câu sau$", "button")
        keys.press("Enter")
        expect(page.get_by_role("heading", name=f"Câu {number + 1} trên 30")).to_be_visible()
        assert (
            page.evaluate("document.activeElement.id") == f"cau-{number + 1}"
        )  # the next words read are the question's
    keys.tab_to("Xem lại và nộp bài", "button")
    keys.press("Enter")
    expect(page.get_by_text("Bạn đã trả lời 3 trong 30 câu.")).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == "Xem lại trước khi nộp"
    expect(page.locator("[data-marked] a")).to_have_accessible_name("Câu 2: đã trả lời, đánh dấu xem lại")
    keys.tab_to("^Nộp bài$", "button")
    keys.press("Enter")
    page.get_by_role("heading", name="Đã nộp bài").wait_for()
    expect(page.get_by_text("3 trong 30 câu")).to_be_visible()


def test_the_arrow_keys_move_within_one_question_s_options(
    visit: Callable[..., Page], deck: Iterator[tuple[str, str]]
):
    keys = begin(visit, next(deck), scripts=True)
    page = keys.page
    single = page.locator("article.question:has([type=radio])").first.get_attribute("id")
    page.evaluate("name => { location.hash = name }", single)
    expect(page.locator("article.question:visible")).to_have_id(single)
    keys.tab_to("^A\\.", "input")
    keys.press("Space")
    keys.press("ArrowDown")
    expect(page.locator(f"#{single} input:checked")).to_have_value("1")
    keys.tab_to("^Câu (sau|trước)$", "button")  # one Tab leaves the options: they are one stop


def test_without_scripts_the_keyboard_suffices_too(
    visit: Callable[..., Page], deck: Iterator[tuple[str, str]]
):
    keys = begin(visit, next(deck), scripts=False)
    page = keys.page
    for number in (1, 2, 3):
        for _ in range(MOST):
            keys.tab_to("^A\\.", "input")
            if page.evaluate(STOP)["question"] == f"cau-{number}":
                break
        keys.press("Space")
    keys.tab_to("Xem lại và nộp bài", "button")
    keys.press("Enter")
    expect(page.get_by_text("Bạn đã trả lời 3 trong 30 câu.")).to_be_visible()
    loaded(page)
    keys.tab_to("^Nộp bài$", "button")
    keys.press("Enter")
    page.get_by_role("heading", name="Đã nộp bài").wait_for()
    expect(page.get_by_text("3 trong 30 câu")).to_be_visible()
