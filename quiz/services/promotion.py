"""Giving entries in the next round to those above the cut; each points at the result that earned it."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core import promotion as rule
from quiz.core.errors import N_, RuleBroken
from quiz.core.promotion import Decision, Method, Promotion, Won
from quiz.core.ranking import Standing
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Edition, Entry, Result, Round, RoundUnit, Stage, Successor, TieDecision
from quiz.services import audit, awards, people, performances, places
from quiz.services.audit import Actor
from quiz.services.contests import lock, rules_of
from quiz.services.results import FINAL, all_of, final_of
from quiz.services.standings import Line, explanation_from_dict, scope_name

LIST_OPEN = N_("Danh sách giải chưa chốt nên chưa biết ai đi tiếp theo giải. Hãy chốt danh sách giải trước.")
NOT_COVERED = N_(
    "%(cell)s không thuộc phạm vi của %(round)s nên không gọi người này vào thay được. Hãy đăng ký người thay ở danh"
    " sách thí sinh của vòng đó và ghi lý do."
)


def promotion_of(edition: Edition) -> Promotion:
    """Return who goes on from a published edition under its rules and the decisions taken so far."""
    results = all_of(edition)
    rules = rules_of(edition.round)
    standings = [
        Standing(r.entry_id, r.rank, r.points, explanation_from_dict(r.explanation)) for r in results
    ]
    won = awards.closed_prizes_of(edition) if rules.quota.method is Method.PRIZE else None
    return rule.promoted(standings, scopes_of(edition.round_id, rules), rules.quota, _decisions(edition), won)


def waits_for_prizes(edition: Edition) -> bool:
    """Tell whether nobody can go on yet because that follows from prizes whose list is still open."""
    by_prize = rules_of(edition.round).quota.method is Method.PRIZE
    return by_prize and awards.list_of(edition) is None


def prizes_counting(edition: Edition) -> dict[int, tuple[str, ...]]:
    """Return the prizes by which entries of an edition go on; empty where they do not go on by prizes, or not yet."""
    quota = rules_of(edition.round).quota
    if quota.method is not Method.PRIZE:
        return {}
    return rule.by_prize(quota, awards.closed_prizes_of(edition) or {})


def outlook(contest_round: Round, lines: Iterable[Line], won: Won) -> Promotion:
    """Return who would go on from a ranking that is not published, with the prizes it would bring.

    Decisions on the final one count where they are about the very same equals.
    """
    rules, final = rules_of(contest_round), final_of(contest_round.id)
    standings = [Standing(line.entry.id, line.rank, line.points, line.explanation) for line in lines]
    scopes = scopes_of(contest_round.id, rules)
    ranks = {one.entry: one.rank for one in standings}
    kept = rule.kept(_decisions(final), ranks_of(all_of(final)), ranks, scopes) if final else {}
    return rule.promoted(standings, scopes, rules.quota, kept, won)


def ranks_of(lines: Iterable[Result]) -> dict[int, int]:
    """Return the rank of each entry in the lines of an edition."""
    return {line.entry_id: line.rank for line in lines}


def scopes_of(round_id: int, rules: Rules) -> dict[int, str]:
    """Return by entry within what its rank counts, of those who have not withdrawn."""
    query = (
        select(Entry)
        .where(Entry.round_id == round_id, Entry.withdrawn_at.is_(None))
        .options(joinedload(Entry.scope))
    )
    return {entry.id: scope_name(entry, rules.quota.scope) for entry in db.session.scalars(query)}


def _decisions(edition: Edition) -> dict[tuple[str, int], Decision]:
    standing = select(TieDecision).where(
        TieDecision.edition_id == edition.id, TieDecision.taken_back_at.is_(None)
    )
    rows = db.session.scalars(standing)
    return {
        (row.scope, row.rank): Decision(row.way, tuple(row.chosen), row.seed, scores_of(row)) for row in rows
    }


def scores_of(row: TieDecision) -> dict[int, int]:
    """Return the points (hundredths) of each entry on extra questions."""
    return {int(key): points for key, points in (row.scores or {}).items()}


def promote(edition: Edition, actor: Actor, now: int) -> list[Entry]:
    """Enter everybody who goes on into the next round and return the new entries; the same again adds nobody.

    Raise RuleBroken when the edition is not final, a tie at the cut or the list of the prizes that count is open, or
    there is no next round to enter.
    """
    lock(edition.round.stage)  # whom a decision sends on is not taken back meanwhile
    check_final(edition)
    if waits_for_prizes(edition):
        raise RuleBroken(LIST_OPEN)
    outcome = promotion_of(edition)
    if outcome.ties:
        raise RuleBroken(N_("Có người bằng nhau ở ranh giới. Hãy quyết định trường hợp đó trước."))
    if rules_of(edition.round).quota.method is Method.MANUAL:
        raise RuleBroken(N_("Vòng này do cấp ủy lựa chọn. Hãy đánh dấu những người được chọn."))
    why = {key: "; ".join(names) for key, names in prizes_counting(edition).items()}
    return _enter(edition, outcome.chosen, "promoted", actor, now, why)


def pick(edition: Edition, entry_ids: Iterable[int], reason: str, actor: Actor, now: int) -> list[Entry]:
    """Enter those the committee picked by hand, with its reason; raise RuleBroken where rules choose instead."""
    lock(edition.round.stage)
    check_final(edition)
    if rules_of(edition.round).quota.method is not Method.MANUAL:
        raise RuleBroken(N_("Vòng này chọn người theo xếp hạng, không chọn bằng tay."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do hoặc số văn bản cử người đi tiếp."))
    keys = tuple(entry_ids)
    return _enter(edition, keys, "picked", actor, now, dict.fromkeys(keys, reason))


def enter_reserve(
    edition: Edition, key: int, contest_round: Round, reason: str, actor: Actor, now: int
) -> Entry:
    """Enter the reserve that stands as entry `key` in an edition into a later round and return the entry: a new one, or
    one withdrawn before, standing again; whether that is right is the caller's to know."""
    (entry,) = _enter(edition, (key,), "reserve", actor, now, {key: reason}, contest_round)
    return entry


def is_last_stage(edition: Edition) -> bool:
    """Tell whether the contest has no stage after the one of this edition: nobody can be entered anywhere."""
    stage = edition.round.stage
    later = select(Stage.id).where(Stage.contest_id == stage.contest_id, Stage.ordinal == stage.ordinal + 1)
    return db.session.scalar(later.limit(1)) is None


def next_round_of(edition: Edition, entry: Entry) -> Round | None:
    """Return the round of the next stage that covers the cell of `entry`, if there is one."""
    stage = edition.round.stage
    query = (
        select(Round, RoundUnit.unit_id)
        .join(Stage).join(RoundUnit, RoundUnit.round_id == Round.id)
        .where(Stage.contest_id == stage.contest_id, Stage.ordinal == stage.ordinal + 1)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    return next((found for place in _places_of(entry) for found, key in rows if f"/{key}/" in place), None)


def promoted_from(edition: Edition) -> list[Entry]:
    """Return the entries in later rounds that a result of this round has earned, of whatever edition."""
    query = (
        select(Entry)
        .join(Result, Entry.result_id == Result.id)
        .join(Edition, Edition.id == Result.edition_id)
        .where(Edition.round_id == edition.round_id)
        .order_by(Result.position)
        .options(joinedload(Entry.person), joinedload(Entry.unit), joinedload(Entry.round))
    )
    return list(db.session.scalars(query))


def check_final(edition: Edition) -> None:
    """Raise RuleBroken unless an edition is final and nothing was published in its place."""
    if edition.kind != FINAL:
        raise RuleBroken(N_("Chỉ chọn người đi tiếp từ kết quả chính thức. Hãy công bố chính thức trước."))
    if edition.replaced_by is not None:
        raise RuleBroken(N_("Kết quả này đã được thay bằng lần công bố sau. Hãy chọn người từ lần sau."))


def _enter(
    edition: Edition, chosen: tuple[int, ...], origin: str, actor: Actor, now: int, reasons: Mapping[int, str],
    target: Round | None = None,
) -> list[Entry]:  # fmt: skip
    results = {result.entry_id: result for result in all_of(edition)}
    entered = []
    for key in chosen:
        if key not in results:
            raise RuleBroken(N_("Có người không thuộc bảng kết quả này. Hãy tải lại trang rồi chọn lại."))
        entry = _enter_one(edition, results[key], origin, target, actor, now, reasons.get(key, ""))
        if entry is not None:
            entered.append(entry)
    return entered


def _enter_one(
    edition: Edition, result: Result, origin: str, target: Round | None, actor: Actor, now: int, reason: str
) -> Entry | None:
    earlier = result.entry
    contest_round = target or next_round_of(edition, earlier)
    if contest_round is None:
        raise RuleBroken(
            N_("Chưa có vòng sau cho %(name)s. Hãy tạo vòng thi cấp trên trước."), name=result.name_and_cell
        )
    there = select(Entry).where(Entry.round_id == contest_round.id, Entry.person_id == earlier.person_id)
    entry = db.session.scalar(there)
    if entry is not None and (
        entry.withdrawn_at is None or not (origin == "reserve" or was_sent_back(entry))
    ):
        return None
    if contest_round.opened_at is not None and origin != "reserve":
        raise RuleBroken(N_("Vòng sau đã mở nên không thêm người được nữa. Hãy báo Ban Tổ chức cấp trên."))
    if (barred := people.barred_reason(earlier.person)) is not None:
        raise RuleBroken(barred, name=result.name_and_cell)
    entry = entry or _new_entry(contest_round, earlier, now)
    entry.withdrawn_at, entry.withdrawn_reason = None, ""
    entry.origin, entry.result_id = origin, result.id
    db.session.flush()
    path = contest_round.unit.path
    audit.record(
        actor, f"entry.{origin}", entry, now, path, name=result.name, result=result.id, reason=reason
    )
    performances.add_late_entries([entry], actor, now)
    return entry


def was_sent_back(entry: Entry) -> bool:
    """Tell whether a withdrawn entry is that of a reserve whose call was undone, who may be entered again."""
    is_reserve = entry.origin == "reserve" and entry.withdrawn_at is not None
    return is_reserve and db.session.get(Successor, entry.id) is None


def _new_entry(contest_round: Round, earlier: Entry, now: int) -> Entry:
    covering = _covering(contest_round, earlier)
    entry = Entry(
        round=contest_round, person=earlier.person, unit=earlier.unit, scope=covering.unit,
        cluster=covering.cluster, ranking_group=earlier.unit.ranking_group, created_at=now,
    )  # fmt: skip
    db.session.add(entry)
    return entry


def _covering(contest_round: Round, earlier: Entry) -> RoundUnit:
    for place in _places_of(earlier):
        for scope in contest_round.scopes:
            if f"/{scope.unit_id}/" in place:
                return scope
    raise RuleBroken(NOT_COVERED, cell=earlier.unit.title, round=contest_round.name)


def _places_of(entry: Entry) -> Iterator[str]:
    """Yield where the cell of an entry stands, then where it stood when its round ended: a round to come goes by the
    first that it covers."""
    yield entry.unit.path
    yield places.paths([entry])[entry.id]
