"""Saves go first: of a process's threads, pages take only some, so that a save never stands behind a crowd of them.

Fewer pages at once also end sooner: they mostly wait for one another, for the interpreter and for the database's one
writer.
"""

import threading
from collections.abc import Iterable
from typing import Any

PAGES_AT_ONCE = 6  # of the sixteen threads of gunicorn.conf.py
SAVES = ("/responses", "/late")


class Lanes:
    """A WSGI application that lets saves through at once and a few other requests at a time."""

    def __init__(self, application: Any, pages_at_once: int = PAGES_AT_ONCE) -> None:
        self._application = application
        self._pages = threading.BoundedSemaphore(pages_at_once)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request; one that is no save first waits for a place."""
        if environ.get("PATH_INFO", "").endswith(SAVES):
            answer: Iterable[bytes] = self._application(environ, start_response)
            return answer
        with self._pages:
            return self._application(environ, start_response)  # type: ignore[no-any-return]
