"""A secretary prepares on a phone: checks the device, rehearses, practises, reads in large letters or hears it.

Every page on the way is kept whole, hidden parts too, and none of them holds a question of the exam part.
"""

import html
import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sitting import choose, loaded, look_over, next_question, ready

VOICE = """
window.spoken = [];
const voices = [{ lang: "en-US", name: "Other" }, { lang: "vi-VN", name: "An" }];
const synthesis = new EventTarget();
Object.assign(synthesis, {
  getVoices: () => voices,
  cancel: () => { window.spoken.push(null); },
  speak: (sentence) => { window.spoken.push(sentence.text); },
});
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture
def stems(site) -> dict[str, list[str]]:
    """The texts that ask of each part of the bank."""
    with sqlite3.connect(f"file:{site.folder / 'quiz.db'}?mode=ro", uri=True) as bank:
        rows = bank.execute("SELECT part, stem FROM item_version").fetchall()
    bank.close()
    return {part: [stem for of, stem in rows if of == part] for part in ("exam", "practice")}


@pytest.fixture
def phone(candidate, deck) -> Page:
    """The phone of a contestant of the test's own: with a paper open nobody practises."""
    return candidate(next(deck))


def rehearse(page: Page, seen: list[str]) -> None:
    """Go through a rehearsal, losing the line on the way; every page is added to `seen`."""
    page.goto("/rehearsal")
    page.get_by_role("button", name="Bắt đầu làm thử").click()
    expect(page.get_by_text("LÀM THỬ, không tính điểm")).to_be_visible()
    choose(ready(page))
    expect(page.locator("[data-saved]")).to_have_text("Đã lưu trên máy chủ 1/5 câu")
    page.context.set_offline(True)
    next_question(page)
    choose(page, 1)
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Đã ghi trên máy này, chờ có mạng: 1 câu"))
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text("Đã lưu trên máy chủ 2/5 câu")
    page.reload()
    expect(page.locator("[data-saved]")).to_have_text("Đã lưu trên máy chủ 2/5 câu")
    seen.append(page.content())
    look_over(page)
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.get_by_text(re.compile(r"Bạn đúng \d trong 5 câu"))).to_be_visible()
    seen.append(page.content())


def practise(page: Page, answers: int, seen: list[str]) -> int:
    """Answer so many questions of the first topic by its last option and return how many were not right."""
    page.goto("/practice")
    page.locator(".topics a").first.click()
    missed = 0
    for _ in range(answers):
        expect(page.get_by_role("button", name="Trả lời")).to_be_visible()
        loaded(page)
        seen.append(page.content())
        page.locator("label.choice").last.click()
        page.get_by_role("button", name="Trả lời").click()
        expect(page.get_by_text("Căn cứ:")).to_be_visible()
        loaded(page)
        seen.append(page.content())
        missed += page.get_by_role("heading", name="Chưa đúng", exact=True, level=1).count()
        page.get_by_role("link", name="Câu tiếp theo").click()
        expect(page.get_by_text("Căn cứ:")).to_have_count(0)
    return missed


@pytest.mark.long
def test_preparing_on_a_phone_shows_nothing_of_the_exam_part(phone, stems):
    page, seen = phone, [phone.content()]
    page.get_by_role("link", name="Làm thử năm câu").click()
    page.get_by_role("button", name="Kiểm tra máy này").click()  # shown by the script that answers it
    found = page.locator("[data-found] li")
    expect(found).to_have_count(4)
    expect(found.first).to_have_text(re.compile("^Đường truyền"))
    expect(found.nth(1)).to_have_text("Máy này giữ được câu trả lời khi mất mạng.")
    expect(found.nth(2)).to_have_text("Đồng hồ máy này đúng giờ.")
    page.goto("/rounds")
    offline = page.get_by_text("Máy này đang mất mạng.")
    expect(offline).to_be_hidden()
    page.context.set_offline(True)
    expect(offline).to_be_visible()
    page.context.set_offline(False)
    expect(offline).to_be_hidden()
    for _ in range(2):
        rehearse(page, seen)
    missed = practise(page, 12, seen)
    assert missed
    page.goto("/practice/sheet")
    expect(page.locator(".sheet li")).to_have_count(missed)

    said = html.unescape("\n".join([*seen, page.content()]))
    assert sum(stem in said for stem in stems["practice"]) >= 12
    assert [stem for stem in stems["exam"] if stem in said] == []


def test_size_and_ground_change_at_once_and_stay(phone):
    page = phone
    page.goto("/practice")
    size = "getComputedStyle(document.body).fontSize"
    before = page.evaluate(size)
    page.get_by_text("Cỡ chữ, màu nền").click()
    page.get_by_role("button", name="Rất lớn").click()
    page.get_by_role("button", name="Tối", exact=True).click()
    expect(page.locator("html")).to_have_class("text-largest ground-dark")
    page.reload()
    expect(page.locator("html")).to_have_class("text-largest ground-dark")
    assert page.evaluate(size) != before
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 27)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_question_is_read_aloud_only_where_the_browser_has_a_vietnamese_voice(phone):
    page = phone
    page.goto("/practice")
    page.locator(".topics a").first.click()
    expect(page.get_by_role("button", name="Trả lời")).to_be_visible()
    loaded(page)  # with its script, which has looked for a voice
    expect(page.get_by_role("button", name="Nghe đọc câu này")).to_have_count(0)
    page.add_init_script(VOICE)
    page.reload()
    page.get_by_role("button", name="Nghe đọc câu này").click()
    expect(page.get_by_role("button", name="Dừng đọc")).to_be_visible()
    spoken = [text for text in page.evaluate("window.spoken") if text]
    assert spoken[0] == page.locator(".stem").inner_text()
    assert spoken[1:] == page.locator(".question .hint, .choice span").all_inner_texts()
    page.get_by_role("button", name="Dừng đọc").click()
    expect(page.get_by_role("button", name="Nghe đọc câu này")).to_be_visible()
    assert page.evaluate("window.spoken").pop() is None


@pytest.mark.long
def test_without_scripts_everything_is_a_plain_form(candidate, deck):
    page = candidate(next(deck), scripts=False)
    expect(page.get_by_role("heading", name="Kiểm tra máy này")).to_be_hidden()
    assert practise(page, 2, []) <= 2
    page.get_by_text("Cỡ chữ, màu nền").click()
    page.get_by_role("button", name="Lớn", exact=True).click()
    expect(page.locator("html")).to_have_class("text-large")
    page.goto("/rehearsal")
    page.get_by_role("button", name="Bắt đầu làm thử").click()
    expect(page.locator("article.question")).to_have_count(5)
    page.locator("article.question").nth(2).locator("label.choice").first.click()
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.get_by_text("Bạn đã trả lời 1 trong 5 câu.")).to_be_visible()
    page.get_by_role("button", name="Nộp bài").first.click()
    expect(page.get_by_role("heading", name="Kết quả làm thử")).to_be_visible()
