"""The shipped banks: they load without a problem, cite their sources, can be drawn from, and show no flaw."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from quiz.cli.bank_check import shipped
from quiz.core.items import DocumentDraft, Kind, Level, Part, Status, TopicDraft, warnings
from quiz.services.audit import SYSTEM
from quiz.services.bank import import_bank
from tests.factories import NOW

ENOUGH = 5  # approved exam items of a topic at a level: a random paper still differs from person to person
each_bank = pytest.mark.parametrize("name", [path.name for path in shipped()])


@pytest.fixture(scope="module")
def banks(shipped_banks):
    read, problems = shipped_banks
    assert [str(problem) for problem in problems] == []
    return {Path(file).name: bank for file, bank in read.items()}


def test_the_statute_and_the_guideline_are_there(banks):
    assert {"dieu-le-dang.yaml", "huong-dan-12.yaml"} <= set(banks)


def test_every_topic_has_enough_approved_exam_questions_at_every_level(banks):
    items = [item for bank in banks.values() for item in bank.items if item.kind is not Kind.ORAL]
    there = Counter(
        (item.topic, item.level)
        for item in items
        if item.status is Status.APPROVED and item.part is Part.EXAM
    )
    short = {
        (topic, level): there[topic, level] for topic in {item.topic for item in items} for level in Level
    }
    assert {cell: count for cell, count in short.items() if count < ENOUGH} == {}


@each_bank
def test_every_question_says_why_and_where(banks, name):
    assert [item.code for item in banks[name].items if len(item.rationale) < 20 or not item.reference] == []


@each_bank
def test_no_question_reads_wrongly_when_its_options_are_shuffled(banks, name):
    assert [str(warning) for item in banks[name].items for warning in warnings(item)] == []


@each_bank
def test_every_document_says_who_issued_it_and_when(banks, name):
    for document in banks[name].documents:
        assert document.issuer and document.dated and document.valid_from


def test_no_code_is_used_in_two_banks(banks):
    codes = Counter(item.code for bank in banks.values() for item in bank.items)
    assert [code for code, count in codes.items() if count > 1] == []


def test_documents_and_topics_shared_by_banks_are_declared_alike(banks):
    for kind in ("documents", "topics"):
        said: dict[str, DocumentDraft | TopicDraft] = {}
        for bank in banks.values():
            for declared in getattr(bank, kind):
                whole = replace(declared, row=0)
                assert said.setdefault(declared.code, whole) == whole


@pytest.mark.long
def test_all_banks_load_once_and_never_change_again(banks, app):
    first = [import_bank(bank, None, SYSTEM, NOW, trusted=True) for bank in banks.values()]
    assert [len(report.new) for report in first] == [len(bank.items) for bank in banks.values()]
    again = [import_bank(bank, None, SYSTEM, NOW + 1, trusted=True) for bank in banks.values()]
    assert [report.changes_something for report in again] == [False] * len(banks)
