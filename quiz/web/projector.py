"""The hall's screen: a page for a projector that anybody with its address sees, and the desk page that steers it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.reveal import MOST_PLACES
from quiz.core.stage_screen import shown_time, time_left
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.services import attempts, projections, revealing, stage_screen
from quiz.web import access, venues
from quiz.web.addresses import qr_of
from quiz.web.forms.projector import FreezeForm, RankingForm, StepForm
from quiz.web.monitor import part_of
from quiz.web.refusals import shown_on

blueprint = Blueprint("projector", __name__)
RUN = Permission.ROUND_RUN
UNITS_SHOWN = 24  # more lines could not be read from the back of a hall


# --- the screen itself --------------------------------------------------------------------------------------------


@blueprint.get("/screen/<screen>")
@access.public
def show(screen: str) -> Any:
    """The clock and the figures of a round, who is on its stage, later its ranking as far as the board shows it."""
    found = _screen(venues.screen_with(screen))
    if (stage := found["stage"]) and stage.on:
        found["seconds"] = stage_screen.seconds_on(stage.on, found["now"])
    return render_template("projector/show.html", **found)


@blueprint.get("/screen/<screen>/part")
@access.public
def part(screen: str) -> Any:
    """What changes on the screen; the server's time stands in a header, so that it changes nothing."""
    found = _screen(venues.screen_with(screen))
    answer = part_of("projector/part.html", **found)
    answer.headers["X-Now"] = str(found["now"])
    return answer


def _screen(projection: Any) -> dict[str, Any]:
    now, found = clock.now(), projection.round
    phase = found.phase_at(now)
    stage, longer = _stage(projection, phase), attempts.last_deadline(found, now)
    units = [] if stage else projections.public_figures(projection, now)
    return {
        "screen": projection,
        "round": found,
        "now": now,
        "phase": phase,
        "stage": stage,
        "seconds": stage_screen.seconds_on(stage.on) if stage and stage.on else 0,
        "time_left": time_left,
        "shown_time": shown_time,
        "until": _until(found, phase, longer),
        "longer": longer,
        "units": units if 1 < len(units) <= UNITS_SHOWN else [],
        "total": projections.total(units),
        "frozen_at": projections.freeze_instant(projection)
        if projections.is_frozen(projection, now)
        else None,
        "ranking": projection.ranking,
        "scope": projection.ranking["scopes"][projection.scope] if projection.ranking else None,
        "places": revealing.shown_places(projection),
    }


def _stage(projection: Any, phase: Phase) -> Any:
    """Return what is on the stage, None while the ranking or the clock of the paper is shown."""
    if projection.ranking or not stage_screen.is_before_the_hall(projection.round, phase):
        return None
    return stage_screen.of_round(projection.round)


def _until(found: Any, phase: Phase, longer: int | None) -> int | None:
    """Return the instant the clock counts down to, None when there is nothing to wait for."""
    return {Phase.SCHEDULED: found.opens_at, Phase.OPEN: found.closes_at, Phase.CLOSED: longer}.get(phase)


# --- steering it --------------------------------------------------------------------------------------------------


@blueprint.get("/desk/rounds/<int:round_id>/screen")
@access.requires(RUN)
def control(round_id: int) -> Any:
    """The address of the screen, the freeze, and the buttons that show the ranking."""
    return _control(access.round_for(RUN, round_id))


def _control(found: Any, freeze: Any = None, ranking: Any = None) -> Any:
    projection, now = projections.of_round(found), clock.now()
    address = url_for("projector.show", screen=projection.code, _external=True) if _is_on(projection) else ""
    return render_template(
        "projector/control.html",
        round=found,
        screen=projection,
        address=address,
        qr=qr_of(address) if address else "",
        frozen=projection is not None and projections.is_frozen(projection, now),
        freeze_at=projections.freeze_instant(projection) if projection else None,
        freeze=freeze or FreezeForm(minutes=projection.freeze_minutes if projection else None),
        ranking=ranking or RankingForm(),
        ended=found.phase_at(now) is Phase.CLOSED,
        most=MOST_PLACES,
        scope=projection.ranking["scopes"][projection.scope] if projection and projection.ranking else None,
        places=revealing.shown_places(projection) if projection else [],
        seen=f"{projection.scope}.{projection.revealed}" if projection else "",
    )


def _is_on(projection: Any) -> bool:
    return projection is not None and projection.code is not None


def _steered(round_id: int) -> Any:
    """Return the screen of a round one runs; one that was never opened is not found."""
    return projections.of_round(access.round_for(RUN, round_id)) or access.not_found()


def _done(round_id: int, words: str) -> Any:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("projector.control", round_id=round_id, _anchor="xep-hang"))


@blueprint.post("/desk/rounds/<int:round_id>/screen/open")
@access.requires(RUN)
def open(round_id: int) -> Any:
    """Give the screen an address, or another one."""
    found = access.round_for(RUN, round_id)
    projections.open_screen(found, access.signed_in().actor, clock.now())
    return _done(round_id, _("Đã mở màn hình. Hãy mở địa chỉ này trên máy chiếu."))


@blueprint.post("/desk/rounds/<int:round_id>/screen/close")
@access.requires(RUN)
def close(round_id: int) -> Any:
    """Take the address back."""
    projections.close_screen(_steered(round_id), access.signed_in().actor, clock.now())
    return _done(round_id, _("Đã tắt màn hình. Địa chỉ cũ không còn dùng được."))


@blueprint.post("/desk/rounds/<int:round_id>/screen/freeze")
@access.requires(RUN)
def freeze(round_id: int) -> Any:
    """Say how long before the end the public figures stand still."""
    projection, form = _steered(round_id), FreezeForm()
    if form.validate():
        with shown_on(form):
            projections.plan_freeze(projection, form.minutes.data, access.signed_in().actor, clock.now())
            return _done(round_id, _("Đã đặt giờ dừng số liệu công khai."))
    return _control(access.round_for(RUN, round_id), freeze=form)


@blueprint.post("/desk/rounds/<int:round_id>/screen/stop")
@access.requires(RUN)
def stop(round_id: int) -> Any:
    """Let the public figures stand still from now on."""
    projections.freeze_now(_steered(round_id), access.signed_in().actor, clock.now())
    return _done(round_id, _("Số liệu công khai đã dừng."))


@blueprint.post("/desk/rounds/<int:round_id>/screen/release")
@access.requires(RUN)
def release(round_id: int) -> Any:
    """Let the public see the figures as they are."""
    projections.release(_steered(round_id), access.signed_in().actor, clock.now())
    return _done(round_id, _("Số liệu công khai hiện tiếp theo thực tế."))


@blueprint.post("/desk/rounds/<int:round_id>/screen/ranking")
@access.requires(RUN)
def prepare(round_id: int) -> Any:
    """Keep the ranking that is to be shown; nothing of it is on the screen yet."""
    projection, form = _steered(round_id), RankingForm()
    if form.validate():
        with shown_on(form):
            actor, now = access.signed_in().actor, clock.now()
            revealing.prepare(projection, form.top.data, form.with_points.data, actor, now)
            return _done(round_id, _("Đã chuẩn bị xếp hạng. Màn hình chờ hạng đầu tiên."))
    return _control(access.round_for(RUN, round_id), ranking=form)


@blueprint.post("/desk/rounds/<int:round_id>/screen/next")
@access.requires(RUN)
def show_next(round_id: int) -> Any:
    """Show the next rank."""
    projection = _steered(round_id)
    revealing.show_next(projection, StepForm().place, access.signed_in().actor, clock.now())
    return _done(round_id, _("Đã hiện trên màn hình."))


@blueprint.post("/desk/rounds/<int:round_id>/screen/back")
@access.requires(RUN)
def take_back(round_id: int) -> Any:
    """Take the rank shown last off the screen."""
    projection = _steered(round_id)
    revealing.take_back(projection, StepForm().place, access.signed_in().actor, clock.now())
    return _done(round_id, _("Đã lùi lại một hạng."))


@blueprint.post("/desk/rounds/<int:round_id>/screen/hide")
@access.requires(RUN)
def hide(round_id: int) -> Any:
    """Take the ranking off the screen."""
    revealing.hide(_steered(round_id), access.signed_in().actor, clock.now())
    return _done(round_id, _("Màn hình trở lại đồng hồ và số liệu."))
