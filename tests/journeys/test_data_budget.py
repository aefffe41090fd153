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

from tests.journeys.conftest import PHONE

BUDGET, WARN = 30_000, 25_000  # bytes of a first visit
SAVE = 1_024  # bytes of a save, each way, with headers
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SOON = 1.5  # seconds from a tap to "Đã lưu" at that speed, on a phone six times slower than this machine


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


@pytest.fixture(scope="session")
def new_cards(site: Any) -> Iterator[tuple[str, ...]]:
    """Cards nobody has used yet."""
    return iter(site.more_cards())


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


def begin(page: Page) -> None:
    """Start the round from the own rounds, every page having loaded everything."""
    page.get_by_role("heading", name="Bài thi của tôi").wait_for()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_text("Câu 1/30", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")


def judged(count: int, words: str) -> int:
    """Print how a count stands to the budget and return it."""
    print(f"{words}: {count} of {BUDGET} bytes{', past the figure to warn at' if count > WARN else ''}")
    return count


@pytest.mark.parametrize("enter", [by_code, by_qr_code])
def test_a_first_visit_stays_within_its_bytes(
    enter: Callable[..., None], visit: Callable[..., Page], new_cards: Iterator[tuple[str, ...]], capsys: Any
):
    page, meter = visit(PHONE), Meter()
    meter.watch(page)
    enter(page, next(new_cards))
    begin(page)
    with capsys.disabled():
        whole, _bodies = meter.show(
            f"From the card ({enter.__name__}) to question 1 of 30, on a first visit:"
        )
        judged(whole, "The whole way with every header")
    asked = {address.rpartition("/")[2] for _count, _body, _method, address in meter.rows()}
    assert {"frame.css", "frame.js", "queue.js", "attempt.js", "rounds", "start"} <= asked
    assert 0 < whole <= BUDGET


def test_a_save_takes_at_most_a_kilobyte_each_way(
    candidate: Callable[..., Page], new_cards: Iterator[tuple[str, ...]], capsys: Any
):
    page = candidate(next(new_cards))
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_text("Câu 1/30", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    meter = Meter()
    meter.watch(page)
    for number in range(1, 6):
        page.locator("article.question:visible label.choice").first.click()
        expect(page.locator("[data-saved]")).to_contain_text(f"Đã lưu trên máy chủ {number}/30 câu")
        page.get_by_role("button", name="Câu sau").click()
    saves = [key for key, (_, address) in meter.names.items() if address.endswith("/responses")]
    sent, received = max(meter.sent[key] for key in saves), max(meter.received[key] for key in saves)
    with capsys.disabled():
        print(
            f"\nThe largest of {len(saves)} saves: {sent} bytes sent, {received} bytes received; budget {SAVE}"
        )
    assert len(saves) == 5
    assert 0 < sent <= SAVE and 0 < received <= SAVE


def test_a_tap_is_saved_soon_on_a_slow_line_and_a_slow_phone(
    candidate: Callable[..., Page], new_cards: Iterator[tuple[str, ...]], capsys: Any
):
    page = candidate(next(new_cards))
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_text("Câu 1/30", exact=True)).to_be_visible()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    waits = []
    for _tap in range(5):
        choice = page.locator("article.question:visible label.choice").first
        choice.scroll_into_view_if_needed()
        tapped = time.monotonic()
        choice.click()
        expect(page.locator("article.question:visible .state")).to_have_text(
            "Đã lưu trên máy chủ", timeout=20_000
        )
        waits.append(time.monotonic() - tapped)
        page.get_by_role("button", name="Câu sau").click()
    middle = sorted(waits)[2]
    with capsys.disabled():
        shown = ", ".join(f"{wait:.2f}" for wait in waits)
        print(f"\nFrom a tap to “Đã lưu” at 400 ms, 50 KB/s, processor 6× slower: {shown} s; the middle one")
        print(f"counts: {middle:.2f} of {SOON} s")
    assert middle <= SOON
