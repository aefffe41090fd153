"""The bank file of `questions/`: YAML to drafts with a problem per line and field, and drafts back to YAML.

The format is described for its writers in questions/README.md. What makes a question right is not decided here but
in quiz.core.items.check, which the web form asks too.
"""

from dataclasses import replace
from typing import Any

from quiz.core.errors import N_, Problem
from quiz.core.items import (
    TRUE_FALSE_OPTIONS,
    BankDraft,
    DocumentDraft,
    ItemDraft,
    Kind,
    Level,
    Part,
    Status,
    TopicDraft,
    check,
)
from quiz.files.yaml_fields import Fields
from quiz.files.yaml_nodes import ListNode, MapNode, TextNode, read_nodes
from quiz.files.yaml_writer import Flow, dump

# The names each part of the file may have; True: it must be there.
_FILE = {"bank": True, "topics": True, "documents": True, "items": True}
_NAMED = {"code": True, "title": True}
_DOCUMENT = _NAMED | {"issuer": False, "number": False, "date": False, "valid_from": False, "valid_to": False}
_ITEM = {
    "code": True, "document": True, "reference": True, "topic": True, "level": True, "kind": True, "part": False,
    "stem": True, "options": False, "key": True, "rationale": False, "keep_order": False, "keep_last": False,
    "valid_from": False, "valid_to": False, "status": False,
}  # fmt: skip
_LETTERS = "ABCDEF"


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
    documents = [_document_of(fields) for fields in top.records("documents", _DOCUMENT)]
    codes = {"topic": {topic.code for topic in topics}, "document": {document.code for document in documents}}
    items = [_item_of(fields, codes) for fields in top.records("items", _ITEM)]
    if not named:
        return None
    return BankDraft(code, title, tuple(topics), tuple(documents), tuple(item for item in items if item))


def _topic_of(fields: Fields) -> TopicDraft:
    return TopicDraft(fields.filled("code"), fields.filled("title"), row=fields.node.line)


def _document_of(fields: Fields) -> DocumentDraft:
    document = DocumentDraft(
        fields.filled("code"), fields.filled("title"), fields.short("issuer"), fields.short("number"),
        fields.day("date"), fields.day("valid_from"), fields.day("valid_to"), row=fields.node.line,
    )  # fmt: skip
    if document.valid_from and document.valid_to and document.valid_to < document.valid_from:
        fields.fault("valid_to", N_("Ngày hết hiệu lực không được trước ngày có hiệu lực. Hãy sửa lại."))
    return document


def _item_of(fields: Fields, codes: dict[str, set[str]]) -> ItemDraft | None:
    """Return the item, or None when something is wrong with it."""
    level, kind = fields.choice("level", Level), fields.choice("kind", Kind)
    if kind is None:
        fields.faulty |= {"options", "key"}  # what is right for them depends on the kind
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
        not isinstance(node, ListNode) or any(letter not in set(_LETTERS) for letter in letters)
    ):
        fields.fault(
            "key", N_("Đáp án viết bằng chữ cái trong ngoặc vuông, ví dụ [B] hoặc [A, C]. Hãy sửa lại.")
        )
        return fields.texts("options"), ()
    return fields.texts("options"), tuple(sorted(_LETTERS.index(letter) for letter in letters))


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
    }


def _item_fields(item: ItemDraft) -> dict[str, Any]:
    """Return the fields of an item in the order of the README's table."""
    true_false = item.kind is Kind.TRUE_FALSE
    fields: dict[str, Any] = {name: getattr(item, name) for name in _ITEM}
    fields["key"] = item.key == (0,) if true_false else Flow(_LETTERS[place] for place in item.key)
    fields["options"] = list(item.options)
    if true_false:
        del fields["options"]
    return fields
