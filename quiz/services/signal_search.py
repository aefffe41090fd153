"""Looking for signs in the papers of a round: when the board asks, once the round is over (R30).

Looking only reads, so it can be done outside the turn to write; keeping what was found is short. It is refused while
anybody sits a paper, here or in another round (R27).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import selectinload

from quiz.core import signals as rules
from quiz.core.errors import N_, RuleBroken
from quiz.core.paper_entry import Medium
from quiz.core.shared_answers import Comparison, compare
from quiz.core.signals import Sign
from quiz.core.timing import MINUTE, Phase
from quiz.extensions import db
from quiz.models import Attempt, Round, Signal, SignalPaper, SignalReport, TimeGiven
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.signal_sources import SignIn, Sitting, sittings_of


@dataclass(frozen=True, slots=True)
class Found:
    """A sign before it is kept: its name within the round, what orders it, the numbers it tells, the attempts."""

    kind: Sign
    key: str
    strength: float
    facts: dict[str, Any]
    attempts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that looking brought: the signs, and how much there was to go by."""

    signs: list[Found]
    papers: int
    traced: int
    comparison: Comparison


def refusal(contest_round: Round, now: int) -> RuleBroken | None:
    """Return why signs may not be looked for now, None when they may."""
    if contest_round.phase_at(now) is not Phase.CLOSED:
        return RuleBroken(
            N_("Vòng thi chưa kết thúc nên chưa tìm dấu hiệu được. Hãy làm việc này sau giờ đóng.")
        )
    if sat_until() is not None:
        return RuleBroken(
            N_("Đang có người làm bài, ở vòng này hoặc vòng khác. Hãy tìm dấu hiệu khi mọi bài đã nộp.")
        )
    return None


def sat_until() -> int | None:
    """Return when the time of the last paper that is not handed in ends, None when nobody sits one."""
    on_device = (
        Attempt.medium == Medium.DEVICE
    )  # a paper waits for its answer sheet to be entered, however long
    return db.session.scalar(
        select(func.max(Attempt.deadline)).where(Attempt.submitted_at.is_(None), on_device)
    )


def look(contest_round: Round, now: int) -> Findings:
    """Return the signs in the papers of a round; nothing is written. Raise RuleBroken while anybody sits."""
    refused = refusal(contest_round, now)
    if refused is not None:
        raise refused
    sittings = sittings_of(contest_round)
    first = [sitting for sitting in sittings if sitting.is_first]
    comparison = _compare(first)
    granted = _granted(contest_round.id)
    signs = [
        *_wrong(comparison, {sitting.attempt_id: sitting for sitting in first}),
        *_shared(Sign.DEVICE, sittings),
        *(found for sitting in first for found in _hasty(sitting)),
        *(found for sitting in sittings for found in _in_turn(sitting)),
        *(found for sitting in sittings for found in _silent(sitting, granted.get(sitting.attempt_id, 0))),
        *(found for sitting in sittings for found in _away(sitting, granted.get(sitting.attempt_id, 0))),
        *_shared(Sign.NETWORK, sittings),
    ]
    traced = sum(any(sign_in.device for sign_in in sitting.sign_ins) for sitting in sittings)
    return Findings(signs, len(sittings), traced, comparison)


def _compare(first: list[Sitting]) -> Comparison:
    """Compare first attempts of different people below one unit; who sits again knows the questions."""
    groups: dict[int, list[int]] = defaultdict(list)
    for sitting in first:
        groups[sitting.group].append(sitting.attempt_id)
    return compare(groups, {sitting.attempt_id: sitting.wrong for sitting in first})


def _wrong(comparison: Comparison, sittings: Mapping[int, Sitting]) -> Iterable[Found]:
    for pair in comparison.pairs:
        wrong = sittings[pair.first].wrong
        facts = {
            "same": [[version, wrong[version]] for version in pair.same],
            "both": pair.both_wrong,
            "expected": pair.expected,
            "chance": pair.chance,
            "factor": comparison.factor,
        }
        key = f"wrong:{pair.first}-{pair.second}"
        yield Found(Sign.WRONG, key, 1 - pair.chance, facts, (pair.first, pair.second))


def _shared(kind: Sign, sittings: list[Sitting]) -> Iterable[Found]:
    left = [(_mark(kind, sign_in, sitting), sitting) for sitting in sittings for sign_in in sitting.sign_ins]
    people = rules.shared(((mark, sitting.person_id) for mark, sitting in left), rules.LEAST_PEOPLE[kind])
    papers: dict[str, dict[int, Sitting]] = defaultdict(dict)
    for mark, sitting in left:
        papers[mark][sitting.attempt_id] = sitting
    for mark, persons in people.items():
        found = papers[mark]
        facts = {"people": len(persons)}
        if kind is Sign.DEVICE:
            facts["apart"] = rules.apart((one.started_at, one.ended_at) for one in found.values())
        yield Found(kind, f"{kind}:{mark}", len(persons), facts, tuple(sorted(found)))


def _mark(kind: Sign, sign_in: SignIn, sitting: Sitting) -> str:
    """Return what is compared: a device wherever it was, a network only within a unit, for strangers share those."""
    if kind is Sign.DEVICE or not sign_in.network:
        return sign_in.device if kind is Sign.DEVICE else ""
    return f"{sign_in.network}:{sitting.group}"


def _hasty(sitting: Sitting) -> Iterable[Found]:
    haste = rules.haste(sitting.choices)
    if haste is not None:
        ahead = haste.needed - haste.since
        yield _of_one(Sign.SPEED, sitting, ahead, **haste._asdict())


def _in_turn(sitting: Sitting) -> Iterable[Found]:
    count = rules.returns(sitting.choices)
    if count >= rules.LEAST_RETURNS:
        devices = len({sign_in.device for sign_in in sitting.sign_ins} - {""})
        yield _of_one(Sign.TURNS, sitting, count, returns=count, devices=devices)


def _silent(sitting: Sitting, granted: int) -> Iterable[Found]:
    silence = rules.silence(sitting.choices, sitting.allowed)
    if silence is not None:
        yield _of_one(Sign.SILENCE, sitting, silence.length, granted=granted, **silence._asdict())


def _away(sitting: Sitting, granted: int) -> Iterable[Found]:
    used = sitting.ended_at - sitting.started_at
    if sitting.away is not None and rules.is_long_away(sitting.away, used):
        facts = {**sitting.away._asdict(), "used": used, "granted": granted}
        yield _of_one(Sign.AWAY, sitting, sitting.away.ms, **facts)


def _of_one(kind: Sign, sitting: Sitting, strength: float, **facts: int) -> Found:
    return Found(kind, f"{kind}:{sitting.attempt_id}", strength, facts, (sitting.attempt_id,))


def _granted(round_id: int) -> dict[int, int]:
    """Return the minutes given beyond the time by attempt: a power cut explains a silence."""
    given = func.sum(TimeGiven.deadline_after - TimeGiven.deadline_before)
    query = (
        select(TimeGiven.attempt_id, given)
        .join(Attempt, Attempt.id == TimeGiven.attempt_id)
        .where(Attempt.round_id == round_id)
        .group_by(TimeGiven.attempt_id)
    )
    return {attempt_id: int(total) // MINUTE for attempt_id, total in db.session.execute(query)}


# --- keeping -----------------------------------------------------------------------------------------------------


def keep(contest_round: Round, findings: Findings, actor: Actor, now: int) -> SignalReport:
    """Store what was found in place of what stood there, and return the report.

    A sign that is found no longer goes, unless somebody decided about it: then it stays and says so.
    """
    db.session.execute(
        select(Round.id).where(Round.id == contest_round.id).with_for_update()
    )  # one at a time
    _drop_gone(contest_round.id, {found.key for found in findings.signs})
    known = {
        signal.key: signal
        for signal in db.session.scalars(
            select(Signal).where(Signal.round_id == contest_round.id).options(selectinload(Signal.papers))
        )
    }
    for found in findings.signs:
        _keep(
            known.get(found.key) or Signal(round_id=contest_round.id, kind=found.kind, key=found.key), found
        )
    report = _report(contest_round.id, findings, actor, now)
    db.session.flush()
    path, count = contest_round.unit.path, len(findings.signs)
    audit.record(actor, "signals.look", contest_round, now, path, papers=findings.papers, signs=count)
    return report


def _drop_gone(round_id: int, keys: set[str]) -> None:
    query = select(Signal).where(Signal.round_id == round_id).options(selectinload(Signal.decisions))
    for signal in db.session.scalars(query):
        if signal.key in keys:
            continue
        if signal.decisions:
            signal.is_current = False
        else:
            db.session.delete(signal)
    db.session.flush()


def _keep(signal: Signal, found: Found) -> None:
    signal.strength, signal.facts, signal.is_current = found.strength, found.facts, True
    before = {paper.attempt_id for paper in signal.papers}
    signal.papers = [paper for paper in signal.papers if paper.attempt_id in found.attempts] + [
        SignalPaper(attempt_id=attempt_id) for attempt_id in found.attempts if attempt_id not in before
    ]
    db.session.add(signal)


def _report(round_id: int, findings: Findings, actor: Actor, now: int) -> SignalReport:
    comparison = findings.comparison
    report = SignalReport(
        round_id=round_id, computed_at=now, computed_by_id=actor.account_id, papers=findings.papers,
        traced=findings.traced, able=comparison.able, too_few=comparison.too_few, factor=comparison.factor,
        left_out=comparison.left_out,
    )  # fmt: skip
    db.session.execute(delete(SignalReport).where(SignalReport.round_id == round_id))
    db.session.add(report)
    return report
