"""What a recorded thing ("round:7") is called, for many at once, and which things a name may mean."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from quiz.core.names import search_key
from quiz.extensions import db
from quiz.models import (
    AccessCard,
    Account,
    Appeal,
    Attempt,
    Bank,
    Contest,
    Document,
    Edition,
    Entry,
    HallSession,
    Item,
    Person,
    PrintedPaper,
    Round,
    Stage,
    TimeGrant,
    Unit,
)
from quiz.services import tree

MOST = 50  # things a typed name may mean, of each kind

# How a row of each kind is called, by its number.
_NAMES: dict[str, Select[Any]] = {
    "unit": select(Unit.id, Unit.type_label + " " + Unit.name),
    "person": select(Person.id, Person.full_name),
    "account": select(Account.id, Account.display_name),
    "contest": select(Contest.id, Contest.title),
    "stage": select(Stage.id, Stage.name),
    "round": select(Round.id, Round.name),
    "entry": select(Entry.id, Person.full_name).join(Entry.person),
    "attempt": select(Attempt.id, Person.full_name).join(Person, Person.id == Attempt.person_id),
    "access_card": select(AccessCard.id, Person.full_name).join(AccessCard.person),
    "edition": select(Edition.id, Round.name).join(Edition.round),
    "item": select(Item.id, Item.code),
    "bank": select(Bank.id, Bank.title),
    "document": select(Document.id, Document.title),
    "hall_session": select(HallSession.id, HallSession.place),
    "printed_paper": select(PrintedPaper.id, Person.full_name)
    .join(PrintedPaper.attempt)
    .join(Person, Person.id == Attempt.person_id),
    "time_grant": select(TimeGrant.id, Round.name).join(TimeGrant.round),
    "appeal": select(Appeal.id, Round.name).join(Round, Round.id == Appeal.round_id),
}
_KEYS: dict[str, Any] = {
    "unit": Unit.id, "person": Person.id, "account": Account.id, "contest": Contest.id, "stage": Stage.id,
    "round": Round.id, "entry": Entry.id, "attempt": Attempt.id, "access_card": AccessCard.id, "edition": Edition.id,
    "item": Item.id, "bank": Bank.id, "document": Document.id, "hall_session": HallSession.id,
    "printed_paper": PrintedPaper.id, "time_grant": TimeGrant.id, "appeal": Appeal.id,
}  # fmt: skip


def parts_of(target: str) -> tuple[str, int]:
    """Return the noun and number of a target; 0 where it has none."""
    noun, _, key = target.partition(":")
    return noun, int(key) if key.isdigit() and len(key) < 10 else 0


def names_of(targets: Iterable[str]) -> dict[str, str]:
    """Return what these things are called now, by a statement for each kind; those gone are not in it."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for target in targets:
        noun, key = parts_of(target)
        if noun in _NAMES and key:
            wanted[noun].add(key)
    return {
        f"{noun}:{key}": name
        for noun, ids in wanted.items()
        for key, name in db.session.execute(_NAMES[noun].where(_KEYS[noun].in_(ids)))
    }


def named(names: Select[Any], text: str) -> list[int]:
    """Return the ids of those rows (id, name) whose name has `text` in it, marks or no marks.

    For what is few and keeps no search key: rounds, contests, accounts.
    """
    key = search_key(text)
    return [row for row, name in db.session.execute(names) if key in search_key(name)]


def accounts_named(text: str) -> list[int]:
    """Return the ids of the accounts of that user name, or with `text` in the name shown."""
    shown = named(select(Account.id, Account.display_name), text)
    return [*shown, *db.session.scalars(select(Account.id).where(Account.username == text.lower()))]


def meant_by(text: str, paths: list[str]) -> list[str]:
    """Return the things under `paths` whose name or code has `text` in it, at most MOST of each kind."""
    key = search_key(text)

    def has(column: Any) -> ColumnElement[bool]:
        return column.contains(key, autoescape=True)  # type: ignore[no-any-return]

    under = tree.under(paths)
    people = (
        select(Person.id).join(Person.unit).where(under, or_(has(Person.search_key), Person.code == text))
    )
    rounds = named(select(Round.id, Round.name).join(Round.unit).where(under), text)
    contests = named(select(Contest.id, Contest.title).join(Contest.unit).where(under), text)
    found: list[tuple[str, Select[Any]]] = [
        ("unit", select(Unit.id).where(under, or_(has(Unit.search_key), Unit.code == text))),
        ("person", people),
        ("entry", select(Entry.id).where(Entry.person_id.in_(people))),
        ("attempt", select(Attempt.id).where(Attempt.person_id.in_(people))),
        ("round", select(Round.id).where(Round.id.in_(rounds))),
        ("edition", select(Edition.id).where(Edition.round_id.in_(rounds))),
        ("contest", select(Contest.id).where(Contest.id.in_(contests))),
        ("item", select(Item.id).where(Item.code == text)),
        ("account", select(Account.id).where(Account.id.in_(accounts_named(text)))),
    ]
    return [f"{noun}:{row}" for noun, query in found for row in db.session.scalars(query.limit(MOST))]
