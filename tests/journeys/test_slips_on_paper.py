"""Slips and cards to cut, on paper: eight on a sheet, and no empty sheet after them."""

import re

import pytest
from playwright.sync_api import Browser

from drill.server import ROOT

PLACE = "http://slips.test/"
CSS = ROOT / "static" / "css"
STYLES = ("tokens", "base", "components", "desk", "print", "cards")
SLIP = """<li class="slip"><div class="slip-words"><p class="slip-contest">Hội thi</p>
<p class="slip-name">Lò Thị Biên</p></div>
<dl><div><dt>Tên đăng nhập</dt><dd>gk.bien</dd></div><div><dt>Mật khẩu lần đầu</dt><dd>td4r-p756-6d9g</dd></div></dl>
<div class="slip-code"><svg viewBox="0 0 1 1"></svg></div><ol class="slip-foot"><li>Nối Wi-Fi</li></ol></li>"""

CARD = """<li class="slip"><div class="slip-words">
<p class="slip-contest">Hội thi Bí thư chi bộ giỏi huyện Mai Sơn năm 2026</p>
<p class="slip-name">Quàng Minh Thoản</p><p>Chi bộ Bản Noong Khoang, Xã Chiềng Chung</p>
<p>Cấp cơ sở – Xã Chiềng Chung: 17:00–18:30 ngày 22/11/2026</p></div>
<dl><div><dt>Mã dự thi</dt><dd>GJSX-N6A2</dd></div><div><dt>Mã PIN</dt><dd>543 459</dd></div></dl>
<div class="slip-code"><svg viewBox="0 0 1 1"></svg><p>Quét để vào thi</p></div><ol class="slip-foot">
<li>Quét mã QR bằng máy ảnh của điện thoại, rồi bấm “Đúng, vào thi”.</li>
<li>Hoặc mở https://hoithi.huyen.example/card, nhập mã dự thi và mã PIN.</li>
<li>Giữ kín phiếu này. Mất phiếu hay quên mã, báo ngay Ban Tổ chức.</li></ol></li>"""
SHEET = {"width": 733, "height": 1062}  # A4 within the margins of 8 mm


def laid_out(page, slips):
    """Lay the slips out with the styles of the page that prints them."""
    links = "".join(f'<link rel="stylesheet" href="{PLACE}{name}.css">' for name in STYLES)
    body = f'<!doctype html>{links}<main class="frame page"><ul class="slips">{slips}</ul></main>'
    page.route(f"{PLACE}*.css", lambda route: route.fulfill(path=CSS / route.request.url.rsplit("/")[-1]))
    page.route(PLACE, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(PLACE)
    return page


LONGEST = "Nguyễn Hoàng Phương Quỳnh Trâm Thị Khánh Huyền Tường Vân Ánh"
LONG_CARD = CARD.replace('"slip-name">Quàng Minh Thoản', f'"slip-name long">{LONGEST}')


@pytest.mark.parametrize("card", [CARD, LONG_CARD], ids=["usual", "sixty letters"])
def test_a_card_has_room_for_the_round_and_its_hours(chromium: Browser, card: str):
    page = laid_out(chromium.new_page(viewport=SHEET), card * 8)
    page.emulate_media(media="print")
    cut = "slip => [slip, slip.querySelector('.slip-words')].map(one => one.scrollHeight - one.clientHeight)"
    assert page.locator(".slip").first.evaluate(cut) == [0, 0]
    page.close()


@pytest.mark.parametrize(("slips", "sheets"), [(7, 1), (8, 1), (9, 2)])
def test_eight_slips_fill_one_sheet_of_paper(chromium: Browser, slips, sheets):
    page = laid_out(chromium.new_page(), SLIP * slips)
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == sheets
