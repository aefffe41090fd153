"""Signs in the papers of a round that is over: looked for, read and decided about by those who run it, nobody else."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.signals import Sign
from quiz.core.timing import Phase
from quiz.database import reading
from quiz.extensions import db
from quiz.services import signal_search, signals
from quiz.web import access, outcomes
from quiz.web.forms.signals import DecideForm
from quiz.web.labels import label
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("signals", __name__, url_prefix="/desk")
P = Permission


def _kind() -> Sign | None:
    text = request.args.get("kind", "")
    return Sign(text) if text in set(Sign) else None


@blueprint.get("/rounds/<int:round_id>/signals")
@access.requires(P.ROUND_RUN)
def index(round_id: int) -> Any:
    """The signs of a round, those that wait for a decision first, and how much there was to go by."""
    contest_round, kind, now = access.round_for(P.ROUND_RUN, round_id), _kind(), clock.now()
    is_over = contest_round.phase_at(now) is Phase.CLOSED
    report = signals.report_of(contest_round)
    return render_template(
        "signals/index.html",
        round=contest_round,
        report=report,
        left_out=signals.left_out_units(report) if report else [],
        refusal=signal_search.refusal(contest_round, now),
        sat_until=signal_search.sat_until() if is_over else None,
        page=signals.page_of(contest_round, kind, page_number()),
        tabs=_tabs(contest_round, kind),
        page_url=lambda number: url_for("signals.index", round_id=round_id, kind=kind, page=number),
    )


def _tabs(contest_round: Any, kind: Sign | None) -> list[dict[str, Any]]:
    counts = signals.counts(contest_round)
    total = sum(count for count, _left in counts.values())
    found = [(None, _("Tất cả"), total)]
    found += [(sign, label(sign), counts[sign][0]) for sign in Sign if sign in counts]
    return [
        {
            "label": words,
            "url": url_for("signals.index", round_id=contest_round.id, kind=sign),
            "current": sign is kind,
            "count": count,
        }
        for sign, words, count in found
    ]


@blueprint.post("/rounds/<int:round_id>/signals")
@access.requires(P.ROUND_RUN)
def look(round_id: int) -> Any:
    """Look for signs in all papers of the round; the long part takes no turn to write."""
    with reading():
        findings = signal_search.look(access.round_for(P.ROUND_RUN, round_id), clock.now())
    contest_round = access.round_for(P.ROUND_RUN, round_id)
    signal_search.keep(contest_round, findings, access.signed_in().actor, clock.now())
    db.session.commit()
    count = len(findings.signs)
    text = ngettext("Đã xem xong: có %(num)d dấu hiệu.", "Đã xem xong: có %(num)d dấu hiệu.", count)
    flash(text if count else _("Đã xem xong: không có dấu hiệu nào."), "success")
    return redirect(url_for("signals.index", round_id=round_id))


@blueprint.route("/signals/<int:signal_id>", methods=["GET", "POST"])
@access.requires(P.ROUND_RUN)
def show(signal_id: int) -> Any:
    """One sign: what was seen, what it may mean, the papers side by side, and what the board decided and decides."""
    signal = outcomes.signal_for(P.ROUND_RUN, signal_id)
    form, now = DecideForm(seen=len(signal.decisions)), clock.now()
    if form.validate_on_submit():
        with shown_on(form):
            actor = access.signed_in().actor
            signals.decide(signal, form.verdict.data, form.reason.data, form.seen.data, actor, now)
            db.session.commit()
            flash(_("Đã ghi quyết định."), "success")
            return redirect(url_for("signals.index", round_id=signal.round_id))
        form.seen.data = len(signal.decisions)  # shown with it: it may be sent again
        form.seen.raw_data = None
    same = signals.same_answers(signal, now) if signal.kind is Sign.WRONG else []
    return render_template("signals/show.html", signal=signal, round=signal.round, form=form, same=same)
