"""A contestant without a device: the paper printed, two people key its sheet, one by keyboard alone on a phone, one
without scripts, and a third settles what differs.
"""

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.clicking import leave_by
from tests.journeys.conftest import PHONE

ROUND = re.compile("Chiềng Chăn")


def draw(page: Page) -> tuple[str, str]:
    """Draw a paper for the first person of the round and return its code and the words of its file."""
    leave_by(page.get_by_role("link", name=ROUND).first)
    leave_by(page.get_by_role("link", name="Bài giấy"))
    leave_by(page.get_by_role("link", name="Ra đề giấy cho thí sinh"))
    page.get_by_role("checkbox").first.check()
    leave_by(page.get_by_role("button", name="Ra đề cho những người đã chọn"))
    code = page.get_by_role("row").nth(1).get_by_role("cell").nth(1).inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải PDF các bài chưa nhập").click()
    pages = PdfReader(BytesIO(Path(download.value.path()).read_bytes())).pages
    return code, " ".join(" ".join(sheet.extract_text() for sheet in pages).split())


def find(page: Page, code: str) -> None:
    page.goto("/desk/papers/find")
    page.get_by_label("Mã bài").fill(code.lower())
    leave_by(page.get_by_role("button", name="Tìm phiếu"))


@pytest.mark.long
def test_a_sheet_is_keyed_by_two_and_settled_by_a_third(staff):
    code, words = draw(staff("bantochuc"))
    assert code in words and "Câu 30." in words and "30 A B" in words

    first = staff("giamthi", viewport=PHONE)
    find(first, code)
    first.get_by_role("link", name="Nhập phiếu này").click()
    expect(first.locator("#q1")).to_be_focused()
    for number in range(1, 31):  # one stroke a question: the page goes on by itself
        several = first.locator(f"#q{number}").get_attribute("data-several") is not None
        first.keyboard.type("b")
        if several:
            first.keyboard.press("Enter")
    assert [key.input_value() for key in first.locator("[data-boxes]").all()] == ["b"] * 30
    first.keyboard.press("Enter")  # never sends a sheet that is half done
    first.get_by_role("button", name="Ghi lần nhập này").click()
    expect(first.get_by_text("Đã ghi lần nhập thứ nhất")).to_be_visible()

    second = staff("thuky", scripts=False)
    find(second, code)
    second.get_by_role("link", name="Nhập phiếu này").click()
    for number in range(1, 31):
        second.locator(f"#q{number}").fill("2" if number != 7 else "-")
    second.get_by_role("button", name="Ghi lần nhập này").click()
    expect(second.get_by_text("Hai lần nhập có chỗ khác nhau")).to_be_visible()
    expect(second.get_by_role("link", name="Xem lại và quyết định")).to_have_count(0)

    third = staff("quantri", viewport=PHONE)
    find(third, code)
    third.get_by_role("link", name="Xem lại và quyết định").click()
    third.locator("#q7").fill("B")
    third.get_by_label("Lý do quyết định").fill("đối chiếu phiếu gốc")
    third.get_by_role("button", name="Quyết định và chấm bài").click()
    expect(third.get_by_text("Đã nhập xong. Bài được chấm như mọi bài khác.")).to_be_visible()
    expect(third.get_by_text(re.compile(r"trên 30,00 điểm"))).to_be_visible()
