"""Addresses that are printed, shown as QR codes or read out: those by which another device reaches this machine."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import url_for
from markupsafe import Markup

from quiz import lan

OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def outside(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page for other devices.

    Somebody at the laptop of a hall works at http://localhost:8000, which leads no phone anywhere: there the address of
    the laptop in the hall's network stands in its place.
    """
    address = url_for(endpoint, _external=True, **values)
    parts = urlsplit(address)
    if parts.hostname not in OWN_NAMES:
        return address
    found = lan.addresses()
    if not found:
        return address
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{found[0]}{port}").geturl()


def leads_nowhere(address: str) -> bool:
    """Tell whether an address means something on this machine only, as it is in no network."""
    return urlsplit(address).hostname in OWN_NAMES


def is_local(address: str) -> bool:
    """Tell whether only devices in the same network can open an address."""
    try:
        return ip_address(urlsplit(address).hostname or "").is_private
    except ValueError:
        return False


def qr_of(address: str) -> Markup:
    """Return a link as a drawing that phones read; black on white whatever the page's colours."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(border=2, omitsize=True, light="#fff"))  # noqa: S704 drawn from figures alone
