"""What every recorded act is called in the audit page."""

from flask import Flask
from flask_babel import gettext

from quiz.core.errors import N_

ACTIONS = {
    "absence.record": N_("Ghi lý do không có thí sinh"),
    "absence.remove": N_("Xóa lý do không có thí sinh"),
    "account.create": N_("Tạo tài khoản"),
    "account.disable": N_("Khóa tài khoản"),
    "account.enable": N_("Mở khóa tài khoản"),
    "account.grant": N_("Giao vai trò"),
    "account.link": N_("Gắn tài khoản với người trong danh sách"),
    "account.password": N_("Đổi mật khẩu"),
    "account.reset_password": N_("Cấp mật khẩu mới"),
    "account.revoke": N_("Thu hồi vai trò"),
    "account.sign_out": N_("Đăng xuất khỏi mọi máy"),
    "account.unlink": N_("Gỡ tài khoản khỏi người trong danh sách"),
    "attempt.late": N_("Nhận bài gửi muộn"),
    "attempt.reopen": N_("Mở lại bài thi"),
    "attempt.start": N_("Bắt đầu làm bài"),
    "attempt.submit": N_("Nộp bài"),
    "bank.export": N_("Tải ngân hàng câu hỏi về"),
    "bank.import": N_("Nhập ngân hàng câu hỏi"),
    "bank.take_in": N_("Nhập tệp câu hỏi"),
    "bank.submit": N_("Gửi duyệt các bản nháp của mình"),
    "card.issue": N_("Cấp phiếu dự thi"),
    "card.reset": N_("Cấp lại phiếu dự thi"),
    "contest.change": N_("Sửa tên cuộc thi"),
    "contest.create": N_("Tạo cuộc thi"),
    "document.change": N_("Sửa văn bản làm căn cứ"),
    "document.create": N_("Thêm văn bản làm căn cứ"),
    "edition.publish": N_("Công bố kết quả"),
    "entry.picked": N_("Đưa người được chọn vào vòng sau"),
    "entry.promoted": N_("Đưa người đạt vào vòng sau"),
    "entry.register": N_("Đăng ký thí sinh"),
    "entry.reserve": N_("Gọi người dự bị"),
    "entry.restore": N_("Khôi phục thí sinh"),
    "entry.withdraw": N_("Rút tên thí sinh"),
    "hall.absent": N_("Ghi vắng tại hội trường"),
    "hall.close": N_("Đóng buổi thi tại hội trường"),
    "hall.codes": N_("Cấp mã ngắn"),
    "hall.join": N_("Thêm máy vào hội trường"),
    "hall.leave": N_("Rời máy"),
    "hall.move": N_("Chuyển thí sinh sang máy khác"),
    "hall.open": N_("Mở buổi thi tại hội trường"),
    "hall.present": N_("Ghi có mặt lại"),
    "hall.sit": N_("Ngồi vào máy"),
    "item.approve": N_("Duyệt câu hỏi"),
    "item.check": N_("Xem lại câu hỏi, vẫn đúng"),
    "item.comment": N_("Ghi ý kiến về câu hỏi"),
    "item.create": N_("Soạn câu hỏi"),
    "item.read": N_("Đọc lần hai câu hỏi"),
    "item.retire": N_("Ngừng dùng câu hỏi"),
    "item.revise": N_("Sửa thành phiên bản mới"),
    "item.send_back": N_("Trả lại cho người soạn"),
    "item.submit": N_("Gửi duyệt câu hỏi"),
    "notice.receive": N_("Ghi chi bộ đã nhận giấy báo"),
    "notice.write": N_("Sửa giấy báo dự thi"),
    "person.create": N_("Thêm nhân sự"),
    "person.edit": N_("Sửa nhân sự"),
    "person.remove": N_("Xóa nhân sự"),
    "roster.export": N_("Xuất danh sách đơn vị, nhân sự"),
    "roster.import": N_("Nhập danh sách đơn vị, nhân sự"),
    "round.add": N_("Lập vòng thi"),
    "round.close": N_("Kết thúc sớm vòng thi"),
    "round.open": N_("Mở vòng thi"),
    "round.remove": N_("Xóa vòng thi"),
    "round.scopes": N_("Sửa đơn vị tham gia"),
    "round.window": N_("Đặt giờ thi"),
    "session.close": N_("Đăng xuất"),
    "session.open": N_("Đăng nhập"),
    "stage.add": N_("Thêm cấp thi"),
    "stage.rules": N_("Sửa quy định của cấp thi"),
    "tie.decide": N_("Quyết định trường hợp bằng nhau"),
    "time.give": N_("Cho thêm giờ làm bài"),
    "time.withdraw": N_("Rút lại số phút cho thêm"),
    "unit.create": N_("Thêm đơn vị"),
    "unit.edit": N_("Sửa đơn vị"),
    "unit.merge": N_("Sáp nhập đơn vị"),
    "unit.move": N_("Chuyển đơn vị"),
    "unit.remove": N_("Xóa đơn vị"),
    "unit.rename": N_("Đổi tên đơn vị"),
}


def action_text(action: str) -> str:
    """Return the words for a recorded act; an act without words shows its code."""
    return str(gettext(ACTIONS[action])) if action in ACTIONS else action


def init_app(app: Flask) -> None:
    """Give templates the filter."""
    app.jinja_env.filters.update(action=action_text)
