"""What goes along with a contest is said of every table."""

from quiz import models  # noqa: F401  makes the tables known
from quiz.core.archive_scope import LEFT, NAMED, Way, own_tables, undecided
from quiz.core.archives import Reference, filling_order
from quiz.extensions import db

REFERENCES = [
    Reference(table.name, key.parent.name, key.column.table.name, bool(key.parent.nullable))
    for table in db.metadata.tables.values()
    for key in table.foreign_keys
]


def test_every_table_is_said_to_go_along_or_to_stay():
    """A new table that refers to no table of a contest must be listed in quiz.core.archive_scope."""
    assert undecided(db.metadata.tables, REFERENCES) == []
    assert set(db.metadata.tables) >= LEFT | NAMED


def test_rows_are_found_through_what_is_never_empty():
    own = own_tables(REFERENCES)
    assert own["response"] == [Way("attempt_id", "attempt")]
    assert own["result"] in ([Way("edition_id", "edition")], [Way("entry_id", "entry")])
    assert not own.keys() & (LEFT | NAMED)
    assert {
        "round_item",
        "tie_decision",
        "late_arrival",
        "keying",
        "time_given",
        "sitting_import",
    } <= own.keys()


def test_the_order_of_all_tables_keeps_back_only_circles_and_what_refers_to_its_own_table():
    order, later = filling_order(db.metadata.tables, REFERENCES)
    places = {name: place for place, name in enumerate(order)}
    for one in REFERENCES:
        assert one in later or places[one.target] < places[one.table]
    assert all(one.may_be_empty for one in later)
