"""Editions: a ranking published as provisional or final, numbered, dated and hashed. An edition never moves."""

import hashlib
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import aliased, joinedload

from quiz.core import editions
from quiz.core.approvals import Act, Answer
from quiz.core.editions import PublicLine
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.names import search_key
from quiz.core.paper_entry import Medium
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import Approval, Attempt, Edition, Entry, Result, Round, Stage
from quiz.services import appeals, approvals, attempts, audit, stage_points
from quiz.services.audit import Actor
from quiz.services.standings import Line, explanation_to_dict, standings_of

PAGE = 50
PROVISIONAL, FINAL = "provisional", "final"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an edition's lines; `total` lines on `pages` pages of PAGE."""

    lines: list[Result]
    page: int
    pages: int
    total: int


def publish(
    contest_round: Round, kind: str, note: str, actor: Actor, now: int, approval: Approval | None = None
) -> Edition:
    """Freeze the ranking of an ended round as its next edition and return it; a final one by `approval` of two people.

    Raise RuleBroken while the round still runs, when nobody has handed in, when a final edition is wanted without a
    provisional one before or the second person saw another ranking; AlreadyDone when this very ranking is already
    published as that kind.
    """
    lines = _publishable(contest_round, now)
    digest = sha256_of(lines)
    last = latest(contest_round.id)
    _check_order(last, kind, digest)
    if kind == FINAL:
        appeals.check_settled(contest_round, now)
        _check_seconded(contest_round, approval, digest)
    return add_edition(contest_round, kind, note, lines, actor, now, approval, _put_right(last, digest))


def _put_right(last: Edition | None, digest: str) -> Edition | None:
    """Return the edition before where points of the stage were put right since: the new one says whom that moved."""
    if last is None or last.sha256 == digest:
        return None
    return last if stage_points.signed_since(last.round_id, last.published_at) else None


def ask_final(contest_round: Round, note: str, actor: Actor, now: int) -> Approval:
    """Ask a second person to let the ranking as it stands be published as final; raise as `publish` does."""
    lines = _publishable(contest_round, now)
    digest = sha256_of(lines)
    _check_order(latest(contest_round.id), FINAL, digest)
    appeals.check_settled(contest_round, now)
    payload = {"sha256": digest, "size": len(lines), "note": note}
    subject, unit = f"round:{contest_round.id}", contest_round.unit
    return approvals.ask(Act.PUBLISH_FINAL, subject, unit, payload, note, actor, now, contest_round)


def _publishable(contest_round: Round, now: int) -> list[Line]:
    db.session.execute(select(Round.id).where(Round.id == contest_round.id).with_for_update())
    attempts.close_due(now, contest_round.id)
    _check_ended(contest_round, now)
    stage_points.check_all_signed(contest_round)
    lines = standings_of(contest_round)
    if not lines:
        raise RuleBroken(N_("Chưa có ai nộp bài nên chưa có gì để công bố."))
    return lines


def _check_seconded(contest_round: Round, approval: Approval | None, digest: str) -> None:
    if approval is None or approval.answer is not Answer.APPROVED or approval.kind is not Act.PUBLISH_FINAL:
        raise RuleBroken(N_("Công bố chính thức cần hai người. Hãy gửi đề nghị để người thứ hai duyệt."))
    if approval.round_id != contest_round.id or approval.payload["sha256"] != digest:
        raise RuleBroken(
            N_("Bảng xếp hạng đã thay đổi sau khi đề nghị. Hãy không duyệt đề nghị này và đề nghị lại.")
        )


def add_edition(
    contest_round: Round, kind: str, note: str, lines: list[Line], actor: Actor, now: int,
    approval: Approval | None = None, replaces: Edition | None = None,
) -> Edition:  # fmt: skip
    """Store a ranking as the next edition of a round and return it; whether it may be one is the caller's to know."""
    last, digest = latest(contest_round.id), sha256_of(lines)
    edition = Edition(
        round=contest_round, number=last.number + 1 if last else 1, kind=kind, check_code=new_code(8),
        sha256=digest, size=len(lines), max_score=max((line.max_points for line in lines), default=0), published_at=now,
        published_by_id=actor.account_id, note=note, approval=approval, replaces=replaces,
    )  # fmt: skip
    db.session.add(edition)
    db.session.flush()
    rows = [_result(edition, position, line) for position, line in enumerate(lines, start=1)]
    if rows:
        db.session.execute(insert(Result), rows)
    path, facts = contest_round.unit.path, {"kind": kind, "number": edition.number, "sha256": digest}
    audit.record(actor, "edition.publish", edition, now, path, **facts)
    return edition


def _check_ended(contest_round: Round, now: int) -> None:
    if contest_round.phase_at(now) is not Phase.CLOSED:
        raise RuleBroken(
            N_("Vòng thi chưa kết thúc. Hãy công bố sau giờ đóng, hoặc kết thúc sớm vòng thi trước.")
        )
    unfinished = (
        select(Attempt.medium)
        .where(Attempt.round_id == contest_round.id, Attempt.submitted_at.is_(None))
        .order_by(Attempt.medium)
        .limit(1)
    )
    medium = db.session.scalar(unfinished)
    if medium == Medium.PAPER:
        raise RuleBroken(
            N_("Còn bài giấy chưa nhập xong. Hãy nhập hết phiếu trả lời, hoặc hủy bài giấy không dùng.")
        )
    if medium is not None:
        raise RuleBroken(N_("Còn người đang làm bài. Hãy chờ đến hết giờ của họ rồi công bố."))


def _check_order(last: Edition | None, kind: str, digest: str) -> None:
    if last and last.kind == FINAL:
        raise AlreadyDone(N_("Kết quả chính thức của vòng thi này đã được công bố và không thay đổi nữa."))
    if kind == FINAL and last is None:
        raise RuleBroken(N_("Hãy công bố kết quả tạm thời trước, để mọi người có thời gian kiểm tra."))
    if kind == PROVISIONAL and last and last.sha256 == digest:
        raise AlreadyDone(N_("Bảng xếp hạng này đã được công bố rồi và chưa có gì thay đổi."))


def sha256_of(lines: list[Line]) -> str:
    """Return the SHA-256 that an edition of this ranking has, the same on every database."""
    return editions.sha256_of(_public(line) for line in lines)


def _public(line: Line) -> PublicLine:
    entry = line.entry
    return PublicLine(
        line.scope, line.rank, entry.person.full_name, entry.unit.title, line.above, line.points
    )


def text_of(edition: Edition) -> bytes:
    """Return the public text of an edition, made from the results stored for it."""
    return editions.text_of(
        PublicLine(line.scope, line.rank, line.name, line.cell_name, line.unit_name, line.points)
        for line in all_of(edition)
    )


def is_intact(edition: Edition) -> bool:
    """Tell whether the stored results of an edition still have the SHA-256 it was published with."""
    return hashlib.sha256(text_of(edition)).hexdigest() == edition.sha256


def _result(edition: Edition, position: int, line: Line) -> dict[str, Any]:
    shown = _public(line)
    return {
        "edition_id": edition.id,
        "position": position,
        "rank": shown.rank,
        "entry_id": line.entry.id,
        "attempt_id": line.attempt.id if line.attempt else None,
        "scope": shown.scope,
        "name": shown.name,
        "cell_name": shown.cell,
        "unit_name": shown.unit,
        "points": shown.points,
        "time_used": line.time_used,
        "explanation": explanation_to_dict(line.explanation, line.shares, line.evidence),
        "search_key": search_key(f"{shown.name} {shown.cell}")[:400],
    }


def latest(round_id: int) -> Edition | None:
    """Return the newest edition of a round."""
    return db.session.scalar(
        select(Edition).where(Edition.round_id == round_id).order_by(Edition.number.desc()).limit(1)
    )


def final_of(round_id: int) -> Edition | None:
    """Return the final edition of a round that counts now, if one is published: of corrected ones the newest."""
    query = select(Edition).where(Edition.round_id == round_id, Edition.kind == FINAL)
    return db.session.scalar(query.order_by(Edition.number.desc()).limit(1))


def page_of(edition: Edition, number: int) -> Page:
    """Return one page of an edition; its cost follows the page, not the size of the edition."""
    pages = max(1, -(-edition.size // PAGE))
    number = min(max(1, number), pages)
    first = (number - 1) * PAGE
    query = (
        select(Result)
        .where(Result.edition_id == edition.id, Result.position > first, Result.position <= first + PAGE)
        .order_by(Result.position)
    )
    return Page(list(db.session.scalars(query)), number, pages, edition.size)


def find(edition: Edition, text: str, limit: int = PAGE) -> list[Result]:
    """Return the lines of an edition whose name or cell has `text` in it, marks or no marks; at most `limit`."""
    query = (
        select(Result)
        .where(Result.edition_id == edition.id, Result.search_key.contains(search_key(text), autoescape=True))
        .order_by(Result.position)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def all_of(edition: Edition) -> list[Result]:
    """Return every line of an edition in order."""
    return list(
        db.session.scalars(select(Result).where(Result.edition_id == edition.id).order_by(Result.position))
    )


def line_of(edition: Edition, entry_id: int) -> Result | None:
    """Return the line of an entry in an edition, if it has one."""
    query = select(Result).where(Result.edition_id == edition.id, Result.entry_id == entry_id)
    return db.session.scalar(query)


def own_result(entry: Entry) -> Result | None:
    """Return the line of an entry in the newest edition of its round, if it has one."""
    last = latest(entry.round_id)
    of_last = Result.edition_id == (last.id if last else 0)
    return db.session.scalar(select(Result).where(of_last, Result.entry_id == entry.id))


class Changed(NamedTuple):
    """Somebody whom the edition before had otherwise; `result` is None for one who has no line any more."""

    before: Result
    result: Result | None


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of those whom an edition has otherwise than the one before; `total` of them on `pages` pages of PAGE."""

    items: list[Changed]
    page: int
    pages: int
    total: int


def changes_since(edition: Edition, number: int = 1) -> Changes:
    """Return a page, the nearest there is, of those whose rank or points differ from the edition this one replaces."""
    if edition.replaces_id is None:
        return Changes([], 1, 1, 0)
    old, new = aliased(Result), aliased(Result)
    same = db.and_(new.edition_id == edition.id, new.entry_id == old.entry_id)
    differs = db.or_(new.id.is_(None), new.rank != old.rank, new.points != old.points)
    query = select(old, new).outerjoin(new, same).where(old.edition_id == edition.replaces_id, differs)
    total = db.session.scalar(query.with_only_columns(db.func.count())) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    shown = query.order_by(new.position.is_(None), new.position, old.position)
    found = db.session.execute(shown.offset((number - 1) * PAGE).limit(PAGE))
    return Changes([Changed(before, result) for before, result in found], number, pages, total)


def by_check_code(code: str) -> Edition | None:
    """Return the edition that carries a printed check code, typed with spaces and hyphens or without."""
    typed = "".join(code.replace("-", " ").split()).upper()
    return db.session.scalar(select(Edition).where(Edition.check_code == typed))


def latest_published(limit: int) -> list[Edition]:
    """Return the newest editions, at most `limit`, one for each round."""
    newest = select(db.func.max(Edition.id)).group_by(Edition.round_id)
    query = (
        select(Edition)
        .where(Edition.id.in_(newest))
        .order_by(Edition.published_at.desc(), Edition.id)
        .limit(limit)
        .options(joinedload(Edition.round).joinedload(Round.stage).joinedload(Stage.contest))
    )
    return list(db.session.scalars(query))
