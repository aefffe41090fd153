"""One act on many questions: choose them in a list, look at what will happen, do it, read what came of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import N_, NotAllowed, RuleBroken
from quiz.core.names import nfc
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import bulk, items, listing
from quiz.services.bulk import REWRITING, WITH_REASON, Act, Order
from quiz.web import access, belongings, filters
from quiz.web.formatting import message_text
from quiz.web.labels import label

blueprint = Blueprint("bulk", __name__)
NEEDED = {
    Act.SUBMIT: Permission.BANK_EDIT,
    Act.APPROVE: Permission.BANK_REVIEW,
    Act.SEND_BACK: Permission.BANK_REVIEW,
    Act.RETIRE: Permission.BANK_REVIEW,
    Act.TO_PRACTICE: Permission.BANK_EDIT,
    Act.TO_EXAM: Permission.BANK_EDIT,
    Act.SET_TOPIC: Permission.BANK_EDIT,
    Act.CHECK: Permission.BANK_REVIEW,
}
NAMED = 20  # codes named on a page
NOT_YOURS = N_("Vai trò của bạn không làm được việc này.")


def open_acts() -> list[tuple[str, str]]:
    """Return (value, words) of what this person may do with many questions."""
    who = access.signed_in()
    return [(act.value, label(act)) for act in Act if who.may_somewhere(NEEDED[act])]


@blueprint.get("/bank/bulk")
@access.requires(Permission.BANK_VIEW)
def confirm() -> Any:
    """What is about to be done, with how many questions, and the reason or topic it needs."""
    act, ids = _asked(request.args)
    if act is None or not ids:
        flash(_("Hãy chọn câu hỏi và việc cần làm."), "info")
        return redirect(_back(request.args))
    return _page(act, ids, request.args, bulk.newest_version(), "")


@blueprint.post("/bank/bulk")
@access.requires(Permission.BANK_VIEW)
def carry_out() -> Any:
    """Do it, in one transaction, and report; sent a second time it finds everything done."""
    act, ids = _asked(request.form)
    if act is None or not ids:
        return redirect(_back(request.form))
    who, now = access.signed_in(), clock.now()
    newest = request.form.get("newest", 0, type=int)
    reason = nfc(request.form.get("reason", ""))[:300]
    topic = request.form.get("new_topic", "")
    order = Order(
        act, belongings.own_account(), who.actor, now, clock.local(now).date(), newest, reason, topic
    )
    try:
        report = bulk.carry_out(order, ids)
    except RuleBroken as refusal:
        db.session.rollback()
        return _page(act, ids, request.form, newest, message_text(refusal.message, refusal.values))
    db.session.commit()
    return render_template(
        "bank/bulk_report.html", act=act, report=report, back=_back(request.form), named=NAMED
    )


def _asked(source: Any) -> tuple[Act | None, list[int]]:
    """Return what is to be done and the ids of the questions: those ticked, or all that the filters find."""
    act = Act(source["act"]) if source.get("act") in list(Act) else None
    if act is not None and not access.signed_in().may_somewhere(NEEDED[act]):
        raise NotAllowed(NOT_YOURS)
    if source.get("all"):
        found = listing.ids(filters.wanted(source), access.signed_in().account_id).limit(bulk.MOST + 1)
        return act, list(db.session.scalars(found))
    return act, [int(text) for text in source.getlist("item") if text.isdecimal() and int(text) < 2**31]


def _page(act: Act, ids: list[int], source: Any, newest: int, error: str) -> str:
    return render_template(
        "bank/bulk.html",
        act=act,
        count=len(ids),
        too_many=len(ids) > bulk.MOST,
        most=bulk.MOST,
        codes=items.codes_of(ids[:NAMED]),
        sent=_sent(source),
        newest=newest,
        needs_reason=act in WITH_REASON,
        rewrites=act in REWRITING,
        topics=[("", _("Chọn chuyên đề")), *items.lists().topics] if act is Act.SET_TOPIC else [],
        new_topic=source.get("new_topic", ""),
        reason=source.get("reason", ""),
        error=error,
        back=_back(source),
    )


def _sent(source: Any) -> list[tuple[str, str]]:
    """Return what names the questions, to be sent on."""
    chosen = [("all", "1")] if source.get("all") else [("item", text) for text in source.getlist("item")]
    return [("act", source["act"]), ("from", source.get("from", "")), *chosen, *filters.given(source).items()]


def _back(source: Any) -> str:
    """Return the list the questions were chosen in."""
    if source.get("from") == "checks":
        return url_for("checks.index")
    return url_for("bank.items", **filters.given(source))
