"""The rows that figures are made of: everything that belongs to some rounds and their newest editions, as values."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from quiz.core.awards import BoardAct
from quiz.core.figures import (
    Contestant,
    Happened,
    MinutesGiven,
    Published,
    Ranked,
    RoundFigures,
    Ruled,
    TieSettled,
    Won,
)
from quiz.core.paper_entry import Medium
from quiz.core.promotion import RESERVES
from quiz.extensions import db
from quiz.models import (
    Attempt,
    Award,
    AwardDecision,
    Edition,
    Entry,
    Incident,
    LateArrival,
    Performance,
    Person,
    Result,
    Round,
    TieDecision,
    TimeGrant,
    Unit,
    VoidedAttempt,
)
from quiz.services import appeals, incidents, places, sent_rows
from quiz.services.contests import rules_of
from quiz.services.results import FINAL
from quiz.services.standings import told_apart

# By a clock, or as ended without one in a part that nobody times.
_HAS_PERFORMED = db.and_(
    Performance.absent_reason == "",
    db.or_(Performance.started_at.is_not(None), Performance.stopped_at.is_not(None)),
)


def newest_editions(keys: list[int]) -> dict[int, Edition]:
    """Return the newest edition of each of these rounds that has one, by round."""
    newest = select(db.func.max(Edition.id)).where(Edition.round_id.in_(keys)).group_by(Edition.round_id)
    query = select(Edition).where(Edition.id.in_(newest)).options(joinedload(Edition.replaces))
    return {found.round_id: found for found in db.session.scalars(query)}


class Lists:
    """Everything that belongs to these rounds and editions, a query for each kind."""

    def __init__(self, rounds: list[int], editions: list[int]) -> None:
        entries = list(_entries(rounds))
        self.entries, self.above = by_key(lambda entry: entry.round_id, entries), places.above(entries)
        self.sat, self.on_paper, self.performed = _sat(rounds)
        self.waiting = _waiting(rounds)
        self.results = by_key(lambda result: result.edition_id, _results(editions))
        self.awards = by_key(
            lambda award: award.edition_id, _of(Award, Award.edition_id, editions, Award.position)
        )
        self.ties = by_key(lambda tie: tie.edition_id, _of(TieDecision, TieDecision.edition_id, editions))
        self.ruled = by_key(
            lambda one: one.edition_id, _of(AwardDecision, AwardDecision.edition_id, editions)
        )
        self.incidents = by_key(lambda incident: incident.round_id, incidents.all_of(rounds))
        self.grants = by_key(lambda grant: grant.round_id, incidents.standing_grants(rounds))
        self.sent = by_key(lambda pair: pair[1].edition.round_id, sent_rows.promoted(rounds))
        self.stead = sent_rows.stead([entry.id for pairs in self.sent.values() for entry, _result in pairs])
        self.declined = by_key(lambda row: row.entry.round_id, sent_rows.declined(rounds))
        self.withdrawn = by_key(lambda row: row[0].round_id, sent_rows.withdrawn(rounds))
        self.appeals = appeals.outcomes(rounds)
        self.late = _attempts_in(LateArrival, rounds)
        self.voided = _attempts_in(VoidedAttempt, rounds)


def _attempts_in(model: Any, rounds: list[int]) -> dict[int, int]:
    """Return of each of these rounds how many attempts a table names."""
    return counts(
        select(Attempt.round_id, db.func.count(db.func.distinct(Attempt.id)))
        .join(model, model.attempt_id == Attempt.id)
        .where(Attempt.round_id.in_(rounds))
        .group_by(Attempt.round_id)
    )


def by_key(key: Callable[[Any], int], things: Iterable[Any]) -> dict[int, list[Any]]:
    """Return the things by key; a key without any has none."""
    found: dict[int, list[Any]] = defaultdict(list)
    for thing in things:
        found[key(thing)].append(thing)
    return found


def counts(query: Any) -> dict[int, int]:
    """Return the counts a query gives by key; 0 for others."""
    return defaultdict(int, {key: count for key, count in db.session.execute(query)})


def _of(model: Any, column: Any, keys: list[int], order: Any = None) -> Iterable[Any]:
    query = select(model).where(column.in_(keys)).order_by(order if order is not None else model.id)
    return db.session.scalars(query)


def _entries(rounds: list[int]) -> Iterable[Entry]:
    scope = db.aliased(Unit)
    query = (
        select(Entry)
        .join(Unit, Unit.id == Entry.unit_id).join(scope, scope.id == Entry.scope_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.round_id.in_(rounds), Entry.withdrawn_at.is_(None))
        .order_by(scope.sort_key, scope.id, Unit.sort_key, Unit.id, Person.sort_key, Person.code)
        .options(joinedload(Entry.person), joinedload(Entry.unit), joinedload(Entry.scope))
    )  # fmt: skip
    return db.session.scalars(query)


def took_part_in(rounds: Any) -> tuple[Any, Any]:
    """Return the conditions of which an entry of these rounds fulfils one when they handed in a paper or performed."""
    sat = select(Attempt.entry_id).where(Attempt.round_id.in_(rounds), Attempt.submitted_at.is_not(None))
    performed = select(Performance.entry_id).where(Performance.round_id.in_(rounds), _HAS_PERFORMED)
    return Entry.id.in_(sat), Entry.id.in_(performed)


def _sat(rounds: list[int]) -> tuple[set[int], dict[int, int], dict[int, int]]:
    """Return the entries that handed in a paper or performed, and of each round how many papers were on paper and how
    many entries performed."""
    query = (
        select(Attempt.entry_id, Attempt.round_id, Attempt.medium)
        .where(Attempt.round_id.in_(rounds), Attempt.submitted_at.is_not(None))
        .distinct()
    )
    sat: set[int] = set()
    on_paper: dict[int, int] = defaultdict(int)
    for entry_id, round_id, medium in db.session.execute(query):
        sat.add(entry_id)
        on_paper[round_id] += medium == Medium.PAPER
    held = select(Performance.entry_id, Performance.round_id).where(
        Performance.round_id.in_(rounds), _HAS_PERFORMED
    )
    performed: dict[int, int] = defaultdict(int)
    for entry_id, round_id in db.session.execute(held.distinct()):
        sat.add(entry_id)
        performed[round_id] += 1
    return sat, on_paper, performed


def _waiting(rounds: list[int]) -> set[int]:
    """Return the entries whose paper was printed and not yet keyed by two people."""
    query = select(Attempt.entry_id).where(
        Attempt.round_id.in_(rounds), Attempt.medium == Medium.PAPER, Attempt.submitted_at.is_(None)
    )
    return set(db.session.scalars(query))


def _results(editions: list[int]) -> Iterable[Result]:
    columns = (
        Result.edition_id, Result.entry_id, Result.attempt_id, Result.rank, Result.scope, Result.name,
        Result.cell_name, Result.unit_name, Result.points, Result.time_used, Result.explanation,
    )  # fmt: skip
    query = select(Result).where(Result.edition_id.in_(editions)).order_by(Result.position)
    return db.session.scalars(query.options(load_only(*columns)))


def round_figures(found: Round, edition: Edition | None, lists: Lists) -> RoundFigures:
    """Return the figures of a round from its rows."""
    published = _published(edition, lists) if edition is not None else None
    names = {line.entry: line.name for line in published.lines} if published else {}
    key = edition.id if edition is not None else 0
    return RoundFigures(
        round=found.id,
        name=found.name,
        unit=found.unit.title,
        opens_at=found.opens_at,
        ends_at=found.window.ends_at if found.window else None,
        contestants=tuple(_contestant(entry, lists) for entry in lists.entries[found.id]),
        published=published,
        won=tuple(_won(award) for award in lists.awards[key]),
        happened=tuple(_happened(incident) for incident in lists.incidents[found.id]),
        given=_given(lists.grants[found.id], lists.incidents[found.id]),
        ties=tuple(_tie(decision, names) for decision in lists.ties[key]),
        ruled=tuple(
            _ruled(one, names, lists.awards[key])
            for one in lists.ruled[key]
            if _shows(one, lists.awards[key])
        ),
        sent=tuple(sent_rows.sent(*pair, lists.stead, published) for pair in lists.sent[found.id]),
        declined=sent_rows.said(lists.declined[found.id], lists.sent[found.id]),
        withdrawn=tuple(sent_rows.left(*row) for row in lists.withdrawn[found.id]),
        appeals=lists.appeals.get(found.id, (0, 0, 0)),
        on_paper=lists.on_paper[found.id],
        late=lists.late[found.id],
        voided=lists.voided[found.id],
        performed=lists.performed[found.id],
        has_prizes=not rules_of(found).prizes.is_empty,
    )


def _contestant(entry: Entry, lists: Lists) -> Contestant:
    person, cell = entry.person, entry.unit
    return Contestant(
        entry=entry.id, name=person.full_name, birth_date=person.birth_date, sex=person.sex,
        ethnicity=person.ethnicity, position=person.position, is_village_head=person.is_village_head,
        cell=cell.title, unit=lists.above[entry.id] or entry.scope.title, cluster=entry.cluster,
        group=entry.ranking_group, took_part=entry.id in lists.sat,
        waits=entry.id in lists.waiting - lists.sat,
    )  # fmt: skip


def _published(edition: Edition, lists: Lists) -> Published:
    lines = tuple(
        Ranked(
            result.entry_id, result.rank, result.scope, result.name, result.cell_name, result.unit_name,
            result.points, result.time_used if result.attempt_id is not None else None, told_apart(result.explanation),
        )
        for result in lists.results[edition.id]
    )  # fmt: skip
    return Published(
        edition.number,
        edition.kind == FINAL,
        edition.check_code,
        edition.published_at,
        edition.max_score,
        lines,
        (edition.replaces.number, edition.note) if edition.replaces else None,
    )


def _won(award: Award) -> Won:
    return Won(
        prize=award.prize, kind=award.kind, scope=award.scope, entry=award.entry_id, name=award.name,
        cell=award.cell_name, unit=award.unit_name, rank=award.rank, points=award.points,
    )  # fmt: skip


def _happened(incident: Incident) -> Happened:
    minutes = max((grant.minutes for grant in incident.grants if grant.withdrawn_at is None), default=0)
    place = ", ".join(part for part in (incident.place, incident.unit.title) if part)
    return Happened(
        incident.happened_at, place, incident.what, tuple(step.text for step in incident.steps), minutes
    )


def _given(grants: list[TimeGrant], incidents: list[Incident]) -> tuple[MinutesGiven, ...]:
    """Return every grant that stands, each with the number its incident has in the list of incidents."""
    causes = {grant.id: number for number, one in enumerate(incidents, start=1) for grant in one.grants}
    return tuple(
        MinutesGiven(
            grant.given_at, grant.target_name, grant.minutes, grant.reason, len(grant.reached), causes.get(grant.id)
        )
        for grant in grants
    )  # fmt: skip


def _tie(decision: TieDecision, names: dict[int, str]) -> TieSettled:
    chosen = tuple(names[key] for key in decision.chosen if key in names)
    scope = decision.scope.removeprefix(RESERVES)
    return TieSettled(
        scope, decision.rank, decision.way, chosen, decision.seed, decision.reason, scope != decision.scope,
        decision.taken_back_reason,
    )  # fmt: skip


def _shows(decision: AwardDecision, awards: list[Award]) -> bool:
    """Tell whether a closed list shows a decision: equals settled over a prize that was then withheld it does not."""
    if decision.act is not BoardAct.SETTLE:
        return bool(awards)
    return any(a.prize == decision.prize and (a.entry_id or a.unit_id) in decision.chosen for a in awards)


def _ruled(decision: AwardDecision, people: dict[int, str], awards: list[Award]) -> Ruled:
    """Return a decision about the closed list; a unit it names has won, so its name stands there."""
    units = {one.unit_id: one.name for one in awards if one.unit_id and one.prize == decision.prize}
    keys = (decision.key,) if decision.key else tuple(decision.chosen)
    names = tuple((units or people)[key] for key in keys if key in (units or people))
    return Ruled(decision.act, decision.prize, decision.scope, decision.number, names, decision.reason)
