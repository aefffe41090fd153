"""Incident 3: question 187 has a wrong key: corrected, 264 papers marked again, 3 communes change (R54)."""

import json

import pytest

from quiz.core.approvals import Answer
from quiz.core.corrections import Policy, Ruling
from quiz.core.items import Status
from quiz.core.papers import Cell
from quiz.core.permissions import Role
from quiz.core.promotion import Quota
from quiz.core.ranking import TieBreak
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import AuditEvent, Response
from quiz.services import approved_acts, attempts, corrections, displaced, papers, promotion, results
from quiz.services.audit import Actor
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
    open_for_test,
    publish_final,
)

COMMUNES, PEOPLE = 22, 12
TURNED = (2, 7, 15)  # the communes where the first had the printed key and the others the right answer
OLD, RIGHT = 1, 2
ENDED = NOW + 3 * HOUR


class District:
    """22 communes that sat the same five questions; in three of them the wrong key had decided who was first."""

    def __init__(self):
        self.district = make_unit("Mai Sơn", type_label="huyện")
        rules = make_rules(
            blueprint=(Cell("dang-vien", "", 5),), time_limit=60, tie_breaks=(TieBreak.TIME_USED,),
            quota=Quota(top=1, reserves=1),
        )  # fmt: skip
        self.contest = make_contest(self.district)
        stage = make_stage(self.contest, rules)
        self.final = make_round(make_stage(self.contest, ordinal=2), self.district, opens_at=NOW + 500 * HOUR)
        self.pool = [make_item(key=(OLD,)) for _ in range(5)]
        self.question = self.pool[0]  # number 187 of the bank
        self.asker = make_account((Role.ORGANIZER, self.district))
        self.second = make_account((Role.ORGANIZER, self.district))
        self.rounds = [self._round(stage, number) for number in range(COMMUNES)]
        for entry in [one for held in self.rounds for one in held.entries]:
            self._sit(entry)

    def _round(self, stage, number):
        commune = make_unit(f"Xã {number:02d}", self.district)
        held = open_for_test(make_round(stage, commune), self.pool)
        for person in range(PEOPLE):
            cell = make_cell(commune, f"Bản {person:02d}")
            make_entry(held, make_person(cell, f"Người {person:02d}"))
        return held

    def _sit(self, entry):
        number = int(entry.person.full_name[-2:])
        commune = int(entry.round.unit.name[-2:])
        attempt = attempts.start(entry, NOW, f"{commune}.{number}")
        printed = commune in TURNED and number == 0
        for position, place in enumerate(papers.places_of(attempt.paper)):
            is_187 = place.version == self.question.id
            option = place.order.index(RIGHT if is_187 and not printed else OLD)
            row = Response(
                attempt_id=attempt.id, position=position, choice=str(option), stamp=1, saved_at=NOW
            )
            db.session.add(row)
        attempts.submit(attempt, NOW + (10 + number) * MINUTE)

    def publish(self):
        actor = Actor(self.asker.id)
        for held in self.rounds:
            results.publish(held, results.PROVISIONAL, "", actor, ENDED)
            promotion.promote(publish_final(held, actor, ENDED), actor, ENDED)

    def ask(self):
        ruling = Ruling(Policy.NEW_ONLY, (RIGHT,))
        reason = "Điều 4 Quy định 24 ghi khác đáp án đã in"
        return corrections.ask(self.contest, self.question, ruling, reason, Actor(self.asker.id), ENDED)


def ranks(edition):
    return {line.name: line.rank for line in results.all_of(edition)}


@pytest.fixture
def mai_son(app):
    district = District()
    district.publish()
    return district


@pytest.mark.long
def test_incident_3_a_wrong_key_is_corrected_all_264_papers_are_marked_again_and_three_communes_change(
    mai_son,
):
    # The board sees first what would change.
    ruling = Ruling(Policy.NEW_ONLY, (RIGHT,))
    seen = corrections.preview(mai_son.contest, mai_son.question, ruling, ENDED)
    assert sum(effect.papers for effect in seen) == COMMUNES * PEOPLE == 264
    moved = [effect for effect in seen if effect.count.moved]
    assert {effect.round.unit.name for effect in moved} == {f"Xã {number:02d}" for number in TURNED}
    for effect in moved:
        count = effect.count
        assert (count.gain, count.lose, count.moved, count.crossing) == (11, 1, 12, 2)
        crossing = {
            effect.entries[one.entry].person.full_name: one.crosses for one in effect.changes if one.crosses
        }
        assert crossing == {"Người 00": -1, "Người 01": 1}
    assert db.session.query(AuditEvent).filter_by(action="round.correct").count() == 0  # seen, nothing done

    # A second person approves; every paper is marked again, once.
    approval = mai_son.ask()
    approved_acts.decide(approval, Answer.APPROVED, "", Actor(mai_son.second.id), ENDED)
    acts = [event.detail for event in db.session.query(AuditEvent).filter_by(action="round.correct")]
    assert (len(acts), sum(act["papers"] for act in acts)) == (COMMUNES, 264)
    assert (
        attempts.mark_again(
            [one for held in mai_son.rounds for entry in held.entries for one in entry.attempts]
        )
        == []
    )

    # Old and new rank are kept side by side; each new edition says what it replaces.
    for number, held in enumerate(mai_son.rounds):
        old, new = sorted(held.editions, key=lambda edition: edition.number)[-2:]
        assert (new.replaces_id, new.kind, new.note) == (old.id, results.FINAL, approval.reason)
        assert results.is_intact(old) and results.is_intact(new)
        assert ranks(old)["Người 00"] == 1
        assert ranks(new)["Người 00"] == (PEOPLE if number in TURNED else 1)

    # Whoever went on by the wrong key is named, and who should go.
    held = mai_son.rounds[TURNED[0]]
    promoted = displaced.displaced(results.final_of(held.id))
    assert [entry.person.full_name for entry in promoted.leaving] == ["Người 00"]
    assert [line.name for line in promoted.missing] == ["Người 01"]

    # Later rounds draw the question with the right key.
    current = mai_son.question.item.current
    assert (current.key, current.status, current.number) == ([RIGHT], Status.APPROVED, 2)
    assert (current.author_id, current.reviewer_id) == (mai_son.asker.id, mai_son.second.id)

    # A commune where the key decided nothing has everybody's new points and the same ranks.
    old, new = sorted(mai_son.rounds[0].editions, key=lambda edition: edition.number)[-2:]
    assert ranks(old) == ranks(new)
    assert {line.points for line in results.all_of(old)} == {400}
    assert {line.points for line in results.all_of(new)} == {500}
    assert json.dumps(mai_son.question.key) == json.dumps([OLD])  # the version that was sat stays as it was
