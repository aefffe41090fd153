"""Many people at once: who they are, how they sit a round together, and what they try that must be refused."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import TypeVar

from drill.contestant import Card, Contestant, Habits, World, habits_of
from drill.history import FAIL, now

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Sitting = tuple[Contestant, int]  # who, and the number of the round

DESKS = 4  # organizers at work at the same moment
PACE = 60  # seconds a paper takes in the middle
# Communes by their place in the workbook where so many know every answer: ties at the cut for certain.
PERFECT = {1: 2, 2: 2, 4: 2, 7: 3, 10: 2, 13: 2, 16: 3}
# In Cò Nòi the second of them leaves six of thirty questions blank, 8 points of the total, and earns as many more on
# the stage: 40 + 45 = 32 + 53. That part decides.
CO_NOI, BLANK, STAGE_THERE = 2, 6, (4500, 5300)


@dataclass(slots=True)
class Tries:
    """What was tried against the rules: how often it was refused, and what was not."""

    refused: int = 0
    accepted: list[str] = field(default_factory=list)

    def note(self, was_refused: bool, what: str) -> None:
        """Count one try."""
        if was_refused:
            self.refused += 1
        else:
            self.accepted.append(what)


def contestants_of(place: int, cards: Iterable[Card], world: World, seed: str) -> list[Contestant]:
    """Return the contestants of the commune at a place of the workbook, each with habits drawn for the seed."""
    chance = random.Random(f"{seed}:{place}")
    found = []
    for number, card in enumerate(cards):
        habits = habits_of(chance, chance.gauss(0.8, 1.0), PACE)
        if number < PERFECT.get(place, 0):
            blank = BLANK if (place, number) == (CO_NOI, 1) else 0
            habits = Habits(
                inf, PACE / 2, habits.arrives, habits.scans, loses_line=0.08, repeats=0.08, blank=blank
            )
        found.append(Contestant(card, habits, world, f"{seed}:{card.cell}:{card.name}"))
    return found


def stage_worth(place: int, number: int, top: int) -> int | None:
    """Return what the contestant of that number in a commune earns on the stage, None where judges are free.

    Who knows everything earns `top` there too, hundredths, and stays level with the others who do.
    """
    if number >= PERFECT.get(place, 0):
        return None
    return STAGE_THERE[number] if place == CO_NOI else top


def sit(sittings: Iterable[Sitting], opens_at: int) -> None:
    """Let all sit their rounds, which open at an instant (ms); the first fault is raised when all have ended."""
    sit_in_turn(([sitting] for sitting in sittings), opens_at)


def sit_in_turn(queues: Iterable[Sequence[Sitting]], opens_at: int) -> None:
    """Let many sit at once, those of one queue one after another, as at the devices of a hall."""
    faults: list[Exception] = []

    def begin(queue: Sequence[Sitting]) -> None:
        for one, round_id in queue:
            try:
                one.sit(round_id, opens_at)
            except Exception as fault:
                fault.add_note(f"{one.card.name}, {one.card.cell}, {one.habits}")
                faults.append(fault)

    threads = [threading.Thread(target=begin, args=(queue,), daemon=True) for queue in queues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def try_what_must_fail(contestants: Sequence[Contestant], tries: Tries) -> None:
    """After the end: answer, start again, and look into another's paper."""
    for one in contestants:
        if not one.habits.hands_in and one.habits.has_scripts:
            tries.note(one.come_too_late() == FAIL, f"{one.card.name}: a choice after the end")
    for one, other in pairwise(contestants[:6]):
        tries.note(one.cannot_start_again(), f"{one.card.name}: another start")
        tries.note(one.cannot_see(other), f"{one.card.name}: the paper of {other.card.name}")


def together(act: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
    """Do the same for all, a few at a time; the first fault is raised."""
    with ThreadPoolExecutor(DESKS) as pool:
        return list(pool.map(act, items))


def sleep_until(instant: int) -> None:
    """Wait for an instant (ms)."""
    time.sleep(max(0.0, (instant - now()) / 1000))
