"""The bank file of `questions/`: YAML to drafts with a problem per line and field, and drafts back to YAML.

The format is described for its writers in questions/README.md. What makes a question right is not decided here but
in quiz.core.items.check, which the web form asks too.
"""

from dataclasses import replace
from typing import Any

from quiz.core.errors import N_, Problem
from quiz.core.items import (
    LETTERS,
    TRUE_FALSE_OPTIONS,
    BankDraft,
    Difficulty,
    DocumentDraft,
    ExpectedPoint,
    ItemDraft,
    Kind,
    Level,
    Outcome,
    Part,
    Reading,
    Status,
    TopicDraft,
    check,
)
from quiz.files.yaml_fields import EMPTY, Fields
from quiz.files.yaml_nodes import ListNode, MapNode, TextNode, read_nodes
from quiz.files.yaml_writer import Flow, dump

# The names each part of the file may have; True: it must be there.
_FILE = {"bank": True, "topics": True, "documents": True, "items": True}
_NAMED = {"code": True, "title": True}
_DOCUMENT = _NAMED | {
    "issuer": False, "number": False, "date": False, "valid_from": False, "valid_to": False, "followed_by": False,
    "notice": False,
}  # fmt: skip
_ITEM = {
    "code": True, "document": True, "reference": True, "topic": True, "level": True, "intended_difficulty": False,
    "kind": True, "part": False, "stem": True, "options": False, "key": False, "rationale": False, "feedback": False,
    "points": False, "keep_order": False, "keep_last": False, "valid_from": False, "valid_to": False, "status": False,
    "reviewed": False,
}  # fmt: skip
_POINT = {"text": True, "marks": True}
_READING = {"date": True, "reader": True, "outcome": True, "note": False}


def read_bank(data: bytes, place: str) -> tuple[BankDraft | None, list[Problem]]:
    """Return what is right in a bank file and everything that is wrong with it, in the order of its lines.

    The draft is None when the file cannot be read as a bank at all. Never raises; `place` names the file.
    """
    root, problems = read_nodes(data)
    draft = _bank_of(root, problems) if root is not None else None
    placed = [replace(problem, place=place) for problem in problems]
    return draft, sorted(placed, key=lambda problem: problem.row or 0)


def _bank_of(root: MapNode, problems: list[Problem]) -> BankDraft | None:
    top = Fields(root, _FILE, problems)
    before = len(problems)
    bank = top.record("bank", _NAMED)
    code, title = bank.filled("code"), bank.filled("title")
    named = len(problems) == before
    topics = [_topic_of(fields) for fields in top.records("topics", _NAMED)]
    documents = _documents_of(top)
    codes = {"topic": {topic.code for topic in topics}, "document": {document.code for document in documents}}
    items = [_item_of(fields, codes) for fields in top.records("items", _ITEM)]
    if not named:
        return None
    return BankDraft(code, title, tuple(topics), tuple(documents), tuple(item for item in items if item))


def _topic_of(fields: Fields) -> TopicDraft:
    return TopicDraft(fields.filled("code"), fields.filled("title"), row=fields.node.line)


def _documents_of(top: Fields) -> list[DocumentDraft]:
    records = top.records("documents", _DOCUMENT)
    documents = [_document_of(fields) for fields in records]
    codes = {document.code for document in documents}
    for fields, document in zip(records, documents, strict=True):
        if document.followed_by and document.followed_by not in codes - {document.code}:
            message = N_(
                "Văn bản %(code)s phải là một văn bản khác khai ở phần documents. Hãy khai hoặc sửa mã."
            )
            fields.fault("followed_by", message, code=document.followed_by[:60])
    return documents


def _document_of(fields: Fields) -> DocumentDraft:
    document = DocumentDraft(
        fields.filled("code"), fields.filled("title"), fields.short("issuer"), fields.short("number"),
        fields.day("date"), fields.day("valid_from"), fields.day("valid_to"), fields.node.line,
        fields.short("followed_by"), fields.short("notice"),
    )  # fmt: skip
    if document.valid_from and document.valid_to and document.valid_to < document.valid_from:
        fields.fault("valid_to", N_("Ngày hết hiệu lực không được trước ngày có hiệu lực. Hãy sửa lại."))
    return document


def _item_of(fields: Fields, codes: dict[str, set[str]]) -> ItemDraft | None:
    """Return the item, or None when something is wrong with it."""
    level, kind = fields.choice("level", Level), fields.choice("kind", Kind)
    if kind is None:
        fields.faulty |= {"options", "key"}  # what is right for them depends on the kind
    elif kind is not Kind.ORAL:
        fields.require("key")
    options, key = _true_false(fields) if kind is Kind.TRUE_FALSE else _options(fields)
    item = ItemDraft(
        code=fields.text("code"),
        document=fields.text("document"),
        reference=fields.text("reference"),
        topic=fields.text("topic"),
        level=level or Level.REMEMBER,
        kind=kind or Kind.SINGLE,
        stem=fields.text("stem"),
        options=options,
        key=key,
        rationale=fields.text("rationale"),
        part=fields.choice("part", Part, Part.EXAM) or Part.EXAM,
        keep_order=fields.flag("keep_order") or kind is Kind.TRUE_FALSE,
        keep_last=fields.flag("keep_last"),
        valid_from=fields.day("valid_from"),
        valid_to=fields.day("valid_to"),
        status=fields.choice("status", Status, Status.DRAFT) or Status.DRAFT,
        row=fields.node.line,
        intended_difficulty=_difficulty_of(fields),
        feedback=_feedback_of(fields, len(options)),
        points=_points_of(fields),
        reviewed=_reading_of(fields),
    )
    for problem in check(item):
        if problem.field == "key" and "options" in fields.faulty:
            continue  # a key can only be looked at beside right options
        fields.fault(problem.field, problem.message, **problem.values)
    _check_declared(fields, item, codes)
    return None if fields.faulty else item


def _check_declared(fields: Fields, item: ItemDraft, codes: dict[str, set[str]]) -> None:
    messages = {
        "document": N_("Văn bản %(code)s chưa khai ở phần documents. Hãy khai ở đầu tệp hoặc sửa mã."),
        "topic": N_("Chuyên đề %(code)s chưa khai ở phần topics. Hãy khai ở đầu tệp hoặc sửa mã."),
    }
    for name, message in messages.items():
        code = getattr(item, name)
        if code not in codes[name]:
            fields.fault(name, message, code=code[:60])


def _difficulty_of(fields: Fields) -> Difficulty | None:
    given = fields.value("intended_difficulty") is not None
    return fields.choice("intended_difficulty", Difficulty) if given else None


def _feedback_of(fields: Fields, count: int) -> tuple[str, ...]:
    letters = LETTERS[:count]
    texts = fields.texts_by("feedback", letters)
    return tuple(texts.get(letter, "") for letter in letters) if any(texts.values()) else ()


def _points_of(fields: Fields) -> tuple[ExpectedPoint, ...]:
    parts = fields.parts("points", _POINT)
    points = tuple(ExpectedPoint(part.text("text"), part.marks("marks")) for part in parts)
    fields.faulty |= {"points" for part in parts if part.faulty}
    return points


def _reading_of(fields: Fields) -> Reading | None:
    if fields.value("reviewed") is None:
        return None
    record = fields.record("reviewed", _READING)
    day, outcome = record.day("date"), record.choice("outcome", Outcome)
    reader, note = record.filled("reader"), record.short("note")
    if day is None:
        record.fault("date", EMPTY)
    fields.faulty |= {"reviewed"} if record.faulty else set()
    return Reading(day, reader, outcome, note) if day and outcome else None


def _true_false(fields: Fields) -> tuple[tuple[str, ...], tuple[int, ...]]:
    if "options" in fields.node.fields:
        fields.fault("options", N_("Câu Đúng/Sai không khai phương án. Hãy bỏ mục này."))
    node = fields.value("key")
    text = node.text.lower() if isinstance(node, TextNode) else ""
    if text not in ("true", "false"):
        fields.fault("key", N_("Câu Đúng/Sai có đáp án là true (Đúng) hoặc false (Sai). Hãy sửa lại."))
    return TRUE_FALSE_OPTIONS, (0,) if text == "true" else (1,)


def _options(fields: Fields) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the options and the indices of the right ones; letters stand for the order in the file."""
    node = fields.value("key")
    letters = [
        entry.text.upper() if isinstance(entry, TextNode) else "" for entry in getattr(node, "entries", [])
    ]
    if node is not None and (
        not isinstance(node, ListNode) or any(letter not in set(LETTERS) for letter in letters)
    ):
        fields.fault(
            "key", N_("Đáp án viết bằng chữ cái trong ngoặc vuông, ví dụ [B] hoặc [A, C]. Hãy sửa lại.")
        )
        return fields.texts("options"), ()
    return fields.texts("options"), tuple(sorted(LETTERS.index(letter) for letter in letters))


def write_bank(bank: BankDraft) -> bytes:
    """Return the bank as a file that read_bank reads back to the same draft."""
    return dump({
        "bank": {"code": bank.code, "title": bank.title},
        "topics": [{"code": topic.code, "title": topic.title} for topic in bank.topics],
        "documents": [_document_fields(document) for document in bank.documents],
        "items": [_item_fields(item) for item in bank.items],
    })  # fmt: skip


def _document_fields(document: DocumentDraft) -> dict[str, Any]:
    return {
        "code": document.code,
        "title": document.title,
        "issuer": document.issuer,
        "number": document.number,
        "date": document.dated,
        "valid_from": document.valid_from,
        "valid_to": document.valid_to,
        "followed_by": document.followed_by,
        "notice": document.notice,
    }


def _item_fields(item: ItemDraft) -> dict[str, Any]:
    """Return the fields of an item in the order of the README's table."""
    true_false = item.kind is Kind.TRUE_FALSE
    fields: dict[str, Any] = {name: getattr(item, name) for name in _ITEM}
    fields["key"] = item.key == (0,) if true_false else Flow(LETTERS[place] for place in item.key)
    fields["options"] = list(item.options)
    fields["feedback"] = {letter: text for letter, text in zip(LETTERS, item.feedback, strict=False) if text}
    fields["points"] = [{"text": point.text, "marks": _marks(point.marks)} for point in item.points]
    fields["reviewed"] = _reading_fields(item.reviewed) if item.reviewed else None
    for name in _left_out(item):
        del fields[name]
    return fields


def _left_out(item: ItemDraft) -> set[str]:
    """Return the fields that the kind does not have, and feedback where there is none."""
    if item.kind is Kind.ORAL:
        return {"options", "key", "feedback"}
    left_out = {"points"} | ({"options"} if item.kind is Kind.TRUE_FALSE else set())
    return left_out if any(item.feedback) else left_out | {"feedback"}


def _marks(hundredths: int) -> int | float:
    return hundredths / 100 if hundredths % 100 else hundredths // 100


def _reading_fields(reading: Reading) -> dict[str, Any]:
    return {"date": reading.on, "reader": reading.reader, "outcome": reading.outcome, "note": reading.note}
