"""Vietnamese text as people search and sort it: NFC, keys without marks, alphabetical order of given names."""

import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_LETTER_RANK = {letter: rank for rank, letter in enumerate(ALPHABET, start=1)}


def nfc(text: str) -> str:
    """Return `text` in NFC with runs of white space folded to one space and the ends trimmed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def search_key(text: str) -> str:
    """Return `text` without marks, đ as d, lower case: what a person types who does not bother with marks."""
    bare = (c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join("".join(bare).replace("đ", "d").split())


def _word_weights(word: str) -> tuple[str, str]:
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", word.lower()):
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[mark] for mark in parts if mark in _TONES), 0)
        letter = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
        rank = _LETTER_RANK.get(letter)
        letters.append(f"{rank:02d}" if rank else f"00{ord(letter[0]):06x}" if letter.isdigit() else "")
        tones.append(str(tone) if letters[-1] else "")
    return "".join(letters), "".join(tones)


def sort_key(text: str) -> str:
    """Return an ASCII key that sorts `text` in Vietnamese alphabetical order, word by word, tones last."""
    pairs = [_word_weights(word) for word in text.split()]
    return " ".join(p[0] for p in pairs) + "!" + " ".join(p[1] for p in pairs)


def person_sort_key(full_name: str) -> str:
    """Return the key for a list of people: given name first, then family and middle names."""
    words = full_name.split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))
