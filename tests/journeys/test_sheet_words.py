"""What a judge's sheet says of itself while it is being sent, on a page of its own with the product's script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from drill.server import ROOT
from tests.journeys.conftest import PHONE

PLACE = "http://sheet.test/"
SAVED, WAITING, SENDING, LOST, UNFIT = "saved", "waiting", "sending", "lost", "unfit"
SHEET = f"""<!doctype html><html lang="vi"><title>Sheet</title>
<form data-sheet="{PLACE}marks" data-key="sheet.1.1" data-stamp="0" data-empty="empty"
  data-words="{SAVED}|{WAITING}|unwritten|{SENDING}|{LOST}|out|{UNFIT}">
  <input type="hidden" name="csrf_token" value="token">
  <div data-criterion="Content" data-most="1000" data-step="25" data-unfit="no such points">
    <label for="c0">Content</label><p class="error" id="c0-error" hidden></p>
    <div><input id="c0" aria-describedby="c0-error"></div>
  </div>
  <textarea aria-label="Note"></textarea>
  <div data-bar><output data-total></output><button>Hand in</button><p data-state></p></div>
  <div data-ask hidden><button type="button" data-yes>Yes</button><button type="button" data-no>No</button></div>
</form><script type="module" src="{PLACE}judging.js"></script>"""

# Everything the state says from now on, also what stands there for a moment only.
REMEMBER = """state => {
  window.said = [];
  new MutationObserver(() => window.said.push(state.textContent)).observe(state, { childList: true });
}"""


class Sheet:
    """A sheet of one criterion on a phone, its script at work; what it sends is held until it is taken."""

    def __init__(self, page: Page, typed_before: str = "") -> None:
        self.page = page
        self.held: list[Route] = []
        page.add_init_script("AbortSignal.timeout = undefined")  # a slow machine is no cut line
        page.route(PLACE, lambda route: route.fulfill(body=SHEET, content_type="text/html; charset=utf-8"))
        script = ROOT / "static" / "js" / "judging.js"
        asked: list[Route] = []
        page.route(f"{PLACE}judging.js", lambda route: asked.append(route))
        page.route(f"{PLACE}marks", lambda route: self.held.append(route))
        page.goto(PLACE, wait_until="commit")
        self.state = page.locator("[data-state]")
        self.more = page.get_by_role("button", name="Content +1")
        self.field = page.get_by_label("Content", exact=True)
        if typed_before:
            self.field.fill(typed_before)
            self.field.blur()
        while not asked:
            page.wait_for_timeout(20)
        asked[0].fulfill(path=script)
        expect(self.more).to_be_visible()
        self.state.evaluate(REMEMBER)

    def answer_until(self, words: str) -> None:
        """Say of every sheet sent that it is kept until the state says `words`; the test's own time is the bound."""
        while self.state.inner_text() != words:
            if not self.held:
                self.page.wait_for_timeout(50)
                continue
            self.answer_next()

    def answer_next(self) -> None:
        """Say of the next sheet sent, once it is there, that it is kept."""
        while not self.held:
            self.page.wait_for_timeout(50)
        route = self.held.pop()
        stamp = (route.request.post_data_json or {})["stamp"]
        with self.page.expect_response(f"{PLACE}marks"):
            route.fulfill(json={"stamp": stamp})


@pytest.fixture
def sheet(chromium: Browser) -> Iterator[Sheet]:
    page = chromium.new_context(viewport=PHONE).new_page()
    yield Sheet(page)
    page.context.close()


def test_taps_in_a_row_are_being_sent_and_never_wait_for_a_line_that_is_there(sheet):
    for _tap in range(3):
        sheet.more.click()
    sheet.answer_until(SAVED)  # the first tap is sent, and then the others together
    said = sheet.page.evaluate("() => window.said")
    assert WAITING not in said and SENDING in said and said[-1] == SAVED


def test_points_no_sheet_can_have_are_not_called_saved(sheet):
    sheet.field.fill("2,6")
    sheet.field.blur()
    sheet.answer_until(UNFIT)
    expect(sheet.page.locator("#c0-error")).to_have_text("no such points")
    sheet.field.fill("2,5")
    sheet.answer_until(SAVED)


def test_a_line_that_is_cut_is_said(sheet):
    sheet.page.route(f"{PLACE}marks", lambda route: route.abort())
    sheet.more.click()
    expect(sheet.state).to_have_text(WAITING)


def test_points_typed_before_the_script_was_there_are_sent(chromium):
    page = chromium.new_context(viewport=PHONE).new_page()
    sheet = Sheet(page, typed_before="7,5")
    expect(sheet.state).to_have_text(SENDING)
    assert (sheet.held[0].request.post_data_json or {})["marks"] == {"Content": 750}
    sheet.answer_until(SAVED)
    page.context.close()


def test_what_could_not_be_handed_in_is_said_until_it_is_asked_for_again(sheet):
    sheet.page.route(f"{PLACE}marks", lambda route: route.abort())
    sheet.more.click()
    expect(sheet.state).to_have_text(WAITING)
    sheet.page.get_by_role("button", name="Hand in").click()
    sheet.page.get_by_role("button", name="Yes").click()
    sheet.page.wait_for_function("lost => window.said.filter((words) => words === lost).length > 1", arg=LOST)
    assert sheet.page.evaluate("() => window.said.at(-1)") == LOST, "another try has failed since"
    sheet.page.unroute(f"{PLACE}marks")
    sheet.page.route(f"{PLACE}marks", lambda route: sheet.held.append(route))
    sheet.answer_next()  # the line is back and the marks are there, but nobody handed them in
    expect(sheet.state).to_have_text(LOST)
    sheet.page.get_by_role("button", name="Hand in").click()
    sheet.page.get_by_role("button", name="No").click()
    expect(sheet.state).to_have_text(SAVED)
