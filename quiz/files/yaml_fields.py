"""The values inside one set of named fields of a YAML file, and what is wrong with them, by line and name."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from quiz.core.errors import N_, Problem
from quiz.files.yaml_nodes import ListNode, MapNode, Node, TextNode

Choice = TypeVar("Choice", bound=StrEnum)

LENGTHS = {
    "code": 60, "title": 300, "issuer": 300, "number": 100, "followed_by": 60, "notice": 1000, "reader": 200,
    "note": 1000,
}  # fmt: skip
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MARKS = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?", re.ASCII)

_MISSING = N_("Thiếu mục này. Hãy thêm vào.")
EMPTY = N_("Chưa có nội dung. Hãy điền mục này.")
_NOT_TEXT = N_("Mục này phải là chữ. Hãy viết nội dung ngay sau dấu hai chấm.")
_NOT_LIST = N_("Mục này phải là danh sách. Hãy viết mỗi phần tử trên một dòng, mở đầu bằng dấu gạch ngang.")
_NOT_FIELDS = N_("Chỗ này phải gồm các mục dạng “tên: nội dung”. Hãy xem mẫu rồi viết lại.")


@dataclass(slots=True)
class Fields:
    """One set of named values of the file; what is wrong with it goes into `problems` with its line and name."""

    node: MapNode
    known: dict[str, bool]
    problems: list[Problem]
    faulty: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in self.node.fields:
            if name not in self.known:
                self.fault(name, N_("Không có mục tên này. Hãy sửa tên mục hoặc xóa mục."))
        for name, required in self.known.items():
            if required:
                self.require(name)

    def require(self, name: str) -> None:
        """Add a problem when the field is not there."""
        if name not in self.node.fields:
            self.fault(name, _MISSING)

    def fault(self, name: str, message: str, line: int | None = None, **values: Any) -> None:
        """Add a problem with the field `name`, unless one was found before."""
        if name not in self.faulty:
            self.faulty.add(name)
            row = line or self.node.lines.get(name, self.node.line)
            self.problems.append(Problem(message, values, row=row, field=name))

    def value(self, name: str) -> Node | None:
        """Return the node of a field, None when it is not there or null."""
        node = self.node.fields.get(name)
        return None if isinstance(node, TextNode) and node.is_null else node

    def text(self, name: str) -> str:
        """Return the text of a field, "" when there is none."""
        node = self.value(name)
        if node is None or isinstance(node, TextNode):
            return node.text if node else ""
        self.fault(name, _NOT_TEXT)
        return ""

    def filled(self, name: str) -> str:
        """Return a text that must not be empty nor too long for its place."""
        text = self.text(name)
        if not text:
            self.fault(name, EMPTY)
        return self.short(name, text)

    def short(self, name: str, text: str | None = None) -> str:
        """Return the text of a field after a look at its length."""
        text = self.text(name) if text is None else text
        if len(text) > LENGTHS[name]:
            self.fault(name, N_("Dài quá %(limit)d ký tự. Hãy rút gọn."), limit=LENGTHS[name])
        return text

    def choice(self, name: str, values: type[Choice], default: Choice | None = None) -> Choice | None:
        """Return the member of `values` a field names."""
        text = self.text(name)
        if text in list(values):
            return values(text)
        if text or default is None:
            allowed = ", ".join(values)
            self.fault(name, N_("Giá trị này không có. Hãy chọn một trong: %(allowed)s."), allowed=allowed)
        return default

    def flag(self, name: str) -> bool:
        """Return a true or false, false when it is not there."""
        text = self.text(name).lower()
        if text not in ("true", "false", ""):
            self.fault(name, N_("Mục này chỉ nhận true hoặc false. Hãy sửa lại."))
        return text == "true"

    def day(self, name: str) -> date | None:
        """Return a date written as year-month-day."""
        text = self.text(name)
        try:
            if _DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        if text:
            self.fault(
                name, N_("Ngày phải có thật và viết theo dạng năm-tháng-ngày, ví dụ 2026-07-01. Hãy sửa lại.")
            )
        return None

    def marks(self, name: str) -> int:
        """Return a number of points in hundredths, 0 when it cannot be read."""
        found = _MARKS.fullmatch(self.text(name))
        if found is None:
            self.fault(
                name, N_("Điểm là số có nhiều nhất hai chữ số thập phân, ví dụ 2 hoặc 0.25. Hãy sửa lại.")
            )
            return 0
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty when it is not there."""
        node = self.value(name)
        if node is None:
            return ()
        if not isinstance(node, ListNode):
            self.fault(name, _NOT_LIST)
            return ()
        for entry in node.entries:
            if not isinstance(entry, TextNode):
                self.fault(
                    name, N_("Phần tử này phải là chữ. Hãy đặt nội dung trong dấu nháy kép."), entry.line
                )
        return tuple(
            entry.text if isinstance(entry, TextNode) and not entry.is_null else "" for entry in node.entries
        )

    def record(self, name: str, known: dict[str, bool]) -> "Fields":
        """Return the named values inside a field."""
        node = self.value(name)
        if isinstance(node, MapNode):
            return Fields(node, known, self.problems)
        self.fault(name, _NOT_FIELDS)
        return Fields(MapNode(self.node.lines.get(name, self.node.line)), {}, [])

    def texts_by(self, name: str, letters: str) -> dict[str, str]:
        """Return texts by letter, empty when the field is not there."""
        node = self.value(name)
        if node is None:
            return {}
        if not isinstance(node, MapNode):
            self.fault(
                name, N_("Mục này viết theo từng phương án, dạng “A: nội dung”. Hãy xem mẫu rồi viết lại.")
            )
            return {}
        for letter, entry in node.fields.items():
            if letter not in letters:
                message = N_("Không có phương án %(letter)s. Hãy ghi chữ cái của một phương án.")
                self.fault(name, message, node.lines[letter], letter=letter[:20])
            elif not isinstance(entry, TextNode):
                self.fault(name, _NOT_TEXT, entry.line)
        return {
            letter: entry.text
            for letter, entry in node.fields.items()
            if isinstance(entry, TextNode) and not entry.is_null
        }

    def parts(self, name: str, known: dict[str, bool]) -> list["Fields"]:
        """Return the nameless records of a list in order, empty when it is not there."""
        node = self.value(name)
        if node is not None and not isinstance(node, ListNode):
            self.fault(name, _NOT_LIST)
        found = []
        for entry in getattr(node, "entries", []):
            if isinstance(entry, MapNode):
                found.append(Fields(entry, known, self.problems))
            else:
                self.fault(name, _NOT_FIELDS, entry.line)
        return found

    def records(self, name: str, known: dict[str, bool]) -> list["Fields"]:
        """Return the records of a list in order; the same code twice is a problem of the later one."""
        node = self.value(name)
        if not isinstance(node, ListNode):
            self.fault(name, _NOT_LIST)
            return []
        found: list[Fields] = []
        lines: dict[str, int] = {}
        for entry in node.entries:
            if not isinstance(entry, MapNode):
                self.problems.append(Problem(_NOT_FIELDS, row=entry.line, field=name))
                continue
            fields = Fields(entry, known, self.problems)
            code = fields.text("code")
            if code in lines:
                message = N_("Mã %(code)s đã dùng ở dòng %(first)d. Hãy đặt mã khác.")
                fields.fault("code", message, code=code[:60], first=lines[code])
            elif code:
                lines[code] = entry.line
            found.append(fields)
        return found
