"""States of things two people change at once: what was seen holds, holds no longer, or is wanted already."""

from datetime import date

import pytest

from quiz.core.errors import Overtaken
from quiz.core.states import check_seen, fingerprint

SEEN = {"name": "Cụm 1", "host": 0, "day": None}
OTHER = SEEN | {"host": 7}


def test_what_is_empty_says_nothing_in_whichever_way():
    assert fingerprint(SEEN) == fingerprint({"name": "Cụm 1", "host": None, "note": "", "lines": []})


@pytest.mark.parametrize("change", [{"name": "Cụm 2"}, {"host": 7}, {"day": date(2023, 2, 5)}, {"note": "x"}])
def test_any_other_word_is_another_state(change):
    assert fingerprint(SEEN | change) != fingerprint(SEEN)


def test_the_order_of_the_settings_tells_no_states_apart():
    assert fingerprint(dict(reversed(OTHER.items()))) == fingerprint(OTHER)


@pytest.mark.parametrize(
    ("seen", "stored", "wanted"),
    [
        (fingerprint(SEEN), SEEN, OTHER),
        (fingerprint(SEEN), OTHER, OTHER),  # the second of a double click
        (fingerprint(SEEN), OTHER, OTHER | {"day": "", "note": None}),
        ("", SEEN, OTHER),  # nobody looked: a program writes
    ],
)
def test_who_saw_what_is_stored_or_wants_it_may_write(seen, stored, wanted):
    check_seen(seen, stored, wanted)


def test_who_saw_something_else_is_told_what_is_stored_where_it_is_not_what_was_wanted():
    stored = {"name": "Cụm 2", "host": 7, "day": None}
    with pytest.raises(Overtaken) as refusal:
        check_seen(fingerprint(SEEN), stored, {"name": "Cụm 3", "host": 7, "day": None, "note": "x"})
    assert refusal.value.stored == {"name": "Cụm 2", "note": None}
    check_seen(refusal.value.seen, stored, SEEN)  # whoever was told may write
