"""An organizer looks after rounds: watching, publishing, and sending the winner on."""

import re

from playwright.sync_api import expect


def test_from_a_provisional_ranking_to_the_finalist(staff):
    page = staff("bantochuc")
    page.get_by_role("row", name=re.compile("Chiềng Kheo")).get_by_role("link", name="Xem xếp hạng").click()
    expect(page.get_by_role("table", name="Bảng xếp hạng")).to_contain_text("Hạng 1")
    page.get_by_text("Kết quả chính thức", exact=True).click()
    page.get_by_role("button", name="Công bố bảng xếp hạng").click()
    expect(page.get_by_text("Đã gửi đề nghị.")).to_be_visible()
    second = staff("phoban")
    second.get_by_role("link", name="1 việc chờ bạn duyệt").click()
    waiting = second.get_by_role(
        "region", name="Việc chờ tôi duyệt"
    )  # what was decided last month stands below
    waiting.get_by_role("link", name="Công bố kết quả chính thức").click()
    second.get_by_role("button", name="Duyệt", exact=True).click()
    expect(second.get_by_text("Đã duyệt và đã thực hiện.")).to_be_visible()
    page.reload()
    page.get_by_role("link", name=re.compile("Lần công bố 2")).click()
    page.get_by_role("link", name="Chọn người đi tiếp").click()
    page.get_by_role("button", name="Đưa vào vòng sau").click()
    expect(page.get_by_text("Đã đưa 1 người vào vòng sau.")).to_be_visible()
    expect(page.get_by_text("Mọi người đi tiếp đã có tên ở vòng sau.")).to_be_visible()
    expect(page.get_by_role("button", name="Đưa vào vòng sau")).to_have_count(0)


def test_a_commune_sees_only_its_own_round(staff, site):
    page = staff("xa-co-noi")
    expect(page.get_by_role("row")).to_have_count(3)  # the heading, its round and last month's
    assert page.goto("/desk/rounds/1").status == 404


def test_the_public_sees_names_and_units_but_no_birth_date_or_phone(visit):
    page = visit()
    page.goto("/")
    page.get_by_role("link", name=re.compile("Chiềng Ve")).click()
    table = page.get_by_role("table", name="Bảng xếp hạng")
    expect(table).to_contain_text("Xã Chiềng Ve")
    expect(table).not_to_contain_text("0900")


def test_the_interface_turns_english_on_one_press(visit):
    page = visit()
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Vào thi")).to_have_count(0)  # a word left in Vietnamese
