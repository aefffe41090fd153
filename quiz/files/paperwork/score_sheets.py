"""Score sheets of the judged parts, blank to be filled in by hand and as they were handed in; the running order."""

from collections.abc import Callable, Iterable, Iterator

from quiz.core.errors import N_, RuleBroken
from quiz.core.figures import Figures
from quiz.core.judged_figures import Judge, JudgedFigures, JudgedPart, Marked, Performed
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Blank,
    Block,
    Bundle,
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
    from_where,
    limit_text,
    seat_text,
    span_text,
)
from quiz.files.paperwork.phrases import about, clock_text

TITLE = "Phiếu chấm điểm"
ROOMY = 6  # criteria that leave room for high rows on one page


def judged_of(figures: Figures) -> JudgedFigures:
    """Return the judged parts of the round a paper is about; raise RuleBroken where it has none."""
    judged = figures.rounds[0].judged if len(figures.rounds) == 1 else None
    if judged is None:
        raise RuleBroken(N_("Vòng thi này không có phần thi do giám khảo chấm."))
    return judged


def order(figures: Figures, issue: Issue) -> Paper:
    """Return the running order as drawn, with the seed by which anybody can repeat it: the list to call by."""
    judged = judged_of(figures)
    return Paper(
        name="thu-tu-thi",
        title="Danh sách thứ tự thi",
        subject=about(figures),
        letterhead=issue.letterhead(""),
        blocks=(*draw_words(judged), order_table(judged), *repeat_words(judged)),
        signatures=(Signature("Thư ký", "", issue.office.secretary), issue.signature),
        recipients=(),
        made_at=issue.made_at,
    )


def draw_words(judged: JudgedFigures) -> Iterable[Block]:
    """Yield when the order was drawn, by whom and from which seed, and who has withdrawn since."""
    if judged.draw is None:
        return
    drawn = judged.draw
    yield Text(
        f"Bốc thăm công khai lúc {clock_text(drawn.at)}, số bốc thăm “{drawn.seed}”, {drawn.sessions} buổi,"
        f" người nhập: {drawn.by}. Từ số ấy ai cũng tính lại được thứ tự này."
    )
    if judged.gone:
        gone = "; ".join(
            f"{one.name} (số thăm {one.drawn}): {one.reason or 'không ghi lý do'}" for one in judged.gone
        )
        yield Text(f"{gone}.", lead="Rút tên sau khi bốc thăm:")


def repeat_words(judged: JudgedFigures) -> Iterable[Block]:
    """Yield how anybody repeats the draw by hand, with the number each contestant was drawn by."""
    draw = judged.draw
    known = [one for one in judged.order if draw and one.entry in draw.numbers]
    if draw is None or not known:
        return
    first = known[0]
    yield Text(
        f"với mỗi thí sinh, lấy mã SHA-256 của dòng “số bốc thăm:khối:mã số” (không chia khối thì để trống phần khối),"
        f" ví dụ “{draw.seed}:{first.group}:{draw.numbers[first.entry]}”, rồi xếp các mã SHA-256 tăng dần trong"
        " từng khối, các khối theo thứ tự tên. Người vào thay sau khi bốc thăm thi cuối cùng.",
        lead="Cách tính lại thứ tự:",
    )
    numbers = "; ".join(f"{one.drawn} – {draw.numbers[one.entry]}" for one in known)
    yield Text(f"{numbers}.", lead="Số thăm và mã số thí sinh:")


def order_table(judged: JudgedFigures, to_sign: bool = True) -> Table:
    """Return everybody in running order, session by session; `to_sign` leaves room to sign that they are there."""
    groups = any(one.group for one in judged.order)
    columns = (
        Column("Số thăm", 14, Align.CENTRE), Column("Họ và tên", 50), Column("Chi bộ, đơn vị", 60),
        *((Column("Khối", 22),) if groups else ()), *((Column("Có mặt, ký tên", 30),) if to_sign else ()),
    )  # fmt: skip
    more = ("",) if to_sign else ()
    rows = by_session(
        judged.order,
        lambda one: (one.drawn, one.name, from_where(one), *((one.group,) if groups else ()), *more),
    )
    return Table(columns, tuple(rows), caption="Thứ tự thi", tall=to_sign)


def by_session(performed: Iterable[Performed], row: Callable[[Performed], Row]) -> Iterator[Row | Span]:
    """Yield a row for each performance, under a line for each session where there are several."""
    found = list(performed)
    several, last = len({one.session for one in found}) > 1, 0
    for one in found:
        if several and one.session != last:
            yield Span(f"Buổi {one.session}")
            last = one.session
        yield row(one)


# --- one sheet a judge and contestant -----------------------------------------------------------------------------


def blank(figures: Figures, issue: Issue) -> Bundle:
    """Return a sheet for each judge and contestant, judge by judge in running order, to be filled in by hand."""
    judged = judged_of(figures)
    papers = (
        _sheet(figures, issue, part, one, judge, None)
        for part in judged.parts
        for judge in _seated(part)
        for one in part.performed
        if judge in _with_seats(part, one.panel)
    )
    return Bundle("phieu-cham-trong", TITLE, tuple(papers), issue.made_at)


def filled(figures: Figures, issue: Issue) -> Bundle:
    """Return the sheets the secretary has compared, contestant by contestant, with what was corrected in them."""
    judged = judged_of(figures)
    papers = (
        _sheet(figures, issue, part, one, Judge(marked.seat, marked.judge), marked)
        for part, one in judged.checked
        for marked in one.sheets
    )
    return Bundle("phieu-cham-da-cham", TITLE, tuple(papers), issue.made_at)


def _seated(part: JudgedPart) -> list[Judge]:
    """Return whoever judges a part, each seat of each panel once; a seat nobody has yet has no name."""
    panels = [_with_seats(part, panel) for panel in part.panels.values()]
    return sorted(dict.fromkeys(judge for panel in panels for judge in panel), key=lambda judge: judge.seat)


def _with_seats(part: JudgedPart, panel: tuple[Judge, ...]) -> list[Judge]:
    taken = {judge.seat: judge for judge in panel}
    empty = {seat: Judge(seat, "") for seat in range(1, part.judging.judges + 1)}
    return sorted((empty | taken).values(), key=lambda judge: judge.seat)


def _sheet(
    figures: Figures, issue: Issue, part: JudgedPart, one: Performed, judge: Judge, marked: Marked | None
) -> Paper:
    return Paper(
        name="phieu-cham",
        title=TITLE,
        subject=f"Phần thi: {part.part.name}\n{about(figures)}",
        letterhead=issue.letterhead(""),
        blocks=tuple(_sheet_blocks(part, one, judge, marked)),
        signatures=(
            Signature("Thư ký", "", issue.office.secretary),
            Signature("Giám khảo", opening(seat_text(judge.seat, part.judging)), judge.name),
        ),
        recipients=(),
        made_at=issue.made_at,
    )


def _sheet_blocks(part: JudgedPart, one: Performed, judge: Judge, marked: Marked | None) -> Iterable[Block]:
    yield Text(f"{one.name}. Số thăm: {one.drawn}.", lead="Thí sinh:")
    yield Text(f"{from_where(one)}.", lead="Chi bộ, đơn vị:")
    yield Text(f"{judge.name or DOTS} ({seat_text(judge.seat, part.judging)}).", lead="Giám khảo:")
    yield _criteria_table(part, marked)
    yield Text(_time_words(part, one, marked is not None))
    if marked is None:
        yield Text("", lead="Nhận xét:")
        yield Blank(2)
        return
    if marked.note:
        yield Text(marked.note, lead="Nhận xét:")
    yield from _amended(marked)
    yield Text(_stood_for(one, marked), italic=True)


def _criteria_table(part: JudgedPart, marked: Marked | None) -> Table:
    rows = tuple(
        (
            number, one.name, Points(one.max_points), Points(one.step),
            Points(marked.marks[one.name]) if marked and one.name in marked.marks else None,
        )
        for number, one in enumerate(part.judging.criteria, start=1)
    )  # fmt: skip
    return Table(
        (
            Column("TT", 12, Align.CENTRE), Column("Tiêu chí chấm", 84), Column("Điểm tối đa", 24, Align.RIGHT),
            Column("Bước chấm", 22, Align.RIGHT), Column("Điểm chấm", 28, Align.RIGHT),
        ),
        rows,
        total=("", "Cộng", Points(part.judging.max_points), "", Points(marked.total) if marked else None),
        tall=marked is None and len(rows) <= ROOMY,
    )  # fmt: skip


def _time_words(part: JudgedPart, one: Performed, done: bool) -> str:
    if not done:
        if not part.part.minutes:
            return limit_text(part)
        used = f"Thời gian đã thi: {'.' * 8} phút {'.' * 8} giây."
        return f"{limit_text(part)} {used} Thư ký trừ điểm quá giờ ở bảng tổng hợp."
    used = f"Thời gian đã thi: {span_text(one.used)}." if one.used is not None else "Không bấm giờ."
    less = (
        f" Trừ quá giờ ở bảng tổng hợp: {points_text(one.points.deducted)} điểm."
        if one.points.deducted
        else ""
    )
    return f"{limit_text(part)} {used}{less}"


def _amended(marked: Marked) -> Iterable[Table]:
    rows = tuple(
        (name, Points(before), Points(after), change.reason, f"{change.by}, {clock_text(change.at)}")
        for change in marked.amended
        for name, before, after in change.changes
    )
    if rows:
        yield Table(
            (
                Column("Tiêu chí", 40), Column("Đã chấm", 20, Align.RIGHT), Column("Sửa thành", 20, Align.RIGHT),
                Column("Lý do", 50), Column("Người sửa, lúc", 40),
            ),
            rows,
            caption="Điểm đã sửa sau khi nộp phiếu",
        )  # fmt: skip


def _stood_for(one: Performed, marked: Marked) -> str:
    how = "Nhập từ phiếu giấy, hai người nhập khớp nhau" if marked.keyed else "Nộp trên máy"
    words = [f"{how} lúc {clock_text(marked.handed_in_at)}", f"thư ký kiểm: {one.checked_by}"]
    if one.signed_at is not None:
        words.append(f"Trưởng ban Giám khảo ký điểm: {one.signed_by}, lúc {clock_text(one.signed_at)}")
    return f"{'; '.join(words)}."


# --- one sheet a judge with everybody in it -----------------------------------------------------------------------


def listed(figures: Figures, issue: Issue) -> Bundle:
    """Return a sheet for each judge and part with all contestants in running order, to be filled in by hand."""
    judged = judged_of(figures)
    papers = (_list(figures, issue, part, judge) for part in judged.parts for judge in _seated(part))
    return Bundle("phieu-cham-theo-danh-sach", TITLE, tuple(papers), issue.made_at)


def _list(figures: Figures, issue: Issue, part: JudgedPart, judge: Judge) -> Paper:
    own = [one for one in part.performed if judge in _with_seats(part, one.panel)]
    return Paper(
        name="phieu-cham",
        title=TITLE,
        subject=f"Phần thi: {part.part.name}\n{about(figures)}",
        letterhead=issue.letterhead(""),
        blocks=(
            Text(
                f"{judge.name or DOTS} ({seat_text(judge.seat, part.judging)}). {limit_text(part)}",
                lead="Giám khảo:",
            ),
            _list_table(part, own, f"{part.part.name}, ghế {judge.seat}"),
        ),
        signatures=(
            Signature("Thư ký", "", issue.office.secretary),
            Signature("Giám khảo", opening(seat_text(judge.seat, part.judging)), judge.name),
        ),
        recipients=(),
        made_at=issue.made_at,
        landscape=True,
    )


def _list_table(part: JudgedPart, own: Iterable[Performed], caption: str) -> Table:
    criteria = part.judging.criteria
    columns = (
        Column("Số thăm", 14, Align.CENTRE), Column("Họ và tên", 44), Column("Chi bộ, đơn vị", 52),
        *(Column(f"{one.name} ({points_text(one.max_points)})", 24, Align.RIGHT) for one in criteria),
        Column(f"Cộng ({points_text(part.judging.max_points)})", 22, Align.RIGHT), Column("Ghi chú", 26),
    )  # fmt: skip
    empty = (None,) * (len(criteria) + 1)
    rows = by_session(own, lambda one: (one.drawn, one.name, from_where(one), *empty, ""))
    return Table(columns, tuple(rows), caption=caption, tall=True)
