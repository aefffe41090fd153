"""The signed cookie of a browser, whose signature is checked once and not again with every choice that it saves."""

from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

KEPT = 10_000  # browsers whose cookies a process remembers
LONGEST = 600  # characters of cookies that are remembered, so that nobody fills the memory


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions; the key of an application never changes while it runs, so neither does its signer.

    What a signature was found good for is remembered by the very text of the cookies: the same text has the same
    signature. When it ends is not the cookie's to say: the session on the server says it (services/auth.py).
    """

    def __init__(self) -> None:
        self._signer: Any = None
        self._known: dict[str, dict[str, str]] = {}

    def get_signing_serializer(self, app: Flask) -> Any:
        """Return the signer of the one application these sessions belong to, None when it has no key."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookies of a request say, nothing of it when they are not ours."""
        text = request.environ.get("HTTP_COOKIE", "")
        known = self._known.get(text)
        if known is not None:
            return self.session_class(known)
        found = super().open_session(app, request)
        if found and len(text) <= LONGEST and all(type(value) is str for value in found.values()):
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[text] = dict(found)
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie when what it says has changed."""
        if session and not session.modified and not session.permanent:
            if session.accessed:
                response.vary.add("Cookie")
            return
        super().save_session(app, session, response)
