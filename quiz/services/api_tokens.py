"""Tokens of other systems: made by whoever manages a subtree, for that subtree, and good no longer than that holds."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from quiz.core.api_scopes import LONGEST_DAYS, ApiScope, grants_of
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.permissions import Permission, may
from quiz.extensions import db, demo_gate, keyring
from quiz.keyring import new_token
from quiz.models import ApiToken, Unit
from quiz.services import accounts, audit, tree
from quiz.services.audit import Actor
from quiz.services.auth import Principal

PREFIX = "htbt_"  # by which a token found where it does not belong is known for what it is
DAY = 24 * 3_600_000
PAGE = 50


@dataclass(frozen=True, slots=True)
class Reader:
    """A token that was let in: its id, what it may read, and as whom it is let in."""

    token_id: int
    scopes: frozenset[str]
    principal: Principal


def make(
    name: str, unit: Unit | None, scopes: Collection[ApiScope], days: int, actor: Actor, now: int
) -> tuple[ApiToken, str]:
    """Return a new token and its text, which is shown once; raise RuleBroken when it would last too long."""
    if not 1 <= days <= LONGEST_DAYS:
        raise RuleBroken(N_("Thời hạn từ 1 đến %(most)d ngày. Hãy chọn lại."), most=LONGEST_DAYS)
    text = PREFIX + new_token()
    token = ApiToken(
        name=name, unit=unit, token_hash=keyring.hash_token(text), scopes=sorted(scopes), created_at=now,
        created_by_id=actor.account_id, expires_at=now + days * DAY,
    )  # fmt: skip
    db.session.add(token)
    db.session.flush()
    path = unit.path if unit else ""
    audit.record(actor, "api_token.make", token, now, path, name=name, scopes=token.scopes, days=days)
    return token, text


def revoke(token: ApiToken, actor: Actor, now: int) -> None:
    """Let a token read nothing from now on; raise AlreadyDone when it has been revoked."""
    if token.revoked_at is not None:
        raise AlreadyDone(N_("Mã truy cập này đã được thu hồi từ trước."))
    token.revoked_at = now
    path = token.unit.path if token.unit else ""
    audit.record(actor, "api_token.revoke", token, now, path, name=token.name)


def page_of(paths: list[str], number: int) -> Any:
    """Return a page of the tokens over units under `paths`, the newest first."""
    query = select(ApiToken).outerjoin(ApiToken.unit).order_by(ApiToken.id.desc())
    loaded = query.options(joinedload(ApiToken.unit), joinedload(ApiToken.created_by))
    if "" not in paths:
        loaded = loaded.where(ApiToken.unit_id.is_not(None), tree.under(paths))
    return db.paginate(loaded, page=max(1, number), per_page=PAGE, error_out=False)


def is_good(token: ApiToken, now: int) -> bool:
    """Tell whether a token is neither revoked nor run out."""
    return token.revoked_at is None and now < token.expires_at


def reader_of(text: str, now: int) -> Reader | None:
    """Return who reads with this token; None when it is unknown, revoked, run out, or its maker lost the subtree or
    is of the demo where that is refused.
    """
    if not text.startswith(PREFIX):
        return None
    query = select(ApiToken).where(ApiToken.token_hash == keyring.hash_token(text))
    token = db.session.scalar(query.options(joinedload(ApiToken.unit), joinedload(ApiToken.created_by)))
    if token is None or not is_good(token, now) or not _still_managed(token):
        return None
    path = token.unit.path if token.unit else ""
    principal = Principal("", 0, token.name, grants=grants_of(token.scopes, path))
    return Reader(token.id, frozenset(token.scopes), principal)


def _still_managed(token: ApiToken) -> bool:
    maker = token.created_by
    if maker.disabled_at is not None or demo_gate.shuts_out(maker.is_demo):
        return False
    held = [(grant.role, grant.unit.path if grant.unit else "") for grant in accounts.active_grants(maker)]
    return may(held, Permission.ACCOUNT_MANAGE, token.unit.path if token.unit else "")


def note_used(used: dict[int, int]) -> None:
    """Keep when tokens were last used, instants by token id."""
    for token_id, at in used.items():
        earlier = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < at)
        db.session.execute(
            update(ApiToken)
            .where(ApiToken.id == token_id, earlier)
            .values(last_used_at=at)
            .execution_options(synchronize_session=False)
        )
