"""Opening rounds, once and for good, and ending them early."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from quiz.core import rules as rulebook
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.items import Level, Status
from quiz.core.papers import Cell
from quiz.core.parts import Part, PartKind
from quiz.core.rules import Rules
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import AuditEvent, Round, RoundItem
from quiz.services import attempts, contests, openings
from quiz.services.audit import SYSTEM, Actor
from tests.factories import (
    HOUR,
    NOW,
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
)

BEFORE = NOW - HOUR


@pytest.fixture
def district(app):
    return make_unit("Mai Sơn", type_label="huyện")


@pytest.fixture
def stage(district):
    return make_stage(make_contest(district))


def ready_round(stage, name="Cò Nòi"):
    """A round nothing stops: two hours, one contestant from its one cell, and items enough."""
    commune = make_unit(name, stage.contest.unit)
    contest_round = make_round(stage, commune)
    make_entry(contest_round, make_person(make_cell(commune)))
    return contest_round


def fill_bank(count=5):
    return [make_item() for _ in range(count)]


def frozen_items(contest_round):
    query = select(RoundItem.version_id).where(RoundItem.round_id == contest_round.id)
    return sorted(db.session.scalars(query))


def stops(contest_round, now=BEFORE):
    return [problem.field for problem in openings.check_round(contest_round, now).blockers]


def test_a_ready_round_opens_and_freezes_its_rules_and_items(stage):
    items, contest_round = fill_bank(), ready_round(stage)
    account = make_account()
    openings.open_round(contest_round, Actor(account.id), BEFORE)
    assert (contest_round.opened_at, contest_round.opened_by_id, stage.frozen_at) == (
        BEFORE,
        account.id,
        BEFORE,
    )
    assert frozen_items(contest_round) == [item.id for item in items]
    assert contest_round.phase_at(BEFORE) is Phase.SCHEDULED
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.action, event.path, event.detail["items"]) == ("round.open", contest_round.unit.path, 5)


def test_a_round_opens_once(stage):
    fill_bank()
    contest_round = ready_round(stage)
    openings.open_round(contest_round, SYSTEM, BEFORE)
    with pytest.raises(AlreadyDone):
        openings.open_round(contest_round, SYSTEM, BEFORE + 1)
    assert (contest_round.opened_at, len(frozen_items(contest_round))) == (BEFORE, 5)


def test_of_two_organizers_opening_at_the_same_time_one_opens_and_one_is_told(app, stage):
    fill_bank()
    contest_round = ready_round(stage)
    key = contest_round.id
    db.session.commit()
    both_ready, outcomes = Barrier(2), []

    def organizer():
        with app.app_context():
            own = db.session.get(Round, key)
            if db.engine.dialect.name == "postgresql":
                both_ready.wait(300)  # both have seen it unopened; SQLite lets in one writer at a time
            try:
                openings.open_round(own, SYSTEM, BEFORE)
                db.session.commit()
                outcomes.append("opened")
            except AlreadyDone:
                db.session.rollback()
                outcomes.append("already")

    threads = [Thread(target=organizer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert sorted(outcomes) == ["already", "opened"]
    assert len(frozen_items(contest_round)) == 5


def test_later_changes_of_the_bank_do_not_reach_an_opened_round(stage):
    items, contest_round = fill_bank(), ready_round(stage)
    openings.open_round(contest_round, SYSTEM, BEFORE)
    items[0].status = Status.RETIRED
    make_item()
    db.session.flush()
    assert frozen_items(contest_round) == [item.id for item in items]


def test_a_round_before_judges_alone_opens_and_nobody_starts_a_paper_in_it(stage):
    stage.rules = rulebook.to_dict(Rules(parts=(Part("Chào hỏi", PartKind.JUDGED, 2_000),), tie_breaks=()))
    contest_round = ready_round(stage)
    openings.open_round(contest_round, SYSTEM, BEFORE)
    with pytest.raises(RuleBroken, match="thi trực tiếp"):
        attempts.start(contest_round.entries[0], NOW, "seed")


def test_frozen_rules_cannot_change(stage):
    fill_bank()
    contests.change_rules(stage, make_rules(time_limit=20), SYSTEM, BEFORE)
    openings.open_round(ready_round(stage), SYSTEM, BEFORE)
    with pytest.raises(RuleBroken):
        contests.change_rules(stage, make_rules(time_limit=30), SYSTEM, BEFORE)
    assert contests.rules_of(stage) == make_rules(time_limit=20)


def test_a_second_round_keeps_the_moment_the_rules_were_frozen(stage):
    fill_bank()
    for number, name in enumerate(("Cò Nòi", "Hát Lót")):
        openings.open_round(ready_round(stage, name), SYSTEM, BEFORE + number)
    assert stage.frozen_at == BEFORE


def test_an_unready_round_stays_closed_with_everything_that_stops_it(stage, district):
    contest_round = make_round(stage, district)
    contest_round.opens_at = contest_round.closes_at = None
    db.session.flush()
    with pytest.raises(openings.NotReady) as refusal:
        openings.open_round(contest_round, SYSTEM, BEFORE)
    assert [problem.field for problem in refusal.value.readiness.blockers] == ["window", "entries"]
    assert (contest_round.opened_at, stage.frozen_at, frozen_items(contest_round)) == (None, None, [])


def test_a_shortfall_of_one_level_is_named_with_its_numbers(stage):
    rules = make_rules(blueprint=(Cell("dang-vien", "remember", 2), Cell("dang-vien", "apply", 3)))
    contests.change_rules(stage, rules, SYSTEM, BEFORE)
    make_item(), make_item(), make_item(level=Level.APPLY)
    (problem,) = openings.check_round(ready_round(stage), BEFORE).blockers
    assert problem.field == "pool"
    assert problem.values == {"topic": "dang-vien", "wanted": 3, "available": 1}


def test_the_items_must_be_valid_on_the_day_of_the_round_not_of_the_opening(stage):
    fill_bank(4)
    contest_round = ready_round(stage)
    expiring = make_item(valid_to=None)
    assert stops(contest_round) == []
    expiring.status = Status.RETIRED
    make_item(valid_from=None, valid_to=None, status=Status.DRAFT)
    db.session.flush()
    assert stops(contest_round) == ["pool"]


def test_withdrawn_contestants_do_not_count(stage):
    fill_bank()
    contest_round = ready_round(stage)
    contest_round.entries[0].withdrawn_at = BEFORE
    db.session.flush()
    assert stops(contest_round) == ["entries"]


def test_the_board_is_told_of_cells_that_said_nothing_and_of_rounds_at_the_same_time(stage):
    fill_bank()
    contest_round = ready_round(stage)
    make_cell(contest_round.unit, "Bản Mới")
    rival = make_round(stage, stage.contest.unit, name="Vòng khác", opens_at=NOW + HOUR)
    make_entry(rival, contest_round.entries[0].person)
    readiness = openings.check_round(contest_round, BEFORE)
    assert readiness.is_ready
    assert [problem.values for problem in readiness.warnings] == [{"count": 1}, {"name": "Vòng khác"}]


@pytest.mark.parametrize("opens_at", [NOW + 2 * HOUR, NOW - 2 * HOUR])
def test_a_round_right_before_or_after_is_no_rival(stage, opens_at):
    fill_bank()
    contest_round = ready_round(stage)
    make_entry(make_round(stage, stage.contest.unit, opens_at=opens_at), contest_round.entries[0].person)
    assert openings.check_round(contest_round, BEFORE).warnings == ()


def test_checking_changes_nothing(stage):
    fill_bank()
    contest_round = ready_round(stage)
    openings.check_round(contest_round, BEFORE)
    assert not db.session.dirty and contest_round.opened_at is None and frozen_items(contest_round) == []


# --- all at once --------------------------------------------------------------------------------------------------


def test_every_ready_round_opens_in_one_go_and_the_others_are_listed(stage):
    fill_bank()
    first, second = ready_round(stage, "Cò Nòi"), ready_round(stage, "Hát Lót")
    empty = make_round(stage, make_unit("Chiềng Mai", stage.contest.unit))
    done = openings.open_all(stage, SYSTEM, BEFORE)
    assert done.opened == [first, second]
    assert [(r, readiness.blockers[0].field) for r, readiness in done.waiting] == [(empty, "entries")]
    assert (first.opened_at, second.opened_at, empty.opened_at) == (BEFORE, BEFORE, None)


def test_opening_all_again_opens_only_what_has_become_ready(stage):
    fill_bank()
    ready_round(stage, "Cò Nòi")
    openings.open_all(stage, SYSTEM, BEFORE)
    late = ready_round(stage, "Hát Lót")
    assert openings.open_all(stage, SYSTEM, BEFORE + 1).opened == [late]
    assert openings.open_all(stage, SYSTEM, BEFORE + 2).opened == []


# --- the end before the hour --------------------------------------------------------------------------------------


def test_a_round_ends_early_with_a_reason(stage):
    fill_bank()
    contest_round = ready_round(stage)
    openings.open_round(contest_round, SYSTEM, BEFORE)
    with pytest.raises(RuleBroken, match="lý do"):
        openings.close_round(contest_round, "", SYSTEM, NOW + 1)
    openings.close_round(contest_round, "Mưa lũ", SYSTEM, NOW + 1)
    assert (contest_round.phase_at(NOW + 1), contest_round.closed_reason) == (Phase.CLOSED, "Mưa lũ")
    with pytest.raises(AlreadyDone):
        openings.close_round(contest_round, "Lần nữa", SYSTEM, NOW + 2)
    assert contest_round.closed_at == NOW + 1


def test_whoever_still_sits_is_cut_short_when_the_round_ends_early(stage):
    fill_bank()
    contest_round = ready_round(stage)
    openings.open_round(contest_round, SYSTEM, BEFORE)
    attempt = attempts.start(contest_round.entries[0], NOW, "seed")
    assert attempt.deadline == NOW + 10 * 60_000
    openings.close_round(contest_round, "Mưa lũ", SYSTEM, NOW + 60_000)
    db.session.refresh(attempt)
    assert attempt.deadline == NOW + 60_000


def test_a_round_never_opened_cannot_be_ended(stage):
    with pytest.raises(RuleBroken):
        openings.close_round(ready_round(stage), "Mưa lũ", SYSTEM, NOW)
