"""Attempts on paper, for those who cannot use a device: drawn like any other, printed, and open until entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.paper_entry import Medium, PaperState, state_of
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import Attempt, Entry, Keying, Person, PrintedPaper, Round, Unit
from quiz.services import audit, papers
from quiz.services.attempts import RECEIPT_LENGTH
from quiz.services.audit import Actor

PAGE = 50
AT_ONCE = 20  # papers made or printed in one go


@dataclass(frozen=True, slots=True)
class Listed:
    """A printed paper with where its entry stands; who keyed it is known, what they keyed is not."""

    paper: PrintedPaper
    state: PaperState


def issue(entry: Entry, actor: Actor, now: int, seed: str) -> PrintedPaper:
    """Draw the paper of an entry from `seed` for print and return it.

    Raise RuleBroken before the round is opened, after its end, and for who is not to sit it; AlreadyDone when an
    attempt is open or every attempt allowed has been handed in.
    """
    _check_may_issue(entry, now)
    contest_round = entry.round
    attempt = Attempt(
        entry_id=entry.id, round_id=entry.round_id, person_id=entry.person_id, number=_next_number(entry), seed=seed,
        paper=papers.draw(papers.pool_of(contest_round), seed), started_at=now,
        deadline=now, grace_seconds=0,  # no device may save to it
        medium=Medium.PAPER, receipt_code=new_code(RECEIPT_LENGTH),
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()
    paper = PrintedPaper(attempt=attempt, issued_at=now, issued_by_id=actor.account_id, decided={})
    db.session.add(paper)
    db.session.flush()
    path = contest_round.unit.path
    audit.record(
        actor, "paper.issue", paper, now, path, name=entry.person.full_name, code=attempt.receipt_code
    )
    return paper


def _check_may_issue(entry: Entry, now: int) -> None:
    phase = entry.round.phase_at(now)
    if phase is Phase.DRAFT:
        raise RuleBroken(N_("Vòng thi chưa được mở nên chưa có đề để in. Hãy mở vòng thi trước."))
    if phase is Phase.CLOSED:
        raise RuleBroken(N_("Vòng thi đã kết thúc nên không in đề được nữa."))
    # Holding the entry makes a start on a device at the same moment wait.
    withdrawn_at = db.session.scalar(select(Entry.withdrawn_at).where(Entry.id == entry.id).with_for_update())
    if withdrawn_at is not None:
        raise RuleBroken(N_("%(name)s đã rút tên khỏi vòng thi này."), name=entry.person.full_name)


def _next_number(entry: Entry) -> int:
    query = select(Attempt).where(Attempt.entry_id == entry.id).order_by(Attempt.number.desc()).limit(1)
    last = db.session.scalar(query)
    if last is None:
        return 1
    name = entry.person.full_name
    if last.submitted_at is None and last.medium == Medium.PAPER:
        raise AlreadyDone(N_("%(name)s đã có bài giấy rồi."), name=name)
    if last.submitted_at is None:
        raise AlreadyDone(
            N_("%(name)s đang làm bài trên máy. Máy hỏng thì làm tiếp trên máy khác."), name=name
        )
    if last.number >= papers.pool_of(entry.round).rules.attempts_allowed:
        raise AlreadyDone(N_("%(name)s đã nộp bài vòng này rồi."), name=name)
    return last.number + 1


def cancel(paper: PrintedPaper, actor: Actor, now: int) -> None:
    """Take a paper back that nobody has used; raise RuleBroken once its answer sheet has been keyed."""
    lock(paper)
    if paper.keyings or paper.settled_at is not None:
        raise RuleBroken(N_("Phiếu trả lời của bài này đã được nhập nên không hủy được nữa."))
    attempt, name = paper.attempt, paper.attempt.entry.person.full_name
    path = attempt.entry.round.unit.path
    audit.record(
        actor, "paper.cancel", paper, now, path, name=name, code=attempt.receipt_code, seed=attempt.seed
    )
    db.session.delete(paper)
    db.session.flush()
    db.session.delete(attempt)
    db.session.flush()


def lock(paper: PrintedPaper) -> None:
    """Hold a paper until the transaction ends and read it anew, so that two people do not key it at once."""
    query = select(PrintedPaper).where(PrintedPaper.id == paper.id).with_for_update(of=PrintedPaper)
    db.session.scalars(query.execution_options(populate_existing=True)).one()
    db.session.refresh(paper, ["keyings"])


def record_print(printed: Sequence[PrintedPaper], actor: Actor, now: int) -> None:
    """Put on record that these papers were printed: whoever holds one has seen its questions."""
    for paper in printed:
        path = paper.attempt.entry.round.unit.path
        audit.record(actor, "paper.print", paper, now, path, name=paper.attempt.entry.person.full_name)


# --- what the desk sees -------------------------------------------------------------------------------------------


def page_of(contest_round: Round, page: int) -> tuple[Any, list[Listed]]:
    """Return a page of the printed papers of a round by cell, each with where its entry stands."""
    found = db.paginate(_printed(contest_round), page=page, per_page=PAGE, error_out=False)
    return found, [Listed(paper, state(paper)) for paper in found.items]


def unused(contest_round: Round) -> list[PrintedPaper]:
    """Return the papers of a round that nobody has keyed yet, by cell, at most AT_ONCE: those to print."""
    query = _printed(contest_round).where(~exists().where(Keying.paper_id == PrintedPaper.id))
    return list(db.session.scalars(query.where(PrintedPaper.settled_at.is_(None)).limit(AT_ONCE)))


def state(paper: PrintedPaper) -> PaperState:
    """Return where the entry of a paper stands."""
    return state_of(len(paper.keyings), paper.settled_at is not None)


def count_open(contest_round: Round) -> int:
    """Return how many papers of a round are not entered yet."""
    query = select(func.count()).select_from(Attempt).where(
        Attempt.round_id == contest_round.id, Attempt.medium == Medium.PAPER, Attempt.submitted_at.is_(None)
    )  # fmt: skip
    return db.session.scalar(query) or 0


def by_code(code: str) -> PrintedPaper | None:
    """Return the paper with this code, as stored."""
    return db.session.scalar(
        select(PrintedPaper).join(PrintedPaper.attempt).where(Attempt.receipt_code == code)
    )


def page_without(contest_round: Round, page: int) -> Any:
    """Return a page of the entries of a round that a paper can be drawn for, by cell."""
    allowed = papers.pool_of(contest_round).rules.attempts_allowed
    number = select(func.count()).where(Attempt.entry_id == Entry.id).correlate(Entry).scalar_subquery()
    still_open = exists().where(Attempt.entry_id == Entry.id, Attempt.submitted_at.is_(None))
    query = (
        select(Entry)
        .join(Unit, Unit.id == Entry.unit_id).join(Person, Person.id == Entry.person_id)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None), number < allowed, ~still_open)
        .order_by(Unit.sort_key, Unit.id, Person.sort_key, Entry.id)
        .options(joinedload(Entry.unit), joinedload(Entry.person))
    )  # fmt: skip
    return db.paginate(query, page=page, per_page=PAGE, error_out=False)


def _printed(contest_round: Round) -> Select[Any]:
    return (
        select(PrintedPaper)
        .join(PrintedPaper.attempt).join(Attempt.entry)
        .join(Unit, Unit.id == Entry.unit_id).join(Person, Person.id == Entry.person_id)
        .where(Attempt.round_id == contest_round.id)
        .order_by(Unit.sort_key, Unit.id, Person.sort_key, PrintedPaper.id)
        .options(
            selectinload(PrintedPaper.keyings),
            joinedload(PrintedPaper.attempt).joinedload(Attempt.entry).joinedload(Entry.person),
            joinedload(PrintedPaper.attempt).joinedload(Attempt.entry).joinedload(Entry.unit).joinedload(Unit.parent),
        )
    )  # fmt: skip
