"""Closing the list of prizes of an edition, which takes two people; from then on nothing in it moves."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert

from quiz.core.approvals import Act, Answer
from quiz.core.awards import Outcome
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.extensions import db
from quiz.models import Approval, Award, AwardList, Edition
from quiz.services import approvals, audit
from quiz.services.audit import Actor
from quiz.services.awards import AwardLine, lines_of, list_of, outcome_of, places_of
from quiz.services.results import FINAL


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
        lines=places_of(outcome),
    )
    db.session.add(closed)
    db.session.flush()
    if lines:
        db.session.execute(
            insert(Award), [_row(edition, number, line) for number, line in enumerate(lines, 1)]
        )
    path = edition.round.unit.path
    audit.record(actor, "awards.close", edition, now, path, count=len(lines), sha256=digest)
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
    db.session.refresh(edition, with_for_update={"of": Edition})
    if edition.kind != FINAL:
        raise RuleBroken(N_("Đây là kết quả tạm thời. Giải được quyết định và chốt theo kết quả chính thức."))
    if edition.replaced_by is not None:
        raise RuleBroken(N_("Lần công bố này đã có lần sửa thay thế. Hãy xét giải theo lần sửa đó."))
    if list_of(edition) is not None:
        raise AlreadyDone(N_("Danh sách giải đã được chốt và không thay đổi nữa."))


def is_open(edition: Edition) -> bool:
    """Tell whether the prizes of an edition may still change."""
    return edition.kind == FINAL and edition.replaced_by is None and list_of(edition) is None


def _sha256(outcome: Outcome, lines: Iterable[AwardLine]) -> str:
    content = {"lines": places_of(outcome), "awards": [asdict(line) for line in lines]}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _row(edition: Edition, position: int, line: AwardLine) -> dict[str, Any]:
    over, under = line.figure or (None, None)
    values = {name: value for name, value in asdict(line).items() if name != "figure"}
    return values | {
        "edition_id": edition.id, "position": position, "figure_over": over, "figure_under": under,
    }  # fmt: skip
