"""The requests of each window as raw HTTP: the cookies, CSRF tokens and bodies a contestant's browser would send."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from bench.data import PIN, PLACES, Contestant
from quiz.web import access

AGENT = "Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137 Mobile Safari/537.36"
FORM, SCRIPT = "application/x-www-form-urlencoded", "application/json"
HELLO = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
DEVICE = 20  # bits of a stamp that name the device


class Browsers:
    """One browser for each contestant: the signed cookie of an open session and the tokens its pages carry."""

    def __init__(self, app: Flask, contestants: Sequence[Contestant]) -> None:
        self._app = app
        self._cookie: dict[int, str] = {}
        self._form_token: dict[int, str] = {}
        self._save_token: dict[int, str] = {}
        for one in contestants:
            self._sign_in(one)
        with self._request():
            self._stranger_token = generate_csrf()
            self._stranger = self._signed_cookie()

    def _sign_in(self, one: Contestant) -> None:
        with self._request():
            access.begin(one.token)
            self._form_token[one.person_id] = generate_csrf()
            self._save_token[one.person_id] = access.save_token(one.token)
            self._cookie[one.person_id] = self._signed_cookie()

    def staff_cookie(self, token: str) -> str:
        """Return the cookie of a browser signed in under `token`."""
        with self._request():
            access.begin(token)
            return self._signed_cookie()

    @contextmanager
    def _request(self) -> Iterator[None]:
        with (
            self._app.app_context(),  # its own: what a request remembers must not reach the next browser
            self._app.test_request_context(
                headers={"User-Agent": AGENT}, environ_base={"REMOTE_ADDR": "127.0.0.1"}
            ),
        ):
            yield

    def _signed_cookie(self) -> str:
        signer = self._app.session_interface.get_signing_serializer(self._app)  # type: ignore[attr-defined]  # Flask's own, of cookies
        return f"quiz={signer.dumps(dict(session))}"

    def form(self, path: str, person_id: int) -> bytes:
        """Return the post of a page's form that has nothing but its CSRF token."""
        body = urlencode({"csrf_token": self._form_token[person_id]})
        return _post(path, body, {"Cookie": self._cookie[person_id], "Content-Type": FORM})

    def stranger_form(self, path: str, fields: Mapping[str, str]) -> bytes:
        """Return the post of a form by a browser that is not signed in."""
        body = urlencode({"csrf_token": self._stranger_token, **fields})
        return _post(path, body, {"Cookie": self._stranger, "Content-Type": FORM})

    def script(self, path: str, person_id: int, body: str, plain: bool = False) -> bytes:
        """Return the post of the question page's script, or the same for the plain way's own CSRF header."""
        token = (
            {"X-CSRFToken": self._form_token[person_id]}
            if plain
            else {"X-CSRF-Token": self._save_token[person_id]}
        )
        return _post(path, body, {"Cookie": self._cookie[person_id], "Content-Type": SCRIPT, **token})

    def page(self, path: str) -> bytes:
        """Return the request for a page by a browser that is not signed in."""
        return _message("GET", path, {"Cookie": self._stranger}, "")


def _post(path: str, body: str, headers: Mapping[str, str]) -> bytes:
    return _message("POST", path, {**headers, "Content-Length": str(len(body.encode()))}, body)


def _message(method: str, path: str, headers: Mapping[str, str], body: str) -> bytes:
    known = {"Host": "localhost", "User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in {**known, **headers}.items()),
    ]
    return "\r\n".join([*lines, "", body]).encode()


def sign_ins_by_link(browsers: Browsers, contestants: Sequence[Contestant]) -> Iterator[bytes]:
    """Yield the tap on the button of the page that each card's QR code opens."""
    return (browsers.stranger_form(f"/c/{one.qr_token}", {}) for one in contestants)


def sign_ins_by_pin(browsers: Browsers, contestants: Sequence[Contestant]) -> Iterator[bytes]:
    """Yield each contestant's sign-in by code and PIN."""
    return (
        browsers.stranger_form("/card", {"code": one.code, "pin": PIN, "next": ""}) for one in contestants
    )


def starts(
    browsers: Browsers, contestants: Sequence[Contestant], round_ids: Sequence[int], prefix: str = ""
) -> Iterator[bytes]:
    """Yield each contestant's start of each round, in an order drawn once and for all."""
    pairs = [(one.person_id, round_id) for round_id in round_ids for one in contestants]
    random.Random("starts").shuffle(pairs)
    return (browsers.form(f"{prefix}/rounds/{round_id}/start", person_id) for person_id, round_id in pairs)


def submits(browsers: Browsers, attempts: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """Yield the hand-in of each (attempt, person)."""
    return (browsers.form(f"/attempts/{key}/submit", person_id) for key, person_id in attempts)


def saves(
    browsers: Browsers, attempts: Sequence[tuple[int, int]], count: int, plain: bool = False
) -> Iterator[bytes]:
    """Yield so many saves of one choice each, at chance positions of chance attempts."""
    chance, prefix = random.Random("saves"), "/plain" if plain else ""
    for _ in range(count):
        key, person_id = chance.choice(attempts)
        stamp = (chance.randrange(30 * 60_000) << DEVICE) + chance.randrange(1 << DEVICE)
        batch = [[chance.randrange(PLACES), str(chance.randrange(4)), stamp]]
        body = json.dumps({"responses": batch}, separators=(",", ":"))
        yield browsers.script(f"{prefix}/attempts/{key}/responses", person_id, body, plain)


def pages(browsers: Browsers, edition_id: int, size: int, per_page: int) -> Iterator[bytes]:
    """Yield the first page of a ranking and pages from all over it, in turn."""
    chance, last = random.Random("pages"), -(-size // per_page)
    for _ in range(200):
        yield browsers.page(f"/results/{edition_id}")
        yield browsers.page(f"/results/{edition_id}?page={chance.randrange(1, last + 1)}")
