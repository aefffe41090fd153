"""Addresses of static files, which end in a hash of the content so that browsers keep them for good.

Files that are always asked for together are one file on the line (`static/bundles.json`, made by
bin/compress_static.py): each costs a phone some three hundred bytes of headers, and small files compress badly.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Flask

from quiz.settings import ROOT

STATIC = ROOT / "static"
MADE = "made"  # the folder of the bundles


@cache
def asset(name: str) -> str:
    """Return the address of a static file."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def bundle(name: str) -> tuple[str, ...]:
    """Return what to link for a bundle: the one file, or its parts where it is not made or older than one of them."""
    parts = parts_of()[name]
    made = STATIC / MADE / Path(name).name
    return (asset(f"{MADE}/{made.name}"),) if _is_fresh(made, parts) else tuple(map(asset, parts))


def parts_of() -> dict[str, list[str]]:
    """Return the files of each bundle in their order."""
    found: dict[str, list[str]] = json.loads((STATIC / "bundles.json").read_text())
    return found


def _is_fresh(made: Path, parts: list[str]) -> bool:
    changed = max((STATIC / part).stat().st_mtime for part in parts)
    return made.exists() and made.stat().st_mtime >= changed


def init_app(app: Flask) -> None:
    """Give templates the addresses."""
    app.jinja_env.globals.update(asset=asset, bundle=bundle)
