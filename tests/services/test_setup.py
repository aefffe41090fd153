"""How far an installation and a contest are set up, counted on both databases."""

from quiz.core.delegations import Delegation
from quiz.core.items import Status
from quiz.core.people import AbsenceReason
from quiz.core.permissions import Role
from quiz.core.promotion import Quota, Scope
from quiz.core.setup import Facts, Step, next_step, path_of
from quiz.models import Absence
from quiz.services import setup
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
)

EARLIER = NOW - HOUR


def test_an_empty_installation_has_nothing(app):
    assert setup.facts_of(None, [""], NOW) == Facts()
    assert setup.unfinished([""], NOW) is None


def test_units_people_and_items_are_counted_within_the_own_subtree(app):
    district, elsewhere = make_unit("Mai Sơn"), make_unit("Thuận Châu")
    make_person(make_cell(make_unit("Cò Nòi", district)))
    make_cell(district, "Bản Mạt", ranking_group="Khu dân cư")
    make_person(make_cell(elsewhere))
    for status in (Status.APPROVED, Status.APPROVED, Status.DRAFT, Status.IN_REVIEW):
        make_item(status=status)
    facts = setup.facts_of(None, [district.path], NOW)
    assert (facts.units, facts.cells, facts.people, facts.vacant) == (2, 2, 1, 1)
    assert facts.vacant_names == ("chi bộ Bản Mạt (xã Mai Sơn)",)
    assert (facts.items, facts.waiting, facts.ungrouped, facts.stages) == (2, 2, 1, None)


def test_a_cell_without_anybody_is_no_longer_named_once_its_reason_is_given(app):
    commune = make_unit("Cò Nòi")
    cells = [make_cell(commune, name) for name in ("Bản Mạt", "Bản Sẳng")]
    stage = make_stage(make_contest(commune))
    contest_round = make_round(stage, commune)
    other = make_round(make_stage(make_contest(commune)), commune)
    for held, cell in ((contest_round, cells[0]), (other, cells[1])):
        add(Absence(round_id=held.id, unit=cell, reason=AbsenceReason.VACANT_POST, created_at=NOW))
    facts = setup.facts_of(stage.contest, [], EARLIER)
    assert (facts.vacant, facts.vacant_names) == (1, ("chi bộ Bản Sẳng (xã Cò Nòi)",))
    assert setup.facts_of(None, [commune.path], NOW).vacant == 2, "the roster lacks both all the same"


def test_a_contest_is_counted_stage_by_stage_and_is_ready_when_nothing_stops_it(app):
    district = make_unit("Mai Sơn")
    communes = [make_unit(name, district) for name in ("Cò Nòi", "Chiềng Mai")]
    make_account((Role.ORGANIZER, communes[0]))
    contest = make_contest(district)
    by_group = {"rank_within": Scope.GROUP, "quota": Quota(scope=Scope.GROUP)}
    first = make_stage(contest, make_rules(**by_group), name="Cấp cơ sở")
    make_stage(contest, make_rules(delegations=(Delegation("", 1, 1),)), ordinal=2, name="Cấp huyện")
    rounds = [make_round(first, commune) for commune in communes]
    make_entry(rounds[0], make_person(make_cell(communes[0])))
    make_cell(communes[1])
    facts = setup.facts_of(contest, [], EARLIER)
    assert facts.unstaffed == 1
    assert facts.stages is not None
    grassroots, final = facts.stages
    assert (grassroots.rounds, grassroots.timed, grassroots.filled, grassroots.opened) == (2, 2, 1, 0)
    assert (grassroots.items_missing, grassroots.silent_cells, grassroots.by_group) == (5, 1, True)
    assert (final.rounds, final.is_first, final.breaches, final.silent_cells) == (0, False, 0, 0)
    assert next_step(path_of(facts)).step is Step.BANK

    for _ in range(5):
        make_item()
    make_entry(rounds[1], make_person(make_cell(communes[1])))
    assert next_step(path_of(setup.facts_of(contest, [], EARLIER))).step is Step.OPEN
    assert setup.unfinished([district.path], NOW) == contest
    rounds[0].opened_at = NOW
    assert setup.unfinished([district.path], NOW) is None


def test_rounds_whose_hours_have_gone_by_are_counted_until_they_are_opened_or_put_off(app):
    stage = make_stage(make_contest(make_unit("Mai Sơn")))
    rounds = [make_round(stage, make_unit(name)) for name in ("Cò Nòi", "Chiềng Mai", "Nà Bó")]
    rounds[1].opened_at = NOW
    rounds[2].opens_at = rounds[2].closes_at = None
    closed = rounds[0].closes_at

    def overdue(now):
        (line,) = setup.facts_of(stage.contest, [], now).stages or ()
        return line.overdue

    assert (overdue(EARLIER), overdue(closed)) == (0, 1)
    rounds[0].opens_at, rounds[0].closes_at = closed + HOUR, closed + 3 * HOUR
    assert overdue(closed) == 0


def test_units_off_their_quota_are_counted_instead_of_silent_cells(app):
    commune = make_unit()
    stage = make_stage(make_contest(commune), make_rules(delegations=(Delegation("xã", 2, 3),)))
    contest_round = make_round(stage, commune)
    make_entry(contest_round, make_person(make_cell(commune)))
    make_cell(commune)
    (line,) = setup.facts_of(stage.contest, [], EARLIER).stages or ()
    assert (line.breaches, line.silent_cells) == (1, 0)
