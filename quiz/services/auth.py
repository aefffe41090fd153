"""Signing in and out: passwords for staff, code with PIN or QR token for contestants, sessions that can be revoked."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask_login import UserMixin
from sqlalchemy import bindparam, select, update

from quiz.core import throttle
from quiz.core.errors import N_, RuleBroken
from quiz.core.names import nfc
from quiz.core.permissions import Permission, Role, may
from quiz.extensions import db, demo_gate, keyring
from quiz.keyring import hash_secret, matches, new_token
from quiz.models import AccessCard, Account, AuthSession, Contest, Grant, LoginFailure, Person, Unit
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.direct import direct, in_session
from quiz.services.prepared import Prepared
from quiz.services.traces import NO_TRACE, Trace
from quiz.services.turns import Statement

WRONG = N_("Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra lại rồi thử lần nữa.")
WRONG_CARD = N_("Mã dự thi hoặc mã PIN không đúng. Hãy xem lại phiếu dự thi, hoặc nhờ Ban Tổ chức cấp lại.")


@dataclass
class Principal(UserMixin):
    """Who is signed in: a staff account with its grants, or a contestant by card. `token` is the cookie's."""

    token: str
    session_id: int
    name: str
    account_id: int | None = None
    person_id: int | None = None
    card_id: int | None = None
    contest_id: int | None = None
    must_change_password: bool = False
    grants: list[tuple[Role, str]] = field(default_factory=list)

    def get_id(self) -> str:
        """Return what the signed cookie keeps."""
        return self.token

    @property
    def is_candidate(self) -> bool:
        """Tell whether this is a contestant's sign-in by card."""
        return self.card_id is not None

    @property
    def actor(self) -> Actor:
        """Return who acts, for the audit record."""
        return Actor(self.account_id, self.person_id if self.is_candidate else None)

    def may(self, permission: Permission, unit: Unit) -> bool:
        """Tell whether a grant allows `permission` on `unit`."""
        return may(self.grants, permission, unit.path)

    def may_somewhere(self, permission: Permission) -> bool:
        """Tell whether any grant allows `permission` at all."""
        return any(may([(role, "")], permission, "") for role, _ in self.grants)

    def paths_for(self, permission: Permission) -> list[str]:
        """Return the subtree paths on which `permission` is held; "" means every unit."""
        return [path for role, path in self.grants if may([(role, "")], permission, "")]


class Holder(NamedTuple):
    """Whoever has proved who they are: an account or a card, and the name wrong tries were counted under."""

    name: str
    account_id: int | None
    card_id: int | None
    person_id: int | None


def holder_of(proved: Account | AccessCard) -> Holder:
    """Return the holder of an account or card, a plain value that outlives the transaction it was read in."""
    if isinstance(proved, Account):
        return Holder(proved.username, proved.id, None, proved.person_id)
    return Holder(proved.code, None, proved.id, proved.person_id)


def sign_in(username: str, password: str, now: int) -> Account:
    """Return the account of a right user name and password; nothing is written.

    Raise RuleBroken when either is wrong, the account is disabled, guessing is throttled, or it is a demo account
    where those are refused. The failure is recorded by `record_failure`, in the caller's transaction.
    """
    name = nfc(username).lower()
    check_throttle(name, now)
    account = db.session.scalar(select(Account).where(Account.username == name))
    usable = account is not None and account.disabled_at is None and not demo_gate.shuts_out(account.is_demo)
    if not matches(password, account.password_hash if account and usable else None) or account is None:
        raise RuleBroken(WRONG)
    return account


def sign_in_with_pin(code: str, pin: str, now: int) -> AccessCard:
    """Return the card of a right contestant code and PIN, writing nothing.

    Raise RuleBroken when either is wrong, guessing is throttled, or it is a card of the demo where those are refused.
    """
    name = card_code(code)
    check_throttle(name, now)
    query = select(AccessCard).join(Contest, Contest.id == AccessCard.contest_id)
    usable = AccessCard.revoked_at.is_(None) & db.or_(~Contest.is_demo, db.literal(demo_gate.is_open))
    card = db.session.scalar(query.where(AccessCard.code == name, usable))
    if not matches("".join(pin.split()), card.pin_hash if card else None) or card is None:
        raise RuleBroken(WRONG_CARD)
    return card


_CARD_OF_LINK = """
SELECT c.code, c.id, c.person_id, p.full_name, k.is_demo FROM access_card AS c
  JOIN person AS p ON p.id = c.person_id JOIN contest AS k ON k.id = c.contest_id
WHERE c.token_hash = {mark} AND c.revoked_at IS NULL
"""


def sign_in_with_token(token: str) -> tuple[Holder, str]:
    """Return the holder of a QR token's card and their name.

    Raise RuleBroken when it is unknown, was replaced, or is of the demo where its cards are refused.
    """
    way = direct()
    found = way.run(way.text(_CARD_OF_LINK), (keyring.hash_token(token),))
    if not found or demo_gate.shuts_out(bool(found[0][4])):
        raise RuleBroken(
            N_("Phiếu dự thi này không còn dùng được. Hãy dùng phiếu mới nhất, hoặc hỏi Ban Tổ chức.")
        )
    code, card_id, person_id, name, _is_demo = found[0]
    return Holder(code, None, card_id, person_id), name


def card_code(text: str) -> str:
    """Return a typed contestant code as stored: upper case, no spaces or dashes, look-alikes put right."""
    return "".join(text.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))


def record_failure(name: str, now: int) -> None:
    """Remember a wrong try at the secret of `name` (a user name in lower case or a card code)."""
    db.session.add(LoginFailure(name=name[:80], at=now))


def check_throttle(name: str, now: int) -> None:
    """Raise RuleBroken while too many wrong tries at the secret of `name` are still fresh."""
    query = select(LoginFailure.at).where(LoginFailure.name == name, LoginFailure.at > now - throttle.WINDOW)
    wait = throttle.wait_before_next(list(db.session.scalars(query)), now)
    if wait:
        raise RuleBroken(
            N_("Đã nhập sai nhiều lần. Hãy chờ %(minutes)d phút rồi thử lại."), minutes=-(-wait // 60_000)
        )


_FORGET = "DELETE FROM login_failure WHERE name = {mark}"
_OPEN = """
INSERT INTO auth_session (token_hash, account_id, card_id, person_id, created_at, last_seen_at, expires_at, agent,
  device, network)
VALUES ({mark}, {mark}, {mark}, {mark}, {mark}, {mark}, {mark}, {mark}, {mark}, {mark})
"""


def open_session(holder: Holder, hours: int, agent: str, now: int, trace: Trace = NO_TRACE) -> str:
    """Start a session for an account or card and return its token; wrong tries before it are forgotten."""
    token, statements = _opening(holder, hours, agent, now, trace)
    db.session.flush()
    for text, values in statements:
        in_session(text, values)
    return token


def open_session_at_once(holder: Holder, hours: int, agent: str, now: int, trace: Trace = NO_TRACE) -> str:
    """Do the same outside the caller's transaction: when it returns, the session is on disk. Raise Unavailable.

    When a round opens everybody signs in in the same minute, and like saves they share commits.
    """
    token, statements = _opening(holder, hours, agent, now, trace)
    direct().write_all(*statements)
    return token


def _opening(
    holder: Holder, hours: int, agent: str, now: int, trace: Trace
) -> tuple[str, tuple[Statement, ...]]:
    """Return a new token and what is written for it."""
    way, token = direct(), new_token()
    token_hash = keyring.hash_token(token)
    actor = Actor(holder.account_id) if holder.account_id else Actor(person_id=holder.person_id)
    ends = now + hours * 3_600_000
    row = (token_hash, *holder[1:], now, now, ends, agent[:200], *trace)
    return token, (
        Statement(way.text(_FORGET), (holder.name,)),
        Statement(way.text(_OPEN), row),
        audit.row(way, actor, "session.open", f"session:{token_hash[:12]}", now),
    )


# Every page of somebody signed in asks this, and only the columns that are needed.
_HOLDER = Prepared(
    select(
        AuthSession.id.label("session_id"), AuthSession.account_id, AccessCard.id.label("card_id"),
        AccessCard.person_id, AccessCard.contest_id, AccessCard.revoked_at, Person.full_name, Contest.is_demo,
    )
    .outerjoin(AccessCard, AccessCard.id == AuthSession.card_id)
    .outerjoin(Person, Person.id == AccessCard.person_id)
    .outerjoin(Contest, Contest.id == AccessCard.contest_id)
    .where(
        AuthSession.token_hash == bindparam("token_hash"),
        AuthSession.revoked_at.is_(None),
        AuthSession.expires_at > bindparam("now"),
    )
)  # fmt: skip


def principal_of(token: str, now: int) -> Principal | None:
    """Return who holds this session token; None when it is unknown, expired or revoked, or of the demo where that is
    refused.
    """
    found = _HOLDER.first(token_hash=keyring.hash_token(token), now=now)
    if found is None:
        return None
    if found.account_id is not None:
        return _staff(token, found.session_id, found.account_id)
    return _candidate(token, found)


def _candidate(token: str, found: Any) -> Principal | None:
    if found.revoked_at is not None or demo_gate.shuts_out(bool(found.is_demo)):
        return None
    return Principal(
        token, found.session_id, found.full_name, person_id=found.person_id, card_id=found.card_id,
        contest_id=found.contest_id, grants=[(Role.CONTESTANT, "")],
    )  # fmt: skip


def _staff(token: str, session_id: int, account_id: int) -> Principal | None:
    account = db.session.get_one(Account, account_id)
    if account.disabled_at is not None or demo_gate.shuts_out(account.is_demo):
        return None
    rows = db.session.execute(
        select(Grant.role, Unit.path)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .where(Grant.account_id == account.id, Grant.revoked_at.is_(None))
    )
    return Principal(
        token, session_id, account.display_name, account_id=account.id, person_id=account.person_id,
        must_change_password=account.must_change_password, grants=[(role, path or "") for role, path in rows],
    )  # fmt: skip


def staff_of(account_id: int) -> Principal | None:
    """Return a member of the staff with the roles held now, for work done in their name; None once disabled, or of
    the demo where that is refused.
    """
    return _staff("", 0, account_id)


def close_session(principal: Principal, now: int) -> None:
    """Revoke the session of this browser."""
    db.session.execute(
        update(AuthSession).where(AuthSession.id == principal.session_id).values(revoked_at=now)
    )
    audit.record(principal.actor, "session.close", f"session:{principal.session_id}", now)


def revoke_sessions(
    now: int, account: Account | None = None, person: Person | None = None, keep: int = 0
) -> None:
    """Revoke every open session of an account or of a person's cards, but for the session id `keep`."""
    query = update(AuthSession).where(AuthSession.revoked_at.is_(None), AuthSession.id != keep)
    if account is not None:
        query = query.where(AuthSession.account_id == account.id)
    elif person is not None:
        query = query.where(AuthSession.person_id == person.id, AuthSession.card_id.is_not(None))
    else:
        return
    db.session.execute(query.values(revoked_at=now))


def change_password(account: Account, old: str, new: str, keep_session: int, now: int) -> None:
    """Set a new password after checking the old one and sign out every other browser; raise RuleBroken if weak."""
    if not matches(old, account.password_hash):
        raise RuleBroken(N_("Mật khẩu hiện tại không đúng. Hãy nhập lại."))
    account.password_hash = hash_secret(check_password(new, account.username))
    account.must_change_password = False
    revoke_sessions(now, account=account, keep=keep_session)
    audit.record(Actor(account.id), "account.password", account, now)


def check_password(password: str, username: str) -> str:
    """Return `password` if it may be used; raise RuleBroken saying what is needed."""
    if len(password) < 10 or len(password) > 200:
        raise RuleBroken(N_("Mật khẩu cần từ 10 ký tự trở lên. Một câu ngắn dễ nhớ là tốt nhất."))
    if username.lower() in password.lower() or len(set(password)) < 4:
        raise RuleBroken(N_("Mật khẩu này dễ đoán quá. Hãy chọn một câu khác, không chứa tên đăng nhập."))
    return password
