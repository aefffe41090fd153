"""Rankings: the board's preview, editions for the board and for everybody, the spreadsheet."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.approvals import Act
from quiz.core.permissions import Permission
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.files.ranking_workbook import RankingSheet, write_ranking
from quiz.services import (
    appeals,
    approvals,
    awards,
    late,
    packages,
    performances,
    results,
    sheets,
    stage_points,
)
from quiz.services.contests import rules_of
from quiz.services.standings import standings_of
from quiz.services.unranked import unranked
from quiz.web import access, outcomes
from quiz.web.formatting import datetime_text
from quiz.web.forms.results import PublishForm
from quiz.web.labels import criterion_text, phase
from quiz.web.paging import page_number, slice_of

blueprint = Blueprint("results", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def criteria_of(contest_round: Any) -> list[str]:
    """Return what parts equal points in a round, in words and in order."""
    return [criterion_text(one) for one in rules_of(contest_round).tie_breaks]


@blueprint.get("/desk/rounds/<int:round_id>/ranking")
@access.requires(Permission.RESULT_VIEW)
def preview(round_id: int) -> Any:
    """The ranking as it stands now, with every rank explained, and the form that publishes it."""
    contest_round = access.round_for(Permission.RESULT_VIEW, round_id)
    who, last, lines = access.signed_in(), results.latest(contest_round.id), standings_of(contest_round)
    page = slice_of(lines, page_number())
    return render_template(
        "results/preview.html",
        round=contest_round,
        lines=page.items,
        page=page,
        page_url=lambda number: url_for("results.preview", round_id=round_id, page=number),
        criteria=criteria_of(contest_round),
        editions=sorted(contest_round.editions, key=lambda edition: -edition.number),
        late_until=late.last_chance(contest_round),
        now=clock.now(),
        ended=phase(contest_round) is Phase.CLOSED,
        has_online=rules_of(contest_round).has_online,
        may_publish=who.may(Permission.RESULT_PUBLISH, contest_round.unit),
        may_correct=who.may(Permission.RESULT_PUBLISH, contest_round.stage.contest.unit),
        publish_form=PublishForm(kind="final" if last else "provisional"),
        last=last,
        is_put_right=_is_put_right(last, lines),
        brought=packages.loaded(contest_round),
        unranked=unranked(contest_round, (line.entry.id for line in lines)),
        open_appeals=appeals.count_open(contest_round.id),
        waiting=approvals.open_on(f"round:{contest_round.id}", Act.PUBLISH_FINAL),
    )


def _is_put_right(last: Any, lines: Any) -> bool:
    """Tell whether points of the stage were put right after the newest edition, so that it no longer is the ranking."""
    if last is None or last.kind == results.FINAL or last.sha256 == results.sha256_of(lines):
        return False
    return stage_points.signed_since(last.round_id, last.published_at)


@blueprint.get("/desk/rounds/<int:round_id>/ranking/<int:entry_id>")
@access.requires(Permission.RESULT_VIEW)
def explained(round_id: int, entry_id: int) -> Any:
    """Why somebody ranks where they do as things stand: every mark, what was left out and taken off, weights, ties."""
    contest_round = access.round_for(Permission.RESULT_VIEW, round_id)
    lines = [line for line in standings_of(contest_round) if line.entry.id == entry_id]
    line = lines[0] if lines else access.not_found()
    return _explained(contest_round, line, None, _corrected(contest_round, entry_id, clock.now()))


@blueprint.get("/desk/editions/<int:edition_id>/lines/<int:entry_id>")
@access.requires(Permission.RESULT_VIEW)
def explained_edition(edition_id: int, entry_id: int) -> Any:
    """Why somebody ranks where an edition puts them, from what was kept with it."""
    found = outcomes.edition_for(Permission.RESULT_VIEW, edition_id)
    line = results.line_of(found, entry_id) or access.not_found()
    return _explained(found.round, line, found, _corrected(found.round, entry_id, found.published_at))


def _corrected(contest_round: Any, entry_id: int, until: int) -> list[tuple[Any, list[Any]]]:
    """The performances of an entry with the corrections of their sheets until an instant."""
    own = [one for one in performances.of_round(contest_round) if one.entry_id == entry_id]
    return [(one, [c for c in sheets.corrections_of(one) if c.corrected_at <= until]) for one in own]


def _explained(contest_round: Any, line: Any, edition: Any, corrected: Any) -> str:
    criteria = criteria_of(contest_round)
    page = {"round": contest_round, "line": line, "edition": edition, "criteria": criteria}
    page |= {"corrected": corrected}
    return render_template("results/explained.html", **page)


@blueprint.post("/desk/rounds/<int:round_id>/ranking")
@access.requires(Permission.RESULT_PUBLISH)
def publish(round_id: int) -> Any:
    """Freeze the ranking as the next edition, or ask a second person to let it be the final one."""
    contest_round = access.round_for(Permission.RESULT_PUBLISH, round_id)
    form = PublishForm()
    if not form.validate():
        flash(_("Hãy chọn công bố là kết quả tạm thời hay chính thức."), "error")
        return redirect(url_for("results.preview", round_id=round_id))
    actor, note = access.signed_in().actor, form.note.data or ""
    if form.kind.data == results.FINAL:
        return _asked(results.ask_final(contest_round, note, actor, clock.now()))
    edition = results.publish(contest_round, results.PROVISIONAL, note, actor, clock.now())
    db.session.commit()
    flash(
        _("Đã công bố. Bảng này không thay đổi nữa; nếu sửa, một lần công bố mới sẽ đứng bên cạnh."),
        "success",
    )
    return redirect(url_for("results.edition", edition_id=edition.id))


def _asked(approval: Any) -> Any:
    db.session.commit()
    flash(_("Đã gửi đề nghị. Người thứ hai duyệt thì việc này mới có hiệu lực."), "success")
    return redirect(url_for("approvals.show", approval_id=approval.id))


@blueprint.get("/desk/editions/<int:edition_id>")
@access.requires(Permission.RESULT_VIEW)
def edition(edition_id: int) -> Any:
    """An edition with the explanation of every rank, for the board."""
    found = outcomes.edition_for(Permission.RESULT_VIEW, edition_id)
    return render_template(
        "results/edition.html",
        may_promote=_may_promote(found),
        may_see_approval=found.approval is not None and outcomes.may_see(found.approval),
        **_listing(found),
    )


@blueprint.get("/results/<int:edition_id>")
@access.public
def public_edition(edition_id: int) -> Any:
    """An edition for everybody: ranks, names, cells and units, nothing else about a person."""
    found = outcomes.published_edition(edition_id)
    has_prizes = awards.list_of(found) is not None
    return render_template("results/public.html", has_prizes=has_prizes, **_listing(found))


@blueprint.get("/results")
@access.public
def verify() -> Any:
    """Find the edition that carries a printed check code and say whether what is stored is still what was published."""
    code = request.args.get("code", "").strip()
    found = results.by_check_code(code) if code else None
    return render_template(
        "results/verify.html",
        code=code,
        edition=found,
        newest=results.latest(found.round_id) if found else None,
        intact=results.is_intact(found) if found else None,
    )


@blueprint.get("/results/<int:edition_id>.txt")
@access.public
def text(edition_id: int) -> Any:
    """The text whose SHA-256 is printed with the edition; anybody can compute it with a tool of their own."""
    found = outcomes.published_edition(edition_id)
    name = f"ket-qua-{found.round_id}-{found.number}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(results.text_of(found), content_type="text/plain; charset=utf-8", headers=headers)


@blueprint.get("/results/<int:edition_id>.xlsx")
@access.public
def download(edition_id: int) -> Any:
    """The public columns as a spreadsheet."""
    found = outcomes.published_edition(edition_id)
    data = write_ranking(_sheet(found))
    name = f"ket-qua-{found.round_id}-{found.number}.xlsx"
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _may_promote(found: Any) -> bool:
    who = access.signed_in()
    return found.kind == results.FINAL and who.may(Permission.RESULT_PROMOTE, found.round.unit)


def _listing(found: Any) -> dict[str, Any]:
    text = request.args.get("q", "").strip()[:100]
    page = results.page_of(found, page_number())
    lines = results.find(found, text) if text else page.lines
    return {
        "edition": found,
        "newest": results.latest(found.round_id),
        "criteria": criteria_of(found.round),
        "changes": results.changes_since(found, page_number("changes")),
        "lines": lines,
        "page": None if text else page,
        "page_url": lambda number: url_for(request.endpoint or "", edition_id=found.id, page=number),
        "text": text,
    }


def _sheet(found: Any) -> RankingSheet:
    kind = _("Kết quả chính thức") if found.kind == results.FINAL else _("Kết quả tạm thời")
    published = _("%(kind)s, lần công bố %(number)d, lúc %(time)s", kind=kind, number=found.number,
                  time=datetime_text(found.published_at))  # fmt: skip
    code = _("Mã kiểm tra: %(code)s", code=found.check_code)
    return RankingSheet(
        title=found.round.name,
        notes=[published, code, *([found.note] if found.note else [])],
        headings=[_("Hạng"), _("Họ và tên"), _("Chi bộ"), _("Đơn vị"), _("Điểm"), _("Xếp trong")],
        rows=[
            (
                line.rank,
                line.name,
                line.cell_name,
                line.unit_name,
                line.points / 100,
                line.scope or _("Toàn vòng thi"),
            )
            for line in results.all_of(found)
        ],
        created=clock.local(found.published_at),
    )
