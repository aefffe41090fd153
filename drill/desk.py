"""What organizers do at the desk, page by page, by the links, labels and buttons they would read.

Each function takes the browser of somebody signed in; it raises MissingOnPage or Refused with the page's own words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from drill import qr
from drill.browser import Browser, Refused, expect
from drill.contestant import Card
from drill.forms import Form
from drill.jury import JudgedPart, text_of
from drill.markup import Node
from drill.pages import Page, links_in

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class StageRules:
    """The rules of a stage as they are typed in; `blueprint` is (topic title, level, count) lines.

    `online` is the weight of the test beside the judged `parts`, 0 where there is none; `top` so many go on.
    """

    blueprint: Sequence[tuple[str, str, int]]
    minutes: int
    grace_seconds: int
    tie_breaks: Sequence[str]
    partial: bool
    reserves: int
    parts: Sequence[JudgedPart] = ()
    online: int = 0
    top: int = 1


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


def reach(browser: Browser, start: str, part: str) -> Page:
    """Open the page at `start` and from there the first linked one whose address has `part` in it."""
    return expect(browser.get(expect(browser.get(start)).link(part)))


def send(browser: Browser, form: Form, button: str = "") -> Page:
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
    send(browser, preview.form("/confirm"))


def _upload(browser: Browser, page: Page, filename: str, content: bytes) -> Page:
    form = page.form("Tệp Excel")
    form.attach("Tệp Excel", filename, content)
    return send(browser, form)


def create_account(browser: Browser, username: str, name: str, role: str, unit_code: str) -> str:
    """Create an account with its first role and return its first password, shown this once."""
    expect(browser.get("/desk"))
    page = _go(browser, "Tài khoản", "Thêm tài khoản")
    form = page.form("Tên đăng nhập")
    form.fill("Họ và tên người dùng", name)
    form.fill("Tên đăng nhập", username)
    form.fill("Vai trò", role)
    form.fill("Ở đơn vị", unit_code)
    return _summary(send(browser, form))["Mật khẩu lần đầu"]


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
    return send(browser, form)


def add_stage(browser: Browser, contest: str, name: str, rules: StageRules) -> Page:
    """Add a stage with its rules to the contest at an address and return the page of the stage."""
    expect(browser.get(contest))
    form = _go(browser, "Thêm cấp thi").form("Tên cấp thi")
    form.fill("Tên cấp thi", name)
    page = _with_parts(browser, send(browser, form), rules)
    last = max(0, len(rules.blueprint) - 1)
    while not (form := page.form("Lưu quy định")).has(f"lines-{last}-topic"):
        page = expect(browser.submit(form, "Thêm dòng"))
    _fill_rules(form, rules)
    page = send(browser, form, "Lưu quy định")
    for place, part in enumerate(rules.parts, start=1 + bool(rules.online)):
        page = set_judging(browser, page.url, place, part)
    return page


def _with_parts(browser: Browser, page: Page, rules: StageRules) -> Page:
    """Type in the parts, line by line; the page that comes offers their points to tell equals apart."""
    lines: list[dict[str, str]] = [
        {"name": "Trắc nghiệm", "kind": "online", "weight": str(rules.online)}
    ] * bool(rules.online)
    for part in rules.parts:
        numbers = {"max_points": text_of(part.most), "weight": str(part.weight), "minutes": str(part.minutes)}
        lines.append({"name": part.name, "kind": "judged"} | numbers)
    for number, line in enumerate(lines):
        while not (form := page.form("Lưu quy định")).has(f"parts-{number}-name"):
            page = expect(browser.submit(form, "Thêm phần thi"))
        for what, value in line.items():
            form.fill(f"parts-{number}-{what}", value)
        page = expect(browser.submit(form, "Thêm phần thi"))
    return page


def set_judging(browser: Browser, stage: str, place: int, part: JudgedPart) -> Page:
    """Say how the part at a place of a stage is judged, on its own page; return the page of the stage."""
    form = expect(browser.get(f"{stage}/parts/{place}/judging")).form("Lưu cách chấm")
    for number, (name, most) in enumerate(part.criteria):
        line = {"name": name, "max_points": text_of(most), "step": text_of(part.step)}
        for what, value in line.items():
            form.fill(f"criteria-{number}-{what}", value)
    form.fill("judges", str(part.judges))
    for what, value in part.judging.items():
        form.fill(what, value)
    return send(browser, form, "Lưu cách chấm")


def _fill_rules(form: Form, rules: StageRules) -> None:
    for number, (topic, level, count) in enumerate(rules.blueprint):
        form.fill(f"lines-{number}-topic", topic)
        form.fill(f"lines-{number}-level", level)
        form.fill(f"lines-{number}-count", str(count))
    if rules.minutes:
        form.fill("Thời gian làm bài", str(rules.minutes))
    form.fill("Chờ đường truyền", str(rules.grace_seconds))
    form.fill("Câu có nhiều đáp án", rules.partial)
    unused = form.control("Tiêu chí thứ 1").options[0][0]
    for number in range(1, 6):
        named = rules.tie_breaks[number - 1] if number <= len(rules.tie_breaks) else unused
        form.fill(f"Tiêu chí thứ {number}", named)
    form.fill("Cách chọn người đi tiếp", "Lấy người đứng đầu")
    form.fill("Số người đi tiếp", str(rules.top))
    form.fill("Số người dự bị", str(rules.reserves))


def rounds_for_each(browser: Browser, stage: str) -> list[int]:
    """Make a round for each commune of the stage at an address; return the numbers of the stage's rounds."""
    expect(browser.get(stage))
    page = _go(browser, "Lập vòng thi cho từng đơn vị")
    return _rounds(send(browser, page.form("Lập các vòng thi")))


def own_rounds(browser: Browser) -> list[int]:
    """Return the numbers of the rounds on the desk of who is signed in."""
    return _rounds(expect(browser.get("/desk")))


def add_round(browser: Browser, stage: str) -> int:
    """Make one round at the unit that runs the contest and return its number."""
    expect(browser.get(stage))
    page = _go(browser, "Lập một vòng thi")
    return number_in(send(browser, page.form("Tên vòng thi")).url)


def _rounds(page: Page) -> list[int]:
    links = [address for row in page.root.find("tbody") for address, _ in links_in(row)]
    return list(
        dict.fromkeys(number_in(address) for address in links if re.search(r"/desk/rounds/\d+$", address))
    )


def number_in(address: str) -> int:
    """Return the last number of an address."""
    return int(next(part for part in address.split("?")[0].split("/")[::-1] if part.isdecimal()))


def register_from_workbook(browser: Browser, stage: str, filename: str, content: bytes) -> str:
    """Register whom the workbook's sheet names, and why others send nobody; return what the page says was done."""
    page = reach(browser, stage, "/registrations")
    preview = _upload(browser, page, filename, content)
    done = send(browser, preview.form("/confirm"))
    return " ".join(node.text() for node in done.root.find("div", class_="tone-success"))


def participation(browser: Browser, contest: str) -> tuple[int, int, float]:
    """Return cells, contestants and per cent as the table of participation adds them up."""
    page = reach(browser, contest, "/participation")
    cells, sending, *others = [cell.text() for cell in page.root.find("tfoot")[0].find("td")]
    share = next(text for text in others if text.endswith("%"))
    return int(cells), int(sending), float(share.removesuffix("%").strip().replace(",", "."))


# --- a round --------------------------------------------------------------------------------------------------


def issue_cards(browser: Browser, round_id: int) -> list[Card]:
    """Issue the cards of a round and read code, PIN and QR link from the page that is printed."""
    page = reach(browser, f"/desk/rounds/{round_id}", "/cards")
    page = expect(browser.submit(page.form("Cấp và in phiếu")))
    return [_card(slip) for slip in page.root.find("li", class_="slip")]


def _card(slip: Node) -> Card:
    texts = {pair.find("dt")[0].text(): pair.find("dd")[0].text() for pair in slip.find("dl")[0].find("div")}
    name = slip.find("p", class_="slip-name")[0].text()
    cell = slip.find("p")[2].text().split(", ")[0]
    drawing = next(path for path in slip.find("path") if path.attrs.get("stroke"))
    link = qr.read_drawing(drawing.attrs["d"])
    return Card(name, cell, texts["Mã dự thi"], texts["Mã PIN"], link)


def set_window(browser: Browser, round_id: int, opens_at: int, closes_at: int) -> None:
    """Set the hours of a round (instants in ms)."""
    form = reach(browser, f"/desk/rounds/{round_id}", "/edit").form("Giờ mở")
    form.fill("Giờ mở", _local(opens_at))
    form.fill("Giờ đóng", _local(closes_at))
    send(browser, form)


def _local(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def open_round(browser: Browser, round_id: int) -> None:
    """Check a round and open it."""
    form = reach(browser, f"/desk/rounds/{round_id}", "/check").form("Mở vòng thi")
    send(browser, form)
    send(browser, form)  # a second tap


def close_round(browser: Browser, round_id: int, reason: str) -> None:
    """End a round before its hour."""
    form = reach(browser, f"/desk/rounds/{round_id}", "/close").form("Lý do")
    form.fill("Lý do", reason)
    send(browser, form)
