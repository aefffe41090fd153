"""The prizes of an edition at the desk: who wins what, what the board decides, closing the list; and for everybody."""

import zlib
from contextlib import nullcontext
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core.approvals import Act
from quiz.core.awards import PrizeTie, exceeds
from quiz.core.permissions import Permission
from quiz.core.prizes import Kind, Merit, PrizeTable
from quiz.extensions import db
from quiz.services import (
    approvals,
    award_decisions,
    award_figures,
    award_lists,
    awards,
    results,
)
from quiz.web import access, outcomes
from quiz.web.forms.awards import CloseForm, SettleForm, WithholdForm
from quiz.web.forms.fields import offered
from quiz.web.paging import page_number
from quiz.web.prize_changes import withheld_text
from quiz.web.prize_words import figure_text, how_text, places_text, titles_of_topics
from quiz.web.refusals import shown_on

blueprint = Blueprint("awards", __name__)
P = Permission
FOUND = 20  # people shown for what was searched


def _back(edition_id: int) -> Any:
    return redirect(url_for("awards.show", edition_id=edition_id))


@blueprint.get("/desk/editions/<int:edition_id>/prizes")
@access.requires(P.RESULT_VIEW)
def show(edition_id: int) -> Any:
    """Who wins what, ties to settle, what the board has decided, and the way to close the list."""
    return _shown(outcomes.edition_for(P.RESULT_VIEW, edition_id))


def _shown(edition: Any, typed: SettleForm | None = None) -> str:
    """Return the page; `typed` is the form about a tie that was refused, with what was typed in it."""
    view, table = awards.view_of(edition, page_number()), awards.table_of(edition)
    text = request.args.get("q", "").strip()[:100]
    waiting = approvals.open_on(f"edition:{edition.id}", Act.CLOSE_AWARDS)
    return render_template(
        "awards/show.html",
        edition=edition,
        view=view,
        page_url=lambda number: url_for("awards.show", edition_id=edition.id, page=number),
        ties=[_tie_view(edition, key, tie, typed) for key, tie in view.ties.items()],
        decisions=[(row, award_decisions.names_of(row)) for row in awards.decisions_of(edition)],
        earlier=award_decisions.left_behind(edition),
        replaced=awards.list_before(edition),
        warnings=_warnings(edition, table, view),
        waiting=waiting,
        may_see_waiting=waiting is not None and outcomes.may_see(waiting),
        may_decide=_may_decide(edition, view),
        form=typed,
        close_form=CloseForm(formdata=None),
        text=text,
        found=results.find(edition, text, FOUND) if text else [],
        table_empty=table.is_empty,
        has_collective=bool(table.collective),
        **_words(table),
    )


@blueprint.get("/desk/rounds/<int:round_id>/prizes")
@access.requires(P.RESULT_VIEW)
def of_round(round_id: int) -> Any:
    """The prizes by the newest ranking of a round; before there is one, the ranking as it stands."""
    contest_round = access.round_for(P.RESULT_VIEW, round_id)
    edition = results.final_of(contest_round.id) or results.latest(contest_round.id)
    if edition is None:
        return redirect(url_for("results.preview", round_id=round_id))
    return _back(edition.id)


def _words(table: PrizeTable) -> dict[str, Any]:
    by_name = {row.name: row for row in (*table.special, *table.collective)}
    topics = titles_of_topics(table)
    return {
        "figure": lambda line: figure_text(line.figure, by_name.get(line.prize), topics),
        "places": places_text,
        "how": how_text,
    }


def _may_decide(edition: Any, view: awards.View) -> bool:
    stands = edition.kind == results.FINAL and edition.replaced_by is None and view.closed is None
    return stands and access.signed_in().may(P.RESULT_PUBLISH, edition.round.unit)


def _warnings(edition: Any, table: PrizeTable, view: awards.View) -> list[str]:
    """Return what the board should know before it closes the list."""
    if view.closed is not None:
        return []
    said = []
    won = sum(line["given"] for line in view.places if line["kind"] != Kind.COLLECTIVE)
    if exceeds(table, edition.size, won):
        facts = {"won": won, "size": edition.size, "percent": table.most_percent}
        said.append(
            _("Có %(won)d giải cho %(size)d người dự thi, quá %(percent)d%% như thể lệ định ra.", **facts)
        )
    by_age = any(row.merit in (Merit.OLDEST, Merit.YOUNGEST) for row in table.special)
    if by_age and (missing := award_figures.without_birth_date(edition)):
        said.append(
            _(
                "%(count)d người chưa có ngày sinh nên không được xét về tuổi. Hãy điền ở trang nhân sự.",
                count=missing,
            )
        )
    return said


# --- ties ---------------------------------------------------------------------------------------------------------


def _prefix(key: str) -> str:
    """Return what keeps the fields of several ties on one page apart."""
    return f"tie{zlib.crc32(key.encode())}"


def _tie_view(edition: Any, key: str, tie: PrizeTie, typed: SettleForm | None) -> dict[str, Any]:
    is_its = typed is not None and typed._prefix == f"{_prefix(key)}-"
    form = typed if typed is not None and is_its else SettleForm(formdata=None, prefix=_prefix(key))
    form.chosen.choices = offered(award_decisions.candidates_of(edition, tie))
    is_main = any(row.name == tie.prize for row in awards.table_of(edition).prizes)
    return {"key": key, "tie": tie, "form": form, "is_main": is_main}


@blueprint.post("/desk/editions/<int:edition_id>/prizes/tie")
@access.requires(P.RESULT_PUBLISH)
def settle(edition_id: int) -> Any:
    """Keep who of the equals gets the prize."""
    edition = outcomes.edition_for(P.RESULT_PUBLISH, edition_id)
    key = request.args.get("tie", "")
    form = SettleForm(prefix=_prefix(key))
    may_decide = _may_decide(edition, awards.view_of(edition))
    tie = award_decisions.open_ties(edition).get(key) if may_decide else None
    form.chosen.choices = offered(award_decisions.candidates_of(edition, tie) if tie else ())
    if tie is None or (form.validate() and form.chosen.data):
        with shown_on(form) if tie else nullcontext():  # of no tie there is no form to show it on
            chosen, actor = tuple(form.chosen.data or ()), access.signed_in().actor
            award_decisions.settle(edition, key, chosen, form.reason.data or "", actor, clock.now())
            return done(edition_id, _("Đã ghi quyết định."))
    else:
        form.form_errors.append(_("Hãy đánh dấu người được giải và ghi lý do."))
    return _shown(edition, typed=form)


# --- withheld (given by hand and passed over: quiz.web.prizes_by_hand), taken back ----------------------------------


def done(edition_id: int, told: str) -> Any:
    """Keep what was done, say so and lead back to the prizes."""
    db.session.commit()
    flash(told, "success")
    return _back(edition_id)


@blueprint.route("/desk/editions/<int:edition_id>/prizes/withheld", methods=["GET", "POST"])
@access.requires(P.RESULT_PUBLISH)
def withhold(edition_id: int) -> Any:
    """Give fewer of a prize than the table says."""
    edition = outcomes.edition_for(P.RESULT_PUBLISH, edition_id)
    form = WithholdForm(prize=request.args.get("prize", ""), number=1)
    view = awards.view_of(edition)
    form.prize.choices = offered(
        (awards.key_of(line["prize"], line["scope"]), _line_name(line))
        for line in view.places
        if line["places"] > line["absorbed"] or awards.key_of(line["prize"], line["scope"]) == form.prize.data
    )
    if form.validate_on_submit():
        with shown_on(form):
            what, actor = (form.prize.data, form.number.data, form.reason.data), access.signed_in().actor
            before = awards.outcome_of(edition)
            award_decisions.withhold(edition, *what, actor, clock.now())
            for told in withheld_text(edition, form.prize.data, before, awards.outcome_of(edition)):
                flash(told, "info")
            return done(edition_id, _("Đã ghi là không trao."))
    return render_template("awards/withhold.html", edition=edition, form=form)


def _line_name(line: dict[str, Any]) -> str:
    return f"{line['prize']} – {line['scope']}" if line["scope"] else str(line["prize"])


@blueprint.post("/desk/editions/<int:edition_id>/prizes/carry-over")
@access.requires(P.RESULT_PUBLISH)
def carry_over(edition_id: int) -> Any:
    """Take the decisions about the corrected edition over, those that still fit."""
    edition = outcomes.edition_for(P.RESULT_PUBLISH, edition_id)
    kept = award_decisions.carry_over(edition, access.signed_in().actor, clock.now())
    told = ngettext("Đã lấy lại %(num)d quyết định.", "Đã lấy lại %(num)d quyết định.", len(kept))
    return done(edition_id, told)


@blueprint.post("/desk/prize-decisions/<int:award_decision_id>/take-back")
@access.requires(P.RESULT_PUBLISH)
def take_back(award_decision_id: int) -> Any:
    """Take a decision back while the list is open."""
    decision = outcomes.award_decision_for(P.RESULT_PUBLISH, award_decision_id)
    edition_id = decision.edition_id
    award_decisions.take_back(decision, access.signed_in().actor, clock.now())
    return done(edition_id, _("Đã bỏ quyết định. Giải được tính lại."))


# --- closing, and what everybody sees -----------------------------------------------------------------------------


@blueprint.post("/desk/editions/<int:edition_id>/prizes/close")
@access.requires(P.RESULT_PUBLISH)
def close(edition_id: int) -> Any:
    """Ask a second person to close the list."""
    edition = outcomes.edition_for(P.RESULT_PUBLISH, edition_id)
    form = CloseForm()
    note = form.note.data or "" if form.validate() else ""
    asked = award_lists.ask_to_close(edition, note, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã đề nghị chốt giải. Người thứ hai duyệt thì danh sách giải có hiệu lực."), "success")
    return redirect(url_for("approvals.show", approval_id=asked.id))


@blueprint.get("/results/<int:edition_id>/prizes")
@access.public
def public(edition_id: int) -> Any:
    """The closed list for everybody: prizes, names, cells and units, nothing else about a person."""
    edition = outcomes.published_edition(edition_id)
    view = awards.view_of(edition, page_number()) if awards.list_of(edition) else None
    return render_template(
        "awards/public.html",
        edition=edition,
        view=view,
        page_url=lambda number: url_for("awards.public", edition_id=edition_id, page=number),
    )
