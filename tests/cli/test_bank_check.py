"""`flask bank check`: problems by file, line and code, figures for people and for programs, status 1 on problems."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from quiz.core.items import (
    BankDraft,
    Difficulty,
    DocumentDraft,
    ItemDraft,
    Kind,
    Level,
    Outcome,
    Reading,
    TopicDraft,
)
from quiz.extensions import db
from quiz.files.bank_yaml import write_bank
from quiz.models import Item

OPTIONS = ("Bí thư chi bộ", "Chi ủy chi bộ", "Đảng ủy cơ sở", "Đại hội chi bộ")
GOOD = ItemDraft(
    code="T-1", document="HD", reference="Mục I", topic="chi-bo", level=Level.REMEMBER, kind=Kind.SINGLE,
    stem="Theo Hướng dẫn, ai chuẩn bị nội dung sinh hoạt thường kỳ?", options=OPTIONS, key=(1,),
    rationale="Mục I: chi ủy chuẩn bị nội dung sinh hoạt.", intended_difficulty=Difficulty.EASY,
    feedback=("Bí thư không làm một mình.", "", "Cấp trên không chuẩn bị thay.", "Đại hội không họp mỗi tháng."),
    reviewed=Reading(date(2026, 11, 21), "Lò Thị Thử", Outcome.AGREED),
)  # fmt: skip


@pytest.fixture
def run(sqlite_app):
    """A function that runs `flask bank check …` and gives what it printed and its exit status."""
    runner = sqlite_app.test_cli_runner()
    return lambda *words: runner.invoke(args=["bank", "check", *map(str, words)])


@pytest.fixture
def file_of(tmp_path):
    """A function that writes items as a question file and returns its path."""

    def write(*items: ItemDraft, code: str = "thu") -> Path:
        path = tmp_path / f"{code}.yaml"
        topics, documents = (TopicDraft("chi-bo", "Chi bộ"),), (DocumentDraft("HD", "Hướng dẫn"),)
        path.write_bytes(write_bank(BankDraft(code, "Ngân hàng thử", topics, documents, items)))
        return path

    return write


def line_of(path: Path, words: str) -> int:
    return path.read_text(encoding="utf-8").split(words)[0].count("\n") + 1


def test_a_good_file_has_nothing_to_mend_and_nothing_is_loaded(run, file_of):
    done = run(file_of(GOOD))
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "Không có gì cần sửa."
    assert list(db.session.scalars(select(Item))) == []


def test_a_problem_names_file_line_and_code_and_fails(run, file_of):
    path = file_of(
        GOOD, replace(GOOD, code="T-2", stem="Theo Hướng dẫn, họp mấy lần?", intended_difficulty=None)
    )
    done = run(path)
    assert done.exit_code == 1
    line = line_of(path, "- code: T-2")
    assert f"{path}, {line}, T-2: Chưa ghi độ khó dự kiến. Hãy chọn easy, medium hoặc hard." in done.output
    assert done.output.splitlines()[-1] == "Cần sửa: 1"


def test_a_file_that_is_wrong_is_named_beside_the_judgement_of_the_others(run, file_of):
    wrong = file_of(GOOD, code="sai")
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("key: [B]", "key: [F]"), encoding="utf-8")
    done = run(file_of(replace(GOOD, code="T-2")), wrong)
    assert done.exit_code == 1
    assert f"{wrong}, {line_of(wrong, 'key: [F]')}, key: Đáp án chỉ vào phương án không có." in done.output
    assert done.output.splitlines()[-1] == "Cần sửa: 1"


def test_the_table_has_a_column_for_each_bank_and_one_for_all(run, file_of):
    done = run(file_of(GOOD), file_of(replace(GOOD, code="K-1", stem="Ai triệu tập đại hội?"), code="khac"))
    head = next(line for line in done.output.splitlines() if line.startswith("Ngân hàng"))
    assert head.split()[2:5] == ["thu", "khac", "Tất"]
    widths = {len(line) for line in done.output.splitlines() if line.startswith(("Ngân hàng", "Mức", "Đoán"))}
    assert len(widths) == 1


def test_json_is_one_object_with_the_figures_and_the_problems(run, file_of):
    path = file_of(GOOD, replace(GOOD, code="T-2", reviewed=None))
    done = run(path, "--json")
    assert done.exit_code == 1
    data = json.loads(done.output)
    assert {
        "items", "articles_covered", "key_longest_share", "key_shortest_share", "position_p", "near_duplicates",
        "level_shares", "guesser_excess_points", "unreviewed", "problems",
    } <= data.keys()  # fmt: skip
    assert (data["items"], data["near_duplicates"], data["unreviewed"]) == ({"thu": 2}, 1, 1)
    assert data["level_shares"] == {"remember": 1.0, "understand": 0.0, "apply": 0.0}
    assert {"longest", "stem_words", "odd_one_out"} <= data["guesser_excess_points"].keys()
    assert {problem["rule"] for problem in data["problems"]} == {"duplicate", "unreviewed"}
    (twin,) = (problem for problem in data["problems"] if problem["rule"] == "duplicate")
    assert (twin["file"], twin["line"], twin["code"]) == (str(path), line_of(path, "- code: T-2"), "T-2")
    assert "Gần giống câu T-1 (100 %)" in twin["text"]


def test_without_files_the_shipped_banks_are_judged(run):
    data = json.loads(run("--json").output)
    assert {"dieu-le-dang", "huong-dan-12"} <= data["items"].keys()
    assert data["articles_covered"] > 0
