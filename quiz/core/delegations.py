"""How many people a unit sends to a round, by a line of its own or its type, and which units keep to it (R8).

The counting unit is the node of a round that an entry came under: a commune in a round of a cluster, a cell in a
round of its own commune that lists its cells. Nothing here stops a round; its board is told before it opens.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quiz.core.errors import N_, Problem


@dataclass(frozen=True, slots=True)
class Delegation:
    """From `least` to `most` contestants (0: no limit) of one unit, or of each unit of a type ("" is every other type).

    `unit_code` names the one unit; its line goes before that of its type, and is all that holds for it. Beside its
    contestants a unit may name `reserves` people: "three, two of them confirmed" is most 2, reserves 1.
    """

    unit_type: str = ""
    least: int = 0
    most: int = 0
    reserves: int = 0
    unit_code: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A unit of a round: what it is called, its type and code, how many contestants and reserves it has named."""

    unit: str
    unit_type: str
    contestants: int
    reserves: int = 0
    unit_code: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of a round with the quota it is held to; `left`: how many more it may send, None without a limit."""

    sent: Sent
    quota: Delegation
    left: int | None


def from_list(data: Sequence[Mapping[str, Any]]) -> tuple[Delegation, ...]:
    """Return the quotas stored as `data`; raise TypeError if it is something else."""
    return tuple(Delegation(**line) for line in data)


def units_in(kept: Mapping[str, Any]) -> set[str]:
    """Return the codes of the units that rules name, which are stored as `kept`."""
    return {line["unit_code"] for line in kept.get("delegations", ()) if line.get("unit_code")}


def faults(delegations: Sequence[Delegation]) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) for whatever makes these quotas unusable."""
    types = [line.unit_type for line in delegations if not line.unit_code]
    own = [line.unit_code for line in delegations if line.unit_code]
    if len(set(types)) < len(types):
        yield "delegations", N_("Có hai dòng chỉ tiêu cho cùng một loại đơn vị. Hãy gộp lại thành một.")
    if len(set(own)) < len(own):
        yield "unit_quotas", N_("Có hai dòng chỉ tiêu riêng cho cùng một đơn vị. Hãy gộp lại thành một.")
    if any(line.unit_code and line.unit_type for line in delegations):
        yield (
            "delegations",
            N_("Một dòng chỉ tiêu ghi cho một đơn vị hoặc cho một loại đơn vị, không cho cả hai."),
        )
    if any(min(line.least, line.most, line.reserves) < 0 for line in delegations):
        yield "delegations", N_("Chỉ tiêu người dự thi không thể là số âm.")
    if any(line.most and line.most < line.least for line in delegations):
        yield "delegations", N_("Số người nhiều nhất không thể nhỏ hơn số người ít nhất. Hãy sửa chỉ tiêu.")


def quota_for(delegations: Sequence[Delegation], unit_code: str, unit_type: str) -> Delegation | None:
    """Return what is asked of a unit: its own line, else that of its type, else that for every type, else None."""
    own = {line.unit_code: line for line in delegations if line.unit_code}
    by_type = {line.unit_type: line for line in delegations if not line.unit_code}
    return own.get(unit_code) or by_type.get(unit_type) or by_type.get("")


def places_left(quota: Delegation | None, contestants: int) -> int | None:
    """Return how many more a unit with so many contestants may send by its quota, None where there is no limit."""
    return max(quota.most - contestants, 0) if quota is not None and quota.most else None


def places_of(delegations: Sequence[Delegation], sent: Iterable[Sent]) -> list[Place]:
    """Return the units that a quota holds for, in the order given."""
    found = ((one, quota_for(delegations, one.unit_code, one.unit_type)) for one in sent)
    return [
        Place(one, quota, places_left(quota, one.contestants)) for one, quota in found if quota is not None
    ]


def handed_on(delegations: Sequence[Delegation], heirs: Mapping[str, str]) -> tuple[Delegation, ...]:
    """Return the quotas with each unit's own line at the unit that `heirs` names, both by code; without one it goes.

    Where units have become one, the line by which it may send the most stands.
    """
    own: dict[str, Delegation] = {}
    for line in delegations:
        if heir := heirs.get(line.unit_code):
            moved = replace(line, unit_code=heir)
            own[heir] = max(own.get(heir, moved), moved, key=lambda one: one.most or math.inf)
    return (*(line for line in delegations if not line.unit_code), *own.values())


def breaches(delegations: Sequence[Delegation], sent: Iterable[Sent]) -> list[Problem]:
    """Return a sentence for each unit that sends fewer or more than was laid down, or names too many reserves."""
    return [
        Problem(message, values, field="entries")
        for place in places_of(delegations, sent)
        for message, values in _breaches(place.quota, place.sent)
    ]


def _breaches(quota: Delegation, sent: Sent) -> Iterator[tuple[str, dict[str, Any]]]:
    values = {"unit": sent.unit, "count": sent.contestants}
    if sent.contestants < quota.least:
        message = N_("%(unit)s mới cử %(count)d người, chỉ tiêu ít nhất là %(least)d.")
        yield message, values | {"least": quota.least}
    if 0 < quota.most < sent.contestants:
        message = N_("%(unit)s cử %(count)d người, chỉ tiêu nhiều nhất là %(most)d.")
        yield message, values | {"most": quota.most}
    if sent.reserves > quota.reserves:
        message = N_("%(unit)s ghi %(count)d người dự bị, chỉ tiêu là %(reserves)d.")
        yield message, {"unit": sent.unit, "count": sent.reserves, "reserves": quota.reserves}
