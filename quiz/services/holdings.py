"""What the banks hold: how many items per topic, level and status, so that gaps are seen before a round."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from quiz.core.differences import Difference, differences
from quiz.core.items import BankDraft, ItemDraft, Kind, Level, Part, Status
from quiz.extensions import db
from quiz.models import Bank, Item, ItemVersion, Topic
from quiz.services.items import draft_of


@dataclass(slots=True)
class TopicRow:
    """One topic of one bank: approved items for exams by level, approved ones for practice, all by status."""

    topic: Topic
    exam: Counter[Level] = field(default_factory=Counter)
    practice: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)


@dataclass(slots=True)
class Holding:
    """One bank with its rows in the order of topics."""

    bank: Bank
    rows: list[TopicRow] = field(default_factory=list)

    @property
    def in_use(self) -> int:
        """Return how many items are not retired."""
        return self.statuses.total() - self.statuses[Status.RETIRED]

    @property
    def exam(self) -> int:
        """Return how many approved items papers may draw on."""
        return sum(row.exam.total() for row in self.rows)

    @property
    def practice(self) -> int:
        """Return how many approved items are for practice."""
        return sum(row.practice for row in self.rows)

    @property
    def most(self) -> int:
        """Return the largest number of approved items for exams on one topic and level."""
        return max((count for row in self.rows for count in row.exam.values()), default=0)

    @property
    def statuses(self) -> Counter[Status]:
        """Return the number of the bank's items by status."""
        return sum((row.statuses for row in self.rows), Counter())


def overview(bank_id: int | None = None) -> list[Holding]:
    """Return every bank, or the one of that id, by title with what it holds."""
    banks = select(Bank).order_by(Bank.title, Bank.id)
    query = _counts()
    if bank_id is not None:
        banks, query = banks.where(Bank.id == bank_id), query.where(Item.bank_id == bank_id)
    holdings = {bank.id: Holding(bank) for bank in db.session.scalars(banks)}
    topics = {topic.id: topic for topic in db.session.scalars(select(Topic))}
    rows: dict[tuple[int, int], TopicRow] = {}
    for bank_id, topic_id, level, status, part, kind, count in db.session.execute(query):
        row = rows.get((bank_id, topic_id))
        if row is None:
            row = rows[bank_id, topic_id] = TopicRow(topics[topic_id])
            holdings[bank_id].rows.append(row)
        row.statuses[status] += count
        if kind is Kind.ORAL:
            continue  # answered aloud: no paper can draw it
        if status is Status.APPROVED and part is Part.EXAM:
            row.exam[level] += count
        elif status is Status.APPROVED:
            row.practice += count
    return list(holdings.values())


def _counts() -> Select[Any]:
    columns = (
        Item.bank_id, ItemVersion.topic_id, ItemVersion.level, ItemVersion.status, ItemVersion.part, ItemVersion.kind,
    )  # fmt: skip
    query = select(*columns, db.func.count()).join(ItemVersion, ItemVersion.id == Item.current_id)
    return query.group_by(*columns).order_by(Item.bank_id, ItemVersion.topic_id)


def waiting_for_review() -> int:
    """Return how many items wait for a reviewer."""
    query = select(db.func.count()).select_from(Item).join(ItemVersion, ItemVersion.id == Item.current_id)
    return db.session.scalar(query.where(ItemVersion.status == Status.IN_REVIEW)) or 0


def banks_with_drafts_of(account_id: int | None) -> set[int]:
    """Return the ids of the banks in which drafts by this account wait to be submitted."""
    query = select(Item.bank_id).join(ItemVersion, ItemVersion.id == Item.current_id).distinct()
    return set(
        db.session.scalars(
            query.where(ItemVersion.status == Status.DRAFT, ItemVersion.author_id == account_id)
        )
    )


def changes(draft: BankDraft, codes: Iterable[str]) -> list[tuple[Item, ItemDraft, list[Difference]]]:
    """Return the items of those codes beside what a file says of them and the differences."""
    wanted = {item.code: item for item in draft.items}
    query = (
        select(Item)
        .where(Item.code.in_(list(codes)))
        .options(
            joinedload(Item.current).joinedload(ItemVersion.document),
            joinedload(Item.current).joinedload(ItemVersion.topic),
        )
        .order_by(Item.id)
    )
    found = []
    for item in db.session.scalars(query):
        new = wanted[item.code]
        found.append((item, new, differences(draft_of(item.current), new) if item.current else []))
    return found
