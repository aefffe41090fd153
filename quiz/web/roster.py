"""Pages that take in and hand out the roster workbook: upload, look, confirm; export and template."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import BytesIO
from itertools import islice
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.names import titled
from quiz.core.permissions import Permission
from quiz.core.rosters import HEADINGS, PEOPLE, UNITS, Change, RosterDiff, SheetDiff
from quiz.extensions import db
from quiz.files import workbook
from quiz.services import auth, roster, roster_reading, tree, uploads
from quiz.web import access, belongings, jobs
from quiz.web.formatting import date_text, message_text
from quiz.web.forms.roster import RosterForm
from quiz.web.job_kinds import Work, kind, writing
from quiz.web.labels import label

blueprint = Blueprint("roster", __name__)
P = Permission
LONG = 250_000  # bytes of a workbook from which on taking it in is a job, some 3,000 people
SHOWN = 200  # changes and problems on the preview
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the preview: what would be added, or which fields would say what."""

    sheet: str
    row: int
    code: str
    name: str
    differences: list[tuple[str, str, str]]  # heading, before, after; none: the row is new


@blueprint.route("/roster", methods=["GET", "POST"])
@access.requires(P.ROSTER_IMPORT)
def index() -> Any:
    """Hand in a workbook, or fetch the list as it stands."""
    form = RosterForm()
    if form.validate_on_submit():
        sent, account = form.file.data, belongings.own_account()
        kept = uploads.keep(account.id, "roster", sent.filename or "", sent.read(), clock.now())
        db.session.commit()
        return redirect(url_for("roster.preview", upload_id=kept.id))
    who = access.signed_in()
    units = tree.branches(who.paths_for(P.ROSTER_EXPORT), clock.today())
    return render_template(
        "roster/index.html",
        form=form,
        imports=roster.recent(who.paths_for(P.ROSTER_IMPORT)),
        choices=[("", _("Tất cả đơn vị bạn phụ trách")), *((unit.id, unit.title) for unit in units)],
    )


@blueprint.get("/roster/<int:upload_id>")
@access.requires(P.ROSTER_IMPORT)
def preview(upload_id: int) -> Any:
    """What the file would change and what is wrong with it, row by row."""
    upload = belongings.own_upload("roster", upload_id, url_for("roster.index"))
    read, found = workbook.read_roster(upload.data)
    plan = roster.plan(read, found, access.signed_in().paths_for(P.ROSTER_IMPORT), clock.today())
    blocking = plan.blocking
    return render_template(
        "roster/preview.html",
        upload=upload,
        plan=plan,
        counts=roster.counts(plan.diff),
        blocking=blocking,
        advice=[problem for problem in plan.problems if problem not in blocking],
        lines=list(islice(lines_of(plan.diff), SHOWN)),
        shown=SHOWN,
    )


@blueprint.post("/roster/<int:upload_id>/confirm")
@access.requires(P.ROSTER_IMPORT)
def confirm(upload_id: int) -> Any:
    """Take the file in whole, provided that it would do what the preview showed."""
    who, fingerprint = access.signed_in(), request.form.get("fingerprint", "")[:64]
    try:
        data = roster.claim(upload_id, who.account_id, fingerprint).data
    except RuleBroken as refusal:  # the preview it came from is gone with the file
        flash(
            message_text(refusal.message, refusal.values),
            "info" if isinstance(refusal, AlreadyDone) else "error",
        )
        return redirect(url_for("roster.index"))
    db.session.rollback()  # reading a large workbook takes seconds, in which others must be able to write
    if len(data) > LONG:
        return _hand_over(upload_id, fingerprint)
    read, found = workbook.read_roster(data)
    upload = roster.claim(upload_id, who.account_id, fingerprint)
    plan = roster.take_in(
        read, found, fingerprint, upload.filename, who.paths_for(P.ROSTER_IMPORT), clock.today(), who.actor,
        clock.now(),
    )  # fmt: skip
    uploads.finish(upload)
    db.session.commit()
    flash(
        _(
            "Đã nhập xong: thêm %(units_new)d đơn vị và %(people_new)d người; sửa %(units_changed)d đơn vị và"
            " %(people_changed)d người.",
            **roster.counts(plan.diff),
        ),
        "success",
    )
    return redirect(url_for("roster.index"))


def _hand_over(upload_id: int, fingerprint: str) -> Any:
    name = belongings.own_upload("roster", upload_id, url_for("roster.index")).filename
    what = {"upload": upload_id, "fingerprint": fingerprint}
    title = _("Nhập danh sách %(name)s", name=name)
    return jobs.hand_over("roster", f"roster:{upload_id}", title, what, P.ROSTER_IMPORT, None)


@kind("roster")
def take_in(work: Work) -> None:
    """Take a long file in whole, in the name and with the roles of whoever confirmed it."""
    who = auth.staff_of(work.account_id)
    if who is None:
        raise RuleBroken(N_("Tài khoản đã bị khóa nên không nhập gì."))
    upload_id, fingerprint = work.params["upload"], work.params["fingerprint"]
    try:
        data = roster.claim(upload_id, who.account_id, fingerprint).data
    except AlreadyDone:  # before the process that did it could say so
        return
    db.session.rollback()
    read, found = workbook.read_roster(data)
    work.report(1, 2)
    with writing():
        upload = roster.claim(upload_id, who.account_id, fingerprint)
        paths = who.paths_for(P.ROSTER_IMPORT)
        roster.take_in(
            read, found, fingerprint, upload.filename, paths, clock.today(), who.actor, clock.now()
        )
        uploads.finish(upload)
    work.report(2, 2)


@blueprint.post("/roster/<int:upload_id>/discard")
@access.requires(P.ROSTER_IMPORT)
def discard(upload_id: int) -> Any:
    """Forget a file without taking it in."""
    uploads.drop(belongings.own_upload("roster", upload_id, url_for("roster.index")))
    db.session.commit()
    flash(_("Đã bỏ tệp. Chưa có gì được nhập."), "info")
    return redirect(url_for("roster.index"))


@blueprint.post("/roster/export")
@access.requires(P.ROSTER_EXPORT)
def export() -> Any:
    """The units and people of the own subtrees, or of one unit in them, as a workbook; the record says who took it."""
    who, now = access.signed_in(), clock.now()
    unit_id = request.form.get("unit", type=int)
    unit = access.unit_for(P.ROSTER_EXPORT, unit_id) if unit_id is not None else None
    taken = roster_reading.hand_out(who.paths_for(P.ROSTER_EXPORT), unit, who.actor, now)
    db.session.commit()
    name = f"danh-sach-{unit.code if unit else 'don-vi'}-{clock.local(now):%Y-%m-%d}.xlsx"
    return _download(workbook.write_roster(taken), name)


@blueprint.get("/roster/template")
@access.requires(P.ROSTER_IMPORT)
def template() -> Any:
    """The empty workbook with its explanations."""
    return _download(workbook.template(), "mau-danh-sach.xlsx")


def _download(data: bytes, name: str) -> Any:
    answer = send_file(BytesIO(data), XLSX, as_attachment=True, download_name=name.replace("/", "-"))
    answer.headers["Cache-Control"] = "no-store"  # people's data stays on no shared machine
    return answer


def lines_of(diff: RosterDiff) -> Iterator[Line]:
    """Yield what an import would do, units before people, changed rows before new ones."""
    for sheet, rows in ((UNITS, diff.units), (PEOPLE, diff.people)):
        yield from _lines(sheet, rows)


def _lines(sheet: str, rows: SheetDiff[Any]) -> Iterator[Line]:
    for change in rows.changed:
        yield Line(
            sheet, change.after.row, change.after.code, _name(change.after), _differences(sheet, change)
        )
    for draft in rows.new:
        yield Line(sheet, draft.row, draft.code, _name(draft), [])


def _name(draft: Any) -> str:
    return titled(draft.type_label, draft.name) if hasattr(draft, "type_label") else draft.full_name


def _differences(sheet: str, change: Change[Any]) -> list[tuple[str, str, str]]:
    return [
        (_(HEADINGS[sheet][name]), _words(getattr(change.before, name)), _words(getattr(change.after, name)))
        for name in change.fields
    ]


def _words(value: Any) -> str:
    """Return a value as people write it in the workbook."""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, date):
        return date_text(value)
    return (label(value) if isinstance(value, StrEnum) else str(value or "")) or _("(trống)")
