"""Make what goes on the line of static/: the bundles, and small copies (.br, .gz) for whoever accepts them.

Comments on lines of their own and indentation stay at home: a phone on a poor line pays for every byte. The files
themselves are what a reader, and a browser that accepts no compression, gets.
"""

import gzip
import json
import re
from pathlib import Path

import brotli

STATIC = Path(__file__).resolve().parent.parent / "static"
MADE = STATIC / "made"
# A comment behind code goes too where nothing after it could end a string: what looks like one may stand in a string.
COMMENT = {
    ".css": re.compile(r"/\*.*?\*/", re.S),
    ".js": re.compile(r"^[ \t]*//.*$|(?<=[;{},)])[ \t]+// [^\"'`\n]*$", re.M),
}
KEPT_WHOLE = "vendor"  # other people's files go out as they are


def slim(text: str, suffix: str) -> str:
    """Return a style sheet or script without its comments and indentation, meaning the same."""
    text = COMMENT[suffix].sub("", text)
    return re.sub(r"\n+", "\n", re.sub(r"^[ \t]+", "", text, flags=re.M)).strip() + "\n"


def content(path: Path) -> str:
    """Return what of a style sheet or script goes on the line."""
    text = path.read_text(encoding="utf-8")
    return text if KEPT_WHOLE in path.parts else slim(text, path.suffix)


def joined(parts: list[Path]) -> str:
    """Return style sheets or scripts as one; each script keeps its names to itself, as it does in a file of its own."""
    texts = [content(part) for part in parts]
    return "".join(f"{{\n{text}\n}}\n" if parts[0].suffix == ".js" else text for text in texts)


def make_bundles() -> None:
    """Write the bundles."""
    MADE.mkdir(exist_ok=True)
    for name, parts in json.loads((STATIC / "bundles.json").read_text(encoding="utf-8")).items():
        (MADE / Path(name).name).write_text(joined([STATIC / part for part in parts]), encoding="utf-8")


def make_copies() -> None:
    """Write the small copies of every file."""
    for path in STATIC.rglob("*"):
        if path.suffix not in {*COMMENT, ".svg"}:
            continue
        data = content(path).encode() if path.suffix in COMMENT else path.read_bytes()
        path.with_name(path.name + ".br").write_bytes(brotli.compress(data))
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))


if __name__ == "__main__":
    make_bundles()
    make_copies()
