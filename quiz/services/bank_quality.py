"""A stored bank looked at as an examiner would; made on request and kept until the bank changes."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from quiz.core.bank_quality import Figures, figures_of, report_on
from quiz.core.items import Status
from quiz.core.quality import Finding, findings
from quiz.extensions import db
from quiz.models import Bank, Item, ItemVersion
from quiz.services import bank as banks

COMPARED = 1_500  # items up to which all are compared with all; beyond, that takes longer than anybody waits


@dataclass(frozen=True, slots=True)
class Judgement:
    """The figures of a bank and what to mend; `compared`: whether questions much alike were looked for."""

    figures: Figures
    findings: list[Finding]
    compared: bool


def judged(bank: Bank) -> Judgement:
    """Return the judgement on the items of a bank that are not retired."""
    return _judged(str(db.engine.url), bank.id, _stamp(bank))


def _stamp(bank: Bank) -> tuple[tuple[str, int, int], ...]:
    """Return what differs as soon as an item is added, changed or moved on."""
    query = (
        select(ItemVersion.status, db.func.count(), db.func.max(ItemVersion.id))
        .join(Item, Item.current_id == ItemVersion.id)
        .where(Item.bank_id == bank.id)
        .group_by(ItemVersion.status)
        .order_by(ItemVersion.status)
    )
    return tuple((str(status), count, newest) for status, count, newest in db.session.execute(query))


@lru_cache(maxsize=16)
def _judged(_database: str, bank_id: int, _stamp: object) -> Judgement:
    bank = db.session.get_one(Bank, bank_id)
    draft = banks.content(bank)
    items = [item for item in draft.items if item.status is not Status.RETIRED]
    if len(items) <= COMPARED:
        report = report_on([("", draft)])
        return Judgement(report.total, report.findings, compared=True)
    return Judgement(figures_of(items), [one for item in items for one in findings(item)], compared=False)


def ids_of(codes: set[str]) -> dict[str, int]:
    """Return the ids of items by their codes."""
    query = select(Item.code, Item.id).where(Item.code.in_(codes))
    return {code: item_id for code, item_id in db.session.execute(query)}
