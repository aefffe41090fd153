"""Which options of a question are marked as right, by each way of marking; whoever reads compares the ways.

A look that all options share marks nothing, and a look that most questions give to all their options is no way of
marking in that document. What two ways say differently is never decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.core.errors import N_
from quiz.files.word_options import Option
from quiz.files.word_text import Mark

Key = frozenset[int]

_NAMES = {
    Mark.BOLD: N_("chữ đậm"),
    Mark.UNDERLINE: N_("gạch chân"),
    Mark.RED: N_("chữ đỏ"),
    Mark.COLOUR: N_("chữ màu"),
    Mark.HIGHLIGHT: N_("tô nền"),
}
ASTERISK = N_("dấu sao")
ANSWER = N_("dòng đáp án")
ANSWER_LIST = N_("bảng đáp án")
_WHOLE, _HALF, _SOME = 0.8, 0.5, 0.2  # of the letters of an option; a stressed word is no mark


@dataclass(frozen=True, slots=True)
class Marking:
    """What one way of marking says about one question; `is_all`: it marks every option, which says nothing."""

    keys: tuple[Key, ...] = ()
    is_all: bool = False


def marking(options: Sequence[Option], mark: Mark) -> Marking:
    """Return which options a look marks: by their letters alone, or by (nearly) all of their words."""
    letters = frozenset(place for place, option in enumerate(options) if (option.letter_marks or 0) & mark)
    bodies = frozenset(place for place, option in enumerate(options) if option.body.share(mark) >= _WHOLE)
    telling = [key for key in (bodies, letters) if 0 < len(key) < len(options)]
    return Marking(tuple(dict.fromkeys(telling)), not telling and bool(letters or bodies))


def is_uneven(options: Sequence[Option], looks: Sequence[Mark], key: Key) -> bool:
    """Tell whether an option outside the key is marked in part, or hides its look in a link: it may belong there."""
    allowed = _HALF if len(key) == 1 else _SOME
    deciding = [mark for mark in looks if key in marking(options, mark).keys]
    others = [option for place, option in enumerate(options) if place not in key]
    return any(
        option.body.share(mark) >= allowed or _is_linked(option) for mark in deciding for option in others
    )


def _is_linked(option: Option) -> bool:
    return bool((option.letter_marks or 0) & Mark.LINKED) or option.body.share(Mark.LINKED) >= _SOME


def looks_that_mark(questions: Sequence[Sequence[Option]]) -> list[Mark]:
    """Return the looks that tell options apart in more questions than they cover whole ones."""
    found = []
    for mark in _NAMES:
        said = [marking(options, mark) for options in questions]
        if sum(bool(one.keys) for one in said) > sum(one.is_all for one in said):
            found.append(mark)
    return found


def marked(options: Sequence[Option], looks: Sequence[Mark]) -> list[tuple[str, Key]]:
    """Return the name of each way of marking found in a question with the options it marks."""
    found = [(_NAMES[mark], key) for mark in looks for key in marking(options, mark).keys]
    if any(name == _NAMES[Mark.RED] for name, _ in found):
        # Where the key is red, another colour is that of the rest.
        found = [(name, key) for name, key in found if name != _NAMES[Mark.COLOUR]]
    starred = frozenset(place for place, option in enumerate(options) if option.is_starred)
    if 0 < len(starred) < len(options):
        found.append((ASTERISK, starred))
    return found
