"""Packages of questions: made from the banks, drawn once each, taken back only with a reason, shown when called."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.items import Kind, Status
from quiz.core.lots import Line
from quiz.extensions import db
from quiz.models import AuditEvent, ItemVersion, Lot, LotItem
from quiz.services import lots, performances, spare_lots
from quiz.services.drafts import DraftRefused
from tests.factories import NOW, make_item
from tests.services.test_stage import PART, Hall

POINTS = [{"text": "Nêu đúng nguyên tắc", "marks": 500}]
MAKE_UP = (Line("choice:bank", "", 2), Line("aloud:bank", "", 1))


def aloud(**fields):
    """A situation to be answered aloud."""
    return make_item(kind=Kind.ORAL, options=(), key=(), points=POINTS, **fields)


@pytest.fixture
def hall(app):
    """Three contestants, and questions for four packages of two to choose and one to say."""
    hall = Hall()
    for _number in range(8):
        make_item()
    for _number in range(4):
        aloud()
    return hall


def make(hall, packages: int = 4, seed: str = "749", lines=MAKE_UP):
    return lots.make(hall.round, PART, "", lines, packages, seed, hall.secretary, NOW)


def test_packages_are_made_from_approved_questions_and_made_anew_until_one_is_drawn(hall):
    aloud(status=Status.DRAFT)
    assert [(one.key, one.count) for one in lots.sources_of(hall.round, NOW)] == [
        ("aloud:bank", 4), ("choice:bank", 8),
    ]  # fmt: skip
    first = [[item.version_id for item in lot.items] for lot in make(hall)]
    assert len({version for lot in first for version in lot}) == 12
    again = make(hall, 3, "750")
    assert [lot.number for lot in lots.of_round(hall.round)] == [1, 2, 3]
    assert db.session.query(LotItem).count() == 9
    assert [item.version.kind for item in lots.with_questions(again)[0].items][-1] is Kind.ORAL
    lots.draw(hall.first, 2, "", hall.secretary, NOW)
    with pytest.raises(AlreadyDone):
        make(hall)


def test_a_pool_that_is_too_small_is_refused_with_numbers(hall):
    with pytest.raises(DraftRefused) as refused:
        make(hall, 5)
    assert [(one.values["there"], one.values["needed"]) for one in refused.value.problems] == [
        (8, 10),
        (4, 5),
    ]
    assert db.session.query(Lot).count() == 0


def test_a_package_is_drawn_once_by_number_or_by_a_recorded_seed(hall):
    make(hall)
    one, two, three = performances.of_round(hall.round)
    assert lots.draw(one, 3, "", hall.secretary, NOW).number == 3
    with pytest.raises(AlreadyDone):
        lots.draw(one, 4, "", hall.secretary, NOW)
    with pytest.raises(RuleBroken, match="đã được bốc"):
        lots.draw(two, 3, "", hall.secretary, NOW)
    drawn = lots.draw(two, None, "hạt", hall.secretary, NOW + 1).number
    (event,) = [e for e in db.session.query(AuditEvent) if e.detail.get("free")]
    assert event.detail["free"] == [1, 2, 4] and event.detail["lot"] == drawn == lots.rule.picked(
        [4, 2, 1], "hạt"
    )
    assert {lot.performance.entry_id: lot.number for lot in lots.of_round(hall.round) if lot.performance} == {
        one.entry_id: 3, two.entry_id: drawn,
    }  # fmt: skip
    performances.mark_absent(three, "ốm", hall.secretary, NOW)
    with pytest.raises(RuleBroken):
        lots.draw(three, None, "x", hall.secretary, NOW)


def test_a_draw_is_taken_back_with_a_reason_and_the_package_stays_used(hall):
    make(hall)
    lot = lots.draw(hall.first, 1, "", hall.secretary, NOW)
    with pytest.raises(RuleBroken):
        lots.take_back(hall.first, " ", hall.secretary, NOW)
    lots.take_back(hall.first, "đọc nhầm số", hall.secretary, NOW)
    assert (lot.void_reason, lot.void_entry_id) == ("đọc nhầm số", hall.first.entry_id) and lots.is_used(lot)
    with pytest.raises(RuleBroken):
        lots.draw(hall.first, 1, "", hall.secretary, NOW)
    assert lots.draw(hall.first, 2, "", hall.secretary, NOW).number == 2


def test_a_question_is_shown_in_the_hall_after_the_call_only(hall):
    make(hall)
    lots.draw(hall.first, 1, "", hall.secretary, NOW)
    with pytest.raises(RuleBroken, match="gọi thí sinh"):
        lots.show(hall.first, 1, hall.secretary, NOW)
    performances.call(hall.first, hall.secretary, NOW)
    for place in (4, -1):
        with pytest.raises(RuleBroken):
            lots.show(hall.first, place, hall.secretary, NOW)
    lots.show(hall.first, 3, hall.secretary, NOW)
    assert hall.first.lot_shown == 3
    lots.show(hall.first, 0, hall.secretary, NOW)
    assert hall.first.lot_shown == 0


def held(hall) -> dict[int, list[int]]:
    """Return the questions of every package by its number."""
    return {lot.number: [item.version_id for item in lot.items] for lot in lots.of_round(hall.round)}


def add(hall, packages: int = 1, seed: str = "dự phòng"):
    return spare_lots.add(hall.round, PART, "", packages, seed, hall.secretary, NOW)


def test_spare_packages_come_after_the_draw_began_and_change_nothing_that_was_drawn(hall):
    make(hall, 2)
    before = held(hall)
    one, two, _three = performances.of_round(hall.round)
    lots.draw(one, None, "hạt", hall.secretary, NOW)
    drawn = one.lot_id
    lots.draw(two, None, "mầm", hall.secretary, NOW)
    lots.take_back(two, "đọc nhầm số", hall.secretary, NOW)
    with pytest.raises(RuleBroken, match="Không còn gói"):
        lots.draw(two, None, "mầm", hall.secretary, NOW)
    assert [lot.number for lot in add(hall, 2)] == [3, 4]
    after = held(hall)
    assert {number: after[number] for number in before} == before and one.lot_id == drawn
    assert len({version for questions in after.values() for version in questions}) == 12
    kinds = [
        [item.version.kind for item in lot.items] for lot in lots.with_questions(lots.of_round(hall.round))
    ]
    assert kinds == [kinds[0]] * 4
    assert lots.draw(two, None, "mầm", hall.secretary, NOW).number in (3, 4)
    (event,) = db.session.query(AuditEvent).filter_by(action="lots.add")
    assert event.detail | {"part": PART, "lot": 3, "count": 2, "seed": "dự phòng"} == event.detail


def test_whoever_has_the_seed_makes_the_same_spare_packages(hall):
    make(hall, 2)
    lots.draw(hall.first, 1, "", hall.secretary, NOW)
    nested = db.session.begin_nested()
    add(hall, seed="7")
    first = held(hall)
    nested.rollback()
    db.session.expire_all()
    add(hall, seed="7")
    assert held(hall) == first


def test_no_spare_package_comes_before_the_first_draw_or_past_the_bank(hall):
    with pytest.raises(RuleBroken, match="Hãy lập gói câu hỏi trước"):
        add(hall)
    make(hall, 3)
    with pytest.raises(RuleBroken, match="Hãy lập lại"):
        add(hall)
    lots.draw(hall.first, 1, "", hall.secretary, NOW)
    for packages in (0, 2, 201):
        with pytest.raises(DraftRefused):
            add(hall, packages)
    assert len(held(hall)) == 3


def test_a_question_written_anew_since_is_not_drawn_into_a_spare_package(hall):
    first = make(hall, 4)
    lots.draw(hall.first, 1, "", hall.secretary, NOW)
    item = first[0].items[0].version.item
    old = {column.key: getattr(item.current, column.key) for column in ItemVersion.__table__.columns}
    item.current = ItemVersion(**{**old, "id": None, "number": 2, "stem": "Câu ấy, viết lại?"})
    aloud()
    make_item()
    db.session.flush()
    with pytest.raises(DraftRefused):
        add(hall)
