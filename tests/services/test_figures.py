"""The figures of papers equal what the database holds, and cost the same number of queries for one round or many."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import event

from quiz.core import rules as rulebook
from quiz.core.awards import BoardAct, How
from quiz.core.incidents import IncidentKind
from quiz.core.paper_entry import Medium
from quiz.core.paperwork import Text
from quiz.core.people import AbsenceReason, Sex
from quiz.core.prizes import Kind, Prize, PrizeTable
from quiz.core.promotion import WayOut
from quiz.extensions import db
from quiz.files.paperwork.kinds import KINDS
from quiz.models import (
    Absence,
    Award,
    AwardDecision,
    Incident,
    IncidentGrant,
    IncidentStep,
    Result,
    Round,
    Stage,
    Successor,
    TieDecision,
    TimeGrant,
)
from quiz.services import figures, results
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)
from tests.files.office_samples import ISSUE

LATER = NOW + 5 * HOUR


def commune(district, stage, name, cells, absent=0):
    """A commune with a round of `cells` contestants, all but one of whom sat, and `absent` cells with a reason."""
    unit = make_unit(name, district)
    contest_round = make_round(stage, unit, opened_at=NOW - HOUR)
    for number in range(cells):
        sex = Sex.FEMALE if number % 2 else Sex.MALE
        ethnicity = "Kinh" if number == 0 else "Thái"
        person = make_person(
            make_cell(unit, f"Bản {name} {number}"), f"Lò Văn {number}", sex=sex, ethnicity=ethnicity,
            birth_date=date(1960 + number, 1, 1),
        )  # fmt: skip
        entry = make_entry(contest_round, person)
        if number:
            make_attempt(entry, raw_score=100 * number)
    for number in range(absent):
        cell = make_cell(unit, f"Bản vắng {name} {number}")
        add(Absence(round_id=contest_round.id, unit=cell, reason=AbsenceReason.ILLNESS, created_at=NOW))
    make_cell(unit, f"Bản im lặng {name}")
    return contest_round


@pytest.fixture
def contest(app):
    """Three communes in the first stage, the second of them with a published ranking; a stage above."""
    district = make_unit("Mai Sơn", type_label="huyện")
    found = make_contest(district)
    stage = make_stage(found)
    sizes = (("A", 4, 1), ("B", 5, 2), ("C", 1, 0))
    rounds = [commune(district, stage, name, cells, absent) for name, cells, absent in sizes]
    above = make_stage(found, ordinal=2)
    final = make_round(above, district, opens_at=NOW + 20 * HOUR, name="Chung kết")
    edition = results.publish(rounds[1], results.PROVISIONAL, "", Actor(make_account().id), NOW + 3 * HOUR)
    db.session.flush()
    return stage, rounds, final, edition


def test_counts_of_a_stage_are_those_of_the_database(contest):
    stage, *_ = contest
    found = figures.of_stage(stage, LATER)
    assert (len(found.contestants), len(found.sat)) == (10, 7)
    assert (found.held, len(found.rounds)) == (2, 3)
    tally = found.tally
    assert (tally.cells, tally.sending, tally.absent, tally.missing) == (16, 10, 3, 3)
    assert tally.reasons == Counter({AbsenceReason.ILLNESS: 3})
    assert [unit.name for unit in found.units] == ["xã A", "xã B", "xã C"]
    assert not found.covers_cells
    (level,) = found.levels
    assert (level.rounds, level.held, level.entered, level.took_part) == (3, 2, 10, 7)


def test_a_round_counts_its_own_cells_with_the_people_they_send(contest):
    _, rounds, _, _ = contest
    found = figures.of_round(rounds[0], LATER)
    assert found.covers_cells and found.tally.cells == 6
    assert {unit.name: unit.names for unit in found.units}["chi bộ Bản A 0"] == ("Lò Văn 0",)
    assert [one.took_part for one in found.contestants].count(False) == 1


def test_whether_prizes_are_set_is_read_from_the_rules_of_the_stage(contest):
    stage, *_ = contest
    assert not figures.of_stage(stage, LATER).has_prizes
    stage.rules = rulebook.to_dict(make_rules(prizes=PrizeTable((Prize("Giải nhất"),))))
    db.session.flush()
    assert figures.of_stage(stage, LATER).has_prizes


def test_whose_paper_is_not_keyed_yet_is_not_called_absent(contest):
    _, rounds, _, _ = contest
    nobody = next(entry for entry in rounds[0].entries if not entry.attempts)
    make_attempt(nobody, medium=Medium.PAPER).submitted_at = None
    db.session.flush()
    found = figures.of_round(rounds[0], LATER)
    assert [one.entry for one in found.contestants if one.waits] == [nobody.id]
    told = [block for block in KINDS["minutes"].build(found, ISSUE).blocks if isinstance(block, Text)]
    (line,) = [block.text for block in told if block.lead.startswith("Bài trên giấy chưa nhập xong (1/4")]
    assert line == "Lò Văn 0 (Chi bộ Bản A 0)." and not any(block.lead == "Vắng mặt:" for block in told)
    assert any("vắng mặt: 0/4" in block.text for block in told)


def test_a_withdrawn_contestant_is_nowhere(contest):
    _, rounds, _, _ = contest
    rounds[0].entries[0].withdrawn_at = NOW
    db.session.flush()
    found = figures.of_round(rounds[0], LATER)
    assert len(found.contestants) == 3 and found.levels[0].entered == 3


def test_the_ranking_is_that_of_the_newest_edition(contest):
    _, rounds, _, edition = contest
    next(entry for entry in rounds[1].entries if entry.attempts).withdrawn_at = NOW
    db.session.flush()
    second = results.publish(rounds[1], results.PROVISIONAL, "", Actor(make_account().id), NOW + 4 * HOUR)
    (found,) = figures.of_round(rounds[1], LATER).rounds
    assert found.published.number == 2 and not found.published.is_final
    assert found.published.check_code == second.check_code != edition.check_code
    rows = db.session.query(Result).filter_by(edition_id=second.id).order_by(Result.position).all()
    assert len(rows) == 3
    assert [(line.rank, line.name, line.points) for line in found.published.lines] == [
        (row.rank, row.name, row.points) for row in rows
    ]


def test_prizes_ties_incidents_and_those_sent_up_are_read(contest):
    _, rounds, final, edition = contest
    first = db.session.query(Result).filter_by(edition_id=edition.id, position=1).one()
    add(
        Award(
            edition_id=edition.id, position=1, kind=Kind.MAIN, prize="Nhất", scope="", entry_id=first.entry_id,
            name=first.name, cell_name=first.cell_name, unit_name=first.unit_name, rank=1, points=first.points,
            how=How.RULE,
        )
    )  # fmt: skip
    add(
        TieDecision(
            edition_id=edition.id, scope="", rank=1, way=WayOut.DRAW, chosen=[first.entry_id], seed="7",
            reason="Biên bản 3", decided_at=NOW, decided_by_id=make_account().id,
        )
    )  # fmt: skip
    for act, facts in (
        (BoardAct.WITHHOLD, {"prize": "Ba", "number": 2}),
        (BoardAct.SETTLE, {"prize": "Nhất", "chosen": [first.entry_id]}),
        (BoardAct.SETTLE, {"prize": "Ba", "chosen": [first.entry_id]}),  # withheld afterwards
    ):
        who = make_account().id
        add(
            AwardDecision(
                edition_id=edition.id, act=act, reason="BB 4", decided_at=NOW, decided_by_id=who, **facts
            )
        )
    incident = add(
        Incident(
            round_id=rounds[1].id, unit_id=rounds[1].unit_id, path=rounds[1].unit.path, place="Hội trường",
            kind=IncidentKind.POWER, happened_at=NOW + 60_000, what="Mất điện.", key="k", written_at=NOW,
            withdrawn_reason="",
        )
    )  # fmt: skip
    add(IncidentStep(incident_id=incident.id, text="Chờ có điện", key="s", written_at=NOW))
    gone = make_entry(
        final, make_person(first.entry.unit, "Lò Văn Rút"), withdrawn_at=NOW, withdrawn_reason="ốm"
    )
    before = make_entry(
        final, make_person(first.entry.unit, "Lò Văn Trước"), withdrawn_at=NOW, withdrawn_reason="đi công tác"
    )
    sent = make_entry(final, first.entry.person, origin="promoted", result_id=first.id)
    add(Successor(entry_id=gone.id, replaces_id=before.id, reason="đi công tác", called_at=NOW))
    add(Successor(entry_id=sent.id, replaces_id=gone.id, reason="ốm", called_at=NOW))
    db.session.expire_all()
    (found,) = figures.of_round(rounds[1], LATER).rounds
    assert [(one.prize, one.name, one.rank) for one in found.won] == [("Nhất", first.name, 1)]
    assert [(tie.way, tie.chosen, tie.seed) for tie in found.ties] == [(WayOut.DRAW, (first.name,), "7")]
    assert [(one.act, one.prize, one.number, one.names) for one in found.ruled] == [
        (BoardAct.WITHHOLD, "Ba", 2, ()), (BoardAct.SETTLE, "Nhất", 0, (first.name,)),
    ]  # fmt: skip
    assert [(one.place, one.what, one.done) for one in found.happened] == [
        ("Hội trường, xã B", "Mất điện.", ("Chờ có điện",))
    ]
    assert [(one.name, one.to_round, one.rank, one.in_place_of) for one in found.sent] == [
        (first.name, "Chung kết", 1, ((gone.name_and_cell, "ốm"), (before.name_and_cell, "đi công tác")))
    ]
    (later,) = figures.of_round(final, LATER).rounds
    assert later.withdrawn == (
        (gone.name_and_cell, "ốm", sent.name_and_cell), (before.name_and_cell, "đi công tác", gone.name_and_cell),
    )  # fmt: skip
    assert found.withdrawn == () and later.appeals == (0, 0, 0)


def test_every_grant_that_stands_is_read_with_its_incident_where_it_has_one(contest):
    _, rounds, _, _ = contest
    where = {"round_id": rounds[1].id, "path": rounds[1].unit.path}
    incident = add(
        Incident(
            unit_id=rounds[1].unit_id, kind=IncidentKind.POWER, happened_at=NOW, what="Mất điện.", key="i",
            written_at=NOW, withdrawn_reason="", **where,
        )
    )  # fmt: skip
    whole, _alone, _taken_back = (
        add(TimeGrant(minutes=minutes, reason=reason, key=reason, given_at=NOW + minutes, **whom, **where))
        for minutes, reason, whom in (
            (5, "mất điện", {"unit_id": rounds[1].unit_id}),
            (10, "đổi máy", {"person_id": make_person(rounds[1].unit, "Lò Văn Máy").id}),
            (15, "bấm nhầm", {"unit_id": rounds[1].unit_id, "withdrawn_at": NOW + 16}),
        )
    )
    add(IncidentGrant(grant_id=whole.id, incident_id=incident.id))
    db.session.expire_all()
    (found,) = figures.of_round(rounds[1], LATER).rounds
    assert [(one.to, one.minutes, one.reason, one.papers, one.incident) for one in found.given] == [
        ("xã B", 5, "mất điện", 0, 1), ("Lò Văn Máy", 10, "đổi máy", 0, None),
    ]  # fmt: skip


def test_the_round_above_counts_every_level_and_the_cells_of_the_first(contest):
    _, _, final, _ = contest
    found = figures.of_round(final, LATER)
    assert [(level.rounds, level.held) for level in found.levels] == [(3, 2), (1, 0)]
    assert found.tally.cells == 16
    assert found.stage != found.entry_stage == found.levels[0].name


def test_one_round_or_many_cost_the_same_queries(contest):
    stage, rounds, _, _ = contest
    keys = (Round, rounds[2].id), (Stage, stage.id)
    db.session.commit()
    one, many = (queries_for(model, key) for model, key in keys)
    assert abs(one - many) <= 4
    assert many <= 40


def queries_for(model, key):
    """Return how many queries the figures of a thing take that a page has just loaded."""
    db.session.expunge_all()
    thing, said = db.session.get(model, key), []

    def listen(*args):
        said.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    (figures.of_round if model is Round else figures.of_stage)(thing, LATER)
    event.remove(db.engine, "before_cursor_execute", listen)
    return len(said)
