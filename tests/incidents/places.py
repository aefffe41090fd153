"""Mai Sơn as the incidents need it: its communes, a part held there, and people who sit it; plain functions.

What only one incident needs belongs into its own file.
"""

from quiz.core.papers import Cell
from quiz.extensions import db, keyring
from quiz.models import AccessCard, Attempt, Entry, Round, Unit
from quiz.services import attempts, auth, papers, responses
from quiz.services.traces import NO_TRACE, Trace
from tests.factories import (
    NOW,
    make_card,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

BEGIN = NOW  # 08:00 on the Sunday of the online part
LENGTH = 60  # minutes
ITEMS = 30  # on a paper; their right option is the second


def make_district() -> Unit:
    """Return the district."""
    return make_unit("Mai Sơn", type_label="huyện")


def make_part(commune: Unit, **rules: object) -> Round:
    """Return the online part of a commune, opened: 30 questions in an hour, from BEGIN on, for two hours."""
    wanted = {"blueprint": (Cell("dang-vien", "", ITEMS),), "time_limit": LENGTH} | rules
    stage = make_stage(make_contest(commune.parent or commune), make_rules(**wanted))
    return open_for_test(make_round(stage, commune), [make_item() for _ in range(ITEMS)])


def enter(part: Round, name: str, village: str = "") -> Entry:
    """Return the entry of the secretary of a village's cell, with a card."""
    cell = make_cell(part.unit, f"Bản {village or name.split()[-1]}")
    entry = make_entry(part, make_person(cell, name))
    make_card(part.stage.contest, entry.person)
    return entry


def sign_in(entry: Entry, at: int, trace: Trace = NO_TRACE) -> str:
    """Sign somebody in with the card, from a device and network that left `trace`; return the session's token."""
    card = db.session.query(AccessCard).filter_by(person_id=entry.person_id, revoked_at=None).one()
    return auth.open_session(auth.holder_of(card), 12, "", at, trace)


def answer(attempt: Attempt, token: str, at: int, first: int, last: int, right: int = ITEMS) -> None:
    """Answer the questions `first` to `last` (from 1) at an instant; those up to number `right` rightly."""
    places = papers.places_of(attempt.paper)
    choices = {
        number - 1: str(places[number - 1].order.index(1 if number <= right else 2))
        for number in range(first, last + 1)
    }
    responses.save_in_session(attempt, keyring.hash_token(token), choices, at)


def stored(attempt: Attempt) -> int:
    """Return how many answers of a paper the server holds."""
    return len(responses.stored_in(attempt))


def start(entry: Entry, at: int) -> Attempt:
    """Return the paper somebody begins."""
    return attempts.start(entry, at, f"seed of {entry.person.full_name}")
