"""Incident 1: power cut in the hall of Chiềng Nơi at minute 22: ten go on after 14 minutes, 15 are given (R22)."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, AuditEvent, Entry, HallSession, Round
from quiz.services import attempts, grants, hall_devices, halls, seats, signal_search
from quiz.services.audit import Actor
from quiz.services.grants import Wish
from tests.factories import HOUR, make_account, make_unit
from tests.incidents.places import (
    BEGIN,
    ITEMS,
    LENGTH,
    answer,
    enter,
    make_district,
    make_part,
    start,
    stored,
)

CUT, BACK = BEGIN + 22 * MINUTE, BEGIN + 36 * MINUTE  # dark for 14 minutes
GIVEN = 15
REASON = "Mất điện 14 phút tại hội trường xã Chiềng Nơi"


@dataclass
class Commune:
    """Chiềng Nơi: ten secretaries at ten devices of its hall, all begun, and one who sits at home."""

    part: Round
    hall: HallSession
    proctor: Actor
    at_home: Attempt
    papers: list[Attempt] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def sit_down(self, entry: Entry, at: int) -> None:
        """Seat somebody at the next device and let the paper begin."""
        device = hall_devices.join(self.hall.code, "", at)[0]
        claim = seats.claim(device, halls.code_of(self.hall, entry), "", at)
        self.tokens.append(seats.sit(device, claim, 12, "", at))
        self.papers.append(start(entry, at))

    def give(self, at: int, key: str = "the form") -> None:
        """Let the proctor give the hall its minutes."""
        grants.give(self.part, self.hall, Wish(GIVEN, REASON, key), self.proctor, at)


@pytest.fixture
def commune(app) -> Commune:
    """The hall at minute 22: everybody has answered ten questions."""
    part = make_part(make_unit("Chiềng Nơi", make_district()))
    names = ("Giàng", "Thào", "Vừ", "Sồng", "Mùa", "Hờ", "Lầu", "Cứ", "Tráng", "Phàng")
    people = [enter(part, f"{name} A {number}", name) for number, name in enumerate(names)]
    home = enter(part, "Lò Thị Nhà", "Nhà")
    proctor = Actor(make_account((Role.PROCTOR, part.unit)).id)
    plan = halls.Plan(part.unit, "Hội trường xã Chiềng Nơi", BEGIN, False)
    hall = halls.open_hall(part, plan, "seed", proctor, BEGIN)
    made = Commune(part, hall, proctor, start(home, BEGIN))
    for entry in people:
        made.sit_down(entry, BEGIN)
    for paper, token in zip(made.papers, made.tokens, strict=True):
        answer(paper, token, CUT - MINUTE, 1, 10)
    return made


def test_incident_1_ten_people_go_on_after_the_power_cut_with_fifteen_minutes_more(commune):
    old = BEGIN + LENGTH * MINUTE
    assert [stored(paper) for paper in commune.papers] == [10] * 10  # nothing was lost in the dark
    commune.give(BACK)

    assert {paper.deadline for paper in commune.papers} == {old + GIVEN * MINUTE}
    assert commune.at_home.deadline == old  # who sits at home had light
    for paper, token in zip(commune.papers, commune.tokens, strict=True):
        answer(paper, token, old + 10 * MINUTE, 11, ITEMS)  # in the minutes given
        attempts.submit(paper, old + 12 * MINUTE)

    assert [paper.raw_score for paper in commune.papers] == [ITEMS * 100] * 10
    assert [paper.ended_by for paper in commune.papers] == ["candidate"] * 10
    # 72 minutes went by, 15 of them were given back: they break no tie.
    assert {paper.time_used for paper in commune.papers} == {(LENGTH + 12 - GIVEN) * MINUTE}
    act = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "time.give")).one()
    assert (act.account_id, act.at) == (commune.proctor.account_id, BACK)
    assert (act.detail["minutes"], act.detail["reason"], act.detail["papers"]) == (GIVEN, REASON, 10)


def test_the_button_pressed_twice_gives_the_minutes_once(commune):
    commune.give(BACK)
    with pytest.raises(AlreadyDone):
        commune.give(BACK + 1)
    assert {paper.deadline for paper in commune.papers} == {BEGIN + (LENGTH + GIVEN) * MINUTE}


def test_nothing_counts_that_is_made_after_the_minutes_given(commune):
    commune.give(BACK)
    with pytest.raises(RuleBroken):
        answer(commune.papers[0], commune.tokens[0], BEGIN + (LENGTH + GIVEN + 1) * MINUTE, 11, 11)
    assert stored(commune.papers[0]) == 10


def test_a_device_that_does_not_come_on_again_costs_nobody_more(commune):
    commune.give(BACK)
    spare = hall_devices.join(commune.hall.code, "Máy dự phòng", BACK)[0]
    entry, paper = commune.papers[3].entry, commune.papers[3]
    halls.move(commune.hall, entry, spare, commune.proctor, BACK)
    claim = seats.claim(spare, halls.code_of(commune.hall, entry), "", BACK + MINUTE)
    token = seats.sit(spare, claim, 12, "", BACK + MINUTE)
    again = start(entry, BACK + MINUTE)
    assert (again.id, again.deadline, stored(again)) == (paper.id, BEGIN + (LENGTH + GIVEN) * MINUTE, 10)
    answer(again, token, BACK + 2 * MINUTE, 11, 12)
    assert stored(again) == 12


def test_the_silence_in_the_dark_is_no_riddle_to_the_board_afterwards(commune):
    commune.give(BACK)
    for paper, token in zip(commune.papers, commune.tokens, strict=True):
        for number in range(11, ITEMS + 1):
            answer(paper, token, BACK + 8 * MINUTE + number * 20_000, number, number)
    for paper in [*commune.papers, commune.at_home]:
        attempts.submit(paper, BEGIN + 58 * MINUTE)
    found = signal_search.look(commune.part, BEGIN + 3 * HOUR).signs
    silent = [sign for sign in found if sign.kind == "silence"]
    assert len(silent) == 10
    assert {sign.facts["granted"] for sign in silent} == {GIVEN}
