"""Contestants' cards at the desk: who has one, printing those that are missing, replacing a lost one in seconds."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, make_response, render_template

from quiz import clock
from quiz.core.permissions import Permission
from quiz.database import reading
from quiz.extensions import db
from quiz.services import cards, lookups, packages
from quiz.services.cards import PrintedCard
from quiz.web import access, slips
from quiz.web.forms.cards import FindForm, IssueForm
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

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
    is_laptop = packages.loaded(found) is not None
    return render_template(
        "cards/again.html", round=found, form=IssueForm(before=now), count=count, is_laptop=is_laptop
    )


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
    now = clock.now()
    printed = cards.issue_for(found, access.signed_in().actor, now, before, secrets)
    return _hand_over(printed, found, IssueForm(before=before), cards.count_waiting(found, before), now)


@blueprint.get("/entries/<int:entry_id>/card")
@access.requires(P.CARD_ISSUE)
def show(entry_id: int) -> Any:
    """One person's card, and the button that replaces it."""
    entry = access.entry_for(P.CARD_ISSUE, entry_id)
    own_round = access.signed_in().may(P.CARD_ISSUE, entry.round.unit)
    is_laptop, state = packages.loaded(entry.round) is not None, cards.state_of(entry)
    return render_template(
        "cards/show.html", entry=entry, state=state, own_round=own_round, is_laptop=is_laptop
    )


@blueprint.post("/entries/<int:entry_id>/card")
@access.requires(P.CARD_ISSUE)
def reset(entry_id: int) -> Any:
    """Replace one card and show the new one this once; the old one and its sign-ins end."""
    entry = access.entry_for(P.CARD_ISSUE, entry_id)
    now = clock.now()
    printed = cards.reset(entry.round.stage.contest, entry.person, access.signed_in().actor, now)
    return _hand_over([printed], entry.round, None, 0, now)


def _hand_over(
    printed: Sequence[PrintedCard], contest_round: Any, form: IssueForm | None, left: int, now: int
) -> Any:
    """Commit, and return the page of slips with their PDF, made while nobody's saving has to wait for it."""
    content = slips.slips_of(printed, contest_round.stage.contest)
    db.session.commit()
    link = slips.pdf_link(content, now)
    with reading():
        page = render_template(
            "cards/slips.html",
            slips=content,
            pdf=link,
            round=contest_round,
            form=form,
            left=left,
            own_round=access.signed_in().may(P.CARD_ISSUE, contest_round.unit),
            is_laptop=packages.loaded(contest_round) is not None,
        )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.route("/cards/find", methods=["GET", "POST"])
@access.requires(P.CARD_ISSUE)
def find() -> Any:
    """At the proctor's desk: the code of whoever forgot it, by full name and year of birth; never the PIN."""
    form, found = FindForm(), None
    if form.validate_on_submit():
        who = access.signed_in()
        with shown_on(form):
            paths = who.paths_for(P.CARD_ISSUE)
            found = lookups.find(form.name.data, form.birth_year.data, paths, who.actor, clock.now())
            page = render_template("cards/find.html", form=form, found=found)
            db.session.commit()
            return page
    return render_template("cards/find.html", form=form, found=found)
