"""The log of incidents: writing one down, what was done about it, and the minutes given because of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.incidents import IncidentKind, check_incident, check_words
from quiz.extensions import db
from quiz.models import Entry, Incident, IncidentGrant, IncidentStep, Round, TimeGrant, Unit
from quiz.services import audit
from quiz.services.audit import Actor

PAGE = 50
LATEST = 5  # shown on a duty board
WRITTEN = N_("Việc này đã được ghi rồi, không cần bấm lại.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be written down: kind, where, when and what; perhaps whom it concerns and what was done at once.

    `key` names the form, so that a double click writes once.
    """

    kind: IncidentKind
    unit: Unit
    happened_at: int
    what: str
    key: str
    place: str = ""
    entry: Entry | None = None
    done: str = ""


def write(contest_round: Round, wish: Wish, actor: Actor, now: int) -> Incident:
    """Write an incident of a round down and return it.

    Raise AlreadyDone when this form was taken before, RuleBroken when words are missing or the time lies ahead.
    """
    check_incident(wish.what, wish.happened_at, now)
    incident = Incident(
        round_id=contest_round.id, unit=wish.unit, entry=wish.entry, path=wish.unit.path, place=wish.place.strip(),
        kind=wish.kind, happened_at=wish.happened_at, what=wish.what.strip(), key=wish.key, written_at=now,
        written_by_id=actor.account_id,
    )  # fmt: skip
    _add_once(incident)
    audit.record(
        actor, "incident.write", incident, now, incident.path, kind=str(wish.kind), what=incident.what[:200]
    )
    if wish.done.strip():
        add_step(incident, wish.done, f"{wish.key[:38]}-1", actor, now)
    return incident


def add_step(incident: Incident, text: str, key: str, actor: Actor, now: int) -> IncidentStep:
    """Add what was done about an incident and return it; raise AlreadyDone when this form was taken before."""
    check_words(text, N_("Hãy ghi việc đã làm."))
    _check_standing(incident)
    step = IncidentStep(
        incident_id=incident.id, text=text.strip(), key=key, written_at=now, written_by_id=actor.account_id
    )
    _add_once(step)
    db.session.expire(incident, ["steps"])
    audit.record(actor, "incident.step", incident, now, incident.path, done=step.text[:200])
    return step


def _add_once(row: Incident | IncidentStep) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as clash:
        raise AlreadyDone(WRITTEN) from clash


def _check_standing(incident: Incident) -> None:
    if incident.withdrawn_at is not None:
        raise RuleBroken(N_("Sự cố này đã được rút khỏi sổ nên không ghi thêm được."))


def link(incident: Incident, grants: Iterable[TimeGrant], actor: Actor, now: int) -> int:
    """Note that minutes were given because of an incident and return how many grants were added to it.

    Raise RuleBroken when one belongs to another round or has another cause.
    """
    _check_standing(incident)
    added = 0
    for grant in grants:
        added += _link(incident, grant)
    db.session.flush()
    db.session.expire(incident, ["grants"])
    if added:
        audit.record(actor, "incident.link", incident, now, incident.path, grants=added)
    return added


def _link(incident: Incident, grant: TimeGrant) -> bool:
    known = db.session.get(IncidentGrant, grant.id)
    if grant.round_id != incident.round_id or (known and known.incident_id != incident.id):
        raise RuleBroken(N_("Lần cho thêm giờ này đã gắn với sự cố khác."))
    if known:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(IncidentGrant(grant_id=grant.id, incident_id=incident.id))
    except IntegrityError as clash:
        raise AlreadyDone(N_("Lần cho thêm giờ này đã được gắn với một sự cố.")) from clash
    return True


def withdraw(incident: Incident, reason: str, actor: Actor, now: int) -> None:
    """Take an incident written by mistake out of the log; it stays to be read with the reason."""
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi vì sao rút khỏi sổ."))
    db.session.refresh(incident, with_for_update={"key_share": True})
    if incident.withdrawn_at is not None:
        raise AlreadyDone(N_("Sự cố này đã được rút khỏi sổ."))
    incident.withdrawn_at, incident.withdrawn_reason = now, reason.strip()
    db.session.flush()
    audit.record(actor, "incident.withdraw", incident, now, incident.path, reason=incident.withdrawn_reason)


# --- reading ------------------------------------------------------------------------------------------------------


def _under(paths: Sequence[str]) -> ColumnElement[bool]:
    return true() if "" in paths else or_(db.false(), *(Incident.path.startswith(path) for path in paths))


def _whole(query: Select[tuple[Incident]]) -> Select[tuple[Incident]]:
    return query.options(
        joinedload(Incident.unit), joinedload(Incident.written_by), joinedload(Incident.entry).joinedload(Entry.person),
        selectinload(Incident.steps).joinedload(IncidentStep.written_by), selectinload(Incident.grants),
    )  # fmt: skip


def page_of(contest_round: Round, paths: Sequence[str], page: int) -> Pagination:
    """Return a page of the incidents of a round under `paths` ("" reaches all), the latest first."""
    query = select(Incident).where(Incident.round_id == contest_round.id, _under(paths))
    ordered = query.order_by(Incident.happened_at.desc(), Incident.id.desc())
    return db.paginate(_whole(ordered), page=max(page, 1), per_page=PAGE, error_out=False)


def latest(contest_round: Round, paths: Sequence[str], limit: int = LATEST) -> tuple[list[Incident], int]:
    """Return the latest standing incidents of a round under `paths`, at most `limit`, and how many there are."""
    standing = (Incident.round_id == contest_round.id, Incident.withdrawn_at.is_(None), _under(paths))
    query = select(Incident).where(*standing).order_by(Incident.happened_at.desc(), Incident.id.desc())
    total = db.session.scalar(select(func.count(Incident.id)).where(*standing)) or 0
    return list(db.session.scalars(query.options(joinedload(Incident.unit)).limit(limit))), total


def all_of(round_ids: Iterable[int]) -> list[Incident]:
    """Return every standing incident of these rounds as it happened, with steps and minutes, for the minutes."""
    query = select(Incident).where(Incident.round_id.in_(list(round_ids)), Incident.withdrawn_at.is_(None))
    return list(db.session.scalars(_whole(query.order_by(Incident.happened_at, Incident.id))))


def grants_to_link(contest_round: Round, paths: Sequence[str], limit: int = PAGE) -> list[TimeGrant]:
    """Return the grants of minutes of a round under `paths` that no incident explains yet, the latest first."""
    query = (
        select(TimeGrant)
        .outerjoin(IncidentGrant, IncidentGrant.grant_id == TimeGrant.id)
        .where(
            TimeGrant.round_id == contest_round.id, TimeGrant.withdrawn_at.is_(None),
            IncidentGrant.grant_id.is_(None),
        )
        .order_by(TimeGrant.id.desc())
        .limit(limit)
    )  # fmt: skip
    if "" not in paths:
        query = query.where(or_(db.false(), *(TimeGrant.path.startswith(path) for path in paths)))
    return list(db.session.scalars(query))


def open_to(contest_round: Round, paths: Sequence[str]) -> list[Incident]:
    """Return the standing incidents of a round under `paths` that minutes may be given for, the latest first."""
    return latest(contest_round, paths, PAGE)[0]


def standing_grants(round_ids: Iterable[int]) -> list[TimeGrant]:
    """Return every grant of minutes of these rounds that was not taken back, as it was given, for the minutes."""
    query = (
        select(TimeGrant)
        .where(TimeGrant.round_id.in_(list(round_ids)), TimeGrant.withdrawn_at.is_(None))
        .order_by(TimeGrant.given_at, TimeGrant.id)
    )
    whom = (joinedload(TimeGrant.person), joinedload(TimeGrant.hall), joinedload(TimeGrant.unit))
    return list(db.session.scalars(query.options(*whom, selectinload(TimeGrant.reached))))


def causes_of(grants: Iterable[TimeGrant]) -> dict[int, Incident]:
    """Return the incident behind each of these grants that has one, by grant."""
    query = (
        select(IncidentGrant.grant_id, Incident)
        .join(Incident, Incident.id == IncidentGrant.incident_id)
        .where(IncidentGrant.grant_id.in_([grant.id for grant in grants]))
    )
    return {key: incident for key, incident in db.session.execute(query)}
