"""The demo district: the totals it is built to, the awkward cases, and that the shipped file is the made one."""

import io
import statistics
import unicodedata
from collections import Counter
from datetime import date

import openpyxl
import pytest

from demo.make_mai_son import COMMUNES, CONTEST_DAY, NOTES, TARGET, build, workbook
from quiz.core.people import AbsenceReason, Position, Sex
from quiz.core.roster_rules import check
from quiz.core.rosters import Roster, changes
from quiz.files.workbook import read_roster

ROSTER, PROBLEMS = read_roster(TARGET.read_bytes())
CELLS = {unit.code: unit for unit in ROSTER.units if unit.is_cell}
SECRETARIES = [person for person in ROSTER.people if person.position is Position.SECRETARY]
SENT = {draft.person_code for draft in ROSTER.registrations if draft.person_code}
# cells and contestants of each commune
PLAN = """Hát Lót 21 21|Cò Nòi 24 22|Chiềng Lương 19 15|Phiêng Pằn 16 12|Phiêng Cằm 15 11|Mường Bằng 15 14|Nà Bó 15 14
|Chiềng Ban 15 14|Hát Lót 14 14|Chiềng Mung 14 14|Mường Bon 14 14|Chiềng Sung 14 13|Chiềng Chăn 14 12
|Chiềng Nơi 14 10|Nà Ớt 10 8|Tà Hộc 10 8|Chiềng Chung 10 9|Chiềng Mai 9 9|Mường Chanh 9 9|Chiềng Kheo 7 7
|Chiềng Dong 7 7|Chiềng Ve 7 7"""


def test_the_shipped_workbook_is_the_one_that_is_made():
    assert read_roster(workbook()) == (ROSTER, PROBLEMS)
    assert workbook() == workbook()
    assert changes(ROSTER, build()).is_empty


@pytest.mark.parametrize("today", [CONTEST_DAY, date(2027, 1, 1), date(2040, 1, 1)])
def test_it_goes_in_without_a_problem_whenever_it_is_loaded(today):
    assert PROBLEMS == []
    assert check(ROSTER, Roster(), today) == []


def test_the_totals_are_as_planned():
    communes = [unit for unit in ROSTER.units if unit.parent_code == "MS"]
    absent = [draft for draft in ROSTER.registrations if draft.reason]

    assert (len(communes), len(CELLS), len(SENT), len(absent)) == (22, 293, 264, 29)
    assert {draft.unit_code for draft in ROSTER.registrations} == set(CELLS)
    assert round(100 * len(SENT) / len(CELLS), 1) == 90.1


def test_every_commune_has_its_cells_and_contestants():
    names = {unit.code: unit.name for unit in ROSTER.units}
    cells = Counter(unit.parent_code for unit in CELLS.values())
    sent = Counter(CELLS[draft.unit_code].parent_code for draft in ROSTER.registrations if draft.person_code)

    assert [f"{names[code]} {cells[code]} {sent[code]}" for code in sorted(cells)] == PLAN.replace(
        "\n", ""
    ).split("|")


def test_the_reasons_are_as_planned():
    reasons = Counter(draft.reason for draft in ROSTER.registrations if draft.reason)

    assert reasons == {
        AbsenceReason.ILLNESS: 6,
        AbsenceReason.VACANT_POST: 3,
        AbsenceReason.AWAY_ON_DUTY: 8,
        AbsenceReason.FARM_WORK: 5,
        AbsenceReason.NO_SIGNAL: 5,
        AbsenceReason.OTHER: 2,
    }
    for draft in ROSTER.registrations:
        if draft.reason is AbsenceReason.NO_SIGNAL:
            assert not CELLS[draft.unit_code].has_signal


def test_a_vacant_post_is_held_by_nobody_and_every_other_by_one():
    vacant = {draft.unit_code for draft in ROSTER.registrations if draft.reason is AbsenceReason.VACANT_POST}
    held = Counter(person.unit_code for person in SECRETARIES)

    assert set(held) == set(CELLS) - vacant
    assert set(held.values()) == {1}


def test_the_people_are_as_planned():
    ages = [(CONTEST_DAY - person.birth_date).days // 365.25 for person in SECRETARIES]
    peoples = Counter(person.ethnicity for person in SECRETARIES)

    assert sum(person.is_village_head for person in SECRETARIES) == 281
    assert (min(ages), max(ages)) == (24, 68) and 45 <= statistics.median(ages) <= 47
    women = [person for person in SECRETARIES if person.sex is Sex.FEMALE]
    assert 14.5 <= 100 * len(women) / len(SECRETARIES) <= 15.5
    assert 14.5 <= 100 * sum(person.code in SENT for person in women) / len(SENT) <= 15.5
    shares = {"Thái": 55.6, "Kinh": 30.5, "Mông": 7.4, "Xinh Mun": 3.2, "Khơ Mú": 2.5, "Mường": 0.7}
    assert {name: pytest.approx(share, abs=0.3) for name, share in shares.items()} == {
        name: 100 * count / len(SECRETARIES) for name, count in peoples.items()
    }


def test_the_youngest_and_the_oldest_compete():
    by_birth = sorted(SECRETARIES, key=lambda person: person.birth_date)

    assert {by_birth[0].code, by_birth[-1].code} <= SENT


def test_deputies_stand_by_one_in_each_commune():
    deputies = [person for person in ROSTER.people if person.position is Position.DEPUTY_SECRETARY]

    assert len({CELLS[person.unit_code].parent_code for person in deputies}) == len(deputies) == len(COMMUNES)
    assert SENT.isdisjoint(person.code for person in deputies)


def test_the_awkward_cases_are_there():
    names = Counter(person.full_name for person in ROSTER.people)
    labels = sorted(unit.type_label for unit in ROSTER.units if unit.name == "Hát Lót")
    silent = Counter(unit.parent_code for unit in CELLS.values() if not unit.has_signal)

    assert labels == ["Thị trấn", "Xã"]
    assert silent["MS03"] == 7 and sum(unit.is_difficult for unit in CELLS.values()) == 123
    assert names["Lò Văn Thành"] >= 4 and names["Nguyễn Văn Hùng"] >= 3 and names["Lò Thị Hương"] >= 2
    assert max(map(len, names)) == 60


def test_a_merged_cell_of_muong_bang_points_at_its_neighbour_and_still_counts():
    [ended] = [unit for unit in CELLS.values() if unit.valid_to]
    successor = CELLS[ended.successor_code]
    [draft] = [draft for draft in ROSTER.registrations if draft.unit_code == ended.code]

    assert ended.parent_code == successor.parent_code == "MS06"
    assert (ended.valid_to, successor.valid_to) == (date(2023, 1, 16), None)
    assert (draft.reason, successor.name in draft.note) == (AbsenceReason.OTHER, True)


def test_some_names_in_the_file_are_decomposed_and_none_is_after_reading():
    book = openpyxl.load_workbook(io.BytesIO(TARGET.read_bytes()), read_only=True)
    typed = [
        str(value) for page in book for row in page.iter_rows(values_only=True) for value in row if value
    ]

    assert sum(unicodedata.normalize("NFC", text) != text for text in typed) == 7
    kept = [unit.name for unit in ROSTER.units] + [person.full_name for person in ROSTER.people]
    assert all(unicodedata.normalize("NFC", text) == text for text in kept)


def test_the_people_are_marked_as_invented():
    guide = openpyxl.load_workbook(io.BytesIO(TARGET.read_bytes()))["Hướng dẫn"]
    words = " ".join(str(cell.value) for row in guide.iter_rows() for cell in row if cell.value)

    assert all(note in words for note in NOTES) and "nhân vật hư cấu" in words
    assert all(person.phone == "" or person.phone.startswith("0900000") for person in ROSTER.people)
