"""Contestants' cards at the desk: who has one, printing those that are missing, replacing a lost one in seconds."""

from collections.abc import Sequence
from typing import Any

import segno
from flask import Blueprint, make_response, render_template, url_for
from markupsafe import Markup

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import cards
from quiz.services.cards import PrintedCard
from quiz.web import access
from quiz.web.entries import page_number
from quiz.web.forms.cards import IssueForm

blueprint = Blueprint("cards", __name__, url_prefix="/desk")
P = Permission


@blueprint.get("/rounds/<int:round_id>/cards")
@access.requires(P.CARD_ISSUE)
def index(round_id: int) -> Any:
    """The people entered, whether each has a card, and when it was last used."""
    found = access.round_for(P.CARD_ISSUE, round_id)
    page, states = cards.page_of(found, page_number())
    waiting = cards.count_waiting(found)
    return render_template("cards/index.html", round=found, page=page, states=states, waiting=waiting)


@blueprint.get("/rounds/<int:round_id>/cards/again")
@access.requires(P.CARD_ISSUE)
def again(round_id: int) -> Any:
    """Say what printing every card anew does, and ask."""
    found = access.round_for(P.CARD_ISSUE, round_id)
    now = clock.now()
    count = cards.count_waiting(found, before=now)
    return render_template("cards/again.html", round=found, form=IssueForm(before=now), count=count)


@blueprint.post("/rounds/<int:round_id>/cards")
@access.requires(P.CARD_ISSUE)
def issue(round_id: int) -> Any:
    """Make the missing cards (or those older than `before`) and show them this once, ready to print."""
    found, form = access.round_for(P.CARD_ISSUE, round_id), IssueForm()
    before = form.before.data or 0 if form.validate() else 0
    count = len(cards.waiting(found, before))
    db.session.rollback()  # the hashing takes seconds, and nobody's saving is to wait for it
    secrets = cards.draw(count)
    found = access.round_for(P.CARD_ISSUE, round_id)
    printed = cards.issue_for(found, access.signed_in().actor, clock.now(), before, secrets)
    left = cards.count_waiting(found, before)
    page = _slips(printed, found, IssueForm(before=before), left)
    db.session.commit()
    return page


@blueprint.get("/entries/<int:entry_id>/card")
@access.requires(P.CARD_ISSUE)
def show(entry_id: int) -> Any:
    """One person's card, and the button that replaces it."""
    entry = access.entry_for(P.CARD_ISSUE, entry_id)
    own_round = access.signed_in().may(P.CARD_ISSUE, entry.round.unit)
    return render_template("cards/show.html", entry=entry, state=cards.state_of(entry), own_round=own_round)


@blueprint.post("/entries/<int:entry_id>/card")
@access.requires(P.CARD_ISSUE)
def reset(entry_id: int) -> Any:
    """Replace one card and show the new one this once; the old one and its sign-ins end."""
    entry = access.entry_for(P.CARD_ISSUE, entry_id)
    contest = entry.round.stage.contest
    printed = cards.reset(contest, entry.person, access.signed_in().actor, clock.now())
    page = _slips([printed], entry.round, None, 0)
    db.session.commit()
    return page


def _slips(printed: Sequence[PrintedCard], contest_round: Any, form: IssueForm | None, left: int) -> Any:
    """Return the page of slips, built before the commit: a card nobody could be shown must not be made."""
    slips = [(card, _qr(url_for("auth.scan", token=card.token, _external=True))) for card in printed]
    answer = make_response(
        render_template(
            "cards/slips.html",
            slips=slips,
            round=contest_round,
            contest=contest_round.stage.contest,
            form=form,
            left=left,
            own_round=access.signed_in().may(P.CARD_ISSUE, contest_round.unit),
            address=url_for("auth.card", _external=True),
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _qr(link: str) -> Markup:
    """Return a link as a drawing that phones read; black on white whatever the page's colours."""
    code = segno.make(link, error="m", micro=False)
    return Markup(code.svg_inline(border=2, omitsize=True, light="#fff"))  # noqa: S704 drawn from figures alone
