"""R19: what may be practised. Nothing of the exam part ever comes out, whatever its state."""

import re
from datetime import date, timedelta
from itertools import product

import pytest

from quiz.core.items import Part, Status
from quiz.extensions import db
from quiz.models import ItemVersion
from quiz.services import pools, practice
from quiz.settings import ROOT
from tests.factories import (
    HOUR,
    NOW,
    make_contest,
    make_document,
    make_item,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

TODAY = date(2023, 2, 5)
OVER = NOW + 2 * HOUR


def shown(now: int = OVER) -> set[int]:
    """The versions that come out of any of the ways to ask."""
    listed = {version.id for version in practice.items(now, TODAY)}
    singly = {
        version.id for version in db.session.query(ItemVersion) if practice.item(version.id, now, TODAY)
    }
    assert listed == singly
    assert sum(count for _, count in practice.topics(now, TODAY)) == len(listed)
    return listed


def exam(now=NOW, version=None):
    """A round open from `now`, drawing on this version."""
    unit = make_unit()
    return open_for_test(make_round(make_stage(make_contest(unit)), unit, now), [version])


def test_of_all_parts_and_states_only_the_approved_for_practice_are_shown(app):
    made = {pair: make_item(part=pair[0], status=pair[1]).id for pair in product(Part, Status)}
    assert shown() == {made[Part.PRACTICE, Status.APPROVED]}


def test_what_may_be_practised_is_never_drawn_for_an_exam_and_the_other_way_round(app):
    make_item(part=Part.PRACTICE), make_item()
    drawn = {entry.version for entry in pools.pool_of(make_rules(), TODAY)}
    assert drawn and shown() and not drawn & shown()


@pytest.mark.parametrize("days, there", [(0, True), (-1, False)])
def test_what_no_longer_holds_is_not_practised(app, days, there):
    version = make_item(part=Part.PRACTICE, valid_to=TODAY + timedelta(days=days))
    assert (version.id in shown()) is there
    make_document().valid_to = TODAY - timedelta(days=1)
    db.session.flush()
    assert shown() == set()


def moved_to_practice(version):
    """The item's next version, given to practice."""
    columns = {column.key: getattr(version, column.key) for column in ItemVersion.__mapper__.column_attrs}
    new = ItemVersion(
        **{k: v for k, v in columns.items() if k != "id"} | {"number": 2, "part": Part.PRACTICE}
    )
    db.session.add(new)
    db.session.flush()
    version.item.current = new
    db.session.flush()
    return new


def test_an_item_given_to_practice_stays_out_of_it_until_the_round_that_froze_it_is_over(app):
    version = make_item()
    exam(NOW, version)
    new = moved_to_practice(version)
    assert (shown(NOW), shown(OVER - 1), shown(OVER)) == (set(), set(), {new.id})


def test_an_earlier_version_of_what_is_practised_is_not_shown(app):
    version = make_item(part=Part.PRACTICE)
    new = moved_to_practice(version)
    assert shown() == {new.id}


def test_practice_can_be_narrowed_to_a_topic(app):
    one = make_item("chi-bo", part=Part.PRACTICE)
    make_item("dang-vien", part=Part.PRACTICE)
    assert [version.id for version in practice.items(NOW, TODAY, "chi-bo")] == [one.id]
    assert [(topic.code, count) for topic, count in practice.topics(NOW, TODAY)] == [
        ("chi-bo", 1), ("dang-vien", 1),
    ]  # fmt: skip


def test_pages_of_practice_read_questions_by_that_one_query_alone():
    """A page that asked the bank by itself could show what an exam asks."""
    modules = [path for name in ("practi*.py", "rehears*.py") for path in (ROOT / "quiz").rglob(name)]
    reading = {
        f"{path.parent.name}/{path.name}": len(found)
        for path in modules
        if (
            found := re.findall(
                r"\b(?:select|get|get_one|query)\(\s*(?:Item|ItemVersion)\s*[,)]", path.read_text()
            )
        )
    }
    assert {"practice.py", "rehearsals.py"} <= {path.name for path in modules}
    assert reading == {"services/practice.py": 1}
