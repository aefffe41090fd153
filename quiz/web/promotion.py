"""From a final ranking to the next round: who goes on, ties at the cut, reserves."""

import zlib
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields import SelectChoice

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.promotion import Decision, Method, Tie, WayOut
from quiz.extensions import db
from quiz.services import awards, declines, displaced, promotion, results, ties
from quiz.services.contests import rules_of
from quiz.web import access, outcomes
from quiz.web.forms.results import EXTRA, DecisionForm, PickForm, TakeBackForm, decision_form
from quiz.web.labels import label
from quiz.web.refusals import shown_on

blueprint = Blueprint("promotion", __name__)


@blueprint.get("/desk/editions/<int:edition_id>/promotion")
@access.requires(Permission.RESULT_PROMOTE)
def show(edition_id: int) -> Any:
    """Who goes on, what is still to decide, who stands ready, and who has been entered."""
    return _page(outcomes.edition_for(Permission.RESULT_PROMOTE, edition_id))


def _page(edition: Any, typed: DecisionForm | None = None, picked: PickForm | None = None) -> str:
    """Return the page; `typed` or `picked` is the form that was refused, with what was typed in it."""
    lines = {line.entry_id: line for line in results.all_of(edition)}
    outcome, before = promotion.promotion_of(edition), ties.decided_before(edition)
    rules, entered = rules_of(edition.round), promotion.promoted_from(edition)
    decided = ties.all_decisions_of(edition)
    manual = rules.quota.method is Method.MANUAL
    to_enter = displaced.still_to_enter(edition, lines if manual else outcome.chosen)
    return render_template(
        "results/promotion.html",
        edition=edition,
        rules=rules,
        manual=manual,
        to_enter=to_enter,
        too_late=not manual and displaced.comes_too_late(edition, to_enter),
        is_last=promotion.is_last_stage(edition),
        waits=promotion.waits_for_prizes(edition),
        won=promotion.prizes_counting(edition),
        lines=lines,
        called=_names(decided, lines),
        outcome=outcome,
        ties=[
            _tie_view(key, tie, lines, typed, before.get(key)) for key, tie in ties.open_ties(edition).items()
        ],
        decisions=decided,
        entered=entered,
        sent_back={entry.id for entry in entered if promotion.was_sent_back(entry)},
        **_reserves(edition),
        displaced=displaced.displaced(edition),
        empty=displaced.empty_places(edition, lines if manual else outcome.chosen),
        before=before,
        form=typed or picked,
        pick_form=picked or _pick_form(edition, lines, formdata=None),
    )


def _reserves(edition: Any) -> dict[str, Any]:
    """Return who stands ready, what some said beforehand, and for whom that can be noted or taken back now."""
    ready, said, now = declines.ready(edition), declines.all_of(edition), clock.now()
    waiting = [one for reserves in ready.values() for one in reserves]
    standing = [row for row in said if row.taken_back_at is None]
    return {
        "behind": ready,
        "declined": said,
        "may_decline": {one.line.entry_id for one in waiting if not declines.why_not(edition, one, now)},
        "may_take_back": {row.id for row in standing if declines.called_past(row) is None},
    }


@blueprint.post("/desk/editions/<int:edition_id>/promotion")
@access.requires(Permission.RESULT_PROMOTE)
def promote(edition_id: int) -> Any:
    """Enter everybody above the cut into the next round."""
    edition = outcomes.edition_for(Permission.RESULT_PROMOTE, edition_id)
    entered = promotion.promote(edition, access.signed_in().actor, clock.now())
    return _done(edition_id, len(entered))


@blueprint.post("/desk/editions/<int:edition_id>/pick")
@access.requires(Permission.RESULT_PROMOTE)
def pick(edition_id: int) -> Any:
    """Enter those the committee has chosen by hand."""
    edition = outcomes.edition_for(Permission.RESULT_PROMOTE, edition_id)
    form = _pick_form(edition, {line.entry_id: line for line in results.all_of(edition)})
    if form.validate() and form.chosen.data:
        with shown_on(form):
            who = access.signed_in()
            entered = promotion.pick(edition, form.chosen.data, form.reason.data, who.actor, clock.now())
            return _done(edition_id, len(entered))
    else:
        form.form_errors.append(_("Hãy đánh dấu ít nhất một người và ghi lý do."))
    return _page(edition, picked=form)


@blueprint.post("/desk/editions/<int:edition_id>/decision")
@access.requires(Permission.RESULT_PROMOTE)
def decide(edition_id: int) -> Any:
    """Keep the board's decision about one tie."""
    edition = outcomes.edition_for(Permission.RESULT_PROMOTE, edition_id)
    key = request.args.get("tie", "")
    tie = ties.open_ties(edition).get(key)
    form = _form(key, tie, {line.entry_id: line for line in results.all_of(edition)})
    if form.validate():
        with shown_on(form):
            decision, actor = _decision(form), access.signed_in().actor
            ties.decide(edition, key, decision, form.reason.data, actor, clock.now())
            db.session.commit()
            flash(_("Đã ghi quyết định."), "success")
            return redirect(url_for("promotion.show", edition_id=edition_id))
    elif tie is None:
        flash(_("Trường hợp bằng nhau này đã được quyết định."), "info")
        return redirect(url_for("promotion.show", edition_id=edition_id))
    else:
        form.form_errors.append(_("Hãy chọn cách quyết định và ghi lý do."))
    return _page(edition, typed=form)


@blueprint.route("/desk/tie-decisions/<int:tie_decision_id>/take-back", methods=["GET", "POST"])
@access.requires(Permission.RESULT_PROMOTE)
def take_back(tie_decision_id: int) -> Any:
    """Take a decision about a tie back, with a reason; it stays on record."""
    decision = outcomes.tie_decision_for(Permission.RESULT_PROMOTE, tie_decision_id)
    edition, form = decision.edition, TakeBackForm()
    if form.validate_on_submit():
        with shown_on(form):
            ties.take_back(decision, form.reason.data, access.signed_in().actor, clock.now())
            page = url_for("promotion.show", edition_id=edition.id)
            db.session.commit()
            flash(_("Đã thu hồi quyết định. Trường hợp bằng nhau này cần quyết định lại."), "success")
            return redirect(page)
    lines = {line.entry_id: line for line in results.all_of(edition)}
    return render_template(
        "results/take_back.html",
        form=form,
        edition=edition,
        decision=decision,
        called=_names([decision], lines),
    )


def _names(decided: list[Any], lines: dict[int, Any]) -> dict[int, str]:
    """Return by entry what everybody is called whom these decisions name."""
    keys = {key for row in decided for key in (*row.chosen, *map(int, row.scores or {}))}
    return {key: lines[key].name_and_cell for key in keys}


def _decision(form: DecisionForm) -> Decision:
    """Return what the form says; who goes on by extra questions follows from their points alone."""
    way, chosen = WayOut(form.way.data), tuple(form.chosen.data or ())
    if way is WayOut.EXTRA_QUESTIONS:
        return Decision(way, scores=form.scores)
    return Decision(way, chosen, form.seed.data or "")


def _done(edition_id: int, count: int) -> Any:
    db.session.commit()
    text = ngettext("Đã đưa %(num)d người vào vòng sau.", "Đã đưa %(num)d người vào vòng sau.", count)
    flash(text if count else _("Không có thêm ai: mọi người đi tiếp đã có trong vòng sau."), "success")
    return redirect(url_for("promotion.show", edition_id=edition_id))


def _pick_form(edition: Any, lines: dict[int, Any], **kwargs: Any) -> PickForm:
    """Return the form by which the committee picks; the prize stands beside each name, where it goes by prizes."""
    form, won = PickForm(**kwargs), awards.main_prizes_of(edition)
    form.chosen.choices = [
        (key, f"{line.rank}. {line.name} – {line.cell_name}" + (f" – {won[key]}" if key in won else ""))
        for key, line in lines.items()
    ]
    return form


def _ways(tie: Tie | None) -> list[WayOut]:
    """Return the ways out a tie can take: reserves need an order, which the head cannot give by ticking several."""
    if tie is None or not tie.for_reserves:
        return list(WayOut)
    ways = [WayOut.EXTRA_QUESTIONS, WayOut.DRAW]
    return ways if tie.places > 1 else [*ways, WayOut.HEAD_DECIDES]


def _form(key: str, tie: Tie | None, lines: dict[int, Any], **kwargs: Any) -> DecisionForm:
    level = [(entry, lines[entry].name_and_cell) for entry in (tie.entries if tie else ())]
    form = decision_form(level, prefix=_prefix(key), **kwargs)
    form.way.choices = [SelectChoice(str(way), label(way)) for way in _ways(tie)]
    form.chosen.choices = [
        SelectChoice(key, lines[key].name_and_cell) for key in (tie.entries if tie else ())
    ]
    return form


def _prefix(key: str) -> str:
    """Return what keeps the fields of several ties on one page apart."""
    return f"tie{zlib.crc32(key.encode())}"


def _decided(row: Any) -> dict[str, Any]:
    """Return what a form says that decides once more as `row` did."""
    if row is None:
        return {}
    scores = {f"{EXTRA}{entry}": points for entry, points in (row.scores or {}).items()}
    chosen = row.chosen if row.way is WayOut.HEAD_DECIDES else []
    return {"way": str(row.way), "chosen": chosen, "seed": row.seed, "reason": row.reason} | scores


def _tie_view(
    key: str, tie: Tie, lines: dict[int, Any], typed: DecisionForm | None, before: Any
) -> dict[str, Any]:
    """Return a tie as the page shows it; its form begins with what was decided about the same people before."""
    is_its = typed is not None and typed._prefix == f"{_prefix(key)}-"
    own = {"formdata": None, "data": _decided(before)}
    form = typed if typed is not None and is_its else _form(key, tie, lines, **own)
    extra = [form[f"{EXTRA}{entry}"] for entry in tie.entries]
    return {
        "key": key,
        "tie": tie,
        "form": form,
        "extra": extra,
        "lines": [lines[entry] for entry in tie.entries],
    }
