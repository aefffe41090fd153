"""The report to the level above, with every figure filled in and its denominator beside it; what only people can
judge is left to write."""

from collections.abc import Iterable

from quiz.core.figures import (
    Contestant,
    Figures,
)
from quiz.core.head_counts import age_bands, age_on, oldest, people_of, peoples, prizes_by_name, youngest
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Blank,
    Block,
    Column,
    Heading,
    Paper,
    Percent,
    Row,
    Table,
    Text,
    date_text,
    number_text,
    opening,
    points_text,
)
from quiz.files.paperwork.lists import participation_sentence
from quiz.files.paperwork.phrases import (
    KINDS,
    NOBODY_RANKED,
    TOTAL,
    about,
    appeal_words,
    declined_blocks,
    prize_table,
    replacing,
    sent_blocks,
    share,
)
from quiz.files.paperwork.results import mean

MOST_LISTED = 30  # prizes; more of them stand on the list that goes with the report


def report(figures: Figures, issue: Issue) -> Paper:
    """Return the report."""
    superior = issue.office.superior
    opening_words = [Text(f"Kính gửi: {superior}", centred=True)] if superior else []
    return Paper(
        name="bao-cao-ket-qua",
        title="Báo cáo",
        subject=f"kết quả {about(figures)}",
        letterhead=issue.letterhead("BC"),
        blocks=(
            *opening_words,
            *_held(figures, issue),
            *_people(figures),
            *_results(figures),
            *_judged(),
        ),
        signatures=(issue.signature,),
        recipients=("Như trên", *issue.office.recipients) if superior else issue.office.recipients,
        made_at=issue.made_at,
    )


def _held(figures: Figures, issue: Issue) -> Iterable[Block]:
    yield Heading("I. Tình hình tổ chức")
    yield Text(
        f"Thực hiện Kế hoạch số {'.' * 12} ngày {'.' * 16} của {'.' * 30}, {issue.office.body} đã tổ chức"
        f" {figures.contest}. Kết quả cụ thể như sau:"
    )
    for number, level in enumerate(figures.levels, start=1):
        yield Text(
            f"Số vòng thi đã tổ chức: {share(level.held, level.rounds)}; thí sinh dự thi trên số đăng ký:"
            f" {share(level.took_part, level.entered)}.",
            lead=f"{number}. {level.name}.",
        )
    yield Text(
        participation_sentence(figures), lead=f"{len(figures.levels) + 1}. Sự tham gia của các chi bộ."
    )
    if not figures.covers_cells and figures.units:
        yield _by_unit(figures)
    yield from _day(figures)


def _day(figures: Figures) -> Iterable[Block]:
    """Yield what the day asked of those who ran it; nothing where nobody has sat yet."""
    sat = len(figures.sat)
    if not sat:
        return
    happened, on_paper, late, performed = (
        sum(counts)
        for counts in zip(
            *((len(one.happened), one.on_paper, one.late, one.performed) for one in figures.rounds),
            strict=True,
        )
    )
    words = [f"Sự cố ghi vào sổ trực: {happened}."]
    if performed:
        words.append(f"Thí sinh thi trước Ban Giám khảo: {share(performed, sat)}.")
    if on_paper or late or performed < sat:
        words.append(f"Thí sinh làm bài trên giấy: {share(on_paper, sat)}.")
        words.append(f"Bài có phần gửi muộn do mất mạng: {share(late, sat)}.")
    yield Text(
        " ".join(words),
        lead=f"{len(figures.levels) + 2}. Trong khi thi.",
    )


def _by_unit(figures: Figures) -> Table:
    rows: list[Row] = [
        (
            number,
            opening(unit.name),
            unit.tally.cells,
            unit.tally.sending,
            Percent(unit.tally.sending, unit.tally.cells),
            unit.tally.contestants,
        )
        for number, unit in enumerate(figures.units, start=1)
    ]
    tally = figures.tally
    total: Row = (
        "", TOTAL, tally.cells, tally.sending, Percent(tally.sending, tally.cells), tally.contestants,
    )  # fmt: skip
    count = Align.CENTRE
    return Table(
        (
            Column("TT", 9, count),
            Column("Đơn vị", 58),
            Column("Số chi bộ", 22, count),
            Column("Chi bộ có thí sinh", 26, count),
            Column("Tỷ lệ", 22, count),
            Column("Số thí sinh", 22, count),
        ),
        tuple(rows),
        total=total,
        caption="Tham gia của các đơn vị",
    )


# --- who they were ------------------------------------------------------------------------------------------------


def _people(figures: Figures) -> Iterable[Block]:
    sat = figures.sat
    base, words = (sat, "đã dự thi") if sat else (figures.contestants, "đăng ký")
    yield Heading("II. Thí sinh")
    yield Text(f"Các số dưới đây tính trên {number_text(len(base))} thí sinh {words} {figures.subject}.")
    if not base:
        return
    yield _people_table(base, figures)
    yield from _ages(base, figures)


def _people_table(base: list[Contestant], figures: Figures) -> Table:
    counts = people_of(base)
    lines = [
        ("Nữ", counts.women),
        ("Người dân tộc thiểu số", counts.minority),
        ("Bí thư chi bộ", counts.secretaries),
        ("Phó bí thư chi bộ", counts.deputies),
        ("Chức vụ khác", counts.others),
        ("Kiêm trưởng thôn, bản, tiểu khu", counts.village_heads),
        *((_band(low, high), count) for low, high, count in age_bands(base, figures.day)),
        *((f"Dân tộc {name}", count) for name, count in peoples(base)),
        ("Chưa ghi giới tính", counts.unknown_sex),
        ("Chưa ghi dân tộc", counts.unknown_ethnicity),
        ("Chưa ghi ngày sinh", sum(one.birth_date is None for one in base)),
    ]
    rows: list[Row] = [
        (words, count, counts.total, Percent(count, counts.total))
        for words, count in lines
        if count or words in ("Nữ", "Người dân tộc thiểu số")
    ]
    return Table(
        (
            Column("Nội dung", 80),
            Column("Số thí sinh", 28, Align.CENTRE),
            Column("Trên tổng số", 28, Align.CENTRE),
            Column("Tỷ lệ", 28, Align.CENTRE),
        ),
        tuple(rows),
        caption="Cơ cấu thí sinh",
    )


def _band(low: int, high: int) -> str:
    if not low:
        return f"Từ {high} tuổi trở xuống"
    return f"Trên {low - 1} tuổi" if high >= 200 else f"Từ {low} đến {high} tuổi"


def _ages(base: list[Contestant], figures: Figures) -> Iterable[Block]:
    first, last = oldest(base), youngest(base)
    if not first:
        return
    ages = sorted(age_on(one.birth_date, figures.day) for one in base if one.birth_date is not None)
    yield Text(f"Tuổi của thí sinh: từ {ages[0]} đến {ages[-1]} (tính đến ngày {date_text(figures.day)}).")
    yield Text(_named(first, figures), lead="Cao tuổi nhất:")
    yield Text(_named(last, figures), lead="Trẻ tuổi nhất:")


def _named(people: list[Contestant], figures: Figures) -> str:
    return (
        "; ".join(
            f"đồng chí {one.name}, sinh ngày {date_text(one.birth_date)}, {age_on(one.birth_date, figures.day)} tuổi,"
            f" {one.cell}, {one.unit}"
            for one in people
            if one.birth_date is not None
        )
        + "."
    )


# --- what came of it ----------------------------------------------------------------------------------------------


def _results(figures: Figures) -> Iterable[Block]:
    yield Heading("III. Kết quả")
    lines = [line for published in figures.published for line in published.lines]
    if not lines:
        yield Text(_no_results(figures))
        return
    scores = [line.points for line in lines]
    yield Text(
        f"Vòng thi có kết quả công bố: {share(len(figures.published), len(figures.rounds))}; số thí sinh có kết quả:"
        f" {share(len(lines), len(figures.contestants))} số đăng ký. Điểm cao nhất {points_text(max(scores))}, thấp"
        f" nhất {points_text(min(scores))}, trung bình {points_text(mean(scores))} trên điểm tối đa {_most(figures)}."
    )
    for found in figures.rounds:
        if found.published and found.published.replaces:
            number = f"{found.published.number}{replacing(found.published)}"
            yield Text(f"Kết quả {found.name} trong báo cáo này là kết quả công bố lần {number}.")
    appeals = [sum(counts) for counts in zip(*(found.appeals for found in figures.rounds), strict=True)]
    if any(appeals):
        yield Text(f"Phúc khảo: {appeal_words(*appeals)}.")
    yield from _prizes(figures)
    if figures.sent:
        yield from sent_blocks(figures.sent)
    yield from declined_blocks(figures.declined)


def _no_results(figures: Figures) -> str:
    """Return why there are none: a round nobody has sat has nothing that could be published."""
    if figures.published:
        return NOBODY_RANKED
    if not figures.sat:
        return "Chưa có ai dự thi khi lập báo cáo này."
    return "Kết quả chưa được công bố khi lập báo cáo này."


def _most(figures: Figures) -> str:
    return " hoặc ".join(points_text(most) for most in sorted({one.max_points for one in figures.published}))


def _prizes(figures: Figures) -> Iterable[Block]:
    if not figures.won:
        lacks = "Danh sách giải chưa được chốt khi lập báo cáo này."
        yield Text(lacks if figures.has_prizes else "Thể lệ không đặt giải thưởng.")
        return
    rows: list[Row] = [
        (KINDS[kind], opening(prize), count) for kind, prize, count in prizes_by_name(figures.won)
    ]
    yield Table(
        (Column("Loại giải", 60), Column("Tên giải", 70), Column("Số lượng", 34, Align.CENTRE)),
        tuple(rows),
        total=(TOTAL, "", len(figures.won)),
        caption="Số giải đã trao",
    )
    if len(figures.won) <= MOST_LISTED:
        yield prize_table(figures.won, "Danh sách đạt giải")
    else:
        yield Text(f"Danh sách {number_text(len(figures.won))} giải kèm theo báo cáo này.")


def _judged() -> Iterable[Block]:
    yield Heading("IV. Đánh giá chung")
    for words, lines in (
        ("1. Ưu điểm", 5),
        ("2. Hạn chế, nguyên nhân", 5),
        ("3. Bài học kinh nghiệm", 4),
    ):
        yield Heading(words)
        yield Blank(lines)
    yield Heading("V. Đề xuất, kiến nghị")
    yield Blank(3)
