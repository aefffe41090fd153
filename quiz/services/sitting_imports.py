"""Taking in the sitting a hall brings back: once, whole or not at all, with a report of what became of each attempt.

Points are never taken over: every attempt is marked again here, by the functions that mark all others, and where the
laptop came to something else the report says so.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from quiz.core import merging as rules
from quiz.core import sitting_checks
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.items import Kind
from quiz.core.merging import Here, Merge, Papers, Standing
from quiz.core.papers import PoolEntry
from quiz.core.signals import away_within
from quiz.core.sittings import AttemptLine, LateLine, Sitting
from quiz.core.stage_merging import StageMerge
from quiz.extensions import db
from quiz.models import (
    Attempt,
    Edition,
    Entry,
    Item,
    ItemVersion,
    LateArrival,
    Package,
    Person,
    Response,
    Round,
    RoundItem,
    SittingImport,
)
from quiz.services import audit, marking, papers, sitting_records, sitting_stage
from quiz.services.audit import Actor
from quiz.services.responses import legal_choices
from quiz.services.sittings import attempt_lines

UNKNOWN = N_(
    "Trong các cuộc thi tài khoản này phụ trách không có gói đề mà tệp thuộc về. Hãy nhập tệp trên máy chủ đã lập gói,"
    " bằng tài khoản của Ban Tổ chức cuộc thi."
)
OTHER_ITEMS = N_("Bộ câu hỏi trong tệp khác với bộ câu hỏi của vòng thi. Chưa có gì được nhập.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking in a sitting would do to attempts and performances; `versions` tells this database's number of each
    item."""

    merge: Merge
    versions: Mapping[int, int]
    stage: StageMerge


def package_of(uuid: str) -> Package:
    """Return the package made here that a file names; raise RuleBroken when there is none."""
    found = db.session.scalar(select(Package).where(Package.uuid == uuid[:32], ~Package.is_loaded))
    if found is None:
        raise RuleBroken(UNKNOWN)
    return found


def plan(package: Package, sitting: Sitting, digest: str) -> Plan:
    """Return what would become of a sitting; nothing is changed.

    Raise AlreadyDone when this very file was taken in, RuleBroken when the whole of it cannot be.
    """
    if package.is_loaded or sitting.head.package != package.uuid:
        raise RuleBroken(UNKNOWN)
    if db.session.scalar(select(SittingImport.id).where(SittingImport.digest == digest)) is not None:
        raise AlreadyDone(N_("Tệp này đã được nhập trước đó. Lần này không có gì thay đổi."))
    _check_not_final(package.round)
    if problems := sitting_checks.check_sitting(sitting):
        raise RuleBroken(problems[0].message, **problems[0].values)
    stage = sitting_stage.plan(package, sitting)
    if not (sitting.attempts or sitting.drawn):
        return Plan(Merge(), {}, stage)
    versions = _versions(package.round_id, sitting)
    drawn_here = _papers(package.round, versions, sitting)
    return Plan(rules.merge(sitting.attempts, _here(package, sitting), drawn_here), versions, stage)


def take_in(
    package: Package, sitting: Sitting, digest: str, filename: str, actor: Actor, now: int
) -> SittingImport:
    """Take a sitting in and return the record with its report; raise as `plan` does."""
    _lock(package)
    planned = plan(package, sitting, digest)
    written = _write_all(package.round, planned)
    db.session.flush()
    attempts = _attempts(package.round_id, planned.merge) | written
    parts = {"late": _write_late(sitting.late, attempts)} | sitting_stage.write(
        package, sitting, planned.stage
    )
    parts |= sitting_records.write(package, sitting, attempts, _acts_before(package))
    differences = _mark(planned.merge.new, written)  # the time used depends on the minutes given
    done = SittingImport(
        package=package, digest=digest, filename=filename[:200], collected_at=sitting.head.collected_at,
        imported_at=now, imported_by_id=actor.account_id,
        report=_report(package, planned, sitting, differences, parts, written),
    )  # fmt: skip
    db.session.add(done)
    db.session.flush()
    counts = {name: done.report[name] for name in ("new", "known")} | {"refused": len(done.report["refused"])}
    counts |= {"performances": parts["performances"]} if package.with_stage else {}
    path = package.round.unit.path
    audit.record(
        actor, "package.import", package, now, path, file=done.filename, sha256=digest[:12], **counts
    )
    return done


def _lock(package: Package) -> None:
    """Let two imports, and an import and a start or a publication, go one after the other."""
    query = select(Round).where(Round.id == package.round_id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def _check_not_final(contest_round: Round) -> None:
    final = select(Edition.id).where(Edition.round_id == contest_round.id, Edition.kind == "final")
    if db.session.scalar(final) is not None:
        raise RuleBroken(N_("Kết quả chính thức của vòng thi đã công bố nên không nhập thêm bài được nữa."))


# --- what is known here -------------------------------------------------------------------------------------------


def _versions(round_id: int, sitting: Sitting) -> dict[int, int]:
    """Return this database's version ids by the hall's; raise RuleBroken unless both pools are the same."""
    query = (
        select(Item.code, ItemVersion.fingerprint, ItemVersion.id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(RoundItem, RoundItem.version_id == ItemVersion.id)
        .where(RoundItem.round_id == round_id)
    )
    here = {(code, fingerprint): version for code, fingerprint, version in db.session.execute(query)}
    there = {(line.code, line.fingerprint): line.version for line in sitting.drawn}
    if here.keys() != there.keys() or len(sitting.drawn) != len(there):
        raise RuleBroken(OTHER_ITEMS)
    return {there[name]: here[name] for name in here}


def _papers(contest_round: Round, versions: Mapping[int, int], sitting: Sitting) -> Papers:
    pool = papers.pool_of(contest_round)
    entries = {entry.version: entry for entry in pool.entries}
    as_there = [_renumbered(entries[here], there) for there, here in versions.items()]
    legal = {
        there: legal_choices(len(pool.items[here].options), pool.items[here].kind is Kind.MULTIPLE)
        for there, here in versions.items()
    }
    return Papers(pool.rules, as_there, legal, {sheet.receipt: sheet for sheet in sitting.papers})


def _renumbered(entry: PoolEntry, version: int) -> PoolEntry:
    return PoolEntry(version, entry.topic, entry.level, entry.option_count, entry.keep_order, entry.keep_last)


def _here(package: Package, sitting: Sitting) -> Here:
    contest_round = package.round
    attempts = {line.receipt_code: line for line in attempt_lines(contest_round)}
    wanted = {line.receipt_code for line in sitting.attempts} - attempts.keys()
    query = select(Attempt.receipt_code).where(Attempt.receipt_code.in_(wanted))
    return Here(attempts, set(db.session.scalars(query)), _standings(contest_round.id, _brought(package)))


def _standings(round_id: int, brought: Collection[str]) -> dict[str, Standing]:
    query = (
        select(Entry.id, Person.code, Entry.withdrawn_at).join(Entry.person).where(Entry.round_id == round_id)
    )
    sat = select(Attempt.entry_id, Attempt.receipt_code).where(Attempt.round_id == round_id)
    busy = {entry_id for entry_id, receipt in db.session.execute(sat) if receipt not in brought}
    found = {}
    for entry_id, code, withdrawn_at in db.session.execute(query):
        free = Standing.FREE if withdrawn_at is None else Standing.WITHDRAWN
        found[code] = Standing.HAS_ATTEMPT if entry_id in busy else free
    return found


def _brought(package: Package) -> set[str]:
    return {receipt for done in package.imports for receipt in done.report["receipts"]}


def _acts_before(package: Package) -> int:
    return sum(done.report["parts"]["acts"] for done in package.imports)


def _attempts(round_id: int, merged: Merge) -> dict[str, Attempt]:
    codes = [line.receipt_code for line in merged.known]
    query = select(Attempt).where(Attempt.round_id == round_id, Attempt.receipt_code.in_(codes))
    return {attempt.receipt_code: attempt for attempt in db.session.scalars(query)}


# --- writing it ---------------------------------------------------------------------------------------------------


def _write_all(contest_round: Round, planned: Plan) -> dict[str, Attempt]:
    codes = {line.person for line in planned.merge.new}
    query = select(Person.code, Entry).join(Entry.person).where(Entry.round_id == contest_round.id)
    entries = {code: entry for code, entry in db.session.execute(query) if code in codes}
    return {
        line.receipt_code: _write(entries[line.person], line, planned.versions) for line in planned.merge.new
    }


def _write(entry: Entry, line: AttemptLine, versions: Mapping[int, int]) -> Attempt:
    places = [[versions[version], order] for version, order in line.paper]
    told = away_within(line.away_count, line.away_ms, line.submitted_at - line.started_at)
    attempt = Attempt(
        entry=entry, round_id=entry.round_id, person_id=entry.person_id, number=line.number, seed=line.seed,
        paper=json.dumps(places, separators=(",", ":")), started_at=line.started_at, deadline=line.deadline,
        grace_seconds=line.grace_seconds, medium=line.medium, submitted_at=line.submitted_at,
        ended_by=line.ended_by, receipt_code=line.receipt_code,
        away_count=told.times if told else None, away_ms=told.ms if told else None,
    )  # fmt: skip
    attempt.responses = [Response(**response._asdict()) for response in line.responses]
    db.session.add(attempt)
    return attempt


def _mark(lines: Iterable[AttemptLine], written: Mapping[str, Attempt]) -> list[dict[str, Any]]:
    """Mark what was taken in and return where the laptop's points are others: there must be none."""
    choices = marking.choices_of(attempt.id for attempt in written.values())
    found = []
    for line in lines:
        attempt = written[line.receipt_code]
        marks = marking.store_marks(attempt, choices[attempt.id])
        if rules.differs(line, marks.raw_score, marks.max_score, marks.points, attempt.time_used or 0):
            found.append(_listed(line) | {"here": marks.raw_score})
    db.session.flush()
    return found


def _write_late(lines: Iterable[LateLine], attempts: Mapping[str, Attempt]) -> int:
    ids = [attempt.id for attempt in attempts.values()]
    there = select(LateArrival.attempt_id, LateArrival.digest).where(LateArrival.attempt_id.in_(ids))
    known = {tuple(row) for row in db.session.execute(there)}
    count = 0
    for line in lines:
        attempt = attempts.get(line.receipt)
        if attempt is None or (attempt.id, line.digest) in known:
            continue
        known.add((attempt.id, line.digest))
        db.session.add(
            LateArrival(
                attempt_id=attempt.id, arrived_at=line.arrived_at, digest=line.digest, device=line.device,
                log=[list(entry) for entry in line.log], counted=line.counted, refused=line.refused,
                is_unbroken=line.is_unbroken, signed_off_at=line.signed_off_at, score_before=line.score_before,
                score_after=line.score_after, agent=line.agent,
            )
        )  # fmt: skip
        count += 1
    return count


# --- saying what was done -----------------------------------------------------------------------------------------


def _report(
    package: Package,
    planned: Plan,
    sitting: Sitting,
    differences: list[dict[str, Any]],
    parts: dict[str, int],
    written: Mapping[str, Attempt],
) -> dict[str, Any]:
    return foreseen(planned, sitting) | {
        "stage": sitting_stage.report(package, planned.stage, sitting),
        "differences": differences,
        "parts": parts,
        "receipts": sorted(written),
        "drawn": sorted(planned.versions.items()),
        "hours": [sitting.head.opens_at, sitting.head.closes_at],
    }


def _listed(line: AttemptLine) -> dict[str, Any]:
    return {
        "person": line.person, "number": line.number, "receipt": line.receipt_code, "points": line.raw_score,
        "started_at": line.started_at, "submitted_at": line.submitted_at,
    }  # fmt: skip


def foreseen(planned: Plan, sitting: Sitting) -> dict[str, Any]:
    """Return the part of a report that is known before anything is written."""
    return {
        "new": len(planned.merge.new),
        "known": len(planned.merge.known),
        "refused": [_listed(line) | {"reason": reason.value} for line, reason in planned.merge.refused],
        "stage": sitting_stage.foreseen(planned.stage, sitting),
    }


def names_of(lines: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of the people that lines of a report mean, by code."""
    codes = {line["person"] for line in lines}
    query = select(Person.code, Person.full_name).where(Person.code.in_(codes))
    return {code: name for code, name in db.session.execute(query)}
