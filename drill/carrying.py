"""A hall without a line: a round is carried there in a sealed file, sat on a laptop's own server, and carried back."""

from pathlib import Path

from drill import desk
from drill.browser import Browser, Meter, Refused, expect
from drill.contestant import World
from drill.crowd import Tries
from drill.history import History
from drill.knowledge import Knowledge
from drill.pages import Page
from drill.server import Server

WORKERS = 2
ADMIN, PASSWORD = "mayhoitruong", "mot cau khac cung rat dai"


class Laptop:
    """The laptop of a hall: a server of its own on an empty database, and the package that was loaded."""

    def __init__(self, folder: Path, meter: Meter, knowledge: Knowledge) -> None:
        folder.mkdir()
        self.server = Server(folder, "", WORKERS)
        self.history = History(folder / "history.jsonl")
        self.world = World(self.server.port, meter, self.history, knowledge)
        self.keeper = Browser(self.server.port, meter)
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
