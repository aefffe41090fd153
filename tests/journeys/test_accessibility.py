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
from flask import render_template
from playwright.sync_api import Browser, Page, expect

from drill.server import ROOT
from quiz.web import ERROR_PAGES
from tests.conftest import make_app
from tests.journeys.clicking import leave_by
from tests.journeys.conftest import PATIENCE
from tests.journeys.look import EVERY, TWO, Setting, findings, spaced

pytestmark = pytest.mark.long

STAFF = [Setting(320, "dark", 200), Setting(320, "light"), Setting(1280, "light")]
TAP = 44  # CSS pixels

NO_PAGES = {
    "static", "public.healthz", "public.readyz",
    # files to keep
    "results.download", "results.text", "rounds.rules_file", "bank.template", "roster.template", "receipts.picture",
    "office_papers.download", "jobs.download", "essays.file", "essays.own_file", "essays.judged_file",
    # JSON for other systems
    "api.description", "api.people", "api.person", "api.round_", "api.round_results", "api.rounds", "api.unit",
    "api.units",
    # pieces of pages, which are looked at where they stand
    "halls.part", "monitor.part", "monitor.stage_part", "projector.part",
    # leads on to the prizes of an edition; to bank.choose_export
    "awards.of_round", "bank.export_listed",
    "setup.begin",  # leads on to setup.show
}  # fmt: skip
# What contestants and visitors meet; all but the first line needs a contestant.
VISITORS = {
    "public.home", "auth.card", "auth.sign_in", "auth.scan", "guide.show", "hall.join", "hall.link", "hall.seat",
    "hall.start", "results.verify", "results.public_edition", "projector.show",
}  # fmt: skip
CONTESTANTS = {"attempts.index", "attempts.receipt", "practice.index", "practice.question", "practice.explanation",
               "practice.sheet", "rehearsals.index", "rehearsals.paper", "rehearsals.check", "rehearsals.receipt",
               "attempts.show", "attempts.check", "round_rules.show"}  # fmt: skip
# What an administrator has no part in.
THEIRS = {"judging.index": "judge", "judging.show": "judge", "judging.points": "head_judge",
          "judging.signing": "head_judge", "appeals.paper": "contestant_own",
          "appeals.stage": "contestant_own", "essays.own": "contestant_own"}  # fmt: skip


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
            context.set_default_timeout(PATIENCE)
            if who != "nobody":
                context.add_cookies([{"name": self.name, "value": self.cookies[who], "url": self.base}])
            self.pages[who] = context.new_page()
        return self.pages[who]


@pytest.fixture(scope="session")
def filled(site: Any, chromium: Browser) -> Iterator[Filled]:
    """The demo with a hall, a sign, a printed paper, uploads and the rest of tests/world.py beside it; built once a
    process, for a worker of the tests may leave this file and come back to it."""
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
    page = opened(filled.page(THEIRS.get(endpoint, "system_admin")), filled.urls[endpoint])
    assert page.url.endswith(filled.urls[endpoint]), (
        "the page leads elsewhere: look at where, or name it here"
    )
    assert findings(page, STAFF) == []


@pytest.mark.parametrize("endpoint", sorted(VISITORS - {"hall.seat"}))
def test_a_page_for_everybody_has_no_finding_and_large_targets(filled: Filled, endpoint: str):
    page = opened(filled.page("nobody"), filled.urls[endpoint])
    assert findings(page, EVERY, targets=TAP) == []


@pytest.mark.parametrize("code", ERROR_PAGES)
def test_an_error_page_has_no_finding_and_large_targets(filled: Filled, code: int):
    with make_app(Path(tempfile.mkdtemp(prefix="quiz-errors-"))).test_request_context():
        said = render_template(f"errors/{code}.html", message="Vòng thi đã đóng.", error_id="1a2b3c4d")
    page, address = filled.page("nobody"), f"/error-{code}"
    page.route(f"**{address}", lambda route: route.fulfill(status=code, content_type="text/html", body=said))
    answer = page.goto(address)
    assert answer is not None and answer.status == code
    assert findings(page, EVERY, targets=TAP) == []
    assert spaced(page) == []


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


def test_the_look_at_spaced_text_finds_what_is_broken(filled: Filled):
    """The control: boxes of a fixed size lose their words, and a control drawn over another is found."""
    page = opened(filled.page("nobody"), "/card")
    assert spaced(page) == []
    page.evaluate("""() => {
      const main = document.querySelector("main");
      main.insertAdjacentHTML("beforeend", "<p>Một câu dài đến hai dòng khi chữ thưa ra.</p><p>Câu bị cắt ở cuối.</p>");
      Object.assign(main.children[main.children.length - 2].style, { height: "1.5em", width: "16em" });
      Object.assign(main.lastElementChild.style, { overflow: "hidden", height: "1.2em" });
      document.querySelector("main form .button").style.transform = "translateY(-6rem)";
    }""")
    found = " ".join(spaced(page))
    for words in ("leaves its box: Một câu dài", "cut off: <p", "lie over each other: "):
        assert words in found


SOME = (
    "desk.index",
    "contests.index",
    "rounds.show",
    "monitor.show",
    "entries.index",
    "results.edition",
    "bank.items",
)


@pytest.mark.parametrize("endpoint", SOME)
def test_in_english_a_page_of_the_staff_has_no_finding(filled: Filled, endpoint: str):
    page = opened(filled.page("system_admin"), filled.urls[endpoint])
    leave_by(page.get_by_role("button", name="English"))
    try:
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert findings(page, TWO) == []
    finally:
        leave_by(page.get_by_role("button", name="Tiếng Việt"))  # the page is the next test's too


def test_a_hall_s_device_has_no_finding(filled: Filled, visit: Callable[..., Page]):
    proctor, wrong = filled.page("system_admin"), []
    proctor.goto(filled.urls["cards.index"])
    issue = proctor.get_by_role("button", name=re.compile("phiếu cho người chưa có"))
    if issue.count():
        leave_by(issue.first)
    proctor.goto(filled.urls["halls.new"])
    proctor.get_by_label("Tên hội trường").fill("Hội trường thử")
    leave_by(proctor.get_by_role("button", name="Mở hội trường"))
    code = proctor.locator(".hall-big").inner_text()
    leave_by(proctor.get_by_role("link", name="Mã ngắn của thí sinh"))
    short = proctor.get_by_role("row").nth(1).locator("b").inner_text()
    page = visit()
    page.goto("/hall")
    page.get_by_label("Mã hội trường").fill(code)
    leave_by(page.get_by_role("button", name="Vào hội trường"))
    page.get_by_label("Mã ngắn").wait_for()
    wrong += findings(page, EVERY, targets=TAP)
    page.get_by_label("Mã ngắn").fill(short)
    leave_by(page.get_by_role("button", name="Vào thi"))
    page.get_by_role("heading", name="Có đúng là bạn không?").wait_for()
    wrong += findings(page, EVERY, targets=TAP)
    assert wrong == []
