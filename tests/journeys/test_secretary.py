"""A secretary sits a timed round on a phone: with a good line, with none for a while, and without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.sitting import begin, choose, go_on, next_question

SAVED = "Đã lưu trên máy chủ"


def all_saved(page: Page, count: int) -> None:
    expect(page.locator("[data-saved]")).to_have_text(re.compile(rf"Đã lưu trên máy chủ {count}/30 câu"))


def test_a_round_from_the_card_to_the_receipt_with_a_second_phone_on_the_way(candidate, site):
    page = begin(candidate(0))
    choose(page, 1)
    expect(page.locator("article.question:visible")).to_contain_text(SAVED)
    next_question(page)
    choose(page, 0)
    all_saved(page, 2)
    choose(page, 1)  # a changed mind counts once
    all_saved(page, 2)

    other = go_on(candidate(0))
    all_saved(other, 2)
    expect(other.locator("article.question:has(input:checked)")).to_have_count(2)

    other.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(other.get_by_text("Bạn đã trả lời 2 trong 30 câu.")).to_be_visible()
    other.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(other.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
    expect(other.get_by_text("2 trong 30 câu")).to_be_visible()

    page.reload()  # the first phone finds the receipt, not a second paper
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()


def test_a_tap_that_was_faster_than_the_page_s_script_is_saved_before_it_is_called_saved(candidate, deck):
    card = next(deck)
    page, held = candidate(card), []
    page.route(re.compile(r"/js/attempt\b"), lambda route: held.append(route))
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.locator("article.question")).to_have_count(30)
    choose(page, 0)
    expect(page.locator("article.question").first.locator("input").first).to_be_checked()
    with page.expect_response("**/responses") as saved:
        held[0].continue_()
    assert saved.value.ok
    all_saved(page, 1)
    other = go_on(candidate(card))
    all_saved(other, 1)
    expect(other.locator("article.question input").first).to_be_checked()


def test_choices_made_without_a_line_are_not_called_saved_and_arrive_when_it_is_back(candidate):
    page = begin(candidate(1))
    choose(page, 0)
    all_saved(page, 1)
    page.context.set_offline(True)
    next_question(page)
    choose(page, 1)
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Đã ghi trên máy này, chờ có mạng: 1 câu"))
    expect(page.locator("article.question:visible")).not_to_contain_text(SAVED)
    page.context.set_offline(False)
    all_saved(page, 2)
    page.reload()
    all_saved(page, 2)


def test_without_scripts_the_whole_paper_is_one_form(candidate):
    page = candidate(2, scripts=False)
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.locator("article.question")).to_have_count(30)
    for number in (0, 4, 29):
        page.locator("article.question").nth(number).locator("label.choice").first.click()
    page.get_by_role("button", name="Lưu các câu đã chọn").click()
    expect(page.get_by_text("Đã lưu 3 câu vừa chọn.")).to_be_visible()
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.get_by_text("Bạn đã trả lời 3 trong 30 câu.")).to_be_visible()
    page.get_by_role("button", name="Nộp bài").first.click()
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
