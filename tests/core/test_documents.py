"""What a source document must say."""

from dataclasses import replace
from datetime import date

import pytest

from quiz.core.documents import check
from quiz.core.items import DocumentDraft

GOOD = DocumentDraft("HD-12", "Hướng dẫn 12", "Ban Tổ chức Trung ương", "12-HD/BTCTW", date(2022, 7, 6))


@pytest.mark.parametrize(
    "changes, fields",
    [
        ({}, []),
        ({"followed_by": "HD-42"}, []),
        ({"followed_by": "khong-luu-o-day"}, []),
        ({"valid_from": date(2022, 1, 1), "valid_to": date(2022, 1, 1)}, []),
        ({"title": " "}, ["title"]),
        ({"code": "", "title": ""}, ["code", "title"]),
        ({"title": "x" * 501}, ["title"]),
        ({"notice": "x" * 2001}, ["notice"]),
        ({"valid_from": date(2022, 1, 2), "valid_to": date(2022, 1, 1)}, ["valid_to"]),
        ({"followed_by": "HD-12"}, ["followed_by"]),
        ({"followed_by": "CT-10"}, ["followed_by"]),
    ],
)
def test_faults_are_named_by_field(changes, fields):
    followers = {"HD-12": "", "HD-42": "", "CT-10": "CT-11", "CT-11": "HD-12", "A": "B", "B": "A"}
    assert [problem.field for problem in check(replace(GOOD, **changes), followers)] == fields


def test_a_ring_that_was_there_before_ends_the_search():
    assert check(replace(GOOD, followed_by="A"), {"A": "B", "B": "A"}) == []
