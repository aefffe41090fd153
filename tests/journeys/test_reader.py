"""What a screen reader is told of a round, and in which order: whoever hears the page has nothing else of it.

Heard with a real one first (docs/accessibility.md); these hold what was mended then.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sitting import begin, choose, loaded, look_over, next_question

STEM = "article.question:visible .stem"

# Every sentence a live region was given, in order, and what still stood on the page when the focus moved.
LISTENER = """
window.told = [];
window.moves = [];
addEventListener("DOMContentLoaded", () => {
  new MutationObserver((changes) => changes.forEach(({ target }) => {
    const place = target.nodeType === 1 ? target : target.parentElement;
    const region = place && place.closest("[role=status], [role=alert]");
    if (region && region.textContent.trim()) window.told.push(region.textContent.trim());
  })).observe(document.body, { subtree: true, childList: true, characterData: true });
});
addEventListener("focusin", ({ target }) => {
  const from = window.left || target;
  window.moves.push([target.textContent.trim().slice(0, 30), from.getClientRects().length > 0, window.isLost === true]);
}, true);
addEventListener("focusout", ({ target, relatedTarget }) => {
  window.left = target;
  window.isLost = relatedTarget === null;
}, true);
"""

# Voices as the browsers name them: a region's way of speaking, an underscore, the plain one; they come late.
VOICES = """
window.spoken = [];
window.sentences = [];
window.voices = [];
const synthesis = new EventTarget();
Object.assign(synthesis, {
  getVoices: () => window.voices,
  cancel: () => { window.spoken.push(null); },
  speak: (sentence) => {
    window.spoken.push(sentence.voice.lang + " " + sentence.text);
    window.sentences.push(sentence);
  },
});
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture
def paper(candidate: Callable[..., Page], deck: Iterator[tuple[str, str]]) -> Page:
    """A round just begun, on a page that remembers what it tells."""
    page = candidate(next(deck))
    page.add_init_script(LISTENER)
    page.add_init_script(VOICES)
    return begin(page)


def test_next_says_which_question_it_is_and_what_it_asks(paper: Page):
    next_question(paper)
    expect(paper.locator(":focus")).to_have_accessible_name("Câu 2 trên 30")
    expect(paper.locator(":focus")).to_have_accessible_description(paper.locator(STEM).inner_text())
    expect(paper.get_by_role("link", name="Câu 1", exact=True)).to_be_visible()
    expect(paper.get_by_role("banner")).to_contain_text("Thời gian còn lại:")
    expect(paper.get_by_role("timer")).to_have_count(0)  # one is called "timer", and not what it shows


def test_a_choice_is_told_to_be_saved_once_and_a_change_of_mind_is_not_told_again(paper: Page):
    for place in (0, 1):
        choose(paper, place)
        expect(paper.locator("[data-saved]")).to_have_text("Đã lưu trên máy chủ 1/30 câu")
    assert paper.evaluate("window.told") == ["Đã lưu 1 trong 30 câu"]
    paper.context.set_offline(True)
    choose(paper, 0)
    expect(paper.locator("[data-saved]")).to_have_text("Đã ghi trên máy này, chờ có mạng: 1 câu")
    next_question(paper)
    choose(paper, 0)
    expect(paper.locator("[data-saved]")).to_have_text("Đã ghi trên máy này, chờ có mạng: 2 câu")
    paper.context.set_offline(False)
    expect(paper.locator("[data-saved]")).to_have_text("Đã lưu trên máy chủ 2/30 câu")
    assert paper.evaluate("window.told")[1:] == [
        "Đã ghi trên máy này, chờ có mạng: 1 câu",
        "Đã ghi trên máy này, chờ có mạng: 2 câu",
        "Đã lưu 2 trong 30 câu",
    ]


def test_a_refused_form_is_told_by_its_focus_and_by_nothing_else(visit: Callable[..., Page]):
    page = visit()
    page.goto("/card")
    page.get_by_role("button", name="Vào thi").click()
    expect(page.locator(":focus")).to_contain_text("Mã PIN: Chưa điền mục này.")
    expect(page.locator(":focus")).to_contain_text("Có chỗ cần sửa")
    expect(page.locator("[role=alert], [role=status]")).to_have_count(0)


@pytest.mark.parametrize("place", ["main", "pin"])  # the skip link; a link of what was refused before
def test_a_refused_form_is_told_where_a_place_on_the_page_was_gone_to_before(
    visit: Callable[..., Page], place: str
):
    page = visit()
    page.goto(f"/card#{place}")
    page.get_by_role("button", name="Vào thi").click()
    expect(page.get_by_text("Có chỗ cần sửa")).to_be_visible()
    loaded(page)
    page.wait_for_timeout(300)  # the browser goes to the place when all is there
    expect(page.locator("[data-focus]")).to_be_focused()


WAITING = """() => {
  document.querySelector("main").innerHTML = `<section>
    <div hidden data-wait><b data-clock="61000" data-now="1000"></b></div>
    <p role="status" data-come data-words="Đã đến giờ thi."></p><div data-at-zero><button>Bắt đầu</button></div>
  </section>`;
  return import("/static/js/clock.js?waiting");
}"""


def test_who_waits_is_told_that_it_is_time(visit: Callable[..., Page]):
    page = visit()
    page.clock.install()
    page.goto("/card")
    page.evaluate(WAITING)
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_hidden()
    expect(page.get_by_role("status")).to_be_empty()
    page.clock.fast_forward(61_000)
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Đã đến giờ thi.")


RECEIPT = """() => {
  document.querySelector("main").innerHTML = `<section data-hall-done="20"><form></form>
    <button data-stay hidden>Giữ</button><p class="hint">Còn 20 giây</p><p role="status" data-words="Sau {n} giây."></p>
  </section>`;
  return import("/static/js/hall.js?receipt");
}"""


def test_who_hears_the_receipt_on_a_shared_device_is_told_how_long_it_stands_and_keeps_it_by_going_on(
    visit: Callable[..., Page],
):
    page = visit()
    page.clock.install()
    page.goto("/card")
    page.evaluate(RECEIPT)
    page.clock.run_for(1_000)
    expect(page.get_by_role("status")).to_have_text("Sau 19 giây.")
    page.clock.run_for(15_000)
    expect(page.locator(".hint")).to_have_text("Còn 4 giây")
    expect(page.get_by_role("status")).to_have_text("Sau 19 giây.")  # once, not every second
    page.keyboard.press("Tab")
    page.clock.run_for(1_000)
    expect(page.locator(".hint")).to_have_text("Còn 59 giây")


def test_enter_on_an_option_chooses_it_and_stays(paper: Page):
    paper.locator("article.question:visible input").nth(1).press("Enter")
    expect(paper.locator("article.question:visible input").nth(1)).to_be_checked()
    expect(paper.locator(STEM)).to_be_visible()


def test_enter_says_which_option_is_chosen_now(paper: Page):
    """A reader says "chosen" of the space bar only: with Enter a change of mind was not heard at all."""
    one = paper.locator("article.question:has(input[type=radio])").first
    paper.get_by_role("link", name=f"Câu {one.get_attribute('id')[4:]}", exact=True).click()
    for place in (1, 0):
        one.get_by_role("radio").nth(place).press("Enter")
        expect(paper.locator("[data-saved]")).to_have_text("Đã lưu trên máy chủ 1/30 câu")
    first, second = (one.locator("label").nth(place).inner_text() for place in (1, 0))
    assert paper.evaluate("window.told") == [first, "Đã lưu 1 trong 30 câu", second]


def test_looking_over_once_more_says_again_how_much_is_answered(paper: Page):
    for _ in range(2):
        look_over(paper)
        paper.locator("[data-back]").click()
        expect(paper.locator("[data-said]")).to_be_empty()
        expect(
            paper.locator("[data-look]")
        ).to_be_hidden()  # a button that moves under the press is not pressed
    assert paper.evaluate("window.told") == ["Đã trả lời 0 trong 30 câu"] * 2


def test_the_focus_goes_on_before_what_had_it_goes_away(paper: Page):
    paper.evaluate("window.moves.length = 0")
    paper.locator("[data-review]").press("Enter")
    expect(paper.locator(":focus")).to_have_text("Xem lại trước khi nộp")
    paper.locator("[data-back]").press("Enter")
    expect(paper.locator(":focus")).to_have_id("cau-1")
    look_over(paper)
    paper.locator("[data-blank]").get_by_role("link", name="Câu 30").press("Enter")
    expect(paper.locator(":focus")).to_have_id("cau-30")
    assert [move for move in paper.evaluate("window.moves") if not move[1]] == []
    paper.evaluate("window.moves.length = 0")
    paper.get_by_role("button", name="Câu trước").press("Enter")
    expect(paper.locator(":focus")).to_have_id("cau-29")
    expect(paper.locator("[data-blank]")).to_be_hidden()  # it leads to the same questions until it goes
    paper.get_by_role("link", name="Câu 7", exact=True).press("Enter")
    expect(paper.locator(":focus")).to_have_id("cau-7")
    assert [to for to, _, is_from_nowhere in paper.evaluate("window.moves") if is_from_nowhere] == []


CLICKED = """(button) => {
  button.click();
  return [document.activeElement.textContent.slice(0, 3), button.checkVisibility()];
}"""


THERE_AND_BACK = """() => ["review", "back", "review"].forEach((name) => {
  document.querySelector(`[data-${name}]`).click();
})"""


def test_what_had_the_focus_stands_until_the_new_place_is_told(paper: Page):
    assert paper.locator("[data-review]").evaluate(CLICKED) == ["Xem", True]
    expect(paper.locator("[data-paper]")).to_be_hidden()
    assert paper.locator("[data-back]").evaluate(CLICKED)[1]
    expect(paper.locator("[data-look]")).to_be_hidden()
    paper.evaluate(THERE_AND_BACK)
    paper.wait_for_timeout(300)  # both moments are over
    expect(paper.locator("[data-look]")).to_be_visible()
    expect(paper.locator("[data-paper]")).to_be_hidden()


def test_on_a_low_screen_the_page_stands_where_the_focus_is(paper: Page):
    paper.set_viewport_size({"width": 320, "height": 200})  # 1280 × 800 at 400 %
    next_question(paper)
    expect(paper.locator("article.question:visible .count")).to_be_in_viewport(ratio=1)
    assert paper.locator(STEM).evaluate("stem => stem.getBoundingClientRect().top") < 100
    look_over(paper)
    expect(paper.get_by_role("heading", name="Xem lại trước khi nộp")).to_be_in_viewport(ratio=1)
    expect(paper.locator("[data-count]")).to_be_in_viewport(ratio=1)


def test_the_plainest_vietnamese_voice_reads_the_whole_question_and_is_silent_when_it_is_left(paper: Page):
    listen = paper.get_by_role("button", name="Nghe đọc câu này")
    expect(listen).to_have_count(0)
    paper.evaluate("""() => {
      window.voices = ["en-US", "vi-VN-X-CENTRAL", "vi_VN", "vi-vn-x-south"].map((lang) => ({ lang, name: lang }));
      speechSynthesis.dispatchEvent(new Event("voiceschanged"));
    }""")
    listen.click()
    fieldset = paper.locator("fieldset:visible")
    words = fieldset.locator(".stem, .hint, .choice > span").all_inner_texts()
    spoken = "window.spoken.filter(Boolean)"
    assert paper.evaluate(spoken) == [f"vi_VN {one}" for one in words]
    paper.locator("[data-review]").click()
    expect(paper.get_by_role("heading", name="Xem lại trước khi nộp")).to_be_visible()
    assert paper.evaluate("window.spoken.at(-1)") is None
    paper.locator("[data-back]").click()
    listen.click()
    expect(paper.get_by_role("button", name="Dừng đọc")).to_be_visible()
    paper.evaluate("window.sentences[0].onerror()")  # of the reading before: no longer anybody's
    expect(paper.get_by_role("button", name="Dừng đọc")).to_be_visible()
    paper.evaluate("window.sentences.at(-2).onerror()")  # the voice is gone in the middle
    expect(listen).to_be_visible()
