"""Pages of the organisation: its tree level by level, one unit with all that is known of it, and changing it."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from quiz import clock
from quiz.core.errors import N_
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import participation, people, tree, units
from quiz.services.drafts import refuse
from quiz.web import access
from quiz.web.forms.units import MergeForm, UnitForm
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("units", __name__)
P = Permission


def ended_ids(found: list[Any], today: date) -> set[int]:
    """Return the ids of the units that have ended, for the templates."""
    return {unit.id for unit in found if tree.has_ended(unit, today)}


def way_to(unit: Any) -> list[tuple[str, str]]:
    """Return the breadcrumbs down to `unit` (without it), as far up as this person sees."""
    who = access.signed_in()
    above = [node for node in tree.lineage([unit])[unit.id] if who.may(P.UNIT_VIEW, node)]
    links = [(node.title, url_for("units.show", unit_id=node.id)) for node in above]
    return [(pgettext("nhiều", "Đơn vị"), url_for("units.index")), *links]


@blueprint.get("/units")
@access.requires(P.UNIT_VIEW)
def index() -> Any:
    """The highest units this person sees with the level below, or the units a search finds."""
    paths, today = access.signed_in().paths_for(P.UNIT_VIEW), clock.today()
    text = request.args.get("q", "").strip()[:100]
    if text:
        page = tree.search(text, paths, page_number())
        return _found(text, page, today)
    tops = tree.tops(paths)
    page = tree.children(tops[0], page_number()) if len(tops) == 1 else None
    shown = page.items if page else tops
    return render_template(
        "units/index.html",
        top=tops[0] if page else None,
        units=shown,
        page=page,
        page_url=lambda number: url_for("units.index", page=number),
        tallies=tree.tallies([*tops, *shown], today),
        ended=ended_ids(shown, today),
        may_found=_may_found(),
    )


def _found(text: str, page: Any, today: date) -> Any:
    return render_template(
        "units/search.html",
        text=text,
        page=page,
        page_url=lambda number: url_for("units.index", q=text, page=number),
        above=tree.lineage(page.items),
        ended=ended_ids(page.items, today),
    )


def _may_found() -> bool:
    """Tell whether this person may add a unit that stands under no other."""
    return "" in access.signed_in().paths_for(P.UNIT_EDIT)


@blueprint.get("/units/<int:unit_id>")
@access.requires(P.UNIT_VIEW)
def show(unit_id: int) -> Any:
    """One unit: its attributes, the level below, its people and its history."""
    unit, today, who = access.unit_for(P.UNIT_VIEW, unit_id), clock.today(), access.signed_in()
    page = tree.children(unit, page_number())
    return render_template(
        "units/show.html",
        unit=unit,
        crumbs=way_to(unit),
        page=page,
        page_url=lambda number: url_for("units.show", unit_id=unit.id, page=number),
        tallies=tree.tallies([unit, *page.items], today),
        ended=ended_ids([unit, *page.items], today),
        people=people.of_unit(unit) if unit.is_cell else [],
        merged=tree.merged_into(unit),
        may={permission.name: who.may(permission, unit) for permission in P},
    )


def _choices(form: UnitForm) -> dict[str, list[str]]:
    """Return the words already in use, offered while typing."""
    labels, groups = tree.words_used()
    return {"form": form, "labels": labels, "groups": groups}


@blueprint.route("/units/new", methods=["GET", "POST"])
@access.requires(P.UNIT_EDIT)
def new() -> Any:
    """Add a unit below `?parent=…`; without it a new root, for those who hold everything."""
    parent_id = request.args.get("parent", type=int)
    if parent_id is None and not _may_found():
        access.not_found()
    parent = access.unit_for(P.UNIT_EDIT, parent_id) if parent_id is not None else None
    form = UnitForm(is_new=True)
    if form.validate_on_submit():
        with shown_on(form):
            who = access.signed_in()
            unit = units.create(form.draft(), parent, clock.today(), who.actor, clock.now())
            db.session.commit()
            flash(_("Đã thêm %(name)s.", name=unit.title), "success")
            return redirect(url_for("units.show", unit_id=unit.id))
    elif not form.is_submitted():
        form.code.data = units.next_code(parent)
        if parent is not None and participation.was_held_at(parent, clock.now()):
            form.valid_from.data = clock.today()
    crumbs = [*way_to(parent), (parent.title, url_for("units.show", unit_id=parent.id))] if parent else []
    return render_template("units/new.html", parent=parent, crumbs=crumbs, **_choices(form))


@blueprint.route("/units/<int:unit_id>/edit", methods=["GET", "POST"])
@access.requires(P.UNIT_EDIT)
def edit(unit_id: int) -> Any:
    """Change what a unit is, its name or its place in the tree."""
    unit = access.unit_for(P.UNIT_EDIT, unit_id)
    form = UnitForm(is_new=False, obj=None if request.method == "POST" else units.draft_of(unit))
    form.filled_from(units.state_of(unit))
    if form.validate_on_submit():
        with shown_on(form):
            who, parent = access.signed_in(), _parent_for(unit, form.parent_code.data or "")
            draft, day, seen = form.draft(unit.code), form.renamed_on.data, form.seen.data
            units.edit(unit, draft, parent, day, clock.today(), who.actor, clock.now(), seen)
            db.session.commit()
            flash(_("Đã lưu %(name)s.", name=unit.title), "success")
            return redirect(url_for("units.show", unit_id=unit.id))
    return render_template(
        "units/edit.html",
        unit=unit,
        crumbs=[*way_to(unit), (unit.title, url_for("units.show", unit_id=unit.id))],
        branches=tree.branches(access.signed_in().paths_for(P.UNIT_EDIT), clock.today()),
        **_choices(form),
    )


def _parent_for(unit: Any, text: str) -> Any:
    """Return the parent meant by the form: the present one as it is, another one only within the own subtrees."""
    if unit.parent is not None and text.lower() == unit.parent.code.lower():
        return unit.parent
    if text:
        return access.unit_meant(P.UNIT_EDIT, text, "parent_code")
    if unit.parent is not None and not _may_found():
        raise refuse("parent_code", N_("Hãy ghi mã hoặc tên của đơn vị cấp trên."))
    return None


@blueprint.route("/units/<int:unit_id>/merge", methods=["GET", "POST"])
@access.requires(P.UNIT_EDIT)
def merge(unit_id: int) -> Any:
    """Choose the successor and the day (GET), see what will happen, then confirm (POST)."""
    unit, today = access.unit_for(P.UNIT_EDIT, unit_id), clock.today()
    form = MergeForm() if request.method == "POST" else MergeForm(request.args, meta={"csrf": False})
    successor = None
    if request.method == "POST" or request.args:
        with shown_on(form):
            successor = _successor(form, unit, today)
            if successor and request.method == "POST":
                who = access.signed_in()
                units.merge(unit, successor, form.day.data, today, who.actor, clock.now())
                db.session.commit()
                flash(_("Đã sáp nhập %(name)s.", name=unit.title), "success")
                return redirect(url_for("units.show", unit_id=successor.id))
    elif not form.day.data:
        form.day.data = today
    return render_template(
        "units/merge.html",
        form=form,
        unit=unit,
        successor=successor if not form.errors else None,
        crumbs=[*way_to(unit), (unit.title, url_for("units.show", unit_id=unit.id))],
        siblings=[] if unit.parent is None else tree.siblings(unit, today),
        consequences=units.consequences(unit, today, clock.now()),
    )


def _successor(form: MergeForm, unit: Any, today: date) -> Any:
    """Return the unit the form means when the merger may take place, or None when the form is incomplete."""
    if not form.validate():
        return None
    successor = access.unit_meant(P.UNIT_EDIT, form.successor_code.data, "successor_code")
    units.check_merger(unit, successor, form.day.data, today)
    return successor


@blueprint.post("/units/<int:unit_id>/remove")
@access.requires(P.UNIT_EDIT)
def remove(unit_id: int) -> Any:
    """Delete a unit entered by mistake, which nothing refers to."""
    unit, who = access.unit_for(P.UNIT_EDIT, unit_id), access.signed_in()
    above, title = unit.parent, unit.title
    sees_above = above is not None and who.may(P.UNIT_VIEW, above)
    page = url_for("units.show", unit_id=above.id) if sees_above else url_for("units.index")
    units.remove(unit, who.actor, clock.now())
    db.session.commit()
    flash(_("Đã xóa %(name)s.", name=title), "success")
    return redirect(page)
