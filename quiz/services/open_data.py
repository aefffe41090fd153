"""What other systems read: units, people, rounds and published results as plain values, a page at a time.

Nothing about a person beyond name, post and cell; no birth date, no phone, no answer, no question.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Contest, Edition, Entry, Person, Result, Round, Stage, Unit
from quiz.services import tree

PAGE = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of things, its number from 1, of how many pages and things; behind the last page there are none."""

    items: list[dict[str, Any]]
    page: int
    pages: int
    total: int


def _page(query: Select[Any], number: int, plain: Callable[[Any], dict[str, Any]]) -> Listing:
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE))
    number = max(1, number)
    rows = db.session.scalars(query.limit(PAGE).offset((number - 1) * PAGE))
    return Listing([plain(row) for row in rows], number, pages, total)


def time_of(instant: int | None) -> str | None:
    """Return an instant as ISO 8601 in UTC."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def units(paths: list[str], number: int) -> Listing:
    """Return the units under `paths` in the order of the tree."""
    query = select(Unit).where(tree.under(paths)).options(joinedload(Unit.parent))
    return _page(query.order_by(Unit.path, Unit.id), number, unit_of)


def unit_of(unit: Unit) -> dict[str, Any]:
    """Return a unit as others read it."""
    return {
        "id": unit.id, "code": unit.code, "name": unit.name, "type": unit.type_label, "title": unit.title,
        "parent_id": unit.parent_id, "is_cell": unit.is_cell,
        "valid_from": unit.valid_from.isoformat() if unit.valid_from else None,
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
    }  # fmt: skip


def people(paths: list[str], number: int) -> Listing:
    """Return the people of the units under `paths`, in Vietnamese order."""
    query = select(Person).join(Person.unit).where(tree.under(paths)).options(joinedload(Person.unit))
    return _page(query.order_by(Person.sort_key, Person.id), number, person_of)


def person_of(person: Person) -> dict[str, Any]:
    """Return a person as others read them."""
    return {
        "id": person.id, "code": person.code, "full_name": person.full_name, "position": person.position.value,
        "unit_id": person.unit_id, "unit_code": person.unit.code, "unit_title": person.unit.title,
    }  # fmt: skip


def rounds(paths: list[str], number: int, now: int) -> Listing:
    """Return the rounds held at units under `paths`, the newest first."""
    query = (
        select(Round)
        .join(Round.unit)
        .where(tree.under(paths))
        .options(joinedload(Round.unit), joinedload(Round.stage).joinedload(Stage.contest))
        .order_by(Round.id.desc())
    )
    found = _page(query, number, lambda one: round_of(one, now))
    return Listing(_with_counts(found.items), found.page, found.pages, found.total)


def round_of(contest_round: Round, now: int) -> dict[str, Any]:
    """Return a round as others read it; counts are added by `round_with_counts` and lists."""
    contest: Contest = contest_round.stage.contest
    window, phase = contest_round.window, contest_round.phase_at(now)
    ended_at = (
        window.ends_at if window is not None and phase is Phase.CLOSED else None
    )  # earlier than planned, at times
    return {
        "id": contest_round.id, "name": contest_round.name, "contest": {"code": contest.code, "title": contest.title},
        "stage": contest_round.stage.name, "unit_id": contest_round.unit_id, "unit_title": contest_round.unit.title,
        "opens_at": time_of(contest_round.opens_at), "closes_at": time_of(contest_round.closes_at),
        "ended_at": time_of(ended_at), "phase": phase.value,
    }  # fmt: skip


def round_with_counts(contest_round: Round, now: int) -> dict[str, Any]:
    """Return one round with the number of people entered and its newest edition."""
    return _with_counts([round_of(contest_round, now)])[0]


def _with_counts(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    plain = list(found)
    ids = [one["id"] for one in plain]
    entered = select(Entry.round_id, func.count()).where(
        Entry.round_id.in_(ids), Entry.withdrawn_at.is_(None)
    )
    counts = {key: count for key, count in db.session.execute(entered.group_by(Entry.round_id))}
    newest = select(func.max(Edition.id)).where(Edition.round_id.in_(ids)).group_by(Edition.round_id)
    editions = {
        one.round_id: one for one in db.session.scalars(select(Edition).where(Edition.id.in_(newest)))
    }
    return [
        one | {"entries": counts.get(one["id"], 0), "edition": edition_of(editions.get(one["id"]))}
        for one in plain
    ]


def edition_of(edition: Edition | None) -> dict[str, Any] | None:
    """Return a publication as others read it, None where there is none."""
    if edition is None:
        return None
    return {
        "id": edition.id, "number": edition.number, "kind": edition.kind, "published_at": time_of(edition.published_at),
        "results": edition.size, "sha256": edition.sha256, "check_code": edition.check_code,
    }  # fmt: skip


def results(edition: Edition | None, number: int) -> Listing:
    """Return the lines of a publication in order; points are hundredths. Nothing before the first publication."""
    if edition is None:
        return Listing([], max(1, number), 1, 0)
    query = select(Result).where(Result.edition_id == edition.id).order_by(Result.position)
    return _page(query, number, lambda line: _result(line, edition))


def _result(line: Result, edition: Edition) -> dict[str, Any]:
    return {
        "position": line.position, "rank": line.rank, "within": line.scope or None, "name": line.name,
        "cell": line.cell_name, "unit": line.unit_name, "points_hundredths": line.points,
        "max_points_hundredths": edition.max_score, "parts": _parts(line),
    }  # fmt: skip


def _parts(line: Result) -> list[dict[str, Any]]:
    """Return what each part earned, none for a paper alone; what each judge gave is the board's."""
    return [
        {"name": name, "points_hundredths": points, "max_points_hundredths": most, "weight_percent": weight}
        for name, points, most, weight in line.explanation.get("parts", [])
    ]
