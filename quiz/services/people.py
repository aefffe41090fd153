"""The people of the cells: finding them as a Vietnamese reader would, and keeping their records (R3, R6)."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from quiz.core.errors import N_, RuleBroken
from quiz.core.names import nfc, person_sort_key, search_key
from quiz.core.people import Position, phone_digits
from quiz.core.permissions import BARRED_FROM_COMPETING
from quiz.core.rosters import PersonDraft, Roster
from quiz.core.states import State, check_seen
from quiz.extensions import db
from quiz.models import Account, Entry, Grant, Person, Round, Unit
from quiz.services import audit, tree
from quiz.services.audit import Actor
from quiz.services.drafts import change_of, refuse, require_sound
from quiz.services.units import draft_of as unit_draft_of
from quiz.services.units import lock_tree

PAGE = 50
BARRED = N_(
    "Người này đang giữ vai trò tổ chức, ra đề hoặc chấm thi nên không được dự thi. Hãy chọn người khác."
)


def draft_of(person: Person) -> PersonDraft:
    """Return what a stored person's record says, as a row of the roster."""
    return PersonDraft(
        0, person.code, person.full_name, person.birth_date, person.sex, person.ethnicity, person.position,
        person.is_village_head, person.phone, person.unit.code,
    )  # fmt: skip


def state_of(person: Person) -> State:
    """Return what the form of a record shows."""
    return asdict(draft_of(person))


def values_of(draft: PersonDraft) -> dict[str, Any]:
    """Return the columns a draft fills; the cell is set apart."""
    return {
        "full_name": draft.full_name,
        "birth_date": draft.birth_date,
        "sex": draft.sex,
        "ethnicity": draft.ethnicity,
        "position": draft.position,
        "is_village_head": draft.is_village_head,
        "phone": draft.phone,
        "search_key": search_key(draft.full_name),
        "sort_key": person_sort_key(draft.full_name),
    }


def search(
    paths: list[str],
    text: str = "",
    unit: Unit | None = None,
    position: Position | None = None,
    page: int = 1,
) -> Pagination:
    """Return a page of the people under `paths`, by given name, perhaps narrowed to a name or code, subtree, office."""
    query = select(Person).join(Person.unit).options(contains_eager(Person.unit)).where(tree.under(paths))
    if search_key(nfc(text)):
        named = tree.has_words(Person.search_key, nfc(text))
        query = query.where(or_(named, func.lower(Person.code) == nfc(text).lower()))
    if unit is not None:
        query = query.where(tree.under([unit.path]))
    if position is not None:
        query = query.where(Person.position == position)
    ordered = query.order_by(Person.sort_key, Person.id)
    return db.paginate(ordered, page=max(page, 1), per_page=PAGE, error_out=False)


def of_unit(unit: Unit) -> list[Person]:
    """Return the people on record in that very unit, by given name."""
    return list(
        db.session.scalars(
            select(Person).where(Person.unit_id == unit.id).order_by(Person.sort_key, Person.id)
        )
    )


def next_code(cell: Unit) -> str:
    """Return a free code to offer for somebody new in `cell`."""
    number = 1
    while db.session.scalar(select(Person.id).where(Person.code == f"{cell.code}-{number}")):
        number += 1
    return f"{cell.code}-{number}"


def _require_sound(draft: PersonDraft, cell: Unit, today: date) -> None:
    surroundings = Roster(units=(replace(unit_draft_of(cell), parent_code=""),))
    require_sound(Roster(people=(draft,)), surroundings, today)
    if tree.has_ended(cell, today):
        raise refuse("unit_code", N_("Chi bộ này đã hết hiệu lực. Hãy ghi chi bộ kế thừa."))


def _clean(draft: PersonDraft, code: str, cell: Unit) -> PersonDraft:
    return replace(draft, code=code, unit_code=cell.code, phone=phone_digits(draft.phone))


def create(draft: PersonDraft, cell: Unit, today: date, actor: Actor, now: int) -> Person:
    """Add somebody to `cell`; raise DraftRefused when a field is wrong or the code is taken."""
    draft = _clean(draft, draft.code, cell)
    taken = db.session.scalar(select(Person).where(func.lower(Person.code) == draft.code.lower()))
    if taken is not None:
        raise refuse("code", N_("Mã này đã dùng cho %(name)s. Hãy chọn mã khác."), name=taken.full_name)
    _require_sound(draft, cell, today)
    person = Person(code=draft.code, unit=cell, **values_of(draft))
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:  # somebody else took the code in this very moment
        raise refuse("code", N_("Mã này vừa được dùng cho người khác. Hãy chọn mã khác.")) from None
    audit.record(actor, "person.create", person, now, path=cell.path, code=person.code, unit=cell.code)
    return person


def twin_of(person: Person) -> Person | None:
    """Return whom this record may repeat: somebody of the cell with the same name and birth date, or None."""
    same = (
        Person.unit_id == person.unit_id,
        Person.full_name == person.full_name,
        Person.birth_date.is_not_distinct_from(person.birth_date),
    )
    return db.session.scalar(select(Person).where(*same, Person.id != person.id).order_by(Person.id).limit(1))


def edit(
    person: Person, draft: PersonDraft, cell: Unit, today: date, actor: Actor, now: int, seen: str = ""
) -> dict[str, str]:
    """Make a record say what `draft` says, in `cell`; return what changed.

    Raise DraftRefused on a wrong field, Overtaken when the record is no longer in the state `seen`.
    """
    lock_tree(cell)  # a workbook may be taken in at this moment
    db.session.refresh(person)
    before = draft_of(person)
    draft = _clean(draft, person.code, cell)
    check_seen(seen, asdict(before), asdict(draft))
    changed = change_of(before, draft)
    if not changed:
        return {}
    _require_sound(draft, cell, today)
    for column, value in values_of(draft).items():
        setattr(person, column, value)
    person.unit = cell
    db.session.flush()
    audit.record(actor, "person.edit", person, now, path=cell.path, **changed)
    return changed


def remove(person: Person, actor: Actor, now: int) -> None:
    """Delete a record entered by mistake; raise RuleBroken once anything refers to it."""
    audit.record(actor, "person.remove", person, now, path=person.unit.path, code=person.code)
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Person).where(Person.id == person.id))
    except IntegrityError:
        raise RuleBroken(N_("Người này đã dự thi hoặc đã có tài khoản nên không xóa được hồ sơ.")) from None


def barred(person_ids: Iterable[int]) -> set[int]:
    """Return those of the people who hold a role that bars from competing (R6), in one query."""
    query = (
        select(Account.person_id)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Account.person_id.in_(list(person_ids)),
            Grant.revoked_at.is_(None),
            Grant.role.in_(BARRED_FROM_COMPETING),
        )
    )
    return {person_id for person_id in db.session.scalars(query) if person_id is not None}


def barred_reason(person: Person) -> str | None:
    """Return the sentence (a message id) why somebody may not compete, or None when nothing stands against it."""
    return BARRED if barred([person.id]) else None


def standing_entry(person: Person, now: int) -> Entry | None:
    """Return an entry of a person to a round that has not ended and was not withdrawn from, or None."""
    to_come = and_(Round.closed_at.is_(None), or_(Round.closes_at.is_(None), Round.closes_at > now))
    query = (
        select(Entry)
        .join(Entry.round)
        .where(Entry.person_id == person.id, Entry.withdrawn_at.is_(None), to_come)
        .limit(1)
    )
    return db.session.scalar(query)


def entries_of(person: Person) -> list[Entry]:
    """Return the rounds somebody was entered for, the latest first."""
    return list(
        db.session.scalars(
            select(Entry).where(Entry.person_id == person.id).order_by(Entry.id.desc()).limit(50)
        )
    )


def accounts_of(person: Person) -> list[Account]:
    """Return the staff accounts linked to a person."""
    return list(
        db.session.scalars(select(Account).where(Account.person_id == person.id).order_by(Account.id))
    )
