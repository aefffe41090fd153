"""Staff accounts and their roles. Nobody touches an account that reaches beyond the own subtree or the own rights."""

import re
from collections.abc import Iterable

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.errors import N_, AlreadyDone, NotAllowed, RuleBroken
from quiz.core.names import nfc
from quiz.core.permissions import BARRED_FROM_COMPETING, Permission, Role, grantable_roles
from quiz.extensions import db
from quiz.keyring import hash_secret, new_code
from quiz.models import Account, Grant, Person, Unit
from quiz.services import audit, auth, people, things, tree
from quiz.services.audit import SYSTEM
from quiz.services.auth import Principal
from quiz.services.drafts import refuse

PAGE = 50
TAKEN = N_("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác.")
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_ACTIVE = Grant.revoked_at.is_(None)


# --- who may see and touch whom -----------------------------------------------------------------------------


def active_grants(account: Account) -> list[Grant]:
    """Return the roles an account holds now."""
    return [grant for grant in account.grants if grant.revoked_at is None]


def _path(grant: Grant) -> str:
    return grant.unit.path if grant.unit else ""


def path_of(account: Account) -> str:
    """Return the narrowest subtree that holds every role of an account, for the audit record."""
    return tree.common_path(_path(grant) for grant in active_grants(account) or account.grants)


def _visible(paths: list[str]) -> ColumnElement[bool]:
    """Return the condition that an account has a role under `paths`, or once had one and has none now."""
    if "" in paths:
        return Account.id.is_not(None)
    mine = exists().where(Grant.account_id == Account.id, Grant.unit_id == Unit.id, tree.under(paths))
    any_active = exists().where(Grant.account_id == Account.id, _ACTIVE)
    return or_(and_(mine.where(_ACTIVE)), and_(~any_active, mine))


def find(account_id: int, paths: list[str]) -> Account | None:
    """Return an account that has a role under `paths`, or None."""
    return db.session.scalar(select(Account).where(Account.id == account_id, _visible(paths)))


def search(paths: list[str], text: str = "", page: int = 1) -> Pagination:
    """Return a page of the accounts with a role under `paths`, by user name."""
    query = select(Account).where(_visible(paths)).order_by(Account.username)
    query = query.options(selectinload(Account.grants).joinedload(Grant.unit), joinedload(Account.person))
    words = nfc(text)
    if words:
        shown = things.named(select(Account.id, Account.display_name).where(_visible(paths)), words)
        query = query.where(
            or_(Account.id.in_(shown), Account.username.contains(words.lower(), autoescape=True))
        )
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


def holding(roles: Iterable[Role], unit: Unit) -> list[Account]:
    """Return the accounts in use that hold one of `roles` over a unit, by name."""
    above = [int(key) for key in unit.path.strip("/").split("/")]
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role.in_(list(roles)), Grant.revoked_at.is_(None), Account.disabled_at.is_(None))
        .where(db.or_(Grant.unit_id.is_(None), Grant.unit_id.in_(above)))
        .distinct()
        .order_by(Account.display_name, Account.id)
    )
    return list(db.session.scalars(query))


def may_touch(account: Account, who: Principal) -> bool:
    """Tell whether `who` could have given every role the account holds: only then its holder is below `who`."""
    grants = active_grants(account) or account.grants
    return all(grant.role in grantable_roles(who.grants, _path(grant)) for grant in grants)


def offered_roles(who: Principal) -> list[Role]:
    """Return the roles `who` may give somewhere, in the order of the list of roles."""
    reach = who.paths_for(Permission.ACCOUNT_MANAGE)
    return [role for role in Role if any(role in grantable_roles(who.grants, path) for path in reach)]


def _require_touch(account: Account, who: Principal, on_self: str = "") -> None:
    """Lock the account's row; raise NotAllowed beyond the own rights, RuleBroken(`on_self`) for the own account."""
    db.session.refresh(account, with_for_update={"of": Account})
    if not may_touch(account, who):
        raise NotAllowed(N_("Tài khoản này có vai trò ngoài phạm vi của bạn. Hãy nhờ quản trị hệ thống."))
    if on_self and account.id == who.account_id:
        raise RuleBroken(on_self)


def _require_grantable(role: Role, unit: Unit | None, who: Principal) -> None:
    if role not in grantable_roles(who.grants, unit.path if unit else ""):
        raise refuse(
            "role", N_("Bạn không được giao vai trò này ở đơn vị đó. Hãy chọn vai trò hoặc đơn vị khác.")
        )


# --- acts ---------------------------------------------------------------------------------------------------


def new_password() -> str:
    """Return a first password that is easy to read out: three groups of four signs, 60 bits."""
    return "-".join(new_code(4) for _ in range(3)).lower()


def _new_account(username: str, display_name: str, secret: str, must_change: bool, now: int) -> Account:
    name = nfc(username).lower()
    if not _USERNAME.fullmatch(name):
        raise refuse(
            "username",
            N_("Tên đăng nhập gồm 3 đến 40 chữ thường không dấu, số, dấu chấm hoặc gạch, ví dụ conoi.lan."),
        )
    if db.session.scalar(select(Account.id).where(Account.username == name)):
        raise refuse("username", TAKEN)
    account = Account(
        username=name, display_name=nfc(display_name), password_hash=secret,
        must_change_password=must_change, created_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError:  # somebody else took the name in this very moment
        raise refuse("username", TAKEN) from None
    return account


def create(
    username: str, display_name: str, role: Role, unit: Unit | None, who: Principal, now: int
) -> tuple[Account, str]:
    """Add an account with a first role; return it and its first password, which is stored nowhere."""
    password = new_password()
    return create_with(username, display_name, role, unit, hash_secret(password), who, now), password


def create_with(
    username: str, display_name: str, role: Role, unit: Unit | None, secret: str, who: Principal, now: int
) -> Account:
    """Add an account with a first role whose first password has the hash `secret`, and return it.

    Whom an account of the demo adds is of the demo: what its known passwords let in must not outlive it.
    """
    _require_grantable(role, unit, who)
    account = _new_account(username, display_name, secret, True, now)
    account.is_demo = db.session.get_one(Account, who.account_id).is_demo
    path = unit.path if unit else ""
    audit.record(who.actor, "account.create", account, now, path=path, username=account.username)
    _add_grant(account, role, unit, who, now)
    return account


def create_admin(username: str, display_name: str, password: str, now: int) -> Account:
    """Add a system administrator of everything, from the machine's own command line."""
    secret = hash_secret(auth.check_password(password, username))
    account = _new_account(username, display_name, secret, False, now)
    account.grants.append(Grant(role=Role.SYSTEM_ADMIN, granted_at=now))
    db.session.flush()
    audit.record(SYSTEM, "account.create", account, now, username=account.username, role=Role.SYSTEM_ADMIN)
    return account


def _add_grant(account: Account, role: Role, unit: Unit | None, who: Principal, now: int) -> Grant:
    grant = Grant(role=role, unit=unit, granted_at=now, granted_by_id=who.account_id)
    account.grants.append(grant)
    db.session.flush()
    code, path = (unit.code, unit.path) if unit else ("", "")
    audit.record(who.actor, "account.grant", account, now, path=path, role=role, unit=code)
    return grant


def grant_role(account: Account, role: Role, unit: Unit | None, who: Principal, now: int) -> Grant:
    """Give an account a role over a subtree (None: over everything).

    Raise AlreadyDone if it has it, DraftRefused beyond the own rights, RuleBroken for a standing contestant (R6).
    """
    _require_touch(account, who)
    _require_grantable(role, unit, who)
    for grant in active_grants(account):
        if grant.role is role and grant.unit_id == (unit.id if unit else None):
            raise AlreadyDone(N_("Tài khoản đã có vai trò này ở đơn vị đó."))
    if account.person is not None:
        _require_no_entry(account.person, [role], now)
    return _add_grant(account, role, unit, who, now)


def _require_no_entry(person: Person, roles: list[Role], now: int) -> None:
    entry = people.standing_entry(person, now) if BARRED_FROM_COMPETING & set(roles) else None
    if entry is not None:
        raise RuleBroken(
            N_(
                "%(name)s đang có tên dự thi ở %(round)s nên không thể giữ vai trò này. Hãy rút tên dự thi trước."
            ),
            name=person.full_name,
            round=entry.round.name,
        )


def revoke_role(grant: Grant, who: Principal, now: int) -> None:
    """Take a role away; raise AlreadyDone if it was, RuleBroken for the own account or the last administrator."""
    account = grant.account
    _require_touch(account, who, N_("Không tự thu hồi vai trò của mình được. Hãy nhờ người quản trị khác."))
    if grant.revoked_at is not None:
        raise AlreadyDone(N_("Vai trò này đã được thu hồi."))
    if grant.role is Role.SYSTEM_ADMIN and grant.unit_id is None:
        _require_another_admin(account)
    grant.revoked_at = now
    code = grant.unit.code if grant.unit else ""
    audit.record(who.actor, "account.revoke", account, now, path=_path(grant), role=grant.role, unit=code)
    db.session.flush()


def _require_another_admin(account: Account) -> None:
    """Raise RuleBroken when no other account could still administer everything; locks the rows it relies on."""
    query = (
        select(Grant.account_id)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.role == Role.SYSTEM_ADMIN, Grant.unit_id.is_(None), _ACTIVE, Account.disabled_at.is_(None)
        )
        .order_by(Grant.id)
        .with_for_update()
    )
    if not set(db.session.scalars(query)) - {account.id}:
        raise RuleBroken(N_("Đây là quản trị hệ thống cuối cùng. Hãy giao vai trò đó cho người khác trước."))


def reset_password(account: Account, who: Principal, now: int) -> str:
    """Give an account a new first password, sign it out everywhere, and return the password once."""
    _require_touch(account, who, N_("Đây là tài khoản của bạn. Hãy dùng trang Đổi mật khẩu."))
    password = new_password()
    account.password_hash = hash_secret(password)
    account.must_change_password = True
    auth.revoke_sessions(now, account=account)
    audit.record(who.actor, "account.reset_password", account, now, path=path_of(account))
    db.session.flush()
    return password


def disable(account: Account, who: Principal, now: int) -> None:
    """Lock an account and sign it out everywhere; its roles stay on record. Raise AlreadyDone if it is locked."""
    _require_touch(account, who, N_("Không tự khóa tài khoản của mình được. Hãy nhờ người quản trị khác."))
    if account.disabled_at is not None:
        raise AlreadyDone(N_("Tài khoản này đã bị khóa."))
    if any(grant.role is Role.SYSTEM_ADMIN and grant.unit_id is None for grant in active_grants(account)):
        _require_another_admin(account)
    account.disabled_at = now
    auth.revoke_sessions(now, account=account)
    audit.record(who.actor, "account.disable", account, now, path=path_of(account))
    db.session.flush()


def enable(account: Account, who: Principal, now: int) -> None:
    """Unlock an account; raise AlreadyDone if it is not locked."""
    _require_touch(account, who)
    if account.disabled_at is None:
        raise AlreadyDone(N_("Tài khoản này đang mở."))
    account.disabled_at = None
    audit.record(who.actor, "account.enable", account, now, path=path_of(account))
    db.session.flush()


def sign_out_everywhere(account: Account, who: Principal, now: int) -> None:
    """End every session of an account; the password stays."""
    _require_touch(account, who)
    auth.revoke_sessions(now, account=account)
    audit.record(who.actor, "account.sign_out", account, now, path=path_of(account))


def link(account: Account, person: Person, who: Principal, now: int) -> None:
    """Note that the holder of an account is somebody on the roster; raise RuleBroken when that breaks R6."""
    _require_touch(account, who)
    if account.person_id == person.id:
        raise AlreadyDone(N_("Tài khoản đã gắn với người này."))
    if account.person_id is not None:
        raise RuleBroken(N_("Tài khoản đang gắn với người khác. Hãy gỡ ra trước."))
    _require_no_entry(person, [grant.role for grant in active_grants(account)], now)
    account.person = person
    audit.record(who.actor, "account.link", account, now, path=path_of(account), person=person.code)
    db.session.flush()


def unlink(account: Account, who: Principal, now: int) -> None:
    """Undo a link; raise AlreadyDone when there is none, RuleBroken on the own account."""
    _require_touch(account, who, N_("Không tự gỡ liên kết của mình được. Hãy nhờ người quản trị khác."))
    if account.person is None:
        raise AlreadyDone(N_("Tài khoản không gắn với ai."))
    code, account.person = account.person.code, None
    audit.record(who.actor, "account.unlink", account, now, path=path_of(account), person=code)
    db.session.flush()
