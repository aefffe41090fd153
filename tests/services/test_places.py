"""A round that is over names the communes it was held under: a merger since changes no ranking, paper or prize."""

import pytest
from sqlalchemy import event

from quiz.core.approvals import Answer
from quiz.core.corrections import Policy, Ruling
from quiz.core.errors import RuleBroken
from quiz.core.people import CellType
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Round, Unit
from quiz.services import approved_acts, archives, corrections, figures, results, signal_sources, units
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from quiz.services.unranked import unranked
from tests.factories import NOW, make_cell, make_entry, make_person, make_unit, publish_final
from tests.sat_rounds import ENDED, KEY, RIGHT, Sat

LATER = ENDED + 1
OF_THEN = {"An": "xã Cò Nòi", "Bình": "xã Cò Nòi", "Cường": "xã Hát Lót", "Dũng": "xã Nà Bó"}


class District(Sat):
    """A round of the whole district, sat by four of three communes; Cò Nòi merges into Nà Bó, a cell of Hát Lót moves
    there."""

    def __init__(self):
        super().__init__()
        self.round.unit = self.round.scopes[0].unit = self.district
        others = {name: make_unit(name, self.district) for name in ("Hát Lót", "Nà Bó")}
        self.communes = {self.commune.name: self.commune} | others
        for minutes, (name, title) in enumerate(OF_THEN.items(), 10):
            self.commune = self.communes[title.removeprefix("xã ")]
            self.sit(name, KEY if name == "An" else RIGHT, right=2, minutes=minutes)

    def merge(self, now=LATER):
        day = day_of(now)
        moved = next(entry.unit for entry in self.round.entries if entry.person.full_name == "Lò Văn Cường")
        moved.cell_type = CellType.RESIDENTIAL
        units.merge(self.communes["Cò Nòi"], self.communes["Nà Bó"], day, day, self.actor, now)
        units.move(moved, self.communes["Nà Bó"], day, self.actor, now)
        assert {entry.unit.parent.name for entry in self.round.entries} == {"Nà Bó"}


@pytest.fixture
def held(app):
    return District()


def communes(lines):
    """Return the unit each line of an edition names, by the given name."""
    return {line.name.split()[-1]: line.unit_name for line in lines}


def test_an_edition_of_a_district_is_the_same_text_after_communes_merged(held):
    first = held.publish(final=False)
    text = results.text_of(first)
    held.merge()
    assert results.sha256_of(standings_of(held.round)) == first.sha256
    assert archives.recomputed(held.round) == first.sha256
    final = publish_final(held.round, held.actor, LATER)
    assert results.text_of(final) == results.text_of(first) == text
    assert communes(results.all_of(final)) == OF_THEN


def test_an_edition_first_published_after_the_merger_names_the_communes_of_the_round(held):
    held.merge()
    assert communes(results.all_of(held.publish())) == OF_THEN


def test_a_commune_that_merges_while_the_round_runs_is_named_no_more(held):
    held.merge(NOW + 1)
    assert set(communes(results.all_of(held.publish())).values()) == {"xã Nà Bó"}


def test_a_key_put_right_after_the_merger_names_the_communes_of_the_round(held):
    held.publish()
    held.merge()
    ruling = Ruling(Policy.NEW_ONLY, (RIGHT,))
    asked = corrections.ask(held.contest, held.doubtful, ruling, "Điều 4", held.actor, LATER)
    approved_acts.decide(asked, Answer.APPROVED, "", Actor(held.second.id), LATER)
    new = results.latest(held.round.id)
    assert new.number == 3 and communes(results.all_of(new)) == OF_THEN


def test_a_key_put_right_that_changes_nobody_makes_no_edition_for_a_merger(held):
    held.publish()
    held.merge()
    asked = corrections.ask(
        held.contest, held.doubtful, Ruling(Policy.BOTH, (0,)), "Điều 4", held.actor, LATER
    )
    approved_acts.decide(asked, Answer.APPROVED, "", Actor(held.second.id), LATER)
    assert results.latest(held.round.id).number == 2


def test_papers_name_the_communes_of_the_round(held):
    held.publish()
    held.merge()
    found = figures.of_round(held.round, LATER).rounds[0]
    assert {one.name.split()[-1]: one.unit for one in found.contestants} == OF_THEN
    assert {one.name.split()[-1]: one.unit for one in found.published.lines} == OF_THEN


def test_who_has_no_line_is_named_under_the_commune_of_the_round(held):
    absent = make_entry(held.round, make_person(make_cell(held.communes["Cò Nòi"], "Bản Em"), "Lò Văn Em"))
    held.merge()
    ranked = [line.entry.id for line in standings_of(held.round)]
    assert [(one.entry, one.above) for one in unranked(held.round, ranked)] == [(absent, "xã Cò Nòi")]


def test_a_cell_that_left_the_district_stays_under_its_commune(held):
    first = held.publish(final=False)
    elsewhere = make_unit("Chiềng Chung", make_unit("Yên Châu", type_label="huyện"))
    units.merge(held.communes["Cò Nòi"], elsewhere, day_of(LATER), day_of(LATER), held.actor, LATER)
    units.move(held.district, make_unit("Sơn La", type_label="tỉnh"), day_of(LATER), held.actor, LATER + 1)
    assert results.sha256_of(standings_of(held.round)) == first.sha256


def test_papers_are_compared_within_the_communes_of_the_round(held):
    groups = [one.group for one in signal_sources.sittings_of(held.round)]
    held.merge()
    assert [one.group for one in signal_sources.sittings_of(held.round)] == groups and len(set(groups)) == 3


def test_a_merged_commune_that_a_round_goes_on_naming_is_not_removed(held):
    first = held.publish(final=False)
    held.merge()
    with pytest.raises(RuleBroken, match="không xóa được"):
        units.remove(held.communes["Cò Nòi"], held.actor, LATER)
    assert results.sha256_of(standings_of(held.round)) == first.sha256


def test_a_commune_entered_by_mistake_is_removed_though_a_cell_that_never_competed_stood_there(held):
    mistaken, day = make_unit("Cò Noi", held.district), day_of(LATER)
    cell = make_cell(mistaken, cell_type=CellType.RESIDENTIAL)
    units.move(cell, held.commune, day, held.actor, LATER)
    units.remove(mistaken, held.actor, LATER)
    assert db.session.get(Unit, mistaken.id) is None


def test_a_ranking_takes_as_many_queries_after_a_merger_as_before(held):
    key, before = held.round.id, queries_for(held.round)
    held.merge()
    assert queries_for(db.session.get(Round, key)) == before


def queries_for(contest_round):
    """Return how many queries the ranking of a round takes that a page has just loaded."""
    db.session.flush()
    db.session.expire_all()
    assert contest_round.stage.rules and contest_round.opens_at
    said = []

    def listen(*args):
        said.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    lines = standings_of(contest_round)
    event.remove(db.engine, "before_cursor_execute", listen)
    assert {line.above for line in lines} == set(OF_THEN.values())
    return len(said)
