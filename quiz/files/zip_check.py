"""The check of an uploaded zip container (xlsx, docx, …) before any library opens it.

Sizes are counted while unpacking, never taken from the headers; at most one chunk is in memory.
"""

import io
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from quiz.core.errors import N_, Problem

_CHUNK = 256 * 1024
_WINDOW = 128 * 1024  # longer than the longest text of a cell, 32,767 letters
_MEGABYTE = 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# Office writes its XML in UTF-8 and never with a DTD; in another encoding one could hide from the search.
_DTD = re.compile(rb"<!(DOCTYPE|ENTITY)")
_NOT_UTF8 = re.compile(
    rb"\xfe\xff|\xff\xfe|\x00{1,3}<|<\x00|<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8|us-ascii)", re.IGNORECASE
)
_XML = re.compile(rb"(\xef\xbb\xbf)?\s*(<|\Z)")
_TAG = re.compile(rb"<([^\s/>]++)")
_ATTRIBUTE = re.compile(rb"\s([^\s<>=\"'/]++)\s*+=")
_ODD_NAME = re.compile(r"^[/\\]|\\|^[A-Za-z]:|[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a container may hold at most; `ratio` is bytes unpacked ÷ bytes sent.

    `tags` counts every <, `equals` every = of an XML part, `names` the different names of tags and attributes:
    a parser keeps every name it has met.
    """

    packed_bytes: int = 10 * _MEGABYTE
    unpacked_bytes: int = 60 * _MEGABYTE
    entries: int = 2_000
    ratio: int = 200
    tags: int = 1_500_000
    equals: int = 1_000_000
    names: int = 20_000


class _Refused(Exception):
    """Carries the Problem that ends the check."""

    def __init__(self, message: str, **values: object) -> None:
        self.problem = Problem(message, values)
        super().__init__(message)


_BROKEN = N_("Tệp bị hỏng hoặc tải lên chưa hết: mở tệp trên máy, lưu lại rồi tải lên lần nữa.")
_UNSAFE = N_(
    "Tệp có phần “%(name)s” không thể có trong tệp do Excel hay Word lưu: tạo tệp mới và chép dữ liệu sang."
)
_TOO_MUCH = N_("Tệp mở ra quá lớn: chép riêng phần dữ liệu cần dùng sang tệp mới rồi tải lên.")


def _reject_what_is_no_zip(data: bytes, limits: ZipLimits, wanted: str) -> None:
    if not data:
        raise _Refused(N_("Tệp rỗng: chọn lại tệp rồi tải lên."))
    if len(data) > limits.packed_bytes:
        message = N_("Tệp lớn hơn %(limit)s MB: chép riêng phần dữ liệu cần dùng sang tệp mới rồi tải lên.")
        raise _Refused(message, limit=limits.packed_bytes // _MEGABYTE)
    if data.startswith(_OLD_OFFICE) and _ENCRYPTED_OFFICE in data:
        raise _Refused(N_("Tệp có mật khẩu: mở tệp, bỏ mật khẩu, lưu lại rồi tải lên."))
    if data.startswith(_OLD_OFFICE):
        message = N_("Tệp theo định dạng cũ (.xls, .doc): mở tệp, chọn Lưu thành %(wanted)s rồi tải lên.")
        raise _Refused(message, wanted=wanted)
    if not data.startswith(b"PK"):
        message = N_("Đây không phải tệp %(wanted)s: chọn đúng tệp, hoặc mở và lưu lại đúng định dạng.")
        raise _Refused(message, wanted=wanted)


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
    for name, times in Counter(entry.filename for entry in entries).items():
        if times > 1:
            raise _Refused(_UNSAFE, name=name[:60])
    return entries


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


class _Tally:
    """Counts what has been unpacked so far; refuses it when it passes a limit."""

    def __init__(self, packed: int, limits: ZipLimits) -> None:
        self.limits = limits
        self.bytes_allowed = min(limits.unpacked_bytes, packed * limits.ratio)
        self.unpacked = self.tags = self.equals = 0
        self.names: set[bytes] = set()

    def add(self, chunk: bytes, is_xml: bool) -> None:
        """Count a chunk; raise _Refused when it is too much."""
        self.unpacked += len(chunk)
        self.tags += chunk.count(b"<")
        if is_xml:
            self.equals += chunk.count(b"=")
        is_within = self.tags <= self.limits.tags and self.equals <= self.limits.equals
        if is_within and is_xml and self.unpacked <= self.bytes_allowed:
            self.names.update(_TAG.findall(chunk), _ATTRIBUTE.findall(chunk))
        if not is_within or self.unpacked > self.bytes_allowed or len(self.names) > self.limits.names:
            raise _Refused(_TOO_MUCH)


def _reject_hidden(entry: zipfile.ZipInfo, before: bytes, chunk: bytes, is_xml: bool) -> None:
    """Refuse a DTD, text that is not UTF-8, and a tag of XML longer than a window."""
    windows = range(0, len(chunk) - _WINDOW + 1, _WINDOW) if is_xml else ()
    is_endless = any(chunk.count(b"<", start, start + _WINDOW) == 0 for start in windows)
    if is_endless or _DTD.search(before[-16:] + chunk) or (not before and _NOT_UTF8.match(chunk)):
        raise _Refused(_UNSAFE, name=entry.filename[:60])


def _unpack_all(archive: zipfile.ZipFile, packed: int, limits: ZipLimits) -> None:
    """Unpack every entry to nowhere and look at it chunk by chunk."""
    tally = _Tally(packed, limits)
    for entry in _entries(archive, limits):
        before = b""
        is_xml = False
        for chunk in _chunks(archive, entry):
            is_xml = is_xml if before else _XML.match(chunk) is not None
            tally.add(chunk, is_xml)
            _reject_hidden(entry, before, chunk, is_xml)
            before = chunk


def check_zip(data: bytes, limits: ZipLimits = ZipLimits(), wanted: str = ".zip") -> list[Problem]:
    """Return the one reason why these bytes must not be opened as a zip container, or [] when they may.

    `wanted` is the ending of the files that are taken where it is asked.
    """
    try:
        _reject_what_is_no_zip(data, limits, wanted)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _unpack_all(archive, len(data), limits)
    except _Refused as refused:
        return [refused.problem]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return [Problem(_BROKEN)]
    return []
