"""Which attempts of a returned sitting the server takes in: new ones, known ones, and those the board must judge."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from quiz.core import paper_entry
from quiz.core.errors import N_, RuleBroken
from quiz.core.packages import MOST_INSTANT
from quiz.core.paper_entry import Keyed, Medium
from quiz.core.papers import Place, PoolEntry, drawn_from, strata_of
from quiz.core.rules import Rules
from quiz.core.sittings import AttemptLine, PaperLine

ENDINGS = frozenset({"candidate", "deadline", "board"})
MOST_STAMP = 1 << 62


class Refusal(StrEnum):
    """Why an attempt of a hall is not taken in; it is listed for the board."""

    NOT_ENTERED = "not_entered"
    WITHDRAWN = "withdrawn"
    HAS_ATTEMPT = "has_attempt"
    CHANGED = "changed"
    RECEIPT_TAKEN = "receipt_taken"
    TWICE = "twice"
    BAD_TIMES = "bad_times"
    BAD_PAPER = "bad_paper"
    BAD_RESPONSES = "bad_responses"
    BAD_KEYINGS = "bad_keyings"


REASONS = {
    Refusal.NOT_ENTERED: N_("Người này không có trong danh sách dự thi của vòng trên máy chủ."),
    Refusal.WITHDRAWN: N_("Người này đã được rút tên trên máy chủ sau khi mang đề đi."),
    Refusal.HAS_ATTEMPT: N_("Người này đã có bài khác của vòng trên máy chủ. Ban Tổ chức quyết định tính bài nào."),
    Refusal.CHANGED: N_("Bài này đã nhập trước đây với nội dung khác."),
    Refusal.RECEIPT_TAKEN: N_("Mã biên nhận này đã thuộc về một bài khác trên máy chủ."),
    Refusal.TWICE: N_("Trong tệp có hai bài cùng người và cùng lượt, hoặc cùng mã biên nhận."),
    Refusal.BAD_TIMES: N_("Giờ bắt đầu, giờ nộp hoặc lượt thi không hợp lệ."),
    Refusal.BAD_PAPER: N_("Đề thi không phải do máy ở hội trường rút từ bộ câu hỏi đã mang đi."),
    Refusal.BAD_RESPONSES: N_("Có câu trả lời không khớp với đề thi."),
    Refusal.BAD_KEYINGS: N_("Câu trả lời hoặc thời gian không đúng với hai lần nhập phiếu trả lời."),
}  # fmt: skip


class Standing(StrEnum):
    """What the server knows about a person in the round."""

    NOT_ENTERED = "not_entered"
    WITHDRAWN = "withdrawn"
    FREE = "free"
    HAS_ATTEMPT = "has_attempt"


@dataclass(frozen=True, slots=True)
class Here:
    """What the server has: attempts of the round by receipt code, other receipt codes in use, people by code.

    `people` tells of attempts that did not come with this package only.
    """

    attempts: Mapping[str, AttemptLine]
    other_receipts: Collection[str]
    people: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Merge:
    """What would become of the attempts of a sitting: taken in, there already, or refused and why."""

    new: tuple[AttemptLine, ...] = ()
    known: tuple[AttemptLine, ...] = ()
    refused: tuple[tuple[AttemptLine, Refusal], ...] = ()


def merge(attempts: Iterable[AttemptLine], here: Here, papers: "Papers") -> Merge:
    """Return what becomes of each attempt; the same file again finds everything known."""
    new: list[AttemptLine] = []
    known: list[AttemptLine] = []
    refused: list[tuple[AttemptLine, Refusal]] = []
    seen: set[Any] = set()
    for line in attempts:
        names = {line.receipt_code, (line.person, line.number)}
        reason = Refusal.TWICE if names & seen else refusal_of(line, here, papers)
        seen |= names
        if reason is not None:
            refused.append((line, reason))
        else:
            (known if line.receipt_code in here.attempts else new).append(line)
    return Merge(tuple(new), tuple(known), tuple(refused))


def refusal_of(line: AttemptLine, here: Here, papers: "Papers") -> Refusal | None:
    """Return why an attempt is not taken in, None when it is (or stands there unchanged)."""
    stored = here.attempts.get(line.receipt_code)
    if stored is not None:
        return None if is_same(stored, line) else Refusal.CHANGED
    if line.receipt_code in here.other_receipts:
        return Refusal.RECEIPT_TAKEN
    standing = here.people.get(line.person, Standing.NOT_ENTERED)
    if standing is not Standing.FREE:
        return Refusal(standing.value)
    return papers.fault_of(line)


def is_same(stored: AttemptLine, line: AttemptLine) -> bool:
    """Tell whether two records are of one attempt; points are derived and not compared, absences may come later."""
    return _raw(stored) == _raw(line)


def _raw(line: AttemptLine) -> AttemptLine:
    bare = replace(line, raw_score=0, max_score=0, marks=(), time_used=0, away_count=None, away_ms=None)
    return replace(bare, responses=tuple(sorted(line.responses)), paper=())


class Papers:
    """Draws the papers of a round again as the hall drew them, so that an invented paper is found out."""

    def __init__(
        self,
        rules: Rules,
        entries: Iterable[PoolEntry],
        legal: Mapping[int, Collection[str]],
        sheets: Mapping[str, PaperLine],
    ) -> None:
        """Take the round's rules and its pool with the hall's numbers; `legal` are choices on an item's own order.

        `sheets` are the answer sheets that were keyed, by receipt code.
        """
        self.rules = rules
        self.strata = strata_of(rules.blueprint, entries)
        self.legal = legal
        self.sheets = sheets

    def fault_of(self, line: AttemptLine) -> Refusal | None:
        """Return what is wrong with an attempt by itself, or None."""
        if not _times_are_sound(line, self.rules):
            return Refusal.BAD_TIMES
        if not self._is_drawn(line):
            return Refusal.BAD_PAPER
        if not self._are_legal(line):
            return Refusal.BAD_RESPONSES
        return None if line.medium == Medium.DEVICE or self._is_as_keyed(line) else Refusal.BAD_KEYINGS

    def _is_drawn(self, line: AttemptLine) -> bool:
        if not 0 < len(line.seed) <= 40:
            return False
        its = self.rules
        drawn = drawn_from(self.strata, its.blueprint, line.seed, its.shuffle_items, its.shuffle_options)
        return drawn == tuple(Place(*place) for place in line.paper)

    def _are_legal(self, line: AttemptLine) -> bool:
        positions = [response.position for response in line.responses]
        return len(set(positions)) == len(positions) and all(
            0 <= one.position < len(line.paper)
            and one.choice in self.legal[line.paper[one.position][0]]
            and 0 <= one.stamp < MOST_STAMP
            and 0 < one.saved_at < MOST_INSTANT
            and 0 < one.saves < 1 << 30
            for one in line.responses
        )

    def _is_as_keyed(self, line: AttemptLine) -> bool:
        """Tell whether an attempt on paper is what two keyings and a third look make of its sheet."""
        sheet = self.sheets.get(line.receipt_code)
        final = _settled(sheet) if sheet else None
        if final is None or len(final.choices) != len(line.paper):
            return False
        legal = (self.legal[version] for version, _ in line.paper)
        counted = [answer if answer in own else "" for answer, own in zip(final.choices, legal, strict=True)]
        given = {response.position: response.choice for response in line.responses}
        taken = paper_entry.time_taken(final.minutes, self.rules.minutes)
        return (
            given == {place: answer for place, answer in enumerate(counted) if answer}
            and line.deadline - line.started_at == taken
        )


def _settled(sheet: PaperLine) -> Keyed | None:
    """Return what the keyings of a sheet and a third look come to, None when they do not fit together."""
    first, second = (Keyed(keying.choices, keying.minutes) for keying in sheet.keyings)
    if len(first.choices) != len(second.choices):
        return None
    agree = paper_entry.agree(first, second)
    try:
        final = first if agree else paper_entry.settled(first, second, dict(sheet.decided), sheet.minutes)
    except RuleBroken:
        return None
    fits = final.minutes == sheet.minutes and not (agree and sheet.decided)
    return final if fits else None


def _times_are_sound(line: AttemptLine, rules: Rules) -> bool:
    return (
        0 < line.started_at <= line.submitted_at <= line.deadline < MOST_INSTANT
        and 1 <= line.number <= rules.attempts_allowed
        and line.grace_seconds in (0, rules.grace_seconds)  # none on paper
        and line.ended_by in ENDINGS
        and line.medium in set(Medium)
        and 6 <= len(line.receipt_code) <= 20
        and line.receipt_code.isalnum()
    )


def differs(line: AttemptLine, raw_score: int, max_score: int, marks: Iterable[int], time_used: int) -> bool:
    """Tell whether the server's marking gives anything else than the laptop's."""
    return (line.raw_score, line.max_score, line.marks, line.time_used) != (
        raw_score, max_score, tuple(marks), time_used,
    )  # fmt: skip
