"""Starting and saving as one writes them first: the sign-in, the checks, CSRF, audit and commit of the product, but
`ORDER BY random()`, a row for each place of a paper, and every row through the ORM."""

import json
import secrets
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from sqlalchemy import JSON, ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz import clock
from quiz.core import rules, timing
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import Attempt, Entry, ItemVersion, Response, RoundItem, Topic
from quiz.services import audit
from quiz.web import access, belongings
from quiz.web.forms.attempts import batch_from

blueprint = Blueprint("plain", __name__, url_prefix="/plain")


class PaperItem(db.Model):
    """One place of a paper as a row: its item version and the order of the options."""

    __tablename__ = "bench_paper_item"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    order: Mapped[list[int]] = mapped_column(JSON)

    attempt: Mapped[Attempt] = relationship()
    version: Mapped[ItemVersion] = relationship()


@blueprint.post("/rounds/<int:round_id>/start")
@access.candidate_only
def start(round_id: int) -> Any:
    """Start an attempt with a paper drawn by the database."""
    entry, now = db.session.get_one(Entry, belongings.own_seat(round_id).id), clock.now()
    if entry.withdrawn_at is not None or entry.round.phase_at(now) is not Phase.OPEN:
        abort(409)
    if db.session.scalars(select(Attempt).where(Attempt.entry_id == entry.id)).first() is not None:
        abort(409)
    attempt = _add_attempt(entry, rules.from_dict(entry.round.stage.rules), now)
    audit.record(
        access.signed_in().actor, "attempt.start", attempt, now, entry.round.unit.path, number=attempt.number
    )
    page = url_for("attempts.show", attempt_id=attempt.id)
    db.session.commit()
    return redirect(page)


def _add_attempt(entry: Entry, its: rules.Rules, now: int) -> Attempt:
    window = entry.round.window
    assert window is not None  # noqa: S101 an open round has its hours
    attempt = Attempt(
        entry=entry, round_id=entry.round_id, person_id=entry.person_id, number=1, seed="", paper="", started_at=now,
        deadline=timing.deadline_of(window, its.minutes, now, its.full_time_for_late),
        grace_seconds=its.grace_seconds, receipt_code=new_code(10),
    )  # fmt: skip
    db.session.add(attempt)
    chance = secrets.SystemRandom()
    versions = [version for cell in its.blueprint for version in _drawn(entry.round_id, cell)]
    chance.shuffle(versions)
    for position, version in enumerate(versions):
        order = chance.sample(range(len(version.options)), len(version.options))
        db.session.add(PaperItem(attempt=attempt, position=position, version=version, order=order))
    db.session.flush()
    return attempt


def _drawn(round_id: int, cell: Any) -> list[ItemVersion]:
    query = (
        select(ItemVersion)
        .join(RoundItem, RoundItem.version_id == ItemVersion.id)
        .join(Topic, Topic.id == ItemVersion.topic_id)
        .where(RoundItem.round_id == round_id, Topic.code == cell.topic, ItemVersion.level == cell.level)
        .order_by(func.random())
        .limit(cell.count)
    )
    return list(db.session.scalars(query))


@blueprint.post("/attempts/<int:attempt_id>/responses")
@access.candidate_only
def save(attempt_id: int) -> Any:
    """Store a batch of choices: sign-in, attempt and response as objects."""
    attempt, now = belongings.own_attempt(attempt_id), clock.now()
    if attempt.submitted_at is not None or timing.is_due(attempt.deadline, attempt.grace_seconds, now):
        abort(409)
    stored = [_store(attempt, given, now) for given in batch_from(request.get_data())]
    answer = {"stored": stored, "deadline": attempt.deadline, "now": now}
    db.session.commit()
    return json.dumps(answer), {"Content-Type": "application/json"}


def _store(attempt: Attempt, given: Any, now: int) -> tuple[int, str, int]:
    response = db.session.get(Response, (attempt.id, given.position))
    if response is None:
        response = Response(attempt_id=attempt.id, position=given.position, stamp=-1, saves=0)
        db.session.add(response)
    if given.stamp >= response.stamp:
        response.choice, response.stamp, response.saved_at = given.choice, given.stamp, now
    response.saves += 1
    return response.position, response.choice, response.stamp
