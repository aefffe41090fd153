"""A small browser: one person's cookies and connection; gets pages, fills in forms, follows redirects.

Several people in threads each have their own. What every answer cost goes to a shared `Meter`. A request whose
answer did not come raises `NoAnswer`: it may have taken effect or not, and the caller decides what to do.
"""

import gzip
import http.client
import json
import secrets
import select
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from drill.forms import Form
from drill.pages import Page

PATIENCE = 30  # seconds one answer may take
GIVE_UP = 45  # seconds a page is asked for again and again while the server does not answer
REDIRECTS = (301, 302, 303, 307, 308)


class NoAnswer(Exception):
    """The connection ended before an answer came."""


class Refused(Exception):
    """The server answered otherwise than the drill needs to go on."""


@dataclass(slots=True)
class Meter:
    """What every answer cost: (step, seconds, status); status 0 where no answer came. Shared by all threads."""

    step: str = ""
    answers: list[tuple[str, str, float, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float, status: int, where: str) -> None:
        """Count one answer of a kind ("save", "page", …) in the step that runs."""
        with self._lock:
            self.answers.append((self.step, kind, seconds, status))
            if status >= 500:
                self.faults.append(f"{status} {where}")


class Browser:
    """One person's browser on the server at `port` of this machine."""

    def __init__(self, port: int, meter: Meter) -> None:
        self.port = port
        self.meter = meter
        self.cookies: dict[str, str] = {}
        self.page: Page | None = None
        self._connection: http.client.HTTPConnection | None = None

    @property
    def here(self) -> Page:
        """Return the page that is shown."""
        if self.page is None:
            raise Refused("no page is open")
        return self.page

    def get(self, address: str, kind: str = "page") -> Page:
        """Open a page; while the server does not answer, ask again for a bounded time."""
        return self._open("GET", self._path(address), None, {}, kind, again=True)

    def submit(self, form: Form, button: str = "", kind: str = "form", again: bool = False) -> Page:
        """Send a form and show what follows; `again`: repeat it if no answer comes, only where that is harmless."""
        address = self._path(form.action or self.here.url)
        pairs = form.data(button)
        if form.method == "get":
            return self.get(f"{address.split('?')[0]}?{urlencode(pairs)}", kind)
        body, content_type = _encoded(form, pairs)
        return self._open("POST", address, body, {"Content-Type": content_type}, kind, again)

    def post_json(
        self, address: str, data: Any, headers: Mapping[str, str], kind: str, hang_up: bool = False
    ) -> Page:
        """Send what a page's script sends and return the answer; the page shown stays.

        `hang_up`: the line breaks after the request has left, before any answer; raises NoAnswer.
        """
        body = json.dumps(data).encode()
        given = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        return self._send("POST", self._path(address), body, given, kind, hang_up)

    def close(self) -> None:
        """Break the connection; the cookies stay."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # --- one request ----------------------------------------------------------------------------------------------

    def _path(self, address: str) -> str:
        parts = urlsplit(urljoin(self.page.url if self.page else "/", address))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _open(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], kind: str, again: bool
    ) -> Page:
        page = self._answer(method, path, body, headers, kind, again)
        for _ in range(10):
            self.page = page
            if page.status not in REDIRECTS:
                return page
            page = self._answer("GET", self._path(page.headers["location"]), None, {}, kind, again=True)
        raise Refused(f"too many redirects at {page.url}")

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], kind: str, again: bool
    ) -> Page:
        """Return the answer to one request; `again`: ask once more while none comes or the server is in trouble."""
        until = time.monotonic() + GIVE_UP
        while True:
            try:
                page = self._send(method, path, body, headers, kind)
                if page.status < 500 or not again or time.monotonic() > until:
                    return page
            except NoAnswer:
                if not again or time.monotonic() > until:
                    raise
            time.sleep(0.3)

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        kind: str,
        hang_up: bool = False,
    ) -> Page:
        began = time.monotonic()
        status = 0
        try:
            connection = self._connected()
            connection.request(method, path, body, self._headers(headers))
            if hang_up:
                raise ConnectionAbortedError("the line broke")
            answer = connection.getresponse()
            content = answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(f"{method} {path}: {error!r}") from error
        finally:
            self.meter.note(kind, time.monotonic() - began, status, f"{method} {path}")
        return self._page(path, answer, content)

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is not None and _is_over(self._connection):
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return self._connection

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "Accept": "text/html,application/xhtml+xml",
            "Accept-Language": "vi",
            "Accept-Encoding": "gzip",
            "User-Agent": "drill",
        }
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.page is not None:
            headers["Referer"] = f"http://127.0.0.1:{self.port}{self.page.url}"
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
        return headers | dict(more)

    def _page(self, path: str, answer: http.client.HTTPResponse, content: bytes) -> Page:
        for value in answer.headers.get_all("Set-Cookie", []):
            self._keep(value)
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Page(path, answer.status, headers, content)

    def _keep(self, header: str) -> None:
        pair, *attributes = header.split(";")
        name, _, value = pair.strip().partition("=")
        gone = any(part.strip().lower() in ("max-age=0",) for part in attributes) or not value
        if gone:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


def _is_over(connection: http.client.HTTPConnection) -> bool:
    """Tell whether the server has closed an idle connection meanwhile, which shows as something to read."""
    if connection.sock is None:
        return False
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


def _encoded(form: Form, pairs: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
    if not form.is_multipart:
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    boundary = f"----drill{secrets.token_hex(12)}"
    parts = [_part(name, value.encode()) for name, value in pairs]
    parts += [_part(name, content, filename) for name, (filename, content) in form.files.items()]
    body = b"".join(f"--{boundary}\r\n".encode() + part for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def _part(name: str, content: bytes, filename: str = "") -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"'
    if filename:
        disposition += f'; filename="{filename}"\r\nContent-Type: application/octet-stream'
    return f"{disposition}\r\n\r\n".encode() + content + b"\r\n"


def expect(page: Page, *statuses: int, saying: Iterable[str] = ()) -> Page:
    """Return the page if it has one of the statuses (200) and says all of `saying`; raise Refused with its words."""
    if page.status not in (statuses or (200,)):
        raise Refused(f"expected {statuses or 200}: {page.said()}")
    for text in saying:
        if text not in page.root.text():
            raise Refused(f"expected “{text}”: {page.said()}")
    return page
