"""A stage day on the laptop of a hall: panels and order go down, signed performances come home once and count alike."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.items import Kind
from quiz.core.parts import Part, PartKind
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.keyring import matches
from quiz.models import (
    Account,
    AuditEvent,
    Entry,
    Lot,
    LotItem,
    OrderDraw,
    PanelSeat,
    Performance,
    Person,
    Round,
    RoundItem,
    ScoreSheet,
    SheetCorrection,
    SheetKeying,
)
from quiz.services import (
    auth,
    entries,
    judged_figures,
    lots,
    package_loading,
    packages,
    panels,
    performances,
    results,
    sheets,
    sitting_imports,
    sittings,
    stage_packing,
    stage_points,
    standings,
)
from quiz.services.audit import SYSTEM
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_card,
    make_item,
    make_rules,
    publish_final,
)
from tests.machines import BACK, MINUTE, Machines, brought_back, carry, here, make_district, sit, take_in
from tests.stage_days import PARTS, SECOND, Day, actor, make_stage_day, one_of

pytestmark = pytest.mark.long  # two machines a test


@pytest.fixture
def hall(sqlite_app: Flask, sqlite_template: Path, tmp_path: Path) -> Machines:
    """A server and a laptop, both on SQLite, where the database is of no account."""
    shutil.copy(sqlite_template / "quiz.db", tmp_path / "laptop.db")
    return Machines(sqlite_app, f"sqlite:///{tmp_path / 'laptop.db'}")


def ranking() -> list[tuple[str, int, int]]:
    """Return the ranking of the one round: person, rank, points."""
    lines = standings.standings_of(db.session.scalars(select(Round)).one())
    return [(line.entry.person.code, line.rank, line.points) for line in lines]


def counts() -> dict[str, int]:
    """Return how many rows stand in every table the stage of a file is written to."""
    tables = (
        Account,
        AuditEvent,
        OrderDraw,
        PanelSeat,
        Performance,
        ScoreSheet,
        SheetCorrection,
        SheetKeying,
    )
    return {
        table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) for table in tables
    }


def reasons(done) -> list[tuple[str, str, str]]:
    return [(line["person"], line["part"], line["reason"]) for line in done.report["stage"]["refused"]]


# --- there and back -----------------------------------------------------------------------------------------------


def test_a_stage_day_in_the_hall_has_the_same_ranks_at_home(machines: Machines):
    carry(machines, make_stage_day())
    with machines.at_the_hall():
        day = Day()
        day.draw()
        day.everybody()
        there = ranking()
        order_there = [
            (one.entry.person.code, one.drawn, one.part) for one in performances.of_round(day.round)
        ]
    done = take_in(brought_back(machines)[1])
    assert done.report["stage"] | {"brought": [], "turns": []} == {
        "new": 6, "known": 0, "unsigned": 0, "refused": [], "differences": [], "brought": [], "turns": [],
    }  # fmt: skip
    assert (done.report["parts"]["performances"], done.report["parts"]["sheets"]) == (6, 12)
    assert ranking() == there
    assert [(code, rank) for code, rank, _ in there] == [("N1", 1), ("N0", 2), ("N2", 3)]
    assert [
        (one.entry.person.code, one.drawn, one.part) for one in performances.of_round(here().round)
    ] == order_there
    stage_points.check_all_signed(here().round)


def test_who_drew_judged_keyed_checked_and_signed_stands_at_home_by_name(machines: Machines):
    carry(machines, make_stage_day())
    before = db.session.scalar(select(func.count()).select_from(Account))
    with machines.at_the_hall():
        day = Day()
        day.draw()
        one = day.turn_of("N0", "Thuyết trình")
        day.perform(one, 1000, 200)
        performances.correct_time(one, 190 * SECOND, "Bấm dừng muộn", day.secretary, NOW + 5 * MINUTE)
        kept = sheets.sheet_at(one, 2)
        sheets.correct(kept, kept.marks | {"Nội dung": 1100}, "Ghi nhầm", day.secretary, NOW + 6 * MINUTE)
        day.sign(one)
        points_there = stage_points.earned(one).points
    take_in(brought_back(machines)[1])
    one = Day.turn_of(None, "N0", "Thuyết trình")
    assert stage_points.earned(one).points == points_there and points_there.deducted == 25
    assert (one.checker, one.signer, one.checked_by_id, one.used) == (
        "thư ký 1",
        "trưởng ban 1",
        None,
        190 * SECOND,
    )
    assert performances.draw_of(one.round).drawer == "thư ký 1"
    assert [(sheet.seat, sheet.judge, sheet.keyer, sheet.note) for sheet in one.sheets] == [
        (1, "giám khảo 1", "", "to, rõ"), (2, "giám khảo 2", "", "to, rõ"), (3, "giám khảo 3", "thư ký 2", ""),
    ]  # fmt: skip
    assert [typed.keyed_by_name for typed in sheets.keyings_of(one, 3)] == ["thư ký 1", "thư ký 2"]
    (change,) = sheets.corrections_of(one)
    assert (change.corrector, change.reason, change.before["Nội dung"], change.after["Nội dung"]) == (
        "thư ký 1", "Ghi nhầm", 1000, 1100,
    )  # fmt: skip
    acts = select(AuditEvent).where(AuditEvent.target == f"performance:{one.id}").order_by(AuditEvent.id)
    told = {event.action: event.detail for event in db.session.scalars(acts)}
    assert (
        told["performance.time"]["before"] == 200 * SECOND
        and told["performance.sign"]["by"] == "trưởng ban 1"
    )
    assert {"sheet.submit", "sheet.key", "sheet.enter", "sheet.correct", "performance.check"} <= told.keys()
    figures = judged_figures.of_round(one.round)
    assert {noted.by for noted in figures.noted} == {"thư ký 1"} and len(figures.draw.numbers) == 3
    assert db.session.scalar(select(func.count()).select_from(Account)) == before
    assert [seat.account.username for seat in panels.seats_of(one.round)] == [
        "judge-1",
        "judge-2",
        "judge-3",
    ] * 2


def test_a_file_twice_changes_nothing_and_a_later_file_brings_what_was_signed_since(machines: Machines):
    carry(machines, make_stage_day())
    with machines.at_the_hall():
        day = Day()
        day.draw()
        first, waiting = performances.of_round(day.round)[:2]
        day.perform(first, 1000)
        day.sign(first)
        day.perform(waiting, 900, at=NOW + HOUR)
    data = brought_back(machines)[1]
    done = take_in(data)
    assert (done.report["stage"]["new"], done.report["stage"]["unsigned"]) == (1, 5)
    before = counts()
    with pytest.raises(AlreadyDone):
        take_in(data)
    assert counts() == before
    with machines.at_the_hall():
        day = Day()
        day.sign(performances.of_round(day.round)[1], NOW + 2 * HOUR)
    stage = take_in(brought_back(machines)[1]).report["stage"]
    assert (stage["new"], stage["known"], stage["unsigned"], stage["refused"]) == (1, 1, 4, [])
    assert counts()["score_sheet"] == before["score_sheet"] + 3


def test_paper_and_stage_of_one_round_come_home_in_one_file(machines: Machines):
    parts = (Part("Trắc nghiệm", PartKind.ONLINE, weight=40), dataclasses.replace(PARTS[1], weight=60))
    package = make_stage_day(make_rules(parts=parts))
    for entry in package.round.entries:
        make_card(package.round.stage.contest, entry.person)
    carry(machines, package)
    with machines.at_the_hall():
        for number in range(3):
            sit(f"N{number}", 5 - number)
        day = Day()
        day.draw()
        for one in performances.of_round(day.round):
            day.perform(one, 1000 + 25 * one.drawn, at=NOW + one.drawn * HOUR)
            day.sign(one, NOW + (one.drawn + 1) * HOUR)
        there = ranking()
    done = take_in(brought_back(machines)[1])
    assert (done.report["new"], done.report["stage"]["new"]) == (3, 3)
    assert ranking() == there and len(there) == 3


# --- what goes down -----------------------------------------------------------------------------------------------


def test_no_password_goes_along_and_the_laptop_gives_first_ones(hall: Machines):
    package = make_stage_day()
    hashes = set(db.session.scalars(select(Account.password_hash)))
    sent = packages.contents(package)
    assert {line.username for line in sent.staff} >= {"judge-1", "head-judge-1", "board-secretary-2"}
    assert not any(secret in repr(sent) for secret in hashes)
    carry(hall, package)
    with hall.at_the_hall():
        keeper = make_account((Role.SYSTEM_ADMIN, None), username="quantri")
        judge = one_of("judge-1")
        assert (judge.display_name, judge.must_change_password) == ("giám khảo 1", True)
        assert not matches("", judge.password_hash) and not matches("matkhau", judge.password_hash)
        who = auth.principal_of(auth.open_session(auth.holder_of(keeper), 12, "", NOW), NOW)
        given = stage_packing.give_passwords(here(), who, NOW)
        assert {
            account.username: matches(word, account.password_hash) for account, word in given
        } == dict.fromkeys(
            ("judge-1", "judge-2", "judge-3", "head-judge-1", "board-secretary-1", "board-secretary-2"), True
        )


def test_a_running_order_drawn_at_home_is_the_order_of_the_hall(hall: Machines):
    package = make_stage_day()
    performances.draw_order(package.round, "bốc ở huyện", 1, actor("board-secretary-1"), NOW - HOUR)
    order = [(one.entry.person.code, one.place) for one in performances.of_round(package.round, "Chào hỏi")]
    carry(hall, package)
    with hall.at_the_hall():
        day = Day()
        assert [
            (one.entry.person.code, one.place) for one in performances.of_round(day.round, "Chào hỏi")
        ] == order
        with pytest.raises(AlreadyDone):
            day.draw()
        assert performances.draw_of(day.round).drawer == "thư ký 1"
        day.everybody()
    done = take_in(brought_back(hall)[1])
    assert (done.report["stage"]["new"], done.report["stage"]["turns"]) == (6, [])
    assert performances.draw_of(done.package.round).drawn_by.username == "board-secretary-1"


def test_a_judge_replaced_in_the_hall_stands_on_the_panel_at_home_by_name(hall: Machines):
    carry(hall, make_stage_day())
    with hall.at_the_hall():
        day = Day()
        stand_in = make_account((Role.JUDGE, day.round.unit), username="thay")
        stand_in.display_name = "Giám khảo thay"
        panels.seat_judge(day.round, "Chào hỏi", "", 2, stand_in, False, SYSTEM, NOW)
    take_in(brought_back(hall)[1])
    seats = {
        (seat.part, seat.seat): (seat.judge, seat.account is None) for seat in panels.seats_of(here().round)
    }
    assert seats["Chào hỏi", 2] == ("Giám khảo thay", True)
    assert seats["Thuyết trình", 2] == ("giám khảo 2", False)


def test_a_stage_goes_along_with_the_whole_round_only_and_not_once_it_was_begun(hall: Machines):
    package = make_stage_day()
    contest_round = package.round
    assert package.with_stage
    with pytest.raises(RuleBroken, match="cả vòng"):
        packages.make(contest_round, contest_round.unit, SYSTEM, NOW - HOUR)
    performances.draw_order(contest_round, "x", 1, SYSTEM, NOW)
    performances.call(performances.of_round(contest_round)[0], SYSTEM, NOW)
    for act in (
        lambda: packages.make(contest_round, None, SYSTEM, NOW),
        lambda: packages.hand_out(package, SYSTEM, NOW),
    ):
        with pytest.raises(RuleBroken, match="đã bắt đầu trên máy này"):
            act()


def test_a_stage_after_its_paper_takes_no_question_and_no_card_along(hall: Machines):
    parts = (Part("Trắc nghiệm", PartKind.ONLINE, weight=40), dataclasses.replace(PARTS[1], weight=60))
    package = make_stage_day(make_rules(parts=parts))
    make_card(package.round.stage.contest, package.round.entries[0].person)
    later = package.round.window.ends_at + HOUR
    made = packages.make(package.round, None, SYSTEM, later)
    sent = packages.hand_out(made, SYSTEM, later)
    assert (sent.items, sent.cards, len(sent.entries), len(sent.panel)) == ((), (), 3, 3)
    with pytest.raises(RuleBroken, match="đã kết thúc"):
        packages.make(package.round, package.round.unit, SYSTEM, later)
    with hall.at_the_hall():
        day = Day() if package_loading.load(sent, SYSTEM, later) else None
        day.draw()
        day.everybody()
    assert take_in(brought_back(hall)[1], later + HOUR).report["stage"]["new"] == 3


def test_a_package_of_one_unit_leaves_the_stage_at_home(hall: Machines):
    parts = (Part("Trắc nghiệm", PartKind.ONLINE, weight=40), dataclasses.replace(PARTS[1], weight=60))
    package = make_district(rules=make_rules(parts=parts))
    own = packages.make(package.round, package.round.unit, SYSTEM, NOW)
    assert (package.with_stage, own.with_stage) == (True, False)
    carry(hall, own)
    with hall.at_the_hall(), pytest.raises(RuleBroken, match="không có phần thi trên sân khấu"):
        performances.draw_order(here().round, "x", 1, SYSTEM, NOW)


def test_packages_of_questions_go_along_and_come_home_with_who_drew_which(hall: Machines):
    package = make_stage_day()
    aloud = [
        make_item(kind=Kind.ORAL, options=(), key=(), points=[{"text": "Nêu đủ", "marks": 100}])
        for _ in range(3)
    ]
    for number, version in enumerate(aloud, start=1):
        lot = Lot(round_id=package.round_id, part="Thuyết trình", number=number)
        lot.items = [LotItem(place=1, version=version)]
        db.session.add(lot)
    carry(hall, package)
    with hall.at_the_hall():
        day = Day()
        assert [len(lot.items[0].version.points) for lot in lots.of_round(day.round)] == [1, 1, 1]
        assert db.session.query(RoundItem).count() == 0, "no question asked aloud stands on a paper"
        day.draw()
        back, kept = day.turn_of("N0", "Thuyết trình"), day.turn_of("N1", "Thuyết trình")
        lots.draw(back, 3, "", day.secretary, NOW)
        lots.take_back(back, "Đọc nhầm số", day.secretary, NOW)
        lots.draw(kept, 2, "", day.secretary, NOW)
        day.everybody()
    take_in(brought_back(hall)[1])
    found = [(lot.number, lot.void_reason, lot.performance) for lot in lots.of_round(here().round)]
    drew = Day.turn_of(None, "N1", "Thuyết trình")
    assert found == [(1, "", None), (2, "", drew), (3, "Đọc nhầm số", None)]
    assert drew.lot_drawn_at == NOW


# --- what is not taken in -----------------------------------------------------------------------------------------


def held(hall: Machines) -> sittings.Sitting:
    """Hold the whole day on the laptop and return what it brings back."""
    carry(hall, make_stage_day())
    with hall.at_the_hall():
        day = Day()
        day.draw()
        day.everybody()
    return brought_back(hall)[0]


def take(sitting, name: str = "a file"):
    return sitting_imports.take_in(here(), sitting, name, "tep.htbt", SYSTEM, BACK)


def test_who_was_marked_on_the_server_is_refused_and_listed(hall: Machines):
    package = make_stage_day()
    performances.draw_order(package.round, "bốc ở huyện", 1, actor("board-secretary-1"), NOW - HOUR)
    carry(hall, package)
    with hall.at_the_hall():
        Day().everybody()
    performances.call(Day.turn_of(None, "N0", "Chào hỏi"), actor("board-secretary-1"), NOW)
    done = take_in(brought_back(hall)[1])
    assert reasons(done) == [("N0", "Chào hỏi", "marked_here")]
    assert (done.report["stage"]["new"], len(Day.turn_of(None, "N0", "Chào hỏi").sheets)) == (5, 0)


def test_another_order_by_which_people_perform_here_already_stays(hall: Machines):
    sitting = held(hall)
    contest_round = here().round
    performances.draw_order(contest_round, "khác", 1, SYSTEM, NOW)
    first = performances.of_round(contest_round)[0]
    performances.call(first, SYSTEM, NOW)
    done = take(sitting)
    assert {reason for *_, reason in reasons(done)} == {"other_order", "marked_here"}
    assert performances.draw_of(contest_round).seed == "khác" and db.session.query(ScoreSheet).count() == 0


def test_an_order_drawn_here_by_which_nobody_performed_gives_way_to_the_hall_s(hall: Machines):
    sitting = held(hall)
    performances.draw_order(here().round, "khác", 1, SYSTEM, NOW)
    assert take(sitting).report["stage"]["new"] == 6
    assert performances.draw_of(here().round).seed == "xuân Mai Sơn"
    drawn = {turn.person: turn.drawn for turn in sitting.turns}
    assert {one.entry.person.code: one.drawn for one in performances.of_round(here().round)} == drawn


def test_who_was_withdrawn_since_or_is_not_entered_is_refused(hall: Machines):
    sitting = held(hall)
    entry = db.session.scalars(select(Entry).join(Entry.person).where(Person.code == "N1")).one()
    entries.withdraw(entry, "chuyển công tác", SYSTEM, NOW)
    assert reasons(take(sitting)) == [
        ("N1", "Chào hỏi", "stage_withdrawn"), ("N1", "Thuyết trình", "stage_withdrawn"),
    ]  # fmt: skip


def test_what_was_signed_anew_after_it_came_home_is_refused(hall: Machines):
    take(held(hall))
    with hall.at_the_hall():
        day = Day()
        one = day.turn_of("N1", "Chào hỏi")
        stage_points.unsign(one, "Nhầm", day.head, BACK)
        sheets.correct(sheets.sheet_at(one, 1), {"Nội dung": 0, "Phong cách": 0}, "Nhầm", day.secretary, BACK)
        day.sign(one, BACK)
    before = ranking()
    assert reasons(take_in(brought_back(hall)[1])) == [("N1", "Chào hỏi", "stage_changed")]
    assert ranking() == before


def test_other_rules_refuse_the_whole_file(hall: Machines):
    sitting = held(hall)
    stage = here().round.stage
    first = stage.rules["parts"][0] | {"minutes": 4}
    stage.rules = stage.rules | {"parts": [first, *stage.rules["parts"][1:]]}
    db.session.flush()
    with pytest.raises(RuleBroken, match="Thể lệ"):
        take(sitting)


def test_an_order_that_its_seed_does_not_give_refuses_the_whole_file(hall: Machines):
    sitting = held(hall)
    one, two, *rest = sitting.turns
    swapped = (dataclasses.replace(one, drawn=two.drawn, place=two.place),
               dataclasses.replace(two, drawn=one.drawn, place=one.place), *rest)  # fmt: skip
    with pytest.raises(RuleBroken, match="không phải do bốc thăm"):
        take(dataclasses.replace(sitting, turns=swapped))


def test_points_are_computed_again_and_a_difference_is_told(hall: Machines):
    sitting = held(hall)
    line = next(one for one in sitting.performances if one.key == ("N0", "Thuyết trình"))
    others = tuple(one for one in sitting.performances if one is not line)
    done = take(dataclasses.replace(sitting, performances=(*others, dataclasses.replace(line, points=2000))))
    (told,) = done.report["stage"]["differences"]
    assert (told["person"], told["points"], told["here"]) == ("N0", 2000, line.points)
    assert stage_points.earned(Day.turn_of(None, "N0", "Thuyết trình")).points.points == line.points


def test_nothing_is_taken_in_after_the_final_result(hall: Machines):
    take(held(hall))
    again = brought_back(hall)[1]
    contest_round = here().round
    at = contest_round.window.ends_at + HOUR
    results.publish(contest_round, results.PROVISIONAL, "", actor("head-judge-1"), at)
    publish_final(contest_round, actor("head-judge-1"), at)
    with pytest.raises(RuleBroken, match="Kết quả chính thức"):
        take_in(again)


def test_no_file_is_taken_while_a_clock_runs(hall: Machines):
    carry(hall, make_stage_day())
    with hall.at_the_hall():
        day = Day()
        day.draw()
        performances.start(performances.of_round(day.round)[0], day.secretary, NOW)
    with pytest.raises(RuleBroken, match="đang chạy"):
        brought_back(hall)
