"""Entering answer sheets: two people key each one without seeing the other's, a third settles what differs.

An attempt on paper ends when its entry is settled: the responses are then stored and marked as everybody else's. It
took the minutes the proctor wrote down or else the full time, however soon it was entered.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete

from quiz.core import paper_entry
from quiz.core.errors import N_, AlreadyDone, NotAllowed, RuleBroken
from quiz.core.paper_entry import LONGEST_MINUTES, UNCLEAR, Difference, Keyed, PaperState
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Account, Attempt, Keying, PrintedPaper, Response
from quiz.services import attempts, audit, marking, papers
from quiz.services.audit import Actor
from quiz.services.papers import PaperItem
from quiz.services.printed_papers import lock, state
from quiz.services.responses import DEVICE_BITS

NOT_THIS_SHEET = N_("Các câu nhập không khớp với đề này. Hãy tải lại trang rồi nhập lại.")


def items_of(paper: PrintedPaper) -> list[PaperItem]:
    """Return the questions of a printed paper in order, without the key."""
    return papers.paper_of(paper.attempt)


def check_may_key(paper: PrintedPaper, actor: Actor, now: int) -> None:
    """Raise what stands against keying this sheet now: AlreadyDone when two have, NotAllowed for the own paper."""
    if paper.attempt.entry.round.phase_at(now) is Phase.SCHEDULED:
        raise RuleBroken(N_("Vòng thi chưa bắt đầu nên chưa có phiếu trả lời để nhập."))
    if state(paper) in (PaperState.DIFFERENT, PaperState.ENTERED):
        raise AlreadyDone(N_("Phiếu trả lời này đã có hai người nhập."))
    if actor.account_id in [keying.account_id for keying in paper.keyings]:
        raise AlreadyDone(N_("Bạn đã nhập phiếu này. Lần nhập thứ hai phải do người khác làm."))
    _check_not_own(paper, actor)


def _check_not_own(paper: PrintedPaper, actor: Actor) -> None:
    account = db.session.get(Account, actor.account_id) if actor.account_id else None
    if account is None or account.person_id == paper.attempt.person_id:
        raise NotAllowed(N_("Không ai được nhập phiếu trả lời của chính mình."))


def key(paper: PrintedPaper, keyed: Keyed, actor: Actor, now: int) -> PaperState:
    """Store what one person keyed and return where the entry stands then; two that agree are settled at once.

    Raise what `check_may_key` raises, and RuleBroken when the answers are not of this paper.
    """
    lock(paper)
    check_may_key(paper, actor, now)
    _check_fits(paper, keyed.choices, keyed.minutes)
    keying = Keying(
        number=len(paper.keyings) + 1, account_id=actor.account_id, keyed_at=now, choices=list(keyed.choices),
        minutes=keyed.minutes,
    )  # fmt: skip
    paper.keyings.append(keying)
    db.session.flush()
    _record(paper, "paper.key", actor, now, number=keying.number)
    if keying.number == 2:
        first, second = keyings_of(paper)
        if paper_entry.agree(first, second):
            _end(paper, second, actor, now, differences=0)
    return state(paper)


def keyings_of(paper: PrintedPaper) -> tuple[Keyed, ...]:
    """Return what was keyed, in order."""
    return tuple(Keyed(tuple(keying.choices), keying.minutes) for keying in paper.keyings)


def differences_of(paper: PrintedPaper) -> list[Difference]:
    """Return where the two keyings of a paper need a third look; none before both are there."""
    if len(paper.keyings) < 2:
        return []
    first, second = keyings_of(paper)
    return paper_entry.differences(first.choices, second.choices)


def check_may_settle(paper: PrintedPaper, actor: Actor) -> None:
    """Raise what stands against a third look by this person: it must be somebody who keyed neither time."""
    if state(paper) is PaperState.ENTERED:
        raise AlreadyDone(N_("Bài giấy này đã nhập xong."))
    if state(paper) is not PaperState.DIFFERENT:
        raise RuleBroken(N_("Phiếu trả lời này chưa đủ hai người nhập."))
    if actor.account_id in [keying.account_id for keying in paper.keyings]:
        raise NotAllowed(
            N_("Bạn đã nhập phiếu này. Chỗ khác nhau phải do người thứ ba xem lại và quyết định.")
        )
    _check_not_own(paper, actor)


def settle(
    paper: PrintedPaper, decided: Mapping[int, str], minutes: int | None, reason: str, actor: Actor, now: int
) -> None:
    """End the entry of a paper as a third look at the sheet decided, with the reason.

    Raise what `check_may_settle` raises, and RuleBroken when a difference is left open or the reason is missing.
    """
    lock(paper)
    check_may_settle(paper, actor)
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do quyết định, ví dụ: đối chiếu lại phiếu gốc."))
    first, second = keyings_of(paper)
    final = paper_entry.settled(first, second, decided, minutes)
    _check_fits(paper, final.choices, final.minutes)
    paper.decided, paper.reason = (
        {str(place): answer for place, answer in decided.items()},
        reason.strip()[:300],
    )
    _end(paper, final, actor, now, differences=len(decided), reason=paper.reason)


def _check_fits(paper: PrintedPaper, choices: Sequence[str], minutes: int | None) -> None:
    sizes = [len(place.order) for place in papers.places_of(paper.attempt.paper)]
    fits = len(sizes) == len(choices) and all(map(_is_possible, choices, sizes))
    if not fits or not 1 <= (1 if minutes is None else minutes) <= LONGEST_MINUTES:
        raise RuleBroken(NOT_THIS_SHEET)


def _is_possible(answer: str, option_count: int) -> bool:
    return answer == UNCLEAR or all(place < option_count for place in marking.choice_of(answer))


def _end(paper: PrintedPaper, final: Keyed, actor: Actor, now: int, **detail: object) -> None:
    """Store the responses of the sheet in the attempt, hand it in and mark it like any other."""
    attempt, several = paper.attempt, [item.several for item in items_of(paper)]
    _set_times(paper, final.minutes, now)
    responses = [
        paper_entry.counted(answer, many) for answer, many in zip(final.choices, several, strict=True)
    ]
    _store(attempt, responses, now)
    attempts.submit(attempt, now, attempts.DEADLINE)
    if final.minutes is not None:
        attempt.ended_by = attempts.CANDIDATE
    paper.settled_at, paper.settled_by_id, paper.minutes = now, actor.account_id, final.minutes
    db.session.flush()
    _record(paper, "paper.settle", actor, now, **detail)


def _set_times(paper: PrintedPaper, minutes: int | None, now: int) -> None:
    attempt, contest_round = paper.attempt, paper.attempt.entry.round
    taken = paper_entry.time_taken(minutes, papers.pool_of(contest_round).rules.minutes)
    attempt.started_at = paper_entry.began_at(paper.issued_at, contest_round.opens_at, taken, now)
    attempt.deadline = attempt.started_at + taken
    db.session.flush()


def _store(attempt: Attempt, choices: Sequence[str], now: int) -> None:
    db.session.execute(delete(Response).where(Response.attempt_id == attempt.id))
    stamp = (attempt.deadline - attempt.started_at) << DEVICE_BITS
    for position, choice in enumerate(choices):
        if choice:
            place = {"attempt_id": attempt.id, "position": position}
            db.session.add(Response(**place, choice=choice, stamp=stamp, saved_at=now))
    db.session.flush()


def _record(paper: PrintedPaper, action: str, actor: Actor, now: int, **detail: object) -> None:
    entry = paper.attempt.entry
    detail = {"name": entry.person.full_name, "code": paper.attempt.receipt_code, **detail}
    audit.record(actor, action, paper, now, entry.round.unit.path, **detail)
