"""A real server with the demo contest, and a real Chromium to visit it with."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import chain, count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from drill.server import ROOT, Server
from tests.conftest import once_a_run
from tests.journeys.sitting import loaded

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}

# How long a journey waits for what it has to see, and how long it may take in all. Neither is a measure of the product:
# on a machine ten times slower than ours, with other tests beside it, everything takes its time and is as right.
# A journey plays up to 40 s here, and whichever needs the demo first waits 20 s more until it is set up.
PATIENCE = 60_000  # ms
MOST = 1_800  # seconds
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every journey its time."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here:
            item.add_marker(pytest.mark.timeout(MOST))


ISSUES_CARDS = """
import json
from contextlib import suppress
from sqlalchemy import func, select
from app import app
from quiz import clock
from quiz.core.errors import AlreadyDone
from quiz.extensions import db
from quiz.models import Entry, Round
from quiz.services import audit, cards
with app.app_context():
    now = clock.now()
    open_now = (Round.opens_at <= now) & (Round.closes_at > now)
    by_size = select(Entry.round_id).join(Round).where(open_now).group_by(Entry.round_id).order_by(func.count().desc())
    for key in db.session.scalars(by_size).all():
        with suppress(AlreadyDone):
            printed = cards.issue_for(db.session.get_one(Round, key), audit.SYSTEM, now)
            break
    db.session.commit()
    print(json.dumps([(card.code, card.pin, card.token) for card in printed]))
"""


class Site:
    """The running demo: its address and how to sign in."""

    def __init__(self, server: Server) -> None:
        self.url = f"http://127.0.0.1:{server.port}"
        self.folder = server.folder
        rows = json.loads((server.folder / "demo.json").read_text(encoding="utf-8"))
        self.password: str = rows[0][2]
        self.cards = [(code, pin) for role, code, pin in rows if role.startswith("Thí sinh")]
        self._server = server

    def environment(self) -> dict[str, str]:
        """Return what a command on the site's data runs with."""
        return self._server.environment()

    def more_cards(self) -> list[tuple[str, ...]]:
        """Return (code, PIN, token of the QR code) of the cards of the largest open round that had none yet."""
        command = [sys.executable, "-c", ISSUES_CARDS]
        environment = self._server.environment()
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        return [tuple(card) for card in json.loads(done.stdout.splitlines()[-1])]


def set_up(server: Server) -> None:
    """Load the demo into the folder of a server that is not started."""
    server.command("demo", "setup")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo contest, set up once a run and copied, served by gunicorn with two workers."""
    demo = once_a_run(tmp_path_factory, "demo", lambda folder: set_up(Server(folder, "", workers=2)))
    server = Server(tmp_path_factory.mktemp("site"), "", workers=2)
    shutil.copytree(demo, server.folder, dirs_exist_ok=True)
    server.start()
    yield Site(server)
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; a missing one fails the tests that need it."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: install the package chromium, or run `make test` as root"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A function that opens a browser of somebody's own; a console error on any page fails the test."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_one(viewport: dict[str, int] = DESK, scripts: bool = True, **left: object) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            viewport=viewport,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=scripts,
            **left,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda message: troubles.append(message.text) if "Content Security" in message.text else None,
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not troubles


@pytest.fixture
def staff(visit: Callable[..., Page], site: Site) -> Callable[..., Page]:
    """A function that signs a member of the staff in and returns the page."""

    def sign_in(username: str, **options: object) -> Page:
        page = visit(**options)
        page.goto("/sign-in")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(site.password)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("heading", name="Bàn làm việc").wait_for()
        return loaded(page)

    return sign_in


@pytest.fixture
def candidate(visit: Callable[..., Page], site: Site) -> Callable[..., Page]:
    """A function that signs a contestant in, of the nth printed card or of (code, PIN), and returns the page."""

    def sign_in(card: int | tuple[str, ...], viewport: dict[str, int] = PHONE, **options: object) -> Page:
        page = visit(viewport=viewport, **options)
        code, pin = (site.cards[card] if isinstance(card, int) else card)[:2]
        page.goto("/card")
        page.get_by_label("Mã dự thi").fill(code.lower())
        page.get_by_label("Mã PIN").fill(pin)
        page.get_by_role("button", name="Vào thi").click()
        page.get_by_role("heading", name="Bài thi của tôi").wait_for()
        return loaded(page)

    return sign_in


@pytest.fixture(scope="session")
def deck(site: Site) -> Iterator[tuple[str, ...]]:
    """Cards of contestants whom no other journey plays, (code, PIN, token of the QR code), round by round."""
    return chain.from_iterable(site.more_cards() for _round in count())


__all__ = ["DESK", "PATIENCE", "PHONE", "Site"]
