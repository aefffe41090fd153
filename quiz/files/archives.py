"""Files of kept data: a ZIP of JSON lines by table, written and read a row at a time however many there are.

Each part begins with a line of column names; the manifest comes last, when the SHA-256 of every part is known. Nothing
of a file is unpacked to disk, and whatever the manifest does not name is refused.
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from quiz.core.archives import (
    DAMAGED,
    FOLDER,
    MANIFEST,
    NOT_OURS,
    EditionCheck,
    Manifest,
    Part,
    TableRows,
    line_of,
    manifest_of,
    manifest_text,
    values_of,
)
from quiz.core.errors import N_, RuleBroken

LONGEST_LINE = 32 * 1024 * 1024
MOST_MANIFEST = 4 * 1024 * 1024
MOST_UNPACKED = 8 * 1024**3
MOST_RATIO = 200  # bytes unpacked ÷ bytes packed; rows of this product come to about twelve
MOST_ENTRIES = 2_000
EXTRAS = ("README.txt", "editions/")  # for people; nothing is read from them
FULL = N_("Không ghi được tệp: ổ đĩa đầy hoặc thư mục dữ liệu không cho ghi. Hãy báo người quản trị.")

Told = Callable[[int], None]  # rows so far


def _nobody(_rows: int) -> None:
    """Tell nobody."""


def write(
    path: Path,
    head: Manifest,
    tables: Iterable[TableRows],
    extras: Iterable[tuple[str, bytes]] = (),
    editions: Sequence[EditionCheck] = (),
    told: Told = _nobody,
) -> Manifest:
    """Write a file, whole or not at all, and return its manifest; `extras` are pages for people beside the tables."""
    unfinished = path.with_name(path.name + ".part")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with _created(unfinished) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            parts = []
            for table in tables:
                parts.append(_write_part(archive, table, sum(part.rows for part in parts), told))
            for name, text in extras:
                archive.writestr(_entry(name), text)
            manifest = replace(head, parts=tuple(parts), editions=tuple(editions))
            archive.writestr(_entry(MANIFEST), manifest_text(manifest))
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise RuleBroken(FULL) from None
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return manifest


@contextmanager
def _created(path: Path) -> Iterator[Any]:
    """Yield a new file that only its owner reads, on disk at the end."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry without the hour it was written, so that the same rows make the same bytes."""
    entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _write_part(archive: zipfile.ZipFile, table: TableRows, before: int, told: Told) -> Part:
    digest, rows = hashlib.sha256(), 0
    with archive.open(_entry(f"{FOLDER}{table.name}.jsonl"), "w", force_zip64=True) as part:
        line = line_of(table.columns)
        part.write(line)
        digest.update(line)
        for row in table.rows:
            line = line_of(row)
            part.write(line)
            digest.update(line)
            rows += 1
            if rows % 1_000 == 0:
                told(before + rows)
    return Part(table.name, rows, digest.hexdigest())


# --- reading ------------------------------------------------------------------------------------------------------


class Archive:
    """An opened file. Its manifest is believed once every part has been held against it by `check`."""

    def __init__(self, archive: zipfile.ZipFile, packed: int) -> None:
        self._archive = archive
        self._packed = packed
        self.manifest = self._manifest()

    def _manifest(self) -> Manifest:
        entries = self._archive.infolist()
        names = [entry.filename for entry in entries]
        if len(names) > MOST_ENTRIES or len(set(names)) < len(names) or MANIFEST not in names:
            raise RuleBroken(NOT_OURS)
        if self._archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
            raise RuleBroken(DAMAGED, part=MANIFEST)
        manifest = manifest_of(self._archive.read(MANIFEST))
        expected = {f"{FOLDER}{part.name}.jsonl" for part in manifest.parts} | {MANIFEST}
        strangers = [name for name in names if name not in expected and not name.startswith(EXTRAS)]
        if strangers or not expected <= set(names):
            raise RuleBroken(DAMAGED, part=next(iter(strangers or expected - set(names)))[:60])
        if any(entry.flag_bits & 1 for entry in entries):
            raise RuleBroken(NOT_OURS)
        return manifest

    def check(self, told: Told = _nobody) -> None:
        """Raise RuleBroken unless every part has as many rows and the SHA-256 that the manifest says."""
        unpacked = seen = 0
        for part in self.manifest.parts:
            digest, lines = hashlib.sha256(), -1
            for line in self._lines(part.name):
                digest.update(line)
                lines += 1
                unpacked += len(line)
                if unpacked > min(MOST_UNPACKED, self._packed * MOST_RATIO + LONGEST_LINE):
                    raise RuleBroken(DAMAGED, part=part.name)
                if lines % 5_000 == 0:
                    told(seen + lines)
            if lines != part.rows or digest.hexdigest() != part.sha256:
                raise RuleBroken(DAMAGED, part=part.name)
            seen += lines

    def tables(self) -> Iterator[TableRows]:
        """Yield the parts in the order of the manifest, their rows read as they are asked for."""
        for part in self.manifest.parts:
            yield self.table(part.name)

    def table(self, name: str) -> TableRows:
        """Return one part."""
        lines = self._lines(name)
        columns = values_of(next(lines, b""), name)
        if not all(isinstance(column, str) for column in columns) or len(set(columns)) < len(columns):
            raise RuleBroken(DAMAGED, part=name)
        return TableRows(name, columns, self._rows(lines, len(columns), name))

    def _rows(self, lines: Iterator[bytes], width: int, name: str) -> Iterator[list[Any]]:
        for line in lines:
            values = values_of(line, name)
            if len(values) != width:
                raise RuleBroken(DAMAGED, part=name)
            yield values

    def _lines(self, name: str) -> Iterator[bytes]:
        try:
            with self._archive.open(f"{FOLDER}{name}.jsonl") as part:
                while line := part.readline(LONGEST_LINE):
                    if not line.endswith(b"\n"):
                        raise RuleBroken(DAMAGED, part=name)
                    yield line
        except _BROKEN:
            raise RuleBroken(DAMAGED, part=name) from None


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError, RuntimeError)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a file for reading; raise RuleBroken when it is none of ours or damaged."""
    try:
        archive = zipfile.ZipFile(path)
    except (*_BROKEN, ValueError):
        raise RuleBroken(NOT_OURS) from None
    with archive:
        try:
            found = Archive(archive, path.stat().st_size)
        except (*_BROKEN, ValueError):
            raise RuleBroken(NOT_OURS) from None
        yield found


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
