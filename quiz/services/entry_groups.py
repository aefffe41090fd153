"""The group a contestant is ranked in: that of the cell until the round opens, and from then on what it was."""

from sqlalchemy import ColumnElement, select, update

from quiz.extensions import db
from quiz.models import Entry, Round, Unit


def follow_cells(cells: ColumnElement[bool]) -> None:
    """Put contestants of these cells, a condition on Unit, into the group the cell is in now, where no round opened."""
    unopened = select(Round.id).where(Round.opened_at.is_(None))
    group = select(Unit.ranking_group).where(Unit.id == Entry.unit_id).scalar_subquery()
    theirs = (Entry.round_id.in_(unopened), Entry.unit_id.in_(select(Unit.id).where(cells)))
    moved = update(Entry).where(*theirs, Entry.ranking_group != group).values(ranking_group=group)
    db.session.execute(moved, execution_options={"synchronize_session": "fetch"})
