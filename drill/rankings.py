"""What organizers do with results at the desk, and what everybody may read: rankings, ties, who goes on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl

from drill.browser import Browser, Refused, expect
from drill.comparison import Named, Shown
from drill.desk import number_in, reach, send
from drill.forms import Form, forms_in
from drill.markup import Node
from drill.pages import Page


def publish(browser: Browser, round_id: int, kind: str) -> int:
    """Publish the ranking of a round as "Kết quả tạm thời" and return the edition's number, or ask for the final one.

    "Kết quả chính thức" takes a second person: what is returned then is the number of the request.
    """
    form = reach(browser, f"/desk/rounds/{round_id}", "/ranking").form("Công bố là")
    form.fill("Công bố là", kind)
    form.fill("Ghi chú", "Biên bản của Ban Tổ chức")
    return number_in(send(browser, form).url)


def approve(browser: Browser, request: int) -> int:
    """Approve, as the second person, what somebody asked to publish as final; return the edition's number."""
    page = expect(browser.get(f"/desk/approvals/{request}"))
    done = send(browser, page.form("Ghi chú hoặc lý do không duyệt"), "Duyệt")
    return number_in(done.link("/desk/editions/"))


@dataclass(frozen=True, slots=True)
class OpenTie:
    """A tie to decide: the form of the decision and how many places there are."""

    form: Form
    places: int


def open_ties(browser: Browser, edition: int) -> list[OpenTie]:
    """Return the ties of a final edition that are still to decide."""
    page = expect(browser.get(f"/desk/editions/{edition}/promotion"))
    ties = []
    for part in page.root.find("section"):
        forms = [form for form in forms_in(part) if form.has("Cách quyết định")]
        places = re.search(r"chỉ còn (\d+) chỗ", part.text())
        ties += [OpenTie(form, int(places[1])) for form in forms if places]
    return ties


def decide(browser: Browser, tie: OpenTie, seed: str = "") -> None:
    """Decide a tie by a public draw with a seed or, without one, as the head decides: for whom the page names first."""
    tie.form.fill("Cách quyết định", "Bốc thăm" if seed else "Trưởng ban quyết định")
    if seed:
        tie.form.fill("Số công khai", seed)
    else:
        level = [control.value for control in tie.form.controls if control.group == "Người được chọn"]
        tie.form.fill("Người được chọn", level[: tie.places])
    tie.form.fill("Lý do", "Biên bản họp Ban Tổ chức")
    send(browser, tie.form)


def promote(browser: Browser, edition: int) -> None:
    """Send on those above the cut, with a second tap on the button of the page as it stood."""
    form = reach(browser, f"/desk/editions/{edition}", "/promotion").form("Đưa vào vòng sau")
    send(browser, form)
    send(browser, form)


Promoted = tuple[list[Named], list[Named]]  # who goes on, and the reserves in order


def promotion_shown(browser: Browser, edition: int) -> Promoted:
    """Return who goes on from an edition and who stands ready, as the page shows them."""
    page = expect(browser.get(f"/desk/editions/{edition}/promotion"))
    chosen = [(row[1], row[2]) for row in page.rows()]
    reserves: list[Named] = []
    for heading, listed in _sections(page):
        if heading.startswith("Dự bị"):
            lines = [item.text().partition(", ") for item in listed.find("li")]
            reserves = [(name, rest.rpartition(" (")[0]) for name, _, rest in lines]
    return chosen, reserves


def _sections(page: Page) -> list[tuple[str, Node]]:
    """Return each heading with the list that follows it."""
    found, heading = [], ""
    for node in page.root.find("main")[0].walk():
        if node.tag == "h2":
            heading = node.text()
        elif node.tag in ("ol", "ul"):
            found.append((heading, node))
    return found


def public_lines(browser: Browser, edition: int) -> list[Shown]:
    """Return the lines of an edition's public pages."""
    lines: list[Shown] = []
    page = expect(browser.get(f"/results/{edition}"))
    for number in range(2, 1000):
        lines += [_shown(row) for row in page.rows()]
        following = [address for address, words in page.links if f"page={number}" in address]
        if not following:
            return lines
        page = expect(browser.get(following[0]))
    raise Refused("too many pages")


def spreadsheet_lines(browser: Browser, edition: int) -> list[Shown]:
    """Return the lines of an edition's spreadsheet."""
    content = expect(browser.get(f"/results/{edition}.xlsx", "download")).body
    rows = openpyxl.load_workbook(BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    return [_shown(row) for row in rows if isinstance(row[0], int | float)]


def _shown(cells: Sequence[Any]) -> Shown:
    rank, name, cell, unit, points = cells[:5]
    text = f"{points:.2f}".replace(".", ",") if isinstance(points, int | float) else str(points)
    return int(rank), str(name), str(cell), str(unit), text
