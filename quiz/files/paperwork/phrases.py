"""Phrases that several papers share."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from quiz.core.figures import Figures, Published, RoundFigures, Ruled, Sent, Won
from quiz.core.paperwork import (
    Align,
    Block,
    Column,
    Points,
    Row,
    Share,
    Span,
    Table,
    Text,
    cell_text,
    number_text,
    opening,
    points_text,
)
from quiz.core.people import POSITION_LABELS, REASON_LABELS, SEX_LABELS
from quiz.core.prizes import Kind
from quiz.core.promotion import WayOut
from quiz.core.timing import ZONE

TOTAL = "Tổng cộng"
KINDS = {
    Kind.MAIN: "Giải chính",
    Kind.SPECIAL: "Giải riêng",
    Kind.COLLECTIVE: "Giải tập thể",
}
WAYS = {
    WayOut.EXTRA_QUESTIONS: "thi thêm câu hỏi phụ",
    WayOut.DRAW: "bốc thăm",
    WayOut.ALL_GO: "tất cả cùng đi tiếp",
    WayOut.HEAD_DECIDES: "Trưởng ban quyết định",
}
NOBODY_RANKED = "Không có ai được xếp hạng trong kết quả đã công bố."
POSITIONS, SEXES, REASONS = POSITION_LABELS, SEX_LABELS, REASON_LABELS


def clock_text(instant: int) -> str:
    """Return an instant (ms UTC) as "08:00 ngày 05/02/2023" in Vietnam."""
    return datetime.fromtimestamp(instant / 1000, ZONE).strftime("%H:%M ngày %d/%m/%Y")


def hour_text(instant: int) -> str:
    """Return the time of day of an instant in Vietnam as "08:00"."""
    return datetime.fromtimestamp(instant / 1000, ZONE).strftime("%H:%M")


def window_text(found: RoundFigures) -> str:
    """Return the hours of a round, "08:00–17:00 ngày 05/02/2023" within one day; "" when they are not set."""
    if found.opens_at is None or found.ends_at is None:
        return ""
    opens, ends = clock_text(found.opens_at), clock_text(found.ends_at)
    return f"{opens[:5]}–{ends}" if opens[6:] == ends[6:] else f"{opens} – {ends}"


def duration_text(milliseconds: int | None) -> str:
    """Return a span as minutes and seconds, "18:05"; "" for None."""
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes}:{seconds:02d}"


def share(part: int, whole: int) -> str:
    """Return "264/293 (90,1 %)"."""
    return cell_text(Share(part, whole))


def about(figures: Figures) -> str:
    """Return what a paper of these figures is about, on two lines: the round or stage, then the contest."""
    return f"{figures.subject}\n{figures.contest}"


def numbered_by_unit(rows: Iterable[tuple[str, Row]]) -> tuple[Row | Span, ...]:
    """Return rows numbered from 1 in their first column; where they come from several units, under a line for each.

    Each row comes with the name of its unit; units stand in the order in which they come first.
    """
    by_unit: dict[str, list[Row]] = {}
    for unit, row in rows:
        by_unit.setdefault(unit, []).append(row)
    found: list[Row | Span] = []
    number = 0
    for unit, own in by_unit.items():
        if len(by_unit) > 1:
            found.append(Span(f"{opening(unit)}: {number_text(len(own))} người"))
        for row in own:
            number += 1
            found.append((number, *row))
    return tuple(found)


def prize_words(one: Won | Ruled) -> str:
    """Return a prize with the group or cluster it is counted in: "Giải nhất, Khối cơ quan"."""
    return ", ".join(part for part in (one.prize, one.scope) if part)


def prize_table(won: Iterable[Won], caption: str) -> Table:
    """Return the list of prizes: who won what."""
    rows = tuple(
        (number, opening(prize_words(one)), _winner(one), _from(one), one.rank, _points(one.points))
        for number, one in enumerate(won, start=1)
    )
    return Table(
        (
            Column("TT", 8, Align.CENTRE),
            Column("Giải", 27),
            Column("Họ và tên (đơn vị)", 46),
            Column("Chi bộ, đơn vị", 54),
            Column("Hạng", 12, Align.CENTRE),
            Column("Điểm", 18, Align.RIGHT),
        ),
        rows,
        caption=caption,
    )


def _winner(one: Won) -> str:
    return one.name if one.entry is not None else opening(one.name)


def _from(one: Won) -> str:
    return opening(", ".join(part for part in (one.cell, one.unit) if part and part != one.name))


def sent_blocks(sent: Sequence[Sent]) -> Iterable[Block]:
    """Yield the list of those who go on, under a line for each scope of their ranks, and whom reserves replace."""
    rows: list[Row | Span] = []
    last = ""
    for number, one in enumerate(sent, start=1):
        rows += [Span(opening(one.scope))] if one.scope and one.scope != last else []
        where = opening(", ".join(part for part in (one.cell, one.unit) if part))
        rows.append(
            (number, one.name, one.birth_date, POSITIONS[one.position], where, one.rank, _points(one.points))
        )
        last = one.scope
    columns = (
        Column("TT", 8, Align.CENTRE), Column("Họ và tên", 38), Column("Ngày sinh", 23, Align.CENTRE),
        Column("Chức vụ", 22), Column("Chi bộ, đơn vị", 46), Column("Hạng", 12, Align.CENTRE),
        Column("Điểm", 17, Align.RIGHT),
    )  # fmt: skip
    yield Table(columns, tuple(rows), caption="Danh sách được cử dự vòng thi cấp trên")
    for one in sent:
        reserve = one.name
        for name, reason in one.in_place_of:
            yield Text(f"{reserve} là dự bị, vào thay {name} đã rút tên. Lý do: {ended(reason)}")
            reserve = name
        if one.earned is not None:
            number, rank, points = one.earned
            yield Text(
                f"{one.name} được cử theo kết quả công bố lần {number} (hạng {rank}; {points_text(points)} điểm),"
                " trước khi kết quả được sửa."
            )


def declined_blocks(declined: Iterable[tuple[str, str]]) -> Iterable[Block]:
    """Yield which reserves a call goes past, and why."""
    for name, reason in declined:
        yield Text(f"{name} đã xin rút khỏi danh sách dự bị trước khi được gọi. Lý do: {ended(reason)}")


def appeal_words(asked: int, kept: int, corrected: int) -> str:
    """Return how many appeals there were and how they were answered: "3 đơn: giữ nguyên điểm 2, sửa điểm 1"."""
    answers = {"giữ nguyên điểm": kept, "sửa điểm": corrected, "chưa trả lời": asked - kept - corrected}
    return f"{asked} đơn: " + ", ".join(f"{words} {count}" for words, count in answers.items() if count)


def replacing(published: Published) -> str:
    """Return which edition a corrected one replaces and why, to be said after its own; nothing of any other."""
    if published.replaces is None:
        return ""
    number, reason = published.replaces
    return f", thay cho lần {number}" + (f" (lý do: {reason.rstrip('. ')})" if reason else "")


def ended(words: str) -> str:
    """Return words that somebody wrote as the end of a sentence: with a stop, but not two."""
    words = words.rstrip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def _points(hundredths: int | None) -> Points | None:
    return None if hundredths is None else Points(hundredths)
