"""A hall without a line: a round is carried there in a sealed file, sat on a laptop's own server, and carried back."""

from drill import desk
from drill.browser import Browser, Meter, Refused, expect
from drill.contestant import World
from drill.crowd import Tries
from drill.history import History
from drill.knowledge import Knowledge
from drill.pages import Page
from drill.server import Server

ADMIN, PASSWORD = "mayhoitruong", "mot cau khac cung rat dai"
HELPERS = ("nguoinhap1", "nguoinhap2")


class Laptop:
    """The laptop of a hall: a server of its own on an empty database, and the package that was loaded."""

    def __init__(self, server: Server, meter: Meter, knowledge: Knowledge) -> None:
        folder = server.folder
        self.server = server
        self.history = History(folder / "history.jsonl")
        self.sheets = History(folder / "sheets.jsonl")  # a paper's number where others have an attempt's
        self.world = World(self.server.port, meter, self.history, knowledge)
        self.keeper = Browser(self.server.port, meter)
        self.keyers = [self.keeper]  # who keys answer sheets and settles what differs
        self._package = ""

    def start(self) -> None:
        """Start the server with its administrator."""
        self.server.command("db", "upgrade")
        self.server.command("people", "create-admin", ADMIN, "--password", PASSWORD)
        self.server.start()
        desk.sign_in(self.keeper, ADMIN, PASSWORD)

    def load(self, content: bytes, phrase: str) -> None:
        """Load a package: choose the file, type the passphrase, look at the preview, confirm."""
        form = expect(self.keeper.get("/desk/packages")).form("/packages/load")
        form.attach("Gói đề (.htbt)", "goi-de.htbt", content)
        form.fill("Mật khẩu của gói", phrase)
        page = desk.send(self.keeper, form)
        self._package = desk.send(self.keeper, page.form("Nạp vào máy này")).url

    def appoint(self, unit_code: str) -> None:
        """Appoint two helpers on the laptop, who key answer sheets beside its keeper."""
        for username in HELPERS:
            first = desk.create_account(self.keeper, username, f"Thư ký {username}", "Thư ký", unit_code)
            helper = Browser(self.server.port, self.world.meter)
            desk.sign_in(helper, username, first, PASSWORD)
            self.keyers.append(helper)

    def collect(self) -> bytes:
        """Return the file of what was done in the hall."""
        page = expect(self.keeper.get(self._package))
        return _file(self.keeper.submit(page.form("/collect")))


def make_package(board: Browser, round_id: int) -> tuple[bytes, str]:
    """Make a package of a round on the district's server; return the file and its passphrase."""
    page = desk.reach(board, f"/desk/rounds/{round_id}", "/packages")
    page = desk.send(board, page.form("Lập gói đề"))
    phrase = page.root.find("strong", class_="code")[0].text()
    return _file(board.submit(page.form("/download"))), phrase


def bring_back(board: Browser, content: bytes, tries: Tries) -> None:
    """Take a hall's file in on the district's server after its preview; the same file again must do nothing."""
    page = _receive(board, content)
    desk.send(board, page.form("Nhập vào máy chủ"))
    again = _receive(board, content)
    tries.note("Tệp này đã được nhập trước đó" in again.root.text(), "the same file of a hall taken in twice")


def _receive(board: Browser, content: bytes) -> Page:
    form = expect(board.get("/desk/packages")).form("/packages/receive")
    form.attach("Tệp kết quả (.htbt)", "ket-qua.htbt", content)
    return expect(board.submit(form))


def _file(page: Page) -> bytes:
    if page.status != 200 or "attachment" not in page.headers.get("content-disposition", ""):
        raise Refused(f"no file: {page.said()}")
    return page.body
