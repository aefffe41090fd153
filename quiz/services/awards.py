"""The prizes of an edition: worked out from the table and the board's decisions, then closed by two people.

Until the list is closed every reader gets what would be given now; afterwards everybody gets the closed list.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select

from quiz.core import awards as rule
from quiz.core.approvals import Act, Answer
from quiz.core.awards import BoardAct, BoardSays, How, Line, Outcome, Winner
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.prizes import Kind, PrizeTable
from quiz.extensions import db
from quiz.models import Approval, Award, AwardDecision, AwardList, Edition, Result, Unit
from quiz.services import approvals, audit
from quiz.services.audit import Actor
from quiz.services.award_figures import contestants_of, units_of
from quiz.services.contests import rules_of
from quiz.services.results import FINAL


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One prize somebody won, as documents and pages show it: a person with cell and unit, or a unit alone.

    `points` are hundredths; `figure` is what a unit was compared by: (numerator, denominator or 0).
    """

    kind: Kind
    prize: str
    scope: str
    name: str
    cell_name: str
    unit_name: str
    rank: int | None
    points: int | None
    how: How
    figure: tuple[int, int] | None
    entry_id: int | None
    unit_id: int | None
    reason: str = ""


def awards_of(edition: Edition) -> list[AwardLine]:
    """Return who wins what in an edition, in the order of the prize table: as closed, or as it would be now."""
    if list_of(edition) is None:
        return lines_of(edition, outcome_of(edition))
    query = select(Award).where(Award.edition_id == edition.id).order_by(Award.position)
    return [_closed(row) for row in db.session.scalars(query)]


def list_of(edition: Edition) -> AwardList | None:
    """Return the closed list of prizes of an edition, None while it is open."""
    return db.session.get(AwardList, edition.id)


def table_of(edition: Edition) -> PrizeTable:
    """Return the prize table of the stage an edition belongs to."""
    return rules_of(edition.round).prizes


def outcome_of(edition: Edition) -> Outcome:
    """Return what the prize table gives for an edition under the board's decisions so far."""
    table = table_of(edition)
    if table.is_empty:
        return Outcome()
    units = units_of(edition) if table.collective else []
    return rule.awarded(table, contestants_of(edition, table), units, says_of(edition))


def decisions_of(edition: Edition) -> list[AwardDecision]:
    """Return what the board has decided about the prizes of an edition, in the order it was decided."""
    query = select(AwardDecision).where(AwardDecision.edition_id == edition.id).order_by(AwardDecision.id)
    return list(db.session.scalars(query))


def says_of(edition: Edition) -> BoardSays:
    """Return the board's decisions as the rule takes them."""
    rows = decisions_of(edition)
    given: dict[str, tuple[int, ...]] = {}
    for row in rows:
        if row.act is BoardAct.GIVE:
            given[row.prize] = (*given.get(row.prize, ()), row.key)
    return BoardSays(
        withheld={(row.prize, row.scope): row.number for row in rows if row.act is BoardAct.WITHHOLD},
        settled={(row.prize, row.scope): tuple(row.chosen) for row in rows if row.act is BoardAct.SETTLE},
        given=given,
        passed_over=frozenset(row.key for row in rows if row.act is BoardAct.PASS_OVER),
    )


def lines_of(edition: Edition, outcome: Outcome) -> list[AwardLine]:
    """Return the winners of an outcome with their names."""
    results = {result.entry_id: result for result in _results(edition, outcome)}
    keys = [winner.key for _line, winner in outcome.winners(Kind.COLLECTIVE)]
    units = {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(keys)))}
    reasons = {(row.prize, row.key): row.reason for row in decisions_of(edition) if row.act is BoardAct.GIVE}
    return [
        _line(line, winner, results, units, reasons.get((line.prize, winner.key), ""))
        for line, winner in outcome.winners(*Kind)
    ]


def _results(edition: Edition, outcome: Outcome) -> Iterable[Result]:
    keys = {winner.key for _line, winner in outcome.winners(Kind.MAIN, Kind.SPECIAL)}
    query = select(Result).where(Result.edition_id == edition.id)
    return (result for result in db.session.scalars(query) if result.entry_id in keys)


def _line(
    line: Line, winner: Winner, results: Mapping[int, Result], units: Mapping[int, Unit], reason: str
) -> AwardLine:
    if line.kind is Kind.COLLECTIVE:
        name = units[winner.key].title
        return AwardLine(
            line.kind, line.prize, line.scope, name, "", "", None, None, winner.how, winner.figure, None, winner.key,
            reason,
        )  # fmt: skip
    one = results[winner.key]
    return AwardLine(
        line.kind, line.prize, line.scope, one.name, one.cell_name, one.unit_name, one.rank, one.points, winner.how,
        None, one.entry_id, None, reason,
    )  # fmt: skip


def _closed(row: Award) -> AwardLine:
    figure = None if row.figure_over is None else (row.figure_over, row.figure_under or 0)
    return AwardLine(
        row.kind, row.prize, row.scope, row.name, row.cell_name, row.unit_name, row.rank, row.points, row.how, figure,
        row.entry_id, row.unit_id, row.reason,
    )  # fmt: skip


# --- closing the list ---------------------------------------------------------------------------------------------


def ask_to_close(edition: Edition, note: str, actor: Actor, now: int) -> Approval:
    """Ask a second person to close the list of prizes as it stands.

    Raise RuleBroken unless the edition is final and counts, its table has prizes and no tie is open; AlreadyDone when
    the list is closed or already waits.
    """
    outcome = _closable(edition)
    lines = lines_of(edition, outcome)
    payload = {"sha256": _sha256(outcome, lines), "size": len(lines), "note": note}
    contest_round = edition.round
    return approvals.ask(
        Act.CLOSE_AWARDS,
        f"edition:{edition.id}",
        contest_round.unit,
        payload,
        note,
        actor,
        now,
        contest_round,
    )


def close(approval: Approval, actor: Actor, now: int) -> AwardList:
    """Close the list of prizes as two people have agreed; raise RuleBroken when it has changed since it was asked."""
    edition = db.session.get_one(Edition, int(approval.subject.removeprefix("edition:")))
    if approval.kind is not Act.CLOSE_AWARDS or approval.answer is not Answer.APPROVED:
        raise RuleBroken(N_("Chốt giải cần hai người. Hãy gửi đề nghị để người thứ hai duyệt."))
    outcome = _closable(edition)
    lines = lines_of(edition, outcome)
    digest = _sha256(outcome, lines)
    if approval.payload["sha256"] != digest:
        raise RuleBroken(
            N_("Danh sách giải đã thay đổi sau khi đề nghị. Hãy không duyệt đề nghị này và đề nghị lại.")
        )
    closed = AwardList(
        edition=edition,
        approval=approval,
        closed_at=now,
        sha256=digest,
        size=len(lines),
        lines=_plain(outcome),
    )
    db.session.add(closed)
    db.session.flush()
    if lines:
        db.session.execute(
            insert(Award), [_row(edition, number, line) for number, line in enumerate(lines, 1)]
        )
    path = edition.round.unit.path
    audit.record(actor, "awards.close", edition, now, path, size=len(lines), sha256=digest)
    return closed


def _closable(edition: Edition) -> Outcome:
    check_open(edition)
    outcome = outcome_of(edition)
    if not outcome.lines:
        raise RuleBroken(
            N_("Cấp thi này chưa có cơ cấu giải, hoặc chưa có ai có kết quả, nên chưa có gì để chốt.")
        )
    if outcome.ties:
        raise RuleBroken(N_("Còn người bằng nhau ở ranh giới giải. Hãy quyết định trường hợp đó trước."))
    return outcome


def check_open(edition: Edition) -> None:
    """Hold an edition until the transaction ends; raise RuleBroken or AlreadyDone if its prizes may not change."""
    db.session.refresh(edition, with_for_update=True)
    if edition.kind != FINAL:
        raise RuleBroken(N_("Đây là kết quả tạm thời. Giải được quyết định và chốt theo kết quả chính thức."))
    if edition.replaced_by is not None:
        raise RuleBroken(N_("Lần công bố này đã có lần sửa thay thế. Hãy xét giải theo lần sửa đó."))
    if list_of(edition) is not None:
        raise AlreadyDone(N_("Danh sách giải đã được chốt và không thay đổi nữa."))


def _plain(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what became of every place of the table, as the closed list keeps it."""
    kept = ("kind", "prize", "scope", "places", "extra", "absorbed", "withheld", "unfilled")
    return [
        {name: value for name, value in asdict(line).items() if name in kept} | {"given": len(line.winners)}
        for line in outcome.lines
    ]


def _sha256(outcome: Outcome, lines: Iterable[AwardLine]) -> str:
    content = {"lines": _plain(outcome), "awards": [asdict(line) for line in lines]}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _row(edition: Edition, position: int, line: AwardLine) -> dict[str, Any]:
    over, under = line.figure or (None, None)
    values = {name: value for name, value in asdict(line).items() if name != "figure"}
    return values | {
        "edition_id": edition.id, "position": position, "figure_over": over, "figure_under": under,
    }  # fmt: skip
