"""The list of contestants of a round at the desk: whom each cell sends, and why some send nobody."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core.delegations import breaches, places_of
from quiz.core.errors import RuleBroken
from quiz.core.participation import Tally, tally_of_cell
from quiz.core.people import AbsenceReason
from quiz.core.permissions import Permission
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.services import (
    contests,
    entries,
    participation,
    places,
    promotion,
    registrations,
    reserves,
    successors,
)
from quiz.services.secretaries import register_secretaries
from quiz.web import access
from quiz.web.delegation_words import place_text
from quiz.web.formatting import message_text
from quiz.web.forms.entries import AbsenceForm, RegisterForm, ReplaceForm, WithdrawForm
from quiz.web.labels import label
from quiz.web.paging import page_number

blueprint = Blueprint("entries", __name__, url_prefix="/desk")
P = Permission
VIEWS = ("sent", "absent", "missing", "reserve")


def _back(round_id: int, view: str = "sent") -> Any:
    return redirect(url_for("entries.index", round_id=round_id, view=view))


def _refused(form: Any, refusal: RuleBroken) -> None:
    """Show a rule's refusal on the form it answers, with nothing kept of the attempt."""
    db.session.rollback()
    form.form_errors.append(message_text(refusal.message, refusal.values))


@blueprint.get("/rounds/<int:round_id>/entries")
@access.requires(P.CONTEST_VIEW)
def index(round_id: int) -> Any:
    """Who is entered, which cells are absent and which have said nothing, each on a tab."""
    found = access.round_for(P.CONTEST_VIEW, round_id)
    seats = participation.seats([found], clock.now()) if found.stage.ordinal == 1 else []
    tally = sum((tally_of_cell(seat.contestants, seat.reason) for seat in seats), Tally())
    view = asked if (asked := request.args.get("view", "")) in VIEWS else VIEWS[0]
    missing = [seat.cell_id for seat in seats if seat.is_missing]
    listed = {
        "absent": lambda: (entries.absences_of(found, page_number()), {}),
        "missing": lambda: entries.cells_of(missing, page_number()),
        "reserve": lambda: (None, {}),
    }.get(view, lambda: (entries.page_of(found, page_number()), {}))()
    entered = listed[0].items if view == VIEWS[0] else []
    gone = [one for one in entered if one.withdrawn_at]
    waiting, rules = reserves.of_round(found), contests.rules_of(found)
    is_later = found.stage.ordinal > 1
    sent = reserves.sent_by_units(found) if rules.delegations else []
    return render_template(
        "entries/index.html",
        round=found,
        reserves=waiting,
        behind=successors.behind(found) if is_later and view == "reserve" else [],
        sent_back={one.id for one in gone if promotion.was_sent_back(one)},
        restorable={one.id for one in gone if successors.has_place(one)},
        started=entries.started(entered),
        places=places_of(rules.delegations, sent),
        place_text=place_text,
        breaches=breaches(rules.delegations, sent),
        view=view,
        page=listed[0],
        above=places.above(entered),
        people=listed[1],
        tally=tally,
        why_none=_why_none_missing(found) if view == "missing" and not missing else [],
        ended=_has_ended(found),
        waits=found.phase_at(clock.now()) in (Phase.DRAFT, Phase.SCHEDULED),
        may_edit=access.signed_in().may(P.ENTRY_EDIT, found.unit),
        may_issue=access.signed_in().may(P.CARD_ISSUE, found.unit),
    )


def _has_ended(contest_round: Any) -> bool:
    return contest_round.phase_at(clock.now()) is Phase.CLOSED


@blueprint.route("/rounds/<int:round_id>/entries/new", methods=["GET", "POST"])
@access.requires(P.ENTRY_EDIT)
def new(round_id: int) -> Any:
    """Choose one of the people of a cell and enter them; without a cell, choose the cell first."""
    found = access.round_for(P.ENTRY_EDIT, round_id)
    if "cell" not in request.args:
        keys = [seat.cell_id for seat in participation.seats([found], clock.now())]
        page = entries.cells_of(keys, page_number(), text := request.args.get("q", "").strip()[:100])[0]
        return render_template("entries/choose_cell.html", round=found, page=page, text=text)
    cell = access.cell_of_round(found, request.args.get("cell", 0, type=int))
    people = entries.people_of([cell.id])[cell.id]
    form = RegisterForm(_choices(people))
    if form.validate_on_submit():
        person = next(person for person in people if person.id == form.person.data)
        try:
            actor = access.signed_in().actor
            if "reserve" in request.form:
                return _named_in_reserve(found, person, actor)
            entries.register(found, person, actor, clock.now(), form.reason.data or "")
            db.session.commit()
            flash(_("Đã đăng ký %(name)s.", name=person.name_and_cell), "success")
            return _back(round_id)
        except RuleBroken as refusal:
            _refused(form, refusal)
    places = places_of(contests.rules_of(found).delegations, reserves.sent_beside(found, cell))
    return render_template(
        "entries/new.html",
        form=form,
        round=found,
        cell=cell,
        people=people,
        places=places,
        place_text=place_text,
    )


def _named_in_reserve(found: Any, person: Any, actor: Any) -> Any:
    name, round_id = person.name_and_cell, found.id
    reserves.name_reserve(found, person, actor, clock.now())
    db.session.commit()
    flash(_("Đã ghi %(name)s vào danh sách dự bị.", name=name), "success")
    return _back(round_id, "reserve")


def _reserve_choices(people: list[Any]) -> list[tuple[int, str]]:
    return [
        (person.id, _("%(name)s – dự bị, %(cell)s", name=person.full_name, cell=person.unit.title))
        for person in people
    ]


def _choices(people: list[Any]) -> list[tuple[int, str]]:
    return [(person.id, f"{person.full_name} – {label(person.position)}") for person in people]


@blueprint.post("/rounds/<int:round_id>/entries/secretaries")
@access.requires(P.ENTRY_EDIT)
def secretaries(round_id: int) -> Any:
    """Enter the secretary of every cell that has said nothing yet."""
    found = access.round_for(P.ENTRY_EDIT, round_id)
    plan = register_secretaries(found.stage, access.signed_in().actor, clock.now(), rounds=[found])
    db.session.commit()
    flash_plan(plan)
    return _back(round_id, "missing" if plan.problems else "sent")


def flash_plan(plan: registrations.Plan) -> None:
    """Say how many were entered, and each thing that stood against others."""
    if plan.new:
        flash(_("Đã đăng ký %(count)d người.", count=plan.contestants), "success")
    elif not plan.problems:
        left = [_("Không còn chi bộ nào có bí thư mà chưa đăng ký."), *_why_none(plan.vacant, plan.elsewhere)]
        flash(" ".join(left), "info")
    for problem in plan.problems[:10]:
        flash(message_text(problem.message, problem.values), "warning")
    if len(plan.problems) > 10:
        flash(_("Còn %(count)d chỗ nữa chưa đăng ký được.", count=len(plan.problems) - 10), "warning")


def _why_none(vacant: int, elsewhere: int) -> list[str]:
    """Return why cells that are not entered here cannot be, each as a sentence."""
    without = ngettext(
        "%(num)d chi bộ chưa có bí thư trong danh sách nhân sự.",
        "%(num)d chi bộ chưa có bí thư trong danh sách nhân sự.",
        vacant,
    )
    there = ngettext(
        "%(num)d chi bộ đã đăng ký hoặc đã báo lý do ở vòng khác của cấp thi này.",
        "%(num)d chi bộ đã đăng ký hoặc đã báo lý do ở vòng khác của cấp thi này.",
        elsewhere,
    )
    return [*([without] if vacant else []), *([there] if elsewhere else [])]


def _why_none_missing(contest_round: Any) -> list[str]:
    return _why_none(0, participation.heard_of_elsewhere([contest_round], clock.now()))


# --- taking names out ---------------------------------------------------------------------------------------------


def _entry(entry_id: int) -> Any:
    """Return an entry whose round's list this person keeps, or answer 404."""
    entry = access.entry_for(P.ENTRY_EDIT, entry_id)
    access.round_for(P.ENTRY_EDIT, entry.round_id)
    return entry


@blueprint.route("/entries/<int:entry_id>/withdraw", methods=["GET", "POST"])
@access.requires(P.ENTRY_EDIT)
def withdraw(entry_id: int) -> Any:
    """Take somebody out, with a reason."""
    entry, form = _entry(entry_id), WithdrawForm()
    if form.validate_on_submit():
        try:
            entries.withdraw(entry, form.reason.data, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã rút tên %(name)s.", name=entry.name_and_cell), "success")
            if entry.result_id is not None:  # an earlier round stands behind: a reserve may move up
                return redirect(url_for("successors.show", entry_id=entry_id))
            return _back(entry.round_id)
        except RuleBroken as refusal:
            _refused(form, refusal)
    return render_template("entries/withdraw.html", form=form, entry=entry, ended=_has_ended(entry.round))


@blueprint.post("/entries/<int:entry_id>/restore")
@access.requires(P.ENTRY_EDIT)
def restore(entry_id: int) -> Any:
    """Take a withdrawal back; a reserve who was called for it goes back among the reserves."""
    entry = _entry(entry_id)
    sent_back = successors.restore(entry, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("%(name)s lại có trong danh sách.", name=entry.name_and_cell), "success")
    if sent_back is not None:
        flash(_("%(name)s trở lại danh sách dự bị.", name=sent_back.name_and_cell), "info")
    return _back(entry.round_id)


@blueprint.route("/entries/<int:entry_id>/replace", methods=["GET", "POST"])
@access.requires(P.ENTRY_EDIT)
def replace(entry_id: int) -> Any:
    """Send another person of the same cell, with a reason."""
    entry = _entry(entry_id)
    cells = [key for key in (entry.unit_id, entry.unit.successor_id) if key]
    waiting = reserves.beside(entry)
    own = [one for group in entries.people_of(cells).values() for one in group if one is not entry.person]
    people = [*waiting, *(one for one in own if one not in waiting)]
    form = ReplaceForm([*_reserve_choices(waiting), *_choices(people[len(waiting) :])])
    if form.validate_on_submit():
        person = next(person for person in people if person.id == form.person.data)
        try:
            entries.replace(entry, person, form.reason.data, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(
                _("%(name)s dự thi thay %(old)s.", name=person.name_and_cell, old=entry.name_and_cell),
                "success",
            )
            return _back(entry.round_id)
        except RuleBroken as refusal:
            _refused(form, refusal)
    return render_template(
        "entries/replace.html", form=form, entry=entry, people=people, ended=_has_ended(entry.round)
    )


# --- cells that send nobody ---------------------------------------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/cells/<int:cell_id>/absence", methods=["GET", "POST"])
@access.requires(P.ENTRY_EDIT)
def absence(round_id: int, cell_id: int) -> Any:
    """Say why a cell sends nobody, or change the reason."""
    found = access.round_for(P.ENTRY_EDIT, round_id)
    cell = access.cell_of_round(found, cell_id)
    form = AbsenceForm(obj=entries.absence_of(found, cell))
    if form.validate_on_submit():
        try:
            reason, note = AbsenceReason(form.reason.data), form.note.data or ""
            entries.record_absence(found, cell, reason, note, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã ghi lý do của %(cell)s.", cell=cell.title), "success")
            return _back(round_id, "absent")
        except RuleBroken as refusal:
            _refused(form, refusal)
    return render_template("entries/absence.html", form=form, round=found, cell=cell)


@blueprint.post("/absences/<int:absence_id>/remove")
@access.requires(P.ENTRY_EDIT)
def remove_absence(absence_id: int) -> Any:
    """Take the absence of a cell back."""
    found = access.absence_for(P.ENTRY_EDIT, absence_id)
    round_id = found.round_id
    entries.remove_absence(found, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã xóa lý do vắng. Chi bộ này lại ở mục Chưa báo."), "success")
    return _back(round_id, "missing")
