"""What may be handed in before the day."""

import pytest

from quiz.core import essays, parts
from quiz.core.errors import RuleBroken
from quiz.core.essays import DAY, EssayRule, FileKind
from quiz.core.parts import Part
from quiz.core.rules import Rules, from_dict, to_dict

OPENS = 100 * DAY


@pytest.mark.parametrize(
    ("days", "now", "late"),
    [
        (0, OPENS, False),
        (0, OPENS + 1, True),
        (10, OPENS - 10 * DAY, False),
        (10, OPENS - 10 * DAY + 1, True),
    ],
)
def test_it_is_late_after_the_deadline_and_not_at_it(days, now, late):
    assert essays.is_late(essays.deadline(EssayRule(days), OPENS), now) is late


def test_a_round_without_hours_has_no_deadline():
    assert not essays.is_late(essays.deadline(EssayRule(10), None), OPENS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Đề cương.PDF", FileKind.PDF),
        ("a.b.docx", FileKind.DOCX),
        ("anh.JPEG", FileKind.JPG),
        ("x.odt", FileKind.ODT),
    ],
)
def test_the_kind_is_said_by_the_end_of_the_name(name, kind):
    assert essays.kind_of(name) is kind


@pytest.mark.parametrize("name", ["a.doc", "a.exe", "pdf", "a.pdf.html", ""])
def test_other_files_are_refused(name):
    with pytest.raises(RuleBroken):
        essays.kind_of(name)


@pytest.mark.parametrize(
    ("pages", "most", "refused"), [(12, 12, False), (13, 12, True), (None, 12, False), (99, 0, False)]
)
def test_pages_are_limited_where_they_can_be_counted(pages, most, refused):
    try:
        essays.check_pages(EssayRule(pages=most), pages)
    except RuleBroken:
        assert refused
    else:
        assert not refused


@pytest.mark.parametrize(
    ("size", "refused"), [(0, True), (1, False), (essays.LARGEST, False), (essays.LARGEST + 1, True)]
)
def test_a_file_is_neither_empty_nor_too_large(size, refused):
    try:
        essays.check_size(size)
    except RuleBroken:
        assert refused
    else:
        assert not refused


def test_rules_stored_before_parts_could_ask_for_essays_are_read_and_new_ones_come_back_the_same():
    asked = Part("Thuyết trình", max_points=4000, essay=EssayRule(10, 12))
    stored = to_dict(Rules(parts=(asked,), tie_breaks=()))
    assert from_dict(stored).parts == (asked,)
    del stored["parts"][0]["essay"]
    assert from_dict(stored).parts[0].essay is None


@pytest.mark.parametrize(
    ("rule", "wrong"), [(EssayRule(60, 200), 0), (EssayRule(61), 1), (EssayRule(0, 201), 1)]
)
def test_limits_of_a_rule_are_checked_with_the_parts(rule, wrong):
    found = list(parts.faults((Part("Thuyết trình", max_points=4000, essay=rule),)))
    assert len(found) == wrong
