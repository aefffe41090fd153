"""What every person of a journey does: press a button, follow a link, read a sentence, sign in.

A button and a link lead to another page: each act ends when that page is there whole, so that nothing is read, and
nothing pressed, on the one before.
"""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from quiz.core.timing import ZONE

SECRET = "mot cau that dai cho hoi thi"


def press(page: Page, name: str | re.Pattern[str]) -> None:
    leave_by(page.get_by_role("button", name=name, exact=isinstance(name, str)).first)


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    leave_by(page.get_by_role("link", name=name, exact=isinstance(name, str)).first)


def leave_by(way: Locator) -> None:
    """Click what leads to another page, or to this one anew, and wait until it has loaded."""
    with way.page.expect_navigation():
        way.click()


def said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def sign_in(page: Page, username: str, password: str) -> Page:
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    press(page, "Đăng nhập")
    return page


def first_sign_in(page: Page, username: str, given: str) -> Page:
    sign_in(page, username, given)
    page.get_by_label("Mật khẩu hiện tại").fill(given)
    page.get_by_label("Mật khẩu mới", exact=True).fill(SECRET)
    page.get_by_label("Nhập lại mật khẩu mới").fill(SECRET)
    press(page, "Đổi mật khẩu")
    page.goto("/desk")
    expect(page.get_by_role("heading", name="Bàn làm việc")).to_be_visible()
    return page


def local(minutes: int) -> str:
    """Return the Vietnamese time so many minutes from now as a date field takes it."""
    return (datetime.now(ZONE) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def to_round(page: Page, name: str) -> None:
    follow(page, "Bàn làm việc")
    follow(page, re.compile(name))
