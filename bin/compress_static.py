"""Make small copies (.br, .gz) of the style sheets, scripts and drawings in static/, served to whoever accepts them.

Comments on lines of their own and indentation stay at home: a phone on a poor line pays for every byte. The files
themselves are what a reader, and a browser that accepts no compression, gets.
"""

import gzip
import re
from pathlib import Path

import brotli

STATIC = Path(__file__).resolve().parent.parent / "static"
COMMENT = {".css": re.compile(r"/\*.*?\*/", re.S), ".js": re.compile(r"^[ \t]*//.*$", re.M)}
KEPT_WHOLE = "vendor"  # other people's files go out as they are


def slim(text: str, suffix: str) -> str:
    """Return a style sheet or script without its comments and indentation, meaning the same."""
    text = COMMENT[suffix].sub("", text)
    return re.sub(r"\n+", "\n", re.sub(r"^[ \t]+", "", text, flags=re.M)).strip() + "\n"


def main() -> None:
    """Write the copies of every file."""
    for path in STATIC.rglob("*"):
        if path.suffix not in {*COMMENT, ".svg"}:
            continue
        data = path.read_bytes()
        if path.suffix in COMMENT and KEPT_WHOLE not in path.parts:
            data = slim(data.decode(), path.suffix).encode()
        path.with_name(path.name + ".br").write_bytes(brotli.compress(data))
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))


if __name__ == "__main__":
    main()
