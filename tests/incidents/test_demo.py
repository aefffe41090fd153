"""The demonstration shows all ten incidents, each on the pages that demo/README.md names."""

import pytest
from sqlalchemy import func, select

from quiz import clock
from quiz.cli.demo import WORKBOOK, load_shipped_banks
from quiz.core.appeals import DAY
from quiz.core.incidents import IncidentKind
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.files.workbook import read_roster
from quiz.models import (
    Appeal,
    Attempt,
    AuditEvent,
    Correction,
    Entry,
    Incident,
    IncidentGrant,
    Performance,
    Round,
    Signal,
    Successor,
    TimeGrant,
    Unit,
)
from quiz.services import corrections, demo, demo_incidents, results, sheets, stage_points, things
from quiz.services.standings import standings_of
from quiz.web import act_words
from quiz.web.explaining import sentence
from tests.factories import HOUR, NOW

pytestmark = pytest.mark.long


def _held(name: str) -> Round:
    query = select(Round).join(Unit).where(Unit.name == name, Round.name.endswith("tháng trước"))
    return db.session.scalars(query).one()


def test_the_demonstration_shows_all_ten_incidents(sqlite_app):
    load_shipped_banks()
    workbook, problems = read_roster(WORKBOOK.read_bytes())
    assert not problems
    demo.set_up(workbook, clock.local(NOW).date(), NOW - 4 * HOUR, NOW)

    # 1: the power cut, the minutes given because of it, and papers that went on in them.
    hall = _held(demo_incidents.HALL)
    grant = db.session.scalars(select(TimeGrant)).one()
    cut = db.session.scalars(select(Incident).where(Incident.kind == IncidentKind.POWER)).one()
    assert db.session.get_one(IncidentGrant, grant.id).incident_id == cut.id
    assert (grant.minutes, len(grant.reached)) == (15, demo_incidents.PEOPLE)
    late = demo_incidents.LENGTH * MINUTE
    sat = db.session.scalars(select(Attempt).where(Attempt.round_id == hall.id)).all()
    assert sum(one.submitted_at - one.started_at > late for one in sat) == demo_incidents.PEOPLE

    # 2: one paper for whoever changed the phone, with the time it had.
    phone = db.session.scalars(select(Incident).where(Incident.kind == IncidentKind.DEVICE)).one()
    (own,) = phone.entry.attempts
    assert phone.entry.round.unit.name == demo_incidents.SHARED and own.deadline - own.started_at == late

    # 3: the key corrected by two people, ranks changed in the three communes, the old editions kept.
    (correction,) = corrections.of_contest(hall.stage.contest)
    assert isinstance(correction, Correction)
    for name in (demo_incidents.HALL, demo_incidents.SHARED, demo_incidents.APPEALED):
        old, new = sorted(_held(name).editions, key=lambda edition: edition.number)[-2:]
        assert new.replaces_id == old.id
        assert [line.name for line in results.all_of(old)] != [line.name for line in results.all_of(new)], (
            name
        )

    # 4: an equal total for the first place, decided by the situations.
    first, second = standings_of(_held(demo_incidents.SHARED))[:2]
    assert (first.points, first.rank, second.rank) == (second.points, 1, 2)
    with sqlite_app.test_request_context():
        assert "vận dụng" in sentence(first.rank, first.points, first.explanation)

    # 5: a finalist who withdrew, the reserve in the place.
    (moved,) = db.session.scalars(select(Successor))
    gone = db.session.get_one(Entry, moved.replaces_id)
    assert gone.withdrawn_reason and gone.person.unit.parent.name == demo_incidents.APPEALED

    # 6 and 7: half a point off for 1:20 too long; 38 put right to 28, both in the record; everything signed.
    over, slip, last = db.session.scalars(select(Performance).order_by(Performance.place)).all()
    assert (stage_points.earned(over).points.deducted, over.used) == (50, 3 * MINUTE + 80_000)
    assert [one.before for one in sheets.corrections_of(slip)] == [{"Nội dung": 3800}]
    assert sheets.sheet_at(slip, 1).marks == {"Nội dung": 2800}
    assert all(one.signed_at for one in (over, slip, last))

    # 8 and 9: the shared phone and the merged cell, in the contest that runs.
    (signal,) = db.session.scalars(select(Signal))
    assert "không vi phạm" in signal.decisions[0].reason
    assert db.session.scalar(select(func.count(Unit.id)).where(Unit.successor_id.is_not(None))) == 1

    # Whatever anybody did in it is recorded on a thing that has a word.
    targets = db.session.scalars(select(AuditEvent.target)).all()
    assert {things.parts_of(target)[0] for target in targets} <= act_words.NOUNS.keys()

    # 10: asked and answered within two days.
    (appeal,) = db.session.scalars(select(Appeal))
    assert appeal.asked_at < appeal.answered_at <= appeal.asked_at + 2 * DAY
