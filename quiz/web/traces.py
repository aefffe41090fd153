"""What a contestant's sign-in leaves, so that the board can see afterwards which papers came from one device or line.

The device has a random name in a cookie of its own, that only sign-in pages are sent; it is made of nothing about the
device. Name and network are stored as keyed hashes, and never an address.
"""

from typing import Any

from flask import current_app, request, url_for

from quiz.core.signals import network_of
from quiz.services import traces
from quiz.services.traces import Trace

COOKIE = "device"
DAYS = 90  # a contest with all its rounds


def device() -> str:
    """Return the name of the device that asks, a new one where it has none yet."""
    name = request.cookies.get(COOKIE, "")
    return name if 0 < len(name) <= 64 else traces.new_device()


def trace(device_name: str) -> Trace:
    """Return what is kept of this sign-in."""
    return traces.trace_of(device_name, network_of(request.remote_addr or ""))


def leave(answer: Any, device_name: str) -> None:
    """Let the device keep its name; pages of the paper never carry it, so that it costs their saving nothing."""
    links = url_for("auth.scan", token="x").rsplit("/", 1)[0]  # noqa: S106  a place in an address
    for path in (url_for("auth.card"), links):
        answer.set_cookie(
            COOKIE, device_name, max_age=DAYS * 86_400, path=path, httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
