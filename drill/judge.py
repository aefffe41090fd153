"""A judge with a phone: opens the sheet of a performance, gives marks that are saved at once, and hands it in."""

import json
import random
import time

from drill.browser import Browser, NoAnswer, Refused, expect
from drill.forms import Form
from drill.history import FAIL, OK, UNKNOWN, History, now
from drill.jury import Marks, text_of
from drill.markup import Node
from drill.pages import Page

LOSES_LINE, REPEATS, PAUSES, NO_SCRIPTS = 0.04, 0.05, 0.25, 0.1  # chances for each sheet
OUTBOX = "data-sheet"  # the attribute of a sheet that may still be changed: where its marks are sent


class Judge:
    """Somebody with a seat on panels, signed in on a browser of their own."""

    def __init__(self, browser: Browser, name: str, seat: int, history: History, seed: str) -> None:
        self.browser = browser
        self.name = name
        self.seat = seat
        self._history = history
        self._chance = random.Random(f"{seed}:{name}")

    def mark(self, performance: int, marks: Marks) -> None:
        """Fill in and hand in the sheet of a performance."""
        page = self.begin(performance, marks, has_scripts=self._chance.random() >= NO_SCRIPTS)
        if not self.hand_in(performance, page, marks):
            raise Refused(f"the sheet of {self.name} was not taken: {self.browser.here.said()}")

    def begin(self, performance: int, marks: Marks, has_scripts: bool = True) -> Page:
        """Open the sheet of a performance and give marks, saved at once where there are scripts; return its page."""
        page = expect(self.browser.get(_address(performance), "sheet"))
        if has_scripts:
            self._save_as_scripts_do(performance, page, marks)
        return page

    def _save_as_scripts_do(self, performance: int, page: Page, marks: Marks) -> None:
        """Save at once what is given, half of it first now and then, until the server says it has it."""
        address, newest = _outbox(page)
        begun = dict(list(marks.items())[:-1])
        if begun and self._chance.random() < PAUSES:
            newest = self._send(performance, address, begun, newest)
        stamp = self._send(performance, address, marks, newest)
        if self._chance.random() < REPEATS:
            self._post(performance, address, marks, stamp)  # the line delivers it twice
        if begun and self._chance.random() < REPEATS:
            self._post(performance, address, begun, stamp - 1)  # and something older last

    def _send(self, performance: int, address: str, marks: Marks, newest: int) -> int:
        stamp = max(newest + 1, now())
        for _ in range(60):
            lost = self._chance.random() < LOSES_LINE
            if self._post(performance, address, marks, stamp, hang_up=lost) == OK:
                return stamp
            time.sleep(0.2)
        raise Refused(f"{self.name} cannot save at {address}")

    def _post(self, performance: int, address: str, marks: Marks, stamp: int, hang_up: bool = False) -> str:
        """Send the sheet as it stands and return how that ended."""
        calls = self._history.begin_sheet((performance, self.seat), "save", marks, self.name, stamp=stamp)
        try:
            answer = self._answer(address, marks, stamp, hang_up)
        except NoAnswer:
            self._history.end(calls, UNKNOWN)
            return UNKNOWN
        outcome = OK if answer.status == 200 else UNKNOWN if answer.status >= 500 else FAIL
        self._history.end(calls, outcome, answer.status)
        if outcome == OK and json.loads(answer.body)["stamp"] < stamp:
            raise Refused(f"{address}: sent {stamp}, answered {answer.html}")
        return outcome

    def _answer(self, address: str, marks: Marks, stamp: int, hang_up: bool = False) -> Page:
        token = self.browser.here.form("csrf_token").control("csrf_token").value
        data = {"marks": marks, "note": "", "stamp": stamp}
        return self.browser.post_json(address, data, {"X-CSRFToken": token}, "mark", hang_up)

    def hand_in(self, performance: int, page: Page, marks: Marks) -> bool:
        """Hand in the sheet shown by its form, as often as it takes to get an answer; tell whether it was taken."""
        form = page.form("note")
        fill(form, marks)
        calls = self._history.begin_sheet((performance, self.seat), "submit", marks, self.name)
        try:
            answer = self.browser.submit(form, "submit", "sheet in", again=True)
            told = answer.url == "/judging" and "tone-success" in answer.html
            taken = told or self.is_in(performance)
        except NoAnswer:
            self._history.end(calls, UNKNOWN)
            raise
        self._history.end(calls, OK if taken else FAIL, answer.status)
        return taken

    def is_in(self, performance: int) -> bool:
        """Tell whether the own sheet of a performance is handed in, as its page says."""
        page = self.browser.get(_address(performance), "sheet")
        return page.status == 200 and OUTBOX not in page.html

    # --- what must be refused -------------------------------------------------------------------------------------

    def cannot_save(self, performance: int, marks: Marks) -> bool:
        """Try to save marks that may not be, until there is an answer; tell whether they were refused."""
        self.browser.get("/password")  # any page with a form of one's own
        calls = self._history.begin_sheet(
            (performance, self.seat), "save", marks, self.name, stamp=now() + 60_000
        )
        try:
            answer = self._answer(f"{_address(performance)}/marks", marks, now() + 60_000)
        except NoAnswer:  # its server process was killed
            self._history.end(calls, UNKNOWN)
            return self.cannot_save(performance, marks)
        self._history.end(calls, OK if answer.status == 200 else FAIL, answer.status)
        return 400 <= answer.status < 500

    def cannot_hand_in(self, performance: int, marks: Marks) -> bool:
        """Try to hand in marks that may not be; tell whether the page comes back with its problem."""
        page = expect(self.browser.get(_address(performance), "sheet"))
        return not self.hand_in(performance, page, marks)

    def cannot_see(self, performance: int) -> bool:
        """Tell whether a performance of another panel looks as if it were not there."""
        return self.browser.get(_address(performance), "sheet").status == 404


def fill(form: Form, marks: Marks) -> None:
    """Type marks into a sheet, each beside its criterion."""
    for criterion, points in marks.items():
        form.fill(criterion, text_of(points))


def _address(performance: int) -> str:
    return f"/judging/{performance}"


def _outbox(page: Page) -> tuple[str, int]:
    """Return where the sheet shown is saved, and the newest stamp the server has."""
    node: Node = next(form for form in page.root.find("form") if OUTBOX in form.attrs)
    return node.attrs[OUTBOX], int(node.attrs["data-stamp"])
