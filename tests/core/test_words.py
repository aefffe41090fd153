"""Words to find items by: without marks, from their beginning, references by their phrases."""

import pytest

from quiz.core.words import looked_for, phrases_looked_for, words_of


def is_found(text: str, *texts: str, reference: str = "") -> bool:
    """Whether each word looked for begins a word that is there."""
    wanted, there = looked_for(text), words_of(texts, reference)
    return wanted is not None and all(any(word.startswith(one) for word in there) for one in wanted)


def is_named(wanted: str, reference: str) -> bool:
    """Whether a reference names what is looked for."""
    phrases = phrases_looked_for(wanted)
    return phrases is not None and set(phrases) <= words_of((), reference)


@pytest.mark.parametrize(
    "text", ["hướng dẫn", "huong dan", "HUONG", "12-HD/BTCTW", "btctw", "12", "đảng viên", "", "viê"]
)
def test_what_begins_a_word_is_found_without_marks(text):
    assert is_found(text, "Theo Hướng dẫn (12-HD/BTCTW),", "đảng viên")


@pytest.mark.parametrize("text", ["%", "_", "§", "ien", "hướng đi", "' or 1=1"])
def test_what_begins_no_word_is_not(text):
    assert not is_found(text, "Theo Hướng dẫn (12-HD/BTCTW),", "đảng viên")


@pytest.mark.parametrize(
    "wanted, named",
    [
        ("Điều 4", True), ("dieu 4", True), ("4", True), ("khoản 3", True), ("Điều 4, khoản 3", True), ("", True),
        ("Điều 3", False), ("Điều 40", False), ("khoản 4", False), ("Mục", False), ("…", False),
    ],
)  # fmt: skip
def test_a_reference_is_found_by_what_it_names(wanted, named):
    assert is_named(wanted, "Điều 4, khoản 3") is named


def test_words_have_a_longest_length_and_there_is_a_most_of_them():
    assert {len(word) for word in words_of(["x" * 500])} == {60}
    assert len(looked_for("a " * 500)) == 10
