"""The own performances as their contestant finds them afterwards."""

from sqlalchemy import select

from quiz.extensions import db
from quiz.models import Entry, Performance, Round


def entry_of(contest_round: Round, person_id: int) -> Entry | None:
    """Return a person's own entry to a round that was not withdrawn, if there is one."""
    query = select(Entry).where(
        Entry.round_id == contest_round.id, Entry.person_id == person_id, Entry.withdrawn_at.is_(None)
    )
    return db.session.scalar(query)


def performances_of(entry: Entry) -> list[Performance]:
    """Return the performances of an entry in the order they were drawn for, the parts by name."""
    query = select(Performance).where(Performance.entry_id == entry.id)
    return list(db.session.scalars(query.order_by(Performance.id)))
