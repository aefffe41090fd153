"""Banks for the round trips of question formats: texts full of the signs each format uses for itself."""

import json
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from quiz.core.items import (
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
from quiz.core.names import nfc
from quiz.core.questions import Defaults, as_bank
from quiz.files.questions import read

TOPICS = (TopicDraft("chi-bo", "Tổ chức/Chi bộ"), TopicDraft("dang-vien", "Đảng viên: quyền & nhiệm vụ"))
DOCUMENTS = (DocumentDraft("DLD-2011", "Điều lệ Đảng"), DocumentDraft("HD12", "Hướng dẫn 12-HD/BTCTW"))
EMPTY = BankDraft("thu", "Ngân hàng thử", TOPICS, DOCUMENTS)
DEFAULTS = Defaults("HD12", "dang-vien", Level.APPLY)
SIGNS = "~=#{}:\\n[]%->/|*_`$@&<>;\"'!?.,()0123456789 "
WORDS = (
    "Điều", "chi bộ", "Đảng", "ừ", "nghị quyết", "&amp;", "<b>", "</text>", "]]>", "<![CDATA[", "####", "::", "//",
    "%50%", "\\n", "\\", "[html]", "[plain]", "->", "$CATEGORY:", "ANSWER: A", "A. ", "B) ", "TRUE", "{T}", "&nbsp;",
    "\u0111a\u0309ng", "<img src=x>", "\u200b", "==", "~%100%", "**", "1:30", "null", "@@PLUGINFILE@@", "“”", "…",
)  # fmt: skip


def texts(limit: int = 60) -> st.SearchStrategy[str]:
    """Return texts as they stand in a bank: in NFC, on one line, not empty."""
    piece = st.sampled_from(WORDS) | st.text(SIGNS + "aăâbcdđeêơưốệỹĐ", max_size=8)
    made = st.lists(piece, min_size=1, max_size=6).map(" ".join) | st.lists(piece, max_size=6).map("".join)
    return made.map(lambda text: nfc(text)[:limit].strip()).filter(bool)


@st.composite
def items(draw, kinds=tuple(Kind)):
    """Return an item that may enter the bank."""
    kind = draw(st.sampled_from(kinds))
    options, key, feedback, points = TRUE_FALSE_OPTIONS, (draw(st.integers(0, 1)),), (), ()
    if kind in (Kind.SINGLE, Kind.MULTIPLE):
        options = tuple(draw(st.lists(texts(), min_size=2, max_size=6, unique_by=str.casefold)))
        most = 1 if kind is Kind.SINGLE else len(options)
        places = st.integers(0, len(options) - 1)
        key = tuple(sorted(draw(st.lists(places, min_size=1, max_size=most, unique=True))))
        feedback = tuple(draw(st.none() | texts()) or "" for _ in options) if draw(st.booleans()) else ()
    if kind is Kind.ORAL:
        options, key = (), ()
        points = tuple(
            draw(st.lists(st.builds(ExpectedPoint, texts(), st.integers(1, 1_000)), min_size=1, max_size=3))
        )
    days = st.none() | st.dates(date(2020, 1, 1), date(2020, 12, 31))
    return ItemDraft(
        code="?", document=draw(st.sampled_from(DOCUMENTS)).code, reference=draw(texts()),
        topic=draw(st.sampled_from(TOPICS)).code, level=draw(st.sampled_from(Level)), kind=kind, stem=draw(texts()),
        options=options, key=key, rationale=draw(st.none() | texts()) or "", part=draw(st.sampled_from(Part)),
        keep_order=kind is Kind.TRUE_FALSE or (kind is not Kind.ORAL and draw(st.booleans())),
        keep_last=kind in (Kind.SINGLE, Kind.MULTIPLE) and draw(st.booleans()),
        valid_from=draw(days), valid_to=draw(st.none() | st.just(date(2021, 1, 1))),
        status=draw(st.sampled_from(Status)), intended_difficulty=draw(st.none() | st.sampled_from(Difficulty)),
        feedback=feedback if any(feedback) else (), points=points,
        reviewed=draw(st.none() | st.builds(Reading, st.just(date(2026, 11, 21)), texts(), st.sampled_from(Outcome),
                                            st.none().map(lambda _: "") | texts())),
    )  # fmt: skip


def banks(kinds=tuple(Kind), most: int = 4):
    """Return banks whose items have codes of their own and are all right."""

    def numbered(drawn: list[ItemDraft]) -> BankDraft:
        sound = [item for item in drawn if not check(item)]
        return replace(EMPTY, items=tuple(replace(item, code=f"T-{n}") for n, item in enumerate(sound)))

    return st.lists(items(kinds), min_size=1, max_size=most).map(numbered)


def returned(name: str, data: bytes, defaults: Defaults = DEFAULTS) -> BankDraft:
    """Return the bank a written file becomes again; nothing in it may be found wrong."""
    questions, problems = read(name, data, "thu")
    assert problems == []
    bank, problems = as_bank(questions, defaults, EMPTY)
    assert problems == []
    return replace(bank, items=tuple(replace(item, row=0) for item in bank.items))


def json_file(*questions: object) -> bytes:
    """Return a JSON list in UTF-8."""
    return json.dumps(questions, ensure_ascii=False).encode()
