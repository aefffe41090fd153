"""Acts in plain words: what a recorded thing is, and what its details say, never a code where there is a word."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import gettext

from quiz.core.api_scopes import ApiScope
from quiz.core.appeals import WHOLE_PAPER, Finding
from quiz.core.approvals import Act, Answer
from quiz.core.corrections import Policy
from quiz.core.errors import N_
from quiz.core.halls import Leaving
from quiz.core.incidents import IncidentKind
from quiz.core.items import Outcome
from quiz.core.people import AbsenceReason, CellType, Position, Sex
from quiz.core.permissions import Role
from quiz.core.promotion import WayOut
from quiz.core.signals import Verdict
from quiz.services import things
from quiz.web import labels
from quiz.web.formatting import datetime_text, duration_text, number_text, points_text
from quiz.web.setting_words import ARROW, SETTINGS, change_words

NOUNS = {
    "absence": N_("Chi bộ không có thí sinh"), "access_card": N_("Phiếu dự thi"), "account": N_("Tài khoản"),
    "api_token": N_("Mã truy cập"), "appeal": N_("Đơn phúc khảo"), "approval": N_("Đề nghị hai người"),
    "attempt": N_("Bài thi"), "backup": N_("Bản sao lưu"), "bank": N_("Ngân hàng câu hỏi"),
    "contest": N_("Cuộc thi"), "document": N_("Văn bản"), "edition": N_("Lần công bố"), "entry": N_("Thí sinh"),
    "essay": N_("Bài nộp trước"),
    "letterhead": N_("Người ký, số và ngày văn bản"),
    "hall_device": N_("Máy ở hội trường"), "hall_seat": N_("Chỗ ngồi"), "hall_session": N_("Buổi thi tại hội trường"),
    "import": N_("Tệp nhập"), "incident": N_("Sự cố"), "item": N_("Câu hỏi"), "job": N_("Việc dài"),
    "package": N_("Gói đề"), "panel_seat": N_("Ghế ban chấm"), "people": N_("Danh sách nhân sự"),
    "performance": N_("Phần thi sân khấu"),
    "person": N_("Nhân sự"), "printed_paper": N_("Bài giấy"), "reserve": N_("Dự bị"), "round": N_("Vòng thi"),
    "session": N_("Lần đăng nhập"), "signal": N_("Dấu hiệu"), "stage": N_("Cấp thi"), "time_grant": N_("Giờ cho thêm"),
    "unit": N_("Đơn vị"),
}  # fmt: skip

DETAILS = {
    "after": N_("sau"), "answered": N_("số câu đã trả lời"), "attempt": N_("bài thi số"), "bank": N_("ngân hàng"),
    "before": N_("trước"), "birth_date": N_("ngày sinh"), "birth_year": N_("năm sinh"),
    "body": N_("cơ quan ban hành"), "by": N_("người làm"),
    "cell": N_("chi bộ"), "cells": N_("số chi bộ"), "children": N_("số đơn vị chuyển theo"),
    "chosen": N_("những người được chọn"), "closes_at": N_("giờ đóng"), "code": N_("mã"),
    "contact": N_("người liên hệ"),
    "count": N_("số lượng"), "counted": N_("số câu được tính"), "created": N_("thêm mới"), "changed": N_("thay đổi"),
    "day": N_("ngày"), "days": N_("số ngày"), "device": N_("máy"), "done": N_("đã làm"), "drawn": N_("thứ tự bốc"),
    "ended_by": N_("kết thúc do"), "ethnicity": N_("dân tộc"), "file": N_("tệp"), "finding": N_("kết luận"),
    "found": N_("số người tìm thấy"), "free": N_("các gói chưa bốc"),
    "grants": N_("các lần cho thêm giờ"), "groups": N_("các nhóm"),
    "full_name": N_("họ và tên"), "items": N_("số câu"), "judge": N_("giám khảo"),
    "key": N_("đáp án"), "kind": N_("loại"), "lot": N_("gói số"), "question": N_("câu số"),
    "issued_decision": N_("số, ngày quyết định"), "issued_list": N_("ngày trên danh sách"),
    "issued_minutes": N_("số, ngày biên bản"), "issued_report": N_("số, ngày báo cáo"),
    "late": N_("quá hạn"), "made_at": N_("lập lúc"), "minutes": N_("số phút"),
    "name": N_("tên"), "note": N_("ghi chú"), "number": N_("lần"), "of": N_("về"), "opens_at": N_("giờ mở"),
    "ordinal": N_("cấp thứ"), "outcome": N_("kết quả đọc"), "papers": N_("số bài"), "parent_code": N_("thuộc đơn vị"),
    "part": N_("phần thi"), "people": N_("số người"), "person": N_("mã nhân sự"), "phone": N_("điện thoại"),
    "place": N_("nơi"), "points": N_("điểm"), "policy": N_("cách xử lý"), "position": N_("chức vụ"),
    "prize": N_("giải"),
    "rank": N_("hạng"), "ranking_group": N_("khối"), "reason": N_("lý do"), "refused": N_("số câu không tính"),
    "reopened": N_("số bài mở lại"), "result": N_("kết quả số"), "role": N_("vai trò"), "round": N_("vòng thi"),
    "rounds": N_("các vòng thi"), "rows": N_("số bản ghi"), "schema": N_("phiên bản dữ liệu"), "scope": N_("xếp trong"),
    "scopes": N_("được đọc"), "scores": N_("điểm thi thêm"), "seat": N_("ghế"), "seats": N_("số chỗ"),
    "seed": N_("số bốc thăm"), "serial": N_("lần cấp"), "sex": N_("giới tính"), "sha256": N_("mã SHA-256"),
    "signer": N_("người ký"),
    "signs": N_("số dấu hiệu"), "size": N_("số người xếp hạng"), "successor": N_("đơn vị kế tiếp"),
    "template": N_("mẫu"), "title": N_("tên"), "to": N_("cho"), "unit": N_("đơn vị"), "unit_code": N_("đơn vị"),
    "units": N_("số đơn vị"), "used": N_("thời gian đã dùng"), "username": N_("tên đăng nhập"), "uuid": N_("mã gói"),
    "verdict": N_("quyết định"), "version": N_("phiên bản"), "way": N_("cách giải quyết"), "what": N_("việc"),
    "whom": N_("số của người hoặc đơn vị"),
    "whole": N_("cả ngân hàng"),
    "type_label": N_("loại đơn vị"), "is_cell": N_("là chi bộ"), "cell_type": N_("loại hình chi bộ"),
    "has_signal": N_("có sóng điện thoại"), "is_difficult": N_("đặc biệt khó khăn"),
    "is_village_head": N_("kiêm trưởng bản"), "valid_from": N_("hiệu lực từ"), "valid_to": N_("hiệu lực đến"),
    "issuer": N_("cơ quan ban hành"), "dated": N_("ngày ban hành"), "followed_by": N_("văn bản ra sau"),
    "notice": N_("câu dặn"),
    # put together where the act is done
    "answer_days": N_("số ngày trả lời"), "cluster": N_("cụm"), "edition": N_("lần công bố"),
    "head": N_("cụm trưởng"), "host": N_("đơn vị đăng cai"), "item": N_("câu hỏi"), "leader": N_("người phụ trách"),
    "new": N_("số câu mới"), "outdated": N_("số câu bản cũ"), "restated": N_("số câu ghi lại lời giải"),
    "people_changed": N_("số người sửa"), "people_new": N_("số người thêm mới"),
    "people_unchanged": N_("số người giữ nguyên"), "revealed": N_("số hạng đã hiện"), "rules": N_("mã quy định"),
    "shows_key": N_("cho xem đáp án"), "shows_paper": N_("cho xem lại bài"), "sources": N_("nguồn"),
    "top": N_("số hạng hiện"), "unchanged": N_("số câu giữ nguyên"), "units_changed": N_("số đơn vị sửa"),
    "units_new": N_("số đơn vị thêm mới"), "units_unchanged": N_("số đơn vị giữ nguyên"),
    # the settings of a stage
    "attempts_allowed": N_("số lượt thi"), "blueprint": N_("cấu trúc đề"), "delegations": N_("chỉ tiêu người dự thi"),
    "full_time_for_late": N_("đủ thời gian cho người vào muộn"), "grace_seconds": N_("chờ đường truyền"),
    "late_minutes": N_("hạn nhận bài gửi muộn"), "late_start": N_("hạn vào muộn"), "parts": N_("các phần thi"),
    "prizes": N_("cơ cấu giải"), "quota": N_("cách chọn người đi tiếp"), "rank_within": N_("phạm vi xếp hạng"),
    "scheme": N_("cách tính điểm"), "shuffle_items": N_("xáo câu hỏi"), "shuffle_options": N_("xáo phương án"),
    "tie_breaks": N_("tiêu chí khi bằng điểm"), "time_limit": N_("thời gian làm bài"),
}  # fmt: skip

WORDS = {
    "provisional": N_("tạm thời"), "final": N_("chính thức"), "candidate": N_("thí sinh nộp"),
    "deadline": N_("hết giờ"), "board": N_("Ban Tổ chức"),
    "paper": N_("văn bản"), "papers": N_("trọn bộ văn bản"), "roster": N_("tệp danh sách"),
    "backup": N_("sao lưu"), "backup_trial": N_("kiểm tra bản sao lưu"), "archive": N_("lưu trữ cuộc thi"),
    "audit_check": N_("kiểm tra nhật ký"),
}  # fmt: skip
LISTS: dict[str, type[StrEnum]] = {
    "role": Role, "way": WayOut, "verdict": Verdict, "outcome": Outcome, "position": Position, "sex": Sex,
    "cell_type": CellType, "scopes": ApiScope, "policy": Policy, "finding": Finding,
}  # fmt: skip
# Details whose words depend on what was done: the first list that has the value gives them.
MANY: tuple[type[StrEnum], ...] = (AbsenceReason, Leaving, IncidentKind, Act, Answer)
# Details that count; other numbers name one thing and are written as they are.
COUNTS = {
    "answered", "cells", "children", "count", "counted", "created", "found", "items", "new", "outdated", "papers",
    "people", "people_changed", "people_new", "people_unchanged", "refused", "reopened", "restated", "rows", "seats",
    "signs", "size", "unchanged", "units", "units_changed", "units_new", "units_unchanged",
}  # fmt: skip
FIRST_INSTANT = 10**12  # ms UTC, in 2001: no count or id comes near it
# A day as it is stored, which is no part of a code or a file's name.
_DAY = re.compile(r"(?<![\w.-])(\d{4})-(\d\d)-(\d\d)(?![\w.-])")

# Pages whose looks are noted (quiz.web.sightings).
LOOKED_AT = {
    "people.index": N_("Danh sách nhân sự"), "people.show": N_("Trang của một người"), "people.edit": N_("Sửa nhân sự"),
    "entries.index": N_("Danh sách thí sinh"), "cards.index": N_("Phiếu dự thi của vòng"),
    "cards.show": N_("Phiếu dự thi của một người"), "notices.sheets": N_("Giấy báo dự thi"),
    "calls.round": N_("Danh sách gọi điện"), "calls.stage": N_("Danh sách gọi điện"),
    "monitor.person": N_("Theo dõi một người"), "signals.index": N_("Dấu hiệu cần xem lại"),
    "signals.show": N_("Một dấu hiệu"), "results.preview": N_("Bảng xếp hạng chưa công bố"),
    "results.explained": N_("Giải thích thứ hạng"), "results.explained_edition": N_("Giải thích thứ hạng"),
    "item_analysis.index": N_("Phân tích câu hỏi"), "bank.item": N_("Câu hỏi và đáp án"),
    "essays.index": N_("Bài nộp trước của vòng"), "essays.file": N_("Tải bài nộp trước"),
    "lots.printed": N_("Câu hỏi và đáp án của các gói"), "office_papers.download": N_("Tải văn bản có danh sách"),
    "api.people": N_("Đọc nhân sự từ hệ thống khác"), "api.person": N_("Đọc một người từ hệ thống khác"),
}  # fmt: skip

# Where a thing is shown; its number goes into the address.
PAGES = {
    "unit": ("units.show", "unit_id"), "person": ("people.show", "person_id"),
    "contest": ("contests.show", "contest_id"),
    "stage": ("contests.stage", "stage_id"), "round": ("rounds.show", "round_id"),
    "account": ("accounts.show", "account_id"), "edition": ("results.public_edition", "edition_id"),
}  # fmt: skip


def thing_words(target: str, names: Mapping[str, str]) -> str:
    """Return what a thing is and is called: "Vòng thi: Xã Cò Nòi"; its number where it has no name."""
    noun, key = things.parts_of(target)
    word = str(gettext(NOUNS[noun])) if noun in NOUNS else noun
    if target in names:
        return f"{word}: {names[target]}"
    return f"{word} {key}" if key else word


def detail_words(detail: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the details of an act as (what, words), things by their `names`; nothing for what is empty."""
    shown = [
        (_sense(name, value), thing_words(str(value), names) if name == "of" else _value(name, value))
        for name, value in detail.items()
    ]
    return [(_name(name), words) for name, words in shown if words]


def _sense(name: str, value: Any) -> str:
    """Return the word a detail goes by: an import counts its units, a round names them; an appeal is about a place."""
    if name == "units" and isinstance(value, list):
        return "unit"
    return "question" if name == "position" and isinstance(value, int) else name


def _name(name: str) -> str:
    return str(gettext(DETAILS[name])) if name in DETAILS else name


def _value(name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return str(gettext("có") if value else gettext("không"))
    if isinstance(value, int):
        return _number(name, value)
    if isinstance(value, dict):
        return "; ".join(f"{_name(what)}: {words}" for what, words in _parts(value))
    if isinstance(value, list):
        return ", ".join(_value(name, one) for one in value)
    return _text(name, str(value))


def _number(name: str, value: int) -> str:
    if value >= FIRST_INSTANT:
        return datetime_text(value)
    if name == "points":
        return points_text(value)
    if name == "position":
        return str(gettext("Cả bài")) if value == WHOLE_PAPER else str(value + 1)
    if name == "used":
        return duration_text(value)
    return number_text(value) if name in COUNTS else str(value)


def _parts(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the words of what was before or after; numbers of no known name are the points of a criterion."""
    shown = [
        (name, points_text(value) if type(value) is int and name not in DETAILS else _value(name, value))
        for name, value in values.items()
    ]
    return [(name, words) for name, words in shown if words]


def _text(name: str, value: str) -> str:
    if name in SETTINGS and ARROW in value:
        return change_words(name, value)
    if ARROW in value:
        before, _arrow, after = value.partition(ARROW)
        return f"{_side(name, before)}{ARROW}{_side(name, after)}"
    for kind in (LISTS[name],) if name in LISTS else MANY:
        if value in set(kind):
            return labels.label(kind(value))
    if name == "changed":
        return _name(value)
    return str(gettext(WORDS[value])) if value in WORDS else _DAY.sub(r"\3/\2/\1", value)


def _side(name: str, value: str) -> str:
    """Return what a field of somebody or of a unit was or is; "–" for nothing."""
    if value in ("", "None"):
        return "–"
    if value in ("True", "False"):
        return str(gettext("có") if value == "True" else gettext("không"))
    return _text(name, value)


def page_words(endpoint: str) -> str:
    """Return what a page is called whose looks are noted."""
    return str(gettext(LOOKED_AT[endpoint])) if endpoint in LOOKED_AT else endpoint


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(thing=thing_words, detail_words=detail_words, page_words=page_words)
