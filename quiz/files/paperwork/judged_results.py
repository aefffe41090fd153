"""What the judged parts came to: the summary table of points."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from quiz.core.figures import Figures
from quiz.core.joining import Share
from quiz.core.judged_figures import Joined, JudgedFigures, JudgedPart, Performed
from quiz.core.judging import rounded
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Block,
    Column,
    Paper,
    Points,
    Row,
    Signature,
    Span,
    Table,
    Text,
    opening,
    points_text,
)
from quiz.files.paperwork.judging_words import (
    DOTS,
    averaging_text,
    clock_of,
    compared_text,
    limit_text,
    panel_text,
)
from quiz.files.paperwork.phrases import about, replacing
from quiz.files.paperwork.score_sheets import by_session, judged_of

ROUNDING = "Phần cộng vào tổng của mỗi phần thi được làm tròn khi in; tổng điểm cộng từ số chưa làm tròn."


def summary(figures: Figures, issue: Issue) -> Paper:
    """Return the summary table: every judge's mark part by part, what each part earned, weights, totals and ranks."""
    judged = judged_of(figures)
    return Paper(
        name="bang-tong-hop-diem",
        title="Bảng tổng hợp điểm",
        subject=about(figures),
        letterhead=issue.letterhead(""),
        blocks=(
            *(block for part in judged.parts for block in part_blocks(part)),
            *_joined_blocks(figures, judged),
            _judges_sign(judged),
        ),
        signatures=signatures(judged, issue),
        recipients=(),
        made_at=issue.made_at,
        landscape=True,
    )


def signatures(judged: JudgedFigures, issue: Issue) -> tuple[Signature, ...]:
    """Return who signs for the points: the secretary, the head judge, the board."""
    return (
        Signature("Thư ký", "", issue.office.secretary),
        Signature("Ban Giám khảo", "Trưởng ban", judged.head),
        issue.signature,
    )


def part_blocks(part: JudgedPart) -> Iterator[Block]:
    """Yield the table of one part with who judged it and by which rule."""
    yield _part_table(part)
    for group, panel in part.panels.items():
        yield Text(
            f"{panel_text(panel, part.judging) or DOTS}.",
            lead=f"Giám khảo ({group}):" if group else "Giám khảo:",
        )
    yield Text(f"{averaging_text(part.judging)} {limit_text(part)}", italic=True)
    yield from decided(part)


def _part_table(part: JudgedPart) -> Table:
    names = {seat: "Chấm lần ba" if seat > part.judging.judges else f"GK {seat}" for seat in part.seats}
    columns = (
        Column("Số thăm", 14, Align.CENTRE), Column("Họ và tên", 66),
        *(Column(names[seat], 17, Align.RIGHT) for seat in part.seats),
        Column("Tổng : số phiếu", 23, Align.RIGHT), Column("Trung bình", 17, Align.RIGHT),
        Column("Thời gian", 17, Align.CENTRE), Column("Trừ quá giờ", 15, Align.RIGHT),
        Column("Điểm phần thi", 18, Align.RIGHT),
    )  # fmt: skip
    rows = tuple(by_session(part.performed, lambda one: _part_row(part, one)))
    return Table(columns, rows, caption=f"{part.part.name} (tối đa {points_text(part.part.max_points)} điểm)")


def _part_row(part: JudgedPart, one: Performed) -> Row:
    points, mean = one.points, one.mean
    counted = f"{points_text(points.sum)} : {len(points.counted)}" if points.counted else ""
    shown = mean if mean is not None else Fraction(points.sum) if points.by_head else None
    return (
        one.drawn, one.name, *(_mark(one, seat) for seat in part.seats), counted,
        None if shown is None else Points(rounded(shown, 2)), clock_of(one),
        Points(points.deducted) if points.deducted else None,
        None if points.points is None else Points(points.points),
    )  # fmt: skip


def _mark(one: Performed, seat: int) -> Points | None:
    sheet = one.sheet(seat) if not one.absent else None
    return None if sheet is None else Points(sheet.total, left_out=seat not in one.points.counted)


def decided(part: JudgedPart) -> Iterator[Text]:
    """Yield what the head judge decided in a part, with the reasons, and where a third marking was needed."""
    for one in part.performed:
        if one.points.by_third:
            apart, points = points_text(one.points.gap), points_text(one.points.sum)
            yield Text(f"{one.name}: hai phiếu chênh nhau {apart} điểm; lấy điểm chấm lần ba, {points} điểm.")
        if one.points.by_head:
            yield Text(
                f"{one.name}: các phiếu chênh nhau {points_text(one.points.gap)} điểm; Trưởng ban Giám khảo quyết định"
                f" {points_text(one.points.sum)} điểm. Lý do: {one.decided_reason}"
            )


# --- all parts together -------------------------------------------------------------------------------------------


def _joined_blocks(figures: Figures, judged: JudgedFigures) -> Iterator[Block]:
    if judged.unsigned:
        yield Text(
            f"Còn {judged.unsigned} lượt thi chưa được Trưởng ban Giám khảo ký điểm; thí sinh ấy chưa có trong bảng"
            " này."
        )
    if judged.lines:
        yield joined_table(judged)
    if any(adds.denominator > 1 for line in judged.lines for *_, adds in line.shares):
        yield Text(ROUNDING, italic=True)
    yield Text(published_words(figures, judged))


def joined_table(judged: JudgedFigures) -> Table:
    """Return the ranking of all parts together: points of each, what it adds by its weight, total and rank."""
    drawn = {one.entry: one.drawn for one in judged.order}
    weighed = any(one.adds != one.points for line in judged.lines for one in line.shares)
    columns = (
        Column("Hạng", 14, Align.CENTRE), Column("Số thăm", 14, Align.CENTRE), Column("Họ và tên", 42),
        Column("Chi bộ, đơn vị", 48),
        *(column for one in judged.lines[0].shares for column in _share_columns(one, weighed)),
        Column("Tổng điểm", 18, Align.RIGHT), Column("Bằng điểm thì xét", 38),
    )  # fmt: skip
    return Table(columns, tuple(_joined_rows(judged.lines, drawn, weighed)), caption="Kết quả chung")


def _share_columns(one: Share, weighed: bool) -> Iterator[Column]:
    yield Column(f"{one.part} (tối đa {points_text(one.max_points)})", 22, Align.RIGHT)
    if weighed:
        yield Column(f"Cộng {one.weight}\u00a0%", 16, Align.RIGHT)


def _shares(one: Share, weighed: bool) -> Iterator[Points]:
    yield Points(one.points)
    if weighed:
        yield Points(rounded(one.adds, 2))


def _joined_rows(lines: Iterable[Joined], drawn: dict[int, int], weighed: bool) -> Iterator[Row | Span]:
    last = ""
    for line in lines:
        if line.scope and line.scope != last:
            yield Span(opening(line.scope))
            last = line.scope
        points = (cell for one in line.shares for cell in _shares(one, weighed))
        where = opening(", ".join(part for part in (line.cell, line.unit) if part))
        yield (
            line.rank, drawn.get(line.entry), line.name, where, *points, Points(line.points),
            compared_text(line.compared) if line.equal_points else "",
        )  # fmt: skip


def published_words(figures: Figures, judged: JudgedFigures) -> str:
    """Return whether the ranking was published, and whether it still is what was published."""
    published = figures.rounds[0].published
    if published is None:
        return "Kết quả chưa được công bố khi lập bảng này."
    number = f"{published.number}{replacing(published)}"
    edition = f"bảng xếp hạng công bố lần {number}, mã kiểm tra {published.check_code}"
    return f"Kết quả này trùng với {edition}." if judged.agrees else f"Kết quả này KHÁC với {edition}."


def _judges_sign(judged: JudgedFigures) -> Table:
    rows = tuple(
        (number, name, "; ".join(f"{part}, ghế {seat}" for part, seat in judged.seats_of(name)), "")
        for number, name in enumerate(judged.judges, start=1)
    )
    return Table(
        (
            Column("TT", 10, Align.CENTRE), Column("Giám khảo", 70), Column("Đã chấm", 110), Column("Ký tên", 60),
        ),
        rows,
        caption="Các giám khảo ký tên",
        tall=True,
    )  # fmt: skip
