"""Sitting on a bad line: cut for seconds and for minutes, lossy, slow, closed and opened again. Nothing is lost.

The page's clock is moved where minutes have to pass; the server's own is not, so the limits that are the server's are
tested with it (tests/services/test_late.py).
"""

import random
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.journeys.sitting import begin, choose, go_on, hand_in, ready

STORED, KEPT, UNWRITTEN = "Đã lưu trên máy chủ", "Đã ghi trên máy này, chờ có mạng", "Chưa ghi"


# Papers are drawn anew each time: the tests name only questions with one answer, the first of which is their number 1.
SINGLES = """Array.from(document.querySelectorAll("article.question"))
    .filter((one) => one.querySelector("[type=radio]")).map((one) => one.id)"""


def answer(page: Page, choices: dict[int, int]) -> None:
    """Answer the questions of these numbers by the place of the option, 0 or 1, which every question has."""
    names = ready(page).evaluate(SINGLES)
    for number, place in choices.items():
        name = names[number - 1]
        page.evaluate("name => { location.hash = name }", name)
        expect(page.locator("article.question:visible")).to_have_id(name)
        choose(page, place)


def question(page: Page, number: int) -> Locator:
    """Return the question of that number."""
    return page.locator(f"#{ready(page).evaluate(SINGLES)[number - 1]}")


def says(page: Page, words: str) -> None:
    """Wait until the banner says so; on a line that loses much, the page lets up to 20 s go by between two tries."""
    expect(page.locator("[data-saved]")).to_contain_text(words, timeout=180_000)


def all_stored(page: Page, count: int) -> None:
    """Wait until the banner says that so many answers are on the server."""
    says(page, f"{STORED} {count}/30 câu")


def shown(page: Page) -> dict[int, int]:
    """Return the choices the server gives a browser without scripts: by number, the place."""
    expect(page.locator("article.question")).to_have_count(30)
    page.wait_for_load_state()
    names = [item.get_attribute("id") for item in page.locator("article.question:has([type=radio])").all()]
    found = {}
    for box in page.locator("article.question input:checked").all():
        name = f"cau-{int(box.get_attribute('name')[1:]) + 1}"
        found[names.index(name) + 1] = int(box.get_attribute("value"))
    return found


@pytest.fixture
def card(deck) -> tuple[str, str]:
    """The card of this test's candidate."""
    return next(deck)


@pytest.fixture
def server_has(candidate) -> Callable[[tuple[str, str]], dict[int, int]]:
    """A function that says what the server holds of the paper of a card, asked by another browser."""

    def ask(card: tuple[str, str]) -> dict[int, int]:
        page = candidate(card, scripts=False)
        page.get_by_role("link", name="Tiếp tục làm bài").click()
        return shown(page)

    return ask


@pytest.mark.parametrize("seconds", [5, 60, 20 * 60])
def test_a_cut_of_any_length_loses_nothing_and_is_never_called_saved(candidate, card, server_has, seconds):
    page = candidate(card)
    page.clock.install()
    begin(page)
    answer(page, {1: 0})
    all_stored(page, 1)
    page.context.set_offline(True)
    answer(page, {2: 1, 3: 0, 1: 1})
    page.clock.run_for(15_000)
    says(page, f"{KEPT}: 3 câu")
    expect(question(page, 1)).to_contain_text(KEPT)
    page.clock.run_for(seconds * 1000)
    says(page, f"{KEPT}: 3 câu")
    page.context.set_offline(False)
    page.clock.run_for(25_000)
    all_stored(page, 3)
    assert server_has(card) == {1: 1, 2: 1, 3: 0}


def test_a_page_closed_without_a_line_sends_what_it_kept_when_it_is_opened_again(candidate, card, server_has):
    page = begin(candidate(card))
    context, address = page.context, page.url
    answer(page, {1: 0})
    all_stored(page, 1)
    context.set_offline(True)
    answer(page, {2: 1, 3: 0})
    says(page, f"{KEPT}: 2 câu")
    page.evaluate("() => { window.outbox.leave = () => {} }")
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    all_stored(again, 3)
    assert server_has(card) == {1: 0, 2: 1, 3: 0}


def test_a_browser_that_was_started_again_still_has_its_queue(candidate, card, visit, server_has):
    page = begin(candidate(card))
    address = page.url
    page.context.set_offline(True)
    answer(page, {1: 1, 2: 0})
    says(page, f"{KEPT}: 2 câu")
    page.wait_for_function(IN_DATABASE, arg=2)
    kept = page.context.storage_state(indexed_db=True)
    page.context.close()
    restarted = visit(storage_state=kept)
    restarted.goto(address)
    all_stored(restarted, 2)
    assert server_has(card) == {1: 1, 2: 0}


@pytest.mark.long
def test_whose_sign_in_has_ended_goes_in_again_by_a_link_and_the_page_saves_what_it_kept(
    candidate, card, server_has
):
    page = begin(candidate(card))
    page.context.clear_cookies()
    answer(page, {1: 1})
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Vào lại bằng phiếu dự thi").click()
    way_in = opened.value
    way_in.get_by_label("Mã dự thi").fill(card[0])
    way_in.get_by_label("Mã PIN").fill(card[1])
    way_in.get_by_role("button", name="Vào thi").click()
    expect(way_in.get_by_role("link", name="Tiếp tục làm bài")).to_be_visible()
    all_stored(page, 1)
    expect(page.get_by_role("link", name="Vào lại bằng phiếu dự thi")).to_be_hidden()
    assert server_has(card) == {1: 1}


# Whether the larger store of the device has that many choices.
IN_DATABASE = """count => window.idbKeyval.entries()
    .then((rows) => rows.some(([_, value]) => (value.log || []).length === count))"""


REFUSES = """
Object.defineProperty(window, 'indexedDB', { get() { throw new Error('refused') } });
Storage.prototype.setItem = () => { throw new Error('refused') };
"""


def test_a_device_that_keeps_nothing_is_told_so_and_loses_nothing_while_the_page_is_open(
    candidate, card, server_has
):
    page = candidate(card)
    page.add_init_script(REFUSES)
    begin(page)
    answer(page, {1: 0})
    all_stored(page, 1)
    page.context.set_offline(True)
    answer(page, {2: 1})
    says(page, f"{UNWRITTEN} 1 câu")
    expect(question(page, 2)).to_contain_text(UNWRITTEN)
    page.context.set_offline(False)
    all_stored(page, 2)
    assert server_has(card) == {1: 0, 2: 1}


def test_a_device_that_keeps_nothing_does_not_say_it_keeps_a_paper_handed_in_without_a_line(candidate, card):
    page = candidate(card)
    page.add_init_script(REFUSES)
    begin(page)
    page.context.set_offline(True)
    answer(page, {1: 0})
    says(page, f"{UNWRITTEN} 1 câu")
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.get_by_text("máy này không giữ được bài. Xin đừng đóng trang này")).to_be_visible()
    expect(page.get_by_text("Bài được giữ trên máy này")).to_be_hidden()
    page.context.set_offline(False)
    is_handed_in(page, 1)


class Line:
    """A line that loses a third of the requests, sends some of them twice and others later than the ones after."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.held: list[tuple[str, str, dict]] = []
        self.lost = self.repeated = self.late = 0

    def carry(self, route: Route) -> None:
        """Treat one request."""
        request, luck = route.request, self.chance.random()
        copy = (request.url, request.post_data or "", request.headers)
        if luck < 0.3:
            self.lost += 1
            if luck < 0.15:  # it arrives, only the answer is lost; sometimes long after newer ones
                self.held.append(copy)
                self.late += 1
            route.abort()
            return
        if luck < 0.6:
            self.repeated += 1
            self.held.append(copy)
        route.continue_()
        while self.held and self.chance.random() < 0.5:
            self.release(route.request.frame.page.context)

    def release(self, context: BrowserContext) -> None:
        """Let one request that was held arrive now."""
        url, body, headers = self.held.pop(0)
        wanted = {name: headers[name] for name in ("content-type", "x-csrf-token") if name in headers}
        context.request.post(url, data=body, headers=wanted)


def is_over(page: Page) -> None:
    """Wait until no request is under way, so that each choice has one of its own, however slow the machine."""
    page.wait_for_function("() => !window.outbox.sending")


def test_lost_repeated_and_reordered_requests_leave_every_answer_exactly_once(candidate, card, server_has):
    page, line = begin(candidate(card)), Line(seed=7)
    page.route(re.compile("/responses$"), line.carry)
    chance, wanted = random.Random(8), {}
    for _ in range(25):
        number, place = chance.randrange(1, 11), chance.randrange(2)
        answer(page, {number: place})
        is_over(page)
        wanted[number] = place
    all_stored(page, len(wanted))
    page.unroute(re.compile("/responses$"))
    while line.held:
        line.release(page.context)
    assert line.lost and line.repeated and line.late
    assert server_has(card) == wanted


def test_without_the_queue_the_same_line_loses_answers(candidate, card, server_has):
    """The control: if this did not lose anything, the tests above would prove nothing."""
    page, line = begin(candidate(card)), Line(seed=7)
    page.evaluate(
        "() => { window.outbox.later = () => 0; window.outbox.pending = () => window.outbox.own.log.slice(-1) }"
    )
    page.evaluate("() => { window.outbox.waiting = () => 0 }")
    page.route(re.compile("/responses$"), line.carry)
    for number in range(1, 13):
        answer(page, {number: 0})
        is_over(page)
    page.unroute(re.compile("/responses$"))
    assert len(server_has(card)) < 12


def test_two_tabs_of_one_browser_show_the_same_paper_and_lose_nothing(candidate, card, server_has):
    first = begin(candidate(card))
    second = first.context.new_page()
    second.goto(first.url)
    answer(first, {1: 0})
    answer(second, {2: 1})
    answer(first, {3: 0})
    # Seen by the second tab, and so older than what is chosen there next, whatever the two clocks say.
    expect(question(second, 3).locator("input").first).to_be_checked()
    answer(second, {3: 1})
    all_stored(first, 3)
    all_stored(second, 3)
    expect(question(first, 3).locator("input").nth(1)).to_be_checked()
    assert server_has(card) == {1: 0, 2: 1, 3: 1}


@pytest.mark.parametrize("lost", ["frame", "queue", "attempt"])
def test_a_page_of_which_a_script_was_lost_says_so_and_saves_by_its_button(candidate, card, server_has, lost):
    page = candidate(card).context.new_page()  # the script that stops here says so in the console
    page.goto("/rounds")
    page.route(f"**/{lost}.js*", lambda route: route.abort())
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_url("**/attempts/*")
    page.wait_for_load_state()
    page.locator("article.question:has([type=radio])").first.locator("label.choice").nth(1).click()
    expect(page.get_by_text("Trang chưa tải hết nên chưa tự lưu được")).to_be_visible(timeout=15_000)
    page.unroute(f"**/{lost}.js*")
    page.get_by_role("button", name="Lưu các câu đã chọn").first.click()
    all_stored(ready(page), 1)
    expect(page.get_by_text("Trang chưa tải hết")).to_have_count(0)
    assert server_has(card) == {1: 1}


# The other tab chose in the same millisecond, or was asleep meanwhile: its choice is heard of after a newer one here.
HEARS_OF_AN_OLDER = """position => {
    const { form, key } = window.outbox, mine = window.outbox.newestOf(position);
    const log = [[position, "1", mine[2] - 1, ""]];
    const newValue = JSON.stringify({ n: 1, log, stored: { [position]: mine[2] - 1 }, off: null });
    dispatchEvent(new StorageEvent("storage", { key: form.dataset.key + ".7", newValue }));
}"""


def test_a_tab_that_hears_late_of_an_older_choice_keeps_showing_the_newer_one(candidate, card, server_has):
    page = begin(candidate(card))
    answer(page, {1: 0})
    all_stored(page, 1)
    boxes = question(page, 1).locator("input")
    page.evaluate(HEARS_OF_AN_OLDER, int(boxes.first.get_attribute("name")[1:]))
    expect(boxes.first).to_be_checked()
    assert server_has(card) == {1: 0}


def test_a_second_phone_goes_on_and_the_first_is_told(candidate, card, server_has):
    first = begin(candidate(card))
    answer(first, {1: 0})
    all_stored(first, 1)
    first.context.set_offline(True)
    answer(first, {2: 1})
    says(first, f"{KEPT}: 1 câu")
    second = go_on(candidate(card))
    answer(second, {3: 0})
    all_stored(second, 2)
    first.context.set_offline(False)
    expect(first.get_by_text("vừa được dùng để vào thi trên một máy khác")).to_be_visible()
    expect(first.get_by_text("vừa được chọn trên một máy khác")).to_be_visible()
    all_stored(first, 3)
    assert server_has(card) == {1: 0, 2: 1, 3: 0}


def test_a_phone_looked_at_again_shows_what_was_chosen_on_another_meanwhile(candidate, card, server_has):
    first = begin(candidate(card))
    answer(first, {1: 0, 2: 0})
    all_stored(first, 2)
    first.reload()  # what the page was made with is compared as well
    answer(first, {3: 0})
    all_stored(first, 3)
    second = go_on(candidate(card))
    answer(second, {1: 1, 3: 1})
    all_stored(second, 3)
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first.get_by_text("vừa được chọn trên một máy khác")).to_be_visible()
    for number in (1, 3):
        expect(question(first, number).locator("input").nth(1)).to_be_checked()
    answer(first, {2: 1})
    all_stored(first, 3)
    assert server_has(card) == {1: 1, 2: 1, 3: 1}


def test_a_paper_handed_in_without_a_line_waits_on_the_phone_and_goes_by_itself(candidate, card):
    page = begin(candidate(card))
    answer(page, {1: 0})
    all_stored(page, 1)
    page.context.set_offline(True)
    answer(page, {2: 1})
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.get_by_text("Bạn đã trả lời 2 trong 30 câu.")).to_be_visible()
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.get_by_text("Bài được giữ trên máy này")).to_be_visible()
    expect(page.locator("article.question:visible")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
    expect(page.get_by_text("2 trong 30 câu")).to_be_visible()


def sign_off(page: Page) -> None:
    """Press the button that hands in while the server cannot be told."""
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.get_by_text("Bài được giữ trên máy này")).to_be_visible()


def is_handed_in(page: Page, count: int) -> None:
    """Wait, pressing nothing, for the receipt with so many answers."""
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
    expect(page.get_by_text(f"{count} trong 30 câu")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("opened", ["the paper", "the own rounds"])
def test_a_signed_off_paper_survives_a_closed_page(candidate, card, opened):
    page = begin(candidate(card))
    context, address = page.context, page.url
    context.set_offline(True)
    answer(page, {1: 0, 2: 1})
    sign_off(page)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address if opened == "the paper" else "/rounds", wait_until="commit")  # it goes on by itself
    is_handed_in(again, 2)


@pytest.mark.long
def test_a_signed_off_paper_goes_from_the_own_rounds_when_every_answer_was_there_before(candidate, card):
    page = begin(candidate(card))
    answer(page, {1: 0})
    all_stored(page, 1)
    page.context.set_offline(True)
    sign_off(page)
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/rounds", wait_until="commit")
    is_handed_in(again, 1)


@pytest.mark.long
def test_a_kept_hand_in_does_not_end_the_paper_under_a_second_phone(candidate, card, server_has):
    first = begin(candidate(card))
    first.context.set_offline(True)
    answer(first, {1: 0})
    sign_off(first)
    second = go_on(candidate(card))
    answer(second, {2: 1})
    all_stored(second, 1)
    first.context.set_offline(False)
    expect(first.get_by_text("bài đã được làm tiếp trên máy khác nên chưa nộp")).to_be_visible()
    answer(second, {3: 0})
    all_stored(second, 2)
    assert server_has(card) == {1: 0, 2: 1, 3: 0}
    hand_in(first)  # pressed once more, with a line


def die_with_two_choices(page: Page) -> None:
    """Make two choices without a line and close the page as a phone does that dies: nothing is sent on the way out,
    nor when closing the page ends its being without a line."""
    page.context.set_offline(True)
    answer(page, {1: 0, 2: 1})
    says(page, f"{KEPT}: 2 câu")
    page.evaluate("() => { window.outbox.request = () => new Promise(() => {}) }")
    page.close()


def hand_in_with_one(page: Page) -> None:
    """Answer the third question and hand the paper in, on the proctor's phone."""
    answer(page, {3: 0})
    all_stored(page, 1)
    hand_in(page)
    expect(page.get_by_text("1 trong 30 câu")).to_be_visible()


def back_after_the_hand_in(candidate: Callable[..., Page], card: object) -> Page:
    """Return a new page of the phone that died with two choices, after another has handed the paper in."""
    page = begin(candidate(card))
    die_with_two_choices(page)
    hand_in_with_one(go_on(candidate(card)))
    page.context.set_offline(False)
    return page.context.new_page()


def counts_all_three(page: Page) -> None:
    """Wait until the receipt counts the two that came late."""
    expect(page.get_by_text("2 câu gửi muộn vì mất mạng đã được nhận và được tính.")).to_be_visible()
    expect(page.get_by_text("3 trong 30 câu")).to_be_visible()


@pytest.mark.long
def test_what_a_closed_page_kept_goes_from_any_later_page_even_after_the_hand_in(candidate, card):
    back = back_after_the_hand_in(candidate, card)
    back.goto("/rounds")
    back.get_by_role("link", name="Xem biên nhận").click()
    counts_all_three(back)


@pytest.mark.long
def test_a_receipt_made_just_before_the_last_answers_arrived_is_asked_for_again(candidate, card):
    back = back_after_the_hand_in(candidate, card)
    sent: list[Route] = []
    back.route("**/late", lambda route: sent.append(route))
    back.goto("/rounds")
    asked: list[Route] = []
    back.route("**/receipt", lambda route: asked.append(route), times=1)
    back.get_by_role("link", name="Xem biên nhận").click(no_wait_after=True)
    while not (sent and asked):
        back.wait_for_timeout(50)
    receipt = asked[0].fetch()
    with back.expect_event("requestfinished", lambda request: request.url.endswith("/late")):
        sent[0].continue_()
    back.wait_for_timeout(500)  # a page that is being left cannot be asked whether it has heard the answer
    asked[0].fulfill(response=receipt)
    counts_all_three(back)


@pytest.mark.long
def test_on_a_slow_line_and_a_slow_phone_every_tap_is_stored(candidate, card):
    """How soon is measured in test_data_budget.py."""
    page = begin(candidate(card))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    session.send("Network.emulateNetworkConditions", slow)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    answer(page, {1: 0})
    expect(question(page, 1)).to_contain_text(STORED)
    for number in range(2, 6):
        answer(page, {number: 1})
    all_stored(page, 5)
