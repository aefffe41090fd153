"""Making the papers of a round or stage: from its figures and its office to files, at once or as a job."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from textwrap import shorten
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from quiz import clock
from quiz.core.errors import N_, RuleBroken
from quiz.core.figures import Figures, KeyedPaper
from quiz.core.names import nfc
from quiz.core.offices import Issue
from quiz.core.timing import ZONE
from quiz.extensions import db
from quiz.files.paperwork import kinds
from quiz.files.paperwork.kinds import MIMETYPES, Format
from quiz.services import figures, paper_keys, paperwork
from quiz.services.paperwork import ROUND, Numbered
from quiz.web.job_kinds import Made, Work, kind

ZIP = "application/zip"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')  # in names of files, on one system or another
_NAME = 50  # letters of a folder's name
_EPOCH = (1980, 1, 1, 0, 0, 0)
GONE = N_("Vòng thi hoặc cấp thi này không còn nữa.")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the papers of one subject are made from, read at once; nothing of it needs the database any more."""

    folder: str
    figures: Figures
    issues: dict[str, Issue]
    printed: Sequence[KeyedPaper]

    def file(self, code: str, wanted: Format, report: Any = None) -> tuple[str, bytes]:
        """Return the name and bytes of a paper; raise RuleBroken while what it needs is not there."""
        issue = self.issues[kinds.KINDS[code].issued_as]
        paper = kinds.made(code, self.figures, issue, self.printed)
        return kinds.filename(paper, wanted), kinds.written(paper, wanted, report)

    def ready(self, is_stage: bool) -> Iterator[tuple[str, Format]]:
        """Yield every paper and file that can be made now."""
        there = kinds.there_in(self.figures, self.printed)
        has_judges = any(one.judged for one in self.figures.rounds)
        for code, found in kinds.kinds_for(is_stage, has_judges).items():
            if kinds.lacking(found, there) is None:
                yield from ((code, wanted) for wanted in found.formats)


def figures_of(subject: Any) -> Figures:
    """Return the figures of a round or stage as they stand now."""
    now = clock.now()
    return (
        figures.of_round(subject, now)
        if paperwork.name_of(subject) == ROUND
        else figures.of_stage(subject, now)
    )


def desk_of(subject: Any, folder: str = "", with_keys: bool = False) -> Desk:
    """Return what the papers of a round or stage are made from; `with_keys` the answers of printed papers too."""
    found = figures_of(subject)
    office, numbers = paperwork.office_of(subject), paperwork.numbers_of(subject)
    dated = paperwork.dated_at(subject, [one.published_at for one in found.published])
    issues = {}
    for issued_as in kinds.ISSUED_AS:
        numbered = numbers.get(issued_as, Numbered())
        made_at = _midnight(numbered.day) if numbered.day else dated
        issues[issued_as] = Issue(office, numbered.number, numbered.day, made_at)
    printed = keys_of(subject) if with_keys else ()
    return Desk(folder, found, issues, printed)


def folder_of(number: int, name: str) -> str:
    """Return the folder of a round in an archive, "07 Vòng thi xã Cò Nòi/": what every system can keep as a name."""
    words = " ".join(_UNSAFE.sub(" ", nfc(name)).split()).strip(". ")
    short = shorten(words, _NAME, placeholder="") or words[:_NAME]
    return f"{number:02d} {short}".rstrip(". ") + "/"


def keys_of(subject: Any) -> Sequence[KeyedPaper]:
    """Return the answers of the papers printed for a round that is over; none otherwise, and none for a stage."""
    if paperwork.name_of(subject) != ROUND:
        return ()
    try:
        return paper_keys.keys_of(subject, clock.now())
    except RuleBroken:
        return ()


def _midnight(day: Any) -> int:
    return clock.instant_of(datetime(day.year, day.month, day.day, tzinfo=ZONE))


@kind("paper")
def make_one(work: Work) -> Made:
    """Make one paper that takes long."""
    code, wanted = work.params["paper"], Format(work.params["format"])
    desk = desk_of(_subject(work.params), with_keys=code == "keys")
    db.session.rollback()  # nobody's database waits while the file is made
    name, content = desk.file(code, wanted, work.report)
    return Made(content, name, MIMETYPES[wanted])


@kind("papers")
def make_all(work: Work) -> Made:
    """Make every paper of a subject that can be made, of a stage also those of its rounds, as one archive."""
    subject = _subject(work.params)
    desks = [desk_of(subject, with_keys=True)]
    if paperwork.name_of(subject) != ROUND:
        desks += [
            desk_of(found, folder_of(number, found.name), with_keys=True)
            for number, found in enumerate(subject.rounds, start=1)
        ]
    is_stage = len(desks) > 1 or paperwork.name_of(subject) != ROUND
    db.session.rollback()
    return Made(_archive(desks, is_stage, work), "van-ban.zip", ZIP)


def _archive(desks: Sequence[Desk], is_stage: bool, work: Work) -> bytes:
    wanted = [
        (desk, code, format_)
        for place, desk in enumerate(desks)
        for code, format_ in desk.ready(is_stage and place == 0)
    ]
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for number, (desk, code, format_) in enumerate(wanted):
            work.report(number, len(wanted))
            name, content = desk.file(code, format_)
            entry = ZipInfo(f"{desk.folder}{name}", _EPOCH)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, content)
    work.report(len(wanted), len(wanted))
    return out.getvalue()


def _subject(params: dict[str, Any]) -> Any:
    subject = paperwork.find(params["subject"], params["id"])
    if subject is None:
        raise RuleBroken(GONE)
    return subject
