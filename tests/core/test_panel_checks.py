"""What the board is told of panels before the stage, as a table; it never stops the opening."""

import pytest

from quiz.core.judging import Criterion, Judging
from quiz.core.panel_checks import PanelFacts, StageReadiness, warnings
from quiz.core.parts import Part
from quiz.core.readiness import Facts, readiness_of
from quiz.core.rules import Rules
from quiz.core.timing import MINUTE, Window

FULL = PanelFacts("Chào hỏi", "", 5, 5, True)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (StageReadiness((FULL,), signers=1, is_drawn=True), []),
        (StageReadiness((), signers=1, is_drawn=True, plain=("Chào hỏi",)), ["rules"]),
        (StageReadiness((PanelFacts("Chào hỏi", "", 0, 5, False),), signers=1, is_drawn=True), ["panels"]),
        (
            StageReadiness((PanelFacts("Chào hỏi", "Khối cơ quan", 3, 5, False),), signers=1, is_drawn=True),
            ["panels", "panels"],  # too few, and none of them the head
        ),
        (StageReadiness((FULL,), is_drawn=True), ["accounts"]),
        (StageReadiness((FULL,), conflicts=2, signers=1, is_drawn=True), ["panels"]),
        (StageReadiness((FULL,), signers=1), ["stage"]),
    ],
)
def test_what_is_missing_is_named_with_the_page_that_mends_it(found, told):
    assert [problem.field for problem in warnings(found)] == told


def test_a_round_without_judges_may_open_but_is_told():
    part = Part("Chào hỏi", max_points=2000, judging=Judging((Criterion("Nội dung", 2000),)))
    facts = Facts(
        Rules(parts=(part,), tie_breaks=()), Window(0, 60 * MINUTE), entries=3,
        stage=StageReadiness((PanelFacts("Chào hỏi", "", 0, 3, False),), signers=1, is_drawn=True),
    )  # fmt: skip
    readiness = readiness_of(facts, -MINUTE)
    assert readiness.is_ready and [problem.field for problem in readiness.warnings] == ["panels"]
