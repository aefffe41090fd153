"""Which rows belong to a contest, and in which order tables are filled."""

from quiz.core.archive_scope import Way, own_tables
from quiz.core.archives import Reference, filling_order


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
