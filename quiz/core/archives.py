"""What a file of kept data holds: a backup of everything, or the archive of one contest. Format: docs/archives.md.

Rows stand by table as they are stored, ids and all, so that papers can be drawn again from their seeds and nothing that
refers to something loses it. `Manifest` says what is in the file and the SHA-256 of each part.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from quiz.core.errors import N_, RuleBroken

FORMAT = "htbt-kho"
VERSION = (
    2  # since archives tell where cells stood before; of the first version they are read as telling nothing
)
MANIFEST = "manifest.json"
FOLDER = "tables/"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SHA = re.compile(r"[0-9a-f]{64}")
MOST_PARTS = 300
MOST_ROWS = 50_000_000

NOT_OURS = N_(
    "Đây không phải tệp sao lưu hay lưu trữ của phần mềm này, hoặc tệp chưa được chép trọn."
    " Hãy chọn đúng tệp, hoặc chép lại tệp từ máy gốc."
)
DAMAGED = N_("Tệp bị hỏng hoặc đã bị sửa ở phần “%(part)s”. Hãy lấy lại bản sao khác.")
NEWER = N_("Tệp do phiên bản phần mềm mới hơn lập. Hãy nâng cấp phần mềm ở máy này rồi phục hồi.")


class Content(StrEnum):
    """What a file holds."""

    EVERYTHING = "everything"
    CONTEST = "contest"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table; `sha256` is of its text before packing."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of a table on their way in or out: plain values in the order of its columns."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class EditionCheck:
    """An edition with what its ranking hashed to when the file was made: computed anew from answers, None if older."""

    id: int
    round: str
    number: int
    sha256: str
    computed: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file says about itself; `schema` is the migration its tables stand at, `made_at` ms UTC."""

    content: Content
    schema: str
    product: str
    made_at: int
    title: str
    contest: str = ""
    key_mark: str = ""
    parts: tuple[Part, ...] = ()
    editions: tuple[EditionCheck, ...] = ()
    facts: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Return how many rows the file holds."""
        return sum(part.rows for part in self.parts)

    def count(self, table: str) -> int:
        """Return how many rows of a table the file holds."""
        return next((part.rows for part in self.parts if part.name == table), 0)


def manifest_text(manifest: Manifest) -> bytes:
    """Return a manifest as it is written."""
    whole = {"format": FORMAT, "version": VERSION} | asdict(manifest)
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def manifest_of(text: bytes) -> Manifest:
    """Return the manifest that was written; raise RuleBroken on anything else."""
    try:
        given = json.loads(text)
        if given.pop("format") != FORMAT:
            raise RuleBroken(NOT_OURS)
        if given.pop("version") > VERSION:
            raise RuleBroken(NEWER)
        given["content"] = Content(given["content"])
        given["parts"] = tuple(Part(**part) for part in given["parts"])
        given["editions"] = tuple(EditionCheck(**edition) for edition in given["editions"])
        manifest = Manifest(**given)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise RuleBroken(NOT_OURS) from None
    if not _is_sound(manifest):
        raise RuleBroken(DAMAGED, part=MANIFEST)
    return manifest


def _is_sound(manifest: Manifest) -> bool:
    names = [part.name for part in manifest.parts]
    words = (manifest.schema, manifest.product, manifest.title, manifest.contest, manifest.key_mark)
    return (
        len(set(names)) == len(names) <= MOST_PARTS
        and all(_is_part(part) for part in manifest.parts)
        and all(isinstance(word, str) and len(word) <= 300 for word in words)
        and isinstance(manifest.made_at, int)
        and isinstance(manifest.facts, dict)
    )


def _is_part(part: Part) -> bool:
    return (
        isinstance(part.name, str)
        and _NAME.fullmatch(part.name) is not None
        and isinstance(part.rows, int)
        and 0 <= part.rows <= MOST_ROWS
        and isinstance(part.sha256, str)
        and _SHA.fullmatch(part.sha256) is not None
    )


def line_of(values: Sequence[Any]) -> bytes:
    """Return a row, or the names of the columns, as a line of a part."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def values_of(line: bytes, part: str) -> list[Any]:
    """Return the values of a line; raise RuleBroken when it is none."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise RuleBroken(DAMAGED, part=part) from None
    if not isinstance(values, list):
        raise RuleBroken(DAMAGED, part=part)
    return values


def digest_of(table: TableRows) -> tuple[int, str]:
    """Return how many rows there are and the SHA-256 of their part."""
    digest, rows = hashlib.sha256(line_of(table.columns)), 0
    for row in table.rows:
        digest.update(line_of(row))
        rows += 1
    return rows, digest.hexdigest()


# --- in which order tables are filled -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of `table` that names a row of `target`."""

    table: str
    column: str
    target: str
    may_be_empty: bool


def filling_order(
    tables: Iterable[str], references: Sequence[Reference]
) -> tuple[list[str], list[Reference]]:
    """Return the tables so that each comes after what it refers to, and the references left to fill afterwards.

    Only references that may be empty are left: those of a table to itself, and as few others as a circle needs.
    """
    left, order, later = sorted(tables), list[str](), list[Reference]()
    others = [one for one in references if one.table != one.target]
    while left:
        ready = [table for table in left if not _waits(table, left, others)]
        if not ready:  # a circle: take a table in it whose open references may all be empty for now
            hard = [one for one in others if not one.may_be_empty]
            ready = [one for one in _in_circles(left, others) if not _waits(one, left, hard)][:1]
            if not ready:
                raise ValueError(f"tables refer to one another in a circle: {left}")
            later += [one for one in others if one.table == ready[0] and one.target in left]
        order += ready
        left = [table for table in left if table not in ready]
    return order, later + [one for one in references if one.table == one.target]


def _waits(table: str, left: Sequence[str], references: Iterable[Reference]) -> bool:
    return any(one.table == table and one.target in left for one in references)


def _in_circles(tables: Sequence[str], references: Iterable[Reference]) -> list[str]:
    """Return the tables that lead back to themselves; what merely waits for a circle is left out."""
    leads_to = {table: {one.target for one in references if one.table == table} for table in tables}
    found = []
    for table in tables:
        reached, ahead = set[str](), set(leads_to[table])
        while ahead:
            reached |= ahead
            ahead = {far for near in ahead for far in leads_to.get(near, ())} - reached
        if table in reached:
            found.append(table)
    return found
