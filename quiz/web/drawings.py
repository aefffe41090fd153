"""Each picture of rounds that are over: a sentence, the drawing, and the table of the same numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from quiz.core import pictures as rules
from quiz.core.timing import MINUTE
from quiz.files import charts
from quiz.services import participation
from quiz.services.pictures import Drawn, Turnout, turnout
from quiz.web.formatting import decimal_text, number_text, percent_text, points_text, share_text, time_text

CLASSES, CLASSES_OF_PAPERS = 10, 7
TICKS = 6


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its heading, what it says, the drawing, and the table of its numbers."""

    title: str
    says: str
    svg: str
    heads: list[str]
    rows: list[list[str]]
    numeric: bool = True  # the table holds numbers; else words, which may wrap

    @property
    def drawing(self) -> Markup:
        """Return the drawing for a template."""
        return Markup(self.svg)  # noqa: S704 quiz.files.charts escapes every word in it


def pictures_of(over: Sequence[Any], stage: Any, drawn: Drawn, now: int) -> list[Picture]:
    """Return the pictures that the numbers of these finished rounds of a stage are enough for."""
    came = turnout(over)
    units = {one.unit.id: one.unit.title for one in came}
    found = (
        _cells(over, [one.unit for one in came], now) if stage.ordinal == 1 else None,
        _turnout(came),
        _points(drawn),
        _coming_and_going(over, drawn),
        _hardest(drawn),
        _topics(drawn, units),
        _papers(drawn),
    )
    return [one for one in found if one is not None]


# --- who came -----------------------------------------------------------------------------------------------------


def _cells(over: Sequence[Any], nodes: Sequence[Any], now: int) -> Picture | None:
    found = participation.table(over, nodes, now)
    if len(found) < 2:
        return None
    total = participation.total(found)
    says = _(
        "%(sent)d trên %(all)d chi bộ có thí sinh (%(percent)s); %(absent)d chi bộ vắng có lý do.",
        sent=total.sending, all=total.cells, percent=percent_text(total.sending, total.cells), absent=total.absent,
    )  # fmt: skip
    bars = [
        charts.BarRow(row.unit.title, _of(row.tally.sending, row.tally.cells), row.tally.sending / row.tally.cells)
        for row in found
    ]  # fmt: skip
    title = _("Chi bộ tham gia theo đơn vị")
    return Picture(
        title, says, charts.bars("cells", title, says, bars),
        [_("Đơn vị"), _("Chi bộ"), _("Có thí sinh"), _("Tỷ lệ"), _("Vắng có lý do"), _("Chưa báo")],
        [
            [
                row.unit.title, number_text(row.tally.cells), number_text(row.tally.sending),
                percent_text(row.tally.sending, row.tally.cells), number_text(row.tally.absent),
                number_text(row.tally.missing),
            ]
            for row in found
        ],
    )  # fmt: skip


def _of(part: int, whole: int) -> str:
    return f"{number_text(part)}/{number_text(whole)} ({percent_text(part, whole)})"


def _turnout(came: Sequence[Turnout]) -> Picture | None:
    if len(came) < 2:
        return None
    sat, entered = sum(one.sat for one in came), sum(one.entered for one in came)
    says = _("%(sat)s người có tên đã làm bài.", sat=_of(sat, entered))
    bars = [charts.BarRow(one.unit.title, _of(one.sat, one.entered), one.sat / one.entered) for one in came]
    title = _("Người làm bài theo đơn vị")
    return Picture(
        title, says, charts.bars("turnout", title, says, bars),
        [_("Đơn vị"), _("Có tên"), _("Đã làm bài"), _("Tỷ lệ")],
        [
            [one.unit.title, number_text(one.entered), number_text(one.sat), percent_text(one.sat, one.entered)]
            for one in came
        ],
    )  # fmt: skip


# --- points and time ----------------------------------------------------------------------------------------------


def _points(drawn: Drawn) -> Picture | None:
    spread = rules.spread_of(drawn.points)
    if spread is None:
        return None
    says = _(
        "%(count)d bài; điểm trung bình %(mean)s trên %(most)s, trung vị %(median)s. Một nửa số bài từ %(lower)s đến"
        " %(upper)s điểm; thấp nhất %(lowest)s, cao nhất %(highest)s.",
        count=spread.size, most=points_text(drawn.most),
        **{name: points_text(round(getattr(spread, name)))
           for name in ("mean", "median", "lower", "upper", "lowest", "highest")},
    )  # fmt: skip
    bars = rules.histogram(drawn.points, 0, drawn.most, CLASSES)
    title = _("Phân bố điểm")
    return Picture(
        title, says, charts.columns("points", title, says, _classes(bars, 100), _("Điểm"), number_text),
        [_("Điểm từ"), _("đến"), _("Số bài"), _("Tỷ lệ")],
        [
            [points_text(round(bar.low)), points_text(round(bar.high)), number_text(bar.size),
             percent_text(bar.size, spread.size)]
            for bar in bars
        ],
    )  # fmt: skip


def _classes(bars: Sequence[rules.Bar], unit: float) -> list[tuple[str, int]]:
    return [(f"{_short(bar.low / unit)}–{_short(bar.high / unit)}", bar.size) for bar in bars]


def _short(value: float) -> str:
    return decimal_text(value, 0 if round(value, 2) == int(value) else 1)


def _coming_and_going(over: Sequence[Any], drawn: Drawn) -> Picture | None:
    if not drawn.begun:
        return None
    until = max(drawn.ended) or 1
    begun, ended = rules.running_counts(drawn.begun, until), rules.running_counts(drawn.ended, until)
    opens = over[0].opens_at if len({one.opens_at for one in over}) == 1 else None
    last_begun = _moment(max(drawn.begun), opens)
    says = _(
        "Bài đầu tiên bắt đầu %(first)s, bài cuối cùng bắt đầu %(last)s;"
        " nộp đầu tiên %(early)s, nộp cuối cùng %(late)s.",
        first=_moment(min(drawn.begun), opens), last=last_begun, early=_moment(min(drawn.ended), opens),
        late=_moment(until, opens),
    )  # fmt: skip
    title = _("Bắt đầu và nộp bài theo thời gian")
    drawing = charts.lines(
        "times", title, says,
        [
            charts.Line(_("Đã bắt đầu"), [(at / until, count) for at, count in begun]),
            charts.Line(_("Đã nộp bài"), [(at / until, count) for at, count in ended]),
        ],
        [(tick / TICKS, _tick(until * tick // TICKS, opens)) for tick in range(TICKS + 1)],
        number_text,
    )  # fmt: skip
    rows = [
        [_moment(at, opens), number_text(count), number_text(left)]
        for (at, count), (_at, left) in list(zip(begun, ended, strict=True))[:: len(begun) // 12]
    ]
    return Picture(title, says, drawing, [_("Đến"), _("Đã bắt đầu"), _("Đã nộp bài")], rows)


def _moment(offset: int, opens: int | None) -> str:
    """Return an offset from the opening as a time of day where all rounds opened at once, else in minutes."""
    if opens is not None:
        return _("lúc %(time)s", time=time_text(opens + offset)[:5])
    return _("sau giờ mở %(minutes)d phút", minutes=offset // MINUTE)


def _tick(offset: int, opens: int | None) -> str:
    return (
        time_text(opens + offset)[:5]
        if opens is not None
        else _("%(minutes)d phút", minutes=offset // MINUTE)
    )


# --- items, topics, papers ----------------------------------------------------------------------------------------


def _hardest(drawn: Drawn) -> Picture | None:
    hard = [one for one in drawn.hardest if one.facility < 1]
    if not hard:
        return None
    hardest = hard[0]
    says = _(
        "Khó nhất là câu %(code)s: %(count)d người gặp câu này chỉ đạt %(share)s số điểm."
        " Có %(items)d câu đã ra; độ khó tính trên %(base)d bài của cả cấp thi, chỉ xét câu có từ %(least)d người gặp"
        " (nếu có).",
        code=hardest.code, share=share_text(hardest.facility), count=hardest.sat, items=drawn.items,
        least=rules.LEAST_ITEMS, base=drawn.base,
    )  # fmt: skip
    bars = [
        charts.BarRow(f"{one.code} – {one.topic}", share_text(one.facility), one.facility) for one in hard
    ]
    title = _("Những câu khó nhất")
    return Picture(
        title, says, charts.bars("hardest", title, says, bars),
        [_("Câu"), _("Chuyên đề"), _("Số người gặp"), _("Tỷ lệ đúng")],
        [[one.code, one.topic, number_text(one.sat), share_text(one.facility)] for one in hard],
    )  # fmt: skip


def _topics(drawn: Drawn, units: Mapping[int, str]) -> Picture | None:
    if not drawn.cells:
        return None
    known = {key: cell for key, cell in drawn.cells.items() if cell.items >= rules.LEAST_ITEMS}
    says = _(
        "Mỗi ô là tỷ lệ điểm đạt được. Màu so với mức mà chính các câu ấy mang lại ở những người khác, vì mỗi đề một"
        " khác: “+” là hơn, “−” là kém từ 5 điểm phần trăm trở lên. Ô dưới %(least)d câu trả lời thì để trống. Bảng ghi"
        " tỷ lệ đạt / mức chung.",
        least=rules.LEAST_ITEMS,
    )  # fmt: skip
    worst = min(known, key=lambda key: known[key].difference, default=None)
    if worst is not None and known[worst].difference < 0:
        says += " " + _(
            "Kém nhất so với mức chung: %(unit)s ở chuyên đề “%(topic)s”, %(share)s (mức chung %(expected)s).",
            unit=units.get(worst[0], ""), topic=drawn.topics[worst[1]], share=share_text(known[worst].earned),
            expected=share_text(known[worst].expected),
        )  # fmt: skip
    rows = [
        (name, [_heat(known.get((unit, topic))) for topic in drawn.topics]) for unit, name in units.items()
    ]
    title = _("Chuyên đề mạnh, yếu của từng đơn vị")
    return Picture(
        title, says, charts.heat("topics", title, says, list(drawn.topics.values()), rows),
        [_("Đơn vị"), *drawn.topics.values()],
        [[name, *(_topic_words(drawn.cells.get((unit, topic))) for topic in drawn.topics)]
         for unit, name in units.items()],
        numeric=False,
    )  # fmt: skip


def _heat(cell: rules.TopicCell | None) -> charts.HeatCell:
    if cell is None:
        return charts.HeatCell("", None)
    step = rules.step_of(cell.difference)
    sign = {-2: " −−", -1: " −", 0: "", 1: " +", 2: " ++"}[step]
    return charts.HeatCell(share_text(cell.earned) + sign, step)


def _topic_words(cell: rules.TopicCell | None) -> str:
    if cell is None:
        return "–"
    return _(
        "%(earned)s / %(expected)s (%(items)d câu)",
        earned=share_text(cell.earned), expected=share_text(cell.expected), items=cell.items,
    )  # fmt: skip


def _papers(drawn: Drawn) -> Picture | None:
    expected = [one.share for one in drawn.expected]
    spread = rules.spread_of(expected)
    if spread is None:
        return None
    low, high, most = spread.lowest * drawn.most, spread.highest * drawn.most, drawn.most
    says = _verdict(drawn) + " " + _(
        "Điểm mong đợi của một đề là số điểm mà các câu của đề mang lại cho những người khác: từ %(low)s đến"
        " %(high)s trên %(most)s, chênh %(gap)s điểm; trung bình %(mean)s, độ lệch chuẩn %(deviation)s.",
        low=points_text(round(low)), high=points_text(round(high)), most=points_text(most),
        gap=points_text(round(high - low)), mean=points_text(round(spread.mean * most)),
        deviation=points_text(round(spread.deviation * most)),
    )  # fmt: skip
    bars = rules.histogram(expected, spread.lowest, spread.highest, CLASSES_OF_PAPERS if high > low else 1)
    title = _("Các đề có khó như nhau không")
    return Picture(
        title, says,
        charts.columns(
            "papers", title, says, _classes(bars, 100 / most), _("Điểm mong đợi của đề"), number_text
        ),
        [_("Điểm mong đợi từ"), _("đến"), _("Số đề")],
        [[points_text(round(bar.low * most)), points_text(round(bar.high * most)), number_text(bar.size)]
         for bar in bars],
    )  # fmt: skip


def _verdict(drawn: Drawn) -> str:
    if drawn.same_items:
        return _("Mọi người làm cùng một bộ câu.")
    share = rules.share_of_papers(drawn.expected, [points / (drawn.most or 1) for points in drawn.points])
    if share is None:
        return _("Chưa đủ bài để so các đề.")
    words = {"share": share_text(share)}
    if share < rules.ALIKE:
        return _(
            "Các đề khó như nhau: trừ sai số, đề chỉ giải thích %(share)s mức chênh điểm giữa mọi người.",
            **words,
        )
    if share < rules.APART:
        return _(
            "Các đề chênh nhau ít: trừ sai số, đề giải thích %(share)s mức chênh điểm giữa mọi người.",
            **words,
        )
    return _("Các đề chênh nhau đáng kể: trừ sai số, đề giải thích %(share)s mức chênh điểm.", **words)
