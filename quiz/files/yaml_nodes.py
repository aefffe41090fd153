"""A YAML file as plain nodes with their lines: text stays the text that was written, and what no list needs is refused.

The library only splits the file into events. Nothing is built by tag, no anchor is followed, and the reading stops
at the first thing that is refused, so a hostile file costs no more than the part before it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from quiz.core.errors import N_, Problem
from quiz.core.names import nfc
from quiz.files.text_input import Refused, refuse_legacy, refuse_legacy_bytes

MAX_BYTES = 5 * 1024 * 1024
MAX_LINE = 20_000  # characters; some loops of the library go over a line again and again
MAX_DEPTH = 20
MAX_NODES = 200_000  # some 4,000 questions
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAB = re.compile("^ *\t", re.MULTILINE)
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class TextNode:
    """A single value as it was written; `plain`: without quotes."""

    text: str
    plain: bool
    line: int

    @property
    def is_null(self) -> bool:
        """Tell whether nothing was written, or the word null without quotes."""
        return self.plain and self.text in _NULLS


@dataclass(slots=True)
class ListNode:
    """A list of nodes."""

    line: int
    entries: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class MapNode:
    """Fields by name; `lines` tells where each name stands."""

    line: int
    fields: dict[str, "Node"] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    waiting: str | None = None  # the name whose value comes next


Node = TextNode | ListNode | MapNode


class _Refused(Exception):
    """Carries the Problem that ends the reading."""

    def __init__(self, message: str, line: int | None = None, name: str = "", **values: Any) -> None:
        self.problem = Problem(message, values, row=line, field=name)
        super().__init__(message)


TOO_LARGE = N_("Tệp lớn hơn %(limit)d MB. Hãy chia thành nhiều tệp.")
_BROKEN = N_("Máy không đọc được từ dòng này. Hãy xem lại dấu hai chấm, dấu nháy và cách thụt dòng.")


def read_nodes(data: bytes) -> tuple[MapNode | None, list[Problem]]:
    """Return the fields of a YAML file, or None with the one reason why it is not read; never raise."""
    try:
        return _build(YAML(typ="safe", pure=True).parse(_decoded(data))), []
    except (_Refused, Refused) as refused:
        return None, [refused.problem]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Problem(_BROKEN, row=mark.line + 1 if mark else None)]
    except (
        Exception
    ):  # the library meets broken input with errors of every kind; all mean the same to the reader
        return None, [Problem(_BROKEN)]


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _Refused(TOO_LARGE, limit=MAX_BYTES // 1024**2)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse_legacy_bytes(data)
        line = data.count(b"\n", 0, error.start) + 1
        raise _Refused(N_("Tệp không phải UTF-8. Hãy lưu lại tệp với bảng mã UTF-8."), line) from None
    refuse_legacy(text)
    if odd := _UNREADABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        raise _Refused(N_("Có ký tự không nhìn thấy và không dùng được. Hãy xóa rồi gõ lại dòng này."), line)
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            raise _Refused(N_("Dòng này quá dài. Hãy xuống dòng, mỗi dòng vài trăm ký tự."), number)
    if tab := _TAB.search(text):
        line = text.count("\n", 0, tab.end()) + 1
        raise _Refused(N_("Đầu dòng có dấu Tab. Hãy thay bằng dấu cách."), line)
    return text


def _build(events: Iterable[Any]) -> MapNode:
    """Put events together into nodes without recursion; raise _Refused at the first that has no place here."""
    parents: list[ListNode | MapNode] = []
    root: Node | None = None
    for count, event in enumerate(events):
        _refuse_extras(event, count, len(parents), root)
        if isinstance(event, SequenceEndEvent | MappingEndEvent):
            parents.pop()
        elif (node := _node_of(event)) is not None:
            if parents:
                _attach(parents[-1], node)
            else:
                root = node
            if not isinstance(node, TextNode):
                parents.append(node)
    if not isinstance(root, MapNode):
        raise _Refused(
            N_("Tệp không có các phần bank, topics, documents và items. Hãy xem mẫu rồi viết lại.")
        )
    return root


def _refuse_extras(event: Any, count: int, depth: int, root: Node | None) -> None:
    line = event.start_mark.line + 1
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise _Refused(N_("Không dùng bí danh (& và *). Hãy viết lại nội dung ở chỗ này."), line)
    if getattr(event, "tag", None):
        raise _Refused(
            N_("Không dùng thẻ (dấu ! trước nội dung). Hãy bỏ thẻ, hoặc đặt nội dung trong dấu nháy."), line
        )
    if count > 2 * MAX_NODES or depth > MAX_DEPTH:
        raise _Refused(N_("Tệp lồng nhau quá sâu hoặc có quá nhiều mục. Hãy chia nhỏ tệp."), line)
    if isinstance(event, DocumentStartEvent) and root is not None:
        raise _Refused(N_("Dòng --- mở đầu một tệp thứ hai. Hãy bỏ dòng này, mỗi tệp một ngân hàng."), line)


def _node_of(event: Any) -> Node | None:
    line = event.start_mark.line + 1
    match event:
        case ScalarEvent():
            return TextNode(nfc(event.value), not event.style, line)
        case SequenceStartEvent():
            return ListNode(line)
        case MappingStartEvent():
            return MapNode(line)
    return None


def _attach(parent: ListNode | MapNode, node: Node) -> None:
    if isinstance(parent, ListNode):
        parent.entries.append(node)
    elif parent.waiting is not None:
        parent.fields[parent.waiting] = node
        parent.waiting = None
    elif not isinstance(node, TextNode):
        raise _Refused(N_("Tên mục phải là một từ. Hãy bỏ ngoặc hoặc dấu ? ở đầu dòng."), node.line)
    elif node.text in parent.fields:
        raise _Refused(N_("Mục này đã ghi ở trên. Hãy xóa một trong hai chỗ."), node.line, node.text)
    else:
        parent.waiting = node.text
        parent.lines[node.text] = node.line
