"""A value without a blank, as a SHA-256 is, stays within the list of facts, or the table, it stands in."""

import pytest
from playwright.sync_api import Browser

from drill.server import ROOT
from tests.journeys.conftest import DESK, PHONE

PLACE = "http://facts.test/"
CSS = ROOT / "static" / "css"
STYLES = ("tokens", "base", "components", "desk")
HASH = "0123456789abcdef" * 4
FACTS = f"""<dl class="summary"><div><dt>SHA-256</dt><dd>{HASH}</dd></div>
<div><dt>Giờ mở</dt><dd>08:00</dd><dd class="change"><a href="#">Sửa</a></dd></div></dl>"""
ACTS = f"""<div class="table stack"><table><tbody><tr><td data-label="Lúc">08:00 ngày 05/02/2023</td>
<td data-label="Chi tiết"><div><div><span class="soft">lần:</span> 2</div>
<div><span class="soft">SHA-256:</span> {HASH}</div></div></td></tr></tbody></table></div>"""


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(("frame", "part"), [(".summary", FACTS), (".table", ACTS)], ids=["facts", "acts"])
def test_a_hash_ends_with_what_it_stands_in(chromium: Browser, viewport, frame, part):
    page = chromium.new_page(viewport=viewport)
    links = "".join(f'<link rel="stylesheet" href="{PLACE}{name}.css">' for name in STYLES)
    body = f'<!doctype html>{links}<main class="frame page">{part}</main>'
    page.route(f"{PLACE}*.css", lambda route: route.fulfill(path=CSS / route.request.url.rsplit("/")[-1]))
    page.route(PLACE, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(PLACE)
    over = page.locator(frame).evaluate("part => part.scrollWidth - part.clientWidth")
    page.close()
    assert over == 0
