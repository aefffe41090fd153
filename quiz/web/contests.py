"""Contests and their stages: setting them up, their rules, and rounds made and opened for many units at once."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core import rules as rulebook
from quiz.core.items import Level
from quiz.core.permissions import Permission
from quiz.core.templates import TEMPLATES
from quiz.extensions import db
from quiz.services import amendments, contests, copies, delegations, openings, pools, progress, rounds, tree
from quiz.web import access, tasks
from quiz.web.amended import changes_of
from quiz.web.formatting import message_text
from quiz.web.forms.contests import ContestForm, NewContestForm, StageForm
from quiz.web.forms.fields import offered
from quiz.web.forms.rounds import SPARE_LINES, ConfirmForm, ForEachForm, RoundForm
from quiz.web.forms.rules import RulesForm, values_of
from quiz.web.labels import label, pairs
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on
from quiz.web.regulations import clauses_of
from quiz.web.rounds import tell_of_hours

blueprint = Blueprint("contests", __name__)
P = Permission


@blueprint.get("/contests")
@access.requires(P.CONTEST_VIEW)
def index() -> Any:
    """The contests this person organizes or takes part in with the own units."""
    page = contests.seen_from(access.signed_in().paths_for(P.CONTEST_VIEW), page_number())
    may_create = access.signed_in().may_somewhere(P.CONTEST_EDIT)
    return render_template("contests/index.html", page=page, may_create=may_create)


@blueprint.route("/contests/new", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def new() -> Any:
    """Create a contest at one of the own units."""
    who = access.signed_in()
    units = tree.branches(who.paths_for(P.CONTEST_EDIT), clock.today())
    highest = min(units, key=lambda unit: len(unit.path), default=None)
    ready_made = [(key, _(template.title)) for key, template in TEMPLATES.items()]
    form = NewContestForm(ready_made, unit=highest.id if highest else None)
    form.unit.choices = offered(_named(units))
    if form.validate_on_submit():
        unit = access.unit_for(P.CONTEST_EDIT, form.unit.data)
        with shown_on(form):
            return _created(form, unit, who.actor)
    return render_template(
        "contests/new.html", form=form, old=contests.run_under(who.paths_for(P.CONTEST_EDIT))
    )


def _created(form: NewContestForm, unit: Any, actor: Any) -> Any:
    template, names = TEMPLATES.get(form.template.data), (form.code.data, form.title.data)
    if template is None:
        contest = contests.create_contest(unit, *names, actor, clock.now())
        said, page = _("Đã tạo cuộc thi. Tiếp theo, hãy thêm cấp thi."), "contests.show"
    else:
        contest = copies.from_template(template, unit, *names, actor, clock.now())
        said, page = (
            _("Đã tạo cuộc thi theo mẫu. Mọi quy định đều sửa được đến khi mở vòng thi."),
            "setup.show",
        )
    key = contest.id
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(page, contest_id=key))


def _named(units: Any) -> list[tuple[int, str]]:
    return [(unit.id, unit.title) for unit in units]


@blueprint.get("/contests/<int:contest_id>")
@access.requires(P.CONTEST_VIEW)
def show(contest_id: int) -> Any:
    """A contest's stages in order with what is left to do, and the own rounds of each."""
    contest = access.contest_for(P.CONTEST_VIEW, contest_id)
    who = access.signed_in()
    stages = progress.progress_of(contest, clock.now())
    may_edit = who.may(P.CONTEST_EDIT, contest.unit)
    paths = who.paths_for(P.CONTEST_VIEW)
    return render_template(
        "contests/show.html",
        contest=contest,
        stages=stages,
        tasks={line.stage.id: tasks.stage_tasks(line) for line in stages},
        rules={line.stage.id: contests.rules_of(line.stage) for line in stages},
        rounds={}
        if may_edit
        else {line.stage.id: rounds.rounds_of(line.stage, paths).items for line in stages},
        elsewhere=contests.held_elsewhere(who.paths_for(P.ROUND_MONITOR)),
        may_edit=may_edit,
    )


@blueprint.route("/contests/<int:contest_id>/edit", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def edit(contest_id: int) -> Any:
    """Change the title or code of a contest."""
    contest = access.contest_for(P.CONTEST_EDIT, contest_id)
    form = ContestForm(obj=contest).filled_from(contests.state_of_contest(contest))
    del form.unit
    if form.validate_on_submit():
        names, actor = (form.code.data, form.title.data), access.signed_in().actor
        with shown_on(form):
            contests.change_contest(contest, *names, actor, clock.now(), form.seen.data)
            db.session.commit()
            flash(_("Đã lưu."), "success")
            return redirect(url_for("contests.show", contest_id=contest_id))
    return render_template("contests/edit.html", form=form, contest=contest)


@blueprint.route("/contests/<int:contest_id>/stages/new", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def new_stage(contest_id: int) -> Any:
    """Add the next stage; its rules come on the following page."""
    contest = access.contest_for(P.CONTEST_EDIT, contest_id)
    form = StageForm()
    if form.validate_on_submit():
        stage = contests.add_stage(contest, form.name.data, access.signed_in().actor, clock.now())
        db.session.commit()
        flash(_("Đã thêm cấp thi. Tiếp theo, hãy đặt quy định và cấu trúc đề."), "success")
        return redirect(url_for("contests.edit_stage", stage_id=stage.id))
    return render_template("contests/new_stage.html", form=form, contest=contest)


@blueprint.get("/stages/<int:stage_id>")
@access.requires(P.CONTEST_VIEW)
def stage(stage_id: int) -> Any:
    """A stage: its rules, what the bank has for its blueprint, and its rounds."""
    found = access.stage_for(P.CONTEST_VIEW, stage_id)
    who, rules, now = access.signed_in(), contests.rules_of(found), clock.now()
    page = rounds.rounds_of(found, who.paths_for(P.CONTEST_VIEW), page_number())
    entries = rounds.entry_counts(page.items)
    day, is_last = progress.day_to_fill(found.rounds, now), progress.is_last(found)
    units = delegations.titles_in(found)
    return render_template(
        "contests/stage.html",
        stage=found,
        rules=rules,
        problems=rulebook.check(rules),
        lines=pools.lines_of(rules, pools.pool_of(rules, day)),
        day=day,
        page=page,
        entries=entries,
        steps=tasks.next_steps(page.items, entries, who, now),
        clauses=clauses_of(rules, is_last, units),
        amendments=[
            (one, changes_of(one, is_last, dict(pools.topics()), units)) for one in amendments.of_stage(found)
        ],
        levels=dict(pairs(Level, _("Mọi mức độ"))),
        waiting=sum(r.opened_at is None for r in found.rounds),
        may_edit=who.may(P.CONTEST_EDIT, found.contest.unit),
    )


@blueprint.route("/stages/<int:stage_id>/edit", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def edit_stage(stage_id: int) -> Any:
    """The rules of a stage, until they are frozen."""
    found = access.stage_for(P.CONTEST_EDIT, stage_id)
    old = contests.rules_of(found)
    types = tree.types_under(found.contest.unit)
    units = delegations.offered_in(found, old)
    form = RulesForm(pools.topics(), types, old.prizes.personal, units, data=values_of(found.name, old))
    form.filled_from(contests.state_of(found))
    if "more" in request.form:
        form.more(request.form["more"])
    elif form.validate_on_submit() and _are_usable(form, form.rules(old)):
        with shown_on(form):
            actor, name, rules = access.signed_in().actor, form.name.data, form.rules(old)
            contests.change_rules(found, rules, actor, clock.now(), name, form.seen.data)
            db.session.commit()
            flash(_("Đã lưu quy định."), "success")
            if rules.prizes.scope is not old.prizes.scope:
                flash(_("Số giải chính nay tính cho: %(scope)s.", scope=label(rules.prizes.scope)), "info")
            return redirect(url_for("contests.stage", stage_id=stage_id))
    day = progress.day_to_fill(found.rounds, clock.now())
    return render_template(
        "contests/edit_stage.html",
        form=form,
        stage=found,
        topics=pools.topics(),
        there=pools.availability(day),
        levels=pairs(Level),
        day=day,
        parts=old.parts,
    )


def _are_usable(form: RulesForm, rules: rulebook.Rules) -> bool:
    problems = rulebook.check(rules)
    form.show(problems)
    return not problems


@blueprint.route("/stages/<int:stage_id>/for-each", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def for_each(stage_id: int) -> Any:
    """Make one round for each unit right below a node, in one go."""
    found = access.stage_for(P.CONTEST_EDIT, stage_id)
    parent = access.unit_for(P.CONTEST_EDIT, request.args.get("parent", found.contest.unit_id, type=int))
    everyone = rounds.units_below(parent, "", clock.today())
    wanted = request.args.get("type", "")
    units = [unit for unit in everyone if wanted in ("", unit.type_label)]
    there = {r.unit_id for r in found.rounds}
    form = ForEachForm(units=[unit.id for unit in units if unit.id not in there])
    form.units.choices = offered(_named(units))
    if form.validate_on_submit():
        chosen = [unit for unit in units if unit.id in form.units.data]
        hours, who = (form.opens_at.data, form.closes_at.data), access.signed_in()
        with shown_on(form):
            made, kept = rounds.rounds_for_each(found, chosen, *hours, who.actor, clock.now())
            db.session.commit()
            flash(_tell_made(len(made), len(kept)), "success")
            if made and made[0].window:
                tell_of_hours(made[0])
            return redirect(url_for("contests.stage", stage_id=stage_id))
    return render_template(
        "contests/for_each.html",
        form=form,
        stage=found,
        parent=parent,
        parents=_named(tree.branches([found.contest.unit.path], clock.today())),
        types=[("", _("Tất cả")), *((name, name) for name in sorted({unit.type_label for unit in everyone}))],
        type=wanted,
        there=len(there & {unit.id for unit in units}),
    )


def _tell_made(made: int, kept: int) -> str:
    told = ngettext("Đã lập %(num)d vòng thi.", "Đã lập %(num)d vòng thi.", made)
    left = ngettext(
        "%(num)d đơn vị đã có vòng thi từ trước, giữ nguyên.",
        "%(num)d đơn vị đã có vòng thi từ trước, giữ nguyên.",
        kept,
    )
    return f"{told} {left}" if kept else str(told)


@blueprint.route("/stages/<int:stage_id>/rounds/new", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def new_round(stage_id: int) -> Any:
    """Make one round at a unit, covering it or several units in clusters."""
    found = access.stage_for(P.CONTEST_EDIT, stage_id)
    units = tree.branches([found.contest.unit.path], clock.today())
    form = RoundForm(_named(units), data={"name": found.name, "unit": found.contest.unit_id})
    if "more" in request.form:
        form.add_lines(SPARE_LINES)
    elif form.validate_on_submit():
        unit = access.unit_for(P.CONTEST_EDIT, form.unit.data)
        scopes = [(access.unit_for(P.CONTEST_EDIT, key), cluster) for key, cluster in form.scopes()]
        hours, actor = (form.opens_at.data, form.closes_at.data), access.signed_in().actor
        with shown_on(form):
            made = rounds.add_round(found, unit, form.name.data, *hours, actor, clock.now(), scopes)
            db.session.commit()
            flash(_("Đã lập vòng thi."), "success")
            if made.window:
                tell_of_hours(made)
            return redirect(url_for("rounds.show", round_id=made.id))
    return render_template("contests/new_round.html", form=form, stage=found)


@blueprint.route("/stages/<int:stage_id>/open", methods=["GET", "POST"])
@access.requires(P.ROUND_RUN)
def open_all(stage_id: int) -> Any:
    """Show which rounds of a stage are ready, and open those."""
    found = access.stage_for(P.CONTEST_EDIT, stage_id)
    now = clock.now()
    if ConfirmForm().validate_on_submit():
        done = openings.open_all(found, access.signed_in().actor, now)
        db.session.commit()
        flash(ngettext("Đã mở %(num)d vòng thi.", "Đã mở %(num)d vòng thi.", len(done.opened)), "success")
        return redirect(url_for("contests.stage", stage_id=stage_id))
    checked = [(r, openings.check_round(r, now)) for r in openings.unopened_rounds(found)]
    ready = [(r, readiness) for r, readiness in checked if readiness.is_ready]
    return render_template(
        "contests/open_all.html",
        stage=found,
        ready=ready,
        waiting=len(checked) - len(ready),
        stops=_by_sentence(checked),
        form=ConfirmForm(),
    )


def _by_sentence(checked: list[tuple[Any, Any]]) -> dict[str, list[Any]]:
    """Return what stops rounds from being opened, each sentence once with the rounds it stops."""
    stops: dict[str, list[Any]] = {}
    for contest_round, readiness in checked:
        for problem in readiness.blockers:
            stops.setdefault(message_text(problem.message, problem.values), []).append(contest_round)
    return stops
