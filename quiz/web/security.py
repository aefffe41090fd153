"""What every answer carries: a strict policy for the browser, and no copy left behind of pages after a sign-in."""

from flask import Flask, Response, session

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


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer of `app`."""
    headers = dict(HEADERS)
    if settings.https:  # over plain HTTP a browser ignores both and complains of the first on every page
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Strict-Transport-Security"] = "max-age=31536000"

    @app.after_request
    def _set(response: Response) -> Response:
        if response.location:
            response.set_data(b"")  # nobody reads the page of a redirect
        else:
            response.headers.extend(OF_CONTENT)
        response.headers.extend(headers)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store" if "_user_id" in session else "no-cache"
        return response
