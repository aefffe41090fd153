"""The own paper as its contestant may see it afterwards: what the board allows, never what may still be asked (G6)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from quiz.core import marking as rule
from quiz.core.appeals import WHOLE_PAPER
from quiz.core.corrections import Policy, Ruling
from quiz.core.papers import Cell, Place
from quiz.core.rules import from_dict
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Appeal, AppealWindow, Attempt, ItemVersion, Round, RoundItem, Stage
from quiz.services import marking, papers
from quiz.services.papers import PoolItem


@dataclass(frozen=True, slots=True)
class SeenQuestion:
    """One question of the own paper: options as they stood there and the places taken.

    `stem` is None, and nothing else is told, while the question stands in the papers of a round that is not over.
    `points` (hundredths) and `ruling`, what the board decided about a wrong key, are None while a later round may still
    draw the question, for they give the key away; `key`, as places, also until the board releases it.
    """

    position: int
    stem: str | None
    options: tuple[str, ...] = ()
    taken: frozenset[int] = frozenset()
    points: int | None = None
    most: int = 0
    key: frozenset[int] | None = None
    ruling: Policy | None = None


def may_see(window: AppealWindow | None, attempt: Attempt, now: int) -> bool:
    """Tell whether a contestant may look at the own paper: the round is over and its board has said so."""
    return attempt.submitted_at is not None and may_see_sheets(window, attempt.entry.round, now)


def may_see_sheets(window: AppealWindow | None, contest_round: Round, now: int) -> bool:
    """Tell whether a contestant may look at what the judges gave: the round is over and its board has said so."""
    is_over = contest_round.phase_at(now) is Phase.CLOSED
    return is_over and window is not None and window.shows_paper and now >= window.opens_at


def seen_paper(attempt: Attempt, window: AppealWindow, now: int) -> list[SeenQuestion]:
    """Return the questions of an attempt as its contestant may see them; ask `may_see` first."""
    contest_round = attempt.entry.round
    pool, places = papers.pool_of(contest_round), papers.places_of(attempt.paper)
    unopened = still_to_come([place.version for place in places], now)
    planned = _planned(contest_round.stage.contest_id)
    choices, rulings = marking.choices_of([attempt.id])[attempt.id], marking.rulings_of(attempt.round_id)
    found = []
    for position, (place, points) in enumerate(zip(places, attempt.marks or [], strict=False)):
        item = pool.items[place.version]
        options = tuple(item.options[option] for option in place.order)
        seen = SeenQuestion(position, item.stem, options, choices.get(position, frozenset()))
        if place.version in unopened:
            seen = SeenQuestion(position, None)
        elif not _may_be_drawn(item, planned):
            most = pool.rules.scheme.points_per_item
            seen = _with_marks(seen, points, most, item, place, rulings.get(place.version), window)
        found.append(seen)
    return found


def questions_of(appeal: Appeal, now: int) -> list[SeenQuestion]:
    """Return the question an appeal is about as the board sees it, with the key, all of them where it is about a whole
    paper, none of a performance; nothing is told of one that stands in the papers of a round that is not over."""
    attempt = appeal.attempt
    if attempt is None:
        return []
    places = dict(enumerate(papers.places_of(attempt.paper)))
    if appeal.position != WHOLE_PAPER:
        places = {appeal.position: places[appeal.position]}
    unopened = still_to_come([place.version for place in places.values()], now)
    return [
        SeenQuestion(position, None) if place.version in unopened else _on_paper(attempt, position, place)
        for position, place in places.items()
    ]


def _on_paper(attempt: Attempt, position: int, place: Place) -> SeenQuestion:
    pool, marks = papers.pool_of(attempt.entry.round), attempt.marks or []
    item, ruling = pool.items[place.version], marking.rulings_of(attempt.round_id).get(place.version)
    return SeenQuestion(
        position, item.stem, tuple(item.options[option] for option in place.order),
        marking.choices_of([attempt.id])[attempt.id].get(position, frozenset()), marks[position],
        pool.rules.scheme.points_per_item, _valid_key(item, place, ruling), ruling.policy if ruling else None,
    )  # fmt: skip


def _with_marks(
    seen: SeenQuestion, points: int, most: int, item: PoolItem, place: Place, ruling: Ruling | None,
    window: AppealWindow,
) -> SeenQuestion:  # fmt: skip
    key = _valid_key(item, place, ruling) if window.shows_key else None
    return replace(seen, points=points, most=most, key=key, ruling=ruling.policy if ruling else None)


def _valid_key(item: PoolItem, place: Place, ruling: Ruling | None) -> frozenset[int]:
    """Return the key as places of the paper: the new one where the board ruled that it alone is right."""
    valid = ruling.key if ruling and ruling.policy is Policy.NEW_ONLY else item.key
    return rule.key_on_paper(valid, place.order)


def _planned(contest_id: int) -> list[Cell]:
    """Return the lines of the blueprints by which rounds of the contest that are not opened yet will draw."""
    unopened = select(Round.stage_id).where(Round.opened_at.is_(None), Round.closed_at.is_(None))
    query = select(Stage.rules).where(Stage.contest_id == contest_id, Stage.id.in_(unopened))
    return [cell for its in db.session.scalars(query) for cell in from_dict(its).blueprint]


def _may_be_drawn(item: PoolItem, planned: Iterable[Cell]) -> bool:
    return any(cell.topic == item.topic and cell.level in ("", item.level) for cell in planned)


def still_to_come(versions: list[int], now: int) -> set[int]:
    """Return those versions whose item stands, in whatever version, in a round that is opened and not over."""
    seen, held = aliased(ItemVersion), aliased(ItemVersion)
    query = (
        select(seen.id)
        .join(held, held.item_id == seen.item_id)
        .join(RoundItem, RoundItem.version_id == held.id)
        .join(Round, Round.id == RoundItem.round_id)
        .where(
            seen.id.in_(versions), Round.closes_at > now,
            or_(Round.closed_at.is_(None), Round.closed_at > now),
        )
        .distinct()
    )  # fmt: skip
    return set(db.session.scalars(query))
