"""What came of it: the ranking, a summary of the rounds, the minutes, the draft decision."""

from collections.abc import Iterable

from quiz.core.figures import (
    Figures,
    RoundFigures,
)
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Block,
    Column,
    Paper,
    Percent,
    Points,
    Row,
    Span,
    Table,
    Text,
    opening,
    points_text,
    total_of,
)
from quiz.core.prizes import Kind
from quiz.files.paperwork.judging_words import compared_text
from quiz.files.paperwork.phrases import (
    TOTAL,
    about,
    clock_text,
    duration_text,
    replacing,
)


def ranking(figures: Figures, issue: Issue) -> Paper:
    """Return the published ranking of each round, place by place within its scopes."""
    several = len(figures.rounds) > 1
    blocks = [block for found in figures.rounds if found.published for block in _ranked(found, several)]
    return Paper(
        name="bang-xep-hang",
        title="Bảng xếp hạng",
        subject=about(figures),
        letterhead=issue.letterhead(""),
        blocks=tuple(blocks),
        signatures=(issue.signature,),
        recipients=issue.office.recipients,
        made_at=issue.made_at,
    )


def _ranked(found: RoundFigures, several: bool) -> Iterable[Block]:
    published = found.published
    if published is None:
        return
    kind = "Kết quả chính thức" if published.is_final else "Kết quả tạm thời"
    edition = (
        f"{kind}, công bố lần {published.number} lúc {clock_text(published.published_at)}{replacing(published)};"
        f" điểm tối đa {points_text(published.max_points)}; mã kiểm tra {published.check_code}."
    )
    yield Text(edition, lead=f"{found.name}." if several else "", italic=True)
    timed = any(line.time_used is not None for line in published.lines)
    tied = any(line.compared for line in published.lines)
    yield Table(
        (
            Column("Hạng", 16 if tied else 13, Align.CENTRE),
            Column("Họ và tên", 42),
            Column("Chi bộ, đơn vị", 46 if tied else 52),
            Column("Điểm", 17, Align.RIGHT),
            *((Column("Thời gian làm bài", 22, Align.CENTRE),) if timed else ()),
            *((Column("Bằng điểm thì xét", 40),) if tied else ()),
            Column("Giải", 20 if tied else 22),
        ),
        tuple(_ranked_rows(found, timed, tied)),
        subject=found.name if several else "",
        note=edition,
    )


def _ranked_rows(found: RoundFigures, timed: bool, tied: bool) -> Iterable[Row | Span]:
    prizes = {one.entry: one.prize for one in found.won if one.kind is Kind.MAIN}
    last = ""
    for line in found.published.lines if found.published else ():
        if line.scope and line.scope != last:
            yield Span(opening(line.scope))
            last = line.scope
        yield (
            line.rank,
            line.name,
            opening(", ".join(part for part in (line.cell, line.unit) if part)),
            Points(line.points),
            *((duration_text(line.time_used),) if timed else ()),
            *((compared_text(line.compared),) if tied else ()),
            opening(prizes.get(line.entry, "")),
        )


def summary(figures: Figures, issue: Issue) -> Paper:
    """Return one line a round: entered, sat, highest, mean, who came first."""
    rows = [_summary_row(number, found) for number, found in enumerate(figures.rounds, start=1)]
    totals = (*_sums(rows), None, None, "") if rows else None
    return Paper(
        name="bang-tong-hop-ket-qua",
        title="Bảng tổng hợp kết quả",
        subject=about(figures),
        letterhead=issue.letterhead(""),
        blocks=(
            Table(
                (
                    Column("TT", 9, Align.CENTRE),
                    Column("Vòng thi", 60),
                    Column("Thí sinh đăng ký", 19, Align.CENTRE),
                    Column("Thí sinh dự thi", 19, Align.CENTRE),
                    Column("Tỷ lệ", 19, Align.CENTRE),
                    Column("Điểm cao nhất", 20, Align.RIGHT),
                    Column("Điểm trung bình", 20, Align.RIGHT),
                    Column("Xếp hạng nhất", 80),
                ),
                tuple(rows),
                total=totals,
            ),
        ),
        signatures=(issue.signature,),
        recipients=issue.office.recipients,
        made_at=issue.made_at,
        landscape=True,
    )


def _sums(rows: list[Row]) -> Row:
    return ("", *total_of([row[1:5] for row in rows], TOTAL))


def _summary_row(number: int, found: RoundFigures) -> Row:
    entered, sat = len(found.contestants), found.took_part
    lines = found.published.lines if found.published else ()
    first = ", ".join(f"{line.name} ({opening(line.cell)})" for line in lines if line.rank == 1)
    return (
        number, found.name, entered, sat, Percent(sat, entered),
        Points(max(line.points for line in lines)) if lines else None,
        Points(mean([line.points for line in lines])) if lines else None,
        first if lines else "Chưa công bố",
    )  # fmt: skip


def mean(points: list[int]) -> int:
    """Return the mean of hundredths in whole hundredths, halves up."""
    return (2 * sum(points) + len(points)) // (2 * len(points))
