"""What the parts of a stage must be, whether or not judges mark some of them."""

import json
from dataclasses import asdict

import pytest

from quiz.core.judging import Criterion, Judging
from quiz.core.parts import Part, PartKind, faults, from_list, has_online

PAPER = Part("Trắc nghiệm", PartKind.ONLINE, weight=40)
GREETING = Part("Chào hỏi", PartKind.JUDGED, 2_000, 20, 7)
SPEECH = Part("Thuyết trình", PartKind.JUDGED, 4_000, 40, 5)


@pytest.mark.parametrize(
    "parts, online",
    [
        ((), True),
        ((PAPER,), True),
        ((GREETING, PAPER), True),
        ((GREETING,), False),
        ((GREETING, SPEECH), False),
    ],
)
def test_contestants_sit_a_paper_unless_every_part_is_judged(parts, online):
    assert has_online(parts) is online


def test_parts_whose_shares_make_the_whole_are_sound():
    assert list(faults((PAPER, GREETING, SPEECH))) == []
    assert list(faults(())) == []


@pytest.mark.parametrize(
    "parts",
    [
        (PAPER, GREETING),  # 60 %
        (PAPER, GREETING, SPEECH, Part("Năng khiếu", PartKind.JUDGED, 100, 10)),  # 110 %
        (Part("", PartKind.JUDGED, 100),),
        (Part("A", PartKind.JUDGED, 100, 50), Part("A", PartKind.JUDGED, 100, 50)),
        (Part("A", PartKind.ONLINE, 0, 50), Part("B", PartKind.ONLINE, 0, 50)),
        (Part("A", PartKind.JUDGED, 0),),
        (Part("A", PartKind.JUDGED, 100_001),),
        (Part("A", PartKind.JUDGED, 100, 100, -1),),
        (Part("A", PartKind.JUDGED, 100, 100, 601),),
        (Part("A", PartKind.JUDGED, 100, 100), Part("B", PartKind.JUDGED, 100, 0)),
    ],
)
def test_what_cannot_be_held_is_refused(parts):
    assert [place for place, _ in faults(parts)] == ["parts"]


def test_parts_come_back_with_their_kind():
    kept = [{"name": "Chào hỏi", "kind": "judged", "max_points": 2_000, "weight": 20, "minutes": 7}]
    assert from_list(kept) == (GREETING,)
    assert type(from_list(kept)[0].kind) is PartKind


@pytest.mark.parametrize("kept", [[{"name": "A"}], [{"name": "A", "kind": "sung"}], [{"kind": "judged"}]])
def test_what_is_no_part_is_not_read_as_one(kept):
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_list(kept)


def test_a_part_without_criteria_is_judged_by_one_mark_for_the_whole():
    assert [(one.name, one.max_points) for one in GREETING.judged_by.criteria] == [("Chào hỏi", 2_000)]


def test_how_a_part_is_judged_comes_back_and_is_checked():
    judged = Part("Chào hỏi", max_points=2_000, judging=Judging((Criterion("Nội dung", 1_500),), judges=5))
    kept = json.loads(json.dumps([asdict(judged)]))
    assert from_list(kept) == (judged,)
    assert [place for place, _ in faults((judged,))] == ["parts"], "the criteria add up to less than the part"
