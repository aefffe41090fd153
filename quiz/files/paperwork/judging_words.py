"""Phrases of the papers about judged parts: how a part is judged, who judges, how long somebody took."""

from collections.abc import Sequence

from quiz.core.judged_figures import Judge, JudgedPart, Performed
from quiz.core.judging import Averaging, Judging, OnGap
from quiz.core.over_time import MINUTE, OverTime, OverTimeRule
from quiz.core.paperwork import opening, points_text
from quiz.core.ranking import PART, Comparison, TieBreak
from quiz.files.paperwork.phrases import duration_text, hour_text

DOTS = "." * 24
CRITERIA = {
    TieBreak.APPLY_POINTS: "điểm câu vận dụng",
    TieBreak.UNDERSTAND_POINTS: "điểm câu thông hiểu",
    TieBreak.CORRECT: "số câu đúng",
    TieBreak.TIME_USED: "thời gian làm bài",
    TieBreak.EARLIER_SUBMISSION: "nộp bài sớm hơn",
}


def from_where(one: Performed) -> str:
    """Return the cell and unit of a contestant."""
    return opening(", ".join(part for part in (one.cell, one.unit) if part))


def panel_text(panel: Sequence[Judge], judging: Judging) -> str:
    """Return who sits on a panel, seat by seat, and who marks only where the first two lie too far apart."""
    return "; ".join(f"{one.seat}. {one.name}{_office(one, judging)}" for one in panel)


def _office(judge: Judge, judging: Judging) -> str:
    offices = ["trưởng ban"] if judge.is_head else []
    offices += ["chấm lần ba"] if is_third(judge.seat, judging) else []
    return f" ({', '.join(offices)})" if offices else ""


def is_third(seat: int, judging: Judging) -> bool:
    """Tell whether a seat is that of a third marking: one past the last of the panel."""
    return seat > judging.judges


def seat_text(seat: int, judging: Judging) -> str:
    """Return a seat as a sheet names it: "ghế số 3, chấm lần ba"."""
    return f"ghế số {seat}, chấm lần ba" if is_third(seat, judging) else f"ghế số {seat}"


def limit_text(part: JudgedPart) -> str:
    """Return the time a part allows and what going over it costs."""
    if not part.part.minutes:
        return "Không giới hạn thời gian."
    return f"Thời gian {part.part.minutes} phút. {over_time_text(part.judging.over_time)}"


def over_time_text(rule: OverTime) -> str:
    """Return what speaking too long costs, as a sentence."""
    if rule.rule is OverTimeRule.STEPS:
        steps = "; ".join(f"từ {_span(over)} trừ {points_text(points)} điểm" for over, points in rule.steps)
        return f"Quá giờ {steps}."
    if rule.rule is OverTimeRule.PER_MINUTE:
        return f"Mỗi phút quá giờ trừ {points_text(rule.per_minute)} điểm."
    if rule.rule is OverTimeRule.CUT_OFF:
        return "Hết giờ thì dừng; phần nói sau đó không chấm."
    return "Quá giờ không trừ điểm."


def _span(seconds: int) -> str:
    minutes, rest = divmod(seconds, MINUTE)
    words = [f"{minutes} phút"] if minutes else []
    return " ".join([*words, f"{rest} giây"] if rest or not minutes else words)


def averaging_text(judging: Judging) -> str:
    """Return how the judges' marks become one, as a sentence."""
    rule = "trung bình cộng các phiếu"
    if judging.averaging is Averaging.DROP_EXTREMES:
        rule = (
            f"trung bình cộng sau khi bỏ một điểm cao nhất và một điểm thấp nhất (khi có từ {judging.drop_from} phiếu"
            " trở lên; điểm bị bỏ ghi trong ngoặc)"
        )
    if judging.on_gap is OnGap.THIRD:
        apart = points_text(judging.gap)
        rule = (
            f"{rule}; hai phiếu chênh nhau từ {apart} điểm thì chấm lần ba và lấy điểm của lần chấm ấy (điểm không"
            " tính ghi trong ngoặc)"
        )
    less = ", trừ điểm quá giờ" if judging.over_time.costs else ""
    return f"Điểm phần thi: {rule}{less}, làm tròn đến {judging.decimals} chữ số thập phân."


def span_text(milliseconds: int | None) -> str:
    """Return a span in words: "7 phút 05 giây", "10 giây"; "" for None."""
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(milliseconds // 1000, MINUTE)
    return f"{minutes} phút {seconds:02d} giây" if minutes else f"{seconds} giây"


def clock_of(one: Performed) -> str:
    """Return the time somebody took as a table holds it, or that they did not come."""
    return "vắng" if one.absent else duration_text(one.used)


def compared_text(compared: Sequence[Comparison]) -> str:
    """Return what was compared where points are equal, in order: "Tình huống 36,00"."""
    return "; ".join(_comparison(one) for one in compared)


def _comparison(one: Comparison) -> str:
    if one.criterion.startswith(PART):
        return f"{one.criterion.removeprefix(PART)} {points_text(one.value)}"
    criterion = TieBreak(one.criterion)
    shown = {
        TieBreak.TIME_USED: duration_text(one.value * 1000), TieBreak.CORRECT: f"{one.value} câu",
        TieBreak.EARLIER_SUBMISSION: hour_text(one.value * 1000),
    }.get(criterion, points_text(one.value))  # fmt: skip
    return f"{CRITERIA[criterion]} {shown}"
