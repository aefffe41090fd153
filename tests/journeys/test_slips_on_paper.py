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


@pytest.mark.parametrize(("slips", "sheets"), [(7, 1), (8, 1), (9, 2)])
def test_eight_slips_fill_one_sheet_of_paper(chromium: Browser, slips, sheets):
    page = chromium.new_page()
    links = "".join(f'<link rel="stylesheet" href="{PLACE}{name}.css">' for name in STYLES)
    body = f'<!doctype html>{links}<main class="frame page"><ul class="slips">{SLIP * slips}</ul></main>'
    page.route(f"{PLACE}*.css", lambda route: route.fulfill(path=CSS / route.request.url.rsplit("/")[-1]))
    page.route(PLACE, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(PLACE)
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == sheets
