"""What can be said of a bank without reading its texts, and what the rounds to come can draw from it."""

import pytest

from quiz.core.bank_quality import figures_of as judged_figures
from quiz.core.items import Difficulty, Kind, Level, Part, Status
from quiz.core.papers import Cell
from quiz.extensions import db
from quiz.models import Bank, Item
from quiz.services import bank as banks
from quiz.services import bank_figures, bank_quality, holdings, openings, planned
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_bank,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)


def test_a_bank_is_counted_by_difficulty_part_kind_article_and_place_of_the_key(app):
    make_item(reference="Điều 1, khoản 2", key=(0,), intended_difficulty=Difficulty.EASY)
    make_item(reference="Điều 1, khoản 2; Điều 4, khoản 1", key=(2,), part=Part.PRACTICE)
    make_item(kind=Kind.MULTIPLE, key=(0, 1), reference="Phần mở đầu")
    make_item(status=Status.RETIRED, reference="Điều 9")
    figures = bank_figures.figures_of(make_bank())
    assert (figures.items, figures.unread) == (3, 3)
    assert figures.difficulties == {Difficulty.EASY: 1, None: 2}
    assert figures.parts == {Part.EXAM: 2, Part.PRACTICE: 1}
    assert figures.kinds == {Kind.SINGLE: 2, Kind.MULTIPLE: 1}
    assert figures.articles == {1: 2, 4: 1, 0: 1}
    assert figures.places == {0: 1, 2: 1}


def test_one_bank_is_overviewed_alone(app):
    make_item(), make_item(level=Level.APPLY), make_item(status=Status.DRAFT)
    other = add(Bank(code="khac", title="Khác"))
    (holding,) = holdings.overview(make_bank().id)
    assert (holding.in_use, holding.exam, holding.practice, holding.most) == (3, 2, 0, 1)
    assert {found.bank.code for found in holdings.overview()} == {"bank", "khac"}
    assert holdings.overview(other.id)[0].in_use == 0


# --- rounds to come ------------------------------------------------------------------------------------------------


@pytest.fixture
def commune(app):
    return make_unit()


def rounds_to_come(commune, *cells: Cell, count: int = 1):
    stage = make_stage(make_contest(commune), make_rules(blueprint=cells))
    return [make_round(stage, commune, name=f"Vòng {number}") for number in range(count)]


def lines(found) -> list[tuple]:
    return [
        (line.topic, line.level, line.wanted, line.available, line.here, line.missing) for line in found.lines
    ]


def test_each_line_of_a_blueprint_stands_beside_what_the_banks_have(commune):
    for _ in range(3):
        make_item("chi-bo", Level.APPLY)
    make_item("chi-bo", Level.APPLY, kind=Kind.ORAL, options=(), key=())
    make_item("chi-bo", Level.APPLY, status=Status.DRAFT)
    rounds_to_come(commune, Cell("chi-bo", "apply", 2), Cell("chi-bo", "", 2), Cell("dang-vien", "", 1))
    (found,) = planned.planned([""], NOW)
    assert lines(found) == [
        ("chi-bo", "apply", 2, 3, 3, 0), ("chi-bo", "", 2, 1, 3, 1), ("dang-vien", "", 1, 0, 0, 1),
    ]  # fmt: skip
    assert found.missing == 2


def test_a_bank_sees_the_lines_on_its_topics_and_what_is_its_own(commune):
    make_item("chi-bo")
    elsewhere = make_item("chi-bo")
    elsewhere.item.bank = add(Bank(code="khac", title="Khác"))
    db.session.flush()
    rounds_to_come(commune, Cell("chi-bo", "", 2), Cell("dang-vien", "", 1))
    (found,) = planned.planned([""], NOW, make_bank().id)
    assert lines(found) == [("chi-bo", "", 2, 2, 1, 0)]
    assert planned.planned([""], NOW, add(Bank(code="trong", title="Trống")).id) == []


def test_rounds_of_one_stage_at_the_same_hours_are_told_once(commune):
    make_item()
    rounds_to_come(commune, Cell("dang-vien", "", 1), count=3)
    (found,) = planned.planned([""], NOW)
    assert (found.rounds, found.first.name) == (3, "Vòng 0")


def test_rounds_opened_ended_or_elsewhere_are_not_to_come(commune):
    make_item()
    (contest_round,) = rounds_to_come(commune, Cell("dang-vien", "", 1))
    assert planned.planned([commune.path], NOW)
    assert planned.planned([make_unit("Muổi Nọi").path], NOW) == []
    assert planned.planned([""], NOW + 3 * HOUR) == []
    make_entry(contest_round, make_person(make_cell(commune)))
    openings.open_round(contest_round, Actor(make_account().id), NOW)
    assert planned.planned([""], NOW) == []


def test_what_is_said_to_be_missing_is_what_stops_the_opening(commune):
    make_item()
    (contest_round,) = rounds_to_come(commune, Cell("dang-vien", "remember", 3), Cell("dang-vien", "", 2))
    (found,) = planned.planned([""], NOW)
    stops = [p.values for p in openings.check_round(contest_round, NOW).blockers if p.field == "pool"]
    assert [(line.wanted, line.available) for line in found.lines if line.missing] == [
        (values["wanted"], values["available"]) for values in stops
    ]


# --- quality -------------------------------------------------------------------------------------------------------


def test_a_bank_is_judged_as_its_file_would_be_and_again_when_it_changes(app):
    bank = make_bank()
    first = make_item()
    make_item(status=Status.RETIRED)
    found = bank_quality.judged(bank)
    assert found.compared and found.figures == judged_figures(
        [item for item in banks.content(bank).items if item.status is not Status.RETIRED]
    )
    assert {finding.code for finding in found.findings if finding.code} == {first.item.code}
    assert bank_quality.judged(bank) is found
    make_item()
    assert bank_quality.judged(bank).figures.items == 2


def test_a_large_bank_is_judged_without_comparing_all_with_all(app, monkeypatch):
    monkeypatch.setattr(bank_quality, "COMPARED", 1)
    bank = add(Bank(code="lon", title="Lớn"))
    for _ in range(2):
        make_item().item.bank = bank
    db.session.flush()
    found = bank_quality.judged(bank)
    assert not found.compared and found.figures.items == 2 and found.findings
    assert bank_quality.ids_of({item.code for item in db.session.query(Item)})
