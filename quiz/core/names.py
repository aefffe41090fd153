"""Vietnamese text as people search and sort it: NFC, keys without marks, alphabetical order of given names.

A sort key is a string of digits, so that every database sorts it alike whatever its collation. Its order is
that of Unicode's Vietnamese collation with numbers by value: letters first over the whole text, then tones.
"""

import re
import unicodedata

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_ORDER = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES = {char: f"{place:02d}" for place, char in enumerate(_ORDER, start=1)}
_OTHER_LETTER = "99"
_END = "00"
_UNSEEN = {"Cc", "Cf", "Cn", "Cs"}  # control, zero-width, unassigned, half of a pair
_PIECES = re.compile(r"\d+|\D")
_MOST_MARKS = (
    30  # on one letter, as in Unicode's stream-safe text; to sort a run takes the square of its length
)
# Signs above the Latin letters, among them all marks; the blocks left out are punctuation and drawing.
STACKED = re.compile(f"[^\\w\\s\x00-\u02ff\u2000-\u20cf\u2100-\u2bff]{{{_MOST_MARKS + 1},}}")


def nfc(text: str) -> str:
    """Return `text` in NFC, without unseen characters, each run of white space as one space, ends trimmed."""
    if not text.isprintable():
        text = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", _stream_safe(text)).split())


def _stream_safe(text: str) -> str:
    """Return `text` with no more marks on a letter than any language writes."""
    return STACKED.sub(_without_excess, text) if len(text) > _MOST_MARKS else text


def _without_excess(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def titled(type_label: str, name: str) -> str:
    """Return a unit as people say it, "xã Hát Lót"; a type that an office wrote into the name is said once."""
    said_already = f"{name} ".casefold().startswith(f"{type_label} ".casefold())
    return name if said_already else f"{type_label} {name}".strip()


def with_cell(name: str, cell: str) -> str:
    """Return somebody as "Lò Văn Thử (chi bộ bản Lù)", for the cell tells namesakes apart; a unit has no `cell`."""
    return f"{name} ({cell})" if cell else name


def search_key(text: str) -> str:
    """Return `text` without marks, đ as d, lower case: what a person types who does not bother with marks."""
    bare = (
        char
        for char in unicodedata.normalize("NFD", _stream_safe(text.lower()))
        if not unicodedata.combining(char)
    )
    return " ".join("".join(bare).replace("đ", "d").split())


def _weights(piece: str) -> tuple[str, str]:
    """Return the weight of a number or of one character, and of its tone."""
    if piece.isdecimal():
        number = str(int(piece[:90])).lstrip("0")
        return f"{_PLACES['0']}{len(number):02d}{number}", "0"
    marks = unicodedata.normalize("NFD", piece)
    tone = next((str(place) for place, mark in enumerate(_TONES, start=1) if mark in marks), "0")
    letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    known = letter if letter in _PLACES else letter[:1]
    return _PLACES.get(known, _OTHER_LETTER if known.isalnum() else ""), tone


def sort_key(text: str) -> str:
    """Return a key of digits that sorts `text` in Vietnamese alphabetical order, numbers by value."""
    weights = [_weights(piece) for piece in _PIECES.findall(nfc(text).lower())]
    return "".join(letter for letter, _ in weights) + _END + "".join(tone for _, tone in weights)


def person_sort_key(full_name: str) -> str:
    """Return the key for a list of people: by given name with its tone, then by family and middle names."""
    words = nfc(full_name).split()
    return sort_key(" ".join(words[-1:])) + _END + sort_key(" ".join(words[:-1]))
