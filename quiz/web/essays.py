"""Essays handed in before the day: the contestant's own page, the secretary's list, and the files for the judges."""

from io import BytesIO
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core import essays as terms
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.files import essays as files
from quiz.services import essays, packages
from quiz.web import access, belongings, outcomes
from quiz.web.forms.essays import ACCEPTED, HandInForm, ReceiveForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("essays", __name__)
RUN, JUDGE = Permission.STAGE_RUN, Permission.STAGE_JUDGE


class Asked(NamedTuple):
    """One part that asks for an essay: until when, what one entry handed in, and the form for it."""

    part: Any
    until: int | None
    is_late: bool
    essay: Any
    form: Any


def _asked(entry: Any, kind: Any) -> list[Asked]:
    """Return every part of an entry's round that asks for an essay, with a form of the given kind."""
    now, handed_in = clock.now(), essays.of_round(entry.round)
    found = []
    for place, part in enumerate(essays.asked_for(entry.round)):
        until = essays.deadline_of(entry.round, part)
        form = kind(prefix=f"e{place}-", part=part.name)
        essay = handed_in.get((entry.id, part.name))
        found.append(Asked(part, until, terms.is_late(until, now), essay, form))
    return found


def _sent(form: Any) -> essays.Sent:
    """Return the file a form carries, looked at while nobody waits for the database."""
    upload = form.file.data
    db.session.rollback()
    data = upload.read(terms.LARGEST + 1)
    kind, pages = files.looked_at(upload.filename, data)
    return essays.Sent(upload.filename, kind, pages, data)


def _submitted(found: list[Asked]) -> Asked | None:
    """Return the part whose form was sent."""
    return next((one for one in found if f"{one.form.part.name}" in request.form), None)


# --- the contestant -----------------------------------------------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/essays", methods=["GET", "POST"])
@access.candidate_only
def own(round_id: int) -> Any:
    """What the contestant hands in before the day, part by part; a newer file takes the place of the one before."""
    entry = _own_entry(round_id)
    found = _asked(entry, HandInForm)
    chosen = _submitted(found)
    if chosen and chosen.form.validate_on_submit():
        with shown_on(chosen.form):
            sent = _sent(chosen.form)
            actor, part = access.signed_in().actor, chosen.part.name
            essays.hand_in(_own_entry(round_id), part, sent, actor, clock.now())
            db.session.commit()
            flash(_("Đã nhận bài của bạn."), "success")
            return redirect(url_for("essays.own", round_id=round_id))
    return _page("essays/own.html", entry, found)


def _own_entry(round_id: int) -> Any:
    contest_round = belongings.own_round(round_id)
    return essays.own_entry(contest_round, access.signed_in().person_id or 0) or access.not_found()


def _page(template: str, entry: Any, found: list[Asked]) -> Any:
    asked = {one.part.name: one.essay for one in found}
    return render_template(
        template,
        entry=entry,
        round=entry.round,
        asked=found,
        essays=asked,
        accepted=ACCEPTED,
        largest=terms.LARGEST,
    )


@blueprint.get("/own-essays/<int:essay_id>")
@access.candidate_only
def own_file(essay_id: int) -> Any:
    """The file the contestant handed in, to make sure of it."""
    return _download(belongings.own_essay(essay_id))


# --- the board ----------------------------------------------------------------------------------------------------


@blueprint.get("/desk/rounds/<int:round_id>/essays")
@access.requires(RUN)
def index(round_id: int) -> Any:
    """Who has handed in what, who has not."""
    contest_round = access.round_for(RUN, round_id)
    handed_in, entries = essays.of_round(contest_round), essays.entries_of(contest_round)
    parts = [
        (
            part,
            essays.deadline_of(contest_round, part),
            [(one, handed_in.get((one.id, part.name))) for one in entries],
        )
        for part in essays.asked_for(contest_round)
    ]
    return render_template(
        "essays/index.html", round=contest_round, parts=parts, brought=packages.loaded(contest_round)
    )


@blueprint.route("/desk/entries/<int:entry_id>/essays", methods=["GET", "POST"])
@access.requires(RUN)
def receive(entry_id: int) -> Any:
    """Take in what came for one contestant: on paper, or a file; late with a reason."""
    entry = access.entry_for(RUN, entry_id)
    found = _asked(entry, ReceiveForm)
    chosen = _submitted(found)
    if chosen and chosen.form.validate_on_submit():
        with shown_on(chosen.form):
            form = chosen.form
            sent = None if form.is_on_paper else _sent(form)
            entry = access.entry_for(RUN, entry_id)
            reason, actor = form.reason.data or "", access.signed_in().actor
            essays.receive(entry, chosen.part.name, sent, reason, actor, clock.now())
            db.session.commit()
            flash(_("Đã ghi nhận bài của thí sinh."), "success")
            return redirect(url_for("essays.index", round_id=entry.round_id))
    return _page("essays/receive.html", entry, found)


@blueprint.get("/desk/essays/<int:essay_id>")
@access.requires(RUN)
def file(essay_id: int) -> Any:
    """A contestant's file, for whoever runs the stage."""
    return _download(outcomes.essay_for(RUN, essay_id))


@blueprint.get("/judging/<int:performance_id>/essay")
@access.requires(JUDGE)
def judged_file(performance_id: int) -> Any:
    """The file of a performance, for those who judge it."""
    return _download(essays.of_performance(outcomes.performance_judged(performance_id)) or access.not_found())


def _download(essay: Any) -> Any:
    data = essays.data_of(essay)
    if data is None:
        access.not_found()
    name = f"{essay.entry.person.full_name} - {essay.part}.{essay.kind}"
    mimetype = files.MIMETYPES[terms.FileKind(essay.kind)]
    answer = send_file(BytesIO(data), mimetype, as_attachment=True, download_name=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
