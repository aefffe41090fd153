"""The right letters of printed papers, a block for each paper."""

from collections.abc import Iterator, Sequence

from quiz.core.figures import Figures, KeyedPaper
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Block,
    Column,
    Paper,
    Row,
    Span,
    Table,
    Text,
    opening,
)
from quiz.files.paperwork.phrases import about

ACROSS = 10  # answers on a row; a column is headed by the last digit of its questions: "…3" is 3, 13, 23


def keys(figures: Figures, issue: Issue, papers: Sequence[KeyedPaper]) -> Paper:
    """Return the keys of the papers printed for a round."""
    return Paper(
        name="dap-an-bai-giay",
        title="Đáp án các bài giấy",
        subject=about(figures),
        letterhead=issue.letterhead(""),
        blocks=tuple(_blocks(papers)),
        signatures=(issue.signature,),
        recipients=(),
        made_at=issue.made_at,
    )


def _blocks(papers: Sequence[KeyedPaper]) -> Iterator[Block]:
    yield Text(
        "Mỗi thí sinh một đề riêng nên mỗi mã bài một dãy đáp án. “A,C”: phải chọn cả hai; “A/B”: chọn một trong hai"
        " đều đúng; “*”: mọi người đều được điểm; “–”: câu bị bỏ, không tính.",
        italic=True,
    )
    rows = tuple(row for paper in papers for row in _rows(paper))
    columns = (
        Column("Câu", 16),
        *(Column(f"…{number % ACROSS}", 15, Align.CENTRE) for number in range(1, ACROSS + 1)),
    )
    yield Table(columns, rows)


def _rows(paper: KeyedPaper) -> Iterator[Row | Span]:
    code = f"{paper.code[:5]}-{paper.code[5:]}"
    yield Span(f"{code}: {paper.name}, {opening(paper.cell)}")
    for first in range(0, len(paper.answers), ACROSS):
        answers = paper.answers[first : first + ACROSS]
        numbers = f"{first + 1}–{first + len(answers)}"
        yield (numbers, *answers, *([""] * (ACROSS - len(answers))))
