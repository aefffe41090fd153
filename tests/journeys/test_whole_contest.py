"""A whole two-level contest, only by clicking, from an empty database to the printed report.

On the way: a wrong key that an appeal brings up, a tie at the cut, a finalist who withdraws, and two people for what
takes two; at the end the prizes are closed. Each sees only what the page shows; nothing is put into the database behind
their backs.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from drill.server import Server
from tests.journeys import small_contest as small
from tests.journeys.clicking import SECRET, first_sign_in, follow, press, said, sign_in
from tests.journeys.conftest import PATIENCE
from tests.journeys.setting_up import (
    TITLE,
    do_with_all_questions,
    make_account,
    make_contest,
    make_rounds,
    open_rounds,
    print_cards,
    staff_and_register,
    take_in_questions,
    take_in_roster,
)
from tests.journeys.settling import (
    appeal,
    close_prizes,
    end_and_publish,
    open_final,
    promote,
    publish_for_good,
    put_right,
    settle_tie,
    take_appeals,
    to_promotion,
    withdraw_and_call_reserve,
)
from tests.journeys.small_contest import COMMUNES, DISTRICT, PEOPLE, PRINTED, RIGHT

# Who chooses what: how many of the first five right, and what in the sixth, whose printed key is wrong.
ANH, BINH, CHUNG = PEOPLE["Bản Đông"]
DAO, EN, GAM = PEOPLE["Bản Tây"]
FIRST_LEVEL = {
    ANH: (5, RIGHT),  # 5 points as printed, 6 once the key is put right
    BINH: (5, PRINTED),  # 6 as printed, 5 afterwards
    CHUNG: (2, RIGHT),
    DAO: (4, RIGHT),  # 5 afterwards, like Én: a tie at the cut
    EN: (4, RIGHT),
    GAM: (1, PRINTED),
}

Opens = Callable[..., Page]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    """A server on an empty database; the command of the installation has made one administrator."""
    server = Server(tmp_path, "", workers=2)
    server.command("db", "upgrade")
    server.command("people", "create-admin", "quantri", "--name", "Quản trị", "--password", SECRET)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def opens(chromium: Browser, empty: Server) -> Iterator[Opens]:
    """A function that opens a browser of somebody's own."""
    contexts = []

    def open_one(scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=f"http://127.0.0.1:{empty.port}", locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=scripts, accept_downloads=True,
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        return page

    yield open_one
    for context in contexts:
        context.close()


def sit(opens: Opens, card: tuple[str, str], right: int, sixth: str) -> Page:
    """Sit a round without scripts: `right` of the first five, and `sixth`; return the page with the receipt."""
    page = opens(scripts=False)
    page.goto("/card")
    page.get_by_label("Mã dự thi").fill(card[0])
    page.get_by_label("Mã PIN").fill(card[1])
    press(page, "Vào thi")
    press(page, "Bắt đầu làm bài")
    for number in range(1, 7):
        chosen = sixth if number == 6 else RIGHT if number <= right else PRINTED
        page.get_by_role("group", name=small.stem(number)).get_by_text(chosen).click()
    press(page, "Lưu các câu đã chọn")
    press(page, "Xem lại và nộp bài")
    said(page, "Bạn đã trả lời 6 trong 6 câu.")
    press(page, "Nộp bài")
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
    return page


def words_of(document: Path) -> str:
    """Return the text of a .docx file."""
    with ZipFile(document) as package:
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode()))


@pytest.mark.long
def test_from_an_empty_database_to_the_printed_report(empty, opens, tmp_path):
    workbook, bank = small.write(tmp_path)
    admin = sign_in(opens(), "quantri", SECRET)
    take_in_roster(admin, workbook)
    take_in_questions(admin, bank)
    reader = first_sign_in(
        opens(), "duyet", make_account(admin, "Người duyệt", "duyet", "Người duyệt câu hỏi")
    )
    do_with_all_questions(reader, "Duyệt")
    board = first_sign_in(
        opens(), "bantochuc", make_account(admin, "Trưởng ban", "bantochuc", "Ban Tổ chức", DISTRICT)
    )
    second = first_sign_in(
        opens(), "phoban", make_account(admin, "Phó ban", "phoban", "Ban Tổ chức", DISTRICT)
    )

    make_contest(board)
    make_rounds(board)
    staff_and_register(board)
    cards = print_cards(board)
    open_rounds(board)
    sat = {name: sit(opens, cards[name], *how) for name, how in FIRST_LEVEL.items()}

    for commune in COMMUNES:
        end_and_publish(board, f"Cấp cơ sở – .*{commune}")
    take_appeals(board, -30, 60)
    appeal(sat[ANH])
    put_right(board, second)
    sat[ANH].reload()
    said(sat[ANH], "mọi bài đã chấm lại")
    take_appeals(board, -30, -1)
    for commune in COMMUNES:
        publish_for_good(board, second, f"Cấp cơ sở – .*{commune}")

    to_promotion(board, "Cấp cơ sở – .*Bản Đông")
    promote(board)
    to_promotion(board, "Cấp cơ sở – .*Bản Tây")
    winner = settle_tie(board)
    promote(board)
    withdraw_and_call_reserve(board)
    open_final(board)
    sit(opens, cards[BINH], 5, PRINTED)
    sit(opens, cards[winner], 5, RIGHT)
    end_and_publish(board, "Vòng chung kết")
    publish_for_good(board, second, "Vòng chung kết")
    close_prizes(board, second, "Vòng chung kết")

    visitor = opens()
    visitor.goto("/")
    follow(visitor, re.compile("Vòng chung kết"))
    expect(visitor.get_by_role("row", name=re.compile(winner))).to_contain_text("6,00")
    expect(visitor.get_by_role("row", name=re.compile(BINH))).to_contain_text("5,00")
    expect(visitor.get_by_text(ANH)).to_have_count(0)  # who withdrew has no line
    follow(visitor, "Giải thưởng")
    expect(visitor.get_by_role("row", name=re.compile(winner))).to_contain_text("Giải nhất")
    expect(visitor.get_by_role("row", name=re.compile(BINH))).to_contain_text("Giải nhì")

    follow(board, "Cuộc thi")
    follow(board, TITLE)
    follow(board, "Các bước chuẩn bị")
    said(board, "Mọi bước đã xong")
    follow(board, TITLE)
    follow(board, re.compile("Cấp huyện$"))
    follow(board, "Các văn bản")
    with board.expect_download() as printed:
        board.get_by_role("link", name=re.compile("^PDF Báo cáo kết quả")).first.click()
    assert printed.value.path().read_bytes().startswith(b"%PDF")
    with board.expect_download() as edited:
        board.get_by_role("link", name=re.compile("^Word Báo cáo kết quả")).first.click()
    text = words_of(edited.value.path())
    assert (
        "1. Cấp cơ sở. Số vòng thi đã tổ chức: 2/2 (100,0 %); thí sinh dự thi trên số đăng ký: 6/6 (100,0 %)."
        in text
    )
    assert (
        "2. Cấp huyện. Số vòng thi đã tổ chức: 1/1 (100,0 %); thí sinh dự thi trên số đăng ký: 2/2 (100,0 %)."
        in text
    )
    assert "Điểm cao nhất 6,00, thấp nhất 5,00, trung bình 5,50 trên điểm tối đa 6,00." in text
    assert f"Cao tuổi nhất: đồng chí {BINH}" in text
