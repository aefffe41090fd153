"""The day of a round in browsers: looking from the stage down to a person, the text for Zalo, an incident with its
minutes, and two projectors that show the same after every press and every reload."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.clicking import leave_by

HD = {"width": 1920, "height": 1080}


def watch(page: Page) -> None:
    """Go to the duty board of the demo's first stage."""
    page.goto("/desk/stages/1/monitor")
    expect(page.get_by_role("heading", name="Theo dõi cả cấp thi")).to_be_visible()


def test_the_board_looks_down_to_a_person_copies_its_text_and_keeps_an_incident(
    staff: Callable[..., Page],
) -> None:
    page = staff("bantochuc")
    watch(page)
    page.get_by_role("button", name="Sao chép").click()
    expect(page.get_by_text("Đã sao chép. Mở Zalo rồi dán.")).to_be_visible()
    page.locator("#summary").evaluate("text => { text.readOnly = false; text.value = ''; text.focus(); }")
    page.keyboard.press("Control+V")
    expect(page.locator("#summary")).to_have_value(re.compile("- Đã nộp bài: "))
    leave_by(page.get_by_role("row").filter(has_text="Cò Nòi").get_by_role("link"))
    leave_by(page.get_by_role("table", name="Theo đơn vị").get_by_role("link").first)
    leave_by(page.get_by_role("table", name="Người dự thi").get_by_role("link").first)
    leave_by(page.get_by_role("link", name="Ghi sự cố"))
    page.get_by_label("Loại sự cố").select_option(label="Hỏng máy, hỏng thiết bị")
    page.get_by_label("Việc gì đã xảy ra").fill("Điện thoại hết pin.")
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.get_by_text("Đã ghi sự cố vào sổ.")).to_be_visible()
    leave_by(page.get_by_role("link", name="Theo dõi làm bài"))
    expect(page.get_by_text("Điện thoại hết pin.")).to_be_visible()


def test_without_scripts_the_board_still_shows_everything(staff: Callable[..., Page]) -> None:
    page = staff("bantochuc", scripts=False)
    watch(page)
    assert "- Đã nộp bài: " in page.locator("#summary").input_value()
    leave_by(page.get_by_role("row").filter(has_text="Cò Nòi").get_by_role("link"))
    leave_by(page.get_by_role("link", name=re.compile("Tất cả")))
    rows = page.get_by_role("table", name="Người dự thi").get_by_role("row")
    expect(rows).to_have_count(23)  # 22 and the head


@pytest.mark.long
def test_two_projectors_show_the_ranks_the_board_has_shown_and_agree_after_a_reload(
    staff: Callable[..., Page], visit: Callable[..., Page]
) -> None:
    board = staff("bantochuc")
    watch(board)
    leave_by(board.get_by_role("row").filter(has_text="Chiềng Kheo").get_by_role("link"))
    leave_by(board.get_by_role("link", name="Màn hình hội trường"))
    leave_by(board.get_by_role("button", name="Mở màn hình"))
    address = board.locator("a[href*='/screen/']").get_attribute("href")
    assert address
    screens = [visit(HD), visit(HD)]
    for screen in screens:
        screen.goto(address)
        expect(screen.get_by_text("Vòng thi đã kết thúc")).to_be_visible()
    leave_by(board.get_by_role("button", name="Chuẩn bị xếp hạng"))
    for screen in screens:
        expect(screen.get_by_text("Xin chờ Ban Tổ chức công bố.")).to_be_visible()
    for _press in range(2):
        leave_by(board.get_by_role("button", name="Hiện hạng tiếp theo"))
        expect(board.get_by_text("Đã hiện trên màn hình.")).to_be_visible()
    shown = board.locator("ol.plain-list li")
    names = [text.split(" – ")[1].split(",")[0] for text in shown.all_inner_texts()]
    assert len(names) == 2
    screens[0].reload()
    for screen in screens:
        expect(screen.locator(".screen-ranking b")).to_have_text(names)
    board.get_by_text("Đổi hoặc tắt địa chỉ").click()
    leave_by(board.get_by_role("button", name="Tắt màn hình"))
    for screen in screens:
        expect(screen.locator(".screen-ranking")).to_have_count(0)
