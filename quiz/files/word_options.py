"""The options of a question taken apart, whether each has a line of its own or two or four share one.

Where a letter could stand in more than one place nothing is guessed: Unclear is raised.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quiz.files.word_shapes import LETTERS, OptionStart, option_index, option_start, without_tick
from quiz.files.word_text import Mark, Rich

_MOST_CANDIDATES, _MOST_STEPS = 12, 2_000
_CLEARLY_APART = re.compile(r"\t|\s{2}")


class Unclear(ValueError):
    """The options on a line can be told apart in more ways than one."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its letter as written, the marks of the letter (None: Word's own number), its words."""

    letter: str
    letter_marks: int | None
    body: Rich
    is_starred: bool


@dataclass(frozen=True, slots=True)
class _Found:
    start: OptionStart
    at: int  # where the separator before the letter begins
    words_at: int
    is_apart: bool


def options_of(lines: Sequence[Rich]) -> list[Option]:
    """Return the options of lines that each begin with one; raise Unclear."""
    starts = [option_start(line.text) for line in lines]
    found: list[Option] = []
    for place, (line, start) in enumerate(zip(lines, starts, strict=True)):
        if start is None:
            raise Unclear
        following = starts[place + 1] if place + 1 < len(lines) else None
        # Where each option so far had a line of its own, so has the last one, whatever letters it speaks of.
        is_own = place > 0 and len(found) == place
        found += _split(line, start, following.index if following else None, is_own)
        if _is_glued(found[-1], start.delimiter):
            raise Unclear
    return found


def with_options(line: Rich) -> tuple[Rich, list[Option]]:
    """Return a question and the options that stand on the same line; none where there are none."""
    ways: list[tuple[_Found, list[Option]]] = []
    for first in _candidates(line.text, 0, "A", None):
        rest = line.part(first.at)
        start = option_start(rest.text)
        if start and line.text[: first.at].strip():
            options = _split(rest, start, None)
            ways += [(first, options)] if len(options) > 1 else []
    apart = [way for way in ways if way[0].is_apart]
    if len(ways) > 1 and len(apart) != 1:
        raise Unclear  # "đồng chí A. Ủy ban …" looks like an option too
    if not ways:
        return line, []
    [(first, options)] = apart if len(ways) > 1 else ways
    return line.part(0, first.at), options


def _is_glued(option: Option, delimiter: str) -> bool:
    """Tell whether the option after this one is stuck to a word of it: "… cơ sởD. Lập chi bộ"."""
    following = LETTERS[(option_index(option.letter) + 1) % len(LETTERS)]
    stuck = re.finditer(rf"[^\W_]{following}{re.escape(delimiter)}\s?\S", option.body.text)
    return option.letter.isupper() and any(not match.group()[0].isupper() for match in stuck)


def _split(line: Rich, start: OptionStart, following: int | None, is_own: bool = False) -> list[Option]:
    """Return the options on one line: every letter up to the one the next line begins with."""
    first = _Found(start, 0, start.start, True)
    if following is not None:
        wanted = list(range(start.index + 1, following))
        cuts = _places(line.text, first, wanted) if wanted else []
        if wanted and not cuts:
            raise Unclear
        return _cut(line, [first, *cuts])
    for last in range(len(LETTERS) - 1, start.index, -1):
        cuts = _places(line.text, first, list(range(start.index + 1, last + 1)))
        if cuts and (all(found.is_apart for found in cuts) or not is_own):
            return _cut(line, [first, *cuts])
    return _cut(line, [first])


def _places(text: str, first: _Found, wanted: list[int]) -> list[_Found]:
    """Return where the wanted letters stand, one after another; [] when they do not all; raise Unclear."""
    small = first.start.letter.islower()
    letters = [LETTERS[index].lower() if small else LETTERS[index] for index in wanted]
    choices = [_candidates(text, first.words_at, letter, first.start.delimiter) for letter in letters]
    ways = list(_ways(text, first, choices, [_MOST_STEPS]))
    apart = [way for way in ways if all(found.is_apart for found in way)]
    if len(apart) == 1:
        return apart[0]
    if len(ways) > 1:
        raise Unclear
    if ways and any(found.start.index > 3 and not found.is_apart for found in ways[0]):
        return []
    return ways[0] if ways else []


def _ways(text: str, before: _Found, choices: list[list[_Found]], left: list[int]) -> Iterator[list[_Found]]:
    """Yield each way to choose one place per letter in rising order with words between."""
    if not choices:
        yield []
        return
    for found in choices[0]:
        left[0] -= 1
        if left[0] < 0:
            raise Unclear
        if text[before.words_at : found.at].strip():
            for way in _ways(text, found, choices[1:], left):
                yield [found, *way]


def _candidates(text: str, after: int, letter: str, delimiter: str | None) -> list[_Found]:
    """Return the places after `after` where an option with this letter could begin."""
    found = []
    both = letter + letter.lower() if delimiter is None else letter
    for match in re.finditer(rf"\s+(?=[*✓✔√☑]?\s?[(\[]?[{both}]\s?[*✓✔√☑]?\s?[.):/\]\-–])", text[after:]):
        at = after + match.start()
        start = option_start(text[at:])
        if start is None or (delimiter is not None and start.delimiter != delimiter):
            continue
        apart = bool(_CLEARLY_APART.search(match.group()))
        found.append(_Found(start, at, at + start.start, apart))
        if len(found) > _MOST_CANDIDATES:
            raise Unclear
    return found


def _cut(line: Rich, cuts: list[_Found]) -> list[Option]:
    ends = [found.at for found in cuts[1:]] + [len(line.text)]
    return [_option(line, found, end) for found, end in zip(cuts, ends, strict=True)]


def _option(line: Rich, found: _Found, end: int) -> Option:
    mark = line.marks[found.at + found.start.letter_at]
    body, ticked = without_tick(line.part(found.words_at, end))
    automatic = bool(mark & Mark.AUTOMATIC)
    return Option(found.start.letter, None if automatic else mark, body, ticked or found.start.is_starred)
