"""The ranking on the hall's screen, from its last place up: prepared by the board, shown when the board says so."""

from typing import Any

from sqlalchemy import select

from quiz.core import reveal
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.reveal import MOST_PLACES, Place
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Attempt, Projection, Round
from quiz.services import attempts, results, stage_points
from quiz.services.audit import Actor
from quiz.services.projections import acted, lock
from quiz.services.standings import standings_of


def prepare(projection: Projection, top: int, with_points: bool, actor: Actor, now: int) -> None:
    """Keep the ranking that is to be shown: of the newest edition, else as it stands, down to the rank `top`.

    Raise RuleBroken while the round still runs, papers are still worked on, or points of the stage are unsigned.
    """
    lock(projection)
    contest_round = projection.round
    if not 1 <= top <= MOST_PLACES:
        raise RuleBroken(N_("Số hạng hiện lần lượt phải từ 1 đến %(most)d."), most=MOST_PLACES)
    attempts.close_due(now, contest_round.id)
    _check_over(contest_round, now)
    edition = results.latest(contest_round.id)
    if edition is None:
        stage_points.check_all_signed(contest_round)
    scopes = _of_edition(edition, with_points) if edition else _as_it_stands(contest_round, with_points)
    if not scopes:
        raise RuleBroken(N_("Chưa có ai nộp bài nên chưa có gì để hiện."))
    projection.ranking = {
        "edition": edition.number if edition else None,
        "scopes": [{"name": name, "steps": reveal.steps(places, top)} for name, places in scopes.items()],
    }
    projection.scope = projection.revealed = 0
    acted(projection, "screen.prepare", actor, now, top=top, edition=edition.number if edition else None)


def _check_over(contest_round: Round, now: int) -> None:
    if contest_round.phase_at(now) is not Phase.CLOSED:
        raise RuleBroken(N_("Vòng thi chưa kết thúc nên chưa hiện xếp hạng được."))
    unfinished = select(Attempt.id).where(
        Attempt.round_id == contest_round.id, Attempt.submitted_at.is_(None)
    )
    if db.session.scalar(unfinished.limit(1)) is not None:
        raise RuleBroken(N_("Còn bài chưa nộp hoặc bài giấy chưa nhập xong. Hãy chờ xong rồi hiện xếp hạng."))


def _of_edition(edition: Any, with_points: bool) -> dict[str, list[Place]]:
    scopes: dict[str, list[Place]] = {}
    for line in results.all_of(edition):
        points = line.points if with_points else None
        place = Place(line.rank, line.name, line.cell_name, line.unit_name, points)
        scopes.setdefault(line.scope, []).append(place)
    return scopes


def _as_it_stands(contest_round: Round, with_points: bool) -> dict[str, list[Place]]:
    scopes: dict[str, list[Place]] = {}
    for line in standings_of(contest_round):
        cell = line.entry.unit
        unit, points = line.above, line.points if with_points else None
        place = Place(line.rank, line.entry.person.full_name, cell.title, unit, points)
        scopes.setdefault(line.scope, []).append(place)
    return scopes


def show_next(projection: Projection, seen: tuple[int, int], actor: Actor, now: int) -> None:
    """Show the next rank, or go on to the next scope when all of this one is shown.

    `seen` is the (scope, revealed) the presser saw; raise AlreadyDone when it has moved since (a double click).
    """
    scopes = _scopes(projection, seen)
    if projection.revealed < len(scopes[projection.scope]["steps"]):
        projection.revealed += 1
    elif projection.scope + 1 < len(scopes):
        projection.scope, projection.revealed = projection.scope + 1, 0
    else:
        raise AlreadyDone(N_("Đã hiện đến hạng cao nhất."))
    acted(projection, "screen.next", actor, now, **_seen_now(projection))


def take_back(projection: Projection, seen: tuple[int, int], actor: Actor, now: int) -> None:
    """Take the rank shown last off the screen; raise as `show_next` does."""
    scopes = _scopes(projection, seen)
    if projection.revealed:
        projection.revealed -= 1
    elif projection.scope:
        projection.scope -= 1
        projection.revealed = len(scopes[projection.scope]["steps"])
    else:
        raise AlreadyDone(N_("Chưa hiện hạng nào."))
    acted(projection, "screen.back", actor, now, **_seen_now(projection))


def _seen_now(projection: Projection) -> dict[str, Any]:
    """Return what the record says of the screen: within what the ranks count, by name, and how many are shown."""
    shown = projection.ranking["scopes"][projection.scope]
    return {"scope": shown["name"], "revealed": projection.revealed}


def _scopes(projection: Projection, seen: tuple[int, int]) -> list[Any]:
    lock(projection)
    if projection.ranking is None:
        raise RuleBroken(N_("Chưa chuẩn bị xếp hạng để hiện."))
    if (projection.scope, projection.revealed) != seen:
        raise AlreadyDone(N_("Màn hình đã chuyển rồi, không cần bấm lại."))
    scopes: list[Any] = projection.ranking["scopes"]
    return scopes


def hide(projection: Projection, actor: Actor, now: int) -> None:
    """Take the ranking off the screen; the clock and the figures come back."""
    lock(projection)
    if projection.ranking is None:
        raise AlreadyDone(N_("Màn hình không hiện xếp hạng."))
    projection.ranking, projection.scope, projection.revealed = None, 0, 0
    acted(projection, "screen.hide", actor, now)


def shown_places(projection: Projection) -> list[list[Place]]:
    """Return the ranks on the screen, the one shown last first; never more than the board has shown."""
    if projection.ranking is None:
        return []
    chosen = projection.ranking["scopes"][projection.scope]["steps"][: projection.revealed]
    return [[Place(*place) for place in step] for step in reversed(chosen)]
