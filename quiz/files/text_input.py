"""The text of an uploaded file: decoded, free of what no text holds, and Vietnamese in Unicode or refused.

Before Unicode, Vietnamese was typed in fonts of their own (TCVN3, VNI). Such files still turn up; they decode without
an error and look like noise, so they are recognised by letters no Vietnamese word has and refused with advice.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator

from quiz.core.errors import N_, Problem
from quiz.core.names import STACKED, nfc

MAX_BYTES = 10 * 1024 * 1024
MAX_QUESTIONS = 20_000
MAX_LINES = 2_000_000
MAX_FINDINGS = 2_000
MAX_TEXT = 10_000  # characters of one text; every field of an item is shorter
_SAMPLE = 300_000  # characters looked at for an old encoding
_ENOUGH = 3  # different hits that are no accident in a sentence
_PLENTY = 8  # and in a file that is mostly markup
_LETTERS_A_HIT = 40
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip

_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffd-\uffff]")
_TAG = re.compile("<[^<>]{1,500}>")
_LETTER = re.compile("[a-zA-Z]")
_VIETNAMESE = re.compile("[ĂăĐđƠơƯưẠ-ỹ]|[a-zA-Z][\u0300-\u0323]")
# Signs inside a word, or a capital with a mark after a small letter: “viÖc”, “®¶ng”. VNI has neither.
_TCVN3 = re.compile("[§®©¨ª«¬\xadµ¶·¸¹»¼½¾][a-zA-Z]|[a-zA-Z][®©¨ª«¬\xadµ¶·¸¹»¼½¾]|[a-z][\xc6-\xdf]")
# A vowel with its mark as a letter behind it: “boä”, “ñaûng”. In TCVN3 some of these pairs turn up too.
_VNI = re.compile("[aeiouyöô][ûïøäåëü]|[AEIOUYÖÔ][ÛÏØÄÅËÜ]|ñ[a-zöô]|Ñ[a-zA-ZöôÖÔ]|öô|ÖÔ|[aA][êÊ]|[oO][âÂ]")
_BROKEN = re.compile("á[»º][\x80-\xbf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]|Ä[‘\x91]|Æ[°¡]|Ã[\xa0-\xbf]")

_LEGACY = N_(
    "Chữ trong tệp theo bảng mã cũ %(name)s. Hãy mở UniKey Toolkit, chuyển từ %(name)s sang Unicode dựng sẵn, "
    "lưu lại rồi tải lên."
)
_DAMAGED = N_(
    "Chữ trong tệp đã hỏng khi đổi bảng mã (có chỗ như “%(sample)s”). Hãy mở tệp gốc, lưu với bảng mã UTF-8 "
    "rồi tải lên."
)
_STACK = N_("Có chỗ quá nhiều dấu chồng lên một chữ. Hãy xóa rồi gõ lại chỗ đó.")
TOO_MANY = N_("Tệp có hơn %(limit)d câu. Hãy chia thành nhiều tệp.")


class Refused(Exception):
    """Carries the one Problem that ends the reading of a file or of one question."""

    def __init__(self, message: str, row: int | None = None, field: str = "", **values: object) -> None:
        self.problem = Problem(message, values, row=row, field=field)
        super().__init__(message)


class Findings(list[Problem]):
    """The problems of one file; raises Refused when they are more than anybody would read."""

    def append(self, problem: Problem) -> None:
        """Add a problem."""
        if len(self) >= MAX_FINDINGS:
            raise Refused(N_("Tệp có quá nhiều chỗ phải sửa. Hãy sửa những chỗ trên trước, rồi tải lên lại."))
        super().append(problem)


def decoded(data: bytes) -> str:
    """Return the text of a file in NFC with plain line ends; raise Refused when it is too large or no readable text."""
    if not data:
        raise Refused(N_("Tệp rỗng: chọn lại tệp rồi tải lên."))
    if len(data) > MAX_BYTES:
        raise Refused(N_("Tệp lớn hơn %(limit)d MB. Hãy chia thành nhiều tệp."), limit=MAX_BYTES // 1024**2)
    text = _unicode(data).replace("\r\n", "\n").replace("\r", "\n")
    if odd := _NOT_TEXT.search(text):
        message = N_("Có ký tự không nhìn thấy và không dùng được. Hãy xóa rồi gõ lại dòng này.")
        raise Refused(message, line_of(text, odd.start()))
    if stacked := STACKED.search(text):
        raise Refused(_STACK, line_of(text, stacked.start()))
    refuse_legacy(text)
    return unicodedata.normalize("NFC", text)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number, one after another: a list of millions would be larger than the file."""
    if text.count("\n") > MAX_LINES:
        raise Refused(N_("Tệp có quá nhiều dòng. Hãy chia thành nhiều tệp."))
    start, number = 0, 1
    while (end := text.find("\n", start)) >= 0:
        yield number, text[start:end]
        start, number = end + 1, number + 1
    yield number, text[start:]


def line_of(text: str, place: int) -> int:
    """Return the 1-based line of a place in the text."""
    return text.count("\n", 0, place) + 1


def clean(text: str) -> str:
    """Return a text of a field in NFC on one line, cut where it is longer than any field may be."""
    text = text[:MAX_TEXT]
    if STACKED.search(text):
        raise Refused(_STACK)
    return nfc(text)


def legacy_encoding(text: str) -> str:
    """Return "TCVN3" or "VNI" when the letters are those of one of these old encodings, "" otherwise."""
    sample = _TAG.sub(" ", text[:_SAMPLE])
    tcvn3, others = _TCVN3.findall(sample), _VNI.findall(sample)
    different, hits = len({*tcvn3, *others}), len(tcvn3 + others)
    is_dense = different >= _ENOUGH and hits * _LETTERS_A_HIT >= len(_LETTER.findall(sample))
    if not (different >= _PLENTY or is_dense) or hits <= len(_VIETNAMESE.findall(sample)):
        return ""
    return "TCVN3" if tcvn3 else "VNI"


def refuse_legacy(text: str) -> None:
    """Raise Refused with advice when the text is in an old encoding or was damaged by a wrong conversion."""
    broken = [found.group() for found in _BROKEN.finditer(text[:_SAMPLE])]
    if len(set(broken)) >= _ENOUGH and len(broken) > len(_VIETNAMESE.findall(text[:_SAMPLE])):
        raise Refused(_DAMAGED, sample="".join(broken[:2]))
    if name := legacy_encoding(text):
        raise Refused(_LEGACY, name=name)


def refuse_legacy_bytes(data: bytes) -> None:
    """Raise Refused with advice when bytes that are no UTF-8 are an old encoding, not UTF-8 with a spoiled letter."""
    sample = data[:_SAMPLE]
    if len(_VIETNAMESE.findall(sample.decode("utf-8", "ignore"))) < _ENOUGH:
        refuse_legacy(sample.decode("cp1252", "replace"))


def _unicode(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "") or _without_mark(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        refuse_legacy_bytes(data)
        message = N_("Tệp không phải UTF-8. Hãy lưu lại tệp với bảng mã UTF-8.")
        raise Refused(message, data.count(b"\n", 0, error.start) + 1) from None


def _without_mark(data: bytes) -> str:
    """Return the encoding of a file without a mark: in UTF-16 every other byte of plain letters is zero."""
    head = data[:2_000]
    if len(data) % 2 == 0 and head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    return "utf-8"
