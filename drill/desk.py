"""What organizers do at the desk, page by page, by the links, labels and buttons they would read.

Each function takes the browser of somebody signed in; it raises MissingOnPage or Refused with the page's own words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

from drill import qr
from drill.browser import Browser, Refused, expect
from drill.comparison import Named, Shown
from drill.contestant import Card
from drill.pages import Form, Node, Page, forms_in, links_in

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class StageRules:
    """The rules of a stage as they are typed in; `blueprint` is (topic title, level, count) lines."""

    blueprint: Sequence[tuple[str, str, int]]
    minutes: int
    grace_seconds: int
    tie_breaks: Sequence[str]
    partial: bool
    reserves: int


def sign_in(browser: Browser, username: str, password: str, new_password: str = "") -> Page:
    """Sign in, and set an own password where the page asks for one; return the desk."""
    form = expect(browser.get("/sign-in")).form("Mật khẩu")
    form.fill("Tên đăng nhập", username)
    form.fill("Mật khẩu", password)
    page = expect(browser.submit(form, kind="sign in"))
    if page.url == "/password":
        form = page.form("Mật khẩu hiện tại")
        form.fill("Mật khẩu hiện tại", password)
        form.fill("Mật khẩu mới", new_password)
        form.fill("Nhập lại mật khẩu mới", new_password)
        page = browser.submit(form)
    return expect(page, saying=["Bàn làm việc", "Đăng xuất"])


def _go(browser: Browser, *links: str) -> Page:
    """Follow links by their words, from the page that is shown."""
    page = browser.here
    for link in links:
        page = expect(browser.get(page.link(link)))
    return page


def _send(browser: Browser, form: Form, button: str = "") -> Page:
    """Send a form; raise Refused when the page that follows shows problems."""
    page = expect(browser.submit(form, button))
    if page.root.find("", class_="problems") or page.root.find("", class_="tone-error"):
        raise Refused(page.said())
    return page


# --- units, people, accounts ----------------------------------------------------------------------------------


def import_roster(browser: Browser, filename: str, content: bytes) -> None:
    """Import a workbook of units and people: choose the file, look at the preview, confirm."""
    page = expect(browser.get("/desk"))
    page = _go(browser, "Đơn vị")
    page = _go(browser, "Excel")
    preview = _upload(browser, page, filename, content)
    _send(browser, preview.form("/confirm"))


def _upload(browser: Browser, page: Page, filename: str, content: bytes) -> Page:
    form = page.form("Tệp Excel")
    form.attach("Tệp Excel", filename, content)
    return _send(browser, form)


def create_account(browser: Browser, username: str, name: str, role: str, unit_code: str) -> str:
    """Create an account with its first role and return its first password, shown this once."""
    expect(browser.get("/desk"))
    page = _go(browser, "Tài khoản", "Thêm tài khoản")
    form = page.form("Tên đăng nhập")
    form.fill("Họ và tên người dùng", name)
    form.fill("Tên đăng nhập", username)
    form.fill("Vai trò", role)
    form.fill("Ở đơn vị", unit_code)
    return _summary(_send(browser, form))["Mật khẩu lần đầu"]


def _summary(page: Page) -> dict[str, str]:
    """Return the terms and values of the page's lists of facts."""
    found = {}
    for line in page.root.find("dl"):
        for pair in line.find("div"):
            terms, values = pair.find("dt"), pair.find("dd")
            if terms and values:
                found[terms[0].text()] = values[0].text()
    return found


# --- the contest ----------------------------------------------------------------------------------------------


def create_contest(browser: Browser, title: str, code: str, unit: str) -> Page:
    """Create a contest and return its page."""
    expect(browser.get("/desk"))
    form = _go(browser, "Cuộc thi", "Tạo cuộc thi").form("Tên cuộc thi")
    form.fill("Tên cuộc thi", title)
    form.fill("Mã cuộc thi", code)
    form.fill("Đơn vị tổ chức", unit)
    return _send(browser, form)


def add_stage(browser: Browser, contest: str, name: str, rules: StageRules) -> Page:
    """Add a stage with its rules to the contest at an address and return the page of the stage."""
    expect(browser.get(contest))
    form = _go(browser, "Thêm cấp thi").form("Tên cấp thi")
    form.fill("Tên cấp thi", name)
    page = _send(browser, form)
    while not (form := page.form("Lưu quy định")).has(f"lines-{len(rules.blueprint) - 1}-topic"):
        page = expect(browser.submit(form, "Thêm dòng"))
    _fill_rules(form, rules)
    return _send(browser, form, "Lưu quy định")


def _fill_rules(form: Form, rules: StageRules) -> None:
    for number, (topic, level, count) in enumerate(rules.blueprint):
        form.fill(f"lines-{number}-topic", topic)
        form.fill(f"lines-{number}-level", level)
        form.fill(f"lines-{number}-count", str(count))
    form.fill("Thời gian làm bài", str(rules.minutes))
    form.fill("Chờ đường truyền", str(rules.grace_seconds))
    form.fill("Câu có nhiều đáp án", rules.partial)
    unused = form.control("Tiêu chí thứ 1").options[0][0]
    for number in range(1, 6):
        named = rules.tie_breaks[number - 1] if number <= len(rules.tie_breaks) else unused
        form.fill(f"Tiêu chí thứ {number}", named)
    form.fill("Cách chọn người đi tiếp", "Lấy người đứng đầu")
    form.fill("Số người đi tiếp", "1")
    form.fill("Số người dự bị", str(rules.reserves))


def rounds_for_each(browser: Browser, stage: str) -> list[int]:
    """Make a round for each commune of the stage at an address; return the numbers of the stage's rounds."""
    expect(browser.get(stage))
    page = _go(browser, "Lập vòng thi cho từng đơn vị")
    return _rounds(_send(browser, page.form("Lập các vòng thi")))


def own_rounds(browser: Browser) -> list[int]:
    """Return the numbers of the rounds on the desk of who is signed in."""
    return _rounds(expect(browser.get("/desk")))


def add_round(browser: Browser, stage: str) -> int:
    """Make one round at the unit that runs the contest and return its number."""
    expect(browser.get(stage))
    page = _go(browser, "Lập một vòng thi")
    return _number(_send(browser, page.form("Tên vòng thi")).url)


def _rounds(page: Page) -> list[int]:
    links = [address for row in page.root.find("tbody") for address, _ in links_in(row)]
    return list(
        dict.fromkeys(_number(address) for address in links if re.search(r"/desk/rounds/\d+$", address))
    )


def _number(address: str) -> int:
    return int(next(part for part in address.split("?")[0].split("/")[::-1] if part.isdecimal()))


def register_from_workbook(browser: Browser, stage: str, filename: str, content: bytes) -> str:
    """Register whom the workbook's sheet names, and why others send nobody; return what the page says was done."""
    page = expect(browser.get(f"/desk{stage}/registrations"))
    preview = _upload(browser, page, filename, content)
    done = _send(browser, preview.form("/confirm"))
    return " ".join(node.text() for node in done.root.find("div", class_="tone-success"))


def participation(browser: Browser, contest: str) -> tuple[int, int, float]:
    """Return cells, contestants and per cent as the table of participation adds them up."""
    page = expect(browser.get(f"/desk{contest}/participation"))
    cells, sending, *others = [cell.text() for cell in page.root.find("tfoot")[0].find("td")]
    share = next(text for text in others if text.endswith("%"))
    return int(cells), int(sending), float(share.removesuffix("%").strip().replace(",", "."))


# --- a round --------------------------------------------------------------------------------------------------


def issue_cards(browser: Browser, round_id: int) -> list[Card]:
    """Issue the cards of a round and read code, PIN and QR link from the page that is printed."""
    page = expect(browser.get(f"/desk/rounds/{round_id}/cards"))
    page = expect(browser.submit(page.form("Cấp và in phiếu")))
    return [_card(slip) for slip in page.root.find("li", class_="slip")]


def _card(slip: Node) -> Card:
    texts = {pair.find("dt")[0].text(): pair.find("dd")[0].text() for pair in slip.find("dl")[0].find("div")}
    name = slip.find("p", class_="slip-name")[0].text()
    cell = slip.find("p")[2].text()
    drawing = next(path for path in slip.find("path") if path.attrs.get("stroke"))
    link = qr.read_drawing(drawing.attrs["d"])
    return Card(name, cell, texts["Mã dự thi"], texts["Mã PIN"], link)


def set_window(browser: Browser, round_id: int, opens_at: int, closes_at: int) -> None:
    """Set the hours of a round (instants in ms)."""
    form = expect(browser.get(f"/desk/rounds/{round_id}/edit")).form("Giờ mở")
    form.fill("Giờ mở", _local(opens_at))
    form.fill("Giờ đóng", _local(closes_at))
    _send(browser, form)


def _local(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def open_round(browser: Browser, round_id: int) -> None:
    """Check a round and open it."""
    page = expect(browser.get(f"/desk/rounds/{round_id}/check"))
    _send(browser, page.form("Mở vòng thi"))


def close_round(browser: Browser, round_id: int, reason: str) -> None:
    """End a round before its hour."""
    form = expect(browser.get(f"/desk/rounds/{round_id}/close")).form("Lý do")
    form.fill("Lý do", reason)
    _send(browser, form)


# --- results --------------------------------------------------------------------------------------------------


def publish(browser: Browser, round_id: int, kind: str) -> int:
    """Publish the ranking of a round as "Kết quả tạm thời" or "Kết quả chính thức"; return the edition's number."""
    form = expect(browser.get(f"/desk/rounds/{round_id}/ranking")).form("Công bố là")
    form.fill("Công bố là", kind)
    form.fill("Ghi chú", "Biên bản của Ban Tổ chức")
    return _number(_send(browser, form).url)


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
    _send(browser, tie.form)


def promote(browser: Browser, edition: int) -> None:
    """Send on those above the cut."""
    page = expect(browser.get(f"/desk/editions/{edition}/promotion"))
    _send(browser, page.form("Đưa vào vòng sau"))


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
