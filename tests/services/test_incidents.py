"""The log of incidents: what happened stays as written, what was done is added, minutes have one cause."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.incidents import LONGEST, IncidentKind
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import AuditEvent, TimeGrant
from quiz.services import incidents
from quiz.services.audit import Actor
from quiz.services.incidents import Wish
from tests.factories import NOW, add, make_account, make_contest, make_round, make_stage, make_unit


@pytest.fixture
def there(app):
    district = make_unit("Mai Sơn", type_label="huyện")
    contest_round = make_round(make_stage(make_contest(district)), district)
    return contest_round, [make_unit(name, district) for name in ("Chiềng Nơi", "Cò Nòi")]


def write(there, unit=0, key="k1", actor=None, **changes):
    contest_round, units = there
    wish = {"kind": IncidentKind.POWER, "unit": units[unit], "happened_at": NOW, "what": "Mất điện"} | changes
    return incidents.write(contest_round, Wish(key=key, **wish), actor or Actor(), NOW + MINUTE)


def give(there, unit=0, minutes=15, **changes):
    contest_round, units = there
    grant = TimeGrant(
        round_id=contest_round.id, unit_id=units[unit].id, path=units[unit].path, minutes=minutes, reason="mất điện",
        key=f"g{unit}{minutes}", given_at=NOW, **changes,
    )  # fmt: skip
    return add(grant)


def test_an_incident_is_written_with_what_was_done_at_once(there):
    actor = Actor(make_account().id)
    incident = write(there, actor=actor, done=" Chạy máy nổ ", place="hội trường")
    assert (incident.kind, incident.path, incident.place) == (
        IncidentKind.POWER,
        there[1][0].path,
        "hội trường",
    )
    assert [step.text for step in incident.steps] == ["Chạy máy nổ"]
    acts = [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert acts == ["incident.write", "incident.step"]


@pytest.mark.parametrize(
    "changes",
    [{"what": "  "}, {"what": "x" * (LONGEST + 1)}, {"happened_at": NOW + 2 * MINUTE}],
)
def test_words_must_be_there_and_the_time_must_have_been(there, changes):
    with pytest.raises(RuleBroken):
        write(there, **changes)


def test_a_second_click_writes_nothing(there):
    incident = write(there)
    with pytest.raises(AlreadyDone):
        write(there)
    incidents.add_step(incident, "Gọi điện lực", "s1", Actor(), NOW)
    with pytest.raises(AlreadyDone):
        incidents.add_step(incident, "Gọi điện lực", "s1", Actor(), NOW)
    assert [len(one.steps) for one in incidents.all_of([there[0].id])] == [1]


def test_minutes_are_given_because_of_one_incident(there):
    first, second = write(there), write(there, key="k2")
    grant = give(there)
    assert incidents.grants_to_link(there[0], [""]) == [grant]
    assert incidents.link(first, [grant], Actor(), NOW) == 1
    assert incidents.link(first, [grant], Actor(), NOW) == 0
    assert first.grants == [grant] and incidents.grants_to_link(there[0], [""]) == []
    assert incidents.causes_of([grant]) == {grant.id: first}
    with pytest.raises(RuleBroken):
        incidents.link(second, [grant], Actor(), NOW)


def test_minutes_of_another_round_are_refused(there):
    other = make_round(make_stage(make_contest(there[1][0])), there[1][0])
    incident = write(there)
    grant = give((other, there[1]))
    with pytest.raises(RuleBroken):
        incidents.link(incident, [grant], Actor(), NOW)


def test_one_written_by_mistake_is_withdrawn_and_stays_to_be_read(there):
    incident = write(there)
    with pytest.raises(RuleBroken):
        incidents.withdraw(incident, " ", Actor(), NOW)
    incidents.withdraw(incident, "ghi nhầm vòng", Actor(), NOW)
    with pytest.raises(AlreadyDone):
        incidents.withdraw(incident, "ghi nhầm vòng", Actor(), NOW)
    with pytest.raises(RuleBroken):
        incidents.add_step(incident, "gì đó", "s1", Actor(), NOW)
    assert incidents.all_of([there[0].id]) == []
    assert incidents.latest(there[0], [""]) == ([], 0)
    assert incidents.page_of(there[0], [""], 1).items == [incident]


def test_each_reads_what_happened_in_the_own_subtree(there):
    first, second = write(there), write(there, unit=1, key="k2", happened_at=NOW - MINUTE)
    own = [there[1][1].path]
    assert incidents.page_of(there[0], own, 1).items == [second]
    assert incidents.latest(there[0], own) == ([second], 1)
    assert incidents.latest(there[0], [""], limit=1) == ([first], 2)
    assert incidents.all_of([there[0].id]) == [second, first]
    assert incidents.page_of(there[0], [], 1).items == []
