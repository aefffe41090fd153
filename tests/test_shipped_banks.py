"""The shipped banks: they load without a problem, cite their sources, can be drawn from, and show no flaw."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from quiz.core.bank_quality import report_on
from quiz.core.items import BankDraft, DocumentDraft, Kind, Level, Part, Status, TopicDraft, warnings
from quiz.files.bank_yaml import read_bank
from quiz.services.audit import SYSTEM
from quiz.services.bank import import_bank
from quiz.settings import ROOT
from tests.factories import NOW

FILES = sorted((ROOT / "questions").glob("*.yaml"))
ENOUGH = 5  # approved exam items of a topic at a level: a random paper still differs from person to person


def read(path: Path) -> BankDraft:
    draft, problems = read_bank(path.read_bytes(), path.name)
    assert [str(problem) for problem in problems] == []
    assert draft is not None
    return draft


BANKS = {path.name: read(path) for path in FILES}
each_bank = pytest.mark.parametrize("name", BANKS)


def test_the_statute_and_the_guideline_are_there():
    assert {"dieu-le-dang.yaml", "huong-dan-12.yaml"} <= set(BANKS)


def test_every_topic_has_enough_approved_exam_questions_at_every_level():
    items = [item for bank in BANKS.values() for item in bank.items if item.kind is not Kind.ORAL]
    there = Counter(
        (item.topic, item.level)
        for item in items
        if item.status is Status.APPROVED and item.part is Part.EXAM
    )
    short = {
        (topic, level): there[topic, level] for topic in {item.topic for item in items} for level in Level
    }
    assert {cell: count for cell, count in short.items() if count < ENOUGH} == {}


# What any set of questions must keep; how much there must be of them is in test_bank_quality.
KEPT = {
    "options", "rationale", "letters", "negation", "others_named", "contained", "order", "long_key",
    "absolute", "grammar", "marks", "key_longest", "key_shortest", "position",
}  # fmt: skip


def test_an_examiner_finds_no_flaw_in_the_writing():
    found = report_on(list(BANKS.items())).findings
    assert [str(one) for one in found if one.rule in KEPT] == []


@each_bank
def test_every_question_says_why_and_where(name):
    assert [item.code for item in BANKS[name].items if len(item.rationale) < 20 or not item.reference] == []


@each_bank
def test_no_question_reads_wrongly_when_its_options_are_shuffled(name):
    assert [str(warning) for item in BANKS[name].items for warning in warnings(item)] == []


@each_bank
def test_every_document_says_who_issued_it_and_when(name):
    for document in BANKS[name].documents:
        assert document.issuer and document.dated and document.valid_from


def test_no_code_is_used_in_two_banks():
    codes = Counter(item.code for bank in BANKS.values() for item in bank.items)
    assert [code for code, count in codes.items() if count > 1] == []


def test_documents_and_topics_shared_by_banks_are_declared_alike():
    for kind in ("documents", "topics"):
        said: dict[str, DocumentDraft | TopicDraft] = {}
        for bank in BANKS.values():
            for declared in getattr(bank, kind):
                whole = replace(declared, row=0)
                assert said.setdefault(declared.code, whole) == whole


def test_all_banks_load_once_and_never_change_again(app):
    first = [import_bank(bank, None, SYSTEM, NOW, trusted=True) for bank in BANKS.values()]
    assert [len(report.new) for report in first] == [len(bank.items) for bank in BANKS.values()]
    again = [import_bank(bank, None, SYSTEM, NOW + 1, trusted=True) for bank in BANKS.values()]
    assert [report.changes_something for report in again] == [False] * len(BANKS)
