"""A sitting at a hall: short codes, one person after another on one device, moves, absences and the end."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.parts import Part
from quiz.core.people import AbsenceReason
from quiz.core.rules import Rules
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.keyring import hash_secret
from quiz.models import (
    Absence,
    AccessCard,
    Attempt,
    AuditEvent,
    AuthSession,
    Entry,
    HallCode,
    HallDevice,
    HallSeat,
    HallSession,
)
from quiz.services import attempts, auth, entries, hall_devices, halls, seats
from quiz.services.audit import Actor
from quiz.services.halls import Plan
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_card,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

AT = NOW + MINUTE


class Scene:
    """A district's open round; three people of one commune and one of another, all with cards; a hall in the first."""

    def __init__(self, **plan):
        district = make_unit("Mai Sơn", type_label="huyện")
        self.communes = [make_unit(name, district) for name in ("Chiềng Nơi", "Hát Lót")]
        self.contest = make_contest(district)
        self.round = make_round(make_stage(self.contest, make_rules(time_limit=30)), district)
        open_for_test(self.round, [make_item() for _ in range(6)])
        places = [self.communes[0]] * 3 + [self.communes[1]]
        self.entries = [self._entry(unit, n) for n, unit in enumerate(places)]
        self.actor = Actor(make_account().id)
        self.hall = self.open(**plan)

    def _entry(self, commune, n) -> Entry:
        person = make_person(make_cell(commune, f"Bản {n}"), f"Lò Văn {'ABCD'[n]}")
        make_card(self.contest, person)
        return make_entry(self.round, person)

    def open(self, place="Hội trường xã", opens_at=NOW, asks_pin=False) -> HallSession:
        plan = Plan(self.communes[0], place, opens_at, asks_pin)
        return halls.open_hall(self.round, plan, "seed", self.actor, NOW)

    def device(self, label="") -> HallDevice:
        return hall_devices.join(self.hall.code, label, AT)[0]

    def code(self, place) -> str:
        return halls.code_of(self.hall, self.entries[place])

    def sit(self, place, device, at=AT, pin="") -> str:
        return seats.sit(device, seats.claim(device, self.code(place), pin, at), 12, "", at)


def is_signed_in(token: str, at: int = AT) -> bool:
    return auth.principal_of(token, at) is not None


def test_opening_gives_everybody_of_the_place_a_code_of_their_own(app):
    scene = Scene()
    rows = db.session.execute(select(HallCode.entry_id, HallCode.code)).all()
    assert {row.entry_id for row in rows} == {entry.id for entry in scene.entries[:3]}
    assert len({row.code for row in rows}) == 3 and all(len(row.code) == 4 for row in rows)
    assert len(scene.hall.code) == 6


def test_the_same_place_is_not_opened_twice_but_anew_once_it_is_closed(app):
    scene = Scene()
    with pytest.raises(AlreadyDone):
        scene.open()
    halls.close(scene.hall, False, scene.actor, AT)
    assert scene.open().id != scene.hall.id


@pytest.mark.parametrize(("field", "value"), [("opened_at", None), ("closed_at", NOW - MINUTE)])
def test_a_hall_needs_a_round_that_waits_or_runs(app, field, value):
    scene = Scene()
    setattr(scene.round, field, value)
    db.session.flush()
    with pytest.raises(RuleBroken):
        scene.open("Nhà văn hóa")


def test_who_joins_the_list_later_gets_a_code_later(app):
    scene = Scene()
    late = scene._entry(scene.communes[0], 3)
    assert halls.without_code(scene.hall) == [late.id]
    assert halls.issue_codes(scene.hall, "other seed", scene.actor, AT) == 1
    with pytest.raises(AlreadyDone):
        halls.issue_codes(scene.hall, "third seed", scene.actor, AT)


def test_devices_are_numbered_as_they_join_or_carry_the_name_given(app):
    scene = Scene()
    assert [scene.device().label for _ in range(2)] == ["Máy 1", "Máy 2"]
    assert scene.device("Máy giám thị").label == "Máy giám thị"
    assert scene.device().label == "Máy 3"
    with pytest.raises(RuleBroken, match="Máy 2"):
        scene.device("Máy 2")
    assert (
        hall_devices.join(f" {scene.hall.code.lower()[:3]}-{scene.hall.code.lower()[3:]}", "", AT)[0].label
        == "Máy 4"
    )


@pytest.mark.parametrize("code", ["", "ABCDEF", "x" * 500])
def test_no_device_joins_by_a_wrong_code(app, code):
    Scene()
    with pytest.raises(RuleBroken, match="mã này"):
        hall_devices.join(code, "", AT)


def test_three_people_sit_at_one_device_one_after_another(app):
    scene = Scene()
    device, before = scene.device(), None
    for place in range(3):
        token = scene.sit(place, device, AT + place * HOUR)
        who = auth.principal_of(token, AT + place * HOUR)
        assert who.person_id == scene.entries[place].person_id
        assert before is None or not is_signed_in(before, AT + place * HOUR)
        attempt = attempts.start(scene.entries[place], AT + place * MINUTE, f"seed {place}")
        attempts.submit(attempt, AT + place * MINUTE + 1)
        if place != 1:  # the second one forgets to press the button
            seats.leave(device, who.session_id, AT + place * HOUR + 1)
            assert not is_signed_in(token, AT + place * HOUR + 1)
        before = token
    left = db.session.scalars(select(HallSeat.left_because).order_by(HallSeat.id)).all()
    assert left == ["done", "done", "done"]


def test_nobody_sits_down_at_the_device_of_somebody_who_is_working(app):
    scene = Scene()
    device = scene.device()
    token = scene.sit(0, device)
    with pytest.raises(RuleBroken, match="Lò Văn A"):
        scene.sit(1, device)
    assert is_signed_in(token)


def test_nobody_sits_at_two_devices(app):
    scene = Scene()
    scene.sit(0, scene.device())
    with pytest.raises(RuleBroken, match="Máy 1"):
        scene.sit(0, scene.device())


def test_after_a_power_cut_the_same_code_goes_on_with_the_same_paper_and_clock(app):
    scene = Scene()
    device = scene.device()
    old = scene.sit(0, device)
    attempt = attempts.start(scene.entries[0], AT, "seed")
    deadline = attempt.deadline
    new = scene.sit(0, device, AT + 14 * MINUTE)
    assert not is_signed_in(old, AT + 14 * MINUTE) and is_signed_in(new, AT + 14 * MINUTE)
    assert attempts.start(scene.entries[0], AT + 14 * MINUTE, "another seed") is attempt
    assert attempt.deadline == deadline
    assert db.session.scalar(select(func.count(HallSeat.id))) == 1


def test_a_double_tap_leaves_both_sign_ins_of_the_seat_alive(app):
    scene = Scene()
    device = scene.device()
    assert all(is_signed_in(token) for token in [scene.sit(0, device), scene.sit(0, device, AT + 50)])


def test_a_move_signs_the_old_device_out_and_keeps_the_paper_and_its_clock(app):
    scene = Scene()
    first, second = scene.device(), scene.device()
    old = scene.sit(0, first)
    attempt = attempts.start(scene.entries[0], AT, "seed")
    halls.move(scene.hall, scene.entries[0], second, scene.actor, AT + MINUTE)
    assert not is_signed_in(old, AT + MINUTE)
    with pytest.raises(RuleBroken, match="Máy 2"):
        scene.sit(0, first, AT + MINUTE)
    new = scene.sit(0, second, AT + 2 * MINUTE)
    assert auth.principal_of(new, AT + 2 * MINUTE).person_id == attempt.person_id
    assert attempts.start(scene.entries[0], AT + 2 * MINUTE, "x").id == attempt.id
    assert attempt.deadline == AT + 30 * MINUTE
    with pytest.raises(AlreadyDone):
        halls.move(scene.hall, scene.entries[0], second, scene.actor, AT + 3 * MINUTE)


def test_a_move_needs_a_free_device_and_a_seat(app):
    scene = Scene()
    first, second = scene.device(), scene.device()
    scene.sit(0, first)
    scene.sit(1, second)
    with pytest.raises(RuleBroken, match="Lò Văn B"):
        halls.move(scene.hall, scene.entries[0], second, scene.actor, AT)
    with pytest.raises(RuleBroken, match="chưa ngồi"):
        halls.move(scene.hall, scene.entries[2], second, scene.actor, AT)


def test_a_device_freed_by_the_proctor_takes_the_next_one(app):
    scene = Scene()
    device = scene.device()
    old = scene.sit(0, device)
    halls.release(scene.hall, scene.entries[0], scene.actor, AT)
    assert not is_signed_in(old)
    assert is_signed_in(scene.sit(1, device))
    with pytest.raises(AlreadyDone):
        halls.release(scene.hall, scene.entries[0], scene.actor, AT)


@pytest.mark.parametrize("code", ["", "0", "12345", "abcd"])
def test_a_wrong_short_code_is_refused(app, code):
    scene = Scene()
    with pytest.raises(RuleBroken, match="mã ngắn"):
        seats.claim(scene.device(), code, "", AT)


def test_a_code_of_another_hall_is_of_no_use_here(app):
    scene = Scene()
    plan = Plan(scene.communes[1], "Hội trường khác", NOW, False)
    other = halls.open_hall(scene.round, plan, "other", scene.actor, NOW)
    stranger = halls.code_of(other, scene.entries[3])
    codes = {scene.code(place) for place in range(3)}
    assert stranger not in codes
    with pytest.raises(RuleBroken, match="mã ngắn"):
        seats.claim(scene.device(), stranger, "", AT)


def test_guessing_codes_at_a_device_is_slowed_down_and_a_right_one_forgives(app):
    scene = Scene()
    device = scene.device()
    for _try in range(4):
        seats.record_failure(device.id, AT)
    scene.sit(0, device)
    for _try in range(5):
        seats.record_failure(device.id, AT)
    with pytest.raises(RuleBroken, match="nhiều lần"):
        seats.claim(device, scene.code(0), "", AT + 1)
    seats.claim(scene.device(), scene.code(1), "", AT + 1)  # the neighbour is not made to wait


def test_a_hall_of_the_demo_lets_nobody_sit_down_where_the_demo_is_not_allowed(app, shut_out_demo):
    scene = Scene()
    scene.contest.is_demo = True
    device = scene.device()
    assert seats.claim(device, scene.code(0), "", AT).entry_id == scene.entries[0].id
    shut_out_demo()
    with pytest.raises(RuleBroken):
        seats.claim(device, scene.code(0), "", AT)


def test_the_pin_is_asked_where_the_hall_says_so(app):
    scene = Scene(asks_pin=True)
    device = scene.device()
    for wrong in ("", "000000"):
        with pytest.raises(RuleBroken, match="PIN"):
            seats.claim(device, scene.code(0), wrong, AT)
    card = db.session.scalars(
        select(AccessCard).where(AccessCard.person_id == scene.entries[0].person_id)
    ).one()
    card.pin_hash = hash_secret("246810")
    db.session.flush()
    assert seats.claim(device, scene.code(0), " 246 810", AT).entry_id == scene.entries[0].id


def test_codes_work_from_the_hour_of_the_hall(app):
    scene = Scene(opens_at=NOW + HOUR)
    device = scene.device()
    with pytest.raises(RuleBroken, match="Chưa đến giờ"):
        seats.claim(device, scene.code(0), "", NOW + HOUR - 1)
    seats.claim(device, scene.code(0), "", NOW + HOUR)


def test_without_a_card_nobody_sits_down(app):
    scene = Scene()
    late = make_entry(scene.round, make_person(scene.entries[0].unit, "Lò Văn Muộn"))
    halls.issue_codes(scene.hall, "s", scene.actor, AT)
    with pytest.raises(RuleBroken, match="phiếu dự thi"):
        seats.claim(scene.device(), halls.code_of(scene.hall, late), "", AT)


def test_who_has_not_come_is_marked_absent_with_a_reason_and_may_still_come(app):
    scene = Scene()
    entry = scene.entries[0]
    halls.mark_absent(entry, AbsenceReason.ILLNESS, "Ốm đau", "", scene.actor, AT)
    assert (entry.withdrawn_at, entry.withdrawn_reason) == (AT, "Ốm đau")
    assert db.session.scalar(select(Absence.reason)) is AbsenceReason.ILLNESS
    with pytest.raises(RuleBroken, match="ghi vắng"):
        seats.claim(scene.device(), scene.code(0), "", AT)
    halls.mark_present(entry, scene.actor, AT + MINUTE)
    assert entry.withdrawn_at is None and db.session.scalar(select(func.count(Absence.id))) == 0
    scene.sit(0, scene.device(), AT + MINUTE)


def test_the_cell_is_not_absent_while_another_of_it_is_entered(app):
    scene = Scene()
    make_entry(scene.round, make_person(scene.entries[0].unit, "Lò Văn Khác"))
    halls.mark_absent(scene.entries[0], AbsenceReason.ILLNESS, "Ốm đau", "nằm viện", scene.actor, AT)
    assert scene.entries[0].withdrawn_reason == "Ốm đau: nằm viện"
    assert entries.absence_of(scene.round, scene.entries[0].unit) is None


def test_who_has_started_is_not_marked_absent(app):
    scene = Scene()
    attempts.start(scene.entries[0], AT, "seed")
    with pytest.raises(RuleBroken, match="đã bắt đầu"):
        halls.mark_absent(scene.entries[0], AbsenceReason.ILLNESS, "Ốm đau", "", scene.actor, AT)


def test_closing_waits_for_those_working_unless_told_otherwise(app):
    scene = Scene()
    device, token_of_device = hall_devices.join(scene.hall.code, "", AT)
    token = scene.sit(0, device)
    attempts.start(scene.entries[0], AT, "seed")
    with pytest.raises(RuleBroken, match="1 người"):
        halls.close(scene.hall, False, scene.actor, AT)
    assert hall_devices.device_of(token_of_device) is not None
    halls.close(scene.hall, True, scene.actor, AT)
    assert not is_signed_in(token) and hall_devices.device_of(token_of_device) is None
    assert hall_devices.hall_of_code(scene.hall.code) is None
    with pytest.raises(AlreadyDone):
        halls.close(scene.hall, True, scene.actor, AT)
    with pytest.raises(RuleBroken, match="đã đóng"):
        scene.sit(1, device)


def test_a_hall_at_rest_closes_at_once(app):
    scene = Scene()
    halls.close(scene.hall, False, scene.actor, AT)
    assert scene.hall.closed_at == AT


def test_every_act_leaves_its_row(app):
    scene = Scene()
    first, second = scene.device(), scene.device()
    scene.sit(0, first)
    halls.move(scene.hall, scene.entries[0], second, scene.actor, AT)
    halls.release(scene.hall, scene.entries[0], scene.actor, AT)
    halls.mark_absent(scene.entries[1], AbsenceReason.FARM_WORK, "Bận", "", scene.actor, AT)
    halls.mark_present(scene.entries[1], scene.actor, AT)
    halls.close(scene.hall, False, scene.actor, AT)
    acts = set(db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("hall."))))
    assert acts == {
        f"hall.{act}"
        for act in ("open", "codes", "join", "sit", "move", "leave", "absent", "present", "close")
    }


def test_two_devices_at_the_same_moment_seat_a_person_once(app):
    scene = Scene()
    keys = [scene.device().id, scene.device().id]
    code = scene.code(0)
    db.session.commit()

    def sit(key: int) -> bool:
        with app.app_context():
            device = hall_devices.device_by_id(key)
            try:
                seats.sit(device, seats.claim(device, code, "", AT), 12, "", AT)
                db.session.commit()
            except RuleBroken:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sit, keys)) == [False, True]
    live = select(func.count(AuthSession.id)).where(AuthSession.revoked_at.is_(None))
    assert db.session.scalar(live) == 1
    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_a_device_taken_out_signs_its_person_out_and_is_of_no_use(app):
    scene = Scene()
    device, token_of_device = hall_devices.join(scene.hall.code, "", AT)
    token = scene.sit(0, device)
    hall_devices.remove_device(scene.hall, device, scene.actor, AT)
    assert not is_signed_in(token) and hall_devices.device_of(token_of_device) is None
    assert hall_devices.devices_of(scene.hall) == []
    with pytest.raises(AlreadyDone):
        hall_devices.remove_device(scene.hall, device, scene.actor, AT)
    scene.sit(0, scene.device())


def test_a_new_code_lets_nobody_in_by_the_old_one_and_keeps_the_devices(app):
    scene = Scene()
    old = scene.hall.code
    _device, token_of_device = hall_devices.join(old, "", AT)
    hall_devices.renew_code(scene.hall, scene.actor, AT)
    with pytest.raises(RuleBroken, match="mã này"):
        hall_devices.join(old, "", AT)
    assert hall_devices.device_of(token_of_device) is not None
    assert scene.device().label == "Máy 2"


def test_a_hall_is_offered_for_rounds_that_have_a_paper(app):
    scene = Scene()
    rules = Rules(parts=(Part("Thuyết trình", max_points=10_000),))
    before_judges = make_round(make_stage(scene.contest, rules, ordinal=2), scene.round.unit)
    before_judges.opened_at = NOW
    db.session.flush()
    assert halls.rounds_to_open([scene.round.unit.path], AT) == [scene.round]
