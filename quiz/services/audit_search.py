"""Looking for acts: by whom, what, on which thing, when, under which unit; and who looked at one thing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload

from quiz.core.names import search_key
from quiz.extensions import db
from quiz.models import AccessCard, Attempt, AuditEvent, Edition, Entry, Person, Round, ViewRecord
from quiz.services import things

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None or "" where anything will do. Instants are ms UTC, `until` not included.

    `paths` are the subtrees the searcher answers for, "" for all; `path` is the one asked for within them.
    """

    paths: tuple[str, ...]
    who: str = ""
    actions: tuple[str, ...] | None = None
    targets: tuple[str, ...] | None = None
    path: str = ""
    since: int | None = None
    until: int | None = None
    before_id: int | None = None


def find(wanted: Wanted) -> list[AuditEvent]:
    """Return the newest acts that fit, at most a page and one more, which tells that there are older ones."""
    query = select(AuditEvent).where(*_conditions(AuditEvent, wanted))
    if wanted.actions is not None:
        query = query.where(AuditEvent.action.in_(wanted.actions))
    loaded = query.options(joinedload(AuditEvent.account), joinedload(AuditEvent.person))
    return list(db.session.scalars(loaded.order_by(AuditEvent.id.desc()).limit(PAGE + 1)))


def looks(wanted: Wanted, limit: int = PAGE) -> list[ViewRecord]:
    """Return the newest looks that fit."""
    query = select(ViewRecord).where(*_conditions(ViewRecord, wanted))
    loaded = query.options(joinedload(ViewRecord.account), joinedload(ViewRecord.api_token))
    return list(db.session.scalars(loaded.order_by(ViewRecord.id.desc()).limit(limit)))


def _conditions(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    given = [_under(model, wanted.paths)]
    if wanted.path:
        given.append(model.path.startswith(wanted.path))
    if wanted.who:
        given.append(_by(model, wanted.who))
    if wanted.targets is not None:
        given.append(model.target.in_(wanted.targets))
    if wanted.since is not None:
        given.append(model.at >= wanted.since)
    if wanted.until is not None:
        given.append(model.at < wanted.until)
    if wanted.before_id is not None:
        given.append(model.id < wanted.before_id)
    return given


def _under(model: Any, paths: tuple[str, ...]) -> ColumnElement[bool]:
    if "" in paths:
        return true()
    return or_(false(), *(model.path.startswith(path) for path in paths))


def _by(model: Any, text: str) -> ColumnElement[bool]:
    """Return the condition that somebody of that name or user name did it."""
    by_account = model.account_id.in_(things.accounts_named(text))
    if model is ViewRecord:
        return by_account
    people = select(Person.id).where(Person.search_key.contains(search_key(text), autoescape=True))
    return or_(by_account, and_(model.account_id.is_(None), model.person_id.in_(people)))


# --- one thing ------------------------------------------------------------------------------------------------------


def of_person(person: Person) -> tuple[str, ...]:
    """Return the names under which acts on a person are recorded: the person, their entries, papers and cards."""
    return (f"person:{person.id}", *_all("entry", select(Entry.id).where(Entry.person_id == person.id)),
            *_all("attempt", select(Attempt.id).where(Attempt.person_id == person.id)),
            *_all("access_card", select(AccessCard.id).where(AccessCard.person_id == person.id)))  # fmt: skip


def of_round(contest_round: Round) -> tuple[str, ...]:
    """Return the names under which acts on a round are recorded: the round and its editions."""
    editions = select(Edition.id).where(Edition.round_id == contest_round.id)
    return (f"round:{contest_round.id}", f"stage:{contest_round.stage_id}", *_all("edition", editions))


def _all(noun: str, query: Select[Any]) -> list[str]:
    return [f"{noun}:{key}" for key in db.session.scalars(query)]
