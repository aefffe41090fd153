"""The list of formats: each file finds its reader, each writer its ending, and what is wrong names the file."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from quiz.core.items import Kind
from quiz.core.questions import Notice, as_bank
from quiz.files.questions import FORMATS, format_of, read, write
from tests.files.hostile_questions import AIKEN, GIFT, SOUND
from tests.files.qti_samples import body, item, item_3, package
from tests.files.question_samples import DEFAULTS, EMPTY, json_file, returned

BANK = returned(
    "json",
    json_file(
        {"code": "T-1", "document": "DLD-2011", "topic": "chi-bo", "reference": "Điều 4", "stem": "Một hay hai?",
         "options": ["Một", "Hai", "Ba"], "key": "B", "rationale": "Vì thế."},
        {"code": "T-2", "document": "DLD-2011", "topic": "chi-bo", "reference": "Điều 5", "stem": "Đúng chăng?",
         "key": True},
        {"code": "T-3", "document": "DLD-2011", "topic": "dang-vien", "reference": "Điều 6", "stem": "Chọn mấy câu?",
         "options": ["Một", "Hai", "Ba"], "key": ["A", "C"]},
    ),
)  # fmt: skip
# name: (file, its name, format)
FILES = {
    "GIFT by its ending": (GIFT.encode(), "a.gift", "gift"),
    "GIFT as text": (GIFT.encode(), "a.TXT", "gift"),
    "GIFT in UTF-16": (GIFT.encode("utf-16"), "a.txt", "gift"),
    "Aiken as text": (AIKEN.encode(), "a.txt", "aiken"),
    "Aiken in UTF-16": (AIKEN.encode("utf-16"), "a.txt", "aiken"),
    "Aiken in Vietnamese": (AIKEN.replace("ANSWER", "Đáp án").encode(), "a.txt", "aiken"),
    "Moodle XML": (SOUND["xml"].encode(), "a.xml", "moodle_xml"),
    "an item of QTI 2.1": (item().encode(), "a.xml", "qti2"),
    "an item of QTI 3.0": (item_3().encode(), "a.xml", "qti3"),
    "a package": (package(item()), "goi.zip", "qti3"),
    "JSON": (b"[]", "a.json", "json"),
    "YAML": (b"", "a.yml", "yaml"),
    "nothing known": (b"", "a.pdf", ""),
    "no ending": (b"", "a", ""),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_finds_its_format(case):
    data, filename, name = FILES[case]
    assert format_of(data, filename) == name


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.read and entry.write])
def test_what_is_written_is_read_by_its_name_alone(name):
    written = write(name, BANK)
    questions, problems = read(None, written.data, f"bank{written.extension}")
    assert problems == []
    kept = [got for got in BANK.items if name != "aiken" or got.kind is not Kind.MULTIPLE]
    assert [(got.kind, got.stem, got.options, got.key) for got in questions] == [
        (got.kind, got.stem, got.options, got.key) for got in kept
    ]


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.read and entry.write])
def test_reading_the_same_file_twice_gives_the_same_items(name):
    written = write(name, BANK)
    banks = [as_bank(read(name, written.data, "a")[0], DEFAULTS, EMPTY) for _ in range(2)]
    assert banks[0] == banks[1]
    assert len({got.code for got in banks[0][0].items}) == len(banks[0][0].items) > 0


@pytest.mark.parametrize("name", ["yaml", "json", "gift", "aiken", "moodle_xml"])
def test_decomposed_letters_come_in_composed(name):
    data = write(name, BANK).data
    decomposed = unicodedata.normalize("NFD", data.decode()).encode()
    assert decomposed != data
    assert read(name, decomposed, "a") == read(name, data, "a")


def test_a_package_with_decomposed_letters_comes_in_composed():
    text = item(body(prompt="<prompt>Đảng viên?</prompt>"))
    decomposed = package(unicodedata.normalize("NFD", text))
    assert read("qti2", decomposed, "a") == read("qti2", package(text), "a")


def test_a_problem_names_the_file_and_a_part_of_a_package_itself():
    assert str(read(None, b"x", "thu.json")[1][0]).startswith("thu.json: ")
    assert read(None, package("<a/>"), "thu.zip")[1][0].place == "items/0.xml"


def test_a_file_of_no_format_is_refused_with_the_endings_known():
    questions, problems = read(None, b"x", "thu.pdf")
    assert questions == []
    assert ".docx" in str(problems[0]) and ".gift" in str(problems[0])


def test_a_format_that_is_only_written_is_not_read():
    assert read("docx_paper", b"x", "a.docx")[0] == []


def test_a_file_too_large_to_come_back_is_told():
    huge = replace(
        BANK, items=tuple(replace(BANK.items[0], code=f"T-{n}", rationale="ờ" * 3_900) for n in range(1_500))
    )
    assert "10 MB" in str(write("json", huge).losses[-1])


DOCUMENTATION = Path(__file__).parents[2] / "docs" / "question-formats.md"
EXAMPLES = re.findall(
    r"^```(\w+)\n(.*?)^```", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("ending", "text"), EXAMPLES, ids=[ending for ending, _ in EXAMPLES])
def test_the_examples_of_the_documentation_are_read_without_a_word(ending, text):
    questions, problems = read(None, text.encode(), f"example.{ending}")
    assert problems == []
    bank, faults = as_bank(questions, DEFAULTS, EMPTY)
    assert len(bank.items) == len(questions) >= 1
    assert not [fault for fault in faults if not isinstance(fault, Notice)]


def test_every_format_of_the_documentation_has_an_example():
    assert [ending for ending, _ in EXAMPLES] == ["json", "gift", "aiken", "xml", "xml"]
