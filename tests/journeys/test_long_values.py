"""A value without a blank, as a SHA-256 is, stays within the list of facts it stands in."""

import pytest
from playwright.sync_api import Browser

from drill.server import ROOT
from tests.journeys.conftest import DESK, PHONE

PLACE = "http://facts.test/"
CSS = ROOT / "static" / "css"
STYLES = ("tokens", "base", "components", "desk")
FACTS = f"""<dl class="summary"><div><dt>SHA-256</dt><dd>{"0123456789abcdef" * 4}</dd></div>
<div><dt>Giờ mở</dt><dd>08:00</dd><dd class="change"><a href="#">Sửa</a></dd></div></dl>"""


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_hash_ends_with_its_list(chromium: Browser, viewport):
    page = chromium.new_page(viewport=viewport)
    links = "".join(f'<link rel="stylesheet" href="{PLACE}{name}.css">' for name in STYLES)
    body = f'<!doctype html>{links}<main class="frame page">{FACTS}</main>'
    page.route(f"{PLACE}*.css", lambda route: route.fulfill(path=CSS / route.request.url.rsplit("/")[-1]))
    page.route(PLACE, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(PLACE)
    over = page.locator(".summary").evaluate("list => list.scrollWidth - list.clientWidth")
    page.close()
    assert over == 0
