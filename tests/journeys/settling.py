"""From the last paper handed in to the finalists: publishing, an appeal, a wrong key, a tie and a withdrawal."""

import re

from playwright.sync_api import Page, expect

from tests.journeys import small_contest as small
from tests.journeys.clicking import follow, leave_by, local, press, said, to_round
from tests.journeys.small_contest import PEOPLE, RIGHT

ANH, BINH, _CHUNG = PEOPLE["Bản Đông"]
DAO, EN, _GAM = PEOPLE["Bản Tây"]


def end_and_publish(board: Page, name: str) -> None:
    to_round(board, name)
    follow(board, "Kết thúc sớm")
    board.get_by_label("Lý do").fill("mọi người đã nộp bài")
    press(board, "Kết thúc vòng thi ngay")
    publish(board, name, "Kết quả tạm thời")


def publish(board: Page, name: str, kind: str) -> None:
    to_round(board, name)
    follow(board, "Xếp hạng và công bố")
    board.get_by_text(kind, exact=True).click()
    press(board, "Công bố bảng xếp hạng")


def second_person(second: Page, what: str) -> None:
    follow(second, "Bàn làm việc")
    follow(second, re.compile("việc chờ bạn duyệt"))
    follow(second, what)
    press(second, "Duyệt")
    said(second, "Đã duyệt và đã thực hiện.")


def publish_for_good(board: Page, second: Page, name: str) -> None:
    publish(board, name, "Kết quả chính thức")
    said(board, "Đã gửi đề nghị.")
    second_person(second, "Công bố kết quả chính thức")


def take_appeals(board: Page, opens_in: int, closes_in: int) -> None:
    to_round(board, "Cấp cơ sở – .*Bản Đông")
    follow(board, "Xếp hạng và công bố")
    follow(board, "Phúc khảo")
    follow(board, re.compile("^(Đặt thời gian phúc khảo|Đổi)"))
    board.get_by_label("Nhận từ").fill(local(opens_in))
    board.get_by_label("Đến trước").fill(local(closes_in))
    board.get_by_label("Thí sinh được xem lại bài của mình").check()
    press(board, "Lưu")
    said(board, "Đã đặt thời gian phúc khảo.")


def appeal(contestant: Page) -> None:
    contestant.goto("/rounds")
    follow(contestant, re.compile("[Pp]húc khảo"))
    place = contestant.locator(".own-paper > li").filter(has_text=small.stem(6)).evaluate(
        "item => [...item.parentElement.children].indexOf(item) + 1"
    )  # fmt: skip
    contestant.get_by_label("Về câu nào").select_option(label=f"Câu {place}")
    contestant.get_by_label("Điều cần xem lại").fill("Đáp án in không khớp Điều 6 của văn bản.")
    press(contestant, "Gửi đơn")
    said(contestant, "Ban Tổ chức đã nhận đơn.")


def put_right(board: Page, second: Page) -> None:
    """Follow the appeal to the question, see who gains and who loses, and let a second person decide."""
    to_round(board, "Cấp cơ sở – .*Bản Đông")
    follow(board, "Xếp hạng và công bố")
    follow(board, "Phúc khảo")
    follow(board, ANH)
    follow(board, "Đáp án sai: sửa và chấm lại")
    board.get_by_text("Chỉ đáp án mới đúng", exact=True).first.click()
    board.get_by_role("checkbox", name=re.compile(RIGHT)).check()
    press(board, "Xem trước ai thay đổi")
    expect(board.get_by_role("row", name=re.compile(ANH))).to_contain_text("nay đi tiếp")
    expect(board.get_by_role("row", name=re.compile(BINH))).to_contain_text("không còn đi tiếp")
    board.get_by_label("Lý do").fill("Điều 6 của văn bản ghi khác đáp án đã in.")
    press(board, "Gửi đề nghị cho người thứ hai")
    second_person(second, "Sửa đáp án và chấm lại")
    to_round(board, "Cấp cơ sở – .*Bản Đông")
    follow(board, "Xếp hạng và công bố")
    follow(board, re.compile("^Phúc khảo"))
    follow(board, ANH)
    board.get_by_text("Đã sửa đáp án, chấm lại", exact=True).click()
    board.get_by_label("Trả lời", exact=True).fill("Đáp án đã được sửa theo Điều 6; mọi bài đã chấm lại.")
    press(board, "Gửi câu trả lời")
    said(board, "Đã trả lời.")


def to_final_edition(board: Page, name: str) -> None:
    to_round(board, name)
    follow(board, "Xếp hạng và công bố")
    leave_by(board.get_by_role("listitem").filter(has_text="Chính thức").get_by_role("link").first)


def to_promotion(board: Page, name: str) -> None:
    to_final_edition(board, name)
    follow(board, "Chọn người đi tiếp")


def close_prizes(board: Page, second: Page, name: str) -> None:
    to_final_edition(board, name)
    follow(board, "Giải thưởng")
    press(board, "Đề nghị chốt giải")
    said(board, re.compile("^Đã đề nghị chốt giải"))
    second_person(second, "Chốt danh sách giải")


def promote(board: Page) -> None:
    press(board, "Đưa vào vòng sau")
    said(board, "Đã đưa 1 người vào vòng sau.")


def settle_tie(board: Page) -> str:
    """Decide the tie by a public draw and return who goes on."""
    said(board, "Bằng nhau ở ranh giới")
    board.get_by_text("Bốc thăm", exact=True).first.click()
    board.get_by_label("Số công khai để bốc thăm").first.fill("2027")
    board.get_by_label("Lý do hoặc số biên bản").first.fill("biên bản số 3")
    press(board, "Ghi quyết định")
    said(board, "Đã ghi quyết định.")
    going = board.get_by_role("table", name="Đi tiếp theo xếp hạng và các quyết định")
    return next(name for name in (DAO, EN) if going.get_by_text(name).count())


def withdraw_and_call_reserve(board: Page) -> None:
    to_round(board, "Vòng chung kết")
    follow(board, "Lập danh sách thí sinh")
    follow(board, f"Rút tên {ANH}")
    board.get_by_label("Lý do rút tên").fill("ốm, có đơn")
    press(board, "Rút tên")
    press(board, re.compile(rf"^Gọi {BINH} \(.+\) vào thay$"))
    said(board, re.compile(rf"{BINH} \(.+\) đã vào thay\."))


def open_final(board: Page) -> None:
    to_round(board, "Vòng chung kết")
    follow(board, "Đặt giờ mở và giờ đóng")
    board.get_by_label("Giờ mở").fill(local(-1))
    board.get_by_label("Giờ đóng").fill(local(120))
    press(board, "Đặt giờ thi")
    follow(board, "Kiểm tra và mở vòng thi")
    press(board, "Mở vòng thi")
    said(board, "Đã mở vòng thi.")
