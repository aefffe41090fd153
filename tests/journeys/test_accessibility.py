"""Every page and every state of the question page, looked at by axe (WCAG 2.0 to 2.2, A and AA) in a real Chromium.

Contestants' and visitors' pages: 320 and 1280 px, light and dark, text at 100 and 200 %, all eight; there every control
is at least 44 px high and wide as well, and what is read in a question stands at 7:1. Pages of the staff: 320 px
in dark with text at 200 %, 320 px in light, and 1280 px in light, which between them has every value once.
1280 px at 400 % zoom is 320 px; at 100 % of text nothing may scroll sideways there.
The pages are those of the route map: one that cannot be opened here fails, one that is no page is named below.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from drill.server import ROOT
from tests.conftest import make_app
from tests.journeys.look import EVERY, Setting, findings

pytestmark = pytest.mark.long

STAFF = [Setting(320, "dark", 200), Setting(320, "light"), Setting(1280, "light")]
READING = ".stem, .choice > span"
TAP = 44  # CSS pixels

NO_PAGES = {
    "static", "public.healthz", "public.readyz",
    # files to keep
    "results.download", "bank.template", "roster.template",
    # pieces of pages, which are looked at where they stand
    "halls.part", "monitor.part", "monitor.stage_part", "projector.part",
    # leads on to bank.choose_export; needs a file that came back from a hall (the pages beside it are looked at)
    "bank.export_listed", "packages.preview",
}  # fmt: skip
# What contestants and visitors meet; all but the first line needs a contestant.
VISITORS = {
    "public.home", "auth.card", "auth.sign_in", "auth.scan", "guide.show", "hall.join", "hall.link", "hall.seat",
    "hall.start", "results.verify", "results.public_edition", "projector.show",
}  # fmt: skip
CONTESTANTS = {"attempts.index", "attempts.receipt", "practice.index", "practice.question", "practice.explanation",
               "practice.sheet", "rehearsals.index", "rehearsals.paper", "rehearsals.check", "rehearsals.receipt",
               "attempts.show", "attempts.check"}  # fmt: skip


def _endpoints() -> list[str]:
    app = make_app(Path(tempfile.mkdtemp(prefix="quiz-pages-")))
    found = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    return sorted(found - NO_PAGES)


PAGES = _endpoints()
DESK_PAGES = [page for page in PAGES if page not in VISITORS | CONTESTANTS]


@dataclass
class Filled:
    """The addresses of all pages by endpoint, and browsers that are somebody, kept open between the tests."""

    urls: dict[str, str]
    cookies: dict[str, str]
    name: str
    chromium: Browser
    base: str
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, who: str) -> Page:
        """Return the page of a role; "nobody" is signed out."""
        if who not in self.pages:
            context = self.chromium.new_context(
                base_url=self.base, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
            )
            if who != "nobody":
                context.add_cookies([{"name": self.name, "value": self.cookies[who], "url": self.base}])
            self.pages[who] = context.new_page()
        return self.pages[who]


@pytest.fixture(scope="module")
def filled(site: Any, chromium: Browser) -> Iterator[Filled]:
    """The demo with a hall, a sign, a printed paper, uploads and the rest of tests/world.py beside it."""
    command = [sys.executable, "-m", "tests.journeys.addresses"]
    done = subprocess.run(command, cwd=ROOT, env=site.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made = Filled(**json.loads(done.stdout.splitlines()[-1]), chromium=chromium, base=site.url)
    yield made
    for page in made.pages.values():
        page.context.close()


def opened(page: Page, address: str) -> Page:
    """Open the address and return the page; it must be there and be HTML."""
    answer = page.goto(address)
    assert answer is not None and answer.status == 200, f"{address}: {answer and answer.status}"
    assert answer.headers["content-type"].startswith("text/html")
    return page


@pytest.mark.parametrize("endpoint", DESK_PAGES)
def test_a_page_of_the_staff_has_no_finding(filled: Filled, endpoint: str):
    page = opened(filled.page("system_admin"), filled.urls[endpoint])
    assert page.url.endswith(filled.urls[endpoint]), (
        "the page leads elsewhere: look at where, or name it here"
    )
    assert findings(page, STAFF) == []


@pytest.mark.parametrize("endpoint", sorted(VISITORS - {"hall.seat"}))
def test_a_page_for_everybody_has_no_finding_and_large_targets(filled: Filled, endpoint: str):
    page = opened(filled.page("nobody"), filled.urls[endpoint])
    assert findings(page, EVERY, targets=TAP) == []


def test_the_rules_find_what_is_broken(filled: Filled):
    """The control: a page made bad on purpose is found bad in each of the four ways."""
    page = opened(filled.page("nobody"), "/card")
    page.evaluate("""() => {
      document.querySelector("main").insertAdjacentHTML("beforeend", '<p class="bad">mờ</p><input><button>x</button>');
      const bad = document.querySelector(".bad");
      bad.style.color = "#777";
      bad.style.backgroundColor = "#888";
      bad.style.width = "2000px";
    }""")
    found = " ".join(findings(page, [Setting(320, "light")], targets=TAP, reading=".bad"))
    for words in ("color-contrast", "label", "scrolls sideways", "<button>x</button>", "contrast 1."):
        assert words in found


# --- what contestants meet --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cards(site: Any) -> Iterator[tuple[str, str]]:
    """Cards nobody has used yet."""
    return iter(site.more_cards())


def look_at(page: Page, wrong: list[str], name: str, reading: str = "") -> None:
    """Add to `wrong` what is wrong with the page as it stands."""
    wrong += [f"{name}, {one}" for one in findings(page, EVERY, targets=TAP, reading=reading)]


def test_the_pages_around_the_sitting_have_no_finding(
    candidate: Callable[..., Page], cards: Iterator[tuple[str, str]]
):
    page, wrong = candidate(next(cards)), []
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
    candidate: Callable[..., Page], cards: Iterator[tuple[str, str]]
):
    page, wrong = candidate(next(cards)), []
    page.goto("/rehearsal")
    look_at(page, wrong, "rehearsal")
    page.get_by_role("button", name="Bắt đầu làm thử").click()
    page.locator("article.question:visible label.choice").first.click()
    expect(page.locator("[data-saved]")).to_have_text("Đã lưu trên máy chủ 1/5 câu")
    look_at(page, wrong, "rehearsal's paper", READING)
    page.goto("/rehearsal/check")
    look_at(page, wrong, "rehearsal's check")
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("heading", name="Kết quả làm thử").wait_for()
    look_at(page, wrong, "rehearsal's result", ".stem")
    assert wrong == []


def begun(page: Page) -> Page:
    """Start the round and wait for the first question."""
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_text("Câu 1/30", exact=True)).to_be_visible()
    return page


def choose(page: Page, place: int = 0) -> None:
    """Tap an option of the question on the screen."""
    page.locator("article.question:visible label.choice").nth(place).click()


def banner(page: Page, words: str) -> None:
    """Wait until the banner says so."""
    expect(page.locator("[data-saved]")).to_contain_text(words, timeout=30_000)


def test_the_question_page_has_no_finding_fresh_answered_looked_over_and_handed_in(
    candidate: Callable[..., Page], cards: Iterator[tuple[str, str]]
):
    page, wrong = begun(candidate(next(cards))), []
    look_at(page, wrong, "fresh", READING)
    page.get_by_text("Cỡ chữ, màu nền").click()
    choose(page)
    page.get_by_label("Đánh dấu để xem lại câu này").check()
    banner(page, "Đã lưu trên máy chủ 1/30 câu")
    look_at(page, wrong, "answered and marked, comfort open", READING)
    for words in ("Trắng đen", "Tối", "Rất lớn"):
        page.get_by_role("button", name=words).click()
        wrong += findings(page, [Setting(320, "light"), Setting(1280, "dark")], targets=TAP, reading=READING)
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_text("Bạn đã trả lời 1 trong 30 câu.").wait_for()
    look_at(page, wrong, "looking over")
    page.goto(page.url.split("#")[0] + "/check")
    page.locator("summary").last.click()
    look_at(page, wrong, "looking over without scripts' help")
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("heading", name="Đã nộp bài").wait_for()
    look_at(page, wrong, "receipt")
    page.goto("/rounds")
    look_at(page, wrong, "own rounds, handed in")
    assert wrong == []


def test_the_question_page_has_no_finding_without_a_line_signed_off(
    candidate: Callable[..., Page], cards: Iterator[tuple[str, str]]
):
    page, wrong = begun(candidate(next(cards))), []
    page.context.set_offline(True)
    choose(page)
    banner(page, "Đã ghi trên máy này, chờ có mạng: 1 câu")
    look_at(page, wrong, "waiting", READING)
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.get_by_text("Bài được giữ trên máy này")).to_be_visible()
    look_at(page, wrong, "signed off")
    assert wrong == []


REFUSES = """
Object.defineProperty(window, 'indexedDB', { get() { throw new Error('refused') } });
Storage.prototype.setItem = () => { throw new Error('refused') };
"""


def test_the_question_page_has_no_finding_unwritten_and_when_time_is_up(
    candidate: Callable[..., Page], cards: Iterator[tuple[str, str]]
):
    page, wrong = candidate(next(cards)), []
    page.add_init_script(REFUSES)
    page.clock.install()
    begun(page)
    page.context.set_offline(True)
    choose(page)
    banner(page, "Chưa ghi 1 câu")
    look_at(page, wrong, "unwritten", READING)
    page.clock.fast_forward("05:00:00")
    expect(page.get_by_text("Đã hết giờ")).to_be_visible()
    look_at(page, wrong, "time up")
    assert wrong == []


def test_the_question_page_without_scripts_has_no_finding(
    candidate: Callable[..., Page], cards: Iterator[tuple[str, str]]
):
    page, wrong = candidate(next(cards)), []
    page.route(
        re.compile(r"\.js"), lambda route: route.abort()
    )  # axe is a script itself: only the page has none
    page.get_by_role("button", name="Bắt đầu").click()
    page.get_by_role("button", name="Lưu các câu đã chọn").wait_for()
    look_at(page, wrong, "the whole form", READING)
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_role("button", name="Nộp bài").wait_for()
    look_at(page, wrong, "looking over")
    assert wrong == []


def test_a_hall_s_device_has_no_finding(filled: Filled, visit: Callable[..., Page]):
    proctor, wrong = filled.page("system_admin"), []
    proctor.goto(filled.urls["cards.index"])
    issue = proctor.get_by_role("button", name=re.compile("phiếu cho người chưa có"))
    if issue.count():
        issue.first.click()
        proctor.wait_for_load_state()
    proctor.goto(filled.urls["halls.new"])
    proctor.get_by_label("Tên hội trường").fill("Hội trường thử")
    proctor.get_by_role("button", name="Mở hội trường").click()
    code = proctor.locator(".hall-big").inner_text()
    proctor.get_by_role("link", name="Mã ngắn của thí sinh").click()
    short = proctor.get_by_role("row").nth(1).locator("b").inner_text()
    page = visit()
    page.goto("/hall")
    page.get_by_label("Mã hội trường").fill(code)
    page.get_by_role("button", name="Vào hội trường").click()
    page.get_by_label("Mã ngắn").wait_for()
    look_at(page, wrong, "the device waits")
    page.get_by_label("Mã ngắn").fill(short)
    page.get_by_role("button", name="Vào thi").click()
    page.get_by_role("heading", name="Có đúng là bạn không?").wait_for()
    look_at(page, wrong, "who sits here")
    assert wrong == []
