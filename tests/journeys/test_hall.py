"""A commune hall with two shared devices: three people one after the other, a dead device, a power cut of 14 minutes.

Incidents 1 and 2 of the scenario. Where minutes pass, the attempts' own times are set back by as much, so that nobody
waits; everything else is done by hand in browsers, as in the hall.
"""

import re
import time
from collections.abc import Callable, Iterator
from itertools import count
from types import ModuleType

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.clicking import leave_by
from tests.journeys.conftest import PATIENCE
from tests.journeys.sitting import begin, choose, go_on, hand_in, next_question

MINUTE = 60_000
TABLET = {"width": 768, "height": 1024}
COMMUNE = "xa-chieng-noi"
_number = count(1)


@pytest.fixture
def pass_minutes(site) -> Iterator[Callable[[int], None]]:
    """A function that lets so many minutes pass for every paper that is being worked on."""
    driver: ModuleType = __import__("pysqlite3.dbapi2", fromlist=["connect"])
    connection = driver.connect(site.folder / "quiz.db", timeout=30, isolation_level=None)

    def go_on(minutes: int) -> None:
        connection.execute(
            "UPDATE attempt SET started_at = started_at - ?, deadline = deadline - ? WHERE submitted_at IS NULL",
            [minutes * MINUTE] * 2,
        )

    yield go_on
    connection.close()


@pytest.fixture
def proctor(staff) -> Page:
    """The commune's organizer, with cards issued to everybody and the hall opened."""
    page = staff(COMMUNE)
    page.get_by_role("link", name=re.compile("Chiềng Nơi")).first.click()
    page.get_by_role("link", name="Phát phiếu dự thi").click()
    expect(page.get_by_role("table", name="Người dự thi và phiếu")).to_be_visible()
    page.wait_for_load_state()
    issue = page.get_by_role("button", name=re.compile("phiếu cho người chưa có"))
    if issue.count():  # the first of these tests has them printed
        issue.first.click()
        expect(page.locator(".slip").first).to_be_visible()
    page.goto("/desk/halls")
    page.get_by_role("list").get_by_role("link", name=re.compile("Chiềng Nơi")).first.click()
    page.get_by_label("Tên hội trường").fill(f"Hội trường {next(_number)}")
    page.get_by_role("button", name="Mở hội trường").click()
    expect(page.get_by_text("Đã mở hội trường.")).to_be_visible()
    return page


class Hall:
    """The hall as the proctor's page knows it: its address, its code, and the short codes by name."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.code = page.locator(".hall-big").inner_text()
        page.get_by_role("link", name="Mã ngắn của thí sinh").click()
        expect(page.get_by_role("heading", name="Mã ngắn của thí sinh", level=1)).to_be_visible()
        page.wait_for_load_state()
        rows = page.get_by_role("row").all()[1:]
        self.codes = {
            row.get_by_role("rowheader").inner_text(): row.locator("b").inner_text() for row in rows
        }
        self.names = list(self.codes)
        leave_by(page.locator(".crumbs a").last)
        self.url = page.url

    def row(self, name: str):
        return self.page.get_by_role("row", name=re.compile(name))

    def open_person(self, name: str) -> None:
        self.page.goto(self.url)
        self.page.get_by_role("link", name=name).click()


def join(page: Page, hall: Hall) -> Page:
    page.goto("/hall")
    page.get_by_label("Mã hội trường").fill(hall.code.lower())
    page.get_by_role("button", name="Vào hội trường").click()
    expect(page.get_by_role("heading", name="Nhập mã ngắn")).to_be_visible()
    return page


def sit(page: Page, hall: Hall, name: str) -> None:
    page.goto("/hall")
    page.get_by_label("Mã ngắn").fill(hall.codes[name])
    page.get_by_role("button", name="Vào thi").click()
    expect(page.get_by_text(name)).to_be_visible()
    page.get_by_role("link", name="Đúng, vào thi").click()
    expect(page.get_by_role("heading", name="Bài thi của tôi")).to_be_visible()


def saved(page: Page, count: int) -> None:
    expect(page.locator("[data-saved]")).to_contain_text(f"Đã lưu trên máy chủ {count}/30 câu")


class Left:
    """The whole minutes left of papers that are about to begin, less what this test itself has taken by then."""

    def __init__(self) -> None:
        self.minutes = 60
        self.begun = time.monotonic()

    def at(self, place: Locator, pattern: str) -> None:
        """Wait until the text at `place` has the minutes that are left."""
        end = time.monotonic() + PATIENCE / 1000
        while not self._fit(re.search(pattern, place.inner_text())):
            assert time.monotonic() < end, (
                f"{place.inner_text()}: not {self.minutes} minutes, less what this took"
            )
            place.page.wait_for_timeout(200)

    def _fit(self, found: re.Match[str] | None) -> bool:
        taken = (time.monotonic() - self.begun) / 60
        return found is not None and self.minutes - taken - 1 <= int(found[1]) <= self.minutes


CLOCK, ROW = r"^(\d+):\d\d$", r"(\d+) phút"


def test_a_hall_from_its_opening_to_its_end(proctor, visit, pass_minutes):
    hall = Hall(proctor)
    first, second = join(visit(TABLET), hall), join(visit(TABLET), hall)
    ann, binh, chi = hall.names[:3]

    # One after the other on one device; nothing of the one before is left on it.
    sit(first, hall, ann)
    begin(first)
    choose(first)
    saved(first, 1)
    receipt_of = first.url
    hand_in(first)
    first.get_by_role("button", name="Xong, mời người tiếp theo").click()
    expect(first.get_by_role("heading", name="Nhập mã ngắn")).to_be_visible()
    first.go_back()
    expect(first.get_by_role("heading", name="Nhập mã ngắn")).to_be_visible()
    expect(first.get_by_text(ann)).to_have_count(0)
    first.goto(receipt_of)
    expect(first.get_by_role("heading", name="Nhập mã ngắn")).to_be_visible()

    left = Left()
    sit(first, hall, binh)
    begin(first)
    choose(first)
    saved(first, 1)
    sit(second, hall, chi)
    begin(second)
    choose(second)
    saved(second, 1)

    # The proctor's page says who sits where without being loaded again.
    expect(hall.row(binh)).to_contain_text("Máy 1")
    expect(hall.row(binh)).to_contain_text("1/30")
    expect(hall.row(chi)).to_contain_text("Máy 2")
    expect(hall.row(ann)).to_contain_text("Đã nộp bài")

    # Minute 22: the power goes. The devices come back after 14 minutes, the proctor gives 15.
    pass_minutes(22)
    left.minutes -= 22 + 14
    for page in (first, second):
        page.context.set_offline(True)
        page.goto("about:blank")
        page.context.clear_cookies(
            name="quiz"
        )  # the sign-in ends with the browser, the hall's cookie does not
    pass_minutes(14)
    for page in (first, second):
        page.context.set_offline(False)
    proctor.goto(hall.url)
    left.at(hall.row(binh), ROW)
    sit(second, hall, chi)  # this one is back before the minutes are given
    go_on(second)
    saved(second, 1)
    left.at(second.locator("[data-clock]").first, CLOCK)

    proctor.get_by_role("link", name="Cho cả hội trường thêm giờ").click()
    expect(proctor.get_by_text("2 người")).to_be_visible()
    proctor.get_by_label("Số phút cho thêm").fill("15")
    proctor.get_by_label("Lý do").fill("mất điện 14 phút")
    proctor.get_by_role("button", name="Cho thêm giờ").dblclick()
    expect(proctor.get_by_text("Đã cho thêm 15 phút cho 2 bài đang làm.")).to_be_visible()
    left.minutes += 15
    left.at(hall.row(chi), ROW)
    next_question(second)
    choose(second)  # the running clock learns of it with the next answer
    saved(second, 2)
    left.at(second.locator("[data-clock]").first, CLOCK)

    # The first device stays dead: its contestant goes on at the proctor's own phone, same paper, same clock.
    phone = join(visit({"width": 360, "height": 640}), hall)
    hall.open_person(binh)
    proctor.get_by_label("Máy 3").check()
    proctor.get_by_role("button", name="Chuyển máy").click()
    expect(hall.row(binh)).to_contain_text("chờ nhập mã")
    phone.goto("/hall")
    expect(phone.get_by_text(f"Máy này đang dành cho {binh}")).to_be_visible()
    sit(phone, hall, binh)
    go_on(phone)
    saved(phone, 1)
    left.at(phone.locator("[data-clock]").first, CLOCK)
    first.goto("/rounds")
    expect(first.get_by_role("heading", name="Nhập mã ngắn")).to_be_visible()
    first.get_by_label("Mã ngắn").fill(hall.codes[binh])
    first.get_by_role("button", name="Vào thi").click()
    expect(first.get_by_text("đang ngồi ở Máy 3")).to_be_visible()

    # The receipt makes room by itself.
    hand_in(phone)
    phone.clock.install()
    phone.reload()
    phone.clock.run_for(21_000)
    expect(phone.get_by_role("heading", name="Nhập mã ngắn")).to_be_visible()

    # Somebody has not come; the hall is closed when the last one is done.
    missing = hall.names[3]
    hall.open_person(missing)
    proctor.get_by_label("Đi công tác").check()
    proctor.get_by_role("button", name="Ghi vắng").click()
    expect(hall.row(missing)).to_contain_text("Vắng")
    hand_in(second)
    proctor.goto(hall.url)
    proctor.get_by_role("link", name="Đóng hội trường").click()
    proctor.get_by_role("button", name="Đóng hội trường").click()
    expect(proctor.get_by_text("Đã đóng hội trường.")).to_be_visible()
    second.goto("/rounds")
    expect(second.get_by_role("heading", name="Cho máy này vào hội trường")).to_be_visible()


@pytest.mark.long
def test_a_hall_without_scripts(proctor, visit):
    """Every step of a contestant is a plain form or link; the receipt goes on by the page itself."""
    hall = Hall(proctor)
    device = join(visit(TABLET, scripts=False), hall)
    name = hall.names[5]
    sit(device, hall, name)
    device.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(device.locator("article.question")).to_have_count(30)
    device.locator("article.question").first.locator("label.choice").first.click()
    hand_in(device)
    expect(device.locator("meta[http-equiv=refresh]")).to_have_attribute("content", "20;url=/hall")
    device.get_by_role("button", name="Xong, mời người tiếp theo").click()
    expect(device.get_by_role("heading", name="Nhập mã ngắn")).to_be_visible()
    expect(device.get_by_text(name)).to_have_count(0)
