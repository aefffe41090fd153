"""Editions: a ranking published as provisional or final, numbered, dated and hashed. An edition never moves."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.names import search_key
from quiz.core.paper_entry import Medium
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import Attempt, Edition, Result, Round
from quiz.services import attempts, audit
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


def publish(contest_round: Round, kind: str, note: str, actor: Actor, now: int) -> Edition:
    """Freeze the ranking of an ended round as its next edition and return it.

    Raise RuleBroken while the round still runs, when nobody has handed in, or when a final edition is wanted
    without a provisional one before; AlreadyDone when this very ranking is already published as that kind.
    """
    db.session.execute(select(Round.id).where(Round.id == contest_round.id).with_for_update())
    attempts.close_due(now, contest_round.id)
    _check_ended(contest_round, now)
    lines = standings_of(contest_round)
    if not lines:
        raise RuleBroken(N_("Chưa có ai nộp bài nên chưa có gì để công bố."))
    digest = sha256_of(lines)
    last = latest(contest_round.id)
    _check_order(last, kind, digest)
    edition = Edition(
        round=contest_round, number=last.number + 1 if last else 1, kind=kind, check_code=new_code(8),
        sha256=digest, size=len(lines), max_score=max(line.max_points for line in lines), published_at=now,
        published_by_id=actor.account_id, note=note,
    )  # fmt: skip
    db.session.add(edition)
    db.session.flush()
    rows = [_result(edition, position, line) for position, line in enumerate(lines, start=1)]
    db.session.execute(insert(Result), rows)
    path = contest_round.unit.path
    audit.record(
        actor, "edition.publish", edition, now, path, kind=kind, number=edition.number, sha256=digest
    )
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
    """Return the SHA-256 of a ranking's canonical JSON, the same on every database."""
    content = [
        [
            line.scope, line.rank, line.entry.person.code, line.entry.person.full_name, line.entry.unit.code,
            line.points, line.max_points, line.time_used, explanation_to_dict(line.explanation),
        ]
        for line in lines
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _result(edition: Edition, position: int, line: Line) -> dict[str, Any]:
    unit = line.entry.unit
    return {
        "edition_id": edition.id,
        "position": position,
        "rank": line.rank,
        "entry_id": line.entry.id,
        "attempt_id": line.attempt.id,
        "scope": line.scope,
        "name": line.entry.person.full_name,
        "cell_name": unit.title,
        "unit_name": unit.parent.title if unit.parent else "",
        "points": line.points,
        "time_used": line.time_used,
        "explanation": explanation_to_dict(line.explanation),
        "search_key": search_key(f"{line.entry.person.full_name} {unit.title}")[:400],
    }


def latest(round_id: int) -> Edition | None:
    """Return the newest edition of a round."""
    return db.session.scalar(
        select(Edition).where(Edition.round_id == round_id).order_by(Edition.number.desc()).limit(1)
    )


def final_of(round_id: int) -> Edition | None:
    """Return the final edition of a round, if it is published."""
    return db.session.scalar(select(Edition).where(Edition.round_id == round_id, Edition.kind == FINAL))


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


def by_check_code(code: str) -> Edition | None:
    """Return the edition that carries a printed check code."""
    return db.session.scalar(select(Edition).where(Edition.check_code == code.strip().upper()))


def latest_published(limit: int) -> list[Edition]:
    """Return the newest editions, at most `limit`, one for each round."""
    newest = select(db.func.max(Edition.id)).group_by(Edition.round_id)
    query = (
        select(Edition)
        .where(Edition.id.in_(newest))
        .order_by(Edition.published_at.desc(), Edition.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))
