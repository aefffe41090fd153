"""Pages of the people: the list by given name, one record, and changing it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.people import Position
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import people, tree
from quiz.web import access
from quiz.web.forms.people import PersonForm
from quiz.web.labels import pairs
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("people", __name__)
P = Permission


@blueprint.get("/people")
@access.requires(P.PEOPLE_VIEW)
def index() -> Any:
    """The people this person may see, narrowed by name or code, unit and office."""
    paths = access.signed_in().paths_for(P.PEOPLE_VIEW)
    unit_id, text = request.args.get("unit", type=int), request.args.get("q", "").strip()[:100]
    unit = access.unit_for(P.PEOPLE_VIEW, unit_id) if unit_id is not None else None
    wanted = request.args.get("position", "")
    position = Position(wanted) if wanted in list(Position) else None
    page = people.search(paths, text, unit, position, page_number())
    given = {"q": text, "unit": unit.id if unit else "", "position": position or ""}
    given = {name: value for name, value in given.items() if value}
    return render_template(
        "people/index.html",
        page=page,
        page_url=lambda number: url_for("people.index", **given, page=number),
        given=given,
        units=_unit_choices(paths, unit),
        positions=pairs(Position, _("Tất cả")),
        above=tree.lineage([person.unit for person in page.items]),
    )


def _unit_choices(paths: list[str], chosen: Any) -> list[tuple[str, str]]:
    """Return the units to narrow the list to: the nodes above cells, and the chosen one."""
    branches = tree.branches(paths, clock.today())
    if chosen is not None and chosen not in branches:
        branches.insert(0, chosen)
    return [("", _("Tất cả")), *((str(unit.id), unit.title) for unit in branches)]


@blueprint.get("/people/<int:person_id>")
@access.requires(P.PEOPLE_VIEW)
def show(person_id: int) -> Any:
    """One record, with the rounds entered and the accounts held."""
    person, who = access.person_for(P.PEOPLE_VIEW, person_id), access.signed_in()
    return render_template(
        "people/show.html",
        person=person,
        above=tree.lineage([person.unit])[person.unit.id],
        entries=people.entries_of(person),
        accounts=people.accounts_of(person) if who.may(P.ACCOUNT_MANAGE, person.unit) else [],
        barred=people.barred_reason(person),
        may={permission.name: who.may(permission, person.unit) for permission in P},
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@access.requires(P.PEOPLE_EDIT)
def new() -> Any:
    """Add somebody to the cell `?unit=…`; without one, ask for the cell first."""
    unit_id = request.args.get("unit", type=int)
    if unit_id is None:
        return _choose_cell()
    cell, form = access.unit_for(P.PEOPLE_EDIT, unit_id), PersonForm(is_new=True)
    if form.validate_on_submit():
        with shown_on(form):
            person = people.create(form.draft(), cell, clock.today(), access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã thêm %(name)s.", name=person.full_name), "success")
            _point_out_twin(person)
            return redirect(url_for("people.show", person_id=person.id))
    elif not form.is_submitted():
        form.code.data = people.next_code(cell)
    return render_template("people/new.html", form=form, cell=cell)


def _point_out_twin(person: Any) -> None:
    """Say who in the cell has the same name and birth date: often the same person, entered before."""
    if twin := people.twin_of(person):
        message = _(
            "%(name)s (mã %(code)s) có cùng họ tên và ngày sinh. Nếu là một người, hãy xóa một hồ sơ.",
            name=twin.full_name,
            code=twin.code,
        )
        flash(message, "warning")


def _choose_cell() -> Any:
    """Ask for the cell by code or name, and list those found, each leading on."""
    text = request.args.get("cell", "").strip()[:100]
    paths = access.signed_in().paths_for(P.PEOPLE_EDIT)
    page = tree.search(text, paths, page_number(), cells=True) if text else None
    return render_template(
        "people/choose_cell.html",
        text=text,
        page=page,
        page_url=lambda number: url_for("people.new", cell=text, page=number),
        above=tree.lineage(page.items) if page else {},
    )


@blueprint.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@access.requires(P.PEOPLE_EDIT)
def edit(person_id: int) -> Any:
    """Change a record, or the cell it belongs to."""
    person = access.person_for(P.PEOPLE_EDIT, person_id)
    form = PersonForm(is_new=False, obj=None if request.method == "POST" else people.draft_of(person))
    form.filled_from(people.state_of(person))
    if form.validate_on_submit():
        with shown_on(form):
            cell, who = _cell_for(person, form.unit_code.data), access.signed_in()
            draft, seen = form.draft(person.code), form.seen.data
            people.edit(person, draft, cell, clock.today(), who.actor, clock.now(), seen)
            db.session.commit()
            flash(_("Đã lưu hồ sơ của %(name)s.", name=person.full_name), "success")
            return redirect(url_for("people.show", person_id=person.id))
    paths = access.signed_in().paths_for(P.PEOPLE_EDIT)
    cells = tree.branches(paths, clock.today(), cells=True)
    return render_template("people/edit.html", form=form, person=person, cells=cells)


def _cell_for(person: Any, text: str) -> Any:
    if text.lower() == person.unit.code.lower():
        return person.unit
    return access.unit_meant(P.PEOPLE_EDIT, text, "unit_code")


@blueprint.post("/people/<int:person_id>/remove")
@access.requires(P.PEOPLE_EDIT)
def remove(person_id: int) -> Any:
    """Delete a record entered by mistake, which nothing refers to."""
    person = access.person_for(P.PEOPLE_EDIT, person_id)
    unit_id, name = person.unit_id, person.full_name
    people.remove(person, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã xóa hồ sơ của %(name)s.", name=name), "success")
    return redirect(url_for("people.index", unit=unit_id))
