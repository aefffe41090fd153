"""The minutes of a round, and the draft of the decision that recognises its result."""

from collections.abc import Iterable

from quiz.core.awards import BoardAct
from quiz.core.figures import Contestant, Figures, RoundFigures, Ruled, TieSettled, Won
from quiz.core.head_counts import prizes_by_name
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Blank,
    Block,
    Column,
    Heading,
    Paper,
    Signature,
    Table,
    Text,
    long_date,
    opening,
    points_text,
)
from quiz.core.prizes import Kind
from quiz.files.paperwork.phrases import (
    NOBODY_RANKED,
    WAYS,
    about,
    appeal_words,
    declined_blocks,
    ended,
    hour_text,
    prize_table,
    prize_words,
    replacing,
    sent_blocks,
    share,
    window_text,
)
from quiz.files.paperwork.results import mean


def minutes(figures: Figures, issue: Issue) -> Paper:
    """Return the minutes of a round: who was there, what happened, ties and how they were settled, the result."""
    blocks = [block for found in figures.rounds for block in _minutes(found)]
    return Paper(
        name="bien-ban-hoi-thi",
        title="Biên bản",
        subject=about(figures),
        letterhead=issue.letterhead("BB"),
        blocks=tuple(blocks),
        signatures=(Signature("Thư ký", "", issue.office.secretary), issue.signature),
        recipients=(),
        made_at=issue.made_at,
    )


def _minutes(found: RoundFigures) -> Iterable[Block]:
    yield Heading("I. Thời gian, địa điểm, thành phần")
    yield Text(f"1. Thời gian: {window_text(found) or '.' * 40}.")
    yield Text(f"2. Địa điểm: {found.unit}; {'.' * 60}")
    yield Text("3. Thành phần (Ban Tổ chức, Ban Giám khảo, giám thị, thư ký):")
    yield Blank(3)
    yield Heading("II. Diễn biến")
    yield from _attendance_words(found)
    yield from _incidents(found)
    yield from _minutes_given(found)
    yield Heading("III. Kết quả")
    yield from _result_words(found)
    yield Heading("IV. Ý kiến của các thành viên")
    yield Blank(3)
    yield Text(
        "Biên bản lập xong lúc ....... giờ ....... phút cùng ngày, đã đọc cho mọi người cùng nghe và thống nhất, làm"
        " thành ....... bản, Ban Tổ chức lưu một bản."
    )


def _attendance_words(found: RoundFigures) -> Iterable[Block]:
    entered, sat = len(found.contestants), found.took_part
    waiting = [one for one in found.contestants if one.waits]
    absent = [one for one in found.contestants if not one.took_part and not one.waits]
    yield Text(f"Thí sinh dự thi: {share(sat, entered)}; vắng mặt: {share(len(absent), entered)}.")
    if absent:
        yield Text(_named(absent), lead="Vắng mặt:")
    if waiting:
        yield Text(_named(waiting), lead=f"Bài trên giấy chưa nhập xong ({share(len(waiting), entered)}):")
    for name, reason, successor in found.withdrawn:
        instead = f" Người vào thay: {successor}." if successor else ""
        yield Text(f"{name}. Lý do: {ended(reason)}{instead}", lead="Rút tên:")
    if found.on_paper:
        yield Text(f"Thí sinh làm bài trên giấy: {share(found.on_paper, sat)}.")
    if found.late:
        yield Text(f"Bài có phần gửi muộn do mất mạng: {share(found.late, sat)}.")
    if found.voided:
        yield Text(f"Bài thi bị hủy, không được xếp hạng: {found.voided}.")


def _named(people: Iterable[Contestant]) -> str:
    return "; ".join(f"{one.name} ({opening(one.cell)})" for one in people) + "."


def _incidents(found: RoundFigures) -> Iterable[Block]:
    if not found.happened:
        yield Text("Không có sự cố nào được ghi vào sổ trực.")
        return
    yield Table(
        (
            Column("TT", 8, Align.CENTRE),
            Column("Giờ", 14, Align.CENTRE),
            Column("Nơi xảy ra", 34),
            Column("Việc xảy ra", 46),
            Column("Đã xử lý", 46),
            Column("Phút cho thêm", 17, Align.CENTRE),
        ),
        tuple(
            (
                number,
                hour_text(one.at),
                opening(one.place),
                one.what,
                "; ".join(one.done),
                one.minutes or None,
            )
            for number, one in enumerate(found.happened, start=1)
        ),
        caption="Các sự cố và cách xử lý",
    )


def _minutes_given(found: RoundFigures) -> Iterable[Block]:
    """Yield every grant of time, whatever its cause: whoever signs answers for each."""
    if not found.given:
        return
    yield Table(
        (
            Column("TT", 8, Align.CENTRE),
            Column("Giờ", 14, Align.CENTRE),
            Column("Cho ai", 44),
            Column("Số phút", 16, Align.CENTRE),
            Column("Lý do", 65),
            Column("Số bài được thêm", 18, Align.CENTRE),
        ),
        tuple(
            (
                number,
                hour_text(one.at),
                opening(one.to),
                one.minutes,
                one.reason if one.incident is None else f"{one.reason} (sự cố số {one.incident})",
                one.papers,
            )
            for number, one in enumerate(found.given, start=1)
        ),
        caption="Các lần cho thêm giờ làm bài",
    )


def _result_words(found: RoundFigures) -> Iterable[Block]:
    published = found.published
    if published is None:
        yield Text("Kết quả chưa được công bố khi lập biên bản này.")
        return
    points = [line.points for line in published.lines]
    if not points:
        yield Text(NOBODY_RANKED)
        return
    yield Text(
        f"Số thí sinh có kết quả: {share(len(points), len(found.contestants))} số đăng ký; điểm tối đa"
        f" {points_text(published.max_points)}; điểm cao nhất {points_text(max(points))}; thấp nhất"
        f" {points_text(min(points))}; trung bình {points_text(mean(points))}."
        f" Bảng xếp hạng công bố lần {published.number}{replacing(published)}, mã kiểm tra {published.check_code},"
        " kèm theo biên bản này."
    )
    if found.appeals[0]:
        yield Text(f"{appeal_words(*found.appeals)}.", lead="Phúc khảo:")
    yield from (Text(_settled(tie)) for tie in found.ties)
    for one in found.ruled:
        yield Text(f"{_ruling(one)}. Lý do: {ended(one.reason)}", lead="Ban Tổ chức quyết định:")
    yield from prizes_and_sent(found.won, found)


def _settled(tie: TieSettled) -> str:
    """Return how a tie at the cut was settled, and who goes on by it."""
    seed = f" (số bốc thăm: {tie.seed})" if tie.seed else ""
    scope = f" của {tie.scope}" if tie.scope else ""
    reserves = ", xếp thứ tự dự bị" if tie.for_reserves else ""
    chosen = f": {', '.join(tie.chosen)}" if tie.chosen else ""
    undone = f" Quyết định này đã thu hồi: {ended(tie.taken_back)}" if tie.taken_back else ""
    return (
        f"Bằng nhau ở hạng {tie.rank}{scope}{reserves}, giải quyết bằng cách {WAYS[tie.way]}{seed}{chosen}. Lý do:"
        f" {ended(tie.reason)}{undone}"
    )


def _ruling(one: Ruled) -> str:
    """Return what the board decided about a prize as a sentence without its end."""
    prize, names = prize_words(one), ", ".join(one.names)
    match one.act:
        case BoardAct.SETTLE:
            return f"bằng nhau ở ranh giới {prize}, trao cho {names}"
        case BoardAct.WITHHOLD:
            return f"không trao {one.number} giải ({prize})"
        case BoardAct.GIVE:
            return f"trao thêm {prize} cho {names}"
        case BoardAct.PASS_OVER:
            return f"không xét giải cho {names}"


def prizes_and_sent(won: Iterable[Won], found: RoundFigures) -> Iterable[Block]:
    """Yield the list of prizes and the list of those who go on, where there are any."""
    if listed := list(won):
        yield prize_table(listed, "Danh sách đạt giải")
    if found.sent:
        yield from sent_blocks(found.sent)
    yield from declined_blocks(found.declined)


def decision(figures: Figures, issue: Issue) -> Paper:
    """Return the draft of the decision that recognises the result and rewards the winners."""
    office = issue.office
    return Paper(
        name="du-thao-quyet-dinh",
        title="Quyết định",
        subject=f"về việc công nhận kết quả và khen thưởng {about(figures)}",
        letterhead=issue.letterhead("QĐ"),
        blocks=tuple(_decision(figures, office.body)),
        signatures=(issue.signature,),
        recipients=("Như Điều 3", *office.recipients),
        made_at=issue.made_at,
        is_draft=True,
        annex=tuple(_rewarded(figures, issue)),
    )


def _rewarded(figures: Figures, issue: Issue) -> Iterable[Block]:
    """Yield the list that goes with the decision, on a page of its own."""
    if not figures.won:
        return
    number = f"Quyết định số {issue.number or '.' * 12}-QĐ/{issue.office.code}"
    yield Text("", lead="DANH SÁCH KHEN THƯỞNG", centred=True)
    yield Text(
        f"(Kèm theo {number}, {long_date(issue.day)} của {issue.office.body})", italic=True, centred=True
    )
    yield prize_table(figures.won, "")


def _decision(figures: Figures, body: str) -> Iterable[Block]:
    for basis in (
        "Điều lệ Đảng Cộng sản Việt Nam;",
        f"Kế hoạch số {'.' * 12} ngày {'.' * 16} về việc tổ chức {figures.contest};",
        f"Thể lệ {figures.contest} và kết quả {figures.subject} đã công bố;",
    ):
        yield Text(f"Căn cứ {basis}")
    yield Text("Xét đề nghị của Ban Giám khảo,")
    yield Text("", lead=f"{body.upper()} QUYẾT ĐỊNH", centred=True)
    yield Text(_recognised(figures), lead="Điều 1.")
    yield Text(f"{_rewards(figures)} Mức tiền thưởng: {'.' * 60}", lead="Điều 2.")
    yield Text(
        "Các bộ phận, đơn vị liên quan và các cá nhân, tập thể có tên trong danh sách chịu trách nhiệm thi hành quyết"
        " định này. Quyết định có hiệu lực từ ngày ký.",
        lead="Điều 3.",
    )


def _rewards(figures: Figures) -> str:
    won = figures.won
    if not won:
        lacks = " Danh sách giải chưa được chốt khi lập dự thảo này." if figures.has_prizes else ""
        return f"Khen thưởng {'.' * 24}{lacks}"
    units = sum(one.kind is Kind.COLLECTIVE for one in won)
    more = f" và {units} tập thể" if units else ""
    return f"Khen thưởng {len(won) - units} lượt cá nhân{more} đạt giải (có danh sách kèm theo)."


def _recognised(figures: Figures) -> str:
    lines = sum(len(one.lines) for one in figures.published)
    finals = [one for one in figures.published if one.is_final]
    code = ""
    if len(finals) == 1:
        (only,) = finals
        corrected = f", công bố lần {only.number}{replacing(only)}" if only.replaces else ""
        code = f"{corrected}, mã kiểm tra {only.check_code}"
    prizes = "; ".join(f"{opening(prize)}: {count}" for _kind, prize, count in prizes_by_name(figures.won))
    counted = f" Số giải đã trao: {len(figures.won)}, gồm {prizes}." if prizes else ""
    subject = f"{figures.subject} thuộc {figures.contest}"
    return f"Công nhận kết quả {subject} với {lines} thí sinh có kết quả{code}.{counted}"
