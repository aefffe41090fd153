"""The stage on its way to a hall: who judges there, the order where it was drawn, and making both ready on the laptop.

No password travels. Who is to work in the hall gets an account on the laptop that nobody can open before the laptop's
administrator gives it a first password.
"""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, RuleBroken
from quiz.core.packages import RoundPackage
from quiz.core.permissions import Role
from quiz.core.stage_lines import TRAVELLING, LotLine, OrderLine, PanelLine, StaffLine, TurnLine
from quiz.extensions import db
from quiz.models import (
    Account,
    Entry,
    Grant,
    OrderDraw,
    Package,
    PanelSeat,
    Performance,
    Person,
    Round,
    ScoreSheet,
    SheetKeying,
)
from quiz.services import accounts, audit, carried_lots
from quiz.services.audit import Actor
from quiz.services.auth import Principal
from quiz.services.contests import rules_of

NO_PASSWORD = ""  # no password has it as its hash
BEGUN = N_(
    "Phần thi trên sân khấu của vòng đã bắt đầu trên máy này nên không mang sang máy khác được. Hãy chấm tiếp ở đây."
)


class StageParts(TypedDict, total=False):
    """The parts of a package that are of the stage."""

    staff: tuple[StaffLine, ...]
    panel: tuple[PanelLine, ...]
    order: tuple[OrderLine, ...]
    turns: tuple[TurnLine, ...]
    lots: tuple[LotLine, ...]


# --- on the server ------------------------------------------------------------------------------------------------


def begun_in(contest_round: Round) -> set[int]:
    """Return the performances of a round that anybody was called up, marked absent, given questions or points."""
    own = Performance.round_id == contest_round.id
    touched = db.or_(
        Performance.called_at.is_not(None), Performance.started_at.is_not(None), Performance.absent_reason != "",
        Performance.checked_at.is_not(None), Performance.decided.is_not(None), Performance.lot_id.is_not(None),
    )  # fmt: skip
    queries = [
        select(Performance.id).where(own, touched),
        select(ScoreSheet.performance_id).join(ScoreSheet.performance).where(own),
        select(SheetKeying.performance_id)
        .join(Performance, Performance.id == SheetKeying.performance_id)
        .where(own),
    ]
    return {key for query in queries for key in db.session.scalars(query)}


def parts_of(package: Package) -> StageParts:
    """Return what a package holds of the stage; raise RuleBroken when the stage was begun here since."""
    if not package.with_stage:
        return {}
    if begun_in(package.round):
        raise RuleBroken(BEGUN)
    panel = _panel(package.round)
    return {
        "staff": tuple(_staff(package.round, {one.staff for one in panel})),
        "panel": tuple(panel),
        "order": tuple(order_lines(package.round)),
        "turns": tuple(turn_lines(package.round, only_standing=True)),
        "lots": tuple(line for line in carried_lots.lines_of(package.round) if line.void_at is None),
    }


def _panel(contest_round: Round) -> list[PanelLine]:
    seats = db.session.scalars(
        select(PanelSeat)
        .where(PanelSeat.round_id == contest_round.id, PanelSeat.account_id.is_not(None))
        .order_by(PanelSeat.part, PanelSeat.ranking_group, PanelSeat.seat)
    )
    return [
        PanelLine(one.part, one.ranking_group, one.seat, one.account_id or 0, one.is_head) for one in seats
    ]


def _staff(contest_round: Round, seated: set[int]) -> Iterable[StaffLine]:
    """Return who is seated, and who may run the stage or sign its points."""
    others = accounts.holding((Role.HEAD_JUDGE, Role.BOARD_SECRETARY), contest_round.unit)
    keys = seated | {one.id for one in others}
    for one in db.session.scalars(select(Account).where(Account.id.in_(keys)).order_by(Account.id)):
        roles = {grant.role for grant in accounts.active_grants(one)} & TRAVELLING
        roles |= {Role.JUDGE} if one.id in seated else set()
        yield StaffLine(one.id, one.username, one.display_name, tuple(sorted(roles)))


def order_lines(contest_round: Round) -> list[OrderLine]:
    """Return the draw of a round, none or one."""
    draw = db.session.get(OrderDraw, contest_round.id)
    return [OrderLine(draw.seed, draw.sessions, draw.drawn_at, draw.drawer)] if draw else []


def turn_lines(contest_round: Round, only_standing: bool = False) -> list[TurnLine]:
    """Return everybody's turn in the order drawn, with those withdrawn since unless `only_standing`."""
    query = (
        select(Person.code, Entry.id, Entry.ranking_group, Performance.session, Performance.place, Performance.drawn)
        .join(Entry, Entry.id == Performance.entry_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Performance.round_id == contest_round.id)
        .distinct()
        .order_by(Performance.drawn)
    )  # fmt: skip
    if only_standing:
        query = query.where(Entry.withdrawn_at.is_(None))
    return [TurnLine(*row) for row in db.session.execute(query)]


# --- on the laptop ------------------------------------------------------------------------------------------------


def load(
    package: RoundPackage, contest_round: Round, people: Mapping[str, Person], actor: Actor, now: int
) -> None:
    """Make accounts, panels and running order of a package ready on the laptop of a hall."""
    staff = {line.ref: _account(line, contest_round, actor, now) for line in package.staff}
    for line in package.panel:
        db.session.add(
            PanelSeat(
                round_id=contest_round.id, part=line.part, ranking_group=line.group, seat=line.seat,
                account=staff[line.staff], is_head=line.is_head,
            )
        )  # fmt: skip
    for order in package.order:
        db.session.add(
            OrderDraw(
                round_id=contest_round.id, seed=order.seed, sessions=order.sessions, drawn_at=order.drawn_at,
                drawn_by_name=order.by,
            )
        )  # fmt: skip
    keys = {one.person_id: one.id for one in contest_round.entries}
    add_turns(contest_round, {line: keys[people[line.person].id] for line in package.turns})
    carried_lots.write(contest_round, package.lots)
    db.session.flush()


def add_turns(contest_round: Round, turns: Mapping[TurnLine, int]) -> None:
    """Give entries (by id) their turns in every judged part."""
    for part in rules_of(contest_round).judged_parts:
        for turn, entry_id in turns.items():
            db.session.add(
                Performance(
                    round_id=contest_round.id, part=part.name, entry_id=entry_id, session=turn.session,
                    place=turn.place, drawn=turn.drawn,
                )
            )  # fmt: skip


def _account(line: StaffLine, contest_round: Round, actor: Actor, now: int) -> Account:
    account = _same(line) or Account(
        username=_free(line.username), display_name=line.name, password_hash=NO_PASSWORD, must_change_password=True,
        created_at=now,
    )  # fmt: skip
    is_new = account.id is None
    db.session.add(account)
    db.session.flush()
    unit = contest_round.unit
    held = {(grant.role, grant.unit_id) for grant in accounts.active_grants(account)}
    for name in line.roles:
        if (Role(name), unit.id) not in held:
            account.grants.append(
                Grant(role=Role(name), unit=unit, granted_at=now, granted_by_id=actor.account_id)
            )
    db.session.flush()
    action = "account.create" if is_new else "account.grant"
    detail = {"username": account.username, "roles": list(line.roles)}
    audit.record(actor, action, account, now, unit.path, **detail)
    return account


def _same(line: StaffLine) -> Account | None:
    """Return the account an earlier package made for the same person: the same names, and no role but the stage's."""
    query = select(Account).where(Account.username == line.username, Account.display_name == line.name)
    found = db.session.scalar(query)
    if found is None or {grant.role for grant in found.grants} - TRAVELLING:
        return None
    return found


def _free(username: str) -> str:
    names = [username, *(f"{username[:36]}-{number}" for number in range(2, 100))]
    taken = set(db.session.scalars(select(Account.username).where(Account.username.in_(names))))
    return next(name for name in names if name not in taken)


def staff_of(package: Package) -> list[Account]:
    """Return the accounts that work on the stage of a loaded round, by name."""
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.unit_id == package.round.unit_id, Grant.role.in_(TRAVELLING), Grant.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .options(joinedload(Account.grants))
        .order_by(Account.display_name, Account.id)
    )  # fmt: skip
    return list(db.session.scalars(query).unique())


def give_passwords(package: Package, who: Principal, now: int) -> list[tuple[Account, str]]:
    """Return who has not signed in with a password of the own choice yet, each with a new first password.

    Raise RuleBroken where the round was not brought here with its stage, or everybody has one.
    """
    if not (package.is_loaded and package.with_stage):
        raise RuleBroken(N_("Gói này không mang phần thi trên sân khấu xuống máy này."))
    waiting = [one for one in staff_of(package) if one.must_change_password]
    if not waiting:
        raise RuleBroken(N_("Mọi người đã đổi mật khẩu của mình. Ai quên thì cấp lại ở trang Tài khoản."))
    return [(one, accounts.reset_password(one, who, now)) for one in waiting]
