"""Every paper an office may ask for: what it is called, what it is made from, in which files it comes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from quiz.core.errors import N_, RuleBroken
from quiz.core.figures import Figures, KeyedPaper
from quiz.core.offices import Issue, Needs
from quiz.core.paperwork import (
    Bundle,
    Certificates,
    Paper,
)
from quiz.files.paperwork import (
    certificates,
    judged_minutes,
    judged_results,
    keys,
    lists,
    minutes,
    printing,
    report,
    results,
    score_sheets,
    sheet,
    word,
)

Report = Callable[[int, int], None]
Made = Paper | Bundle | Certificates


class Format(StrEnum):
    """The kinds of file."""

    WORD = "docx"
    PDF = "pdf"
    SHEET = "xlsx"


MIMETYPES = {Format.WORD: word.MIMETYPE, Format.PDF: printing.MIMETYPE, Format.SHEET: sheet.MIMETYPE}
_ALL = (Format.WORD, Format.PDF, Format.SHEET)
_TEXT = (Format.WORD, Format.PDF)


LACKING = {
    Needs.CONTESTANTS: N_("Chưa có thí sinh nào."),
    Needs.ATTEMPTS: N_("Chưa có ai nộp bài hoặc thi trước Ban Giám khảo."),
    Needs.RANKING: N_("Chưa công bố kết quả."),
    Needs.PRIZES: N_("Chưa chốt danh sách giải."),
    Needs.PRINTED: N_("Chưa có bài giấy nào, hoặc vòng thi chưa kết thúc."),
    Needs.DRAWN: N_("Chưa bốc thăm thứ tự thi."),
    Needs.CHECKED: N_("Thư ký chưa kiểm phiếu chấm nào."),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of paper. `issued_as` names the number and day it bears; `of_stage` and `of_round` where it is offered,
    `of_judges` only for a round with judged parts, `of_test` only where a paper is sat."""

    title: str
    issued_as: str
    needs: Needs
    formats: tuple[Format, ...]
    build: Callable[[Figures, Issue], Made] | None = None
    of_stage: bool = True
    of_round: bool = True
    of_judges: bool = False
    of_test: bool = False


def _judged(
    title: str, needs: Needs, formats: tuple[Format, ...], build: Any, issued_as: str = "list"
) -> Kind:
    return Kind(title, issued_as, needs, formats, build, of_stage=False, of_judges=True)


KINDS = {
    "contestants": Kind(N_("Danh sách thí sinh"), "list", Needs.CONTESTANTS, _ALL, lists.contestants),
    "attendance": Kind(N_("Bảng điểm danh ký tên"), "list", Needs.CONTESTANTS, _ALL, lists.attendance),
    "participation": Kind(N_("Bảng tổng hợp tham gia"), "list", Needs.NOTHING, _ALL, lists.participation),
    "keys": Kind(N_("Đáp án các bài giấy"), "list", Needs.PRINTED, _ALL, None, of_stage=False, of_test=True),
    "order": _judged(N_("Danh sách thứ tự thi"), Needs.DRAWN, _ALL, score_sheets.order),
    "blank_sheets": _judged(
        N_("Phiếu chấm để trống, mỗi thí sinh một phiếu"), Needs.DRAWN, (Format.PDF,), score_sheets.blank
    ),
    "listed_sheets": _judged(
        N_("Phiếu chấm để trống, mỗi giám khảo một danh sách"), Needs.DRAWN, _ALL, score_sheets.listed
    ),
    "filled_sheets": _judged(N_("Phiếu chấm đã chấm"), Needs.CHECKED, (Format.PDF,), score_sheets.filled),
    "points": _judged(N_("Bảng tổng hợp điểm"), Needs.CHECKED, _ALL, judged_results.summary),
    "judging": _judged(N_("Biên bản chấm thi"), Needs.CHECKED, _TEXT, judged_minutes.minutes, "minutes"),
    "ranking": Kind(N_("Bảng xếp hạng"), "list", Needs.RANKING, _ALL, results.ranking),
    "summary": Kind(
        N_("Bảng tổng hợp kết quả"), "list", Needs.ATTEMPTS, _ALL, results.summary, of_round=False
    ),
    "minutes": Kind(
        N_("Biên bản hội thi"), "minutes", Needs.ATTEMPTS, _TEXT, minutes.minutes, of_stage=False
    ),
    "decision": Kind(
        N_("Dự thảo quyết định công nhận kết quả, khen thưởng"),
        "decision",
        Needs.RANKING,
        _TEXT,
        minutes.decision,
    ),
    "prizes": Kind(N_("Giấy chứng nhận đạt giải"), "decision", Needs.PRIZES, _ALL, certificates.prizes),
    "commendations": Kind(N_("Giấy khen"), "decision", Needs.PRIZES, _ALL, certificates.commendations),
    "participants": Kind(
        N_("Giấy chứng nhận tham gia"), "decision", Needs.ATTEMPTS, _ALL, certificates.participants
    ),
    "report": Kind(N_("Báo cáo kết quả gửi cấp trên"), "report", Needs.NOTHING, _TEXT, report.report),
}
ISSUED_AS = ("list", "minutes", "decision", "report")
NUMBERED = ("minutes", "decision", "report")


def kinds_for(is_stage: bool, has_judges: bool = False, has_test: bool = True) -> dict[str, Kind]:
    """Return the papers offered for a stage, or for a round by whether it has judged parts and a test, by code."""
    offered = {
        code: kind
        for code, kind in KINDS.items()
        if (has_judges or not kind.of_judges) and (has_test or not kind.of_test)
    }
    return {code: kind for code, kind in offered.items() if (kind.of_stage if is_stage else kind.of_round)}


def lacking(kind: Kind, there: Collection[Needs]) -> str | None:
    """Return the sentence that says why this paper cannot be made yet, or None."""
    return None if kind.needs is Needs.NOTHING or kind.needs in there else LACKING[kind.needs]


def there_in(figures: Figures, printed: Sequence[KeyedPaper] = ()) -> set[Needs]:
    """Return what papers may be made from."""
    there = {
        Needs.CONTESTANTS: figures.contestants, Needs.ATTEMPTS: figures.sat, Needs.RANKING: figures.published,
        Needs.PRIZES: figures.won, Needs.PRINTED: printed,
        Needs.DRAWN: [one.judged for one in figures.rounds if one.judged and one.judged.order],
        Needs.CHECKED: [one.judged for one in figures.rounds if one.judged and one.judged.checked],
    }  # fmt: skip
    return {need for need, things in there.items() if things}


def made(code: str, figures: Figures, issue: Issue, printed: Sequence[KeyedPaper] = ()) -> Made:
    """Return the paper of that kind; raise RuleBroken while what it needs is not there."""
    kind = KINDS[code]
    if (sentence := lacking(kind, there_in(figures, printed))) is not None:
        raise RuleBroken(sentence)
    return keys.keys(figures, issue, printed) if kind.build is None else kind.build(figures, issue)


def written(paper: Made, wanted: Format, report: Report | None = None) -> bytes:
    """Return a paper as a file; `report` is told how far a long one is."""
    if isinstance(paper, Certificates):
        return _written_certificates(paper, wanted, report)
    if isinstance(paper, Bundle):
        bundles = {
            Format.WORD: word.write_bundle,
            Format.PDF: printing.write_bundle,
            Format.SHEET: sheet.write,
        }
        return bundles[wanted](paper)
    writers = {Format.WORD: word.write, Format.PDF: printing.write, Format.SHEET: sheet.write}
    return writers[wanted](paper)


def _written_certificates(paper: Certificates, wanted: Format, report: Report | None) -> bytes:
    if wanted is Format.WORD:
        return certificates.write_word(paper, report)
    if wanted is Format.PDF:
        return printing.write_certificates(paper, report)
    return sheet.write(certificates.register(paper))


def filename(paper: Made, wanted: Format) -> str:
    """Return the name of the file: "bao-cao-ket-qua.docx"."""
    return f"{paper.name}.{wanted}"
