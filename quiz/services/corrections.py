"""Putting a wrong key right: seeing first what it changes, asking, and marking every paper with the item again (R54).

A key is the same for everybody who sat it, so a correction holds for all rounds of the contest that drew the item.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from quiz.core import corrections as rule
from quiz.core.approvals import Act
from quiz.core.corrections import Policy, Ruling
from quiz.core.errors import N_, RuleBroken
from quiz.core.items import Kind
from quiz.core.marking import Marks
from quiz.extensions import db
from quiz.models import (
    Approval,
    Attempt,
    Contest,
    Correction,
    Entry,
    Item,
    ItemVersion,
    Round,
    RoundCorrection,
    RoundItem,
    RoundStatistic,
    Stage,
    VoidedAttempt,
)
from quiz.services import approvals, audit, effects, marking, mending, papers
from quiz.services.audit import Actor
from quiz.services.effects import Effect
from quiz.services.standings import Otherwise

FOUND = 20  # questions shown for a search


def find(contest_round: Round, text: str, now: int) -> list[ItemVersion]:
    """Return the questions of a round's pool whose code begins so, at most FOUND; none while one may still come."""
    query = (
        select(ItemVersion)
        .join(RoundItem, RoundItem.version_id == ItemVersion.id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(RoundItem.round_id == contest_round.id, Item.code.istartswith(text.strip(), autoescape=True))
        .options(joinedload(ItemVersion.item))
        .order_by(Item.code)
        .limit(FOUND)
    )
    return [version for version in db.session.scalars(query) if not waiting_for(version.id, now)]


def version_in(contest_round: Round, version_id: int) -> ItemVersion | None:
    """Return an item version if the pool of a round holds it."""
    found = db.session.get(RoundItem, (contest_round.id, version_id)) if 0 < version_id < 2**31 else None
    return db.session.get(ItemVersion, version_id) if found else None


def waiting_for(version_id: int, now: int) -> list[Round]:
    """Return the rounds, of whatever contest, that hold an item in any version and are not over.

    Until then its key is not told.
    """
    item = select(ItemVersion.item_id).where(ItemVersion.id == version_id).scalar_subquery()
    query = (
        select(Round)
        .join(RoundItem, RoundItem.round_id == Round.id)
        .join(ItemVersion, ItemVersion.id == RoundItem.version_id)
        .where(
            ItemVersion.item_id == item, Round.closes_at > now,
            or_(Round.closed_at.is_(None), Round.closed_at > now),
        )
        .order_by(Round.closes_at, Round.id)
    )  # fmt: skip
    return list(db.session.scalars(query))


def rounds_with(contest: Contest, version_id: int) -> list[Round]:
    """Return the rounds of a contest whose papers may hold an item, in the order they were held."""
    query = (
        select(Round)
        .join(RoundItem, RoundItem.round_id == Round.id)
        .join(Stage, Stage.id == Round.stage_id)
        .where(Stage.contest_id == contest.id, RoundItem.version_id == version_id)
        .options(joinedload(Round.unit))
        .order_by(Stage.ordinal, Round.opens_at, Round.id)
    )
    return list(db.session.scalars(query))


def of_contest(contest: Contest) -> list[Correction]:
    """Return what was put right in a contest, the newest first."""
    query = (
        select(Correction)
        .where(Correction.contest_id == contest.id)
        .options(
            joinedload(Correction.version).joinedload(ItemVersion.item),
            joinedload(Correction.approval).joinedload(Approval.asked_by),
            joinedload(Correction.approval).joinedload(Approval.decided_by),
            selectinload(Correction.rounds),
        )
        .order_by(Correction.id.desc())
    )
    return list(db.session.scalars(query))


def last_of(contest: Contest, version: ItemVersion) -> Correction | None:
    """Return the ruling on a version that counts in a contest, None when nobody ruled on it."""
    query = select(Correction).where(Correction.contest_id == contest.id, Correction.version_id == version.id)
    return db.session.scalar(query.order_by(Correction.id.desc()).limit(1))


def preview(contest: Contest, version: ItemVersion, ruling: Ruling, now: int) -> list[Effect]:
    """Return what a ruling would change in each round of the contest, those with changes first; nothing is stored.

    Raise RuleBroken when the ruling does not fit the item, or a round that holds it is not over.
    """
    _check(version, ruling, now)
    found = [
        _effect(contest_round, version.id, ruling)[0] for contest_round in rounds_with(contest, version.id)
    ]
    return sorted(found, key=lambda effect: (not effect.changes, effect.round.id))


def _check(version: ItemVersion, ruling: Ruling, now: int) -> None:
    rule.check_ruling(ruling, version.key, len(version.options), version.kind is Kind.MULTIPLE)
    waiting = waiting_for(version.id, now)
    if waiting:
        raise RuleBroken(
            N_(
                "Câu này còn trong đề của vòng chưa kết thúc: %(round)s. Hãy chờ vòng ấy kết thúc, "
                "hoặc hủy vòng ấy nếu chưa thi, rồi sửa đáp án."
            ),
            round=waiting[0].name,
        )
    unfinished = select(Attempt.id).join(RoundItem, RoundItem.round_id == Attempt.round_id).where(
        RoundItem.version_id == version.id, Attempt.submitted_at.is_(None)
    )  # fmt: skip
    if db.session.scalar(unfinished.limit(1)) is not None:
        raise RuleBroken(N_("Còn bài chưa nộp hoặc bài giấy chưa nhập xong. Hãy hoàn tất rồi sửa đáp án."))


def _effect(contest_round: Round, version_id: int, ruling: Ruling) -> tuple[Effect, dict[Attempt, Marks]]:
    """Return what a ruling changes in one round, and the new marks of the papers with the item."""
    touched = _papers_with(contest_round.id, version_id)
    pool = papers.pool_of(contest_round)
    rulings = marking.rulings_of(contest_round.id) | {version_id: ruling}
    choices = marking.choices_of(attempt.id for attempt in touched)
    marks = {attempt: marking.marks_of(attempt, pool, choices[attempt.id], rulings) for attempt in touched}
    otherwise = Otherwise({attempt.id: new for attempt, new in marks.items()})
    return effects.effect_of(contest_round, len(touched), otherwise), marks


def _papers_with(round_id: int, version_id: int) -> list[Attempt]:
    query = select(Attempt).where(
        Attempt.round_id == round_id, Attempt.submitted_at.is_not(None),
        Attempt.paper.contains(f"[{version_id},["),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(Attempt.id)))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ruling worked out before anybody has to wait: what it changes in short, from which state, and the new marks.

    `rows` are by round what its attempts with the item will hold, `changed` how many of them get other points.
    """

    seen: str
    state: str
    rows: Mapping[int, list[dict[str, Any]]]
    changed: Mapping[int, int]


def prepare(contest: Contest, version: ItemVersion, ruling: Ruling, now: int) -> Prepared:
    """Work out a ruling in all rounds of the contest; only reads. Raise RuleBroken as `preview` does."""
    _check(version, ruling, now)
    rounds = rounds_with(contest, version.id)
    state = _state_of(rounds)
    found = {contest_round.id: _effect(contest_round, version.id, ruling) for contest_round in rounds}
    return Prepared(
        seen=effects.digest_of(effect for effect, _new in found.values()),
        state=state,
        rows={key: [_row(*pair) for pair in marks.items()] for key, (_seen, marks) in found.items()},
        changed={
            key: sum(list(new.points) != attempt.marks for attempt, new in marks.items())
            for key, (_seen, marks) in found.items()
        },
    )


def _row(attempt: Attempt, marks: Marks) -> dict[str, Any]:
    values = (attempt.values or {}) | marking.values_of(marks)
    points = {"raw_score": marks.raw_score, "max_score": marks.max_score, "marks": list(marks.points)}
    return {"id": attempt.id, "values": values} | points


def _state_of(rounds: Iterable[Round]) -> str:
    """Return what tells whether the papers of these rounds are still those that were looked at."""
    ids = [contest_round.id for contest_round in rounds]
    standing = (Attempt.round_id.in_(ids), Attempt.submitted_at.is_not(None))
    totals = select(func.count(), func.sum(Attempt.raw_score), func.max(Attempt.id)).where(*standing)
    withdrawn = select(func.count()).where(Entry.round_id.in_(ids), Entry.withdrawn_at.is_not(None))
    rulings = select(func.max(RoundCorrection.correction_id)).where(RoundCorrection.round_id.in_(ids))
    voided = select(func.count()).select_from(VoidedAttempt)
    found = [tuple(db.session.execute(query).one()) for query in (totals, withdrawn, rulings, voided)]
    return repr(found)


def ask(
    contest: Contest, version: ItemVersion, ruling: Ruling, reason: str, actor: Actor, now: int,
    prepared: Prepared | None = None,
) -> Approval:  # fmt: skip
    """Ask a second person to let a ruling take effect as it was seen; raise RuleBroken as `preview` does."""
    ready = prepared or prepare(contest, version, ruling, now)
    payload = {
        "contest_id": contest.id, "version_id": version.id, "policy": ruling.policy.value,
        "key": list(ruling.key), "seen": ready.seen,
    }  # fmt: skip
    subject = f"correction:{contest.id}.{version.id}"
    return approvals.ask(Act.CORRECT_KEY, subject, contest.unit, payload, reason, actor, now)


def waiting(contest: Contest, version: ItemVersion) -> Approval | None:
    """Return the request about this item that waits for a second person, if any."""
    return approvals.open_on(f"correction:{contest.id}.{version.id}", Act.CORRECT_KEY)


def asked_for(approval: Approval) -> tuple[Contest, ItemVersion, Ruling]:
    """Return what a request is about; once it is done the correction itself says it, wherever it was restored."""
    done = db.session.scalar(select(Correction).where(Correction.approval_id == approval.id))
    if done is not None:
        return done.contest, done.version, Ruling(done.policy, tuple(done.key))
    payload = approval.payload
    contest = db.session.get_one(Contest, payload["contest_id"])
    version = db.session.get_one(ItemVersion, payload["version_id"])
    return contest, version, Ruling(Policy(payload["policy"]), tuple(payload["key"]))


def correct(approval: Approval, actor: Actor, now: int, prepared: Prepared | None = None) -> Correction:
    """Put a key right as two people agreed: mark again, publish anew where something is out, mend the bank.

    What is `prepared` is only written down. Raise RuleBroken when what it changes is no longer what was asked for.
    """
    contest, version, ruling = asked_for(approval)
    rounds = rounds_with(contest, version.id)
    _lock(rounds)
    ready = prepared or prepare(contest, version, ruling, now)
    if ready.seen != approval.payload["seen"] or ready.state != _state_of(rounds):
        raise RuleBroken(
            N_("Bài thi hoặc bảng xếp hạng đã thay đổi sau khi đề nghị. Hãy không duyệt và đề nghị lại.")
        )
    correction = Correction(
        contest=contest, version=version, policy=ruling.policy, key=list(ruling.key), old_key=list(version.key),
        reason=approval.reason, approval=approval, made_at=now,
    )  # fmt: skip
    db.session.add(correction)
    db.session.flush()
    for contest_round in rounds:
        _mark_again(contest_round, correction, ready, actor, now)
    mending.mend(version, ruling, approval, actor, now)
    return correction


def _lock(rounds: Sequence[Round]) -> None:
    ids = sorted(contest_round.id for contest_round in rounds)
    db.session.execute(select(Round.id).where(Round.id.in_(ids)).order_by(Round.id).with_for_update())


def _mark_again(
    contest_round: Round, correction: Correction, ready: Prepared, actor: Actor, now: int
) -> None:
    rows, changed = ready.rows[contest_round.id], ready.changed[contest_round.id]
    kept = RoundCorrection(round=contest_round, correction=correction, papers=len(rows), changed=changed)
    db.session.add(kept)
    # Figures of its items rest on the marks: whoever counts next counts the round anew.
    db.session.execute(delete(RoundStatistic).where(RoundStatistic.round_id == contest_round.id))
    db.session.flush()
    if rows:
        db.session.execute(update(Attempt), rows)
        db.session.expire_all()  # attempts read before hold the old marks
    asker = Actor(correction.approval.asked_by_id)
    edition = effects.republish(contest_round, correction.reason, correction.approval, asker, now)
    facts = {"item": correction.version.item.code, "policy": correction.policy.value, "papers": len(rows)}
    facts |= {"changed": changed, "edition": edition.number if edition else None}
    audit.record(actor, "round.correct", contest_round, now, contest_round.unit.path, **facts)
