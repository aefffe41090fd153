"""The main navigation: only what the signed-in person can use."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext

from quiz.core.errors import N_
from quiz.core.permissions import Permission
from quiz.services.auth import Principal


@dataclass(frozen=True, slots=True)
class Link:
    """One place in the navigation."""

    label: str
    url: str
    current: bool


_STAFF = (
    (N_("Bàn làm việc"), "desk.index", None),
    (N_("Cuộc thi"), "contests.index", Permission.CONTEST_VIEW),
    (N_("Đơn vị"), "units.index", Permission.UNIT_VIEW),
    (N_("Nhân sự"), "people.index", Permission.PEOPLE_VIEW),
    (N_("Ngân hàng câu hỏi"), "bank.index", Permission.BANK_VIEW),
    (N_("Tài khoản"), "accounts.index", Permission.ACCOUNT_MANAGE),
    (N_("Nhật ký"), "audit.index", Permission.AUDIT_VIEW),
)

# Pages without a place of their own in the navigation belong to another's.
_HOMES = {
    "roster": "units", "rounds": "contests", "entries": "contests", "registrations": "contests",
    "cards": "contests", "monitor": "contests", "results": "contests", "promotion": "contests",
    "bank_files": "bank",
}  # fmt: skip


def for_principal(who: Principal | None) -> list[Link]:
    """Return the links for this person; contestants and visitors need none."""
    if who is None or who.is_candidate:
        return []
    group = (request.endpoint or "").split(".")[0]
    here = _HOMES.get(group, group)
    return [
        Link(gettext(label), url_for(endpoint), endpoint.split(".")[0] == here)
        for label, endpoint, permission in _STAFF
        if endpoint in current_app.view_functions and (permission is None or who.may_somewhere(permission))
    ]
