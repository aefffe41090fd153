"""The minutes of judging: who judged, the draw, what happened and was put right, what came of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from quiz.core.figures import Figures
from quiz.core.judged_figures import Joined, JudgedFigures, Noted
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Blank,
    Block,
    Column,
    Heading,
    Paper,
    Points,
    Row,
    Span,
    Table,
    Text,
    opening,
)
from quiz.files.paperwork.judged_results import decided, published_words, signatures
from quiz.files.paperwork.judging_words import panel_text, span_text
from quiz.files.paperwork.phrases import about, clock_text, ended, share, window_text
from quiz.files.paperwork.score_sheets import draw_words, judged_of, order_table

NOTED = {
    "performance.time": "Sửa thời gian",
    "performance.reopen": "Mở lại lượt thi",
    "performance.unsign": "Rút chữ ký để sửa điểm",
}


def minutes(figures: Figures, issue: Issue) -> Paper:
    """Return the minutes of judging: who judged, the draw, who did not come, what was put right and why, the result."""
    judged = judged_of(figures)
    return Paper(
        name="bien-ban-cham-thi",
        title="Biên bản chấm thi",
        subject=about(figures),
        letterhead=issue.letterhead("BB"),
        blocks=tuple(_minutes(figures, judged)),
        signatures=signatures(judged, issue),
        recipients=(),
        made_at=issue.made_at,
    )


def _minutes(figures: Figures, judged: JudgedFigures) -> Iterator[Block]:
    found = figures.rounds[0]
    yield Heading("I. Thời gian, địa điểm, thành phần")
    yield Text(f"1. Thời gian: {window_text(found) or '.' * 40}.")
    yield Text(f"2. Địa điểm: {found.unit}; {'.' * 60}")
    yield Text("3. Ban Giám khảo:")
    for who, parts in _panels(judged).items():
        yield Text(f"{who or '.' * 40}.", lead=f"{'; '.join(parts)}:")
    yield Text(f"4. Thư ký: {', '.join(_secretaries(judged)) or '.' * 40}.")
    yield Heading("II. Bốc thăm thứ tự thi")
    yield from draw_words(judged)
    yield order_table(judged, to_sign=False)
    yield Heading("III. Diễn biến")
    yield from _course(judged)
    yield Heading("IV. Kết quả")
    yield from _result(figures, judged)
    yield Heading("V. Ý kiến của các thành viên")
    yield Blank(3)
    yield Text(
        "Biên bản lập xong lúc ....... giờ ....... phút cùng ngày, đã đọc cho mọi người cùng nghe và thống nhất, làm"
        " thành ....... bản."
    )


def _panels(judged: JudgedFigures) -> dict[str, list[str]]:
    """Return by who sits on a panel the parts, and groups, it judges."""
    found: dict[str, list[str]] = {}
    for part in judged.parts:
        for group, panel in part.panels.items():
            name = f"{part.part.name} ({group})" if group else part.part.name
            found.setdefault(panel_text(panel, part.judging), []).append(name)
    return found


def _secretaries(judged: JudgedFigures) -> list[str]:
    return list(dict.fromkeys(one.checked_by for _part, one in judged.checked if one.checked_by))


def _course(judged: JudgedFigures) -> Iterator[Block]:
    for part in judged.parts:
        held = [one for one in part.performed if one.has_performed]
        sheets = sum(len(one.sheets) for one in part.performed)
        over = [one for one in held if part.over(one)]
        late = f"; quá giờ: {share(len(over), len(held))}" if part.part.minutes else ""
        yield Text(
            f"{share(len(held), len(part.performed))} thí sinh đã thi; {sheets} phiếu chấm đã nộp{late}.",
            lead=f"{part.part.name}.",
        )
        for one in part.performed:
            if one.absent:
                yield Text(f"{one.name} (số thăm {one.drawn}): {ended(one.absent)}", lead="Vắng:")
    yield from _over_table(judged)
    yield from _amended_table(judged)
    yield from _noted_table(judged.noted)
    yield from (replace(text, lead=f"{part.part.name}.") for part in judged.parts for text in decided(part))


def _over_table(judged: JudgedFigures) -> Iterator[Table]:
    rows: list[Row | Span] = []
    for part in judged.parts:
        over = [one for one in part.performed if part.over(one)]
        rows += [Span(part.part.name)] if over and len(judged.parts) > 1 else []
        rows += [
            (one.name, span_text(one.used), span_text(part.over(one) * 1000), Points(one.points.deducted))
            for one in over
        ]
    if rows:
        yield Table(
            (
                Column("Họ và tên", 72), Column("Thời gian", 34), Column("Quá giờ", 34),
                Column("Trừ điểm", 24, Align.RIGHT),
            ),
            tuple(rows),
            caption="Thí sinh quá giờ",
        )  # fmt: skip


def _amended_table(judged: JudgedFigures) -> Iterator[Block]:
    rows = tuple(
        (
            f"{one.name}, {part.part.name}", f"{sheet.judge}, ghế {sheet.seat}", name, Points(before), Points(after),
            f"{change.reason} ({change.by}, {clock_text(change.at)})",
        )
        for part in judged.parts
        for one in part.performed
        for sheet in one.sheets
        for change in sheet.amended
        for name, before, after in change.changes
    )  # fmt: skip
    if not rows:
        yield Text("Không có phiếu chấm nào phải sửa điểm sau khi nộp.")
        return
    yield Table(
        (
            Column("Thí sinh, phần thi", 36), Column("Giám khảo", 30), Column("Tiêu chí", 26),
            Column("Đã chấm", 16, Align.RIGHT), Column("Sửa thành", 16, Align.RIGHT), Column("Lý do (ai, lúc nào)", 42),
        ),
        rows,
        caption="Điểm đã sửa sau khi nộp phiếu",
    )  # fmt: skip


def _noted_table(noted: Iterable[Noted]) -> Iterator[Table]:
    rows = tuple(
        (
            NOTED[one.action],
            f"{one.name}, {one.part}",
            _from_to(one),
            f"{one.reason} ({one.by}, {clock_text(one.at)})",
        )
        for one in noted
    )
    if rows:
        yield Table(
            (
                Column("Việc", 32), Column("Thí sinh, phần thi", 44), Column("Thời gian trước, sau", 34),
                Column("Lý do (ai, lúc nào)", 52),
            ),
            rows,
            caption="Các việc phải làm lại, sửa lại",
        )  # fmt: skip


def _from_to(one: Noted) -> str:
    return f"{span_text(one.before)} → {span_text(one.after)}" if one.after is not None else ""


def _result(figures: Figures, judged: JudgedFigures) -> Iterator[Block]:
    if judged.unsigned:
        yield Text(f"Còn {judged.unsigned} lượt thi chưa được ký điểm khi lập biên bản này.")
    if judged.lines:
        yield _ranked(judged.lines)
    yield Text(
        f"{published_words(figures, judged)} Điểm từng giám khảo, từng phần: bảng tổng hợp điểm kèm theo."
    )


def _ranked(lines: Iterable[Joined]) -> Table:
    rows: list[Row | Span] = []
    last = ""
    for line in lines:
        if line.scope and line.scope != last:
            rows.append(Span(opening(line.scope)))
            last = line.scope
        where = opening(", ".join(part for part in (line.cell, line.unit) if part))
        rows.append((line.rank, line.name, where, Points(line.points)))
    columns = (
        Column("Hạng", 14, Align.CENTRE), Column("Họ và tên", 56), Column("Chi bộ, đơn vị", 72),
        Column("Tổng điểm", 22, Align.RIGHT),
    )  # fmt: skip
    return Table(columns, tuple(rows), caption="Xếp hạng")
