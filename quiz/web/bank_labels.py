"""The words the interface uses for the fixed lists of the bank; joined to those of labels.py."""

from enum import StrEnum

from quiz.core.checks import Cause
from quiz.core.errors import N_
from quiz.core.items import Difficulty, Kind, Level, Outcome, Part, Status
from quiz.core.statistics import Flag
from quiz.services.bulk import Act
from quiz.services.listing import Author, Doubt, Reading, Sort, Use

BANK_LABELS: dict[type[StrEnum], dict[StrEnum, str]] = {
    Level: {
        Level.REMEMBER: N_("Nhận biết"),
        Level.UNDERSTAND: N_("Thông hiểu"),
        Level.APPLY: N_("Vận dụng"),
    },
    Kind: {
        Kind.SINGLE: N_("Chọn một phương án"),
        Kind.MULTIPLE: N_("Chọn nhiều phương án"),
        Kind.TRUE_FALSE: N_("Đúng hay sai"),
        Kind.ORAL: N_("Vấn đáp"),
    },
    Difficulty: {
        Difficulty.EASY: N_("Dễ"),
        Difficulty.MEDIUM: N_("Trung bình"),
        Difficulty.HARD: N_("Khó"),
    },
    Outcome: {
        Outcome.AGREED: N_("Nhất trí"),
        Outcome.CHANGED: N_("Đã sửa"),
    },
    Part: {
        Part.EXAM: N_("Để thi"),
        Part.PRACTICE: N_("Để ôn tập"),
    },
    Status: {
        Status.DRAFT: N_("Bản nháp"),
        Status.IN_REVIEW: N_("Chờ duyệt"),
        Status.APPROVED: N_("Đã duyệt"),
        Status.RETIRED: N_("Ngừng dùng"),
    },
    Flag: {
        Flag.WRONG_WAY: N_("Người giỏi lại sai nhiều hơn, xem lại đáp án"),
        Flag.WEAK: N_("Không phân biệt được người giỏi, người yếu"),
        Flag.HARD: N_("Quá khó"),
        Flag.EASY: N_("Quá dễ"),
    },
    Doubt: {
        Doubt.ANY: N_("Có số liệu đáng xem lại"),
        Doubt.WRONG_WAY: N_("Người giỏi lại sai nhiều hơn"),
        Doubt.WEAK: N_("Không phân biệt được"),
        Doubt.HARD: N_("Quá khó"),
        Doubt.EASY: N_("Quá dễ"),
    },
    Act: {
        Act.SUBMIT: N_("Gửi duyệt"),
        Act.APPROVE: N_("Duyệt"),
        Act.SEND_BACK: N_("Trả lại cho người soạn"),
        Act.RETIRE: N_("Ngừng dùng các câu này"),
        Act.TO_PRACTICE: N_("Chuyển sang phần ôn tập"),
        Act.TO_EXAM: N_("Chuyển sang phần để thi"),
        Act.SET_TOPIC: N_("Đổi chuyên đề"),
        Act.CHECK: N_("Ghi là đã xem lại, vẫn đúng"),
    },
    Cause: {
        Cause.ENDED: N_("Đã hết thời hạn dùng"),
        Cause.FOLLOWED: N_("Văn bản làm căn cứ đã có văn bản ra sau"),
        Cause.ENDING: N_("Sắp hết thời hạn dùng"),
    },
    Use: {
        Use.NEVER: N_("Chưa ra đề lần nào"),
        Use.USED: N_("Đã ra đề"),
    },
    Reading: {
        Reading.MISSING: N_("Chưa đọc lại"),
        Reading.DONE: N_("Đã đọc lại"),
    },
    Author: {
        Author.ME: N_("Tôi soạn"),
        Author.OTHERS: N_("Người khác soạn"),
    },
    Sort: {
        Sort.CODE: N_("Theo mã"),
        Sort.NEWEST: N_("Mới sửa trước"),
        Sort.HARDEST: N_("Khó nhất trước"),
        Sort.EASIEST: N_("Dễ nhất trước"),
        Sort.WEAKEST: N_("Phân biệt kém nhất trước"),
    },
}
