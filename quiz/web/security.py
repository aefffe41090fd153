"""What every answer carries: a strict policy for the browser, and no copy left behind of pages after a sign-in.

An address that no database could take as text is refused at the door.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Response, abort, request, session

from quiz.settings import Settings

POLICY = "; ".join(
    f"{directive} {source}"
    for directive, source in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }.items()
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
# An answer that only leads on has nothing in it to be embedded or to ask for a camera, and on a bad line bytes count.
OF_CONTENT = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


Headers = list[tuple[str, str]]


class Carried:
    """A WSGI application whose answers carry these headers; they are only appended, so they cost next to nothing."""

    def __init__(self, application: Any, headers: Mapping[str, str]) -> None:
        self._application = application
        self._leading_on = list(headers.items())
        self._content = [*OF_CONTENT.items(), *self._leading_on]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""

        def begin(status: str, headers: Headers, exc_info: Any = None) -> Any:
            leads_on = any(name == "Location" for name, _ in headers)
            return start_response(
                status, headers + (self._leading_on if leads_on else self._content), exc_info
            )

        return self._application(environ, begin)  # type: ignore[no-any-return]


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer of `app`, and look at every address."""
    headers = dict(HEADERS)
    if settings.https:  # over plain HTTP a browser ignores both and complains of the first on every page
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Strict-Transport-Security"] = "max-age=31536000"
    app.wsgi_app = Carried(app.wsgi_app, headers)  # type: ignore[method-assign]
    app.before_request(_refuse_what_is_no_text)
    app.after_request(_leave_nothing_behind)


def _refuse_what_is_no_text() -> None:
    """Answer 400 to an address with the byte 0, which PostgreSQL takes in no text; nobody types it."""
    if b"%00" in request.query_string or "\0" in request.path:
        abort(400)


def _leave_nothing_behind(response: Response) -> Response:
    if response.location:
        response.set_data(b"")  # nobody reads the page of a redirect
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store" if "_user_id" in session else "no-cache"
    return response
