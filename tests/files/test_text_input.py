"""The text of uploaded files: every encoding of Unicode is read, the old Vietnamese ones are refused with advice."""

import unicodedata
from pathlib import Path

import pytest

from quiz.files.bank_yaml import read_bank
from quiz.files.text_input import MAX_BYTES, Refused, clean, decoded, legacy_encoding
from tests.files.old_encodings import tcvn3, vni

BANKS = sorted((Path(__file__).parents[2] / "questions").glob("*.yaml"))
TEXT = "Chi bộ họp thường lệ mỗi tháng một lần.\nĐảng viên đóng đảng phí."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_text_in_unicode_is_read(encoding):
    assert decoded(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_made_alike(end):
    assert decoded(f"a{end}b{end}".encode()) == "a\nb\n"


def test_a_field_is_composed_and_on_one_line():
    assert clean(unicodedata.normalize("NFD", " Đảng\n viên\u200b ")) == "Đảng viên"


def test_a_field_longer_than_any_may_be_is_cut_after_what_is_too_long():
    assert len(clean("x" * 50_000)) == 10_000


# name: (bytes, line, part of the sentence)
REFUSED = {
    "nothing": (b"", None, "Tệp rỗng"),
    "too much": (b"x" * (MAX_BYTES + 1), None, "lớn hơn 10 MB"),
    "a NUL": (b"a\nb\x00c d e f g", 2, "không nhìn thấy"),
    "a control sign": (b"a\n\n\x1b[2J", 3, "không nhìn thấy"),
    "letters lost before": ("a\nĐảng vi\ufffdn".encode(), 2, "không nhìn thấy"),
    "half of a pair in UTF-16": ("a" * 20 + "\ud800").encode("utf-16-le", "surrogatepass"),
    "another encoding": ("a\n" + "Đảng viên".encode("cp1258", "replace").decode("latin-1")).encode("latin-1"),
    "marks without end": (("a\n" + "a" + "\u0301" * 200).encode(), 2, "chồng lên"),
    "UTF-8 taken for Latin": (TEXT.encode().decode("cp1252", "ignore").encode(), None, "hỏng khi đổi bảng mã"),
    "UTF-8 taken for Latin-1": (TEXT.encode().decode("latin-1").encode(), None, ""),
    "TCVN3": (tcvn3(TEXT), None, "TCVN3"),
    "TCVN3 in UTF-8": (tcvn3(TEXT).decode("cp1252").encode(), None, "TCVN3"),
    "VNI": (vni(TEXT), None, "VNI"),
    "VNI in UTF-8": (vni(TEXT).decode("cp1252").encode(), None, "VNI"),
    "VNI in UTF-16": (vni(TEXT).decode("cp1252").encode("utf-16"), None, "VNI"),
}  # fmt: skip
REFUSED["half of a pair in UTF-16"] = (REFUSED["half of a pair in UTF-16"], 1, "không phải UTF-8")
REFUSED["another encoding"] = (REFUSED["another encoding"], 2, "không phải UTF-8")


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_sentence(case):
    data, line, words = REFUSED[case]
    with pytest.raises(Refused) as refused:
        decoded(data)
    assert words in str(refused.value.problem)
    assert refused.value.problem.row == line


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_the_old_encodings_are_told_apart_and_unicode_is_neither(path):
    text = path.read_text(encoding="utf-8")
    assert legacy_encoding(text) == ""
    assert legacy_encoding(tcvn3(text).decode("latin-1")) == "TCVN3"
    assert legacy_encoding(vni(text).decode("latin-1")) == "VNI"


@pytest.mark.long
def test_every_single_question_of_the_banks_is_recognised():
    items = [item for path in BANKS for item in read_bank(path.read_bytes(), "")[0].items]
    assert len(items) > 100
    for item in items:
        text = "\n".join([item.stem, *item.options, item.rationale])
        assert legacy_encoding(text) == ""
        assert legacy_encoding(tcvn3(text).decode("latin-1")) == "TCVN3"
        assert legacy_encoding(vni(text).decode("latin-1")) == "VNI"


FOREIGN = [
    "Le garçon naïf a mangé une crème brûlée à l'hôtel; où est le cœur? Ça va très bien.",
    "Die Bücher über Österreich: Straße, Größe, schöne Grüße für Müller, Bäcker und Köche.",
    "© 2026 Microsoft® Word™ · “quoted” · §4 · 20 °C · ±5 µm · ½ · ¼",
    "El niño y la señora mañana; año, España, piña.",
    "plain ASCII text without any mark",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_signs_of_other_languages_in_vietnamese_text_are_no_old_encoding(text):
    assert legacy_encoding(f"{TEXT} {text}") == ""


@pytest.mark.parametrize("encode", [tcvn3, vni])
def test_a_yaml_bank_in_an_old_encoding_is_refused_with_the_same_advice(encode):
    _, problems = read_bank(encode(BANKS[0].read_text(encoding="utf-8")), "a.yaml")
    assert "UniKey" in problems[0].message
