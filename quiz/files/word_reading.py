"""A Word file (.docx) of questions as organizers have it: bytes to questions, with a problem for each one not read.

The file is looked at by `zip_check` first, its text walked by `word_lines`, gathered by `word_questions`, and the
keys decided by `word_deciding`. Nothing is raised and nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from quiz.core.errors import N_, Problem
from quiz.core.items import LIMITS as LENGTHS
from quiz.core.items import TRUE_FALSE_OPTIONS, Kind
from quiz.core.names import nfc
from quiz.core.questions import Notice, QuestionDraft, with_true_false
from quiz.files.question_words import DIFFICULTIES, KINDS, LEVELS, PARTS, STATUSES, Choice, chosen
from quiz.files.text_input import Refused, refuse_legacy
from quiz.files.word_answers import Answer
from quiz.files.word_deciding import ALWAYS_FIRST, decide, looks_in, other_counts, share_out
from quiz.files.word_found import Found
from quiz.files.word_lines import Line, Table, TooLong, Walk
from quiz.files.word_package import DAMAGE, LIMITS, Document, NoDocument
from quiz.files.word_questions import Gathering, TooMany
from quiz.files.word_text import Mark
from quiz.files.workbook_cells import Cell, read_day, read_flag
from quiz.files.zip_check import check_zip

_NO_DOCUMENT = N_("Tệp không phải văn bản Word: chọn tệp .docx.")
_DAMAGED = N_("Không đọc được tệp: mở bằng Word, chọn Lưu thành .docx rồi tải lên lần nữa.")
_TOO_LONG = N_("Tệp có quá nhiều chữ hoặc bảng lồng nhau: chép riêng phần câu hỏi sang tệp mới rồi tải lên.")
_TOO_MANY = N_("Tệp có quá nhiều câu: chia thành nhiều tệp.")
_MACROS = N_("Tệp có macro: mở bằng Word, chọn Lưu thành .docx (không có macro) rồi tải lên.")
_OLD_FONT = N_(
    "Có chữ gõ bằng phông cũ TCVN3 hoặc VNI (“%(text)s”): mở UniKey Toolkit, chuyển mã sang Unicode, đặt phông Times "
    "New Roman rồi tải lên."
)
_NOTHING = N_("Không thấy câu hỏi nào: đánh số câu (“Câu 1.” hoặc “1.”) và ghi chữ cái trước mỗi phương án.")
_GAP = N_("Sau câu %(before)d là câu %(after)d: kiểm tra xem có thiếu câu không.")
_UNREAD = N_("Đoạn “%(text)s” không thuộc câu nào nên không được nhập.")
_UNKNOWN = N_("Không hiểu “%(text)s” nên mục này lấy theo lựa chọn chung.")
_MOST_UNREAD = 50


def read_word(data: bytes) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the questions of a .docx and what is wrong with those left out; raises nothing."""
    if problems := check_zip(data, LIMITS, ".docx"):
        return [], problems
    try:
        return _read(Document(data))
    except NoDocument:
        return [], [Problem(_NO_DOCUMENT)]
    except TooLong:
        return [], [Problem(_TOO_LONG)]
    except TooMany:
        return [], [Problem(_TOO_MANY)]
    except DAMAGE:
        return [], [Problem(_DAMAGED)]


def _read(document: Document) -> tuple[list[QuestionDraft], list[Problem]]:
    if document.has_macros:
        return [], [Problem(_MACROS)]
    walk = Walk(document)
    blocks = walk.blocks()
    if refusal := _old_encoding(walk, blocks):
        return [], [refusal]
    gathering = Gathering(blocks)
    if not gathering.found:
        return [], [Problem(_NOTHING), *walk.notes]
    questions, problems = _decided(gathering)
    problems += walk.notes + _gaps(gathering.found) + _unread(gathering)
    return questions, sorted(problems, key=lambda problem: isinstance(problem, Notice))


def _old_encoding(walk: Walk, blocks: Sequence[Line | Table]) -> Problem | None:
    if walk.old_fonts:
        return Problem(_OLD_FONT, {"text": walk.old_fonts[0]})
    try:
        refuse_legacy("\n".join(_words(blocks)))
    except Refused as refused:
        return refused.problem
    return None


def _words(blocks: Sequence[Line | Table]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            found.append(block.rich.text)
        else:
            found += [text for _, cells in block.rows for cell in cells for text in _words(cell.blocks)]
    return found


def _decided(gathering: Gathering) -> tuple[list[QuestionDraft], list[Problem]]:
    looks = looks_in(gathering.found)
    shares, problems = share_out(gathering.found, gathering.answers.listed)
    questions: list[QuestionDraft] = []
    for found in gathering.found:
        decided = decide(found, looks, shares.get(found.count, [])) if not found.problems else None
        if decided and not found.problems:
            questions.append(_question(found, *decided))
        problems += found.problems
    problems += other_counts(gathering.found)
    return questions, problems + _always_first(gathering.found, questions, looks, shares)


def _always_first(
    found: Sequence[Found],
    questions: Sequence[QuestionDraft],
    looks: Sequence[Mark],
    shares: dict[int, list[Answer]],
) -> list[Problem]:
    """Return advice where formatting alone makes A the key of every question."""
    told = any(one.answers for one in found) or shares or not looks
    if told or len(questions) < 5 or any(question.key != (0,) for question in questions):
        return []
    return [Notice(ALWAYS_FIRST)]


def _question(found: Found, kind: Kind, key: frozenset[int]) -> QuestionDraft:
    named = _chosen(found, "kind", KINDS)
    if kind in (Kind.SINGLE, Kind.MULTIPLE) and (
        named is Kind.MULTIPLE or (named is Kind.SINGLE and len(key) == 1)
    ):
        kind = named
    bodies = tuple(_text(option.body.text, "option") for option in found.options)
    question = QuestionDraft(
        stem=_text(" ".join(line.text for line in found.stem), "stem"),
        kind=kind,
        options=TRUE_FALSE_OPTIONS if kind is Kind.TRUE_FALSE else bodies,
        key=tuple(sorted(key)),
        code=_text(found.text("code").partition(" ")[0], "code"),
        document=_text(found.text("document"), "reference"),
        reference=_text(found.text("reference"), "reference"),
        topic=_text(found.text("topic") or found.topic, "reference"),
        rationale=_text(found.text("rationale"), "rationale"),
        feedback=_feedback(found),
        place=found.place.name,
        row=found.place.row,
    )
    return with_true_false(_with_choices(found, question))


def _with_choices(found: Found, question: QuestionDraft) -> QuestionDraft:
    """Return the question with what stands below it under labels that have few possible values."""
    return replace(
        question,
        level=_chosen(found, "level", LEVELS),
        intended_difficulty=_chosen(found, "difficulty", DIFFICULTIES),
        part=_chosen(found, "part", PARTS),
        status=_chosen(found, "status", STATUSES),
        keep_order=_flag(found, "keep_order"),
        keep_last=_flag(found, "keep_last"),
        valid_from=_day(found, "valid_from"),
        valid_to=_day(found, "valid_to"),
    )


def _text(text: str, field: str) -> str:
    """Return a text on one line, cut one letter after its limit so that the check still says it is too long."""
    return nfc(text)[: LENGTHS[field] + 1]


def _feedback(found: Found) -> tuple[str, ...]:
    """Return what is said of each option under "Nhận xét B:"."""
    said = dict(text.partition(":")[::2] for text in found.texts.get("feedback", ()))
    words = {letter.strip().upper(): _text(text, "feedback") for letter, text in said.items()}
    return tuple(words.get(option.letter.upper(), "") for option in found.options) if words else ()


def _not_understood(found: Found, text: str) -> None:
    found.problems.append(found.place.notice(_UNKNOWN, {"text": text[:40]}, found.name))


def _chosen(found: Found, name: str, labels: Mapping[Choice, str]) -> Choice | None:
    text = found.text(name)
    member = chosen(text, labels)
    if text and member is None:
        _not_understood(found, text)
    return member


def _flag(found: Found, name: str) -> bool | None:
    text = found.text(name)
    reading = read_flag(Cell(text, "s"), False)
    if reading.message:
        _not_understood(found, text)
    return reading.value if text else None


def _day(found: Found, name: str) -> date | None:
    reading = read_day(Cell(found.text(name), "s"))
    if reading.message:
        _not_understood(found, found.text(name))
    return reading.value


def _gaps(found: Sequence[Found]) -> list[Problem]:
    """Return advice where a number is left out: a question may have been overlooked."""
    numbered = [one for one in found if one.number is not None]
    return [
        after.place.notice(_GAP, {"before": before.number, "after": after.number}, after.name)
        for before, after in pairwise(numbered)
        if after.number not in ((before.number or 0) + 1, 1)
    ]


def _unread(gathering: Gathering) -> list[Problem]:
    lines = gathering.unread[:_MOST_UNREAD]
    return [line.place.notice(_UNREAD, {"text": line.rich.plain()[:60]}) for line in lines]
