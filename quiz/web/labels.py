"""The words the interface uses for every value of a fixed list."""

from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import gettext
from wtforms.fields import SelectChoice

from quiz import clock
from quiz.core import approvals
from quiz.core.api_scopes import ApiScope
from quiz.core.appeals import Finding
from quiz.core.corrections import Policy
from quiz.core.errors import N_
from quiz.core.halls import Leaving
from quiz.core.incidents import IncidentKind
from quiz.core.late import Fate
from quiz.core.paper_entry import PaperState
from quiz.core.parts import PartKind
from quiz.core.people import AbsenceReason, CellType, Position, Sex
from quiz.core.permissions import Role
from quiz.core.presence import Presence
from quiz.core.promotion import Method, Scope, WayOut
from quiz.core.ranking import PART, TieBreak
from quiz.core.setup import State, Step
from quiz.core.signals import Sign, Verdict
from quiz.core.statistics import Flag
from quiz.core.timing import Phase
from quiz.services.jobs import JobState
from quiz.services.listing import Doubt
from quiz.services.unranked import Lack
from quiz.web.bank_labels import BANK_LABELS
from quiz.web.judging_labels import JUDGING_LABELS
from quiz.web.prize_labels import PRIZE_LABELS

# By list first: members of two lists may have equal values, and those would be one key.
LABELS: dict[type[StrEnum], dict[StrEnum, str]] = {
    ApiScope: {
        ApiScope.UNITS: N_("Đơn vị"),
        ApiScope.ROUNDS: N_("Vòng thi"),
        ApiScope.RESULTS: N_("Kết quả đã công bố"),
        ApiScope.PEOPLE: N_("Nhân sự"),
    },
    **BANK_LABELS,
    **PRIZE_LABELS,
    **JUDGING_LABELS,
    Phase: {
        Phase.DRAFT: N_("Đang chuẩn bị"),
        Phase.SCHEDULED: N_("Chờ đến giờ"),
        Phase.OPEN: N_("Đang thi"),
        Phase.CLOSED: N_("Đã kết thúc"),
    },
    Lack: {
        Lack.PAPER: N_("chưa nộp bài thi"),
        Lack.VOIDED: N_("bài thi đã bị hủy"),
        Lack.POINTS: N_("chưa đủ điểm đã ký của Ban Giám khảo"),
    },
    PartKind: {
        PartKind.JUDGED: N_("Thi trực tiếp, giám khảo chấm"),
        PartKind.ONLINE: N_("Trắc nghiệm trên máy"),
    },
    Step: {
        Step.UNITS: N_("Đơn vị và chi bộ"),
        Step.PEOPLE: N_("Nhân sự và tài khoản"),
        Step.BANK: N_("Ngân hàng câu hỏi"),
        Step.ROUNDS: N_("Cuộc thi, cấp thi và vòng thi"),
        Step.RULES: N_("Quy định (thể lệ)"),
        Step.CHECK: N_("Danh sách thí sinh và kiểm tra"),
        Step.OPEN: N_("Mở vòng thi"),
    },
    State: {
        State.DONE: N_("Xong"),
        State.ADVISED: N_("Nên xem lại"),
        State.MISSING: N_("Chưa xong"),
        State.LATER: N_("Chờ các bước trên"),
    },
    Fate: {
        Fate.COUNTED: N_("được tính"),
        Fate.KNOWN: N_("đã lưu từ trước"),
        Fate.OLDER: N_("có lựa chọn mới hơn"),
        Fate.AFTER_DEADLINE: N_("chọn sau khi hết giờ"),
        Fate.AFTER_HAND_IN: N_("chọn sau khi đã nộp bài"),
        Fate.TOO_LATE: N_("đến quá thời hạn nhận bài gửi muộn"),
        Fate.PUBLISHED: N_("đến sau khi công bố kết quả chính thức"),
        Fate.BROKEN: N_("nhật ký trên máy không còn nguyên vẹn"),
    },
    Leaving: {
        Leaving.DONE: N_("đã nộp bài"),
        Leaving.LEFT: N_("rời máy"),
        Leaving.MOVED: N_("chuyển sang máy khác"),
        Leaving.CLOSED: N_("đóng hội trường"),
    },
    Sign: {
        Sign.WRONG: N_("Giống nhau ở các câu sai"),
        Sign.DEVICE: N_("Nhiều người chung một máy"),
        Sign.SPEED: N_("Trả lời nhanh hơn đọc"),
        Sign.TURNS: N_("Hai trang cùng làm một bài"),
        Sign.SILENCE: N_("Khoảng lặng dài"),
        Sign.AWAY: N_("Rời trang lâu"),
        Sign.NETWORK: N_("Nhiều người chung đường mạng"),
    },
    Verdict: {
        Verdict.NO_FINDING: N_("Không có gì"),
        Verdict.NOTED: N_("Ghi nhận"),
        Verdict.TALK: N_("Trao đổi với thí sinh"),
    },
    approvals.Act: {
        approvals.Act.OPEN_EARLY: N_("Mở vòng thi sớm hơn giờ đã định"),
        approvals.Act.CORRECT_KEY: N_("Sửa đáp án và chấm lại"),
        approvals.Act.VOID_ATTEMPT: N_("Hủy một bài thi"),
        approvals.Act.PUBLISH_FINAL: N_("Công bố kết quả chính thức"),
        approvals.Act.CLOSE_AWARDS: N_("Chốt danh sách giải"),
    },
    Policy: {
        Policy.EVERYONE: N_("Ai có câu này trong đề cũng được điểm"),
        Policy.BOTH: N_("Cả đáp án cũ và đáp án mới đều đúng"),
        Policy.NEW_ONLY: N_("Chỉ đáp án mới đúng"),
        Policy.VOID: N_("Hủy câu hỏi"),
    },
    Finding: {
        Finding.KEPT: N_("Giữ nguyên điểm"),
        Finding.CORRECTED: N_("Đã sửa đáp án, chấm lại"),
    },
    approvals.Answer: {
        approvals.Answer.APPROVED: N_("Đã duyệt"),
        approvals.Answer.REFUSED: N_("Không duyệt"),
        approvals.Answer.WITHDRAWN: N_("Đã rút"),
    },
    CellType: {
        CellType.RESIDENTIAL: N_("Khu dân cư"),
        CellType.AGENCY: N_("Cơ quan"),
        CellType.SCHOOL: N_("Trường học"),
        CellType.ENTERPRISE: N_("Doanh nghiệp"),
        CellType.ARMED_FORCES: N_("Lực lượng vũ trang"),
    },
    Position: {
        Position.SECRETARY: N_("Bí thư"),
        Position.DEPUTY_SECRETARY: N_("Phó bí thư"),
        Position.OTHER: N_("Chức vụ khác"),
    },
    Sex: {
        Sex.FEMALE: N_("Nữ"),
        Sex.MALE: N_("Nam"),
    },
    AbsenceReason: {
        AbsenceReason.ILLNESS: N_("Ốm đau"),
        AbsenceReason.VACANT_POST: N_("Khuyết bí thư"),
        AbsenceReason.AWAY_ON_DUTY: N_("Đi công tác"),
        AbsenceReason.FARM_WORK: N_("Bận việc nương rẫy, không có người thay"),
        AbsenceReason.NO_SIGNAL: N_("Không có sóng, không đến được hội trường"),
        AbsenceReason.OTHER: N_("Lý do khác"),
    },
    Presence: {
        Presence.NOT_SIGNED_IN: N_("Chưa đăng nhập"),
        Presence.SIGNED_IN: N_("Đã đăng nhập, chưa vào thi"),
        Presence.SILENT: N_("Lâu chưa lưu câu nào"),
        Presence.ANSWERING: N_("Đang làm bài"),
        Presence.ON_PAPER: N_("Làm bài trên giấy"),
        Presence.HANDED_IN: N_("Đã nộp bài"),
    },
    IncidentKind: {
        IncidentKind.POWER: N_("Mất điện"),
        IncidentKind.LINE: N_("Mất mạng, mất sóng"),
        IncidentKind.DEVICE: N_("Hỏng máy, hỏng thiết bị"),
        IncidentKind.CARD: N_("Phiếu dự thi, họ tên"),
        IncidentKind.PAPER: N_("Đề thi, câu hỏi"),
        IncidentKind.CONDUCT: N_("Vi phạm thể lệ"),
        IncidentKind.HEALTH: N_("Sức khỏe"),
        IncidentKind.PLACE: N_("Địa điểm, thời tiết, trật tự"),
        IncidentKind.OTHER: N_("Sự cố khác"),
    },
    PaperState: {
        PaperState.WAITING: N_("Chưa nhập"),
        PaperState.KEYED_ONCE: N_("Đã có một người nhập"),
        PaperState.DIFFERENT: N_("Hai lần nhập khác nhau"),
        PaperState.ENTERED: N_("Đã nhập xong"),
    },
    Role: {
        Role.SYSTEM_ADMIN: N_("Quản trị hệ thống"),
        Role.ORGANIZER: N_("Ban Tổ chức"),
        Role.QUESTION_EDITOR: N_("Người soạn câu hỏi"),
        Role.REVIEWER: N_("Người duyệt câu hỏi"),
        Role.BOARD_SECRETARY: N_("Thư ký"),
        Role.JUDGE: N_("Giám khảo"),
        Role.HEAD_JUDGE: N_("Trưởng ban giám khảo"),
        Role.PROCTOR: N_("Giám thị"),
        Role.OBSERVER: N_("Người theo dõi"),
        Role.CONTESTANT: N_("Thí sinh"),
    },
    JobState: {
        JobState.WAITING: N_("Đang chờ đến lượt"),
        JobState.RUNNING: N_("Đang làm"),
        JobState.DONE: N_("Đã xong"),
        JobState.FAILED: N_("Không làm được"),
        JobState.REMOVED: N_("Đã xong, tệp không còn giữ"),
    },
    Method: {
        Method.TOP: N_("Lấy người đứng đầu"),
        Method.THRESHOLD: N_("Lấy từ mức điểm"),
        Method.MANUAL: N_("Cấp ủy lựa chọn"),
        Method.PRIZE: N_("Lấy người đoạt giải"),
    },
    Scope: {
        Scope.ROUND: N_("Toàn vòng thi"),
        Scope.UNIT: N_("Từng đơn vị"),
        Scope.CLUSTER: N_("Từng cụm"),
        Scope.GROUP: N_("Từng khối"),
    },
    WayOut: {
        WayOut.EXTRA_QUESTIONS: N_("Thi thêm câu hỏi phụ"),
        WayOut.DRAW: N_("Bốc thăm"),
        WayOut.ALL_GO: N_("Tất cả cùng đi tiếp"),
        WayOut.HEAD_DECIDES: N_("Trưởng ban quyết định"),
    },
    TieBreak: {
        TieBreak.APPLY_POINTS: N_("Điểm các câu vận dụng cao hơn"),
        TieBreak.UNDERSTAND_POINTS: N_("Điểm các câu thông hiểu cao hơn"),
        TieBreak.CORRECT: N_("Nhiều câu đúng trọn vẹn hơn"),
        TieBreak.TIME_USED: N_("Thời gian làm bài ngắn hơn"),
        TieBreak.EARLIER_SUBMISSION: N_("Nộp bài sớm hơn"),
    },
}

ORIGINS = {
    "registered": N_("Đã đăng ký"),
    "promoted": N_("Đạt từ vòng trước"),
    "picked": N_("Cấp ủy chọn"),
    "reserve": N_("Dự bị thay thế"),
}


def label(value: StrEnum | str | None) -> str:
    """Return the words for a value of a fixed list in the reader's language; nothing for None."""
    if value is None:
        return ""
    known = LABELS.get(type(value), {}).get(value) if isinstance(value, StrEnum) else ORIGINS.get(value)
    return str(gettext(known)) if known else str(value)


def criterion_text(criterion: str) -> str:
    """Return the words for a criterion of the ranking: one of the list, or the points of a part by its name."""
    if criterion.startswith(PART):
        return str(gettext("Điểm phần “%(name)s” cao hơn", name=criterion.removeprefix(PART)))
    return label(TieBreak(criterion))


def flag_words(flag: str, length: str = "long") -> str:
    """Return what the figures of an item say to look into, in a sentence or in a few words ("short")."""
    return label(Flag(flag) if length == "long" else Doubt(flag))


def pairs(enum: type[StrEnum], empty: str | None = None) -> list[tuple[str, str]]:
    """Return (value, words) pairs for a filter above a list; `empty` is the words of a first, empty choice."""
    members = [(member.value, label(member)) for member in enum]
    return members if empty is None else [("", empty), *members]


def choices(enum: type[StrEnum], empty: str | None = None) -> list[SelectChoice]:
    """Return the choices of a form's select; `empty` is the words of a first, empty choice."""
    return [SelectChoice(value, words) for value, words in pairs(enum, empty)]


def phase(contest_round: Any, now: int | None = None) -> Phase:
    """Return the phase of a round now."""
    current: Phase = contest_round.phase_at(clock.now() if now is None else now)
    return current


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(label=label, phase=phase, flag_words=flag_words)
