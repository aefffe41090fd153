"""The words the interface uses for how a part is judged; joined to those of labels.py."""

from enum import StrEnum

from quiz.core.agreement import Agreement
from quiz.core.errors import N_
from quiz.core.judging import Averaging, Missing, OnGap, Waits
from quiz.core.over_time import OverTimeRule
from quiz.core.performances import OnPaper, OnStage

JUDGING_LABELS: dict[type[StrEnum], dict[StrEnum, str]] = {
    OnStage: {
        OnStage.WAITING: N_("Chưa thi"),
        OnStage.CALLED: N_("Đã gọi"),
        OnStage.RUNNING: N_("Đang thi"),
        OnStage.PAUSED: N_("Tạm dừng"),
        OnStage.DONE: N_("Thi xong"),
        OnStage.ABSENT: N_("Vắng"),
    },
    OnPaper: {
        OnPaper.MARKING: N_("Chưa đủ điểm"),
        OnPaper.HANDED_IN: N_("Chờ thư ký kiểm"),
        OnPaper.CHECKED: N_("Chờ ký"),
        OnPaper.SIGNED: N_("Đã ký"),
    },
    Waits: {
        Waits.SHEETS: N_("Chưa đủ phiếu chấm"),
        Waits.THIRD: N_("Hai phiếu chênh nhau nhiều, chờ chấm lần ba"),
        Waits.HEAD: N_("Các phiếu chênh nhau nhiều, chờ Trưởng ban Giám khảo quyết định"),
    },
    Agreement: {
        Agreement.STRONG: N_("Các giám khảo xếp thí sinh theo thứ tự gần giống nhau."),
        Agreement.MODERATE: N_("Thứ tự các giám khảo xếp giống nhau ở mức vừa."),
        Agreement.WEAK: N_(
            "Thứ tự các giám khảo xếp khác nhau nhiều; nên cùng đọc lại tiêu chí trước lần thi sau."
        ),
    },
    Averaging: {
        Averaging.MEAN: N_("Trung bình của mọi phiếu"),
        Averaging.DROP_EXTREMES: N_(
            "Bỏ một phiếu cao nhất và một phiếu thấp nhất, lấy trung bình các phiếu còn lại"
        ),
    },
    OnGap: {
        OnGap.NOTICE: N_("Nhắc Ban Giám khảo xem lại; vẫn lấy trung bình"),
        OnGap.THIRD: N_("Người thứ ba chấm; lấy điểm của lần chấm ấy (chỉ khi có hai người chấm)"),
        OnGap.HEAD: N_("Trưởng ban Giám khảo quyết định điểm và ghi lý do"),
    },
    Missing: {
        Missing.WAIT: N_("Chờ đủ phiếu của mọi giám khảo"),
        Missing.PRESENT: N_("Lấy trung bình của những giám khảo có mặt"),
    },
    OverTimeRule: {
        OverTimeRule.NONE: N_("Không trừ điểm"),
        OverTimeRule.STEPS: N_("Trừ theo mức: quá nhiều hơn thì trừ nhiều hơn"),
        OverTimeRule.PER_MINUTE: N_("Trừ theo từng phút quá giờ"),
        OverTimeRule.CUT_OFF: N_("Hết giờ thì dừng; phần sau đó không được chấm"),
    },
}
