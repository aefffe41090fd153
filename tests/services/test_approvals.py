"""Acts of two people: asked once, decided once, by another who holds the right there or above."""

import pytest

from quiz.core.approvals import Act, Answer
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import approvals, approved_acts, windows
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

EARLIER = NOW - 12 * HOUR  # the round is ready and waits for NOW


class Scene:
    """A round that waits for its hour, its commune and district, and the organizer who asks."""

    def __init__(self):
        self.district = make_unit("Mai Sơn", type_label="huyện")
        self.commune = make_unit("Cò Nòi", self.district)
        stage = make_stage(make_contest(self.district))
        self.round = make_round(stage, self.commune, opened_at=EARLIER)
        self.person = make_person(make_cell(self.commune))
        self.asker = make_account((Role.ORGANIZER, self.commune), person=self.person)

    def ask(self):
        actor = Actor(self.asker.id)
        return windows.ask_earlier(self.round, NOW - HOUR, NOW + HOUR, "Trời sắp bão", actor, EARLIER)


@pytest.fixture
def scene(app):
    return Scene()


def decide(approval, account, answer=Answer.APPROVED, note=""):
    return approved_acts.decide(approval, answer, note, Actor(account.id), EARLIER)


@pytest.mark.parametrize("place", ["commune", "district", "everywhere"])
def test_another_organizer_there_or_above_decides(scene, place):
    unit = getattr(scene, place, None)
    other = make_account((Role.ORGANIZER if unit else Role.SYSTEM_ADMIN, unit))
    approval = scene.ask()
    decide(approval, other)
    assert (scene.round.opens_at, scene.round.closes_at) == (NOW - HOUR, NOW + HOUR)
    assert (approval.answer, approval.decided_by_id) == (Answer.APPROVED, other.id)
    actions = [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions == ["approval.ask", "approval.approve", "stage.amend", "round.window"]


def test_who_asked_does_not_decide_with_whatever_account(scene):
    approval = scene.ask()
    second_account = make_account((Role.ORGANIZER, scene.commune), person=scene.person)
    for account in (scene.asker, second_account):
        with pytest.raises(RuleBroken, match="không tự duyệt"):
            decide(approval, account)
    assert approvals.deciders(approval) == []
    assert scene.round.opens_at == NOW


def test_who_holds_no_right_there_does_not_decide(scene):
    approval = scene.ask()
    elsewhere = make_unit("Muổi Nọi", scene.district)
    for role, unit in (
        (Role.ORGANIZER, elsewhere),
        (Role.PROCTOR, scene.commune),
        (Role.OBSERVER, scene.district),
    ):
        with pytest.raises(RuleBroken, match="không có quyền"):
            decide(approval, make_account((role, unit)))


def test_a_disabled_account_does_not_decide(scene):
    approval, other = scene.ask(), make_account((Role.ORGANIZER, scene.commune))
    other.disabled_at = EARLIER
    db.session.flush()
    with pytest.raises(RuleBroken, match="không có quyền"):
        decide(approval, other)


def test_the_nearest_are_named_first_where_somebody_is_to_be_asked(scene):
    above = make_account((Role.ORGANIZER, scene.district))
    beside = make_account((Role.ORGANIZER, scene.commune))
    admin = make_account((Role.SYSTEM_ADMIN, None))
    assert approvals.deciders(scene.ask()) == [beside, above, admin]


def test_the_same_is_asked_for_once_until_it_is_decided(scene):
    approval = scene.ask()
    with pytest.raises(AlreadyDone, match="đang chờ"):
        scene.ask()
    decide(approval, scene.asker, Answer.WITHDRAWN)
    assert scene.ask().id != approval.id


def test_a_request_is_decided_once(scene):
    approval, other = scene.ask(), make_account((Role.ORGANIZER, scene.commune))
    decide(approval, other, Answer.REFUSED, "Chưa báo hết thí sinh")
    with pytest.raises(AlreadyDone):
        decide(approval, other)
    assert scene.round.opens_at == NOW


def test_hours_changed_since_stop_what_was_asked_for(scene):
    approval, other = scene.ask(), make_account((Role.ORGANIZER, scene.commune))
    windows.set_window(scene.round, NOW + HOUR, NOW + 3 * HOUR, Actor(scene.asker.id), EARLIER, "Mất điện")
    with pytest.raises(RuleBroken, match="Giờ thi đã được đổi"):
        decide(approval, other)


def test_nobody_opens_early_alone(scene):
    with pytest.raises(RuleBroken, match="hai người"):
        windows.set_window(
            scene.round, NOW - HOUR, NOW + HOUR, Actor(scene.asker.id), EARLIER, "Trời sắp bão"
        )


def test_what_waits_is_listed_for_those_who_may_decide_and_for_nobody_else(scene):
    approval = scene.ask()
    inside, outside = [(Role.ORGANIZER, scene.district.path)], [(Role.ORGANIZER, "/999/")]
    other = make_account((Role.ORGANIZER, scene.district))
    same_person = make_account((Role.ORGANIZER, scene.district), person=scene.person)
    assert [one.id for one in approvals.waiting(inside, other.id).items] == [approval.id]
    assert approvals.count_waiting(inside, other.id) == 1
    for grants, account in ((outside, other), (inside, scene.asker), (inside, same_person)):
        assert approvals.count_waiting(grants, account.id) == 0
    assert [one.id for one in approvals.others(outside, scene.asker.id).items] == [approval.id]


def test_reasons_are_asked_for(scene):
    with pytest.raises(RuleBroken, match="lý do"):
        approvals.ask(Act.VOID_ATTEMPT, "attempt:1", scene.commune, {}, " ", Actor(scene.asker.id), NOW)
