"""QTI packages: a zip whose manifest lists the items, each an XML file of its own; a single item is read too."""

import io
import posixpath
import zipfile
from dataclasses import replace
from urllib.parse import unquote

from quiz.core.errors import N_, Problem
from quiz.core.questions import Notice, QuestionDraft
from quiz.files.foreign_kinds import plainer
from quiz.files.qti_item import is_formatted, plain_name, question_of
from quiz.files.question_tags import tagged, unused
from quiz.files.text_input import MAX_QUESTIONS, TOO_MANY, Findings, Refused, clean, decoded
from quiz.files.xml_nodes import XmlNode, read_parts
from quiz.files.zip_check import ZipLimits, check_zip

LIMITS = ZipLimits(entries=MAX_QUESTIONS + 200, unpacked_bytes=40 * 1024 * 1024)
MANIFEST = "imsmanifest.xml"

_UNSAFE = N_(
    "Gói có phần “%(name)s” không an toàn hoặc bị nén lạ, nên không mở. Hãy xuất lại gói rồi tải lên."
)
_NO_MANIFEST = N_("Gói không có tệp imsmanifest.xml nên không phải gói QTI. Hãy chọn đúng tệp.")
_NO_ITEMS = N_("Gói không có câu hỏi QTI 2.1 hoặc 3.0. Hãy xuất lại với một trong hai phiên bản đó.")
_MISSING = N_("Danh mục có câu này nhưng trong gói không có tệp của câu. Hãy xuất lại gói.")
_AGAIN = N_("Danh mục ghi tệp của câu này hai lần; chỉ đọc một lần.")
_NO_ITEM = N_("Tệp XML này không phải một câu hỏi QTI (assessmentItem). Hãy chọn đúng tệp.")
_NO_TEST = N_("Cấu trúc đề trong gói không được nhập; chỉ nhập các câu hỏi.")


def read_qti(data: bytes) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the choice questions of a package or of a single item, and what is wrong or left out; never raise."""
    problems = Findings()
    try:
        if data.startswith(b"PK"):
            questions = _read_package(data, problems)
        else:
            formatted: list[str] = []
            read = _question_in(data, "", 1, problems, formatted)
            questions = [read] if read else []
            problems.extend(plainer(formatted))
    except Refused as refused:
        return [], [*problems, refused.problem]
    return questions, problems


def _read_package(data: bytes, problems: list[Problem]) -> list[QuestionDraft]:
    if faults := check_zip(data, LIMITS):
        unsafe = Problem(_UNSAFE, faults[0].values) if "name" in faults[0].values else faults[0]
        raise Refused(unsafe.message, **unsafe.values)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _Package(archive, problems).read()


class _Package:
    """An opened package whose container has been checked."""

    def __init__(self, archive: zipfile.ZipFile, problems: list[Problem]) -> None:
        self.archive, self.problems = archive, problems
        self.names = set(archive.namelist())
        self.listed: list[XmlNode] = []
        self.seen: set[str] = set()
        self.formatted: list[str] = []
        self.has_test = False

    def read(self) -> list[QuestionDraft]:
        """Return the questions in the order of the manifest."""
        folder = self._read_manifest()
        strange: set[str] = set()
        questions = []
        for row, resource in enumerate(self.listed, start=1):
            read = self._question(resource, folder, row)
            if read:
                read, more = tagged(read, _keywords(resource))
                questions.append(read)
                strange.update(more[:20])
        self.problems += [*plainer(self.formatted), *unused(strange)]
        self.problems += [Notice(_NO_TEST)] if self.has_test else []
        return questions

    def _read_manifest(self) -> str:
        """Find and read the manifest; return its folder, which others may have zipped too."""
        found = sorted((name for name in self.names if posixpath.basename(name) == MANIFEST), key=len)
        if not found:
            raise Refused(_NO_MANIFEST)
        read_parts(decoded(self.archive.read(found[0])), 2, self._list)
        if not self.listed:
            raise Refused(_NO_ITEMS)
        return posixpath.dirname(found[0])

    def _list(self, node: XmlNode) -> None:
        kind = node.attributes.get("type", "").lower()
        if node.name == "resource" and kind.startswith(("imsqti_item_xmlv2", "imsqti_item_xmlv3")):
            self.listed.append(node)
        elif node.name == "resource" and kind.startswith(("imsqti_test", "imsqti_assessment")):
            self.has_test = True
        if len(self.listed) > MAX_QUESTIONS:
            raise Refused(TOO_MANY, limit=MAX_QUESTIONS)

    def _question(self, resource: XmlNode, folder: str, row: int) -> QuestionDraft | None:
        href = resource.attributes.get("href", "")
        name = posixpath.normpath(posixpath.join(folder, href))
        name = name if name in self.names else unquote(name)
        place = clean(href)[:120]
        if name not in self.names:
            self.problems.append(Problem(_MISSING, place=place, row=row))
            return None
        if name in self.seen:
            self.problems.append(Notice(_AGAIN, place=place, row=row))
            return None
        self.seen.add(name)
        try:
            return _question_in(self.archive.read(name), place, row, self.problems, self.formatted)
        except Refused as refused:
            self.problems.append(replace(refused.problem, place=place))
            return None


def _question_in(
    data: bytes, place: str, row: int, problems: list[Problem], formatted: list[str]
) -> QuestionDraft | None:
    found: list[XmlNode] = []
    read_parts(decoded(data), 0, found.append, plain_name)
    if found[0].name != "assessmentItem":
        raise Refused(_NO_ITEM)
    question = question_of(found[0], place, row, problems)
    if question and is_formatted(found[0]):
        formatted.append(place or str(row))
    return question


def _keywords(resource: XmlNode) -> list[str]:
    """Return the keywords in the metadata of a resource."""
    return [
        "".join(node.text for node in [word, *word.walk()])
        for word in resource.walk()
        if word.name == "keyword"
    ]
