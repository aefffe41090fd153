"""What the board decides about prizes before the list is closed: withheld, settled, given by hand, passed over.

Each decision has its reason, can be taken back while the list is open, and stands in the audit record either way.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from quiz.core import awards as rule
from quiz.core.awards import BoardAct, BoardSays, Line, Outcome, PrizeTie
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.prizes import Kind, Measure, Merit, PrizeTable
from quiz.extensions import db
from quiz.models import AwardDecision, Edition, Result, Unit
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.award_figures import teams_of
from quiz.services.award_lists import check_open
from quiz.services.awards import decisions_of, key_of, outcome_of, says_of, table_of

GONE = N_("Giải này không còn trong danh sách. Hãy tải lại trang.")


def open_ties(edition: Edition) -> dict[str, PrizeTie]:
    """Return the ties at the lines of prizes still to settle, by the text that names prize and scope."""
    return {key_of(tie.prize, tie.scope): tie for tie in outcome_of(edition).ties}


def withhold(edition: Edition, key: str, number: int, reason: str, actor: Actor, now: int) -> AwardDecision:
    """Give that many fewer of a prize in one scope, to nobody else either; raise RuleBroken when there are fewer."""
    check_open(edition)
    line = _line(edition, key)
    free = line.places - line.absorbed
    if not free:
        raise RuleBroken(N_("Giải này không có suất nào để trao, nên không cần quyết định không trao."))
    if not 1 <= number <= free:
        raise RuleBroken(N_("Số giải không trao phải từ 1 đến %(places)d."), places=free)
    return _keep(edition, BoardAct.WITHHOLD, reason, actor, now, line.prize, line.scope, number=number)


def settle(
    edition: Edition, key: str, chosen: tuple[int, ...], reason: str, actor: Actor, now: int
) -> AwardDecision:
    """Say who of a tie gets the prize: some of them, or all to share it; raise RuleBroken if that does not fit."""
    check_open(edition)
    tie = open_ties(edition).get(key)
    if tie is None:
        raise AlreadyDone(N_("Trường hợp bằng nhau này đã được quyết định."))
    rule.check_settled(tie, chosen)
    unfit = select(AwardDecision).where(  # a decision that something decided later has made unfit
        AwardDecision.edition_id == edition.id, AwardDecision.act == BoardAct.SETTLE,
        AwardDecision.prize == tie.prize, AwardDecision.scope == tie.scope,
    )  # fmt: skip
    for row in db.session.scalars(unfit):
        db.session.delete(row)
    db.session.flush()
    return _keep(edition, BoardAct.SETTLE, reason, actor, now, tie.prize, tie.scope, chosen=chosen)


def give(edition: Edition, prize: str, key: int, reason: str, actor: Actor, now: int) -> AwardDecision:
    """Give a prize by hand to an entry, or to a unit when it is a collective one.

    It stands beside the places of the table, or fills one where the table leaves the winners to the board. Raise
    RuleBroken for somebody who has it already or was passed over, or when no such place is left.
    """
    check_open(edition)
    table = table_of(edition)
    kind = table.kind_of(prize)
    if kind is None:
        raise RuleBroken(GONE)
    _check_known(edition, kind, key)
    check_giving(table, says_of(edition), outcome_of(edition), prize, key)
    return _keep(edition, BoardAct.GIVE, reason, actor, now, prize, key=key)


def check_giving(table: PrizeTable, says: BoardSays, outcome: Outcome, prize: str, key: int) -> None:
    """Raise RuleBroken or AlreadyDone where a prize of the table cannot be given to `key` by hand."""
    lines = [line for line in outcome.lines if line.prize == prize]
    if any(winner.key == key for line in lines for winner in line.winners):
        raise AlreadyDone(N_("Người hoặc tập thể này đã có tên ở giải đó."))
    kind, others = table.kind_of(prize), (row.name for row in table.prizes if row.name != prize)
    if kind is Kind.MAIN and any(key in says.given.get(other, ()) for other in others):
        raise RuleBroken(N_("Người này đã được trao một giải khác. Mỗi người chỉ nhận một giải chính."))
    if kind is not Kind.COLLECTIVE and key in says.passed_over:
        raise RuleBroken(N_("Người này đang ở mục không xét giải. Hãy bỏ quyết định đó trước."))
    if _is_by_hand(table, prize) and not any(line.unfilled for line in lines):
        raise RuleBroken(N_("Giải này đã trao đủ số. Hãy bỏ một người trước, hoặc chọn giải khác."))


def pass_over(edition: Edition, entry_id: int, reason: str, actor: Actor, now: int) -> AwardDecision:
    """Let an entry win nothing; whoever stands behind moves up."""
    check_open(edition)
    _check_known(edition, Kind.MAIN, entry_id)
    check_passing_over(table_of(edition), says_of(edition), entry_id)
    return _keep(edition, BoardAct.PASS_OVER, reason, actor, now, key=entry_id)


def check_passing_over(table: PrizeTable, says: BoardSays, entry_id: int) -> None:
    """Raise RuleBroken where an entry has been given a prize by hand, so that it cannot be passed over."""
    people = (keys for name, keys in says.given.items() if table.kind_of(name) is not Kind.COLLECTIVE)
    if any(entry_id in keys for keys in people):
        raise RuleBroken(
            N_("Người này đang được trao giải theo quyết định riêng. Hãy bỏ quyết định đó trước.")
        )


def take_back(decision: AwardDecision, actor: Actor, now: int) -> None:
    """Take a decision back while the list is open; what it changed is as before."""
    edition = db.session.get_one(Edition, decision.edition_id)
    check_open(edition)
    facts = {"act": decision.act.value, "prize": decision.prize, "reason": decision.reason}
    audit.record(actor, "awards.take_back", edition, now, edition.round.unit.path, **facts)
    db.session.delete(decision)
    db.session.flush()


def left_behind(edition: Edition) -> int:
    """Return how many decisions of the edition this one corrects could be taken over; 0 once there are any here."""
    if edition.replaces is None or decisions_of(edition):
        return 0
    return len(decisions_of(edition.replaces))


def carry_over(edition: Edition, actor: Actor, now: int) -> list[AwardDecision]:
    """Decide again what was decided about the edition this one corrects, as far as it still fits; return that."""
    check_open(edition)
    if not left_behind(edition) or edition.replaces is None:
        raise AlreadyDone(N_("Không còn quyết định nào của lần công bố trước để lấy lại."))
    kept = [_again(edition, one, actor, now) for one in sorted(decisions_of(edition.replaces), key=_turn)]
    return [one for one in kept if one is not None]


def _turn(decision: AwardDecision) -> tuple[bool, int]:
    """Ties are settled last: what else is decided says between whom they are."""
    return (decision.act is BoardAct.SETTLE, decision.id)


def _again(edition: Edition, one: AwardDecision, actor: Actor, now: int) -> AwardDecision | None:
    key = key_of(one.prize, one.scope)
    try:
        if one.act is BoardAct.WITHHOLD:
            return withhold(edition, key, one.number, one.reason, actor, now)
        if one.act is BoardAct.SETTLE:
            return settle(edition, key, tuple(one.chosen), one.reason, actor, now)
        if one.act is BoardAct.GIVE:
            return give(edition, one.prize, one.key, one.reason, actor, now)
        return pass_over(edition, one.key, one.reason, actor, now)
    except RuleBroken:  # the corrected ranking leaves nothing to decide there
        return None


def _is_by_hand(table: PrizeTable, prize: str) -> bool:
    special = any(row.name == prize and row.merit is Merit.BY_HAND for row in table.special)
    return special or any(row.name == prize and row.measure is Measure.BY_HAND for row in table.collective)


def _line(edition: Edition, key: str) -> Line:
    for line in outcome_of(edition).lines:
        if key_of(line.prize, line.scope) == key:
            return line
    raise RuleBroken(GONE)


def _check_known(edition: Edition, kind: Kind, key: int) -> None:
    """Raise RuleBroken unless the entry is ranked in the edition, or the unit is one its prizes compare."""
    if kind is Kind.COLLECTIVE:
        known = any(unit.id == key for unit in teams_of(edition.round))
    else:
        query = select(Result.id).where(Result.edition_id == edition.id, Result.entry_id == key)
        known = db.session.scalar(query) is not None
    if not known:
        raise RuleBroken(N_("Hãy chọn một người hoặc một đơn vị có trong bảng kết quả này."))


def _keep(
    edition: Edition, act: BoardAct, reason: str, actor: Actor, now: int, prize: str = "", scope: str = "",
    key: int = 0, number: int = 0, chosen: tuple[int, ...] = (),
) -> AwardDecision:  # fmt: skip
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do hoặc số biên bản của quyết định này."))
    decision = AwardDecision(
        edition_id=edition.id, act=act, prize=prize, scope=scope, key=key, number=number, chosen=list(chosen),
        reason=reason.strip()[:300], decided_at=now, decided_by_id=actor.account_id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(decision)
            db.session.flush()
    except IntegrityError:
        raise AlreadyDone(N_("Đã có quyết định này. Muốn đổi, hãy bỏ quyết định cũ trước.")) from None
    facts = {"prize": prize, "scope": scope, "whom": key, "count": number, "chosen": list(chosen)}
    said = {name: value for name, value in facts.items() if value}
    path = edition.round.unit.path
    audit.record(actor, f"awards.{act.value}", edition, now, path, reason=decision.reason, **said)
    return decision


def names_of(decision: AwardDecision) -> list[str]:
    """Return whom a decision names: people of the edition, or units."""
    edition = db.session.get_one(Edition, decision.edition_id)
    keys = (decision.key,) if decision.key else tuple(decision.chosen)
    return [name for _key, name in _named(edition, table_of(edition).kind_of(decision.prize), keys)]


def candidates_of(edition: Edition, tie: PrizeTie) -> list[tuple[int, str]]:
    """Return (key, words) of the equals of a tie, for the board to choose from."""
    return _named(edition, table_of(edition).kind_of(tie.prize), tie.among)


def _named(edition: Edition, kind: Kind | None, keys: tuple[int, ...]) -> list[tuple[int, str]]:
    if not keys:
        return []
    if kind is Kind.COLLECTIVE:
        units = select(Unit).where(Unit.id.in_(keys)).order_by(Unit.sort_key, Unit.id)
        return [(unit.id, unit.title) for unit in db.session.scalars(units)]
    people = select(Result).where(Result.edition_id == edition.id, Result.entry_id.in_(keys))
    ordered = db.session.scalars(people.order_by(Result.position))
    return [(one.entry_id, f"{one.name}, {one.cell_name}") for one in ordered]
