"""From blueprint and pool to one candidate's paper: a draw anybody can repeat from the seed.

The draw sorts by SHA-256 of "seed|what|id", so that it needs no generator's state and no particular language.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quiz.core.errors import N_, RuleBroken


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a blueprint: `count` items of a topic at a level ("" stands for any level)."""

    topic: str
    level: str
    count: int


@dataclass(frozen=True, slots=True)
class PoolEntry:
    """One approved item version as the draw sees it."""

    version: int
    topic: str
    level: str
    option_count: int
    keep_order: bool = False
    keep_last: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a paper: an item version and the authored option indices in the order shown."""

    version: int
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A blueprint line the pool cannot fill: `wanted` items, `available` of them there."""

    topic: str
    level: str
    wanted: int
    available: int


def shuffled(seed: str, label: str, values: Iterable[int]) -> list[int]:
    """Return `values` in the order drawn for this seed and label."""
    start = f"{seed}|{label}|"
    return sorted(values, key=lambda value: hashlib.sha256(f"{start}{value}".encode()).digest())


def _specific_first(blueprint: Sequence[Cell]) -> list[Cell]:
    return sorted(blueprint, key=lambda cell: (cell.level == "", cell.topic, cell.level))


def _fits(entry: PoolEntry, cell: Cell) -> bool:
    # Without options an item is answered aloud, never on a paper.
    return entry.option_count > 0 and entry.topic == cell.topic and cell.level in ("", entry.level)


def shortfalls(blueprint: Sequence[Cell], pool: Iterable[PoolEntry]) -> list[Shortfall]:
    """Return the lines of the blueprint that cannot be filled; empty when a paper can be drawn.

    Lines for any level take what the lines for one level leave over.
    """
    missing = []
    free = {entry.version: entry for entry in pool}
    for cell in _specific_first(blueprint):
        fitting = [version for version, entry in free.items() if _fits(entry, cell)]
        if len(fitting) < cell.count:
            missing.append(Shortfall(cell.topic, cell.level, cell.count, len(fitting)))
        for version in fitting[: cell.count]:
            del free[version]
    return missing


def _option_order(entry: PoolEntry, seed: str, shuffle: bool) -> tuple[int, ...]:
    options = range(entry.option_count)
    if not shuffle or entry.keep_order:
        return tuple(options)
    if entry.keep_last:
        return (*shuffled(seed, f"options:{entry.version}", options[:-1]), options[-1])
    return tuple(shuffled(seed, f"options:{entry.version}", options))


Strata = Mapping[Cell, Mapping[int, PoolEntry]]


def strata_of(blueprint: Sequence[Cell], pool: Iterable[PoolEntry]) -> Strata:
    """Return the entries of the pool that fit each line of the blueprint, by item version."""
    by_version = {entry.version: entry for entry in pool}
    return {
        cell: {version: entry for version, entry in by_version.items() if _fits(entry, cell)}
        for cell in blueprint
    }


def assemble(
    blueprint: Sequence[Cell],
    pool: Iterable[PoolEntry],
    seed: str,
    shuffle_items: bool = True,
    shuffle_options: bool = True,
) -> tuple[Place, ...]:
    """Return the paper drawn from a pool for `seed`; see `drawn_from`."""
    return drawn_from(strata_of(blueprint, pool), blueprint, seed, shuffle_items, shuffle_options)


def drawn_from(
    strata: Strata,
    blueprint: Sequence[Cell],
    seed: str,
    shuffle_items: bool = True,
    shuffle_options: bool = True,
) -> tuple[Place, ...]:
    """Return the paper drawn for `seed`; raise RuleBroken when the pool cannot fill the blueprint.

    Neither the order of the pool nor that of the blueprint changes which items are drawn. Where items are not
    shuffled they follow the lines of the blueprint, and within a line the same order on every paper.
    """
    drawn: dict[Cell, list[int]] = {}
    taken: set[int] = set()
    for cell in _specific_first(blueprint):
        fitting = [version for version in strata[cell] if version not in taken]
        if len(fitting) < cell.count:
            raise RuleBroken(N_("Ngân hàng câu hỏi không đủ câu cho đề thi. Xin báo ngay cho Ban Tổ chức."))
        drawn[cell] = shuffled(seed, "draw", fitting)[: cell.count]
        taken.update(drawn[cell])
    if not shuffle_items:
        drawn = {cell: sorted(versions) for cell, versions in drawn.items()}
    entries = {version: strata[cell][version] for cell in blueprint for version in drawn[cell]}
    order = shuffled(seed, "items", entries) if shuffle_items else list(entries)
    return tuple(Place(version, _option_order(entries[version], seed, shuffle_options)) for version in order)
