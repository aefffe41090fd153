"""Who performs when (R37): a public draw with a recorded seed, group by group, spread over the sessions of the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quiz.core.promotion import draw


@dataclass(frozen=True, slots=True)
class Turn:
    """One contestant's place: the session (1 …), the number called in it (1 …) and the number drawn (1 …)."""

    entry: int
    session: int
    place: int
    drawn: int


def running_order(groups: Mapping[str, Iterable[int]], seed: str, sessions: int = 1) -> list[Turn]:
    """Return everybody's turn. Groups follow one another by name, each in the order its own draw gives, and the day
    is cut into `sessions` as even as can be, the earlier ones larger by one where it does not divide.

    Whoever repeats it with the seed gets the same order, in whatever order the entries are given.
    """
    drawn = [entry for name in sorted(groups) for entry in draw(groups[name], f"{seed}:{name}")]
    size, larger = divmod(len(drawn), sessions)
    turns: list[Turn] = []
    for session in range(1, sessions + 1):
        start = len(turns)
        for place in range(1, size + (session <= larger) + 1):
            turns.append(Turn(drawn[start + place - 1], session, place, start + place))
    return turns
