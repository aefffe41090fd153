"""Lists: who competes, who signs in, how many cells take part."""

from collections.abc import Iterable
from dataclasses import replace

from quiz.core.figures import (
    Contestant,
    Figures,
    RoundFigures,
    UnitTally,
)
from quiz.core.head_counts import people_of
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Block,
    Bundle,
    Column,
    Paper,
    Percent,
    Row,
    Signature,
    Table,
    Text,
    number_text,
    opening,
    total_of,
)
from quiz.core.people import AbsenceReason
from quiz.files.paperwork.phrases import (
    POSITIONS,
    REASONS,
    SEXES,
    TOTAL,
    about,
    numbered_by_unit,
    share,
    window_text,
)

_ATTENDANCE = "Bảng điểm danh thí sinh"
_PROCTORS = (Signature("Giám thị 1"), Signature("Giám thị 2"))


def contestants(figures: Figures, issue: Issue) -> Paper:
    """Return the list of contestants, unit by unit."""
    people = figures.contestants
    return Paper(
        name="danh-sach-thi-sinh",
        title="Danh sách thí sinh",
        subject=about(figures),
        letterhead=issue.letterhead(""),
        blocks=(_contestant_table(people), *_counted(people)),
        signatures=(issue.signature,),
        recipients=issue.office.recipients,
        made_at=issue.made_at,
    )


def _contestant_table(people: Iterable[Contestant]) -> Table:
    rows = (
        (
            one.unit,
            (
                one.name,
                one.birth_date,
                SEXES[one.sex] if one.sex else "",
                one.ethnicity,
                POSITIONS[one.position],
                opening(one.cell),
            ),
        )
        for one in people
    )
    return Table(
        (
            Column("TT", 9, Align.CENTRE),
            Column("Họ và tên", 42),
            Column("Ngày sinh", 24, Align.CENTRE),
            Column("Nam, nữ", 13, Align.CENTRE),
            Column("Dân tộc", 18),
            Column("Chức vụ", 22),
            Column("Chi bộ", 45),
        ),
        numbered_by_unit(rows),
    )


def _counted(people: list[Contestant]) -> Iterable[Block]:
    counts = people_of(people)
    yield Text(
        f"Danh sách có {number_text(counts.total)} thí sinh; nữ {share(counts.women, counts.total)}; dân tộc thiểu số"
        f" {share(counts.minority, counts.total)}; bí thư chi bộ {share(counts.secretaries, counts.total)}.",
        italic=True,
    )


def attendance(figures: Figures, issue: Issue) -> Paper | Bundle:
    """Return the sheet on which contestants sign that they are there; of several rounds a sheet each, for each is
    signed by proctors of its own."""
    if len(figures.rounds) == 1:
        return _sheet(figures, issue, figures.rounds[0], about(figures))
    sheets = (_sheet(figures, issue, found, f"{found.name}\n{about(figures)}") for found in figures.rounds)
    return Bundle("bang-diem-danh", _ATTENDANCE, tuple(sheets), issue.made_at)


def _sheet(figures: Figures, issue: Issue, found: RoundFigures, subject: str) -> Paper:
    return Paper(
        name="bang-diem-danh",
        title=_ATTENDANCE,
        subject=subject,
        letterhead=issue.letterhead(""),
        blocks=tuple(_attendance(found, len(figures.rounds) > 1)),
        signatures=_PROCTORS,
        recipients=(),
        made_at=issue.made_at,
    )


def _attendance(found: RoundFigures, several: bool) -> Iterable[Block]:
    if window := window_text(found):
        yield Text(f"Thời gian: {window}.")
    yield Text(f"Địa điểm: {'.' * 70}")
    rows = (
        (
            one.unit,
            (one.name, str(one.birth_date.year) if one.birth_date else "", opening(one.cell), "", "", ""),
        )
        for one in found.contestants
    )
    yield Table(
        (
            Column("TT", 9, Align.CENTRE),
            Column("Họ và tên", 44),
            Column("Năm sinh", 16, Align.CENTRE),
            Column("Chi bộ", 40),
            Column("Giờ vào", 16),
            Column("Ký tên", 26),
            Column("Ghi chú", 18),
        ),
        numbered_by_unit(rows),
        tall=True,
        subject=found.name if several else "",
    )
    yield Text(f"Có mặt: ........./{number_text(len(found.contestants))}. Vắng: .........; lý do: {'.' * 50}")


def participation(figures: Figures, issue: Issue) -> Paper:
    """Return the table of participation: of each unit, or of each cell where the subject has no units between."""
    table = _cells(figures.units) if figures.covers_cells else _units(figures.units)
    level = [f"Số liệu dưới đây tính {counted_at(figures)}."] if counted_at(figures) else []
    return Paper(
        name="bang-tong-hop-tham-gia",
        title="Bảng tổng hợp tham gia",
        subject=about(figures),
        letterhead=issue.letterhead(""),
        blocks=(
            *map(Text, level),
            replace(table, note=" ".join(level)),
            Text(participation_sentence(figures)),
        ),
        signatures=(issue.signature,),
        recipients=issue.office.recipients,
        made_at=issue.made_at,
        landscape=not figures.covers_cells,
    )


def unit_rows(units: Iterable[UnitTally]) -> list[Row]:
    """Return a row for each unit: cells, cells with a contestant, their share, contestants, absences, silence."""
    return [
        (
            number,
            opening(unit.name),
            unit.tally.cells,
            unit.tally.sending,
            Percent(unit.tally.sending, unit.tally.cells),
            unit.tally.contestants,
            *(unit.tally.reasons[reason] for reason in AbsenceReason),
            unit.tally.missing,
        )
        for number, unit in enumerate(units, start=1)
    ]


def _units(units: tuple[UnitTally, ...]) -> Table:
    rows = unit_rows(units)
    count = Align.CENTRE
    return Table(
        (
            Column("TT", 9, count),
            Column("Đơn vị", 46),
            Column("Số chi bộ", 16, count),
            Column("Có thí sinh", 16, count),
            Column("Tỷ lệ", 18, count),
            Column("Số thí sinh", 16, count),
            *(Column(REASONS[reason], 19, count) for reason in AbsenceReason),
            Column("Chưa báo", 16, count),
        ),
        tuple(rows),
        total=sums(rows),
    )


def sums(rows: list[Row]) -> Row | None:
    """Return the last row of a table whose rows begin with a number of order; None for no rows."""
    return ("", *total_of([row[1:] for row in rows], TOTAL)) if rows else None


def _cells(cells: tuple[UnitTally, ...]) -> Table:
    rows: list[Row] = [
        (number, opening(cell.name), cell.tally.contestants, ", ".join(cell.names), _why(cell))
        for number, cell in enumerate(cells, start=1)
    ]
    return Table(
        (
            Column("TT", 9, Align.CENTRE),
            Column("Chi bộ", 50),
            Column("Số thí sinh", 17, Align.CENTRE),
            Column("Họ và tên thí sinh", 52),
            Column("Lý do không có thí sinh", 40),
        ),
        tuple(rows),
        total=("", TOTAL, sum(cell.tally.contestants for cell in cells), "", "") if rows else None,
    )


def _why(cell: UnitTally) -> str:
    if cell.names:
        return ""
    reasons = [REASONS[reason] for reason in AbsenceReason if cell.tally.reasons[reason]]
    return reasons[0] if reasons else "Chưa báo"


def counted_at(figures: Figures) -> str:
    """Return at which level the cells are counted, "ở Cấp cơ sở"; "" where the paper is about that level."""
    return f"ở {figures.entry_stage}" if figures.entry_stage not in ("", figures.stage) else ""


def participation_sentence(figures: Figures) -> str:
    """Return how many cells sent somebody and why the others did not, each with its denominator."""
    tally = figures.tally
    where = f" {counted_at(figures)}".rstrip()
    words = [
        f"Chi bộ có thí sinh{where}: {share(tally.sending, tally.cells)};"
        f" số thí sinh: {number_text(tally.contestants)}."
    ]
    if tally.absent:
        reasons = "; ".join(
            f"{REASONS[reason][0].lower()}{REASONS[reason][1:]} {number_text(tally.reasons[reason])}"
            for reason in AbsenceReason
            if tally.reasons[reason]
        )
        words.append(
            f"Chi bộ không có thí sinh, có báo lý do: {share(tally.absent, tally.cells)}, gồm: {reasons}."
        )
    if tally.missing:
        words.append(f"Chi bộ chưa báo: {share(tally.missing, tally.cells)}.")
    return " ".join(words)
