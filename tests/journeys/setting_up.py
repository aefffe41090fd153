"""From an empty installation to open rounds: what the administrator, the reader of questions and the board click."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys import small_contest as small
from tests.journeys.clicking import follow, local, press, said, to_round
from tests.journeys.small_contest import COMMUNES

TITLE = "Hội thi Bí thư chi bộ giỏi huyện Mường Thử"


def take_in_roster(admin: Page, workbook: Path) -> None:
    said(admin, "Chưa có đơn vị nào.")  # the desk of a new installation is the guided path
    follow(admin, re.compile("^Nhập từ tệp Excel"))
    admin.locator("input[type=file]").set_input_files(workbook)
    press(admin, "Tải lên và xem trước")
    press(admin, "Nhập vào hệ thống")
    said(admin, "thêm 9, sửa 0")


def take_in_questions(admin: Page, bank: Path) -> None:
    follow(admin, "Ngân hàng câu hỏi")
    follow(admin, "Tải tệp lên")
    admin.locator("input[type=file]").set_input_files(bank)
    press(admin, "Tải lên và xem trước")
    press(admin, "Nhập vào ngân hàng")
    do_with_all_questions(admin, "Gửi duyệt")


def do_with_all_questions(page: Page, act: str) -> None:
    follow(page, "Ngân hàng câu hỏi")
    follow(page, "Tìm câu hỏi")
    for box in page.get_by_role("checkbox", name=re.compile("^Chọn câu")).all():
        box.check()
    page.get_by_label("Với các câu đã chọn").select_option(label=act)
    press(page, "Tiếp tục")
    press(page, act)


def make_account(admin: Page, name: str, username: str, role: str, unit: str = "") -> str:
    """Make an account and return its first password, shown once."""
    follow(admin, "Tài khoản")
    follow(admin, "Thêm tài khoản")
    admin.get_by_label("Họ và tên người dùng").fill(name)
    admin.get_by_label("Tên đăng nhập").fill(username)
    admin.get_by_label("Vai trò").select_option(label=role)
    if unit:
        admin.get_by_label("Ở đơn vị").fill(unit)
    else:
        admin.get_by_label("Ở mọi đơn vị").check()
    press(admin, "Thêm tài khoản")
    return admin.get_by_role("definition").nth(1).inner_text().strip()


# --- the board sets up -------------------------------------------------------------------------------------------


def make_contest(board: Page) -> None:
    said(board, "Chưa có cuộc thi.")
    follow(board, "Tạo cuộc thi")
    board.get_by_label("Tên cuộc thi").fill(TITLE)
    board.get_by_label("Mã cuộc thi").fill("MT-2027")
    press(board, "Tạo cuộc thi")
    for name in ("Cấp cơ sở", "Cấp huyện"):
        follow(board, "Thêm cấp thi")
        board.get_by_label("Tên cấp thi").fill(name)
        press(board, "Thêm cấp thi")
        set_rules(board)
        if name == "Cấp huyện":
            set_prizes(board)
        follow(board, TITLE)


def set_rules(board: Page) -> None:
    """Six questions, points alone decide, the first of each round goes on, one in reserve."""
    line = board.get_by_role("group", name="Dòng 1")
    line.get_by_label("Chuyên đề").select_option(label=small.TOPIC)
    line.get_by_label("Số câu").fill("6")
    for number in (1, 2):
        board.get_by_label(f"Tiêu chí thứ {number} khi bằng điểm").select_option(label="(không dùng)")
    board.get_by_label("Số người đi tiếp của mỗi phạm vi").fill("1")
    board.get_by_label("Số người dự bị của mỗi phạm vi").fill("1")
    press(board, "Lưu quy định")
    said(board, "Đã lưu quy định.")


def set_prizes(board: Page) -> None:
    """One first prize and one second."""
    follow(board, "Cơ cấu giải")
    for number, name in enumerate(("Giải nhất", "Giải nhì"), start=1):
        line = board.get_by_role("group", name=f"Giải chính thứ {number}")
        line.get_by_label("Tên giải").fill(name)
        line.get_by_label("Số giải").fill("1")
    press(board, "Lưu cơ cấu giải")
    said(board, "Đã lưu cơ cấu giải.")


def make_rounds(board: Page) -> None:
    follow(board, "Các bước chuẩn bị")
    said(board, "Cấp cơ sở chưa có vòng thi.")
    follow(board, re.compile("^Lập vòng thi.*Cấp cơ sở"))
    board.get_by_label("Giờ mở").fill(local(-1))
    board.get_by_label("Giờ đóng").fill(local(180))
    press(board, "Lập các vòng thi")
    said(board, "Đã lập 2 vòng thi.")
    follow(board, TITLE)
    follow(board, re.compile("Cấp huyện$"))
    follow(board, "Lập một vòng thi")
    board.get_by_label("Tên vòng thi").fill("Vòng chung kết")
    press(board, "Lập vòng thi")
    said(board, "Đã lập vòng thi.")


def staff_and_register(board: Page) -> None:
    follow(board, TITLE)
    follow(board, "Các bước chuẩn bị")
    follow(board, re.compile("^Tạo tài khoản cho mọi đơn vị"))
    press(board, "Tạo tài khoản")
    expect(board.get_by_role("row")).to_have_count(1 + len(COMMUNES))
    follow(board, "Đã in xong")
    follow(board, "Cuộc thi")
    follow(board, TITLE)
    follow(board, "Các bước chuẩn bị")
    follow(board, re.compile("^Đăng ký thí sinh"))
    press(board, "Đăng ký tất cả bí thư")
    said(board, "Đã đăng ký 6 người.")


def print_cards(board: Page) -> dict[str, tuple[str, str]]:
    """Have the cards of both communes printed and return (code, PIN) by name."""
    cards = {}
    for commune in COMMUNES:
        to_round(board, f"Cấp cơ sở – .*{commune}")
        follow(board, "Phát phiếu dự thi")
        press(board, "Cấp và in phiếu cho người chưa có")
        for slip in board.locator(".slip").all():
            code, pin = (slip.get_by_role("definition").nth(place).inner_text() for place in (0, 1))
            cards[slip.locator(".slip-name").inner_text()] = (code, pin)
    return cards


def open_rounds(board: Page) -> None:
    follow(board, "Cuộc thi")
    follow(board, TITLE)
    follow(board, "Các bước chuẩn bị")
    follow(board, re.compile("^Kiểm tra và mở"))
    press(board, "Mở 2 vòng thi")
    said(board, "Đã mở 2 vòng thi.")
