"""Appeals (phúc khảo): the window the board sets, what contestants ask about their own papers, and the answers."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core import appeals as rule
from quiz.core.appeals import WHOLE_PAPER, Finding, Hours
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.names import nfc
from quiz.core.states import State, check_seen
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Appeal, AppealWindow, Attempt, Correction, Entry, Performance, Round, RoundCorrection
from quiz.services import audit, papers
from quiz.services.audit import Actor
from quiz.services.contests import lock_round

PAGE = 50
ASKED = N_("Bạn đã gửi đơn về câu này rồi. Hãy xem câu trả lời ở trang này.")
PART_ASKED = N_("Bạn đã gửi đơn về phần thi này rồi. Hãy xem câu trả lời ở trang này.")
NOT_CORRECTED = N_(
    "Đáp án câu này chưa được sửa. Hãy sửa đáp án trước, chờ người thứ hai duyệt, rồi trả lời."
)
NONE_CORRECTED = N_(
    "Chưa câu nào trong bài này được sửa đáp án. Hãy sửa đáp án trước, chờ người thứ hai duyệt, rồi trả lời."
)
NOT_PUT_RIGHT = N_(
    "Điểm phần thi này chưa được sửa. Trưởng ban Giám khảo rút chữ ký, thư ký sửa có lý do, ký lại rồi mới trả lời."
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a board decides about the appeals of a round; the key is shown only with the paper."""

    hours: Hours
    shows_paper: bool = False
    shows_key: bool = False
    note: str = ""


def window_of(round_id: int) -> AppealWindow | None:
    """Return when a round takes appeals, None until its board has said so."""
    return db.session.get(AppealWindow, round_id, populate_existing=True)


def state_of(round_id: int) -> State:
    """Return what the form of a round's window shows, nothing until its board has set it."""
    stored = window_of(round_id)
    if stored is None:
        return {}
    names = ("opens_at", "closes_at", "answer_days", "shows_paper", "shows_key", "note")
    return {name: getattr(stored, name) for name in names}


def _wanted(settings: Settings) -> State:
    state = asdict(settings)
    return state.pop("hours") | state


def set_window(
    contest_round: Round, settings: Settings, actor: Actor, now: int, seen: str = ""
) -> AppealWindow:
    """Say when a round takes appeals and what is shown of the papers; raise RuleBroken before it is over.

    The window may be moved later; an appeal keeps the day it was promised an answer for. Raise Overtaken when it is no
    longer in the state `seen`.
    """
    lock_round(contest_round)
    check_seen(seen, state_of(contest_round.id), _wanted(settings))
    if contest_round.phase_at(now) is not Phase.CLOSED:
        raise RuleBroken(N_("Vòng thi chưa kết thúc nên chưa đặt được thời gian phúc khảo."))
    rule.check_hours(settings.hours)
    if settings.shows_key and not settings.shows_paper:
        raise RuleBroken(N_("Muốn cho xem đáp án thì phải cho xem bài. Hãy đánh dấu cả hai."))
    window = window_of(contest_round.id) or AppealWindow(round_id=contest_round.id)
    window.opens_at, window.closes_at = settings.hours.opens_at, settings.hours.closes_at
    window.answer_days, window.note = settings.hours.answer_days, settings.note
    window.shows_paper, window.shows_key = settings.shows_paper, settings.shows_key
    db.session.add(window)
    db.session.flush()
    facts = {"opens_at": window.opens_at, "closes_at": window.closes_at, "answer_days": window.answer_days}
    facts |= {"shows_paper": window.shows_paper, "shows_key": window.shows_key}
    audit.record(actor, "round.appeals", contest_round, now, contest_round.unit.path, **facts)
    return window


def ask(attempt: Attempt, position: int, text: str, now: int) -> Appeal:
    """Keep a contestant's appeal about one question (0-based) of the own attempt, or about the whole paper (-1).

    Raise RuleBroken outside the window or for a question the paper has not, AlreadyDone when it was asked before.
    """
    version_id = _version_at(attempt, position)
    about = {"attempt_id": attempt.id, "position": position, "version_id": version_id}
    return _asked(attempt.entry, about, text, now, attempt=attempt.id, position=position)


def ask_about(performance: Performance, text: str, now: int) -> Appeal:
    """Keep a contestant's appeal about the own performance in a judged part; raise as `ask` does."""
    about = {"performance_id": performance.id, "position": WHOLE_PAPER}
    return _asked(performance.entry, about, text, now, PART_ASKED, part=performance.part)


def _asked(
    entry: Entry, about: dict[str, Any], text: str, now: int, before: str = ASKED, **facts: object
) -> Appeal:
    window, said = window_of(entry.round_id), nfc(text).strip()
    rule.check_may_ask(window.hours if window else None, said, now)
    due_at = rule.due_at(window.hours, now) if window else now
    appeal = Appeal(round_id=entry.round_id, text=said, asked_at=now, due_at=due_at, **about)
    try:
        with db.session.begin_nested():
            db.session.add(appeal)
            db.session.flush()
    except IntegrityError:
        raise AlreadyDone(before) from None
    audit.record(Actor(person_id=entry.person_id), "appeal.ask", appeal, now, entry.round.unit.path, **facts)
    return appeal


def _version_at(attempt: Attempt, position: int) -> int | None:
    if position == WHOLE_PAPER:
        return None
    places = papers.places_of(attempt.paper)
    if not 0 <= position < len(places) or attempt.submitted_at is None:
        raise RuleBroken(N_("Bài thi không có câu này. Hãy chọn lại câu cần xem lại."))
    return places[position].version


def answer(appeal: Appeal, finding: Finding, text: str, actor: Actor, now: int) -> None:
    """Answer an appeal; raise AlreadyDone when it has its answer.

    Raise RuleBroken without words, or when a correction is claimed that nobody has made.
    """
    db.session.refresh(appeal, with_for_update={"of": Appeal})
    if appeal.answered_at is not None:
        raise AlreadyDone(N_("Đơn này đã được trả lời. Hãy xem câu trả lời."))
    said = nfc(text).strip()
    if not said or len(said) > rule.LONGEST:
        raise RuleBroken(N_("Hãy viết câu trả lời, không quá %(limit)d ký tự."), limit=rule.LONGEST)
    if finding is Finding.CORRECTED and not is_corrected(appeal):
        raise RuleBroken(_not_corrected(appeal))
    appeal.finding, appeal.answer = finding, said
    appeal.answered_at, appeal.answered_by_id = now, actor.account_id
    db.session.flush()
    late = rule.is_overdue(appeal.due_at, now, now)
    audit.record(
        actor, "appeal.answer", appeal, now, appeal.round.unit.path, finding=finding.value, late=late
    )


def _not_corrected(appeal: Appeal) -> str:
    if appeal.performance_id is not None:
        return NOT_PUT_RIGHT
    return NONE_CORRECTED if appeal.version_id is None else NOT_CORRECTED


def is_corrected(appeal: Appeal) -> bool:
    """Tell whether the key of the question an appeal is about was put right for its round, of a whole paper that of
    any question in it; of a performance, whether the head judge signed its points anew after it was asked."""
    if appeal.performance is not None:
        return (appeal.performance.signed_at or 0) > appeal.asked_at
    asked = {appeal.version_id}
    if appeal.version_id is None and appeal.attempt is not None:
        asked = {place.version for place in papers.places_of(appeal.attempt.paper)}
    query = (
        select(Correction.version_id)
        .join(RoundCorrection, RoundCorrection.correction_id == Correction.id)
        .where(RoundCorrection.round_id == appeal.round_id)
    )
    return not asked.isdisjoint(db.session.scalars(query))


def count_open(round_id: int) -> int:
    """Return how many appeals of a round have no answer."""
    query = select(func.count()).select_from(Appeal)
    return db.session.scalar(query.where(Appeal.round_id == round_id, Appeal.answered_at.is_(None))) or 0


def open_by_round(round_ids: Iterable[int]) -> dict[int, int]:
    """Return how many appeals have no answer, for each of these rounds that has any."""
    query = select(Appeal.round_id, func.count()).where(Appeal.round_id.in_(list(round_ids)))
    rows = db.session.execute(query.where(Appeal.answered_at.is_(None)).group_by(Appeal.round_id))
    return {key: count for key, count in rows}


def counts(round_id: int, now: int) -> tuple[int, int, int]:
    """Return how many appeals a round has, how many have no answer, and of how many it is overdue or came too late."""
    unanswered = Appeal.answered_at.is_(None)
    query = select(
        func.count(),
        func.count().filter(unanswered),
        func.count().filter(Appeal.due_at < func.coalesce(Appeal.answered_at, now)),
    )
    total, left, late = db.session.execute(query.where(Appeal.round_id == round_id)).one()
    return total, left, late


def outcomes(round_ids: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """Return (asked, answered that the marks stand, that they were corrected) for each of these rounds with appeals."""
    found = [func.count().filter(Appeal.finding == finding) for finding in (Finding.KEPT, Finding.CORRECTED)]
    query = select(Appeal.round_id, func.count(), *found).where(Appeal.round_id.in_(list(round_ids)))
    return {
        key: (asked, kept, put)
        for key, asked, kept, put in db.session.execute(query.group_by(Appeal.round_id))
    }


def page_of(contest_round: Round, page: int = 1) -> Pagination:
    """Return a page of the appeals of a round, those without an answer first, the most pressing at the top."""
    query = (
        select(Appeal)
        .where(Appeal.round_id == contest_round.id)
        .options(*_with_people())
        .order_by(Appeal.answered_at.is_not(None), Appeal.due_at, Appeal.id)
    )
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


def _with_people() -> Iterable[object]:
    for entry in (
        joinedload(Appeal.attempt).joinedload(Attempt.entry),
        joinedload(Appeal.performance).joinedload(Performance.entry),
    ):
        yield from (entry.joinedload(Entry.person), entry.joinedload(Entry.unit))
    yield joinedload(Appeal.answered_by)


def of_attempt(attempt: Attempt) -> list[Appeal]:
    """Return what was asked about an attempt, with the answers."""
    query = select(Appeal).where(Appeal.attempt_id == attempt.id).options(joinedload(Appeal.answered_by))
    return list(db.session.scalars(query.order_by(Appeal.asked_at, Appeal.id)))


def of_performances(entry: Entry) -> list[Appeal]:
    """Return what was asked about the performances of an entry, with the answers."""
    query = (
        select(Appeal)
        .join(Performance, Performance.id == Appeal.performance_id)
        .where(Performance.entry_id == entry.id)
        .options(joinedload(Appeal.answered_by), joinedload(Appeal.performance))
    )
    return list(db.session.scalars(query.order_by(Appeal.asked_at, Appeal.id)))


def check_settled(contest_round: Round, now: int) -> None:
    """Raise RuleBroken while a round may still get appeals or has some without an answer."""
    window = window_of(contest_round.id)
    if window is not None and now < window.closes_at:
        raise RuleBroken(N_("Thời gian nhận phúc khảo chưa hết. Hãy chờ hết rồi công bố chính thức."))
    left = count_open(contest_round.id)
    if left:
        raise RuleBroken(
            N_("Còn %(count)d đơn phúc khảo chưa trả lời. Hãy trả lời hết rồi công bố chính thức."),
            count=left,
        )
