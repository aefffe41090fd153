"""Who may do what: a permission is "resource:action", a role a set of them, a grant a role over a subtree."""

from collections.abc import Iterable
from enum import StrEnum


class Permission(StrEnum):
    """One thing a signed-in person may do."""

    UNIT_VIEW = "unit:view"
    UNIT_EDIT = "unit:edit"
    PEOPLE_VIEW = "people:view"
    PEOPLE_EDIT = "people:edit"
    ROSTER_IMPORT = "roster:import"
    ROSTER_EXPORT = "roster:export"
    ACCOUNT_MANAGE = "account:manage"
    BANK_VIEW = "bank:view"
    BANK_EDIT = "bank:edit"
    BANK_REVIEW = "bank:review"
    CONTEST_VIEW = "contest:view"
    CONTEST_EDIT = "contest:edit"
    ROUND_RUN = "round:run"
    ROUND_MONITOR = "round:monitor"
    HALL_RUN = "hall:run"
    ENTRY_EDIT = "entry:edit"
    CARD_ISSUE = "card:issue"
    PAPER_ISSUE = "paper:issue"
    PAPER_ENTER = "paper:enter"
    STAGE_RUN = "stage:run"
    STAGE_JUDGE = "stage:judge"
    STAGE_SIGN = "stage:sign"
    STAGE_FIGURES = "stage:figures"
    RESULT_VIEW = "result:view"
    RESULT_PUBLISH = "result:publish"
    RESULT_PROMOTE = "result:promote"
    AUDIT_VIEW = "audit:view"
    SYSTEM_KEEP = "system:keep"
    ATTEMPT_SIT = "attempt:sit"


class Role(StrEnum):
    """A role somebody holds over a subtree of units."""

    SYSTEM_ADMIN = "system_admin"
    ORGANIZER = "organizer"
    QUESTION_EDITOR = "question_editor"
    REVIEWER = "reviewer"
    BOARD_SECRETARY = "board_secretary"
    JUDGE = "judge"
    HEAD_JUDGE = "head_judge"
    PROCTOR = "proctor"
    OBSERVER = "observer"
    CONTESTANT = "contestant"


P = Permission
_WATCH = frozenset({P.UNIT_VIEW, P.CONTEST_VIEW, P.ROUND_MONITOR})
_BANK = frozenset({P.BANK_VIEW, P.BANK_EDIT})
_ORGANIZE = _WATCH | {
    P.UNIT_EDIT, P.PEOPLE_VIEW, P.PEOPLE_EDIT, P.ROSTER_IMPORT, P.ROSTER_EXPORT, P.CONTEST_EDIT, P.ROUND_RUN,
    P.HALL_RUN, P.ENTRY_EDIT, P.CARD_ISSUE, P.PAPER_ISSUE, P.PAPER_ENTER, P.RESULT_VIEW, P.RESULT_PUBLISH,
    P.RESULT_PROMOTE, P.AUDIT_VIEW, P.STAGE_RUN, P.STAGE_FIGURES,
}  # fmt: skip

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SYSTEM_ADMIN: _ORGANIZE | _BANK | {P.ACCOUNT_MANAGE, P.SYSTEM_KEEP},
    Role.ORGANIZER: _ORGANIZE | {P.ACCOUNT_MANAGE},
    Role.QUESTION_EDITOR: _BANK,
    Role.REVIEWER: frozenset({P.BANK_VIEW, P.BANK_REVIEW}),
    Role.BOARD_SECRETARY: _WATCH
    | {P.PEOPLE_VIEW, P.PAPER_ENTER, P.RESULT_VIEW, P.STAGE_RUN, P.STAGE_FIGURES},
    Role.JUDGE: frozenset({P.CONTEST_VIEW, P.STAGE_JUDGE}),
    Role.HEAD_JUDGE: frozenset({P.CONTEST_VIEW, P.RESULT_VIEW, P.STAGE_JUDGE, P.STAGE_SIGN, P.STAGE_FIGURES}),
    Role.PROCTOR: _WATCH | {P.PEOPLE_VIEW, P.CARD_ISSUE, P.PAPER_ENTER, P.HALL_RUN},
    Role.OBSERVER: _WATCH | {P.RESULT_VIEW},
    Role.CONTESTANT: frozenset({P.ATTEMPT_SIT}),
}

# Whoever prepares or runs the contest may not compete in it (R6).
BARRED_FROM_COMPETING = frozenset({
    Role.SYSTEM_ADMIN, Role.ORGANIZER, Role.QUESTION_EDITOR, Role.REVIEWER, Role.BOARD_SECRETARY, Role.JUDGE,
    Role.HEAD_JUDGE,
})  # fmt: skip

# The roles an organizer may give within the own subtree; the rest is the system administrator's.
GRANTABLE_BY_ORGANIZER = frozenset(
    {Role.ORGANIZER, Role.BOARD_SECRETARY, Role.JUDGE, Role.HEAD_JUDGE, Role.PROCTOR, Role.OBSERVER}
)


def permits(role: Role, permission: Permission) -> bool:
    """Tell whether a role includes a permission."""
    return permission in ROLE_PERMISSIONS[role]


def covers(grant_path: str, unit_path: str) -> bool:
    """Tell whether a unit lies in the subtree of a grant; paths read "/1/7/23/", an empty grant path is all.

    A grant path without its closing slash reaches nothing: "/1/2" must not reach "/1/23/".
    """
    return grant_path == "" or (grant_path.endswith("/") and unit_path.startswith(grant_path))


def may(grants: Iterable[tuple[Role, str]], permission: Permission, unit_path: str) -> bool:
    """Tell whether any of the (role, scope path) grants allows `permission` on the unit at `unit_path`."""
    return any(permits(role, permission) and covers(path, unit_path) for role, path in grants)


def grantable_roles(grants: Iterable[tuple[Role, str]], unit_path: str) -> frozenset[Role]:
    """Return the roles the holder of `grants` may give over the unit at `unit_path`."""
    roles: frozenset[Role] = frozenset()
    for role, path in grants:
        if role is Role.SYSTEM_ADMIN and covers(path, unit_path):
            roles |= frozenset(Role) - {Role.CONTESTANT}
        elif role is Role.ORGANIZER and covers(path, unit_path):
            roles |= GRANTABLE_BY_ORGANIZER
    return roles
