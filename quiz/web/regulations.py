"""The rules of a stage in plain words: the sentences of the printed Thể lệ and of the stage's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from quiz.core.parts import Part, PartKind
from quiz.core.promotion import Method, Scope, WayOut
from quiz.core.ranking import TieBreak
from quiz.core.rules import Rules
from quiz.web import delegation_words, judging_words
from quiz.web.formatting import points_text
from quiz.web.labels import criterion_text, label
from quiz.web.prize_words import sentences_of


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: what it is about and its sentences; `has_blueprint` where the lines of the paper follow it."""

    title: str
    sentences: list[str]
    has_blueprint: bool = False


def clauses_of(rules: Rules, is_last: bool, units: Mapping[str, str]) -> list[Clause]:
    """Return every rule as sentences; `is_last` when no stage follows to which anybody could go on.

    `units` are what the units are called that have a quota of their own, by code.
    """
    clauses = []
    if rules.parts:
        clauses.append(Clause(_("Các phần thi"), _parts(rules)))
        clauses += [
            Clause(_("Chấm phần thi “%(name)s”", name=part.name), judging_words.sentences_of(part))
            for part in rules.judged_parts
        ]
    if rules.has_online:
        clauses += [
            Clause(_("Đề thi"), _paper(rules), has_blueprint=True),
            Clause(_("Giờ vào thi và số lượt"), _starting(rules)),
            Clause(_("Lưu bài và hết giờ"), _saving(rules)),
            Clause(_("Chấm điểm"), _marking(rules)),
        ]
    if rules.delegations:
        clauses.append(
            Clause(_("Số người dự thi"), delegation_words.sentences_of(rules.delegations, units)),
        )
    return [
        *clauses,
        Clause(_("Xếp hạng"), _ranking(rules)),
        Clause(_("Chọn người đi tiếp"), _last() if is_last else _promotion(rules)),
        *(
            []
            if rules.prizes.is_empty
            else [Clause(_("Giải thưởng"), sentences_of(rules.prizes, rules.rank_within))]
        ),
    ]


def _parts(rules: Rules) -> list[str]:
    said = [_part(number, part, rules) for number, part in enumerate(rules.parts, start=1)]
    whole = _(
        "Điểm mỗi phần được quy đổi theo tỷ trọng; tổng các tỷ trọng là 100%. Tổng điểm tính trên 100, làm tròn một"
        " lần đến hai chữ số thập phân."
    )
    return [*said, whole, *([_signing()] if rules.judged_parts else [])]


def _signing() -> str:
    return _(
        "Giám khảo nộp phiếu, thư ký đối chiếu, Trưởng ban Giám khảo ký rồi điểm mới được tính. Phiếu đã nộp, điểm đã"
        " ký chỉ sửa khi có lý do, và lần sửa được ghi lại."
    )


def _part(number: int, part: Part, rules: Rules) -> str:
    is_online = part.kind is PartKind.ONLINE
    minutes = rules.minutes if is_online else part.minutes
    points = points_text(rules.max_score if is_online else part.max_points)
    values = {
        "number": number,
        "name": part.name,
        "points": points,
        "weight": part.weight,
        "minutes": minutes,
    }
    if is_online and not rules.item_count:
        return _("Phần %(number)d: %(name)s, làm bài trên máy, chiếm %(weight)d%% tổng điểm.", **values)
    if is_online:
        return _(
            "Phần %(number)d: %(name)s, làm bài trên máy %(minutes)d phút, tối đa %(points)s điểm, chiếm %(weight)d%%"
            " tổng điểm.",
            **values,
        )
    if minutes:
        return _(
            "Phần %(number)d: %(name)s, không quá %(minutes)d phút, giám khảo chấm, tối đa %(points)s điểm, chiếm"
            " %(weight)d%% tổng điểm.",
            **values,
        )
    return _(
        "Phần %(number)d: %(name)s, giám khảo chấm, tối đa %(points)s điểm, chiếm %(weight)d%% tổng điểm.",
        **values,
    )


def _paper(rules: Rules) -> list[str]:
    size = _(
        "Mỗi đề có %(count)d câu, làm trong %(minutes)d phút.", count=rules.item_count, minutes=rules.minutes
    )
    drawn = _("Mỗi người một đề riêng, rút ngẫu nhiên từ ngân hàng câu hỏi đã duyệt theo cấu trúc đề.")
    if rules.shuffle_items:
        items = _("Thứ tự câu hỏi của mỗi người một khác.")
    else:
        items = _("Câu hỏi xếp theo thứ tự của cấu trúc đề.")
    if rules.shuffle_options:
        options = _("Thứ tự các phương án cũng được xáo, trừ những câu phải giữ nguyên thứ tự.")
    else:
        options = _("Các phương án giữ nguyên thứ tự như trong ngân hàng câu hỏi.")
    return [*([size] if rules.item_count else []), drawn, items, options]


def _starting(rules: Rules) -> list[str]:
    if rules.late_start is None:
        late = _("Được bắt đầu làm bài bất cứ lúc nào từ giờ mở đến giờ đóng.")
    else:
        late = _(
            "Được bắt đầu làm bài muộn nhất %(minutes)d phút sau giờ mở; sau đó không vào thi được nữa.",
            minutes=rules.late_start,
        )
    if rules.full_time_for_late:
        end = _("Người vào muộn vẫn được làm đủ thời gian, kể cả khi đã đến giờ đóng.")
    else:
        end = _("Đến giờ đóng mọi bài đều kết thúc; người vào muộn không được bù giờ.")
    return [late, end, _attempts(rules)]


def _attempts(rules: Rules) -> str:
    if rules.attempts_allowed == 1:
        return _("Mỗi người được thi một lần.")
    return _(
        "Mỗi người được thi nhiều nhất %(count)d lượt; lượt có kết quả cao nhất được tính, nếu bằng nhau thì tính"
        " lượt nộp sớm hơn.",
        count=rules.attempts_allowed,
    )


def _saving(rules: Rules) -> list[str]:
    return [
        _("Mỗi lựa chọn được lưu ngay và màn hình ghi rõ đã lưu; được đổi câu trả lời đến khi nộp bài."),
        _(
            "Mất mạng, hết pin hay đóng trang không làm mất bài và không bị trừ điểm: đăng nhập lại, trên máy khác"
            " cũng được, để làm tiếp đúng đề đó. Đồng hồ không dừng trong lúc gián đoạn."
        ),
        _("Giờ làm bài tính theo đồng hồ của máy chủ."),
        _("Hết giờ, bài được tự động nộp với những gì đã lưu, dù trang đang mở hay không."),
        _(
            "Lựa chọn đến máy chủ trong vòng %(seconds)d giây sau khi hết giờ vẫn được nhận như đúng giờ.",
            seconds=rules.grace_seconds,
        ),
        _late(rules),
        _(
            "Khi vào thi bằng phiếu, hệ thống giữ một mã của máy và của đường mạng, chỉ để Ban Tổ chức so sánh khi xem"
            " lại sau vòng thi; không lưu địa chỉ, không tự trừ điểm."
        ),
        _(
            "Khi nộp bài, máy gửi kèm số lần và tổng thời gian trang làm bài không hiện trên màn hình (chỉ đếm lần từ"
            " 10 giây trở lên), cũng chỉ để Ban Tổ chức xem lại sau vòng thi; không ghi đã xem hay làm gì khác trên"
            " máy, không tự trừ điểm."
        ),
    ]


def _late(rules: Rules) -> str:
    if rules.late_minutes == 0:
        return _("Bài làm khi mất mạng mà đến máy chủ sau giờ nộp thì không được tính.")
    return _(
        "Câu chọn trước khi hết giờ trong lúc mất mạng vẫn được tính nếu máy đó gửi được trong vòng %(minutes)d phút"
        " sau khi hết giờ; Ban Tổ chức có danh sách các bài gửi muộn. Câu chọn sau khi hết giờ không bao giờ được"
        " tính.",
        minutes=rules.late_minutes,
    )


def _marking(rules: Rules) -> list[str]:
    points = points_text(rules.scheme.points_per_item)
    if rules.scheme.partial:
        several = _(
            "Câu có nhiều đáp án được tính điểm từng phần: lấy tỷ lệ đáp án đúng đã chọn trừ tỷ lệ phương án sai đã"
            " chọn, thấp nhất là 0 điểm."
        )
    else:
        several = _("Câu có nhiều đáp án phải chọn đúng và đủ mới có điểm.")
    return [
        _(
            "Mỗi câu đúng được %(points)s điểm; câu sai hoặc bỏ trống không có điểm, không bị trừ điểm.",
            points=points,
        ),
        several,
        *(
            [_("Điểm tối đa của đề là %(points)s.", points=points_text(rules.max_score))]
            if rules.item_count
            else []
        ),
        _("Máy chấm theo đáp án trong ngân hàng câu hỏi; đáp án không được gửi đến máy của thí sinh."),
    ]


def _ranking(rules: Rules) -> list[str]:
    within = {
        Scope.ROUND: _("Xếp hạng trong toàn vòng thi, theo tổng điểm từ cao xuống thấp."),
        Scope.UNIT: _("Xếp hạng trong từng đơn vị, theo tổng điểm từ cao xuống thấp."),
        Scope.CLUSTER: _("Xếp hạng trong từng cụm, theo tổng điểm từ cao xuống thấp."),
        Scope.GROUP: _("Xếp hạng trong từng khối, theo tổng điểm từ cao xuống thấp."),
    }[rules.rank_within]
    level = _("Những người bằng nhau thì cùng hạng, và các hạng liền sau được bỏ qua (1, 2, 2, 4).")
    if not rules.tie_breaks:
        return [within, level]
    order = "; ".join(
        f"({number}) {criterion_text(item)}" for number, item in enumerate(rules.tie_breaks, start=1)
    )
    found = [within, _("Bằng điểm thì lần lượt xét: %(order)s.", order=order), level]
    return [*found, _stoppages()] if TieBreak.TIME_USED in rules.tie_breaks else found


def _stoppages() -> str:
    return _(
        "Thời gian làm bài tính từ lúc bắt đầu đến lúc nộp, trừ số phút Ban Tổ chức cho bù khi đang làm bài (như khi"
        " mất điện), nên ai bị gián đoạn không bị thiệt khi xét bằng điểm."
    )


def _last() -> list[str]:
    return [_("Đây là cấp thi cuối cùng; thứ hạng trên là kết quả chung cuộc.")]


def _promotion(rules: Rules) -> list[str]:
    quota = rules.quota
    if quota.method is Method.MANUAL:
        return [_("Cấp ủy lựa chọn, cử người dự cấp thi tiếp theo; lý do được ghi lại.")]
    if quota.method is Method.THRESHOLD:
        going = [_("Mọi người đạt từ %(points)s điểm được đi tiếp.", points=points_text(quota.cut_score))]
    elif quota.method is Method.PRIZE:
        going = _by_prize(quota.prizes)
    else:
        going = [_top(quota.scope, quota.top), _ways_out()]
    return [*going, *_reserves(quota.scope, quota.reserves)]


def _by_prize(prizes: Sequence[str]) -> list[str]:
    return [
        _("Mọi người đoạt một trong các giải sau được đi tiếp: %(prizes)s.", prizes="; ".join(prizes)),
        _(
            "Căn cứ là danh sách giải đã chốt: giải có nhiều người cùng nhận thì tất cả đi tiếp, giải không trao thì"
            " không ai đi tiếp, người đoạt giải rút tên thì giải không chuyển cho người khác."
        ),
    ]


def _top(scope: Scope, top: int) -> str:
    sentence = {
        Scope.ROUND: _("%(count)d người đứng đầu vòng thi được đi tiếp.", count=top),
        Scope.UNIT: _("%(count)d người đứng đầu mỗi đơn vị được đi tiếp.", count=top),
        Scope.CLUSTER: _("%(count)d người đứng đầu mỗi cụm được đi tiếp.", count=top),
        Scope.GROUP: _("%(count)d người đứng đầu mỗi khối được đi tiếp.", count=top),
    }
    return sentence[scope]


def _ways_out() -> str:
    return _(
        "Nếu có người bằng nhau ở đúng ranh giới, Ban Tổ chức quyết định bằng một trong các cách sau và ghi biên bản:"
        " %(ways)s.",
        ways="; ".join(label(way) for way in WayOut),
    )


def _reserves(scope: Scope, reserves: int) -> list[str]:
    if not reserves:
        return [_("Không có người dự bị.")]
    per = {
        Scope.ROUND: _("%(count)d người kế tiếp là dự bị.", count=reserves),
        Scope.UNIT: _("%(count)d người kế tiếp của mỗi đơn vị là dự bị.", count=reserves),
        Scope.CLUSTER: _("%(count)d người kế tiếp của mỗi cụm là dự bị.", count=reserves),
        Scope.GROUP: _("%(count)d người kế tiếp của mỗi khối là dự bị.", count=reserves),
    }
    replaced = _("Khi có người rút, dự bị vào thay theo thứ tự, có ghi lý do.")
    return [per[scope], replaced]
