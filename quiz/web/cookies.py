"""The signed cookie of a browser, read and written by a signer that is built once and not for every request."""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions; the key of an application never changes while it runs, so neither does its signer."""

    def __init__(self) -> None:
        self._signer: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        """Return the signer of the one application these sessions belong to, None when it has no key."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer
