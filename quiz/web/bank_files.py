"""Pages of the bank for whole files, in and out: upload, preview, confirm, download. They join the bank's blueprint."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import Problem
from quiz.core.items import BankDraft, warnings
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.files.bank_yaml import read_bank, write_bank
from quiz.files.yaml_nodes import MAX_BYTES, TOO_LARGE
from quiz.services import bank as banks
from quiz.services import holdings, uploads
from quiz.web import access
from quiz.web.bank import blueprint
from quiz.web.forms.bank import LETTERS, BankFileForm

PURPOSE = "bank"
SHOWN = 50  # questions and problems named on the preview


@blueprint.route("/bank/upload", methods=["GET", "POST"])
@access.requires(Permission.BANK_EDIT)
def upload() -> Any:
    """Take a question file in for a look; nothing is loaded yet."""
    form = BankFileForm()
    if form.validate_on_submit():
        data = form.file.data.read(MAX_BYTES + 1)
        if len(data) <= MAX_BYTES:
            account = access.own_account()
            kept = uploads.keep(account.id, PURPOSE, form.file.data.filename or "", data, clock.now())
            db.session.commit()
            return redirect(url_for("bank.preview", upload_id=kept.id))
        form.show([Problem(TOO_LARGE, {"limit": MAX_BYTES // 1024**2}, field="file")])
    return render_template("bank/upload.html", form=form)


@blueprint.get("/bank/uploads/<int:upload_id>")
@access.requires(Permission.BANK_EDIT)
def preview(upload_id: int) -> Any:
    """What the file would change, and every line that has to be put right first."""
    kept = access.own_upload(PURPOSE, upload_id)
    draft, problems = read_bank(kept.data, kept.filename)
    report = banks.preview(draft) if draft else banks.ImportReport()
    problems = problems + report.problems
    return render_template(
        "bank/preview.html",
        upload=kept,
        draft=draft,
        report=report,
        problems=problems,
        rejected=len({problem.row for problem in problems}),
        changes=holdings.changes(draft, report.changed[:SHOWN]) if draft else [],
        warnings=_warnings(draft, {*report.new, *report.changed}) if draft else [],
        shown=SHOWN,
        letters=LETTERS,
    )


def _warnings(draft: BankDraft, codes: set[str]) -> list[tuple[str, Problem]]:
    return [(item.code, problem) for item in draft.items if item.code in codes for problem in warnings(item)]


@blueprint.post("/bank/uploads/<int:upload_id>/confirm")
@access.requires(Permission.BANK_EDIT)
def confirm(upload_id: int) -> Any:
    """Load the file that was looked at, all of it, as drafts."""
    kept = access.own_upload(PURPOSE, upload_id)
    draft, problems = read_bank(kept.data, kept.filename)
    if draft is None or problems:
        return redirect(url_for("bank.preview", upload_id=upload_id))
    report = banks.import_bank(draft, access.own_account(), access.signed_in().actor, clock.now())
    uploads.drop(kept)
    db.session.commit()
    new, changed = len(report.new), len(report.changed)
    flash(
        _("Đã nhập: %(new)d câu mới, %(changed)d câu có phiên bản mới.", new=new, changed=changed), "success"
    )
    return redirect(url_for("bank.items", bank=draft.code, status="draft"))


@blueprint.post("/bank/uploads/<int:upload_id>/discard")
@access.requires(Permission.BANK_EDIT)
def discard(upload_id: int) -> Any:
    """Forget a file that was only looked at."""
    uploads.drop(access.own_upload(PURPOSE, upload_id))
    db.session.commit()
    return redirect(url_for("bank.upload"))


@blueprint.post("/bank/<int:bank_id>/export")
@access.requires(Permission.BANK_EDIT)
def export(bank_id: int) -> Any:
    """Download a bank with its keys; a form's POST, because it goes on record."""
    bank = access.bank_for(Permission.BANK_EDIT, bank_id)
    data = write_bank(banks.export(bank, access.signed_in().actor, clock.now()))
    db.session.commit()
    answer = Response(data, mimetype="application/yaml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{bank.code}.yaml")
    return answer
