"""Pages of the bank for whole files on their way in: upload, choose, preview, confirm. They join the bank's blueprint.

What goes out is in bank_exports.py.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core import intake
from quiz.core.errors import N_, AlreadyDone, Problem, RuleBroken
from quiz.core.intake import Choices, Line, Outcome
from quiz.core.items import LETTERS
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.files import questions as formats
from quiz.files import yaml_nodes
from quiz.files.question_files import OWN, Content, read_content
from quiz.files.text_input import MAX_BYTES
from quiz.services import bank_imports, holdings, uploads
from quiz.services import items as bank_items
from quiz.services.bank_imports import Like, Plan
from quiz.web import access, belongings
from quiz.web.bank import blueprint
from quiz.web.formatting import message_text
from quiz.web.forms.bank_files import ChoicesForm, QuestionFileForm
from quiz.web.paging import page_number, slice_of

PURPOSE = "bank"
COMPARED = 300  # coming questions up to which all are compared with the banks, not only those on the page
TOO_LARGE = N_("Tệp lớn hơn %(limit)d MB. Hãy chia thành nhiều tệp.")
UNKNOWN = N_("Không rõ tệp này thuộc định dạng nào. Hãy chọn định dạng ở dưới rồi tải lên lại.")


@lru_cache(maxsize=2)
def _read(name: str, data: bytes) -> Content:
    """Return what stands in a file; paging through a long preview does not read it again."""
    return read_content(name, data)


@blueprint.route("/bank/upload", methods=["GET", "POST"])
@access.requires(Permission.BANK_EDIT)
def upload() -> Any:
    """Take a question file in for a look; nothing is loaded yet."""
    readable = [entry for entry in formats.FORMATS.values() if entry.read]
    form = QuestionFileForm().offer([(entry.name, message_text(entry.title)) for entry in readable])
    if form.validate_on_submit():
        filename, data = form.file.data.filename or "", form.file.data.read(MAX_BYTES + 1)
        name = form.format.data or formats.format_of(data, filename)
        limit = yaml_nodes.MAX_BYTES if name == OWN else MAX_BYTES
        if len(data) > limit:
            form.show([Problem(TOO_LARGE, {"limit": limit // 1024**2}, field="file")])
        elif not name:
            form.show([Problem(UNKNOWN, field="file")])
        else:
            account = belongings.own_account()
            kept = uploads.keep(account.id, PURPOSE, filename, data, clock.now(), name)
            db.session.commit()
            return redirect(url_for("bank.preview", upload_id=kept.id))
    return render_template("bank/upload.html", form=form, formats=readable)


@blueprint.get("/bank/uploads/<int:upload_id>")
@access.requires(Permission.BANK_EDIT)
def preview(upload_id: int) -> Any:
    """What the file would change, line by line; before that, where a foreign file is to go."""
    kept = belongings.own_upload(PURPOSE, upload_id, url_for("bank.upload"))
    content, made = _read(kept.format or OWN, kept.data), intake.restored(kept.choices)
    form = None
    if (kept.format or OWN) != OWN:
        form = _choices_form(content).fill(made or bank_imports.first_choices(content.questions))
    plan = _plan(kept.format, content, made)
    return _preview_page(kept, content, plan, form)


def _plan(name: str, content: Content, made: Choices | None) -> Plan | None:
    """Return what taking the file in would do; None as long as it is open where it goes."""
    if (name or OWN) == OWN:
        return bank_imports.plan_of_bank(content.draft, content.problems)
    if not content.questions or made is None or intake.check(made, _needs(content)):
        return None
    known = bank_imports.frame(made, content.topics, content.documents)
    return bank_imports.plan_of_questions(content.questions, content.problems, made, known)


def _needs(content: Content) -> set[str]:
    known = bank_imports.frame(Choices(), content.topics, content.documents)
    return bank_imports.needs(content.questions, known)


def _choices_form(content: Content) -> ChoicesForm:
    known = bank_items.lists()
    form = ChoicesForm().offer(known.banks, known.topics, known.documents)
    return form.show_only(_needs(content))


def _preview_page(kept: Any, content: Content, plan: Plan | None, form: ChoicesForm | None) -> Any:
    lines = plan.lines if plan else intake.lines_of((), {}, {}, [p for p in content.problems if p.row], {})
    likes = bank_imports.likes_of(plan, lines) if plan and _coming(plan) <= COMPARED else None
    wanted = request.args.get("show", "")
    page = slice_of(_narrowed(lines, wanted, likes or {}), page_number())
    if plan and likes is None:
        likes = bank_imports.likes_of(plan, page.items)
    return render_template(
        "bank/preview.html",
        upload=kept,
        format=formats.FORMATS.get(kept.format or OWN),
        read=len(content.questions),
        plan=plan,
        form=form,
        page=page,
        page_url=lambda number: url_for("bank.preview", upload_id=kept.id, show=wanted, page=number),
        tabs=_tabs(kept.id, lines, wanted, likes or {}) if lines else [],
        likes=likes or {},
        stops=plan.stops if plan else [problem for problem in content.problems if not problem.row],
        compared=plan is None or _coming(plan) <= COMPARED,
        changes=_changes(plan, page.items),
        letters=LETTERS,
    )


def _coming(plan: Plan) -> int:
    return plan.counts[Outcome.NEW] + plan.counts[Outcome.CHANGED]


def _narrowed(lines: Sequence[Line], wanted: str, likes: dict[str, list[Like]]) -> Sequence[Line]:
    if wanted == "cautions":
        return [line for line in lines if line.cautions or line.code in likes]
    return [line for line in lines if line.outcome == wanted] if wanted in list(Outcome) else lines


def _tabs(
    upload_id: int, lines: Sequence[Line], wanted: str, likes: dict[str, list[Like]]
) -> list[dict[str, Any]]:
    """Return one link for every way to narrow the lines that leaves any, with their numbers."""
    ways = {
        "": _("Tất cả"), Outcome.REJECTED: _("Bị từ chối"), Outcome.NEW: _("Mới"), Outcome.CHANGED: _("Thay đổi"),
        Outcome.UNCHANGED: _("Không đổi"), Outcome.OUTDATED: _("Bản cũ"), "cautions": _("Nên xem lại"),
        Outcome.NOTED: _("Không nhập"),
    }  # fmt: skip
    counts = {way: len(_narrowed(lines, way, likes)) for way in ways}
    return [
        {
            "label": words, "count": counts[way], "current": wanted == way,
            "url": url_for("bank.preview", upload_id=upload_id, show=way or None),
        }
        for way, words in ways.items()
        if counts[way]
    ]  # fmt: skip


def _changes(plan: Plan | None, lines: Sequence[Line]) -> dict[str, Any]:
    """Return by code how the changed questions among `lines` differ from what is stored."""
    codes = [line.code for line in lines if line.outcome is Outcome.CHANGED]
    if plan is None or plan.draft is None or not codes:
        return {}
    return {item.code: change for item, _new, change in holdings.changes(plan.draft, codes)}


@blueprint.post("/bank/uploads/<int:upload_id>/choices")
@access.requires(Permission.BANK_EDIT)
def choose(upload_id: int) -> Any:
    """Keep with the file where its questions go and what is taken where it is silent."""
    kept = belongings.own_upload(PURPOSE, upload_id, url_for("bank.upload"))
    content = _read(kept.format or OWN, kept.data)
    form = _choices_form(content)
    if form.validate():
        made = form.choices()
        problems = intake.check(made, _needs(content))
        if not problems:
            kept.choices = made.stored()
            db.session.commit()
            return redirect(url_for("bank.preview", upload_id=upload_id))
        form.show(problems)
    return _preview_page(kept, content, None, form)


@blueprint.post("/bank/uploads/<int:upload_id>/confirm")
@access.requires(Permission.BANK_EDIT)
def confirm(upload_id: int) -> Any:
    """Load the file that was looked at, all of it, as drafts; a second click finds it done."""
    who, seen = access.signed_in(), request.form.get("fingerprint", "")[:64]
    try:
        kept = uploads.claim(upload_id, who.account_id, PURPOSE, seen)
        name, data = kept.format or OWN, kept.data
        db.session.rollback()  # reading a long file takes seconds, in which others must be able to write
        content = _read(name, data)
        kept = uploads.claim(upload_id, who.account_id, PURPOSE, seen)
    except RuleBroken as refusal:  # the preview it came from is gone with the file
        tone = "info" if isinstance(refusal, AlreadyDone) else "error"
        flash(message_text(refusal.message, refusal.values), tone)
        return redirect(url_for("bank.index"))
    plan = _plan(name, content, intake.restored(kept.choices))
    if plan is None or not plan.is_ready:
        return redirect(url_for("bank.preview", upload_id=upload_id))
    report = bank_imports.take_in(plan, seen, kept.filename, belongings.own_account(), who.actor, clock.now())
    uploads.finish(kept)
    db.session.commit()
    _read.cache_clear()
    new, changed = len(report.new), len(report.changed)
    flash(
        _("Đã nhập: %(new)d câu mới, %(changed)d câu có phiên bản mới.", new=new, changed=changed), "success"
    )
    return redirect(url_for("bank.items", bank=plan.draft.code if plan.draft else "", status="draft"))


@blueprint.post("/bank/uploads/<int:upload_id>/discard")
@access.requires(Permission.BANK_EDIT)
def discard(upload_id: int) -> Any:
    """Forget a file that was only looked at."""
    uploads.drop(belongings.own_upload(PURPOSE, upload_id, url_for("bank.upload")))
    db.session.commit()
    _read.cache_clear()
    return redirect(url_for("bank.upload"))
