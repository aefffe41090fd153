"""What other programs ask that our papers do not: kinds of questions and pictures, and the sentences about them."""

from collections.abc import Sequence

from quiz.core.errors import N_, Problem
from quiz.core.questions import Notice

_NAMES = {
    "essay": "tự luận", "numerical": "trả lời bằng số", "match": "ghép đôi", "matching": "ghép đôi",
    "shortanswer": "trả lời ngắn", "description": "đoạn giới thiệu", "multianswer": "điền chỗ trống",
    "cloze": "điền chỗ trống", "ddwtos": "kéo thả", "ordering": "sắp thứ tự", "calculated": "tính toán",
    "extendedTextInteraction": "tự luận", "textEntryInteraction": "trả lời ngắn", "matchInteraction": "ghép đôi",
    "associateInteraction": "ghép đôi", "orderInteraction": "sắp thứ tự", "inlineChoiceInteraction": "chọn trong dòng",
    "gapMatchInteraction": "kéo thả", "hottextInteraction": "chọn trong đoạn văn", "uploadInteraction": "nộp tệp",
}  # fmt: skip
_SHOWN = 20
PICTURE = N_("Câu có hình ảnh hoặc âm thanh, phần mềm chỉ nhận chữ. Hãy viết lại câu bằng chữ.")
LOST_PICTURE = N_("Hình ảnh trong lời giải thích không giữ được; câu vẫn được nhập.")


def unsupported(kind: str, row: int, place: str = "") -> Notice:
    """Return the sentence about a question that is left out because nobody here can be asked it."""
    message = N_("Loại câu chưa dùng được nên không nhập câu này: %(kind)s.")
    name = f"{_NAMES[kind]} ({kind})" if kind in _NAMES else kind[:60]
    return Notice(message, {"kind": name}, place=place, row=row)


def picture(row: int, place: str = "") -> Problem:
    """Return the sentence about a question that shows something that is no text."""
    return Problem(PICTURE, place=place, row=row)


def lost_picture(row: int, place: str = "") -> Notice:
    """Return the sentence about a picture in an explanation, which is left behind."""
    return Notice(LOST_PICTURE, place=place, row=row)


def plainer(places: Sequence[object]) -> list[Problem]:
    """Return the one sentence about questions whose bold, tables or raised figures became plain text."""
    message = N_(
        "Chữ đậm, nghiêng, bảng, chỉ số trên dưới của %(count)d câu thành chữ thường. Hãy xem lại câu ở: %(places)s."
    )
    shown = ", ".join(map(str, places[:_SHOWN])) + (" …" if len(places) > _SHOWN else "")
    return [Notice(message, {"count": len(places), "places": shown})] if places else []
