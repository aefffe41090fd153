"""Help at the proctor's desk for those who have forgotten their code: by full name and year of birth, on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from quiz.core.errors import N_, RuleBroken
from quiz.core.lookups import FEWEST_WORDS, MOST, is_named, wait_before_lookup
from quiz.core.names import nfc, search_key
from quiz.extensions import db
from quiz.models import AccessCard, AuditEvent, Entry, Person, Round, Stage, Unit
from quiz.services import audit
from quiz.services.audit import Actor

ACT = "card.find"
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody entered in a contest that still runs, with the card in use; the PIN is known to nobody."""

    entry: Entry
    card: AccessCard | None


def find(name: str, birth_year: int, paths: Sequence[str], actor: Actor, now: int) -> list[Found]:
    """Return the contestants of that full name and year of birth whose cell or round lies under `paths`.

    One line for each person and contest, at most SHOWN. Raise RuleBroken when too little of the name was said or this
    account has asked too often. The look-up is put on record, whatever it found.
    """
    _check_pace(actor, now)
    if len(search_key(name).split()) < FEWEST_WORDS:
        raise RuleBroken(N_("Hãy nhập cả họ và tên, có dấu hay không dấu đều được."))
    found = _entries(name, birth_year, paths, now)
    cards = _cards([entry.person_id for entry in found])
    lines = [Found(entry, cards.get((entry.round.stage.contest_id, entry.person_id))) for entry in found]
    _record(nfc(name), birth_year, found, paths, actor, now)
    return lines


def _check_pace(actor: Actor, now: int) -> None:
    query = (
        select(AuditEvent.at)
        .where(AuditEvent.account_id == actor.account_id, AuditEvent.action == ACT)
        .order_by(AuditEvent.id.desc())
        .limit(MOST)
    )
    wait = wait_before_lookup(list(db.session.scalars(query)), now)
    if wait:
        raise RuleBroken(
            N_("Bạn đã tra cứu nhiều lần liên tiếp. Hãy thử lại sau %(minutes)d phút."),
            minutes=-(-wait // 60_000),
        )


def _entries(name: str, birth_year: int, paths: Sequence[str], now: int) -> list[Entry]:
    """Return one entry for each person and contest that fits, the first round that still runs."""
    held = aliased(Unit)
    query = (
        select(Entry)
        .join(Entry.person).join(Entry.round).join(Round.stage)
        .join(Unit, Unit.id == Entry.unit_id).join(held, held.id == Round.unit_id)
        .where(
            *(Person.search_key.contains(word, autoescape=True) for word in search_key(name).split()),
            Person.birth_date.between(date(birth_year, 1, 1), date(birth_year, 12, 31)),
            Entry.withdrawn_at.is_(None),
            or_(Round.closes_at.is_(None), func.coalesce(Round.closed_at, Round.closes_at) > now),
            _under(paths, Unit.path, held.path),
        )
        .order_by(Person.sort_key, Person.id, Stage.contest_id, Stage.ordinal, Round.id)
        .options(
            joinedload(Entry.person), joinedload(Entry.unit).joinedload(Unit.parent),
            joinedload(Entry.round).joinedload(Round.stage).joinedload(Stage.contest),
        )
        .limit(5 * SHOWN)
    )  # fmt: skip
    fitting: dict[tuple[int, int], Entry] = {}
    for entry in db.session.scalars(query):
        if is_named(entry.person.search_key, name):
            fitting.setdefault((entry.person_id, entry.round.stage.contest_id), entry)
    return list(fitting.values())[:SHOWN]


def _under(paths: Sequence[str], *columns: ColumnElement[str]) -> ColumnElement[bool]:
    if "" in paths:
        return db.true()
    return or_(db.false(), *(column.startswith(path) for path in paths for column in columns))


def _cards(persons: list[int]) -> dict[tuple[int, int], AccessCard]:
    query = select(AccessCard).where(AccessCard.person_id.in_(persons), AccessCard.revoked_at.is_(None))
    return {(card.contest_id, card.person_id): card for card in db.session.scalars(query)}


def _record(
    name: str, birth_year: int, found: list[Entry], paths: Sequence[str], actor: Actor, now: int
) -> None:
    target = found[0].person if found else "person:0"
    path = found[0].person.unit.path if found else min(paths, default="")
    cell = "; ".join(entry.unit.title for entry in found)
    audit.record(
        actor, ACT, target, now, path, name=name[:200], birth_year=birth_year, found=len(found), cell=cell
    )
