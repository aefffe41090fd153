"""What signs are looked for in: the papers of a round with their kept choices, and the sign-ins they were made from."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from quiz.core.paper_entry import Medium
from quiz.core.papers import Place
from quiz.core.places import node_above, place_under
from quiz.core.signals import Away, Chosen, syllables_of
from quiz.extensions import db
from quiz.models import AccessCard, Attempt, AuthSession, Entry, Response, Round, Unit
from quiz.services import papers, places
from quiz.services.marking import AT_ONCE, choice_of
from quiz.services.papers import Pool
from quiz.services.responses import DEVICE_BITS


class SignIn(NamedTuple):
    """A sign-in of a contestant, and its traces."""

    at: int
    device: str
    network: str


class Sitting(NamedTuple):
    """One paper handed in.

    `group` is the unit above the cell when the round ended; `wrong` its wrong answers as authored, by item version.
    `choices` is empty for a paper that was written by hand: it has no clock. Start and end are instants. `away` is None
    when no device told it.
    """

    attempt_id: int
    person_id: int
    group: int
    is_first: bool
    started_at: int
    ended_at: int
    allowed: int
    choices: tuple[Chosen, ...]
    wrong: Mapping[int, str]
    sign_ins: tuple[SignIn, ...]
    away: Away | None


def sittings_of(contest_round: Round) -> list[Sitting]:
    """Return the papers handed in at a round, in the order they were started."""
    pool = papers.pool_of(contest_round)
    syllables = {version: syllables_of(item.stem) for version, item in pool.items.items()}
    sign_ins = _sign_ins(contest_round)
    rows = list(db.session.execute(_handed_in(contest_round.id)))
    ended, moves = places.end_of(contest_round), places.moves_of([contest_round.id])
    found = []
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        given = _given(row.id for row in some)
        for row in some:
            place = place_under(row.path, moves.get(row.unit_id, ()), ended, row.scope_id)
            group = node_above(place) or row.unit_id
            found.append(_sitting(row, group, given[row.id], pool, syllables, sign_ins))
    return found


def _handed_in(round_id: int) -> Any:
    return (
        select(
            Attempt.id, Attempt.person_id, Attempt.number, Attempt.paper, Attempt.medium, Attempt.started_at,
            Attempt.deadline, Attempt.submitted_at, Attempt.away_count, Attempt.away_ms,
            Entry.unit_id, Entry.scope_id, Unit.path,
        )
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Unit, Unit.id == Entry.unit_id)
        .where(Attempt.round_id == round_id, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id)
    )  # fmt: skip


def _given(attempt_ids: Iterable[int]) -> dict[int, list[tuple[int, str, int]]]:
    found: dict[int, list[tuple[int, str, int]]] = {attempt_id: [] for attempt_id in attempt_ids}
    query = select(Response.attempt_id, Response.position, Response.choice, Response.stamp).where(
        Response.attempt_id.in_(found), Response.choice != ""
    )
    for attempt_id, position, choice, stamp in db.session.execute(query):
        found[attempt_id].append((position, choice, stamp))
    return found


def _sitting(
    row: Any,
    group: int,
    given: list[tuple[int, str, int]],
    pool: Pool,
    syllables: Mapping[int, int],
    sign_ins: Mapping[int, list[SignIn]],
) -> Sitting:
    places = papers.places_of(row.paper)
    by_hand = row.medium == Medium.PAPER
    choices = [
        Chosen(stamp >> DEVICE_BITS, stamp % (1 << DEVICE_BITS), syllables[places[position].version])
        for position, _choice, stamp in given
    ]
    return Sitting(
        row.id, row.person_id, group, row.number == 1, row.started_at, row.submitted_at,
        row.deadline - row.started_at,
        () if by_hand else tuple(choices), _wrong(places, given, pool),
        () if by_hand else _during(sign_ins.get(row.person_id, []), row.started_at, row.submitted_at),
        None if by_hand or row.away_ms is None else Away(row.away_count or 0, row.away_ms),
    )  # fmt: skip


def _wrong(places: list[Place], given: list[tuple[int, str, int]], pool: Pool) -> dict[int, str]:
    wrong = {}
    for position, choice, _stamp in given:
        place = places[position]
        taken = sorted(place.order[shown] for shown in choice_of(choice))
        if taken != sorted(pool.items[place.version].key):
            wrong[place.version] = ",".join(map(str, taken))
    return wrong


def _sign_ins(contest_round: Round) -> dict[int, list[SignIn]]:
    """Return the sign-ins with cards of the contest by person, in order; those without a trace too."""
    query = (
        select(AuthSession.person_id, AuthSession.created_at, AuthSession.device, AuthSession.network)
        .join(AccessCard, AccessCard.id == AuthSession.card_id)
        .where(
            AccessCard.contest_id == contest_round.stage.contest_id,
            AuthSession.person_id.in_(select(Entry.person_id).where(Entry.round_id == contest_round.id)),
        )
        .order_by(AuthSession.created_at, AuthSession.id)
    )
    found: dict[int, list[SignIn]] = {}
    for person_id, at, device, network in db.session.execute(query):
        found.setdefault(person_id or 0, []).append(SignIn(at, device, network))
    return found


def _during(sign_ins: list[SignIn], started_at: int, ended_at: int) -> tuple[SignIn, ...]:
    """Return the sign-in a paper was started from, the last before, and those while it went on."""
    before = [sign_in for sign_in in sign_ins if sign_in.at <= started_at][-1:]
    return (*before, *(sign_in for sign_in in sign_ins if started_at < sign_in.at <= ended_at))
