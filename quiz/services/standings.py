"""From stored attempts and signed sheets to standings: each entry's best attempt, joined with what the judges gave,
ranked within the declared scope."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core import ranking
from quiz.core.joining import FULL_MARKS, Evidence, Share
from quiz.core.marking import Marks
from quiz.core.promotion import Scope
from quiz.core.ranking import Comparison, Explanation, Score
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Attempt, Entry, Person, Round, VoidedAttempt
from quiz.services import places, stage_points
from quiz.services.contests import rules_of
from quiz.services.marking import values_of
from quiz.services.stage_points import Joined


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ranking: the entry with its names, its counting attempt and its explained rank.

    `points` and `max_points` are hundredths, `time_used` ms, `scope` the name within which the rank counts, `above` the
    unit above the cell when the round ended. Where the
    rules name parts, `shares` is what each adds and `evidence` how judged ones came to their points; without an online
    part there is no attempt.
    """

    entry: Entry
    above: str
    attempt: Attempt | None
    scope: str
    rank: int
    points: int
    max_points: int
    time_used: int
    explanation: Explanation
    shares: tuple[Share, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def scope_name(entry: Entry, scope: Scope) -> str:
    """Return the name of what an entry is counted within: "" for the whole round."""
    return {
        Scope.ROUND: lambda: "",
        Scope.UNIT: lambda: entry.scope.title,
        Scope.CLUSTER: lambda: entry.cluster,
        Scope.GROUP: lambda: entry.ranking_group,
    }[scope]()


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What a ranking would rest on: other marks for some attempts, by id, and attempts struck out."""

    marks: Mapping[int, Marks] = field(default_factory=dict)
    without: frozenset[int] = frozenset()


def standings_of(contest_round: Round, otherwise: Otherwise | None = None) -> list[Line]:
    """Return the ranking of a round from what is handed in so far: scope by scope, best first.

    Withdrawn entries have no line, nor have those without an attempt handed in that stands, or with a part that the
    head judge has not signed. `otherwise` asks what the ranking would be; nothing is stored.
    """
    other = otherwise or Otherwise()
    rules = rules_of(contest_round)
    entries = {entry.id: entry for entry in _entries(contest_round)}
    best = _best_attempts(contest_round.id, entries, rules, other) if rules.has_online else {}
    scores = {key: _score(attempt, key, other) for key, attempt in best.items()}
    joined = stage_points.joined(contest_round, rules, scores, entries) if rules.parts else {}
    if rules.parts:
        scores = {key: one.score for key, one in joined.items()}
    scopes = {key: scope_name(entry, rules.rank_within) for key, entry in entries.items()}
    above = places.above(entries.values())
    ranked = ranking.rank_within(scores.values(), scopes, rules.tie_breaks)
    lines = [
        _line(entries[one.entry], above[one.entry], best.get(one.entry), scope, one, joined.get(one.entry))
        for scope, standings in ranked.items()
        for one in standings
    ]
    return sorted(
        lines, key=lambda line: (line.scope, line.rank, line.entry.person.sort_key, line.entry.person.code)
    )


def _entries(contest_round: Round) -> Iterable[Entry]:
    query = (
        select(Entry)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
        .options(joinedload(Entry.person).load_only(Person.code, Person.full_name, Person.sort_key))
        .options(selectinload(Entry.unit), joinedload(Entry.scope))
    )
    return db.session.scalars(query)


def _best_attempts(
    round_id: int, entries: Mapping[int, Entry], rules: Rules, other: Otherwise
) -> dict[int, Attempt]:
    voided = select(VoidedAttempt.attempt_id)
    query = select(Attempt).where(
        Attempt.round_id == round_id, Attempt.submitted_at.is_not(None), Attempt.id.not_in(voided)
    )
    handed_in: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in db.session.scalars(query):
        if attempt.entry_id in entries and attempt.id not in other.without:
            handed_in[attempt.entry_id].append(attempt)
    return {key: _best(attempts, rules, other) for key, attempts in handed_in.items()}


def _best(attempts: list[Attempt], rules: Rules, other: Otherwise) -> Attempt:
    if len(attempts) == 1:
        return attempts[0]
    by_number = {attempt.number: attempt for attempt in attempts}
    scores = [_score(attempt, attempt.number, other) for attempt in attempts]
    return by_number[ranking.best_attempt(scores, rules.tie_breaks).entry]


def _score(attempt: Attempt, key: int, other: Otherwise) -> Score:
    marks = other.marks.get(attempt.id)
    if marks is None:
        return Score(key, attempt.raw_score or 0, attempt.values or {})
    return Score(key, marks.raw_score, (attempt.values or {}) | values_of(marks))


def _line(
    entry: Entry,
    above: str,
    attempt: Attempt | None,
    scope: str,
    standing: ranking.Standing,
    joined: Joined | None,
) -> Line:
    most = FULL_MARKS if joined else (attempt.max_score or 0 if attempt else 0)
    return Line(
        entry, above, attempt, scope, standing.rank, standing.points, most, (attempt.time_used or 0) if attempt else 0,
        standing.explanation, joined.shares if joined else (), joined.evidence if joined else (),
    )  # fmt: skip


def explanation_to_dict(
    explanation: Explanation, shares: Sequence[Share] = (), evidence: Sequence[Evidence] = ()
) -> dict[str, Any]:
    """Return an explanation as the JSON a result keeps, with what each part added and how judged ones came about."""
    compared = [list(comparison) for comparison in explanation.decided_by]
    return (
        asdict(explanation)
        | {"decided_by": compared}
        | (
            {"parts": [[one.part, one.points, one.max_points, one.weight] for one in shares]}
            if shares
            else {}
        )
        | ({"judged": [one._asdict() for one in evidence]} if evidence else {})
    )


def explanation_from_dict(data: dict[str, Any]) -> Explanation:
    """Return the explanation a result keeps."""
    compared = tuple(
        Comparison(ranking.criterion_of(name), *numbers) for name, *numbers in data["decided_by"]
    )
    return Explanation(data["ahead"], data["equal_points"], compared, data["shared_with"])


def told_apart(data: dict[str, Any]) -> tuple[Comparison, ...]:
    """Return what told a kept result from those with equal points; nothing where nobody has as many."""
    why = explanation_from_dict(data)
    return why.decided_by if why.equal_points else ()
