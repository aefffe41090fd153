"""A question is written by one person and approved by another."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.clicking import leave_by

STEM = "Theo Điều lệ Đảng, chi bộ họp thường lệ mấy lần một tháng?"


@pytest.mark.long
def test_written_by_the_editor_and_approved_by_the_reviewer(staff):
    page = staff("soancauhoi")
    page.goto("/bank/items/new")
    page.get_by_label("Mã câu hỏi").fill("DL-901")
    page.get_by_label("Câu dẫn").fill(STEM)
    for letter, option in zip("ABCD", ("Một lần", "Hai lần", "Ba lần", "Bốn lần"), strict=True):
        page.get_by_label(re.compile(f"^Phương án {letter}")).fill(option)
    page.get_by_label("A", exact=True).check()
    page.get_by_label("Giải thích đáp án").fill("Chi bộ họp thường lệ mỗi tháng một lần.")
    page.get_by_label("Văn bản làm căn cứ").select_option(index=1)
    page.get_by_label("Điều, khoản làm căn cứ").fill("Điều 24, khoản 3")
    page.get_by_label("Chuyên đề").select_option(index=1)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_role("heading", name=re.compile("DL-901"))).to_be_visible()
    expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)  # not by its author
    leave_by(page.get_by_role("button", name="Gửi duyệt"))
    address = page.url

    reviewer = staff("duyetcauhoi")
    reviewer.goto(address)
    expect(reviewer.get_by_text(STEM).first).to_be_visible()
    reviewer.get_by_role("button", name="Duyệt", exact=True).click()
    expect(reviewer.get_by_text("Đã duyệt").first).to_be_visible()
