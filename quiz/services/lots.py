"""Packages of questions for drawing on the stage: made before the day, each drawn once, and none drawn again.

A draw and the making of packages wait for one another on the round, so that nobody draws what is being made anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core import lots as rule
from quiz.core.errors import N_, AlreadyDone, Problem, RuleBroken
from quiz.core.items import Kind, Status
from quiz.core.items import Part as BankPart
from quiz.core.lots import Line, Question
from quiz.core.performances import OnStage
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import (
    Bank,
    Document,
    Entry,
    Item,
    ItemVersion,
    Lot,
    LotItem,
    Performance,
    Round,
)
from quiz.services import audit, panels, performances, pools
from quiz.services.audit import Actor
from quiz.services.drafts import DraftRefused

ALOUD, CHOICE = "aloud", "choice"
TOO_FEW = N_(
    "%(source)s có %(there)d câu dùng được, cần %(needed)d câu cho %(packages)d gói. Hãy bớt số gói hoặc số câu."
)


@dataclass(frozen=True, slots=True)
class Source:
    """Questions of one bank that are answered aloud, or by choosing; `key` is what a line of a make-up names."""

    key: str
    title: str
    is_aloud: bool
    count: int


def sources_of(contest_round: Round, now: int) -> list[Source]:
    """Return where questions may come from on the days of a round, those answered aloud first."""
    aloud = (ItemVersion.kind == Kind.ORAL).label("aloud")
    query = (
        select(Bank.code, Bank.title, aloud, func.count())
        .select_from(ItemVersion)
        .join(Item, Item.current_id == ItemVersion.id)
        .join(Bank, Bank.id == Item.bank_id)
        .join(Document, Document.id == ItemVersion.document_id)
        .where(*_usable(contest_round, now))
        .group_by(Bank.code, Bank.title, aloud)
        .order_by(aloud.desc(), Bank.title)
    )
    return [
        Source(source_key(code, is_aloud), title, bool(is_aloud), count)
        for code, title, is_aloud, count in db.session.execute(query)
    ]


def source_key(bank: str, is_aloud: bool) -> str:
    """Return what a line of a make-up calls the questions of a bank that are answered aloud, or by choosing."""
    return f"{ALOUD if is_aloud else CHOICE}:{bank}"


def _usable(contest_round: Round, now: int) -> tuple[ColumnElement[bool], ...]:
    first, last = _days(contest_round, now)
    approved = ItemVersion.status == Status.APPROVED
    return (approved, ItemVersion.part == BankPart.EXAM, pools.valid_on(first, last))


def _days(contest_round: Round, now: int) -> tuple[date, date]:
    window = contest_round.window
    return (day_of(window.opens_at), day_of(window.closes_at)) if window else (day_of(now), day_of(now))


def of_round(contest_round: Round, part: str = "", group: str | None = None) -> list[Lot]:
    """Return the packages of a round, or of a part and group of it, by number, with who drew them."""
    query = select(Lot).where(Lot.round_id == contest_round.id)
    if part:
        query = query.where(Lot.part == part)
    if group is not None:
        query = query.where(Lot.ranking_group == group)
    drawn = joinedload(Lot.performance).joinedload(Performance.entry).joinedload(Entry.person)
    query = query.options(drawn, joinedload(Lot.void_entry).joinedload(Entry.person))
    return list(db.session.scalars(query.order_by(Lot.part, Lot.ranking_group, Lot.number)))


def with_questions(lots: Sequence[Lot]) -> Sequence[Lot]:
    """Return packages with their questions read, in two statements however many they are."""
    ids = [lot.id for lot in lots]
    items = selectinload(Lot.items).joinedload(LotItem.version).joinedload(ItemVersion.document)
    query = select(Lot).where(Lot.id.in_(ids)).options(items)
    db.session.scalars(query.execution_options(populate_existing=True)).all()
    return lots


def is_used(lot: Lot) -> bool:
    """Tell whether a package was drawn, even if that draw was taken back."""
    return lot.void_at is not None or lot.performance is not None


def make(
    contest_round: Round,
    part: str,
    group: str,
    lines: Sequence[Line],
    packages: int,
    seed: str,
    actor: Actor,
    now: int,
) -> list[Lot]:
    """Make the packages of a part and group, in place of those made before.

    Raise DraftRefused with what is wrong or too few, AlreadyDone once one of them was drawn.
    """
    panels.judged_part(contest_round, part)
    if group not in panels.groups_of(contest_round):
        raise RuleBroken(N_("Vòng thi này không có khối ấy."))
    hold(contest_round)
    old = of_round(contest_round, part, group)
    if any(is_used(lot) for lot in old):
        raise AlreadyDone(N_("Đã có gói câu hỏi được bốc nên không lập lại được nữa."))
    wrong = rule.faults(lines, packages)
    pool = [] if wrong else pool_for(contest_round, part, group, now)
    wrong += too_few(contest_round, lines, pool, packages, now) if not wrong else []
    if wrong:
        raise DraftRefused(wrong)
    for lot in old:
        db.session.delete(lot)
    db.session.flush()
    made = [
        lot_of(contest_round, part, group, number, versions)
        for number, versions in enumerate(rule.packages_of(lines, pool, packages, seed), start=1)
    ]
    db.session.add_all(made)
    db.session.flush()
    audit.record(
        actor, "lots.make", contest_round, now, contest_round.unit.path,
        part=part, ranking_group=group, count=packages, items=sum(line.count for line in lines), seed=seed,
    )  # fmt: skip
    return made


def lot_of(contest_round: Round, part: str, group: str, number: int, versions: Sequence[int]) -> Lot:
    """Return a new package of a part and group, with these questions in their order."""
    items = [LotItem(place=place, version_id=version) for place, version in enumerate(versions, start=1)]
    return Lot(round_id=contest_round.id, part=part, ranking_group=group, number=number, items=items)


def pool_for(contest_round: Round, part: str, group: str, now: int) -> list[Question]:
    """Return the questions a package may hold: none that this group meets in another part."""
    used = select(LotItem.version_id, Lot.part, Lot.ranking_group).join(Lot, Lot.id == LotItem.lot_id)
    elsewhere = [
        (version, own_part, own_group)
        for version, own_part, own_group in db.session.execute(used.where(Lot.round_id == contest_round.id))
        if (own_part, own_group) != (part, group)
    ]
    met = {version for version, _part, own in elsewhere if own in ("", group) or group == ""}
    seen = {version for version, _part, _own in elsewhere} - met
    query = (
        select(ItemVersion.id, ItemVersion.kind, ItemVersion.level, Bank.code)
        .join(Item, Item.current_id == ItemVersion.id)
        .join(Bank, Bank.id == Item.bank_id)
        .join(Document, Document.id == ItemVersion.document_id)
        .where(*_usable(contest_round, now))
    )
    return [
        Question(version, source_key(bank, kind is Kind.ORAL), str(level), version in seen)
        for version, kind, level, bank in db.session.execute(query)
        if version not in met
    ]


def too_few(
    contest_round: Round, lines: Sequence[Line], pool: list[Question], packages: int, now: int
) -> list[Problem]:
    """Return, line by line, what there are too few questions for."""
    titles = {one.key: one.title for one in sources_of(contest_round, now)}
    return [
        Problem(
            TOO_FEW,
            {
                "source": titles.get(line.source, line.source),
                "there": there,
                "needed": line.count * packages,
                "packages": packages,
            },
        )
        for line, there in rule.lacking(lines, pool, packages)
    ]


def hold(contest_round: Round) -> None:
    """Make whoever draws or makes packages of this round wait for one another."""
    db.session.refresh(contest_round, with_for_update={"key_share": True, "of": Round})


# --- drawing ------------------------------------------------------------------------------------------------------


def offered_to(performance: Performance) -> list[Lot]:
    """Return the packages that a contestant may draw from, drawn or not: those of the group, else those for all."""
    found = of_round(performance.round, performance.part)
    own = [lot for lot in found if lot.ranking_group == performance.entry.ranking_group]
    return own or [lot for lot in found if lot.ranking_group == ""]


def draw(performance: Performance, number: int | None, seed: str, actor: Actor, now: int) -> Lot:
    """Give a contestant the package of the number drawn by hand, or for None the one that `seed` draws, and return it.

    Raise AlreadyDone for who has one, RuleBroken when that number is gone, none is left or the turn is over.
    """
    hold(performance.round)
    performances.lock(performance)
    if performance.lot_id is not None:
        raise AlreadyDone(N_("Thí sinh này đã bốc gói câu hỏi."))
    if performances.stage_of(performance) in (OnStage.DONE, OnStage.ABSENT):
        raise RuleBroken(N_("Lượt thi này đã kết thúc nên không bốc gói câu hỏi nữa."))
    free = {lot.number: lot for lot in offered_to(performance) if not is_used(lot)}
    chosen = rule.picked(free, seed) if number is None else number
    if chosen not in free:
        raise RuleBroken(N_("Gói số %(number)d đã được bốc hoặc không có. Hãy chọn số khác."), number=chosen)
    performance.lot, performance.lot_drawn_at, performance.lot_shown = free[chosen], now, 0
    how = {"seed": seed, "free": sorted(free)} if number is None else {}
    performances.record(performance, "performance.lot", actor, now, lot=chosen, **how)
    return free[chosen]


def take_back(performance: Performance, reason: str, actor: Actor, now: int) -> None:
    """Take a draw back, with a reason: the package stays used, and the contestant may draw another.

    Raise AlreadyDone when there is none, RuleBroken without a reason and once the points were checked.
    """
    hold(performance.round)
    performances.lock(performance)
    lot = performance.lot
    if lot is None:
        raise AlreadyDone(N_("Thí sinh này chưa có gói câu hỏi."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do hủy lần bốc."))
    performances.check_open(performance)
    lot.void_at, lot.void_reason, lot.void_entry_id = now, reason.strip()[:300], performance.entry_id
    performance.lot, performance.lot_drawn_at, performance.lot_shown = None, None, 0
    performances.record(
        performance, "performance.lot_back", actor, now, lot=lot.number, reason=lot.void_reason
    )


def show(performance: Performance, place: int, actor: Actor, now: int) -> None:
    """Show one question of the package drawn on the hall's screen, or none for 0.

    Raise RuleBroken before the contestant was called and for a question that is not there.
    """
    performances.lock(performance)
    lot = performance.lot
    if place and (lot is None or not 1 <= place <= len(lot.items)):
        raise RuleBroken(N_("Gói câu hỏi không có câu này."))
    if place and performance.called_at is None:
        raise RuleBroken(N_("Hãy gọi thí sinh lên sân khấu rồi chiếu câu hỏi."))
    performance.lot_shown = place
    performances.record(performance, "performance.question", actor, now, question=place)
