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


def test_where_every_way_may_be_empty_a_row_belongs_by_any_of_them():
    references = [
        Reference("stage", "contest_id", "contest", False),
        Reference("paper", "stage_id", "stage", True),
        Reference("ruling", "stage_id", "stage", False),
        Reference("ruling", "paper_id", "paper", False),
    ]
    assert own_tables(references)["paper"] == [Way("stage_id", "stage"), Way("paper_id", "ruling", True)]


def test_a_circle_is_filled_by_leaving_out_what_may_be_empty_for_now():
    item = Reference("item", "current_id", "item_version", True)
    version = Reference("item_version", "item_id", "item", False)
    self_ = Reference("item", "parent_id", "item", True)
    order, later = filling_order(["item_version", "item"], [item, version, self_])
    assert (order, later) == (["item", "item_version"], [item, self_])


def test_what_merely_waits_for_a_circle_is_filled_whole():
    """An appeal may lack its attempt or its performance, but never both: it must not be written without."""
    references = [
        Reference("entry", "result_id", "result", True),
        Reference("result", "entry_id", "entry", False),
        Reference("appeal", "entry_id", "entry", True),
    ]
    order, later = filling_order(["appeal", "entry", "result"], references)
    assert (order, later) == (["entry", "appeal", "result"], [references[0]])


def test_the_order_of_all_tables_keeps_back_only_circles_and_what_refers_to_its_own_table():
    order, later = filling_order(db.metadata.tables, REFERENCES)
    places = {name: place for place, name in enumerate(order)}
    for one in REFERENCES:
        assert one in later or places[one.target] < places[one.table]
    assert all(one.may_be_empty for one in later)
