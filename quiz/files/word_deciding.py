"""The key of each question decided from everything a document says about it; nothing is guessed.

A question whose key is not told, is told in two ways that differ, or that has a list of answers whose numbers do not
fit, is a problem and not a question.
"""

import re
from collections import Counter
from collections.abc import Sequence

from quiz.core.errors import N_, Problem
from quiz.core.items import TRUE_FALSE_OPTIONS, Kind
from quiz.core.names import search_key
from quiz.files.word_answers import Answer, Listed
from quiz.files.word_found import Found
from quiz.files.word_keys import ANSWER, ANSWER_LIST, ASTERISK, Key, is_uneven, looks_that_mark, marked
from quiz.files.word_text import Mark

WORDS = N_("lời văn của đáp án")
NO_KEY = N_(
    "Chưa thấy đáp án: đánh dấu phương án đúng (chữ đậm, gạch chân, màu, dấu sao), hoặc ghi “Đáp án: B” dưới câu, "
    "hoặc lập bảng đáp án ở cuối tệp."
)
NO_OPTIONS = N_("Không thấy phương án A, B, C… của câu này nên câu không được nhập.")
DIFFER = N_("Hai chỗ ghi đáp án khác nhau (%(first)s: %(one)s; %(second)s: %(other)s): sửa cho thống nhất.")
SEVERAL = N_(
    "Có %(count)d phương án được đánh dấu (%(letters)s): nếu là câu nhiều đáp án, ghi “chọn các phương án đúng” trong "
    "câu dẫn; nếu không, chỉ đánh dấu một."
)
UNEVEN = N_(
    "Có phương án chỉ được đánh dấu một phần hoặc có liên kết: đánh dấu cả phương án hoặc bỏ hẳn dấu."
)
NO_SUCH = N_("Đáp án %(letters)s chỉ vào phương án không có: sửa lại.")
UNREADABLE = N_("Không hiểu đáp án “%(text)s”: ghi bằng chữ cái, ví dụ “Đáp án: B”.")
STRUCK = N_("Có chữ bị gạch ngang: xóa hẳn hoặc bỏ gạch ngang.")
REPEATED = N_(
    "Có nhiều câu cùng số %(number)d và bảng đáp án không cho biết của phần nào: đánh số câu khác nhau."
)
NO_QUESTION = N_("Đáp án ghi cho câu %(number)d nhưng không có câu này.")
SHIFTED = N_(
    "Word đánh số đến câu %(last)d nhưng bảng đáp án ghi đến câu %(listed)d, đáp án có thể lệch câu: sửa cho khớp."
)
OTHER_COUNT = N_(
    "Câu này có %(count)d phương án, phần lớn các câu có %(usual)d: kiểm tra xem có thiếu phương án không."
)
ALWAYS_FIRST = N_(
    "Phương án được đánh dấu của mọi câu đều là A: kiểm tra lại, có thể dấu chỉ là chữ của câu dẫn còn sót."
)

# A question that says itself that several options may be right.
_MULTIPLE = re.compile(
    r"chọn\s+(?:tất cả|những|các|nhiều|hai|ba|bốn|[2-5])\s|nhiều (?:phương án|đáp án)|các (?:phương án|đáp án) đúng",
    re.IGNORECASE,
)


def looks_in(found: Sequence[Found]) -> list[Mark]:
    """Return the looks by which this document marks right options."""
    return looks_that_mark([one.options for one in found if len(one.options) > 1])


def share_out(
    found: Sequence[Found], listed: Sequence[Listed]
) -> tuple[dict[int, list[Answer]], list[Problem]]:
    """Return the listed answers of each question by its count, and what is wrong with the list.

    Where the numbers begin anew, the n-th run of answers belongs to the n-th run of questions.
    """
    questions, answers = _runs_of_questions(found), _runs_of_answers(listed)
    shares: dict[int, list[Answer]] = {}
    problems: list[Problem] = []
    if len(answers) not in (0, len(questions)):
        many = {number for run in questions for number in run if sum(number in one for one in questions) > 1}
        for one in listed:
            if one.number in many:
                problems.append(one.answer.place.problem(REPEATED, {"number": one.number}))
        answers = [[one for one in listed if one.number not in many]]
        questions = [
            {number: item for run in questions for number, item in run.items() if number not in many}
        ]
    for run, said in zip(questions, answers, strict=bool(answers)) if answers else ():
        _doubt_shifted(run, said)
        for one in said:
            if one.number in run:
                shares.setdefault(run[one.number].count, []).append(one.answer)
            else:
                problems.append(one.answer.place.problem(NO_QUESTION, {"number": one.number}))
    return shares, problems


def _doubt_shifted(run: dict[int, Found], said: Sequence[Listed]) -> None:
    """Bar the questions that Word numbers when the list of answers ends at another number than they do."""
    last, listed = max(run, default=0), max((one.number for one in said), default=0)
    for found in run.values() if said and last != listed else ():
        if found.is_automatic:
            found.fault(SHIFTED, {"last": last, "listed": listed})


def _runs_of_questions(found: Sequence[Found]) -> list[dict[int, Found]]:
    runs: list[dict[int, Found]] = [{}]
    for one in found:
        if one.number is not None:
            if one.number in runs[-1]:
                runs.append({})
            runs[-1][one.number] = one
    return runs


def _runs_of_answers(listed: Sequence[Listed]) -> list[list[Listed]]:
    runs: list[list[Listed]] = []
    seen: set[int] = set()
    for one in listed:
        if one.number in seen or not runs:
            runs.append([])
            seen = set()
        runs[-1].append(one)
        seen.add(one.number)
    return runs


def other_counts(found: Sequence[Found]) -> list[Problem]:
    """Return advice where a question has fewer options than nearly all others: one may have been lost."""
    counts = Counter(len(one.options) for one in found if len(one.options) > 2)
    if not counts or counts.most_common(1)[0][1] < 0.8 * counts.total() or counts.total() < 5:
        return []
    usual = counts.most_common(1)[0][0]
    odd = [one for one in found if 2 < len(one.options) != usual]
    return [
        one.place.notice(OTHER_COUNT, {"count": len(one.options), "usual": usual}, one.name) for one in odd
    ]


def decide(found: Found, looks: Sequence[Mark], listed: Sequence[Answer]) -> tuple[Kind, Key] | None:
    """Return what kind a question is and which of its options are right; None after a fault was added to it."""
    if any(one.share(Mark.STRUCK) for one in (*found.stem, *(option.body for option in found.options))):
        return found.fault(STRUCK)
    if not found.options:
        return _true_or_false(found, listed)
    said = marked(found.options, looks)
    if any(is_uneven(found.options, looks, key) for _, key in said):
        return found.fault(UNEVEN)
    for name, answers in ((ANSWER, found.answers), (ANSWER_LIST, listed)):
        for answer in answers:
            keys = _keys_of(found, answer, name)
            if keys is None:
                return None
            said += keys
    return _agreed(found, said)


def _agreed(found: Found, said: list[tuple[str, Key]]) -> tuple[Kind, Key] | None:
    if not said:
        return found.fault(NO_KEY)
    (first, key), *others = said
    for second, other in others:
        if other != key:
            values = {
                "first": first,
                "one": _named(found, key),
                "second": second,
                "other": _named(found, other),
            }
            return found.fault(DIFFER, values)
    says_multiple = bool(_MULTIPLE.search(" ".join(line.text for line in found.stem)))
    is_written = any(name in (ASTERISK, ANSWER, ANSWER_LIST, WORDS) for name, _ in said)
    if len(key) > 1 and not (says_multiple or is_written):
        return found.fault(SEVERAL, {"count": len(key), "letters": _named(found, key)})
    return (Kind.MULTIPLE if len(key) > 1 or says_multiple else Kind.SINGLE), key


def _named(found: Found, key: Key) -> str:
    return ", ".join(found.options[place].letter.upper() for place in sorted(key))


def _keys_of(found: Found, answer: Answer, name: str) -> list[tuple[str, Key]] | None:
    """Return which options an answer names, by letters and by words; None after a fault."""
    letters = [option.letter.upper() for option in found.options]
    words = [search_key(option.body.plain()).strip(" .") for option in found.options]
    if answer.letters and set(answer.letters) <= {"Đ", "S"} and set(words) == {"dung", "sai"}:
        return [(name, frozenset({words.index("dung" if answer.letters == "Đ" else "sai")}))]
    missing = [letter for letter in answer.letters if letter not in letters]
    if missing:
        return found.fault(NO_SUCH, {"letters": ", ".join(missing)}, answer.place)
    said = search_key(answer.words).strip(" .()")
    keys = [(WORDS, frozenset({words.index(said)}))] if said in words else []
    if not answer.letters:
        return keys or found.fault(UNREADABLE, {"text": answer.words[:60]}, answer.place)
    if not keys:
        found.explain(answer.words)
    return [(name, frozenset(letters.index(letter) for letter in answer.letters)), *keys]


def _true_or_false(found: Found, listed: Sequence[Answer]) -> tuple[Kind, Key] | None:
    """Return the key of a statement that is answered Đúng or Sai; a fault where it has no options otherwise."""
    answers = {answer.letters for answer in (*found.answers, *listed)}
    if not answers or not answers <= {"Đ", "S"}:
        return found.fault(NO_OPTIONS)
    if len(answers) > 1:
        values = {
            "first": ANSWER,
            "one": TRUE_FALSE_OPTIONS[0],
            "second": ANSWER_LIST,
            "other": TRUE_FALSE_OPTIONS[1],
        }
        return found.fault(DIFFER, values)
    for answer in (*found.answers, *listed):
        found.explain(answer.words)
    return Kind.TRUE_FALSE, frozenset({0 if answers == {"Đ"} else 1})
