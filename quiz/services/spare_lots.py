"""Spare packages of questions, added once the draw has begun: a draw taken back may leave the last contestant none."""

from collections.abc import Sequence

from sqlalchemy import select

from quiz.core import lots as rule
from quiz.core.errors import N_, RuleBroken
from quiz.core.items import Kind
from quiz.core.lots import Question
from quiz.extensions import db
from quiz.models import Bank, Item, ItemVersion, Lot, LotItem, Round
from quiz.services import audit, lots
from quiz.services.audit import Actor
from quiz.services.drafts import DraftRefused


def add(
    contest_round: Round, part: str, group: str, packages: int, seed: str, actor: Actor, now: int
) -> list[Lot]:
    """Return spare packages added after the draw began, made up like those there are, none of which changes.

    Raise RuleBroken before anybody drew, DraftRefused when too many are asked for or too few questions are left.
    """
    lots.hold(contest_round)
    old = lots.of_round(contest_round, part, group)
    if not old:
        raise RuleBroken(N_("Phần thi này chưa có gói nào. Hãy lập gói câu hỏi trước."))
    if not any(lots.is_used(lot) for lot in old):
        raise RuleBroken(N_("Chưa ai bốc gói nào. Hãy lập lại các gói với số gói cần có."))
    lines = rule.make_up_of(_sources_in(old))
    wrong = rule.faults(lines, packages) or rule.faults(lines, len(old) + packages)
    pool = [] if wrong else _left(contest_round, part, group, old, now)
    wrong += lots.too_few(contest_round, lines, pool, packages, now) if not wrong else []
    if wrong:
        raise DraftRefused(wrong)
    first = old[-1].number + 1
    made = [
        lots.lot_of(contest_round, part, group, number, versions)
        for number, versions in enumerate(rule.packages_of(lines, pool, packages, seed), start=first)
    ]
    db.session.add_all(made)
    db.session.flush()
    audit.record(
        actor, "lots.add", contest_round, now, contest_round.unit.path,
        part=part, ranking_group=group, lot=first, count=packages, seed=seed,
    )  # fmt: skip
    return made


def _sources_in(there: Sequence[Lot]) -> list[list[tuple[str, str]]]:
    """Return the source and level of the questions of each package, in their order."""
    query = (
        select(LotItem.lot_id, ItemVersion.kind, ItemVersion.level, Bank.code)
        .join(ItemVersion, ItemVersion.id == LotItem.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(Bank, Bank.id == Item.bank_id)
        .where(LotItem.lot_id.in_([lot.id for lot in there]))
        .order_by(LotItem.lot_id, LotItem.place)
    )
    found: dict[int, list[tuple[str, str]]] = {lot.id: [] for lot in there}
    for lot_id, kind, level, bank in db.session.execute(query):
        found[lot_id].append((lots.source_key(bank, kind is Kind.ORAL), str(level)))
    return list(found.values())


def _left(contest_round: Round, part: str, group: str, there: Sequence[Lot], now: int) -> list[Question]:
    """Return the questions for one more package: none of these, nor any of them as it was written since."""
    query = (
        select(Item.current_id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(LotItem, LotItem.version_id == ItemVersion.id)
        .where(LotItem.lot_id.in_([lot.id for lot in there]))
    )
    used = set(db.session.scalars(query))
    return [one for one in lots.pool_for(contest_round, part, group, now) if one.version not in used]
