"""An XML file as small nodes with their lines, handed out part by part so that a large file needs little memory.

No DTD is taken, so there are no entities but the five of XML itself, and nothing outside the file is looked at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from quiz.core.errors import N_
from quiz.files.text_input import Refused

MAX_DEPTH = 60
MAX_NODES = 3_000  # of one part
MAX_TAGS = 1_000_000  # every < of the file
MAX_EQUALS = 250_000  # every =; a parser keeps each name of an attribute it has met

_BROKEN = N_("Máy không đọc được tệp XML từ dòng này. Hãy xuất lại tệp từ phần mềm đã tạo ra nó.")
_DTD = N_("Tệp XML có khai báo DOCTYPE hoặc thực thể, không nhận vì lý do an toàn. Hãy xóa khai báo đó.")
_TOO_MUCH = N_("Phần này lồng nhau quá sâu hoặc có quá nhiều thẻ. Hãy chia nhỏ tệp.")


@dataclass(slots=True)
class XmlNode:
    """One element: its name without namespace, what it holds in order, and the line where it begins."""

    name: str
    attributes: dict[str, str]
    line: int
    parts: list["str | XmlNode"] = field(default_factory=list)

    @property
    def children(self) -> Iterator["XmlNode"]:
        """Yield the elements inside."""
        return (part for part in self.parts if isinstance(part, XmlNode))

    def all(self, name: str) -> Iterator["XmlNode"]:
        """Yield the elements of that name directly inside."""
        return (child for child in self.children if child.name == name)

    def first(self, *path: str) -> "XmlNode | None":
        """Return the first element at the end of a path of names, or None."""
        found: XmlNode | None = self
        for name in path:
            found = next(found.all(name), None) if found else None
        return found

    def walk(self) -> Iterator["XmlNode"]:
        """Yield the elements inside at any depth, in order."""
        for child in self.children:
            yield child
            yield from child.walk()

    @property
    def text(self) -> str:
        """The text inside, without that of elements inside it."""
        return "".join(part for part in self.parts if isinstance(part, str))


class _Builder:
    """Builds the parts at one depth of the tree; what lies above them is only counted."""

    def __init__(self, depth: int, keep: Callable[[XmlNode], None], rename: Callable[[str], str]) -> None:
        self.depth, self.keep, self.rename = depth, keep, rename
        self.open: list[XmlNode] = []
        self.level = self.count = 0
        self.parser: Any = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self.count = self.count + 1 if self.open else 0
        if self.level > MAX_DEPTH or self.count > MAX_NODES:
            raise Refused(_TOO_MUCH, self.parser.CurrentLineNumber)
        if self.level >= self.depth:
            names = {self.rename(_local(name)): text for name, text in attributes.items()}
            node = XmlNode(self.rename(_local(tag)), names, self.parser.CurrentLineNumber)
            if self.open:
                self.open[-1].parts.append(node)
            self.open.append(node)
        self.level += 1

    def data(self, text: str) -> None:
        """Take text in."""
        if self.open:
            self.open[-1].parts.append(text)

    def end(self, _tag: str) -> None:
        """End an element and hand it out when it is a whole part."""
        self.level -= 1
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.keep(node)

    def close(self) -> None:
        """Nothing is left to hand out."""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def read_parts(
    text: str, depth: int, keep: Callable[[XmlNode], None], rename: Callable[[str], str] = str
) -> None:
    """Hand every element at `depth` (0: the root) to `keep`; raise Refused for what is broken or too much."""
    if text.count("<") > MAX_TAGS or text.count("=") > MAX_EQUALS:
        raise Refused(_TOO_MUCH)
    builder = _Builder(depth, keep, rename)
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.parser = parser.parser
    try:
        parser.feed(text)  # as text: what the file says of its encoding is settled by now
        parser.close()
    except DefusedXmlException:
        raise Refused(_DTD) from None
    except ParseError as error:
        raise Refused(_BROKEN, error.position[0]) from None
