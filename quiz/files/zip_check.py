"""The check of an uploaded zip container (xlsx, docx, …) before any library opens it.

Sizes are counted while unpacking, never taken from the headers; at most one chunk is in memory.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from quiz.core.errors import N_, Problem

_CHUNK = 256 * 1024
_MEGABYTE = 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ODD_NAME = re.compile(r"^[/\\]|\\|^[A-Za-z]:|[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a container may hold at most: bytes as sent, bytes unpacked, entries, unpacked ÷ packed, XML tags."""

    packed_bytes: int = 10 * _MEGABYTE
    unpacked_bytes: int = 60 * _MEGABYTE
    entries: int = 2_000
    ratio: int = 200
    tags: int = 2_000_000


class _Refused(Exception):
    """Carries the Problem that ends the check."""

    def __init__(self, message: str, **values: object) -> None:
        self.problem = Problem(message, values)
        super().__init__(message)


_BROKEN = N_("Tệp bị hỏng hoặc tải lên chưa hết: mở tệp trên máy, lưu lại rồi tải lên lần nữa.")
_UNSAFE = N_("Tệp có phần “%(name)s” không thể có trong tệp do Excel hay Word lưu: tạo tệp mới và chép dữ liệu sang.")
_TOO_MUCH = N_("Tệp mở ra quá lớn: chép riêng phần dữ liệu cần dùng sang tệp mới rồi tải lên.")


def _reject_what_is_no_zip(data: bytes, limits: ZipLimits) -> None:
    if not data:
        raise _Refused(N_("Tệp rỗng: chọn lại tệp rồi tải lên."))
    if len(data) > limits.packed_bytes:
        message = N_("Tệp lớn hơn %(limit)s MB: chép riêng phần dữ liệu cần dùng sang tệp mới rồi tải lên.")
        raise _Refused(message, limit=limits.packed_bytes // _MEGABYTE)
    if data.startswith(_OLD_OFFICE) and _ENCRYPTED_OFFICE in data:
        raise _Refused(N_("Tệp có mật khẩu: mở tệp, bỏ mật khẩu, lưu lại rồi tải lên."))
    if data.startswith(_OLD_OFFICE):
        raise _Refused(N_("Tệp theo định dạng cũ (.xls, .doc): mở tệp, chọn Lưu thành .xlsx hoặc .docx rồi tải lên."))
    if not data.startswith(b"PK"):
        raise _Refused(N_("Đây không phải tệp .xlsx hoặc .docx: chọn đúng tệp, hoặc mở và lưu lại đúng định dạng."))


def _reject_unsafe(entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that could leave its folder, is a link, is encrypted or packed in an unusual way."""
    outside = ".." in PurePosixPath(entry.filename).parts or _ODD_NAME.search(entry.filename)
    if outside or stat.S_ISLNK(entry.external_attr >> 16) or entry.compress_type not in _METHODS:
        raise _Refused(_UNSAFE, name=entry.filename[:60])
    if entry.flag_bits & 1:
        raise _Refused(N_("Tệp có mật khẩu: mở tệp, bỏ mật khẩu, lưu lại rồi tải lên."))


def _entries(archive: zipfile.ZipFile, limits: ZipLimits) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise _Refused(_TOO_MUCH)
    for entry in entries:
        _reject_unsafe(entry)
    names = [entry.filename for entry in entries]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise _Refused(_UNSAFE, name=twice[:60])
    return entries


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _unpack_all(archive: zipfile.ZipFile, packed: int, limits: ZipLimits) -> None:
    """Unpack every entry to nowhere, counting bytes and tags; refuse what passes a limit or carries a DTD."""
    allowed = min(limits.unpacked_bytes, packed * limits.ratio)
    unpacked = tags = 0
    for entry in _entries(archive, limits):
        is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        tail = b""
        for chunk in _chunks(archive, entry):
            unpacked += len(chunk)
            if unpacked > allowed:
                raise _Refused(_TOO_MUCH)
            if is_xml:
                tags += chunk.count(b"<")
                # Office writes UTF-8 and never a DTD; a NUL byte is UTF-16, in which one could hide.
                if b"\x00" in chunk or b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
                    raise _Refused(_UNSAFE, name=entry.filename[:60])
                tail = chunk[-16:]
        if tags > limits.tags:
            raise _Refused(_TOO_MUCH)


def check_zip(data: bytes, limits: ZipLimits = ZipLimits()) -> list[Problem]:
    """Return the one reason why these bytes must not be opened as a zip container, or [] when they may."""
    try:
        _reject_what_is_no_zip(data, limits)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _unpack_all(archive, len(data), limits)
    except _Refused as refused:
        return [refused.problem]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return [Problem(_BROKEN)]
    return []
