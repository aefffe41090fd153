"""The rehearsal: five items of the practice part on the very page of the contest. It counts for nothing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from quiz.core import practice as rules
from quiz.core.items import Kind
from quiz.core.marking import key_on_paper
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import ItemVersion, Rehearsal
from quiz.services import practice
from quiz.services.papers import PaperItem, places_of
from quiz.services.responses import Given

ITEMS = 5
TIME = 10 * MINUTE  # two minutes an item, as in a round (R33)


@dataclass(frozen=True, slots=True)
class Looked:
    """A question of a finished rehearsal: the version, the places taken on the paper and those of the key."""

    version: ItemVersion
    item: PaperItem
    taken: frozenset[int]
    key: frozenset[int]


def start(session_id: int, now: int, today: date, seed: str) -> Rehearsal | None:
    """Return a fresh rehearsal for a sign-in in place of its last one; None when there is nothing to practise."""
    drawn = rules.drawn(practice.askable(now, today), ITEMS, seed)
    versions = practice.with_ids(drawn, now, today)
    entries = [practice.entry_of(versions[version]) for version in drawn]
    if not entries:
        return None
    rehearsal = db.session.get(Rehearsal, session_id, with_for_update=True) or Rehearsal(
        session_id=session_id
    )
    rehearsal.paper = json.dumps([[entry.version, rules.order_of(entry, seed)] for entry in entries])
    rehearsal.started_at, rehearsal.finished_at, rehearsal.choices = now, None, {}
    db.session.add(rehearsal)
    db.session.flush()
    return rehearsal


def of(session_id: int) -> Rehearsal | None:
    """Return the last rehearsal of a sign-in, if any."""
    found: Rehearsal | None = db.session.get(Rehearsal, session_id)
    return found


def deadline_of(rehearsal: Rehearsal) -> int:
    """Return the instant its clock runs out."""
    return rehearsal.started_at + TIME


def paper_of(rehearsal: Rehearsal, now: int, today: date) -> list[PaperItem]:
    """Return its questions as a paper shows them; empty when one of them may not be practised any more."""
    return [looked.item for looked in looked_over(rehearsal, now, today)]


def looked_over(rehearsal: Rehearsal, now: int, today: date) -> list[Looked]:
    """Return its questions with what was taken and the key; empty when one may not be practised any more."""
    places, choices = places_of(rehearsal.paper), choices_of(rehearsal)
    versions = practice.with_ids([place.version for place in places], now, today)
    if len(versions) < len(places):
        return []
    found = []
    for position, place in enumerate(places):
        version = versions[place.version]
        shown = tuple(version.options[option] for option in place.order)
        item = PaperItem(position, version.kind is Kind.MULTIPLE, version.stem, shown)
        taken = frozenset(int(part) for part in choices.get(position, "").split(",") if part)
        found.append(Looked(version, item, taken, key_on_paper(version.key, place.order)))
    return found


def stored_in(rehearsal: Rehearsal) -> list[Given]:
    """Return what is stored of it."""
    return [Given(int(position), choice, stamp) for position, (choice, stamp) in rehearsal.choices.items()]


def choices_of(rehearsal: Rehearsal) -> dict[int, str]:
    """Return the stored choices by position."""
    return {given.position: given.choice for given in stored_in(rehearsal)}


def save(session_id: int, batch: Iterable[Given]) -> Rehearsal | None:
    """Store choices by the rule of a real paper: the newest stamp of a position wins, what it has not got is left."""
    rehearsal = db.session.get(Rehearsal, session_id, with_for_update=True)
    if rehearsal is None:
        return None
    sizes = [len(place.order) for place in places_of(rehearsal.paper)]
    known = dict(rehearsal.choices)
    for position, choice, stamp in batch:
        is_new = stamp >= known.get(str(position), ["", -1])[1]
        if is_new and 0 <= position < len(sizes) and _is_choice(choice, sizes[position]):
            known[str(position)] = [choice, stamp]
    rehearsal.choices = known
    db.session.flush()
    return rehearsal


def save_form(session_id: int, choices: Mapping[int, str]) -> Rehearsal | None:
    """Store choices that came without stamps, as from a form."""
    rehearsal = of(session_id)
    newest = max((given.stamp for given in stored_in(rehearsal)), default=0) if rehearsal else 0
    return save(session_id, [Given(position, choice, newest + 1) for position, choice in choices.items()])


def finish(rehearsal: Rehearsal, now: int) -> None:
    """Hand it in; a second time changes nothing."""
    rehearsal.finished_at = rehearsal.finished_at or now
    db.session.flush()


def _is_choice(choice: str, count: int) -> bool:
    parts = choice.split(",") if choice else []
    return all(part.isdecimal() and len(part) < 3 and int(part) < count for part in parts)
