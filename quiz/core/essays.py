"""What contestants hand in before the day for a part (R44): which files, until when, and what is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from quiz.core.errors import N_, RuleBroken

DAY = 24 * 3_600_000  # ms
LARGEST = 5 * 1024 * 1024  # bytes
MOST_PAGES = 200
MOST_DAYS = 60


class FileKind(StrEnum):
    """A kind of file that may be handed in; its value is how the name ends."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    TXT = "txt"
    JPG = "jpg"
    PNG = "png"


SUFFIXES = {kind.value: kind for kind in FileKind} | {"jpeg": FileKind.JPG}


@dataclass(frozen=True, slots=True)
class EssayRule:
    """What a part asks for: at most so many `pages` (0: any number), `days` before the round opens."""

    days: int = 0
    pages: int = 0


def faults(rule: EssayRule) -> Iterator[str]:
    """Yield a sentence for whatever makes a rule unusable."""
    if not 0 <= rule.days <= MOST_DAYS:
        yield N_("Hạn nộp bài trước phải từ 0 đến 60 ngày trước giờ mở vòng thi.")
    if not 0 <= rule.pages <= MOST_PAGES:
        yield N_("Số trang của bài nộp trước phải từ 0 đến 200; để trống nếu không giới hạn.")


def deadline(rule: EssayRule, opens_at: int | None) -> int | None:
    """Return until when it may be handed in (ms UTC), None while the round has no hours."""
    return None if opens_at is None else opens_at - rule.days * DAY


def is_late(until: int | None, now: int) -> bool:
    """Tell whether the deadline has passed; what comes at that very instant is in time."""
    return until is not None and now > until


def kind_of(file_name: str) -> FileKind:
    """Return the kind of a file by its name; raise RuleBroken for any other."""
    _name, dot, end = file_name.rpartition(".")
    kind = SUFFIXES.get(end.lower())
    if not dot or kind is None:
        raise RuleBroken(
            N_("Chỉ nhận tệp PDF, Word (.docx), .odt, .txt hoặc ảnh .jpg, .png. Hãy lưu lại rồi nộp.")
        )
    return kind


def check_size(size: int) -> None:
    """Raise RuleBroken for an empty file and one that is too large."""
    if not size:
        raise RuleBroken(N_("Tệp rỗng. Hãy chọn lại tệp."))
    if size > LARGEST:
        raise RuleBroken(N_("Tệp lớn hơn 5 MB. Hãy giảm cỡ ảnh trong bài rồi nộp lại."))


def check_pages(rule: EssayRule, pages: int | None) -> None:
    """Raise RuleBroken for more pages than allowed; where they cannot be counted people look."""
    if rule.pages and pages is not None and pages > rule.pages:
        raise RuleBroken(
            N_("Bài có %(pages)d trang, quá số trang cho phép (%(most)d). Hãy rút gọn rồi nộp lại."),
            pages=pages,
            most=rule.pages,
        )
