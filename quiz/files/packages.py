"""Packages and sittings as files: JSON lines with a manifest, gzip, sealed (quiz.files.sealing).

The manifest is the first line and names every part with its number of lines and the SHA-256 of their bytes. Reading
is bounded in every direction and believes nothing: what is not exactly what was written is refused as a whole.
"""

import gzip
import hashlib
import io
import json
import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from quiz.core import packages as core
from quiz.core import sittings
from quiz.core import stage_lines as stage
from quiz.core.errors import N_, RuleBroken
from quiz.core.packages import RoundPackage
from quiz.core.sittings import Sitting
from quiz.files import sealing

ROUND, SITTING = "round", "sitting"
MOST_TEXT = 80 * 1024 * 1024  # bytes unpacked
LONGEST_LINE = 1024 * 1024
MOST_LINES = 200_000
LONGEST_TEXT = 100_000  # characters of one value

UNREADABLE = N_(
    "Nội dung tệp không đúng mẫu ở phần “%(part)s”. Chưa có gì được nhập. Hãy lấy lại tệp từ máy gốc."
)
NEWER = N_(
    "Tệp do bản phần mềm mới hơn bản trên máy này lập. Chưa có gì được nhập. Hãy cài bản mới trên máy này rồi thử lại."
)
WRONG_KIND = {
    ROUND: N_("Đây là tệp kết quả mang về, không phải gói đề. Hãy chọn gói đề đã tải từ máy chủ."),
    SITTING: N_(
        "Đây là gói đề mang đi, không phải tệp kết quả. Trên máy ở hội trường, hãy nạp ở mục Nạp gói đề vào máy này; "
        "trên máy chủ, hãy chọn tệp kết quả lấy từ máy ở hội trường."
    ),
}

PARTS: dict[str, dict[str, type]] = {
    ROUND: {
        "round": core.RoundLine, "units": core.UnitLine, "people": core.PersonLine, "entries": core.EntryLine,
        "cards": core.CardLine, "banks": core.NamedLine, "documents": core.NamedLine, "topics": core.NamedLine,
        "items": core.ItemLine, "staff": stage.StaffLine, "panel": stage.PanelLine, "order": stage.OrderLine,
        "turns": stage.TurnLine, "lots": stage.LotLine,
    },
    SITTING: {
        "head": sittings.SittingLine, "drawn": sittings.DrawnLine, "attempts": sittings.AttemptLine,
        "late": sittings.LateLine, "papers": sittings.PaperLine, "halls": sittings.HallLine,
        "devices": sittings.DeviceLine, "seats": sittings.SeatLine, "sign_ins": sittings.SignInLine,
        "grants": sittings.GrantLine, "absent": sittings.AbsentLine, "cells": sittings.CellLine,
        "incidents": sittings.IncidentLine,
        "audit": sittings.AuditRow, "staff": stage.StaffLine, "panel": stage.PanelLine, "order": stage.OrderLine,
        "turns": stage.TurnLine, "performances": stage.PerformanceLine, "lots": stage.LotLine,
    },
}  # fmt: skip
VERSION = 2
# The version that first had a part; those not named were in the first.
SINCE = dict.fromkeys(("staff", "panel", "order", "turns", "performances", "lots"), 2)
SINGLE = frozenset({"round", "head"})


@dataclass(frozen=True, slots=True)
class _Part:
    """One part as the manifest announces it."""

    name: str
    lines: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Manifest:
    """The first line of the text."""

    kind: str
    package: str
    secret: str
    made_at: int
    parts: tuple[_Part, ...]
    version: int = 1


def write_package(package: RoundPackage, phrase: str) -> bytes:
    """Return a package as a file that only the passphrase opens."""
    text = _text(ROUND, package.uuid, package.secret, package.made_at, package)
    return sealing.seal(text, ROUND, package.uuid, phrase, is_phrase=True)


def read_package(data: bytes, phrase: str) -> RoundPackage:
    """Return the package in a file; raise RuleBroken when it is not one, was changed or has another passphrase."""
    _check_kind(data, ROUND)
    manifest, parts = _parts(sealing.opened(data, phrase), ROUND)
    if manifest.package != sealing.head_of(data).package or not _is_secret(manifest.secret):
        raise _unreadable("manifest")
    return RoundPackage(manifest.package, manifest.secret, manifest.made_at, **parts)


def write_sitting(sitting: Sitting, secret: str) -> bytes:
    """Return a sitting as a file sealed with the secret of its package."""
    text = _text(SITTING, sitting.head.package, "", sitting.head.collected_at, sitting)
    return sealing.seal(text, SITTING, sitting.head.package, secret, is_phrase=False)


def read_sitting(data: bytes, secret: str) -> Sitting:
    """Return the sitting in a file; raise RuleBroken when it is not one or was not sealed with `secret`."""
    _check_kind(data, SITTING)
    manifest, parts = _parts(sealing.opened(data, secret), SITTING)
    if not manifest.package == parts["head"].package == sealing.head_of(data).package:
        raise _unreadable("manifest")
    return Sitting(**parts)


def package_named(data: bytes) -> str:
    """Return which package a returned file says it belongs to, unproven; raise RuleBroken when it is no such file."""
    _check_kind(data, SITTING)
    return sealing.head_of(data).package


def _check_kind(data: bytes, kind: str) -> None:
    if sealing.head_of(data).kind != kind:
        raise RuleBroken(WRONG_KIND[kind])
    if bool(sealing.head_of(data).salt) is not (kind == ROUND):
        raise RuleBroken(sealing.NOT_OURS)


def _is_secret(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


# --- writing ------------------------------------------------------------------------------------------------------


def _text(kind: str, package: str, secret: str, made_at: int, thing: Any) -> bytes:
    parts = {name: [*_lines(name, thing)] for name in PARTS[kind]}
    announced = tuple(
        _Part(name, len(lines), hashlib.sha256(b"".join(lines)).hexdigest()) for name, lines in parts.items()
    )
    manifest = _line(_Manifest(kind, package, secret, made_at, announced, VERSION))
    whole = b"".join([manifest, *(line for lines in parts.values() for line in lines)])
    return gzip.compress(whole, mtime=0)


def _lines(name: str, thing: Any) -> Iterator[bytes]:
    value = getattr(thing, name)
    return map(_line, [value] if name in SINGLE else value)


def _line(value: Any) -> bytes:
    plain = _adapter(type(value)).dump_python(value, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


# --- reading ------------------------------------------------------------------------------------------------------


@cache
def _adapter(line: type) -> TypeAdapter[Any]:
    return TypeAdapter(line)


def _parts(packed: bytes, kind: str) -> tuple[_Manifest, dict[str, Any]]:
    lines = iter(_unpacked(packed))
    manifest = _read(_Manifest, next(lines, b""), "manifest")
    if manifest.version > VERSION:
        raise RuleBroken(NEWER)
    due = [name for name in PARTS[kind] if SINCE.get(name, 1) <= manifest.version]
    if manifest.kind != kind or [part.name for part in manifest.parts] != due:
        raise _unreadable("manifest")
    found = {part.name: _read_part(part, lines, PARTS[kind][part.name]) for part in manifest.parts}
    if next(lines, None) is not None:
        raise _unreadable("manifest")
    for name in SINGLE & found.keys():
        if len(found[name]) != 1:
            raise _unreadable(name)
        found[name] = found[name][0]
    return manifest, found


def _read_part(part: _Part, lines: Iterator[bytes], line: type) -> tuple[Any, ...]:
    if not 0 <= part.lines <= MOST_LINES:
        raise _unreadable(part.name)
    raw = [read for _, read in zip(range(part.lines), lines, strict=False)]
    if len(raw) != part.lines or hashlib.sha256(b"".join(raw)).hexdigest() != part.sha256:
        raise _unreadable(part.name)
    return tuple(_read(line, text, part.name) for text in raw)


def _unpacked(packed: bytes) -> Iterable[bytes]:
    """Return the lines of a gzip text, at most MOST_LINES of at most LONGEST_LINE bytes, MOST_TEXT in all."""
    total, found = 0, []
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            while line := file.readline(LONGEST_LINE):
                total += len(line)
                if not line.endswith(b"\n") or total > MOST_TEXT or len(found) > MOST_LINES:
                    raise _unreadable("gzip")
                found.append(line)
    except (OSError, EOFError, zlib.error):
        raise _unreadable("gzip") from None
    return found


def _read(line: type, text: bytes, part: str) -> Any:
    try:
        value = _adapter(line).validate_json(text, strict=True)
    except (ValidationError, RecursionError):
        raise _unreadable(part) from None
    if not all(map(_is_sane, _values(_adapter(line).dump_python(value)))):
        raise _unreadable(part)
    return value


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _values(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _values(inner)
    else:
        yield value


def _is_sane(value: Any) -> bool:
    """Tell whether both databases can keep a value: no NUL, no endless text, no number beyond 64 bits or none."""
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and "\0" not in value
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or -(1 << 62) <= value <= 1 << 62


def _unreadable(part: str) -> RuleBroken:
    return RuleBroken(UNREADABLE, part=part)
