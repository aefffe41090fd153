"""Contestants' cards: a code with a PIN and a QR token, printed once, kept only as hashes, replaced in seconds."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, AlreadyDone
from quiz.extensions import db, keyring
from quiz.keyring import hash_secret, new_code, new_pin, new_token
from quiz.models import AccessCard, AuthSession, Contest, Entry, Person, Round, Stage, Unit
from quiz.services import audit, auth
from quiz.services.audit import Actor

CODE_LENGTH = 8
BATCH = 200  # cards made and printed in one go: about three seconds of hashing on two cores
PAGE = 50


@dataclass(frozen=True, slots=True)
class Secret:
    """What a card will carry, with the costly hash of its PIN ready."""

    code: str
    pin: str
    pin_hash: str
    token: str


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """A card as it is handed over, this once: only hashes of its PIN and token are kept."""

    card_id: int
    person_id: int
    name: str
    unit: Unit
    code: str
    pin: str
    token: str


def draw(count: int) -> list[Secret]:
    """Return so many fresh secrets. Hashing takes about 27 ms each: draw before a transaction holds the database."""
    pins = [new_pin() for _ in range(count)]
    with ThreadPoolExecutor(max_workers=4) as pool:  # argon2 lets other threads run
        hashes = list(pool.map(hash_secret, pins))
    return [
        Secret(new_code(CODE_LENGTH), pin, pin_hash, new_token())
        for pin, pin_hash in zip(pins, hashes, strict=True)
    ]


def issue(contest: Contest, person: Person, actor: Actor, now: int) -> PrintedCard:
    """Make the card of `person` for `contest` and return it; raise AlreadyDone when one is in use."""
    lock(contest)
    if _live_cards(contest.id, [person.id]):
        raise AlreadyDone(
            N_("%(name)s đã có phiếu dự thi. Nếu mất phiếu, hãy cấp lại."), name=person.full_name
        )
    return _write(contest, [person], draw(1), "card.issue", actor, now)[0]


def reset(contest: Contest, person: Person, actor: Actor, now: int) -> PrintedCard:
    """Replace the card of `person` and sign out every device that used it; return the new card."""
    secrets = draw(1)
    lock(contest)
    return _write(contest, [person], secrets, "card.reset", actor, now)[0]


def issue_for(
    contest_round: Round, actor: Actor, now: int, before: int = 0, secrets: Iterable[Secret] = ()
) -> list[PrintedCard]:
    """Make at most BATCH cards for entered people who have none, or one issued before the instant `before`.

    Naming the same `before` again goes on where the last batch ended. `secrets` were drawn ahead by the caller.
    Raise AlreadyDone when nobody needs a card.
    """
    contest = contest_round.stage.contest
    lock(contest)
    persons = waiting(contest_round, before)
    if not persons:
        raise AlreadyDone(N_("Mọi thí sinh đã có phiếu. Nếu phiếu chưa in kịp hoặc bị mất, hãy cấp lại."))
    ready = list(secrets)[: len(persons)]
    ready += draw(len(persons) - len(ready))
    return _write(contest, persons, ready, "card.issue", actor, now)


def waiting(contest_round: Round, before: int = 0) -> list[Person]:
    """Return who needs a card, by cell: entered, and without a live card issued at or after `before`."""
    return list(db.session.scalars(_waiting(contest_round, before).limit(BATCH)))


def count_waiting(contest_round: Round, before: int = 0, path: str = "") -> int:
    """Return how many of those entered under the unit at `path` need a card."""
    query = _waiting(contest_round, before).where(Unit.path.startswith(path))
    query = query.order_by(None).with_only_columns(db.func.count())
    return db.session.scalar(query) or 0


def _waiting(contest_round: Round, before: int) -> Any:
    live = select(AccessCard.person_id).where(
        AccessCard.contest_id == contest_round.stage.contest_id,
        AccessCard.revoked_at.is_(None),
        AccessCard.issued_at >= before,
    )
    return (
        select(Person)
        .join(Entry, Entry.person_id == Person.id).join(Unit, Unit.id == Entry.unit_id)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None), Person.id.not_in(live))
        .order_by(Unit.sort_key, Unit.id, Person.sort_key, Person.id)
        .options(joinedload(Person.unit).joinedload(Unit.parent))
    )  # fmt: skip


def lock(contest: Contest) -> None:
    """Hold the contest until the transaction ends, so that nobody gets two cards at once."""
    db.session.execute(select(Contest.id).where(Contest.id == contest.id).with_for_update(key_share=True))


def _write(
    contest: Contest,
    persons: Sequence[Person],
    secrets: Sequence[Secret],
    action: str,
    actor: Actor,
    now: int,
) -> list[PrintedCard]:
    serials = _retire(contest.id, persons, now)
    cards = [
        AccessCard(
            contest_id=contest.id, person=person, serial=serials.get(person.id, 0) + 1, code=secret.code,
            pin_hash=secret.pin_hash, token_hash=keyring.hash_token(secret.token), issued_at=now,
        )
        for person, secret in zip(persons, secrets, strict=True)
    ]  # fmt: skip
    db.session.add_all(cards)
    db.session.flush()
    for card in cards:
        person = card.person
        audit.record(
            actor, action, card, now, path=person.unit.path, name=person.full_name, cell=person.unit.title,
            serial=card.serial,
        )  # fmt: skip
    return [
        PrintedCard(
            card.id,
            card.person_id,
            card.person.full_name,
            card.person.unit,
            secret.code,
            secret.pin,
            secret.token,
        )
        for card, secret in zip(cards, secrets, strict=True)
    ]


def _retire(contest_id: int, persons: Sequence[Person], now: int) -> dict[int, int]:
    """Revoke the live cards of these people with their sessions; return the last serial of each who had a card."""
    keys = [person.id for person in persons]
    for card in _live_cards(contest_id, keys):
        card.revoked_at = now
        auth.revoke_sessions(now, person=card.person)
    db.session.flush()
    query = (
        select(AccessCard.person_id, db.func.max(AccessCard.serial))
        .where(AccessCard.contest_id == contest_id, AccessCard.person_id.in_(keys))
        .group_by(AccessCard.person_id)
    )
    return {key: serial for key, serial in db.session.execute(query)}


def _live_cards(contest_id: int, persons: list[int]) -> list[AccessCard]:
    query = select(AccessCard).where(
        AccessCard.contest_id == contest_id,
        AccessCard.person_id.in_(persons),
        AccessCard.revoked_at.is_(None),
    )
    return list(db.session.scalars(query.options(joinedload(AccessCard.person))))


def rounds_of(contest: Contest, persons: Sequence[int]) -> dict[int, list[Round]]:
    """Return by person the rounds of a contest that each of them is entered in, in their order."""
    query = (
        select(Entry.person_id, Round)
        .join(Entry.round).join(Round.stage)
        .where(Stage.contest_id == contest.id, Entry.person_id.in_(persons), Entry.withdrawn_at.is_(None))
        .order_by(Stage.ordinal, Round.opens_at, Round.id)
    )  # fmt: skip
    found: dict[int, list[Round]] = {}
    for person_id, contest_round in db.session.execute(query):
        found.setdefault(person_id, []).append(contest_round)
    return found


# --- what the desk sees -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardState:
    """The card of one entered person: the live one, and when it was last signed in with."""

    entry: Entry
    card: AccessCard | None
    signed_in_at: int | None


def page_of(contest_round: Round, page: int) -> tuple[Any, list[CardState]]:
    """Return a page of the standing entries of a round by cell, and the state of each one's card."""
    query = (
        select(Entry)
        .join(Unit, Unit.id == Entry.unit_id).join(Person, Person.id == Entry.person_id)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
        .order_by(Unit.sort_key, Unit.id, Person.sort_key, Person.id)
        .options(joinedload(Entry.unit), joinedload(Entry.person))
    )  # fmt: skip
    found = db.paginate(query, page=page, per_page=PAGE, error_out=False)
    return found, list(_states(contest_round, found.items))


def state_of(entry: Entry) -> CardState:
    """Return the state of one entered person's card."""
    return next(_states(entry.round, [entry]))


def _states(contest_round: Round, entries: Sequence[Entry]) -> Iterator[CardState]:
    persons = [entry.person_id for entry in entries]
    cards = {card.person_id: card for card in _live_cards(contest_round.stage.contest_id, persons)}
    query = (
        select(AuthSession.card_id, db.func.max(AuthSession.created_at))
        .where(AuthSession.card_id.in_([card.id for card in cards.values()]))
        .group_by(AuthSession.card_id)
    )
    seen = {key: at for key, at in db.session.execute(query)}
    for entry in entries:
        card = cards.get(entry.person_id)
        yield CardState(entry, card, seen.get(card.id) if card else None)
