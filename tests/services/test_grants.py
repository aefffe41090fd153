"""Giving minutes: running deadlines move, later starts get them, papers handed in stay, what is used stays given."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from quiz.core import grants as rules
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.grants import MOST_MINUTES, Minutes, Sitter
from quiz.core.paper_entry import Medium
from quiz.core.signals import Away
from quiz.core.timing import MINUTE, SECOND
from quiz.extensions import db
from quiz.models import (
    Attempt,
    AuditEvent,
    Entry,
    HallDevice,
    HallSeat,
    HallSession,
    LateArrival,
    Round,
    TimeGrant,
    Unit,
)
from quiz.services import attempts, away, grant_reach, grant_targets, grants, results
from quiz.services.audit import Actor
from quiz.services.grants import Wish
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
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

CUT = "mất điện 14 phút"


class Scene:
    """A district's open round with two communes of two cells; everybody has ten minutes."""

    def __init__(self, **fields):
        self.district = make_unit("Mai Sơn", type_label="huyện")
        self.communes = [make_unit(name, self.district) for name in ("Chiềng Nơi", "Hát Lót")]
        stage = make_stage(make_contest(self.district), make_rules(time_limit=10))
        self.round = make_round(stage, self.district, **fields)
        open_for_test(self.round, [make_item() for _ in range(6)])
        self.entries = [self._entry(commune, n) for commune in self.communes for n in (1, 2)]
        self.actor = Actor(make_account().id)

    def _entry(self, commune, n):
        cell = make_cell(commune, f"Bản {commune.name} {n}")
        return make_entry(self.round, make_person(cell, f"Lò Văn {commune.name} {n}"))

    def start(self, *places, at=NOW) -> list[Attempt]:
        return [attempts.start(self.entries[place], at, f"seed {place}") for place in places]

    def give(self, target, minutes=15, at=NOW + 5 * MINUTE, **wish) -> TimeGrant:
        wish = {"reason": CUT, "key": f"form {at} {minutes}"} | wish
        return grants.give(self.round, target, Wish(minutes, **wish), self.actor, at)


def seat(scene: Scene, entry: Entry, hall: HallSession) -> HallSeat:
    device = add(
        HallDevice(hall_id=hall.id, label=f"Máy {entry.id}", token_hash=f"h{entry.id}", joined_at=NOW)
    )
    return add(HallSeat(hall_id=hall.id, device_id=device.id, entry_id=entry.id, sat_at=NOW))


def make_hall(scene: Scene) -> HallSession:
    values = {"place": "Hội trường UBND xã", "code": "ABC234", "opens_at": NOW, "created_at": NOW}
    return add(HallSession(round_id=scene.round.id, unit=scene.communes[0], **values))


def events(action: str) -> int:
    return db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == action))


@pytest.mark.parametrize(("target", "moved"), [("person", {0}), ("hall", {1, 2}), ("unit", {0, 1})])
def test_minutes_move_the_deadlines_of_whom_they_are_for_and_of_nobody_else(app, target, moved):
    scene = Scene()
    running = scene.start(0, 1, 2, 3)
    hall = make_hall(scene)
    seat(scene, scene.entries[1], hall)
    seat(scene, scene.entries[2], hall)
    one = {"person": scene.entries[0], "hall": hall, "unit": scene.communes[0]}[target]
    grant = scene.give(one)
    assert [attempt.deadline - NOW for attempt in running] == [
        (25 if place in moved else 10) * MINUTE for place in range(4)
    ]
    assert {given.attempt_id for given in grant.reached} == {running[place].id for place in moved}
    assert events("time.give") == 1


def test_the_condition_in_the_database_is_the_rule(app):
    scene = Scene()
    running = scene.start(0, 1, 2, 3)
    hall = make_hall(scene)
    seat(scene, scene.entries[3], hall)
    for target in (scene.entries[0], hall, scene.communes[1], scene.district, scene.entries[2].unit):
        grant = scene.give(target, minutes=1, key=f"{target.__tablename__}{target.id}")
        for place, attempt in enumerate(running):
            sitter = Sitter(
                attempt.person_id, scene.entries[place].unit.path, hall.id if place == 3 else None
            )
            assert (attempt.id in {given.attempt_id for given in grant.reached}) is rules.reaches(
                grant.rule, sitter
            ), (grant_reach.name_of(target), place)


def test_papers_handed_in_stay_handed_in(app):
    scene = Scene()
    first, second = scene.start(0, 1)
    attempts.submit(first, NOW + MINUTE)
    scene.give(scene.communes[0], reopen=True)
    assert (first.submitted_at, first.deadline) == (NOW + MINUTE, NOW + 10 * MINUTE)
    assert second.deadline == NOW + 25 * MINUTE


def test_who_starts_later_gets_the_minutes_too_once(app):
    scene = Scene()
    grant = scene.give(scene.communes[0])
    scene.give(scene.entries[0], minutes=5, key="own")
    scene.give(scene.communes[0], minutes=7, key="not for later", for_later=False)
    first, second, elsewhere = scene.start(0, 1, 2, at=NOW + 6 * MINUTE)
    assert first.deadline - first.started_at == 30 * MINUTE
    assert second.deadline - second.started_at == 25 * MINUTE
    assert elsewhere.deadline - elsewhere.started_at == 10 * MINUTE
    db.session.expire(grant, ["reached"])
    assert {given.attempt_id for given in grant.reached} == {first.id, second.id}
    assert scene.start(0, at=NOW + 7 * MINUTE) == [first]
    assert first.deadline - first.started_at == 30 * MINUTE


def test_who_sits_down_in_the_hall_later_gets_its_minutes(app):
    scene = Scene()
    hall = make_hall(scene)
    scene.give(hall)
    seat(scene, scene.entries[0], hall)
    inside, outside = scene.start(0, 1, at=NOW + 6 * MINUTE)
    assert inside.deadline - inside.started_at == 25 * MINUTE
    assert outside.deadline - outside.started_at == 10 * MINUTE


def test_a_second_attempt_does_not_get_the_same_minutes_again(app):
    scene = Scene()
    scene.round.stage.rules = scene.round.stage.rules | {"attempts_allowed": 2}
    db.session.flush()
    (first,) = scene.start(0)
    scene.give(scene.entries[0])
    attempts.submit(first, NOW + 6 * MINUTE)
    (second,) = scene.start(0, at=NOW + 20 * MINUTE)
    assert second.number == 2 and second.deadline - second.started_at == 10 * MINUTE


def test_the_same_form_sent_twice_gives_once(app):
    scene = Scene()
    (attempt,) = scene.start(0)
    scene.give(scene.entries[0], key="one form")
    with pytest.raises(AlreadyDone):
        scene.give(scene.entries[0], key="one form")
    assert attempt.deadline == NOW + 25 * MINUTE


def test_all_grants_together_stay_within_the_most(app):
    scene = Scene()
    running = scene.start(0, 1)
    scene.give(scene.entries[0], minutes=MOST_MINUTES - 10)
    with pytest.raises(RuleBroken, match=scene.entries[0].person.full_name):
        scene.give(scene.communes[0], minutes=11)
    scene.give(scene.communes[0], minutes=10)
    assert [attempt.deadline - NOW for attempt in running] == [(10 + MOST_MINUTES) * MINUTE, 20 * MINUTE]


@pytest.mark.parametrize("reason", ["", "   "])
def test_minutes_need_a_reason(app, reason):
    scene = Scene()
    with pytest.raises(RuleBroken, match="lý do"):
        scene.give(scene.communes[0], reason=reason)


def test_minutes_need_a_round_whose_time_can_still_change(app):
    scene = Scene()
    scene.round.closed_at = NOW + MINUTE
    db.session.flush()
    with pytest.raises(RuleBroken, match="kết thúc sớm"):
        scene.give(scene.communes[0])
    scene.round.closed_at, scene.round.opened_at = None, None
    db.session.flush()
    with pytest.raises(RuleBroken, match="chưa được mở"):
        scene.give(scene.communes[0])


def closed_by_the_clock(scene: Scene) -> Attempt:
    (attempt,) = scene.start(0)
    attempts.close_due(attempt.deadline + 6 * SECOND)
    assert attempt.ended_by == "deadline"
    return attempt


@pytest.mark.parametrize(
    ("after", "reopen", "opens"),
    [
        (MINUTE, True, True),
        (15 * MINUTE - 1, True, True),
        (15 * MINUTE, True, False),
        (MINUTE, False, False),
    ],
)
def test_a_paper_the_clock_closed_within_the_minutes_goes_on_when_the_board_says_so(
    app, after, reopen, opens
):
    scene = Scene()
    attempt = closed_by_the_clock(scene)
    away.keep(attempt, Away(1, MINUTE))
    grant = scene.give(scene.communes[0], at=attempt.deadline + after, reopen=reopen)
    state = (attempt.submitted_at, attempt.ended_by, attempt.raw_score, attempt.marks, attempt.deadline - NOW)
    if opens:
        assert state == (None, "", None, None, 25 * MINUTE)
        assert (attempt.away_count, attempt.away_ms) == (None, None), "the next hand-in tells all of it"
        assert [given.was_reopened for given in grant.reached] == [True] and events("attempt.reopen") == 1
        attempts.submit(attempt, NOW + 20 * MINUTE)
        lost = 10 * MINUTE + after  # since the start; fifteen minutes were given back
        assert attempt.time_used == 20 * MINUTE - min(lost, 15 * MINUTE)
    else:
        assert state[0] == NOW + 10 * MINUTE and grant.reached == [] and events("attempt.reopen") == 0


def test_what_a_phone_without_a_line_handed_in_is_not_reopened(app):
    scene = Scene()
    attempt = closed_by_the_clock(scene)
    add(
        LateArrival(
            attempt_id=attempt.id, arrived_at=NOW, digest="d", device=1, log=[], counted=0, refused=0,
            is_unbroken=True, signed_off_at=NOW + 9 * MINUTE, agent="",
        )
    )  # fmt: skip
    scene.give(scene.communes[0], at=attempt.deadline + MINUTE, reopen=True)
    assert attempt.submitted_at == NOW + 10 * MINUTE


def test_no_paper_is_reopened_once_a_result_is_out(app):
    scene = Scene()
    attempt = closed_by_the_clock(scene)
    results.publish(scene.round, results.PROVISIONAL, "", scene.actor, NOW + 2 * HOUR)
    with pytest.raises(RuleBroken, match="đã công bố"):
        scene.give(scene.communes[0], at=attempt.deadline + MINUTE, reopen=True)


def test_a_grant_can_be_taken_back_until_somebody_lives_on_it(app):
    scene = Scene()
    running = scene.start(0, 1)
    grant = scene.give(scene.communes[0])
    grants.withdraw(grant, scene.actor, NOW + 10 * MINUTE)
    assert [attempt.deadline for attempt in running] == [NOW + 10 * MINUTE] * 2
    with pytest.raises(AlreadyDone):
        grants.withdraw(grant, scene.actor, NOW + 10 * MINUTE)
    assert scene.start(2, at=NOW + 11 * MINUTE)[0].deadline == NOW + 21 * MINUTE
    assert events("time.withdraw") == 1


def test_minutes_given_back_are_not_time_used(app):
    scene = Scene()
    cut, quick = scene.start(0, 2)
    scene.give(scene.communes[0], minutes=4, at=NOW + 7 * MINUTE)
    late = scene.start(1, at=NOW + 7 * MINUTE)[0]
    for attempt in (cut, quick, late):
        attempts.submit(attempt, NOW + 9 * MINUTE)
    used = [5 * MINUTE, 9 * MINUTE, 2 * MINUTE]  # who started after the cut has lost nothing
    assert [attempt.time_used for attempt in (cut, quick, late)] == used
    assert [attempt.values["time_used"] for attempt in (cut, quick, late)] == [ms // SECOND for ms in used]


def test_minutes_taken_back_count_as_used_again(app):
    scene = Scene()
    attempt, _other = scene.start(0, 1)
    grant = scene.give(scene.communes[0], minutes=4, at=NOW + 5 * MINUTE)
    attempts.submit(attempt, NOW + 9 * MINUTE)
    assert attempt.time_used == 5 * MINUTE
    grants.withdraw(grant, scene.actor, NOW + 10 * MINUTE)
    assert attempt.time_used == 9 * MINUTE


def test_a_grant_somebody_lives_on_stays(app):
    scene = Scene()
    running = scene.start(0, 1)
    grant = scene.give(scene.communes[0])
    with pytest.raises(RuleBroken, match="không rút lại được"):
        grants.withdraw(grant, scene.actor, NOW + 10 * MINUTE + 1)
    assert [attempt.deadline for attempt in running] == [NOW + 25 * MINUTE] * 2


def test_a_grant_taken_back_is_not_for_those_who_start_later(app):
    scene = Scene()
    grants.withdraw(scene.give(scene.communes[0]), scene.actor, NOW + 6 * MINUTE)
    assert scene.start(0, at=NOW + 7 * MINUTE)[0].deadline == NOW + 17 * MINUTE


def test_the_page_says_beforehand_whom_it_meets(app):
    scene = Scene()
    first, _second, _third = scene.start(0, 1, 2)
    attempts.submit(first, NOW + MINUTE)
    attempts.close_due(NOW + 11 * MINUTE)
    assert grant_reach.reach_of(scene.round, scene.district, 15, NOW + 12 * MINUTE) == (0, 1, 3, 2)
    assert grant_reach.reach_of(scene.round, scene.district, 1, NOW + 12 * MINUTE) == (0, 1, 3, 0)


def test_lists_show_each_proctor_the_grants_of_the_own_subtree(app):
    scene = Scene()
    for number, commune in enumerate(scene.communes):
        scene.give(commune, key=str(number))
    assert grants.page_of(scene.round, [""], 1).total == 2
    assert [one.unit for one in grants.page_of(scene.round, [scene.communes[1].path], 1)] == [
        scene.communes[1]
    ]


@pytest.mark.parametrize("starts_first", [True, False])
def test_a_start_at_the_same_moment_gets_the_minutes_exactly_once(app, starts_first):
    scene = Scene()
    entry_id, round_id, unit_id = scene.entries[0].id, scene.round.id, scene.communes[0].id
    actor = scene.actor
    db.session.commit()

    def start() -> None:
        with app.app_context():
            attempts.start(db.session.get_one(Entry, entry_id), NOW, "seed")
            db.session.commit()

    def give() -> None:
        with app.app_context():
            unit = db.session.get_one(Unit, unit_id)
            grants.give(db.session.get_one(Round, round_id), unit, Wish(15, CUT, "k"), actor, NOW)
            db.session.commit()

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(work) for work in ((start, give) if starts_first else (give, start))]:
            job.result()
    assert db.session.scalars(select(Attempt.deadline)).all() == [NOW + 25 * MINUTE]


def test_minutes_as_rules_name_one_target(app):
    scene = Scene()
    grant = scene.give(scene.communes[0])
    assert grant.rule == Minutes(15, path=scene.communes[0].path)


def test_a_paper_on_paper_has_no_clock_to_move(app):
    scene = Scene()
    on_device, on_paper = scene.start(0, 1)
    on_paper.medium = Medium.PAPER
    db.session.flush()
    grant = scene.give(scene.communes[0])
    assert [given.attempt_id for given in grant.reached] == [on_device.id]
    assert on_paper.deadline == NOW + 10 * MINUTE
    assert grant_reach.reach_of(scene.round, scene.communes[0], 15, NOW).working == 1


def test_the_newest_grant_of_a_place_is_one_that_shares_people_with_it(app):
    scene = Scene()
    halls = [
        add(HallSession(round_id=scene.round.id, unit_id=scene.communes[0].id, place=place, code=place[-6:],
                        opens_at=NOW, created_at=NOW))
        for place in ("Hội trường A", "Hội trường B")
    ]  # fmt: skip
    scene.start(0, 1, 2, 3)
    commune = scene.give(scene.communes[0], 1, key="commune")
    hall = scene.give(halls[0], 2, key="hall")
    person = scene.give(scene.entries[0], 3, key="person")
    taken_back = scene.give(scene.district, 4, key="district")
    grants.withdraw(taken_back, scene.actor, NOW + 6 * MINUTE)
    newest = [
        grant_targets.newest_for(scene.round, target)
        for target in (*halls, *scene.communes, scene.district, *scene.entries[:2])
    ]
    assert newest == [hall, commune, hall, None, hall, person, None]
    with pytest.raises(RuleBroken, match="đã có người"):
        scene.give(scene.district, 5, key="second", known=commune.id)
    scene.give(scene.district, 5, key="third", known=hall.id)
