"""Entering people in a round, taking them out again, and cells that send nobody."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.people import AbsenceReason, Position
from quiz.core.permissions import Role
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Absence, Attempt, AuditEvent, Entry, Person, Round, RoundUnit
from quiz.services import entries, people
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

BEFORE, AFTER = NOW - HOUR, NOW + 3 * HOUR  # the round runs from NOW for two hours
ACTOR = Actor()


class Commune:
    """A commune with one cell, its secretary and deputy, and a frozen round waiting for its hour."""

    def __init__(self, ordinal=1):
        self.commune = make_unit()
        self.cell = make_cell(self.commune, ranking_group="Khối nông thôn")
        self.secretary = make_person(self.cell, "Lò Văn Thử")
        self.deputy = make_person(self.cell, "Quàng Thị Phó", position=Position.DEPUTY_SECRETARY)
        self.contest = make_contest(self.commune)
        self.stage = make_stage(self.contest, ordinal=ordinal)
        self.round = make_round(self.stage, self.commune, opened_at=BEFORE)

    def register(self, person=None, now=BEFORE, reason=""):
        return entries.register(self.round, person or self.secretary, ACTOR, now, reason)

    def be_absent(self, reason=AbsenceReason.ILLNESS, note="", now=BEFORE):
        return entries.record_absence(self.round, self.cell, reason, note, ACTOR, now)


def start(entry):
    return add(
        Attempt(
            entry=entry,
            round_id=entry.round_id,
            person_id=entry.person_id,
            seed="1",
            paper="[]",
            started_at=NOW,
            deadline=NOW + HOUR,
            grace_seconds=5,
            receipt_code="R1",
        )
    )


def test_an_entry_keeps_cell_node_cluster_and_group_as_they_were(app):
    there = Commune()
    db.session.query(RoundUnit).one().cluster = "Cụm 1"
    entry = there.register()
    there.cell.ranking_group = "Khối khác"
    kept = (entry.unit, entry.scope, entry.cluster, entry.ranking_group, entry.origin)
    assert kept == (there.cell, there.commune, "Cụm 1", "Khối nông thôn", "registered")


def test_the_closest_covered_node_counts(app):
    there = Commune()
    village = make_unit("Tiểu khu 1", there.commune)
    person = make_person(make_cell(village))
    add(RoundUnit(round=there.round, unit=village, cluster="Cụm 2"))
    entry = there.register(person)
    assert (entry.scope, entry.cluster) == (village, "Cụm 2")


def test_entering_is_on_record_at_the_cell(app):
    there = Commune()
    there.register()
    event = db.session.query(AuditEvent).one()
    assert (event.action, event.path) == ("entry.register", there.cell.path)
    assert event.detail["name"] == "Lò Văn Thử"


def test_a_second_click_is_already_done(app):
    there = Commune()
    there.register()
    with pytest.raises(AlreadyDone):
        there.register()
    assert len(there.round.entries) == 1


def test_a_cell_outside_the_round_is_refused(app):
    there = Commune()
    stranger = make_person(make_cell(make_unit("Nơi khác")))
    with pytest.raises(RuleBroken, match="không thuộc phạm vi"):
        there.register(stranger)


def test_somebody_of_a_node_that_is_no_cell_is_refused(app):
    there = Commune()
    with pytest.raises(RuleBroken, match="không thuộc phạm vi"):
        there.register(make_person(there.commune))


@pytest.mark.parametrize("days, allowed", [(-1, False), (1, True)])
def test_a_cell_that_ended_before_the_contest_was_created_sends_nobody(app, days, allowed):
    there = Commune()
    there.cell.valid_to = day_of(there.contest.created_at) + timedelta(days=days)
    if allowed:
        assert there.register().unit is there.cell
    else:
        with pytest.raises(RuleBroken, match="không còn hoạt động"):
            there.register()


def test_a_cell_formed_since_the_contest_was_created_may_send_somebody(app):
    there = Commune()
    there.contest.created_at = BEFORE - 1000 * HOUR
    there.cell.valid_from = day_of(BEFORE)
    assert there.register().unit is there.cell


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.QUESTION_EDITOR, Role.JUDGE])
def test_whoever_prepares_or_runs_the_contest_may_not_compete(app, role):
    there = Commune()
    account = make_account((role, there.commune), person=there.secretary)
    with pytest.raises(RuleBroken) as refusal:
        there.register()
    assert refusal.value.message == people.BARRED
    account.grants[0].revoked_at = NOW
    assert there.register().person is there.secretary


def test_a_proctor_may_compete(app):
    there = Commune()
    make_account((Role.PROCTOR, there.commune), person=there.secretary)
    assert there.register().person is there.secretary


def test_nobody_sits_two_rounds_of_one_stage(app):
    there = Commune()
    there.register()
    other = make_round(there.stage, there.commune, name="Vòng bù")
    with pytest.raises(RuleBroken, match="Mỗi người chỉ dự một vòng"):
        entries.register(other, there.secretary, ACTOR, BEFORE)


@pytest.mark.parametrize("now, ordinal", [(NOW, 1), (BEFORE, 2)], ids=["while it runs", "in a later stage"])
def test_an_unusual_entry_needs_a_reason_which_is_kept(app, now, ordinal):
    there = Commune(ordinal)
    with pytest.raises(RuleBroken, match="ghi lý do"):
        there.register(now=now)
    there.register(now=now, reason="Công văn số 5")
    assert db.session.query(AuditEvent).one().detail["reason"] == "Công văn số 5"


def test_a_second_person_of_a_cell_needs_a_reason(app):
    there = Commune()
    there.register()
    with pytest.raises(RuleBroken, match="Lò Văn Thử"):
        there.register(there.deputy)
    assert there.register(there.deputy, reason="Được cử hai người").person is there.deputy


def test_after_the_round_nobody_is_entered(app):
    there = Commune()
    with pytest.raises(RuleBroken, match="đã kết thúc"):
        there.register(now=AFTER, reason="quên")


# --- withdrawing and replacing ------------------------------------------------------------------------------------


def test_a_withdrawal_needs_a_reason_and_can_be_taken_back_until_the_hour(app):
    there = Commune()
    entry = there.register()
    with pytest.raises(RuleBroken, match="lý do rút tên"):
        entries.withdraw(entry, "", ACTOR, BEFORE)
    entries.withdraw(entry, "Ốm", ACTOR, BEFORE)
    assert entry.withdrawn_reason == "Ốm"
    with pytest.raises(AlreadyDone):
        entries.withdraw(entry, "Ốm", ACTOR, BEFORE)
    entries.restore(entry, ACTOR, BEFORE)
    assert (entry.withdrawn_at, entry.withdrawn_reason) == (None, "")
    with pytest.raises(AlreadyDone):
        entries.restore(entry, ACTOR, BEFORE)
    actions = [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions == ["entry.register", "entry.withdraw", "entry.restore"]


def test_a_withdrawal_is_not_taken_back_once_the_round_runs(app):
    there = Commune()
    entry = there.register()
    entries.withdraw(entry, "Ốm", ACTOR, BEFORE)
    with pytest.raises(RuleBroken, match="đăng ký lại"):
        entries.restore(entry, ACTOR, NOW)
    assert there.register(now=NOW, reason="Đã khỏe").id == entry.id


def test_who_has_started_or_whose_round_is_over_is_not_withdrawn(app):
    there = Commune()
    entry = there.register()
    with pytest.raises(RuleBroken, match="đã kết thúc"):
        entries.withdraw(entry, "Ốm", ACTOR, AFTER)
    start(entry)
    with pytest.raises(RuleBroken, match="đã bắt đầu làm bài"):
        entries.withdraw(entry, "Ốm", ACTOR, NOW)


def test_a_replacement_of_the_same_cell_takes_the_place(app):
    there = Commune()
    entry = there.register()
    new = entries.replace(entry, there.deputy, "Bí thư ốm", ACTOR, BEFORE)
    assert entry.withdrawn_reason == "Bí thư ốm" and new.person is there.deputy
    with pytest.raises(RuleBroken, match="đã cử người khác"):
        entries.restore(entry, ACTOR, BEFORE)


def test_a_replacement_of_another_cell_is_refused(app):
    there = Commune()
    entry = there.register()
    neighbour = make_person(make_cell(there.commune, "Bản bên"))
    with pytest.raises(RuleBroken, match="cùng chi bộ"):
        entries.replace(entry, neighbour, "Ốm", ACTOR, BEFORE)
    assert entry.withdrawn_at is None


def test_who_came_from_the_round_before_is_followed_by_a_reserve_instead(app):
    there = Commune()
    entry = there.register()
    entry.origin = "promoted"
    with pytest.raises(RuleBroken, match="dự bị"):
        entries.replace(entry, there.deputy, "Ốm", ACTOR, BEFORE)


# --- absences -----------------------------------------------------------------------------------------------------


def test_a_cell_that_sends_nobody_says_why(app):
    there = Commune()
    absence = there.be_absent(AbsenceReason.OTHER, "Đi chữa bệnh")
    assert (absence.round_id, absence.unit, absence.note) == (there.round.id, there.cell, "Đi chữa bệnh")
    event = db.session.query(AuditEvent).one()
    assert (event.action, event.path) == ("absence.record", there.cell.path)


def test_a_cell_merged_before_the_contest_may_still_say_why_so_that_the_board_can_count_it(app):
    there = Commune()
    there.cell.valid_to = day_of(there.contest.created_at) - timedelta(days=40)
    assert there.be_absent(AbsenceReason.OTHER, "Đã sáp nhập").unit is there.cell


def test_the_same_absence_again_is_already_done_and_another_reason_takes_its_place(app):
    there = Commune()
    there.be_absent()
    with pytest.raises(AlreadyDone):
        there.be_absent()
    there.be_absent(AbsenceReason.FARM_WORK)
    assert [row.reason for row in db.session.query(Absence)] == [AbsenceReason.FARM_WORK]


def test_another_reason_without_saying_which_is_refused(app):
    with pytest.raises(RuleBroken, match="ô ghi chú"):
        Commune().be_absent(AbsenceReason.OTHER)


def test_a_cell_cannot_both_send_somebody_and_be_absent(app):
    there = Commune()
    entry = there.register()
    with pytest.raises(RuleBroken, match="đang cử Lò Văn Thử"):
        there.be_absent()
    entries.withdraw(entry, "Ốm", ACTOR, BEFORE)
    absence = there.be_absent()
    with pytest.raises(RuleBroken, match="xóa lý do vắng"):
        there.register()
    with pytest.raises(RuleBroken, match="xóa lý do vắng"):
        entries.restore(entry, ACTOR, BEFORE)
    entries.remove_absence(absence, ACTOR, BEFORE)
    assert there.register().id == entry.id


def test_an_absence_may_be_explained_after_the_round(app):
    assert Commune().be_absent(now=AFTER).reason is AbsenceReason.ILLNESS


def test_a_cell_outside_the_round_cannot_be_absent_from_it(app):
    there = Commune()
    elsewhere = make_cell(make_unit("Nơi khác"))
    with pytest.raises(RuleBroken, match="không thuộc phạm vi"):
        entries.record_absence(there.round, elsewhere, AbsenceReason.ILLNESS, "", ACTOR, BEFORE)


def test_the_list_goes_by_cell_with_those_who_withdrew_last(app):
    there = Commune()
    first = make_person(make_cell(there.commune, "A"), "Vì Văn Út")
    there.register()
    there.register(first)
    gone = make_person(make_cell(there.commune, "0"), "Hà Văn Đi", birth_date=date(1980, 1, 1))
    entries.withdraw(there.register(gone), "Ốm", ACTOR, BEFORE)
    page = entries.page_of(there.round, 1)
    assert [entry.person.full_name for entry in page.items] == ["Vì Văn Út", "Lò Văn Thử", "Hà Văn Đi"]


def test_two_clicks_at_once_enter_somebody_once(app):
    there = Commune()
    round_id, person_id = there.round.id, there.secretary.id
    db.session.commit()
    together, outcomes = Barrier(2), []

    def click():
        with app.app_context():
            contest_round, person = db.session.get(Round, round_id), db.session.get(Person, person_id)
            db.session.rollback()  # both have the page open and hold nothing
            together.wait(timeout=300)
            try:
                entries.register(contest_round, person, ACTOR, BEFORE)
                db.session.commit()
                outcomes.append("entered")
            except AlreadyDone:
                db.session.rollback()
                outcomes.append("already done")

    clicks = [Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(timeout=300)
    assert sorted(outcomes) == ["already done", "entered"]
    assert db.session.query(Entry).count() == 1
