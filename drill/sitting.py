"""One contestant's device on the question page: reads the questions and sends choices as the page's script does.

Every choice goes to the history before it leaves, and its outcome when it is known. A choice carries a stamp, the
milliseconds since the start and the number of the device, so that the newest wins whatever the line does to it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from drill.browser import Browser, NoAnswer, Refused
from drill.history import FAIL, OK, UNKNOWN, History, now
from drill.markup import Node
from drill.pages import Page

DEVICE_BITS = 20
LINK = 32  # hexadecimal digits

Row = tuple[int, str, int]  # position, choice, stamp
Logged = tuple[int, str, int, str]  # the same with the link that ends with it


@dataclass(frozen=True, slots=True)
class Question:
    """A question as shown: its place on the paper, its words, its options, and those chosen when the page came."""

    position: int
    stem: str
    options: tuple[str, ...]
    chosen: tuple[int, ...]


def text_of(places: Iterable[int]) -> str:
    """Return places as the server writes a choice."""
    return ",".join(str(place) for place in sorted(places))


def link_of(before: str, position: int, choice: str, stamp: int) -> str:
    """Return the link a device writes behind a choice: half of the SHA-256 over the link before and the choice."""
    return hashlib.sha256(f"{before}|{position}|{choice}|{stamp}".encode()).hexdigest()[:LINK]


class Sitting:
    """An attempt as it is open on one device."""

    def __init__(self, browser: Browser, page: Page, history: History, device: int) -> None:
        self.browser = browser
        self.history = history
        self.device = device
        form = _only(page.root.find("form"), "data-outbox")
        self.attempt = int(form.attrs["data-outbox"].split("/")[2])
        self.started_at = int(form.attrs["data-start"])
        self.deadline = int(_only(page.root.find("span"), "data-clock").attrs["data-clock"])
        self.questions = [_question(node) for node in page.root.find("article", class_="question")]
        self.check_address = form.attrs["data-outbox"].rsplit("/", 1)[0] + "/check"
        self._outbox = form.attrs["data-outbox"]
        self._token = form.attrs["data-token"]
        self._newest = int(form.attrs["data-newest"])
        self._late = form.attrs["data-late"]
        self._seed = form.attrs["data-seed"]
        self.log: list[Logged] = []  # every choice made on this device, in order
        self.sent: set[int] = set()  # the stamps of those that have left it

    @property
    def seconds_left(self) -> float:
        """Return how long until the deadline."""
        return (self.deadline - now()) / 1000

    def stamp(self) -> int:
        """Return the next stamp of this device, above every one seen."""
        mine = (now() - self.started_at << DEVICE_BITS) + self.device
        if mine <= self._newest:
            mine = ((self._newest >> DEVICE_BITS) + 1 << DEVICE_BITS) + self.device
        self._newest = mine
        return mine

    def choose(self, position: int, choice: str) -> Row:
        """Stamp a choice, write it into the device's log and return what is to be sent."""
        row = (position, choice, self.stamp())
        self.log.append((*row, link_of(self.log[-1][3] if self.log else self._seed, *row)))
        return row

    def look_at_clock(self, page: Page) -> None:
        """Take the deadline over from the question page loaded again: minutes may have been given."""
        for node in page.root.find("span"):
            if "data-clock" in node.attrs:
                self.deadline = int(node.attrs["data-clock"])

    def send(self, batch: list[Row], hang_up: bool = False) -> str:
        """Send rows and return how it ended: "ok", "fail" or "unknown"."""
        calls = self.history.begin_saves(self.attempt, batch)
        self.sent |= {stamp for _, _, stamp in batch}
        try:
            data = {"responses": [list(row) for row in batch]}
            answer = self.browser.post_json(
                self._outbox, data, {"X-CSRF-Token": self._token}, "save", hang_up=hang_up
            )
        except NoAnswer:
            self.history.end(calls, UNKNOWN)
            return UNKNOWN
        outcome = OK if answer.status == 200 else UNKNOWN if answer.status >= 500 else FAIL
        self.history.end(calls, outcome, answer.status)
        if outcome == OK:
            self.deadline = _check_answer(answer, batch)
        return outcome

    def post_log(self, log: list[Logged], signed_off: int | None) -> tuple[int, int]:
        """Deliver a log after the end; return how many of its choices the server says it counted and refused."""
        data = {"log": [list(entry) for entry in log], "signed_off": signed_off}
        answer = self.browser.post_json(self._late, data, {"X-CSRF-Token": self._token}, "late")
        if answer.status != 200:
            raise Refused(f"{answer.status} {answer.url}: {answer.html[:200]}")
        said = json.loads(answer.body)
        return said["counted"], said["refused"]

    def hand_in(self, page: Page) -> Page:
        """Press the button that hands in, as often as it takes to get an answer; return the receipt."""
        form = page.form("Nộp bài")
        calls = self.history.begin_hand_in(self.attempt)
        try:
            receipt = self.browser.submit(form, kind="submit", again=True)
        except NoAnswer:
            self.history.end(calls, UNKNOWN)
            raise
        self.history.end(calls, OK if receipt.url.endswith("/receipt") else FAIL, receipt.status)
        return receipt


def _only(nodes: Iterable[Node], attribute: str) -> Node:
    for node in nodes:
        if attribute in node.attrs:
            return node
    raise Refused(f"the question page has nothing with {attribute}")


def _question(node: Node) -> Question:
    inputs = [found for found in node.find("input") if found.attrs.get("name", "").startswith("q")]
    options = [label.text().partition(". ")[2] for label in node.find("label", class_="choice")]
    chosen = tuple(int(found.attrs["value"]) for found in inputs if "checked" in found.attrs)
    position = int(inputs[0].attrs["name"].removeprefix("q"))
    return Question(position, node.find("legend")[0].text(), tuple(options), chosen)


def _check_answer(answer: Page, batch: list[Row]) -> int:
    """Return the deadline answered; raise Refused unless every row sent is answered with itself or a newer one."""
    said = json.loads(answer.body)
    stored: Mapping[int, Any] = {row[0]: row for row in said["stored"]}
    for position, choice, stamp in batch:
        found = stored.get(position)
        if found is None or found[2] < stamp or (found[2] == stamp and found[1] != choice):
            raise Refused(f"{answer.url}: sent {(position, choice, stamp)}, answered {found}")
    return int(said["deadline"])
