"""The main navigation: only what the signed-in person can use."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from quiz.core.permissions import Permission
from quiz.services.auth import Principal


@dataclass(frozen=True, slots=True)
class Link:
    """One place in the navigation."""

    label: str
    url: str
    current: bool


# Pages without a place of their own in the navigation belong to another's.
_HOMES = {
    "roster": "units", "setup": "contests", "rounds": "contests", "entries": "contests",
    "registrations": "contests", "cards": "contests", "notices": "contests", "printed_papers": "contests",
    "paper_entry": "contests", "receipts": "contests", "monitor": "contests", "calls": "contests",
    "incidents": "contests", "projector": "contests", "pictures": "contests", "results": "contests",
    "promotion": "contests", "awards": "contests", "successors": "contests", "declines": "contests",
    "prize_tables": "contests",
    "stage": "contests", "panels": "contests", "lots": "contests", "judge_statistics": "contests",
    "essays": "contests", "approvals": "desk", "corrections": "contests",
    "voiding": "contests", "appeals": "contests", "archives": "contests", "api_tokens": "accounts",
    "grants": "contests", "item_analysis": "contests", "jobs": "contests", "office_papers": "contests",
    "packages": "halls", "signals": "contests", "bulk": "bank", "checks": "bank", "documents": "bank",
}  # fmt: skip


def _places() -> tuple[tuple[str, str, Permission | None], ...]:
    return (
        (_("Bàn làm việc"), "desk.index", None),
        (_("Cuộc thi"), "contests.index", Permission.CONTEST_VIEW),
        (_("Chấm thi"), "judging.index", Permission.STAGE_JUDGE),
        (_("Hội trường"), "halls.index", Permission.HALL_RUN),
        (pgettext("nhiều", "Đơn vị"), "units.index", Permission.UNIT_VIEW),
        (_("Nhân sự"), "people.index", Permission.PEOPLE_VIEW),
        (_("Ngân hàng câu hỏi"), "bank.index", Permission.BANK_VIEW),
        (_("Tài khoản"), "accounts.index", Permission.ACCOUNT_MANAGE),
        (_("Nhật ký"), "audit.index", Permission.AUDIT_VIEW),
        (_("Sao lưu"), "backups.index", Permission.SYSTEM_KEEP),
    )


def for_principal(who: Principal | None) -> list[Link]:
    """Return the links for this person; contestants and visitors need none."""
    if who is None or who.is_candidate:
        return []
    group = (request.endpoint or "").split(".")[0]
    here = _HOMES.get(group, group)
    return [
        Link(label, url_for(endpoint), endpoint.split(".")[0] == here)
        for label, endpoint, permission in _places()
        if endpoint in current_app.view_functions and (permission is None or who.may_somewhere(permission))
    ]
