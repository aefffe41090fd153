"""Hostile question files: each is answered with a sentence or read right, in little time and memory."""

import json
import random
import subprocess
import sys
from functools import cache
from pathlib import Path
from time import process_time

import pytest

from quiz.core.errors import Problem
from quiz.core.questions import QuestionDraft, as_bank
from quiz.files.questions import FORMATS, read
from tests import pace
from tests.files.damage import damaged
from tests.files.hostile_questions import CASES, SOUND
from tests.files.qti_samples import item, package
from tests.files.question_samples import DEFAULTS, EMPTY

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 10, 300
SMALL = 200_000


@cache
def built(name):
    return CASES[name].build()


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_answered(name):
    case, data = CASES[name], built(name)
    began = process_time()
    questions, problems = read(None, data, case.filename)
    bank, faults = as_bank(questions, DEFAULTS, EMPTY)
    assert pace.is_within(process_time() - began, SECONDS)
    sentences = [str(problem) for problem in [*problems, *faults]]
    assert all(sentence.isprintable() for sentence in sentences)
    if case.words:
        assert any(case.words in sentence for sentence in sentences), sentences[:3]
    elif case.questions:
        assert problems == []
    if case.questions is not None:
        assert len(questions) == case.questions
    assert len(bank.items) <= len(questions)


def is_answered(name, data):
    """Tell whether the answer is questions and sentences that can be shown."""
    questions, problems = read(name, data, "a")
    _, faults = as_bank(questions, DEFAULTS, EMPTY)
    kinds = all(isinstance(got, QuestionDraft) for got in questions)
    return kinds and all(isinstance(got, Problem) and str(got) for got in [*problems, *faults])


@pytest.mark.parametrize("name", FORMATS)
def test_every_file_is_answered_under_the_name_of_every_format(name):
    for case in CASES:
        if len(built(case)) < SMALL:
            assert is_answered(name, built(case)), case


FORMAT_OF = {"json": "json", "gift": "gift", "aiken": "aiken", "xml": "moodle_xml", "item.xml": "qti3"}


@pytest.mark.parametrize("ending", SOUND)
def test_a_file_damaged_anywhere_is_answered(ending):
    chance = random.Random(ending)
    sound = (SOUND[ending] * 3).encode() if ending in ("gift", "aiken") else SOUND[ending].encode()
    for _ in range(300):
        data = damaged(sound, chance)
        assert is_answered(FORMAT_OF[ending], data), data


def test_a_package_damaged_anywhere_is_answered():
    chance = random.Random(5)
    for _ in range(300):
        assert is_answered("qti3", damaged(package(item(), item()), chance))
        assert is_answered("qti3", package(item(), damaged(item().encode(), chance)))


@pytest.mark.parametrize("ending", SOUND)
def test_a_file_cut_anywhere_is_answered(ending):
    data = SOUND[ending].encode()
    for end in range(0, len(data), 7):
        assert is_answered(FORMAT_OF[ending], data[:end])


READER = """
import json, re, sys, time
from quiz.files.questions import read
slowest = (0, "")
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    began = time.process_time()
    read(None, data, name)
    slowest = max(slowest, (time.process_time() - began, name))
most = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]
print(json.dumps({"slowest": slowest, "megabytes": int(most) / 1024}))
"""


@pytest.mark.timeout(1_800)
def test_the_large_ones_together_stay_within_time_and_memory(tmp_path):
    for number, (name, case) in enumerate(CASES.items()):
        if len(built(name)) >= SMALL:
            (tmp_path / f"{number}-{case.filename}").write_bytes(built(name))
    names = [str(path) for path in sorted(tmp_path.iterdir())]
    assert len(names) > 50
    answer = subprocess.run(
        [sys.executable, "-c", READER, *names], capture_output=True, text=True, check=True, cwd=ROOT
    )
    used = json.loads(answer.stdout)
    assert pace.is_within(used["slowest"][0], SECONDS)
    assert used["megabytes"] < MEGABYTES


def test_the_cases_are_many():
    assert len(CASES) >= 200
    assert sum(bool(case.words) for case in CASES.values()) >= 130
