"""The own performances as their contestant finds them afterwards."""

from sqlalchemy import select

from quiz.extensions import db
from quiz.models import Entry, Performance, Round
from quiz.services import results, stage_points
from quiz.services.standings import standings_of


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


def waits_to_be_published(contest_round: Round) -> bool:
    """Tell whether points were put right and signed that the table published last does not have yet."""
    last = results.latest(contest_round.id)
    if last is None or not stage_points.signed_since(contest_round.id, last.published_at):
        return False
    return results.sha256_of(standings_of(contest_round)) != last.sha256
