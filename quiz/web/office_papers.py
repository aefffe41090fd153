"""The papers of a round or of a whole stage: what there is, in which files, who signs; long ones are made as jobs."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.files.paperwork import kinds
from quiz.files.paperwork.kinds import MIMETYPES, Format, Kind
from quiz.services import paperwork
from quiz.services.paperwork import ROUND
from quiz.web import access, jobs, paper_making
from quiz.web.forms.office_papers import OfficeForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("office_papers", __name__, url_prefix="/desk")
P = Permission
DIRECT = 150  # contestants up to whom a paper is made while its reader waits

# What each paper tells, and so whom it is for, beside being allowed to see people's particulars; else the results.
TELLS = {
    "contestants": P.PEOPLE_VIEW, "attendance": P.PEOPLE_VIEW, "participation": P.CONTEST_VIEW, "keys": P.PAPER_ISSUE,
    "order": P.STAGE_RUN, "blank_sheets": P.STAGE_RUN, "listed_sheets": P.STAGE_RUN,
}  # fmt: skip
# Who may fetch the file of a job that somebody else asked for, where its page asks for people's particulars as well.
FETCHED_BY = {P.RESULT_VIEW: P.RESULT_PUBLISH, P.CONTEST_VIEW: P.PEOPLE_VIEW}
PLACES = ("/rounds/<int:round_id>/office", "/stages/<int:stage_id>/office")


def _subject(permission: Permission, round_id: int, stage_id: int) -> Any:
    """Return the round or stage an address names if `permission` is held on it, or answer 404."""
    return access.round_for(permission, round_id) if round_id else access.stage_for(permission, stage_id)


def _address(endpoint: str, subject: Any, **values: Any) -> str:
    return url_for(f"office_papers.{endpoint}", **{f"{paperwork.name_of(subject)}_id": subject.id}, **values)


def _may(permission: Permission, subject: Any) -> bool:
    return access.signed_in().may(permission, paperwork.unit_of(subject))


def _offered(subject: Any) -> dict[str, Kind]:
    is_stage = paperwork.name_of(subject) != ROUND
    return kinds.kinds_for(is_stage, paperwork.has_judges(subject), paperwork.has_test(subject))


def _kind(subject: Any, code: str) -> Kind:
    """Return the kind of paper that an address names if it is for this person, or answer 404."""
    found = _offered(subject).get(code)
    if found is None or not _may(TELLS.get(code, P.RESULT_VIEW), subject):
        access.not_found()
    return found


@blueprint.get(PLACES[0])
@blueprint.get(PLACES[1])
@access.requires(P.PEOPLE_VIEW)
def index(round_id: int = 0, stage_id: int = 0) -> Any:
    """Every paper of a round or stage, with the files it comes in or why it cannot be made yet."""
    subject = _subject(P.PEOPLE_VIEW, round_id, stage_id)
    there = paperwork.there(subject, clock.now())
    offered = _offered(subject)
    return render_template(
        "office_papers/index.html",
        subject=subject,
        contest=paperwork.contest_of(subject),
        is_round=paperwork.name_of(subject) == ROUND,
        office=paperwork.office_of(subject),
        lines=[
            (code, kind, kinds.lacking(kind, there))
            for code, kind in offered.items()
            if _may(TELLS.get(code, P.RESULT_VIEW), subject)
        ],
        is_long=paperwork.size_of(subject) > DIRECT,
        may_sign=_may(P.RESULT_PUBLISH, subject),
        may_issue_cards=_may(P.CARD_ISSUE, subject) and paperwork.needs_cards(subject),
        may_issue_papers=_may(P.PAPER_ISSUE, subject) and paperwork.has_test(subject),
        address=lambda endpoint, **values: _address(endpoint, subject, **values),
    )


@blueprint.get(f"{PLACES[0]}/<paper_kind>.<paper_format>")
@blueprint.get(f"{PLACES[1]}/<paper_kind>.<paper_format>")
@access.requires(P.PEOPLE_VIEW)
def download(paper_kind: str, paper_format: str, round_id: int = 0, stage_id: int = 0) -> Any:
    """One paper as a file; a long one is made as a job, from the button of the page."""
    subject = _subject(P.PEOPLE_VIEW, round_id, stage_id)
    wanted = _format(_kind(subject, paper_kind), paper_format)
    if paperwork.size_of(subject) > DIRECT:
        flash(_("Văn bản này dài. Hãy bấm nút lập tệp ở dưới; bạn có thể rời trang trong lúc chờ."), "info")
        return redirect(_address("index", subject))
    desk = paper_making.desk_of(subject, with_keys=paper_kind == "keys")
    name, content = desk.file(paper_kind, wanted)
    answer = Response(content, mimetype=MIMETYPES[wanted])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _format(kind: Kind, name: str) -> Format:
    return next((wanted for wanted in kind.formats if wanted == name), None) or access.not_found()


@blueprint.post(f"{PLACES[0]}/<paper_kind>.<paper_format>")
@blueprint.post(f"{PLACES[1]}/<paper_kind>.<paper_format>")
@access.requires(P.PEOPLE_VIEW)
def make(paper_kind: str, paper_format: str, round_id: int = 0, stage_id: int = 0) -> Any:
    """Have one paper made as a job."""
    subject = _subject(P.PEOPLE_VIEW, round_id, stage_id)
    kind = _kind(subject, paper_kind)
    wanted = _format(kind, paper_format)
    name = paperwork.name_of(subject)
    permission = TELLS.get(paper_kind, P.RESULT_VIEW)
    return jobs.hand_over(
        "paper",
        f"paper:{name}:{subject.id}:{paper_kind}:{wanted}",
        f"{_(kind.title)} (.{wanted}) – {subject.name}",
        {"subject": name, "id": subject.id, "paper": paper_kind, "format": wanted},
        FETCHED_BY.get(permission, permission),
        paperwork.unit_of(subject),
    )


@blueprint.post(f"{PLACES[0]}/all")
@blueprint.post(f"{PLACES[1]}/all")
@access.requires(P.RESULT_PUBLISH)
def make_all(round_id: int = 0, stage_id: int = 0) -> Any:
    """Have every paper made in every kind of file, as one archive."""
    subject = _subject(P.RESULT_PUBLISH, round_id, stage_id)
    name = paperwork.name_of(subject)
    return jobs.hand_over(
        "papers",
        f"papers:{name}:{subject.id}",
        _("Trọn bộ văn bản – %(name)s", name=subject.name),
        {"subject": name, "id": subject.id},
        P.RESULT_PUBLISH,
        paperwork.unit_of(subject),
    )


@blueprint.route(f"{PLACES[0]}/letterhead", methods=["GET", "POST"])
@blueprint.route(f"{PLACES[1]}/letterhead", methods=["GET", "POST"])
@access.requires(P.RESULT_PUBLISH)
def letterhead(round_id: int = 0, stage_id: int = 0) -> Any:
    """Who issues and signs, and the number and day of each paper."""
    subject = _subject(P.RESULT_PUBLISH, round_id, stage_id)
    there = paperwork.state_of(subject)
    form = OfficeForm(data=there).filled_from(there)
    if form.validate_on_submit():
        with shown_on(form):
            actor, seen = access.signed_in().actor, form.seen.data
            paperwork.write(subject, form.office, form.numbers, actor, clock.now(), seen)
            db.session.commit()
            flash(_("Đã lưu. Các văn bản lập từ bây giờ ghi như vậy."), "success")
            return redirect(_address("index", subject))
    return render_template(
        "office_papers/letterhead.html",
        subject=subject,
        contest=paperwork.contest_of(subject),
        form=form,
        back=_address("index", subject),
    )
