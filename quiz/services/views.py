"""Who looked at what: kept in batches, read beside the record of acts."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from quiz.extensions import db
from quiz.models import Account, ApiToken, Contest, Entry, Person, Round, Signal, Stage, Unit, ViewRecord

_UNITS: dict[str, Any] = {
    "person": select(Person.id, Unit.path).join(Person.unit),
    "entry": select(Entry.id, Unit.path).join(Unit, Unit.id == Entry.unit_id),
    "round": select(Round.id, Unit.path).join(Round.unit),
    "signal": select(Signal.id, Unit.path).join(Signal.round).join(Round.unit),
    "stage": select(Stage.id, Unit.path).join(Stage.contest).join(Contest.unit),
}
_MODELS: dict[str, Any] = {"person": Person, "entry": Entry, "round": Round, "signal": Signal, "stage": Stage}


class Sighting(NamedTuple):
    """One look: when, by whom, at which page (its endpoint), of what ("noun:id"); `path` where that tells no unit."""

    at: int
    account_id: int | None
    token_id: int | None
    page: str
    target: str
    path: str = ""


def keep(sightings: Iterable[Sighting]) -> None:
    """Keep looks, each with the unit it concerns; one by an account that is gone is dropped."""
    lines = list(sightings)
    if not lines:
        return
    paths = _paths(lines)
    accounts = _there(Account, {line.account_id for line in lines})
    tokens = _there(ApiToken, {line.token_id for line in lines})
    rows = [
        {
            "at": line.at, "account_id": line.account_id,
            "api_token_id": None if line.account_id else line.token_id,
            "page": line.page[:60], "target": line.target[:60], "path": paths.get(line.target, line.path),
        }
        for line in lines
        if (line.account_id in accounts if line.account_id else line.token_id in tokens)
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(ViewRecord), rows)


def _there(model: Any, ids: set[int | None]) -> set[int]:
    wanted = [one for one in ids if one is not None]
    return set(db.session.scalars(select(model.id).where(model.id.in_(wanted)))) if wanted else set()


def _paths(lines: list[Sighting]) -> dict[str, str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        noun, _, key = line.target.partition(":")
        if noun in _UNITS and key.isdigit() and int(key) < 2**31:
            wanted[noun].add(int(key))
    return {
        f"{noun}:{key}": path
        for noun, ids in wanted.items()
        for key, path in db.session.execute(_UNITS[noun].where(_MODELS[noun].id.in_(ids)))
    }
