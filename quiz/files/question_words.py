"""The words for levels, kinds, parts … in files for people (Excel, Word), and what else people write for them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from quiz.core.items import Difficulty, Kind, Level, Outcome, Part, Status
from quiz.core.names import search_key

LETTERS = "ABCDEF"

LEVELS = {Level.REMEMBER: "Nhận biết", Level.UNDERSTAND: "Thông hiểu", Level.APPLY: "Vận dụng"}
DIFFICULTIES = {Difficulty.EASY: "Dễ", Difficulty.MEDIUM: "Trung bình", Difficulty.HARD: "Khó"}
KINDS = {
    Kind.SINGLE: "Chọn một phương án",
    Kind.MULTIPLE: "Chọn nhiều phương án",
    Kind.TRUE_FALSE: "Đúng hay sai",
    Kind.ORAL: "Vấn đáp",
}
PARTS = {Part.EXAM: "Để thi", Part.PRACTICE: "Để ôn tập"}
STATUSES = {
    Status.DRAFT: "Bản nháp",
    Status.IN_REVIEW: "Chờ duyệt",
    Status.APPROVED: "Đã duyệt",
    Status.RETIRED: "Ngừng dùng",
}
OUTCOMES = {Outcome.AGREED: "Đồng ý", Outcome.CHANGED: "Đã sửa"}

# Without marks and in small letters, as search_key leaves them.
ALSO: dict[str, Any] = {
    "nho": Level.REMEMBER, "biet": Level.REMEMBER, "nb": Level.REMEMBER,
    "hieu": Level.UNDERSTAND, "th": Level.UNDERSTAND,
    "van dung thap": Level.APPLY, "van dung cao": Level.APPLY, "vd": Level.APPLY, "ap dung": Level.APPLY,
    "vua": Difficulty.MEDIUM, "binh thuong": Difficulty.MEDIUM,
    "mot dap an": Kind.SINGLE, "mot lua chon": Kind.SINGLE, "trac nghiem": Kind.SINGLE,
    "nhieu dap an": Kind.MULTIPLE, "nhieu lua chon": Kind.MULTIPLE,
    "dung/sai": Kind.TRUE_FALSE, "dung sai": Kind.TRUE_FALSE, "tinh huong": Kind.ORAL,
    "thi": Part.EXAM, "de thi": Part.EXAM, "on tap": Part.PRACTICE, "on": Part.PRACTICE,
    "nhap": Status.DRAFT, "duyet": Status.APPROVED, "thoi dung": Status.RETIRED,
}  # fmt: skip

Choice = TypeVar("Choice", bound=StrEnum)


def also(labels: Mapping[Choice, str]) -> dict[str, Choice]:
    """Return what else people write for the members of `labels`, without marks: a short form, the machine's name."""
    names = {str(member): member for member in labels}
    return names | {word: member for word, member in ALSO.items() if member in labels}


def chosen(text: str, labels: Mapping[Choice, str]) -> Choice | None:
    """Return the member that a text names, None when it names none."""
    words = {search_key(label): member for member, label in labels.items()} | also(labels)
    return words.get(search_key(text).strip(" ."))
