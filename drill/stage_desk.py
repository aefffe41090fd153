"""What is done at the desk for the stage: panels, the draw, the clock, paper sheets, check and signature.

Workers may die meanwhile: whatever got no answer is sent again, and what became of it is read from the page.
"""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from drill.browser import Browser, Refused, expect
from drill.desk import number_in, send
from drill.forms import Form
from drill.history import FAIL, OK, History, now
from drill.judge import fill
from drill.jury import Marks
from drill.markup import Node
from drill.pages import Page, links_in

CHECK = "Đã đối chiếu, xác nhận điểm"
START, PAUSE, GO_ON, STOP = "Bắt đầu tính giờ", "Tạm dừng đồng hồ", "Tiếp tục", "Dừng hẳn"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is in a part: the performance, the number drawn, name and cell."""

    performance: int
    drawn: int
    name: str
    cell: str


# --- before the day -------------------------------------------------------------------------------------------


def fill_panel(browser: Browser, round_id: int, part: str, names: list[str]) -> None:
    """Seat judges by their names on the panel of a part, the first as its head."""
    page = expect(browser.get(f"/desk/rounds/{round_id}/panels"))
    form = page.form("panel0-part")
    panel = next(f"panel{n}" for n in itertools.count() if form.control(f"panel{n}-part").value == part)
    for seat, name in enumerate(names, start=1):
        form.fill(f"{panel}-seat{seat}", name)
    form.fill(f"{panel}-head", "1")
    send(browser, form)


# --- on the day -----------------------------------------------------------------------------------------------


class Secretary:
    """Who runs the stage: calls up, stops the time, keys paper sheets, checks."""

    def __init__(self, browser: Browser, name: str, history: History) -> None:
        self.browser = browser
        self.name = name
        self._history = history

    def draw(self, round_id: int, seed: str, sessions: int = 1) -> None:
        """Draw the running order from the seed read out in the hall."""
        form = expect(self.browser.get(f"/desk/rounds/{round_id}/stage")).form("Số công khai để bốc thăm")
        form.fill("Số công khai để bốc thăm", seed)
        form.fill("Số buổi thi", str(sessions))
        page = expect(self.browser.submit(form, again=True))
        if f"số bốc thăm “{seed}”" not in page.root.text():
            raise Refused(page.said())

    def turns(self, round_id: int, part: str) -> list[Turn]:
        """Return everybody's turn in a part, in running order."""
        page = expect(self.browser.get(f"/desk/rounds/{round_id}/stage?part={quote(part)}"))
        rows = [row for body in page.root.find("tbody") for row in body.find("tr")]
        return [_turn(row) for row in rows]

    def open(self, performance: int) -> Page:
        """Show a performance."""
        return expect(self.browser.get(f"/desk/performances/{performance}", "performance"))

    def press(self, button: str) -> Page:
        """Press a button of the page that is shown."""
        return self._sent(self.browser.here.form(button), button)

    def _sent(self, form: Form, button: str = "") -> Page:
        return expect(self.browser.submit(form, button, "stage", again=True))

    def time(self, performance: int, meanwhile: Callable[[], None], pause: float = 0) -> tuple[int, int]:
        """Let the clock run while the judges mark, held for some seconds; return at least and at most the ms it ran."""
        self.open(performance)
        least, most = 0, 0
        for begin, work, end in self._spells(meanwhile, pause):
            before = now()
            self.press(begin)
            started = now()
            work()
            ending = now()
            self.press(end)
            least, most = least + ending - started, most + now() - before
            time.sleep(pause if end == PAUSE else 0)
        return least, most

    def _spells(
        self, meanwhile: Callable[[], None], pause: float
    ) -> list[tuple[str, Callable[[], None], str]]:
        """Return what is pressed before and after each spell the clock runs, and what is done in it."""
        if not pause:
            return [(START, meanwhile, STOP)]
        return [(START, lambda: None, PAUSE), (GO_ON, meanwhile, STOP)]

    def put_time(self, seconds: int, reason: str) -> None:
        """Put the time of the performance shown right."""
        form = self.browser.here.form("Sửa thời gian")
        form.fill("Phút", str(seconds // 60))
        form.fill("Giây", str(seconds % 60))
        form.fill("Lý do", reason)
        page = self._sent(form)
        if f"{seconds // 60}:{seconds % 60:02d}" not in page.html:
            raise Refused(page.said())

    def note_absent(self, performance: int, reason: str) -> None:
        """Note that a contestant did not come."""
        form = self.open(performance).form("/absent")
        form.fill("Lý do", reason)
        if reason not in self._sent(form).html:
            raise Refused(self.browser.here.said())

    def check(self) -> None:
        """Confirm the sheets of the performance shown."""
        if CHECK in self.press(CHECK).html:
            raise Refused(self.browser.here.said())

    # --- sheets from paper, and corrections -----------------------------------------------------------------------

    def key(self, performance: int, seat: int, marks: Marks) -> Page:
        """Type a paper sheet; return the page that follows."""
        form = self._sheet(performance, seat).form("Ghi phiếu")
        fill(form, marks)
        calls = self._history.begin_sheet((performance, seat), "key", marks, self.name)
        page = expect(self.browser.submit(form, kind="key", again=True))
        said = page.root.text()
        taken = any(words in said for words in ("Đã ghi lần nhập", "Hai lần nhập", "Bạn đã nhập phiếu này"))
        self._history.end(calls, OK if taken else FAIL, page.status)
        return page

    def cannot_key_twice(self, performance: int, seat: int, marks: Marks) -> bool:
        """Try to type a sheet a second time oneself, otherwise; tell whether that was refused."""
        form = self._sheet(performance, seat).form("Ghi phiếu")
        fill(form, marks)
        return "Bạn đã nhập phiếu này" in expect(self.browser.submit(form, kind="key", again=True)).html

    def correct(self, performance: int, seat: int, marks: Marks, reason: str) -> bool:
        """Correct a sheet that was handed in; tell whether it was taken."""
        form = self._sheet(performance, seat).form("Lý do sửa")
        fill(form, marks)
        form.fill("Lý do sửa", reason)
        calls = self._history.begin_sheet(
            (performance, seat), "correct", marks, self.name, reason=reason
        )  # fmt: skip
        page = expect(self.browser.submit(form, kind="correct", again=True))
        taken = any(words in page.root.text() for words in ("Đã sửa phiếu chấm", "Phiếu chấm đã đúng"))
        self._history.end(calls, OK if taken else FAIL, page.status)
        return taken

    def _sheet(self, performance: int, seat: int) -> Page:
        return expect(self.browser.get(f"/desk/performances/{performance}/sheets/{seat}", "key"))


def _turn(row: Node) -> Turn:
    cells = {cell.attrs.get("data-label", ""): cell.text() for cell in row.find("td")}
    address, name = next((a, words) for a, words in links_in(row) if "/performances/" in a)
    return Turn(number_in(address), int(cells["Số thăm"]), name, cells["Chi bộ"])


# --- the head judge -------------------------------------------------------------------------------------------


def sign_all(head: Browser, round_id: int) -> int:
    """Sign one after another whatever waits for the head judge; return how many that were."""
    page = expect(head.get(f"/judging/rounds/{round_id}/signing", "signing"))
    for count in range(10_000):
        waiting = [form for form in page.forms if form.action.endswith("/sign")]
        if not waiting:
            return count
        page = expect(head.submit(waiting[0], kind="sign", again=True))
    raise Refused("there is no end of signing")


def unsign(head: Browser, performance: int, reason: str) -> None:
    """Take a signature back."""
    form = expect(head.get(f"/judging/{performance}/points")).form("/unsign")
    form.fill("Lý do", reason)
    page = expect(head.submit(form, kind="sign", again=True))
    if [form for form in page.forms if form.action.endswith("/unsign")]:
        raise Refused(page.said())


def cannot_sign(head: Browser, round_id: int, performance: int) -> bool:
    """Tell whether no signature is offered for a performance that nobody checked, nor taken without being offered."""
    page = expect(head.get(f"/judging/rounds/{round_id}/signing", "signing"))
    address = f"/judging/{performance}/sign"
    if [form for form in page.forms if form.action == address]:
        return False
    token = page.form("csrf_token").control("csrf_token")
    form = Form(address, "post", False, [token], [], "")
    return "Đã ký điểm" not in expect(head.submit(form, again=True)).html


# --- somebody withdraws ---------------------------------------------------------------------------------------


def withdraw(browser: Browser, round_id: int, name: str, cell: str, reason: str) -> str:
    """Withdraw somebody from a round and call the first reserve into the place; return the page's words."""
    page = expect(browser.get(f"/desk/rounds/{round_id}/entries"))
    rows = [row for body in page.root.find("tbody") for row in body.find("tr")]
    row = next(row for row in rows if name in row.text() and cell in row.text())
    address = next(a for a, _ in links_in(row) if a.endswith("/withdraw"))
    form = expect(browser.get(address)).form("Lý do")
    form.fill("Lý do", reason)
    page = send(browser, form)
    return send(browser, page.form("Gọi ")).root.text()
