"""Accounts for the boards of many units in one action, told on a sheet to print and cut; joins the accounts' pages."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission, Role
from quiz.extensions import db
from quiz.services import accounts, rounds, staffing, tree
from quiz.web import access
from quiz.web.accounts import blueprint
from quiz.web.forms.accounts import StaffingForm
from quiz.web.forms.fields import offered
from quiz.web.refusals import shown_on

P = Permission


@blueprint.route("/accounts/for-each", methods=["GET", "POST"])
@access.requires(P.ACCOUNT_MANAGE)
def for_each() -> Any:
    """Choose the units right below a node, and make an account with one role for each."""
    who = access.signed_in()
    branches = tree.branches(who.paths_for(P.ACCOUNT_MANAGE), clock.today())
    highest = min(branches, key=lambda unit: len(unit.path), default=None)
    parent_id = request.args.get("parent", highest.id if highest else 0, type=int)
    parent = access.unit_for(P.ACCOUNT_MANAGE, parent_id) if parent_id else None
    form = StaffingForm(accounts.offered_roles(who))
    role = form.role.data or Role.ORGANIZER
    units = rounds.units_below(parent, "", clock.today()) if parent else []
    places = staffing.places(units, role)
    form.units.choices = offered((place.unit.id, _line(place)) for place in places)
    if not form.is_submitted():
        form.units.data = [place.unit.id for place in places if not place.holders]
    elif form.validate_on_submit():
        with shown_on(form):
            return _made(form, parent_id)
    return render_template(
        "accounts/for_each.html",
        form=form,
        parent=parent,
        parents=[(unit.id, unit.title) for unit in branches],
        staffed=sum(place.holders > 0 for place in places),
    )


def _line(place: staffing.Place) -> str:
    if place.holders:
        return _("%(unit)s: %(name)s (đã có tài khoản)", unit=place.unit.title, name=place.username)
    return f"{place.unit.title}: {place.username}"


def _made(form: StaffingForm, parent_id: int) -> Any:
    """Make the accounts and answer with the sheet itself: the passwords are stored nowhere."""
    db.session.rollback()  # the hashing takes seconds, and nobody's saving is to wait for it
    secrets = staffing.draw(len(form.units.data))
    parent = access.unit_for(P.ACCOUNT_MANAGE, parent_id)
    units = [unit for unit in rounds.units_below(parent, "", clock.today()) if unit.id in form.units.data]
    made = staffing.create_for(
        units, form.role.data, form.called.data, secrets, access.signed_in(), clock.now()
    )
    title = parent.title
    db.session.commit()
    address = url_for("auth.sign_in", _external=True)
    return render_template("accounts/sheet.html", made=made, unit=title, role=form.role.data, address=address)
