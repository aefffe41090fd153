"""The stage in the archive of a contest: every sheet, keying, correction, draw, package and essay goes along, and
elsewhere paper and stage rank to the same bytes."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from quiz.core.judging import Criterion, Judging
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part, PartKind
from quiz.core.permissions import Role
from quiz.core.rules import to_dict
from quiz.extensions import db
from quiz.models import (
    Account,
    Contest,
    Essay,
    Lot,
    LotItem,
    OrderDraw,
    PanelSeat,
    Performance,
    Result,
    Round,
    ScoreSheet,
    SheetCorrection,
    SheetKeying,
)
from quiz.services import judged_figures, panels, performances, results, sheets, stage_points
from quiz.services.audit import Actor
from quiz.services.contests import rules_of
from tests.factories import NOW, add, make_account, make_unit
from tests.services.test_archives import AFTER, rankings, taken_in, write
from tests.services.test_backups import OTHER, close
from tests.services.test_item_analysis import make_sat_round, sit

PART = "Xử lý tình huống"
CRITERIA = (Criterion("Phân tích", 2000, 25), Criterion("Giải quyết", 2000, 25))
JUDGED = Part(PART, max_points=4000, weight=60, minutes=5, judging=Judging(
    CRITERIA, judges=2, over_time=OverTime(OverTimeRule.STEPS)))  # fmt: skip
STAGE = (PanelSeat, OrderDraw, Lot, LotItem, Performance, ScoreSheet, SheetKeying, SheetCorrection, Essay)
SECOND = 1000


def held():
    """A commune where three sat the test and performed: one sheet keyed from paper, one corrected, one over time."""
    unit = make_unit("Cò Nòi", make_unit("Mai Sơn", type_label="huyện"))
    contest_round, versions = make_sat_round(unit)
    parts = (Part("Trắc nghiệm", PartKind.ONLINE, weight=40), JUDGED)
    contest_round.stage.rules = to_dict(replace(rules_of(contest_round), parts=parts))
    for right in (2, 4, 5):
        sit(contest_round, right, 1, unit)
    perform_all(contest_round, versions)
    board = Actor(make_account(username="board").id)
    results.publish(contest_round, results.PROVISIONAL, "", board, AFTER)
    db.session.commit()
    return contest_round.stage.contest


def perform_all(contest_round, versions):
    """Run the stage of a round to its last signature."""
    unit = contest_round.unit
    judges = [make_account((Role.JUDGE, unit), username=f"gk{n}") for n in (1, 2)]
    secretary, other, head = (
        Actor(make_account(username=name).id) for name in ("thuky", "thuky2", "truongban")
    )
    for seat, judge in enumerate(judges, start=1):
        panels.seat_judge(contest_round, PART, "", seat, judge, seat == 1, secretary, NOW)
    performances.draw_order(contest_round, "7 4 9", 1, secretary, NOW)
    lot = add(Lot(round_id=contest_round.id, part=PART, number=1))
    add(LotItem(lot_id=lot.id, place=1, version_id=versions[0].id))
    for number, one in enumerate(performances.of_round(contest_round)):
        performances.start(one, secretary, NOW)
        performances.stop(one, secretary, NOW + (290 + 20 * number) * SECOND)
        marks = {"Phân tích": 1500 + 100 * number, "Giải quyết": 1600}
        sheets.save(one, marks, "rõ", 1, Actor(judges[0].id), NOW)
        sheets.submit(one, Actor(judges[0].id), NOW)
        for typist in (secretary, other):
            sheets.key(one, 2, marks, typist, NOW)
        if not number:
            one.lot_id, one.lot_drawn_at = lot.id, NOW
            add(
                Essay(
                    round_id=contest_round.id,
                    part=PART,
                    entry_id=one.entry_id,
                    received_at=NOW,
                    is_on_paper=True,
                )
            )
            sheets.correct(sheets.sheet_at(one, 1), marks | {"Phân tích": 1900}, "Ghi nhầm", secretary, NOW)
        stage_points.check(one, secretary, NOW)
        stage_points.sign(one, head, NOW)


def counted():
    """How many rows of the stage there are, table by table."""
    return [db.session.scalar(select(func.count()).select_from(model)) for model in STAGE]


def papers():
    """What papers say of the judged parts, without who is known here by another number."""
    contest_round = db.session.scalars(select(Round)).one()
    return judged_figures.of_round(contest_round)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_the_stage_goes_along_and_ranks_to_the_same_bytes_elsewhere(new_app, tmp_path, kind):
    with new_app(kind).app_context():
        contest = held()
        before, rows, told = rankings(), counted(), papers()
        assert rows == [2, 1, 1, 1, 3, 6, 6, 1, 1]
        kept = db.session.scalars(select(Result.explanation).order_by(Result.id)).all()
        assert all(one["judged"] for one in kept)
        write(contest, tmp_path / "there.zip")
        close()
    with new_app(OTHER[kind]).app_context():
        (recount,) = taken_in(tmp_path / "there.zip")
        assert recount.agrees and rankings() == before and counted() == rows
        assert papers() == told, "papers made elsewhere are the same"
        assert db.session.scalars(select(Result.explanation).order_by(Result.id)).all() == kept
        assert {one.disabled_at is None for one in db.session.scalars(select(Account))} == {False}
        back = write(db.session.scalars(select(Contest)).one(), tmp_path / "back.zip")
        assert {part.name: part.rows for part in back.parts}["score_sheet"] == 6
        close()
