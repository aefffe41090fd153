"""R36: a notice of time and place for each cell that sends somebody, and the tick that it was received."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.extensions import db
from quiz.models import AuditEvent, Notice, NoticeReceipt
from quiz.services import notices, rounds
from quiz.services.audit import Actor
from tests.factories import (
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)


@pytest.fixture
def contest_round(app):
    commune = make_unit()
    return make_round(make_stage(make_contest(commune)), commune)


@pytest.fixture
def actor(app):
    return Actor(make_account().id)


def test_each_cell_that_sends_somebody_gets_one_notice_with_its_people(contest_round):
    commune = contest_round.unit
    two, one, none = (make_cell(commune, name) for name in ("Bản Hai", "Bản Ba", "Bản Không"))
    for cell, name in ((two, "Lò Văn B"), (two, "Lò Văn A"), (one, "Hà Thị C")):
        make_entry(contest_round, make_person(cell, name))
    make_entry(contest_round, make_person(none, "Đã rút"), withdrawn_at=NOW)
    found = [
        (line.unit.name, [person.full_name for person in line.people])
        for line in notices.cells(contest_round)
    ]
    assert found == [("Bản Ba", ["Hà Thị C"]), ("Bản Hai", ["Lò Văn A", "Lò Văn B"])]


def test_a_cell_is_ticked_once_and_the_tick_is_on_record(contest_round, actor):
    cell = make_cell(contest_round.unit)
    make_entry(contest_round, make_person(cell))
    notices.receive(contest_round, cell.id, actor, NOW)
    assert [line.received_at for line in notices.cells(contest_round)] == [NOW]
    with pytest.raises(AlreadyDone):
        notices.receive(contest_round, cell.id, actor, NOW + 1)
    acts = db.session.query(AuditEvent).filter_by(action="notice.receive").all()
    assert len(acts) == 1


def test_a_cell_that_sends_nobody_is_not_ticked(contest_round, actor):
    cell = make_cell(contest_round.unit)
    for unit_id in (cell.id, 0, 2**31 - 1):
        with pytest.raises(RuleBroken):
            notices.receive(contest_round, unit_id, actor, NOW)


def test_the_newest_words_count(contest_round, actor):
    assert notices.of(contest_round) is None
    notices.write(contest_round, "Nhà văn hóa", "Anh Sơn", actor, NOW)
    notices.write(contest_round, "Hội trường xã", "Chị Hà", actor, NOW)
    assert (notices.of(contest_round).place, notices.of(contest_round).contact) == ("Hội trường xã", "Chị Hà")


def test_a_round_that_is_removed_takes_its_notice_along(contest_round, actor):
    notices.write(contest_round, "Hội trường xã", "Chị Hà", actor, NOW)
    rounds.remove_round(contest_round, actor, NOW)
    db.session.expire_all()
    assert db.session.query(Notice).count() == db.session.query(NoticeReceipt).count() == 0
