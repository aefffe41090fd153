"""What sitting costs on the line: everything for 30 questions on a first visit, one save, and the wait after a tap.

Counted by the browser itself (the DevTools protocol) on the served product: every answer with all its headers, on the
whole way of a device that has nothing yet, from the card (by its code, or by its QR code) over the own rounds to
question 1 of 30. Past a budget the test fails.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, PHONE
from tests.journeys.sitting import begin, choose, next_question

BUDGET, WARN = 30_000, 25_000  # bytes of a first visit
SAVE = 1_024  # bytes of a save, each way, with headers
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SOON = 1.5  # seconds from a tap to "Đã lưu" at that speed, on the phone below
# A phone six times slower than the machine this was measured on, where it takes the page so many ms to do that work.
# A slower or busier machine plays a slower phone: where the work takes twice as long, a second counts half.
WORK_TAKES = 250
WORK = """() => {
  const begun = performance.now();
  let x = 1;
  for (let n = 0; n < 3e7; n += 1) x = Math.imul(x, 48271) ^ n;
  return x && performance.now() - begun;
}"""


@dataclass
class Meter:
    """The bytes of every request of a page: method, address, sent (0: not known), received."""

    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)

    def watch(self, page: Page) -> Any:
        """Begin to count; return the session of the DevTools protocol."""
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.requestWillBeSentExtraInfo", self._headers)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._done)
        return session

    def _asked(self, event: Any) -> None:
        key, request = event["requestId"], event["request"]
        if earlier := event.get("redirectResponse"):
            self.received[f"{key} before"] = earlier["encodedDataLength"]
            self.names[f"{key} before"] = self.names[key]
        self.names[key] = (request["method"], re.sub(r"^https?://[^/]+|\?.*", "", request["url"]))
        self.sent[key] = self.sent.get(key, 0) + len(request.get("postData", "").encode())

    def _headers(self, event: Any) -> None:
        lines = sum(len(name) + len(value) + 4 for name, value in event["headers"].items())
        self.sent[event["requestId"]] = self.sent.get(event["requestId"], 0) + lines

    def _answered(self, event: Any) -> None:
        self.heads[event["requestId"]] = int(event["response"]["encodedDataLength"])

    def _done(self, event: Any) -> None:
        self.received[event["requestId"]] = int(event["encodedDataLength"])

    def asked(self) -> set[str]:
        """Return the last part of every address that was answered whole."""
        return {address.rpartition("/")[2] for _count, _body, _method, address in self.rows()}

    def rows(self) -> list[tuple[int, int, str, str]]:
        """Return (bytes received, those of the body, method, address), the largest first; nothing that was at hand."""
        rows = [
            (
                count,
                count - self.heads.get(key, count),
                *self.names[key],
            )  # an answer that only leads on has no body
            for key, count in self.received.items()
            if count
        ]
        return sorted(rows, reverse=True)

    def show(self, title: str) -> tuple[int, int]:
        """Print what came, and return the bytes with and without headers."""
        print(f"\n{title}\n   bytes     body")
        for count, body, method, address in self.rows():
            print(f"{count:>8} {body:>8}  {method:4} {address}")
        whole, bodies = sum(row[0] for row in self.rows()), sum(row[1] for row in self.rows())
        print(f"{whole:>8} {bodies:>8}  in all")
        return whole, bodies


def by_code(page: Page, card: tuple[str, ...]) -> None:
    """Sign in by what is printed on a card."""
    page.goto("/card", wait_until="networkidle")
    page.get_by_label("Mã dự thi").fill(card[0])
    page.get_by_label("Mã PIN").fill(card[1])
    page.get_by_role("button", name="Vào thi").click()


def by_qr_code(page: Page, card: tuple[str, ...]) -> None:
    """Sign in by the link in the QR code of a card."""
    page.goto(f"/c/{card[2]}", wait_until="networkidle")
    page.get_by_role("button", name="Đúng, vào thi").click()


def begin_with_everything(page: Page) -> None:
    """Start the round from the own rounds, every page having loaded everything."""
    page.get_by_role("heading", name="Bài thi của tôi").wait_for()
    page.wait_for_load_state("networkidle")
    begin(page)
    page.wait_for_load_state("networkidle")


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until it holds of what the browser told; it tells of an answer a little after the page has it."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end
        page.wait_for_timeout(50)


def judged(count: int, words: str) -> int:
    """Print how a count stands to the budget and return it."""
    print(f"{words}: {count} of {BUDGET} bytes{', past the figure to warn at' if count > WARN else ''}")
    return count


NEEDED = {"frame.css", "frame.js", "queue.js", "attempt.js", "rounds", "start"}


@pytest.mark.parametrize("enter", [by_code, by_qr_code])
def test_a_first_visit_stays_within_its_bytes(
    enter: Callable[..., None], visit: Callable[..., Page], deck: Iterator[tuple[str, ...]], capsys: Any
):
    page, meter = visit(PHONE), Meter()
    meter.watch(page)
    enter(page, next(deck))
    begin_with_everything(page)
    until(page, lambda: meter.asked() >= NEEDED)
    with capsys.disabled():
        whole, _bodies = meter.show(
            f"From the card ({enter.__name__}) to question 1 of 30, on a first visit:"
        )
        judged(whole, "The whole way with every header")
    assert 0 < whole <= BUDGET


def test_a_save_takes_at_most_a_kilobyte_each_way(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]], capsys: Any
):
    page = begin(candidate(next(deck)))
    page.wait_for_load_state("networkidle")
    meter = Meter()
    meter.watch(page)
    for number in range(1, 6):
        choose(page)
        expect(page.locator("[data-saved]")).to_contain_text(f"Đã lưu trên máy chủ {number}/30 câu")
        next_question(page)
    saves = [key for key, (_, address) in meter.names.items() if address.endswith("/responses")]
    until(page, lambda: all(key in meter.received for key in saves))
    sent, received = max(meter.sent[key] for key in saves), max(meter.received[key] for key in saves)
    with capsys.disabled():
        print(
            f"\nThe largest of {len(saves)} saves: {sent} bytes sent, {received} bytes received; budget {SAVE}"
        )
    assert len(saves) == 5
    assert 0 < sent <= SAVE and 0 < received <= SAVE


@pytest.mark.long
def test_a_tap_is_saved_soon_on_a_slow_line_and_a_slow_phone(
    candidate: Callable[..., Page], deck: Iterator[tuple[str, ...]], capsys: Any
):
    page = begin(candidate(next(deck)))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    waits, works = [], []
    for _tap in range(5):
        choice = page.locator("article.question:visible label.choice").first
        choice.scroll_into_view_if_needed()
        work = page.evaluate(WORK)
        tapped = time.monotonic()
        choice.click()
        expect(page.locator("article.question:visible .state")).to_have_text("Đã lưu trên máy chủ")
        wait = time.monotonic() - tapped
        work = max(work, page.evaluate(WORK))
        waits.append(wait / max(1, work / WORK_TAKES))
        works.append(work)
        next_question(page)
    middle = sorted(waits)[2]
    with capsys.disabled():
        shown = ", ".join(f"{wait:.2f}" for wait in waits)
        print(f"\nFrom a tap to “Đã lưu” at 400 ms, 50 KB/s, processor 6× slower: {shown} s; the middle one")
        print(f"counts: {middle:.2f} of {SOON} s. The work took {max(works):.0f} ms at most, of {WORK_TAKES}")
    assert middle <= SOON
