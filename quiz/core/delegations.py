"""How many people a unit sends to a round, by type of unit, and which units keep to it (R8).

The counting unit is the node of a round that an entry came under: a commune in a round of a cluster, a cell in a
round of its own commune that lists its cells. Nothing here stops a round; its board is told before it opens.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.core.errors import N_, Problem


@dataclass(frozen=True, slots=True)
class Delegation:
    """From `least` to `most` contestants (0: no limit) of each unit of a type ("" is every other type).

    Beside them it may name `reserves` people: "three, two of them confirmed" is most 2, reserves 1.
    """

    unit_type: str = ""
    least: int = 0
    most: int = 0
    reserves: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A unit of a round: what it is called, its type, and how many contestants and reserves it has named."""

    unit: str
    unit_type: str
    contestants: int
    reserves: int = 0


def from_list(data: Sequence[Mapping[str, Any]]) -> tuple[Delegation, ...]:
    """Return the quotas stored as `data`; raise TypeError if it is something else."""
    return tuple(Delegation(**line) for line in data)


def faults(delegations: Sequence[Delegation]) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) for whatever makes these quotas unusable."""
    if len({line.unit_type for line in delegations}) < len(delegations):
        yield "delegations", N_("Có hai dòng chỉ tiêu cho cùng một loại đơn vị. Hãy gộp lại thành một.")
    if any(min(line.least, line.most, line.reserves) < 0 for line in delegations):
        yield "delegations", N_("Chỉ tiêu người dự thi không thể là số âm.")
    if any(line.most and line.most < line.least for line in delegations):
        yield "delegations", N_("Số người nhiều nhất không thể nhỏ hơn số người ít nhất. Hãy sửa chỉ tiêu.")


def quota_for(delegations: Sequence[Delegation], unit_type: str) -> Delegation | None:
    """Return what is asked of a unit of this type: its own line, else that for every type, else None."""
    by_type = {line.unit_type: line for line in delegations}
    return by_type.get(unit_type) or by_type.get("")


def is_full(delegations: Sequence[Delegation], unit_type: str, contestants: int) -> bool:
    """Tell whether a unit with so many contestants has used up its places."""
    quota = quota_for(delegations, unit_type)
    return quota is not None and 0 < quota.most <= contestants


def breaches(delegations: Sequence[Delegation], sent: Iterable[Sent]) -> list[Problem]:
    """Return a sentence for each unit that sends fewer or more than was laid down, or names too many reserves."""
    return [
        Problem(message, values, field="entries")
        for one in sent
        if (quota := quota_for(delegations, one.unit_type)) is not None
        for message, values in _breaches(quota, one)
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
