"""What devices deliver after the end, when their line is back: whole logs, and such as must not count."""

from enum import StrEnum

from drill.browser import NoAnswer, Refused
from drill.contestant import Contestant
from drill.crowd import Tries
from drill.history import FAIL, OK, UNKNOWN, now
from drill.sitting import Logged, Sitting


class Way(StrEnum):
    """What a log is like that comes after the end."""

    WHOLE = "whole"  # made in time: it counts
    OVERTIME = "a choice made after the end"
    BROKEN = "a choice changed behind its link"
    PUBLISHED = "after the final result"


def deliver(one: Contestant, way: Way, tries: Tries) -> None:
    """Deliver the log of somebody who lost the line, write down what became of it, and what should not have."""
    sitting = one.sitting
    if sitting is None or not _waiting(sitting):
        raise Refused(f"{one.card.name} has nothing to deliver")
    log, missing = list(sitting.log), _waiting(sitting)
    if way is Way.OVERTIME:
        sitting.choose(sitting.questions[0].position, "0")
        log.append(sitting.log.pop())
    elif way is Way.BROKEN:
        position, choice, stamp, link = log[-1]
        log[-1] = (position, "1" if choice == "0" else "0", stamp, link)
    said = _post(sitting, log, way)
    if not _is_right(way, said, missing):
        tries.note(False, f"{one.card.name}: delivered, {way}: {said} counted and refused, {missing} waited")
    elif way is not Way.WHOLE:
        tries.note(True, "")
    elif _post(sitting, log, way) != (0, 0):
        tries.note(False, f"{one.card.name}: the second delivery of the same log did something")


def _waiting(sitting: Sitting) -> int:
    """Return at how many places nothing at all has left the device."""
    sent = {position for position, _, stamp, _ in sitting.log if stamp in sitting.sent}
    return len({position for position, *_ in sitting.log} - sent)


def _is_right(way: Way, said: tuple[int, int], missing: int) -> bool:
    counted, refused = said
    if way in (Way.BROKEN, Way.PUBLISHED):
        return counted == 0 and refused > 0
    return counted >= missing and refused == (way is Way.OVERTIME)


def _post(sitting: Sitting, log: list[Logged], way: Way) -> tuple[int, int]:
    """Deliver and write the outcome of each choice to the history: acknowledged as far as it must count."""
    calls = sitting.history.begin_saves(sitting.attempt, [entry[:3] for entry in log], delivered=True)
    try:
        said = sitting.post_log(log, now())
    except NoAnswer:
        sitting.history.end(calls, UNKNOWN)
        raise
    good = 0 if way in (Way.BROKEN, Way.PUBLISHED) else len(log) - (way is Way.OVERTIME)
    sitting.history.end(calls[:good], OK, 200)
    sitting.history.end(calls[good:], FAIL, 200)
    return said
