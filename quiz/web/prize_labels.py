"""The words the interface uses for the fixed lists of prizes; joined to those of labels.py."""

from enum import StrEnum

from quiz.core.awards import BoardAct, How
from quiz.core.errors import N_
from quiz.core.prizes import AtLine, Kind, Measure, Merit

PRIZE_LABELS: dict[type[StrEnum], dict[StrEnum, str]] = {
    AtLine: {
        AtLine.SHARE: N_("Cùng nhận giải, bớt số giải kế tiếp"),
        AtLine.BOARD: N_("Ban Tổ chức quyết định"),
    },
    Merit: {
        Merit.OLDEST: N_("Người cao tuổi nhất"),
        Merit.YOUNGEST: N_("Người trẻ tuổi nhất"),
        Merit.BEST_TOPIC: N_("Giỏi nhất chuyên đề"),
        Merit.BEST_PART: N_("Điểm cao nhất một phần thi"),
        Merit.BEST_WOMAN: N_("Nữ có thứ hạng cao nhất"),
        Merit.EVERYONE: N_("Mọi người dự thi"),
        Merit.BY_HAND: N_("Ban Tổ chức chọn"),
    },
    Measure: {
        Measure.PARTICIPATION: N_("Tỷ lệ chi bộ tham gia"),
        Measure.CONTESTANTS: N_("Số người làm bài"),
        Measure.WINNERS: N_("Số giải chính"),
        Measure.BEST_MEAN: N_("Điểm trung bình"),
        Measure.BY_HAND: N_("Ban Tổ chức chọn"),
    },
    Kind: {
        Kind.MAIN: N_("Giải chính"),
        Kind.SPECIAL: N_("Giải riêng"),
        Kind.COLLECTIVE: N_("Giải tập thể"),
    },
    How: {
        How.RULE: N_("Theo cơ cấu giải"),
        How.SHARED: N_("Đồng giải"),
        How.DECIDED: N_("Ban Tổ chức quyết định khi bằng nhau"),
        How.BY_HAND: N_("Ban Tổ chức trao"),
    },
    BoardAct: {
        BoardAct.WITHHOLD: N_("Không trao"),
        BoardAct.SETTLE: N_("Quyết định khi bằng nhau"),
        BoardAct.GIVE: N_("Trao theo quyết định riêng"),
        BoardAct.PASS_OVER: N_("Không xét giải"),
    },
}
