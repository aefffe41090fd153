"""One act on many items in one transaction: what can be done is done, what cannot is left and told why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, RuleBroken
from quiz.core.items import ItemDraft, Part, Status
from quiz.core.reviews import Move, possible_moves, target_of
from quiz.extensions import db
from quiz.models import Account, Item, ItemVersion, Topic
from quiz.services import checks, items, reviews
from quiz.services.audit import Actor

AT_ONCE = 200  # items held in memory
MOST = 1000  # items in one transaction, so that nobody who saves waits long for it


class Act(StrEnum):
    """What may be done with many items."""

    SUBMIT = Move.SUBMIT.value
    APPROVE = Move.APPROVE.value
    SEND_BACK = Move.SEND_BACK.value
    RETIRE = Move.RETIRE.value
    TO_PRACTICE = "to_practice"
    TO_EXAM = "to_exam"
    SET_TOPIC = "set_topic"
    CHECK = "check"


MOVES = {
    Act.SUBMIT: Move.SUBMIT,
    Act.APPROVE: Move.APPROVE,
    Act.SEND_BACK: Move.SEND_BACK,
    Act.RETIRE: Move.RETIRE,
}
WITH_REASON = frozenset({Act.SEND_BACK, Act.RETIRE})
REWRITING = frozenset({Act.TO_PRACTICE, Act.TO_EXAM, Act.SET_TOPIC})  # each item gets a new version

RETIRED = N_("Câu đã ngừng dùng. Hãy sửa từng câu nếu muốn dùng lại.")
ALREADY_SO = N_("Câu vốn đã như vậy.")
OTHER_STEP = N_("Câu không ở bước làm được việc này.")


@dataclass(slots=True)
class Report:
    """What came of it: codes of the items it was done with, and codes by the sentence why it was not."""

    done: list[str] = field(default_factory=list)
    skipped: dict[str, list[str]] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Return how many items were left as they were."""
        return sum(len(codes) for codes in self.skipped.values())


@dataclass(frozen=True, slots=True)
class Order:
    """An act with what it needs: a reason or a topic's code, who acts, when, and the newest version that was seen."""

    act: Act
    account: Account
    actor: Actor
    now: int
    today: date
    newest: int
    reason: str = ""
    topic: str = ""


def newest_version() -> int:
    """Return the id of the newest version there is: what comes later was not seen by whoever orders now."""
    return db.session.scalar(select(db.func.max(ItemVersion.id))) or 0


def carry_out(order: Order, item_ids: Iterable[int]) -> Report:
    """Do what is ordered with each of the items and report; raise RuleBroken when the order itself lacks something."""
    if order.act in WITH_REASON and not order.reason:
        raise RuleBroken(N_("Hãy ghi lý do để người soạn biết, không quá 300 ký tự."))
    if order.act is Act.SET_TOPIC and not _topic_exists(order.topic):
        raise RuleBroken(N_("Chưa có chuyên đề này. Hãy chọn một chuyên đề trong danh sách."))
    wanted = sorted(set(item_ids))
    if len(wanted) > MOST:
        raise RuleBroken(
            N_("Mỗi lần làm được nhiều nhất %(most)d câu. Hãy lọc bớt rồi làm nhiều lần."), most=MOST
        )
    report = Report()
    for some in _in_portions(wanted):
        for item in some:
            try:
                _do(order, item)
                report.done.append(item.code)
            except RuleBroken as refusal:
                report.skipped.setdefault(refusal.message, []).append(item.code)
    return report


def _topic_exists(code: str) -> bool:
    return db.session.scalar(select(Topic.id).where(Topic.code == code)) is not None


def _in_portions(ids: list[int]) -> Iterator[list[Item]]:
    """Give the items with what their acts read, some at a time, and let go of them afterwards."""
    current = joinedload(Item.current)
    query = select(Item).options(
        joinedload(Item.bank), current.joinedload(ItemVersion.document), current.joinedload(ItemVersion.topic)
    )
    for start in range(0, len(ids), AT_ONCE):
        some = query.where(Item.id.in_(ids[start : start + AT_ONCE])).order_by(Item.id)
        found = list(db.session.scalars(some))
        yield found
        db.session.flush()
        for item in found:
            db.session.expunge(item)


def _do(order: Order, item: Item) -> None:
    seen = item.current_id or 0
    if seen > order.newest:
        raise RuleBroken(items.MOVED_ON)
    who: dict[str, Any] = {"actor": order.actor, "now": order.now}
    if order.act in MOVES:
        move, status = MOVES[order.act], item.current.status if item.current else Status.RETIRED
        if move not in possible_moves(status) and status is not target_of(move):
            raise RuleBroken(OTHER_STEP)
        reviews.make(move, item, seen, order.account, **who, reason=order.reason)
    elif order.act is Act.CHECK:
        checks.confirm(item, seen, order.account, **who, today=order.today)
    else:
        _rewrite(order, item, seen)


def _rewrite(order: Order, item: Item, seen: int) -> None:
    """Give the item a new version with the one thing changed; what was ready for review or past it waits for it."""
    if item.current is None or item.current.status is Status.RETIRED:
        raise RuleBroken(RETIRED)
    before, ready = items.draft_of(item.current), item.current.status is not Status.DRAFT
    after = _changed(order, before)
    if after == before:
        raise RuleBroken(ALREADY_SO)
    version = items.revise(item, seen, after, order.account, order.actor, order.now)
    if ready:
        reviews.make(Move.SUBMIT, item, version.id, order.account, order.actor, order.now)


def _changed(order: Order, draft: ItemDraft) -> ItemDraft:
    if order.act is Act.SET_TOPIC:
        return replace(draft, topic=order.topic)
    return replace(draft, part=Part.PRACTICE if order.act is Act.TO_PRACTICE else Part.EXAM)
