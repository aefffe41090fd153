"""Questions as a JSON list: the fields of an item under the names of the YAML bank, most of them optional.

The shape is described for its writers in docs/question-formats.md. The list is read element by element, so that a
problem has the line where its question begins and a hostile file costs no more than its length.
"""

import json
import re
from decimal import Decimal
from typing import Any

from quiz.core.errors import N_, Problem
from quiz.core.items import (
    TRUE_FALSE_OPTIONS,
    BankDraft,
    Difficulty,
    ExpectedPoint,
    ItemDraft,
    Kind,
    Level,
    Outcome,
    Part,
    Reading,
    Status,
)
from quiz.core.questions import QuestionDraft
from quiz.files.text_input import MAX_QUESTIONS, TOO_MANY, Findings, Refused, clean, decoded, line_of
from quiz.files.yaml_fields import Fields
from quiz.files.yaml_nodes import ListNode, MapNode, Node, TextNode

MAX_DEPTH = 6
MAX_ENTRIES = 100  # of one list or object inside a question
MAX_VALUES = 600_000
LETTERS = "ABCDEF"
_SPACE = re.compile(r"[ \t\n\r]*")
_QUESTION = {
    "code": False, "document": False, "reference": False, "topic": False, "level": False,
    "intended_difficulty": False, "kind": False, "part": False, "stem": True, "options": False, "key": False,
    "rationale": False, "feedback": False, "points": False, "keep_order": False, "keep_last": False,
    "valid_from": False, "valid_to": False, "status": False, "reviewed": False,
}  # fmt: skip
_POINT = {"text": True, "marks": True}
_READING = {"date": True, "reader": True, "outcome": True, "note": False}

_BROKEN = N_("Máy không đọc được tệp JSON từ dòng này. Hãy xem lại dấu phẩy, dấu nháy kép và các ngoặc.")
_NO_LIST = N_("Tệp JSON phải là một danh sách câu hỏi trong ngoặc vuông. Hãy xem mẫu rồi viết lại.")
_TOO_DEEP = N_("Tệp lồng nhau quá sâu hoặc có quá nhiều mục. Hãy chia nhỏ tệp.")
_NO_QUESTION = N_("Chỗ này phải là một câu hỏi trong ngoặc nhọn. Hãy xem mẫu rồi viết lại.")
_BAD_KEY = N_('Đáp án viết bằng chữ cái, ví dụ ["B"] hoặc ["A", "C"]; câu Đúng/Sai viết true hoặc false.')
_BAD_TEXTS = N_("Mục này phải là danh sách chữ trong ngoặc vuông. Hãy sửa lại.")
_BAD_FEEDBACK = N_('Lời giải thích viết theo chữ cái của phương án, ví dụ {"A": "Vì …"}. Hãy sửa lại.')
_BAD_POINTS = N_('Các ý cần trả lời viết dạng [{"text": "…", "marks": 2}]. Hãy sửa lại.')
_BAD_MARKS = N_("Điểm của một ý là số lớn hơn 0, nhiều nhất hai chữ số thập phân. Hãy sửa lại.")
_BAD_READING = N_('Lần đọc lại viết dạng {"date": …, "reader": …, "outcome": …, "note": …}. Hãy sửa lại.')


class _Pairs(list[tuple[str, Any]]):
    """The names and values of an object as written, so that a name written twice is seen."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        if len(pairs) > MAX_ENTRIES:
            raise Refused(_TOO_DEEP)
        super().__init__(pairs)


class _Bare(str):
    """A number, true, false or null as written: never a value of the machine, which might not hold it."""

    __slots__ = ()


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=_Bare, parse_float=_Bare, parse_constant=_Bare
)


def read_json(data: bytes) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the questions of a JSON list and everything that is wrong with it; never raise."""
    questions: list[QuestionDraft | None] = []
    problems = Findings()
    try:
        for value, line in _elements(decoded(data)):
            questions.append(_question_of(value, line, problems))
            if len(questions) > MAX_QUESTIONS:
                raise Refused(TOO_MANY, limit=MAX_QUESTIONS)
    except Refused as refused:
        return [], [*problems, refused.problem]
    return [question for question in questions if question], problems


def _elements(text: str) -> Any:
    """Yield each value of the list with its line."""
    if sum(text.count(sign) for sign in ",[{") > MAX_VALUES:
        raise Refused(_TOO_DEEP)
    place = _after_space(text, 0)
    if text[place : place + 1] != "[":
        raise Refused(_NO_LIST)
    place, line, counted = _after_space(text, place + 1), 1, 0
    is_first = True
    while text[place : place + 1] != "]" or not is_first:
        line, counted = line + text.count("\n", counted, place), place
        value, place = _value_at(text, place)
        yield value, line
        place, is_first = _after_space(text, place), False
        if text[place : place + 1] == "]":
            break
        if text[place : place + 1] != ",":
            raise Refused(_BROKEN, line_of(text, place))
        place = _after_space(text, place + 1)
    if _after_space(text, place + 1) < len(text):
        raise Refused(_BROKEN, line_of(text, place + 1))


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _value_at(text: str, place: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        raise Refused(_BROKEN, line_of(text, error.pos)) from None
    except RecursionError:
        raise Refused(_TOO_DEEP, line_of(text, place)) from None


def _node_of(value: Any, line: int, problems: list[Problem], depth: int = 0) -> Node:
    """Return the nodes whose fields know how to speak of their faults."""
    if depth > MAX_DEPTH or (isinstance(value, list) and len(value) > MAX_ENTRIES):
        raise Refused(_TOO_DEEP, line)
    match value:
        case _Pairs():
            node = MapNode(line)
            for written, part in value:
                name = clean(written)[:60]
                if name in node.fields:
                    message = N_("Mục này đã ghi ở trên. Hãy xóa một trong hai chỗ.")
                    problems.append(Problem(message, row=line, field=name))
                node.fields[name] = _node_of(part, line, problems, depth + 1)
                node.lines[name] = line
            return node
        case list():
            return ListNode(line, [_node_of(part, line, problems, depth + 1) for part in value])
        case _Bare():
            return TextNode(str(value)[:60], True, line)
        case str():
            return TextNode(clean(value), False, line)
        case None:
            return TextNode("", True, line)
    return TextNode(str(value).lower(), True, line)


def _question_of(value: Any, line: int, problems: list[Problem]) -> QuestionDraft | None:
    before = len(problems)
    node = _node_of(value, line, problems)
    if not isinstance(node, MapNode):
        problems.append(Problem(_NO_QUESTION, row=line))
        return None
    fields = Fields(node, _QUESTION, problems)
    kind = fields.choice("kind", Kind, _likely_kind(fields)) or Kind.SINGLE
    options = TRUE_FALSE_OPTIONS if kind is Kind.TRUE_FALSE else _texts(fields, "options")
    question = QuestionDraft(
        code=fields.text("code"), document=fields.text("document"), reference=fields.text("reference"),
        topic=fields.text("topic"), level=_optional(fields, "level", Level),
        intended_difficulty=_optional(fields, "intended_difficulty", Difficulty), kind=kind,
        part=_optional(fields, "part", Part), stem=fields.text("stem"), options=options, key=_key(fields, kind),
        rationale=fields.text("rationale"), feedback=_feedback(fields, len(options)), points=_points(fields),
        keep_order=fields.flag("keep_order"), keep_last=fields.flag("keep_last"),
        valid_from=fields.day("valid_from"), valid_to=fields.day("valid_to"),
        status=_optional(fields, "status", Status), reviewed=_reading(fields), row=line,
    )  # fmt: skip
    return question if len(problems) == before else None


def _likely_kind(fields: Fields) -> Kind:
    """Return what a question is whose kind is not written."""
    key = fields.value("key")
    if fields.value("points") is not None:
        return Kind.ORAL
    if isinstance(key, TextNode) and key.text.lower() in ("true", "false"):
        return Kind.TRUE_FALSE
    return Kind.MULTIPLE if isinstance(key, ListNode) and len(key.entries) > 1 else Kind.SINGLE


def _optional(fields: Fields, name: str, values: Any) -> Any:
    return fields.choice(name, values) if fields.text(name) else None


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    node = fields.value(name)
    entries = node.entries if isinstance(node, ListNode) else []
    if node is not None and not (entries and all(isinstance(entry, TextNode) for entry in entries)):
        fields.fault(name, _BAD_TEXTS)
    return tuple(entry.text for entry in entries if isinstance(entry, TextNode))


def _key(fields: Fields, kind: Kind) -> tuple[int, ...]:
    """Return the places of the right options; a key alone may stand without brackets."""
    node = fields.value("key")
    if node is None:
        return ()
    if kind is Kind.TRUE_FALSE and isinstance(node, TextNode) and node.text.lower() in ("true", "false"):
        return (0,) if node.text.lower() == "true" else (1,)
    entries = node.entries if isinstance(node, ListNode) else [node]
    letters = [entry.text.upper() if isinstance(entry, TextNode) else "" for entry in entries]
    if kind is Kind.TRUE_FALSE or any(len(letter) != 1 or letter not in LETTERS for letter in letters):
        fields.fault("key", _BAD_KEY)
        return ()
    return tuple(sorted(LETTERS.index(letter) for letter in letters))


def _feedback(fields: Fields, count: int) -> tuple[str, ...]:
    node = fields.value("feedback")
    if node is None:
        return ()
    said = node.fields if isinstance(node, MapNode) else {"": node}
    letters = LETTERS[:count]
    if any(
        len(name) != 1 or name not in letters or not isinstance(part, TextNode) for name, part in said.items()
    ):
        fields.fault("feedback", _BAD_FEEDBACK)
        return ()
    return tuple(getattr(said.get(letter), "text", "") for letter in letters)


def _points(fields: Fields) -> tuple[ExpectedPoint, ...]:
    node = fields.value("points")
    entries = node.entries if isinstance(node, ListNode) else [node] if node is not None else []
    points = []
    for entry in entries:
        if not isinstance(entry, MapNode):
            fields.fault("points", _BAD_POINTS)
            continue
        point = Fields(entry, _POINT, fields.problems)
        points.append(ExpectedPoint(point.text("text"), _marks(point)))
    return tuple(points)


def _marks(fields: Fields) -> int:
    """Return marks in hundredths of a point."""
    try:
        hundredths = Decimal(fields.text("marks")) * 100
        if 0 < hundredths <= 10_000 and hundredths == int(hundredths):
            return int(hundredths)
    except ArithmeticError:  # no number, not comparable, or beyond all numbers
        pass
    fields.fault("marks", _BAD_MARKS)
    return 0


def _reading(fields: Fields) -> Reading | None:
    node = fields.value("reviewed")
    if node is None:
        return None
    if not isinstance(node, MapNode):
        fields.fault("reviewed", _BAD_READING)
        return None
    reading = Fields(node, _READING, fields.problems)
    on, outcome = reading.day("date"), reading.choice("outcome", Outcome)
    if on is None or outcome is None:
        reading.fault("date", _BAD_READING)
        return None
    return Reading(on, reading.text("reader"), outcome, reading.text("note"))


def write_json(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return the items as a file that read_json reads back, and what is left behind."""
    listed = [_fields_of(item) for item in bank.items]
    return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode(), []


def _fields_of(item: ItemDraft) -> dict[str, Any]:
    """Return what an item says, in the order of the documentation."""
    true_false, reviewed = item.kind is Kind.TRUE_FALSE, item.reviewed
    said: dict[str, Any] = {name: getattr(item, name) for name in _QUESTION}
    said |= {
        "options": [] if true_false else list(item.options),
        "key": item.key == (0,) if true_false else [LETTERS[place] for place in item.key],
        "feedback": {LETTERS[place]: text for place, text in enumerate(item.feedback) if text},
        "points": [{"text": point.text, "marks": point.marks / 100} for point in item.points],
        "keep_order": item.keep_order and not true_false,
        "valid_from": item.valid_from and item.valid_from.isoformat(),
        "valid_to": item.valid_to and item.valid_to.isoformat(),
        "reviewed": reviewed
        and {"date": reviewed.on.isoformat(), "reader": reviewed.reader, "outcome": reviewed.outcome,
             "note": reviewed.note},
    }  # fmt: skip
    return {name: value for name, value in said.items() if value or (name == "key" and true_false)}
