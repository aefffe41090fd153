"""How a judged part is judged, in the sentences the Thể lệ prints: one for each thing declared."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from quiz.core.essays import EssayRule
from quiz.core.judging import Averaging, Criterion, Judging, Missing, OnGap
from quiz.core.over_time import MINUTE, OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.web.formatting import points_text


def sentences_of(part: Part) -> list[str]:
    """Return everything declared about how a part is judged, sentence by sentence."""
    judging = part.judging
    return [
        _criteria(part),
        _panel(judging),
        _average(judging),
        _missing(judging),
        *_gap(judging),
        *(_over_time(judging.over_time) if part.minutes else ()),
        _rounding(judging.decimals),
        *(_essay(part.essay) if part.essay else ()),
    ]


def _essay(rule: EssayRule) -> Iterator[str]:
    if rule.days:
        yield ngettext(
            "Thí sinh nộp trước đề cương hoặc bài viết, chậm nhất %(num)d ngày trước giờ mở vòng thi.",
            "Thí sinh nộp trước đề cương hoặc bài viết, chậm nhất %(num)d ngày trước giờ mở vòng thi.",
            rule.days,
        )
    else:
        yield _("Thí sinh nộp trước đề cương hoặc bài viết, chậm nhất là giờ mở vòng thi.")
    if rule.pages:
        yield ngettext(
            "Bài nộp trước không quá %(num)d trang.", "Bài nộp trước không quá %(num)d trang.", rule.pages
        )


def _criteria(part: Part) -> str:
    if not part.judging.criteria:
        whole = part.judged_by.criteria[0]
        return _(
            "Mỗi giám khảo cho một điểm chung từ 0 đến %(most)s, bước %(step)s.",
            most=points_text(whole.max_points),
            step=points_text(whole.step),
        )
    return _("Tiêu chí chấm: %(list)s.", list="; ".join(map(_criterion, part.judging.criteria)))


def _criterion(one: Criterion) -> str:
    return _(
        "%(name)s tối đa %(most)s điểm, bước %(step)s",
        name=one.name,
        most=points_text(one.max_points),
        step=points_text(one.step),
    )


def _panel(judging: Judging) -> str:
    return ngettext(
        "Phần này có %(num)d giám khảo, mỗi người chấm riêng một phiếu.",
        "Phần này có %(num)d giám khảo, mỗi người chấm riêng một phiếu.",
        judging.judges,
    )


def _average(judging: Judging) -> str:
    if judging.averaging is Averaging.MEAN:
        return _("Điểm của phần thi là trung bình cộng của các phiếu.")
    return _(
        "Khi có từ %(count)d phiếu trở lên, bỏ một phiếu cao nhất và một phiếu thấp nhất rồi lấy trung bình cộng; ít"
        " hơn thì lấy trung bình cộng của mọi phiếu.",
        count=judging.drop_from,
    )


def _missing(judging: Judging) -> str:
    if judging.missing is Missing.WAIT:
        return _("Thiếu phiếu của giám khảo nào thì chờ đủ phiếu mới tính điểm.")
    return _("Giám khảo nào vắng thì lấy trung bình cộng của những giám khảo có mặt.")


def _gap(judging: Judging) -> Iterator[str]:
    if not judging.gap:
        return
    gap = points_text(judging.gap)
    yield {
        OnGap.NOTICE: _(
            "Phiếu cao nhất và phiếu thấp nhất chênh nhau từ %(gap)s điểm thì Ban Giám khảo xem lại; điểm vẫn lấy"
            " trung bình cộng.",
            gap=gap,
        ),
        OnGap.THIRD: _(
            "Hai phiếu chênh nhau từ %(gap)s điểm thì người thứ ba chấm và lấy điểm của lần chấm ấy.", gap=gap
        ),
        OnGap.HEAD: _(
            "Phiếu cao nhất và phiếu thấp nhất chênh nhau từ %(gap)s điểm thì Trưởng ban Giám khảo quyết định điểm và"
            " ghi lý do.",
            gap=gap,
        ),
    }[judging.on_gap]


def _over_time(over_time: OverTime) -> Iterator[str]:
    rule = over_time.rule
    if rule is OverTimeRule.NONE:
        yield _("Quá thời gian không bị trừ điểm.")
    elif rule is OverTimeRule.CUT_OFF:
        yield _("Hết thời gian thì dừng; phần sau đó không được chấm.")
    elif rule is OverTimeRule.STEPS:
        yield _("Quá thời gian thì trừ điểm: %(steps)s.", steps="; ".join(map(_step, over_time.steps)))
        yield _measured()
    else:
        points = points_text(over_time.per_minute)
        yield _("Mỗi phút trọn vẹn quá thời gian trừ %(points)s điểm.", points=points)
        yield _measured()


def _measured() -> str:
    return _("Thời gian quá tính theo giây trọn vẹn trên đồng hồ của Ban Tổ chức và trừ vào điểm trung bình.")


def _step(step: tuple[int, int]) -> str:
    seconds, points = step
    return _("quá từ %(time)s trừ %(points)s điểm", time=_time(seconds), points=points_text(points))


def _time(seconds: int) -> str:
    minutes, rest = divmod(seconds, MINUTE)
    said = [ngettext("%(num)d phút", "%(num)d phút", minutes)] if minutes else []
    return " ".join([*said, *([ngettext("%(num)d giây", "%(num)d giây", rest)] if rest else [])])


def _rounding(decimals: int) -> str:
    if decimals == 0:
        return _("Điểm của phần thi làm tròn một lần đến điểm nguyên, từ nửa điểm thì làm tròn lên.")
    return ngettext(
        "Điểm của phần thi làm tròn một lần đến %(num)d chữ số thập phân, từ nửa trở lên thì làm tròn lên.",
        "Điểm của phần thi làm tròn một lần đến %(num)d chữ số thập phân, từ nửa trở lên thì làm tròn lên.",
        decimals,
    )
