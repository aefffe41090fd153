"""Essays handed in as files: whether a file is what its name says, and how many pages it has where that can be counted.

Nothing is opened beyond what the count needs; the file itself is only kept and handed on as it came.
"""

import io
import re
import zipfile
from collections.abc import Callable

from quiz.core import essays
from quiz.core.errors import N_, RuleBroken
from quiz.core.essays import FileKind
from quiz.files.zip_check import ZipLimits, check_zip

LIMITS = ZipLimits(packed_bytes=essays.LARGEST, unpacked_bytes=40 * 1024 * 1024)
ODT_MIMETYPE = b"application/vnd.oasis.opendocument.text"
MIMETYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ODT: ODT_MIMETYPE.decode(),
    FileKind.TXT: "text/plain; charset=utf-8",
    FileKind.JPG: "image/jpeg",
    FileKind.PNG: "image/png",
}
NOT_THAT = N_("Nội dung tệp không đúng loại .%(kind)s. Hãy mở tệp, lưu lại đúng loại rồi nộp.")
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_DOCX_PAGES = re.compile(rb"<Pages>(\d{1,5})</Pages>")
_ODT_PAGES = re.compile(rb'meta:page-count="(\d{1,5})"')


def looked_at(file_name: str, data: bytes) -> tuple[FileKind, int | None]:
    """Return the kind of a file and its pages, None where they cannot be counted.

    Raise RuleBroken when it is no file of the kind its name says.
    """
    kind = essays.kind_of(file_name)
    essays.check_size(len(data))
    return kind, _PAGES[kind](data)


def _pdf(data: bytes) -> int | None:
    if b"%PDF-" not in data[:1024] or b"%%EOF" not in data[-2048:]:
        raise RuleBroken(NOT_THAT, kind="pdf")
    return len(_PAGE.findall(data)) or None  # packed away in newer files, then nobody counts


def _docx(data: bytes) -> int | None:
    files = _unpacked(data, "docx")
    if "word/document.xml" not in files.namelist():
        raise RuleBroken(NOT_THAT, kind="docx")
    return _counted(files, "docProps/app.xml", _DOCX_PAGES)


def _odt(data: bytes) -> int | None:
    files = _unpacked(data, "odt")
    if "mimetype" not in files.namelist() or files.read("mimetype").strip() != ODT_MIMETYPE:
        raise RuleBroken(NOT_THAT, kind="odt")
    return _counted(files, "meta.xml", _ODT_PAGES)


def _unpacked(data: bytes, kind: str) -> zipfile.ZipFile:
    if not data.startswith(b"PK"):
        raise RuleBroken(NOT_THAT, kind=kind)
    for problem in check_zip(data, LIMITS):
        raise RuleBroken(problem.message, **problem.values)
    return zipfile.ZipFile(io.BytesIO(data))


def _counted(files: zipfile.ZipFile, name: str, pattern: re.Pattern[bytes]) -> int | None:
    found = pattern.search(files.read(name)) if name in files.namelist() else None
    return int(found[1]) or None if found else None


def _txt(data: bytes) -> int | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RuleBroken(N_("Tệp chữ không phải UTF-8. Hãy lưu với bảng mã UTF-8 rồi nộp.")) from None
    if "\x00" in text:
        raise RuleBroken(NOT_THAT, kind="txt")
    return None


def _jpg(data: bytes) -> int | None:
    if not data.startswith(b"\xff\xd8\xff"):
        raise RuleBroken(NOT_THAT, kind="jpg")
    return 1


def _png(data: bytes) -> int | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise RuleBroken(NOT_THAT, kind="png")
    return 1


_PAGES: dict[FileKind, Callable[[bytes], int | None]] = {
    FileKind.PDF: _pdf, FileKind.DOCX: _docx, FileKind.ODT: _odt, FileKind.TXT: _txt, FileKind.JPG: _jpg,
    FileKind.PNG: _png,
}  # fmt: skip
