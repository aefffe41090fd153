"""The text of an edition: one line each, the same bytes wherever it is made."""

import hashlib

from quiz.core.editions import PublicLine, sha256_of, text_of

LINES = [
    PublicLine("", 1, "Lò Văn Ánh", "Chi bộ Bản Nà Sản", "Xã Cò Nòi", 2750),
    PublicLine("Cụm 1", 2, "Cầm\tThị  Xuân\n", "Chi bộ 2", "", 2700),
]


def test_a_line_each_under_one_of_headings_and_nothing_breaks_a_line():
    assert text_of(LINES).decode() == (
        "scope\trank\tname\tcell\tunit\tpoints\n"
        "\t1\tLò Văn Ánh\tChi bộ Bản Nà Sản\tXã Cò Nòi\t2750\n"
        "Cụm 1\t2\tCầm Thị Xuân\tChi bộ 2\t\t2700\n"
    )


def test_the_sha_256_is_that_of_the_text():
    assert sha256_of(iter(LINES)) == hashlib.sha256(text_of(LINES)).hexdigest()
    assert sha256_of(LINES) != sha256_of(LINES[::-1])
