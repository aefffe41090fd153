"""A round travels to a hall without a line and what was done there comes back: once, whole, and to the same points."""

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from quiz.core.delegations import Delegation
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.packages import RoundPackage
from quiz.core.people import AbsenceReason
from quiz.core.permissions import Role
from quiz.core.signals import Away
from quiz.core.sittings import Sitting
from quiz.extensions import db
from quiz.files import packages as files
from quiz.models import (
    AccessCard,
    Attempt,
    AuditEvent,
    Entry,
    HallSession,
    Item,
    LateArrival,
    Package,
    Person,
    Response,
    Round,
    RoundItem,
    SittingImport,
    TimeGiven,
    TimeGrant,
    Unit,
)
from quiz.services import (
    attempts,
    audit,
    away,
    delegations,
    entries,
    grants,
    halls,
    package_loading,
    packages,
    results,
    sittings,
    standings,
)
from quiz.services.audit import SYSTEM, Actor
from quiz.services.grants import Wish
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_attempt,
    make_cell,
    make_person,
    make_round,
    make_rules,
    make_unit,
    publish_final,
)
from tests.machines import (
    BACK,
    MINUTE,
    Machines,
    brought_back,
    carry,
    hall_at,
    here,
    make_district,
    sit,
    take_in,
)


def ranking() -> list[tuple[str, int, int]]:
    """Return the ranking of the one round: person, rank, points."""
    lines = standings.standings_of(db.session.scalars(select(Round)).one())
    return [(line.entry.person.code, line.rank, line.points) for line in lines]


def counts() -> dict[str, int]:
    """Return how many rows stand in every table an import could write to."""
    tables = (Attempt, Response, LateArrival, TimeGrant, TimeGiven, HallSession, SittingImport, AuditEvent)
    return {
        table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) for table in tables
    }


def absences() -> dict[str, tuple[int | None, int | None]]:
    """Return what devices said of absences from the page, by receipt code."""
    return {one.receipt_code: (one.away_count, one.away_ms) for one in db.session.scalars(select(Attempt))}


# --- there and back -----------------------------------------------------------------------------------------------


def test_a_hall_s_points_and_ranks_are_the_server_s_after_the_import(machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        for code, right in (("N0", 2), ("N1", 5), ("N2", 3)):
            sit(code, right)
        there = ranking()
        papers_there = {one.receipt_code: one.marks for one in db.session.scalars(select(Attempt))}
        one = db.session.scalars(select(Attempt).order_by(Attempt.id)).first()
        away.keep(one, Away(1, one.submitted_at - one.started_at + 20_000))
        absences_there = absences()
        saves_there = db.session.execute(select(Response.position, Response.choice, Response.stamp)).all()
    done = take_in(brought_back(machines)[1])
    assert (done.report["new"], done.report["known"], done.report["refused"]) == (3, 0, [])
    assert done.report["differences"] == []
    assert ranking() == there
    assert [points for _, _, points in there] == [500, 300, 200]
    assert {one.receipt_code: one.marks for one in db.session.scalars(select(Attempt))} == papers_there
    assert absences() == absences_there and len(set(absences_there.values())) == 2
    saves_here = db.session.execute(select(Response.position, Response.choice, Response.stamp)).all()
    assert sorted(saves_here) == sorted(saves_there)


def test_the_same_file_twice_changes_nothing_the_second_time(machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit("N0", 2)
    data = brought_back(machines)[1]
    take_in(data)
    before = counts()
    with pytest.raises(AlreadyDone):
        take_in(data)
    assert counts() == before


def test_collecting_again_brings_only_what_is_new(machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit("N0", 2)
    take_in(brought_back(machines)[1])
    with machines.at_the_hall():
        sit("N1", 4)
    before = counts()
    done = take_in(brought_back(machines)[1])
    assert (done.report["new"], done.report["known"], done.report["refused"]) == (1, 1, [])
    acts = done.report["parts"]["acts"]
    starts = select(func.count()).where(AuditEvent.action == "attempt.start")
    assert db.session.scalar(starts) == 2
    assert counts()["audit_event"] == before["audit_event"] + acts + 1


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_changed_byte_is_refused_and_nothing_is_written(machines, share):
    carry(machines, make_district(people=1))
    with machines.at_the_hall():
        sit("N0", 2)
    data = bytearray(brought_back(machines)[1])
    data[int(len(data) * share)] ^= 1
    before = counts()
    with pytest.raises(RuleBroken):
        take_in(bytes(data))
    assert counts() == before


def test_a_file_of_a_package_made_elsewhere_is_refused(machines):
    carry(machines, make_district(people=1))
    with machines.at_the_hall():
        sit("N0", 2)
    data = brought_back(machines)[1]
    db.session.delete(here())
    db.session.flush()
    with pytest.raises(RuleBroken, match="không có gói đề mà tệp thuộc về"):
        take_in(data)


def test_what_else_was_done_in_the_hall_comes_back_too(machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        contest_round = here().round
        proctor = Actor(make_account((Role.PROCTOR, contest_round.unit)).id)
        hall = halls.open_hall(contest_round, hall_at(contest_round.unit), "seed", proctor, NOW)
        grants.give(contest_round, hall, Wish(3, "đổi máy", "key of another form"), proctor, NOW)
        wish = Wish(7, "mất điện", "key of a form")
        grants.give(contest_round, contest_round.unit, wish, proctor, NOW)
        attempt = sit("N0", 2)
        assert attempt.deadline == NOW + 17 * MINUTE
        late = LateArrival(
            attempt_id=attempt.id, arrived_at=NOW + 9 * MINUTE, digest="d" * 64, device=3, counted=1, refused=0,
            log=[[0, "1", 5 << 20, "counted"]], is_unbroken=True, score_before=100, score_after=200,
        )  # fmt: skip
        db.session.add(late)
        receipt = attempt.receipt_code
        absent = db.session.scalars(select(Entry).join(Entry.person).where(Person.code == "N2")).one()
        halls.mark_absent(absent, AbsenceReason.ILLNESS, "Ốm", "", proctor, NOW)
    done = take_in(brought_back(machines)[1])
    parts = done.report["parts"]
    assert (parts["halls"], parts["grants"], parts["late"], parts["absent"]) == (1, 2, 1, 1)
    hall_grant, grant = db.session.scalars(select(TimeGrant).order_by(TimeGrant.id))
    assert hall_grant.hall.place == "Nhà văn hóa"
    assert hall_grant.hall.closed_at is not None
    assert (grant.minutes, grant.reason, grant.for_later) == (7, "mất điện", False)
    assert [(one.deadline_before, one.deadline_after) for one in grant.reached] == [
        (NOW + 10 * MINUTE, NOW + 17 * MINUTE)
    ]
    assert db.session.scalars(select(LateArrival)).one().attempt.receipt_code == receipt
    gone = db.session.scalars(select(Entry).join(Entry.person).where(Person.code == "N2")).one()
    assert gone.withdrawn_reason == "Ốm"
    acts = {event.action: event for event in db.session.scalars(select(AuditEvent))}
    assert {"hall.open", "time.give", "attempt.start", "attempt.submit", "hall.absent"} <= acts.keys()
    assert acts["time.give"].detail["by"].startswith("a")
    assert acts["attempt.submit"].at == NOW + 5 * MINUTE


def test_minutes_given_in_the_hall_are_not_time_used_on_the_server_either(machines):
    carry(machines, make_district(people=1))
    with machines.at_the_hall():
        contest_round = here().round
        entry = db.session.scalars(select(Entry)).one()
        attempt = attempts.start(entry, NOW, "seed")
        grants.give(contest_round, contest_round.unit, Wish(4, "mất điện", "key"), SYSTEM, NOW + 6 * MINUTE)
        attempts.submit(attempt, NOW + 9 * MINUTE)
    done = take_in(brought_back(machines)[1])
    assert done.report["differences"] == []
    assert db.session.scalars(select(Attempt)).one().time_used == 5 * MINUTE


def test_an_import_that_breaks_at_its_end_leaves_nothing_behind(machines, monkeypatch):
    carry(machines, make_district(people=1))
    with machines.at_the_hall():
        sit("N0", 2)
    data = brought_back(machines)[1]
    db.session.commit()
    before, record = counts(), audit.record

    def record_until_the_last(actor, action, *args, **detail):
        if action == "package.import":
            raise OSError("the disk is full")
        record(actor, action, *args, **detail)

    monkeypatch.setattr(audit, "record", record_until_the_last)
    with pytest.raises(OSError, match="disk"):
        take_in(data)
    assert counts() != before
    db.session.rollback()
    assert counts() == before


# --- what is refused ----------------------------------------------------------------------------------------------


def refusals(done: SittingImport) -> list[tuple[str, str]]:
    """Return who was refused and why."""
    return [(line["person"], line["reason"]) for line in done.report["refused"]]


def test_whoever_has_an_attempt_on_the_server_is_listed_for_the_board_and_not_taken_in(machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit("N0", 2)
        sit("N1", 3)
    make_attempt(db.session.scalars(select(Entry).join(Entry.person).where(Person.code == "N0")).one())
    done = take_in(brought_back(machines)[1])
    assert done.report["new"] == 1
    assert refusals(done) == [("N0", "has_attempt")]
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 2


def test_whoever_was_withdrawn_meanwhile_is_listed(machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit("N0", 2)
    entry = db.session.scalars(select(Entry).join(Entry.person).where(Person.code == "N0")).one()
    entries.withdraw(entry, "chuyển công tác", SYSTEM, NOW)
    assert refusals(take_in(brought_back(machines)[1])) == [("N0", "withdrawn")]


def forged(machines: Machines, change: Callable[[Sitting], Sitting]) -> bytes:
    """Return a returned file that somebody with the laptop's secret has changed."""
    sitting = change(brought_back(machines)[0])
    with machines.at_the_hall():
        return files.write_sitting(sitting, here().secret)


def with_attempt(**changes) -> Callable[[Sitting], Sitting]:
    return lambda sitting: dataclasses.replace(
        sitting, attempts=(dataclasses.replace(sitting.attempts[0], **changes), *sitting.attempts[1:])
    )


FORGERIES = {
    "an invented paper": (with_attempt(seed="another"), "bad_paper"),
    "a later hand-in": (with_attempt(submitted_at=NOW + HOUR), "bad_times"),
    "a second try": (with_attempt(number=2), "bad_times"),
    "a choice not offered": (with_attempt(responses=((0, "7", 1, NOW, 1),)), "bad_responses"),
    "two answers where one may be given": (with_attempt(responses=((0, "0,1", 1, NOW, 1),)), "bad_responses"),
    "an answer to no question": (with_attempt(responses=((5, "1", 1, NOW, 1),)), "bad_responses"),
    "somebody not entered": (with_attempt(person="N9"), "not_entered"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_no_laptop_of_ours_can_have_written_is_refused_although_it_is_sealed_well(machines, name):
    change, reason = FORGERIES[name]
    carry(machines, make_district(people=1))
    with machines.at_the_hall():
        sit("N0", 2)
    done = take_in(forged(machines, change))
    assert (done.report["new"], refusals(done)[0][1]) == (0, reason)
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_points_changed_on_the_laptop_do_not_count_and_are_listed(machines):
    carry(machines, make_district(people=1))
    with machines.at_the_hall():
        sit("N0", 2)
    done = take_in(forged(machines, with_attempt(raw_score=500)))
    assert [(line["points"], line["here"]) for line in done.report["differences"]] == [(500, 200)]
    assert ranking() == [("N0", 1, 200)]


def test_an_attempt_changed_after_its_import_is_listed_and_stays_as_it_was(machines):
    carry(machines, make_district(people=1))
    with machines.at_the_hall():
        sit("N0", 2)
    take_in(brought_back(machines)[1])
    done = take_in(forged(machines, with_attempt(submitted_at=NOW + 4 * MINUTE)))
    assert refusals(done) == [("N0", "changed")]
    assert db.session.scalars(select(Attempt)).one().submitted_at == NOW + 5 * MINUTE


def test_other_items_refuse_the_whole_file(machines):
    carry(machines, make_district(people=1))
    with machines.at_the_hall():
        sit("N0", 2)
    data = forged(machines, lambda sitting: dataclasses.replace(sitting, drawn=sitting.drawn[1:]))
    before = counts()
    with pytest.raises(RuleBroken, match="Bộ câu hỏi"):
        take_in(data)
    assert counts() == before


def test_nothing_joins_a_round_whose_final_result_is_out(machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit("N0", 2)
    data = brought_back(machines)[1]
    make_attempt(db.session.scalars(select(Entry).join(Entry.person).where(Person.code == "N1")).one())
    contest_round, board = here().round, Actor(make_account().id)
    results.publish(contest_round, results.PROVISIONAL, "", board, BACK)
    publish_final(contest_round, board, BACK)
    with pytest.raises(RuleBroken, match="đã công bố"):
        take_in(data)


def test_a_hall_where_somebody_still_works_is_not_collected(machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        entry = db.session.scalars(select(Entry)).first()
        attempts.start(entry, NOW, "seed")
        with pytest.raises(RuleBroken, match="Còn 1 bài chưa nộp"):
            sittings.collect(here(), SYSTEM, NOW + MINUTE)
        assert len(sittings.collect(here(), SYSTEM, BACK).attempts) == 1  # its time is over


# --- the package --------------------------------------------------------------------------------------------------


def opened() -> RoundPackage:
    return packages.contents(here())


def test_a_package_holds_the_round_and_neither_rationales_nor_tokens(machines):
    make_district()
    package = opened()
    text = repr(package)
    assert (len(package.entries), len(package.cards), len(package.items)) == (3, 3, 9)
    assert [unit.code for unit in package.units][:2] == ["MS", "MS.CN"]
    assert "Vì thế." not in text
    assert not any(card.token_hash in text for card in db.session.scalars(select(AccessCard)))


def test_a_package_for_one_cell_holds_its_people_only(machines):
    make_district()
    cell = db.session.scalars(select(Unit).where(Unit.code == "MS.CN.1")).one()
    package = packages.make(here().round, cell, SYSTEM, NOW)
    assert [person.code for person in packages.contents(package).people] == ["N1"]


def test_a_round_that_is_not_open_or_is_over_does_not_travel(machines):
    contest_round = make_district().round
    with pytest.raises(RuleBroken, match="đã kết thúc"):
        packages.make(contest_round, None, SYSTEM, NOW + 3 * HOUR)
    waiting = make_round(contest_round.stage, contest_round.unit, name="Đợt sau")
    with pytest.raises(RuleBroken, match="chưa được mở"):
        packages.make(waiting, None, SYSTEM, NOW)


def test_a_loaded_round_has_the_same_rules_hours_people_and_cards(machines):
    package = make_district()
    sent = packages.contents(package)
    carry(machines, package)
    with machines.at_the_hall():
        contest_round = here().round
        assert contest_round.stage.rules_fingerprint == sent.round.rules_fingerprint
        assert (contest_round.opens_at, contest_round.closes_at) == (NOW, NOW + 2 * HOUR)
        assert len(contest_round.entries) == 3
        pins = {card.code: card.pin_hash for card in db.session.scalars(select(AccessCard))}
        assert pins == {card.code: card.pin_hash for card in sent.cards}
        frozen = select(Item.code).join(Item.versions).join(RoundItem, RoundItem.version_id != 0).distinct()
        assert {item.code for item in sent.items} <= set(db.session.scalars(frozen))


def test_the_units_that_the_rules_name_travel_to_be_called_by_name_at_the_hall(machines):
    package = make_district(rules=make_rules(delegations=(Delegation(most=20, unit_code="MS.CM"),)))
    make_unit("Chiềng Mung", package.round.stage.contest.unit, code="MS.CM")
    carry(machines, package)
    with machines.at_the_hall():
        assert delegations.titles_in(here().round.stage) == {"MS.CM": "xã Chiềng Mung"}


def test_a_package_is_loaded_once_and_never_where_it_was_made(machines):
    package = make_district()
    sent = packages.contents(package)
    with pytest.raises(RuleBroken, match="do chính máy này lập"):
        package_loading.load(sent, SYSTEM, NOW)
    carry(machines, package)
    with machines.at_the_hall(), pytest.raises(AlreadyDone):
        package_loading.load(sent, SYSTEM, NOW)


def test_a_second_package_of_one_round_is_refused_on_the_same_laptop(machines):
    package = make_district()
    carry(machines, package)
    other = packages.contents(packages.make(here().round, None, SYSTEM, NOW))
    with machines.at_the_hall(), pytest.raises(RuleBroken, match="chạy lệnh make hall"):
        package_loading.load(other, SYSTEM, NOW)


def test_codes_that_mean_others_on_the_laptop_stop_the_loading(machines):
    sent = packages.contents(make_district())
    with machines.at_the_hall():
        make_person(make_cell(make_unit("Khác")), "Người Khác", code="N0")
        with pytest.raises(RuleBroken, match="Người Khác"):
            package_loading.load(sent, SYSTEM, NOW)
        assert db.session.scalar(select(func.count()).select_from(Package)) == 0
