"""After a hall's file is taken in, the district can answer what it could have answered had the hall had a line."""

import dataclasses

import pytest
from sqlalchemy import func, select

from quiz.core.errors import AlreadyDone
from quiz.core.incidents import IncidentKind
from quiz.core.paper_entry import Keyed, Medium, PaperState
from quiz.core.people import AbsenceReason
from quiz.core.signals import Sign
from quiz.extensions import db
from quiz.files import packages as files
from quiz.models import (
    Absence,
    Account,
    Attempt,
    AuditEvent,
    AuthSession,
    Entry,
    HallDevice,
    HallSeat,
    HallSession,
    Incident,
    Keying,
    Person,
    PrintedPaper,
    Response,
    TimeGrant,
)
from quiz.services import (
    auth,
    entries,
    grants,
    hall_devices,
    halls,
    incidents,
    paper_entry,
    printed_papers,
    seats,
    signal_search,
    sitting_imports,
)
from quiz.services.audit import SYSTEM, Actor
from quiz.services.grants import Wish
from quiz.services.traces import Trace, trace_of
from tests.factories import HOUR, NOW, make_account
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

pytestmark = pytest.mark.long  # two machines a test

TABLES = (
    Attempt,
    Response,
    PrintedPaper,
    Keying,
    HallSession,
    HallDevice,
    HallSeat,
    TimeGrant,
    Absence,
    AuthSession,
)


def counts() -> dict[str, int]:
    """Return how many rows stand in the tables an import adds to."""
    return {
        one.__tablename__: db.session.scalar(select(func.count()).select_from(one)) or 0 for one in TABLES
    }


def entry_of(code: str) -> Entry:
    """Return the entry of somebody on this machine."""
    return db.session.scalars(select(Entry).join(Entry.person).where(Person.code == code)).one()


def staff(name: str) -> Actor:
    """Return somebody of the laptop's staff, called `name`."""
    account = make_account()
    account.display_name = name
    db.session.flush()
    return Actor(account.id)


# --- answer sheets ------------------------------------------------------------------------------------------------


def key_a_sheet(
    code: str, first: tuple[str, ...], second: tuple[str, ...], decided: dict[int, str]
) -> Attempt:
    """Let somebody sit on paper at the hall, two people key the sheet, and a third settle what differs."""
    one, two, three = staff("Lò Văn Một"), staff("Lò Thị Hai"), staff("Lò Văn Ba")
    paper = printed_papers.issue(entry_of(code), one, NOW, f"seed of {code}")
    paper_entry.key(paper, Keyed(first, 7), one, NOW + HOUR)
    state = paper_entry.key(paper, Keyed(second, 7), two, NOW + HOUR + 1)
    if state is PaperState.DIFFERENT:
        paper_entry.settle(paper, decided, None, "đối chiếu phiếu gốc", three, NOW + HOUR + 2)
    return paper.attempt


def test_two_keyings_and_their_settlement_come_home(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        attempt = key_a_sheet("N0", ("1", "0", "", "2", "3"), ("1", "?", "", "2", "1"), {1: "0", 4: "1"})
        points, receipt = attempt.raw_score, attempt.receipt_code
    done = take_in(brought_back(machines)[1])
    assert (done.report["new"], done.report["differences"], done.report["parts"]["papers"]) == (1, [], 1)
    paper = db.session.scalars(select(PrintedPaper)).one()
    assert (paper.attempt.receipt_code, paper.attempt.raw_score) == (receipt, points)
    assert paper.attempt.medium == Medium.PAPER
    assert [
        (one.number, one.keyer, one.account, tuple(one.choices), one.minutes) for one in paper.keyings
    ] == [
        (1, "Lò Văn Một", None, ("1", "0", "", "2", "3"), 7),
        (2, "Lò Thị Hai", None, ("1", "?", "", "2", "1"), 7),
    ]
    assert [one.keyed_at for one in paper.keyings] == [NOW + HOUR, NOW + HOUR + 1]
    assert (paper.settler, paper.reason, paper.decided) == (
        "Lò Văn Ba",
        "đối chiếu phiếu gốc",
        {"1": "0", "4": "1"},
    )
    assert (paper.settled_at, paper.minutes, paper.attempt.time_used) == (NOW + HOUR + 2, 7, 7 * MINUTE)
    assert {one.position for one in paper_entry.differences_of(paper)} == {1, 4}
    assert printed_papers.by_code(receipt) is paper and printed_papers.state(paper) is PaperState.ENTERED


def test_nobody_keys_a_sheet_again_that_was_entered_in_the_hall(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        key_a_sheet("N0", ("1",) * 5, ("1",) * 5, {})
    take_in(brought_back(machines)[1])
    paper = db.session.scalars(select(PrintedPaper)).one()
    assert paper.settler == "Lò Thị Hai"
    with pytest.raises(AlreadyDone):
        paper_entry.key(paper, Keyed(("0",) * 5, 7), staff("Thư ký huyện"), BACK)


def test_points_that_the_keyings_do_not_bear_out_are_refused_although_the_file_is_sealed_well(
    machines: Machines,
):
    carry(machines, make_district())
    with machines.at_the_hall():
        key_a_sheet("N0", ("1",) * 5, ("1",) * 5, {})
        package = here()
        uuid_secret = package.secret
    sitting = brought_back(machines)[0]
    kept = sitting.papers[0].keyings
    forged = tuple(keying._replace(choices=("0", *keying.choices[1:])) for keying in kept)
    papers = (dataclasses.replace(sitting.papers[0], keyings=forged),)
    done = take_in(files.write_sitting(dataclasses.replace(sitting, papers=papers), uuid_secret))
    assert [(line["person"], line["reason"]) for line in done.report["refused"]] == [("N0", "bad_keyings")]
    assert counts()["attempt"] == counts()["printed_paper"] == counts()["keying"] == 0


# --- the hall -----------------------------------------------------------------------------------------------------


def sit_at_two_devices() -> None:
    """N0 begins at one device and is moved to another, N1 follows at the first; N2 does not come."""
    contest_round, proctor = here().round, staff("Giám thị Hà")
    hall = halls.open_hall(contest_round, hall_at(contest_round.unit), "seed", proctor, NOW)
    first, second = (hall_devices.join(hall.code, "", NOW)[0] for _ in range(2))

    def sit_down(code: str, device: HallDevice, at: int) -> None:
        claim = seats.claim(device, halls.code_of(hall, entry_of(code)), "", at)
        seats.sit(device, claim, 12, "", at)

    sit_down("N0", first, NOW + MINUTE)
    halls.move(hall, entry_of("N0"), second, proctor, NOW + 2 * MINUTE)
    sit("N0", 3, NOW + 3 * MINUTE, minutes=2)
    sit_down("N1", first, NOW + 4 * MINUTE)
    halls.mark_absent(entry_of("N2"), AbsenceReason.ILLNESS, "Ốm", "", proctor, NOW + 5 * MINUTE)
    grants.give(contest_round, hall, Wish(3, "mất điện", "a form"), proctor, NOW + 6 * MINUTE)
    sit("N1", 2, NOW + 7 * MINUTE)
    halls.close(hall, False, proctor, NOW + HOUR)


def test_who_sat_at_which_device_comes_home_with_moves_and_instants(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit_at_two_devices()
    parts = take_in(brought_back(machines)[1]).report["parts"]
    assert (parts["halls"], parts["seats"], parts["absent"], parts["cells"]) == (1, 3, 1, 1)
    hall = db.session.scalars(select(HallSession)).one()
    assert (hall.place, hall.keeper, hall.proctor, hall.closed_at) == (
        "Nhà văn hóa",
        "Giám thị Hà",
        None,
        NOW + HOUR,
    )
    rows = select(HallSeat).order_by(HallSeat.sat_at, HallSeat.id)
    assert [
        (
            one.device.label,
            one.entry.person.code,
            one.sat_at - NOW,
            (one.left_at or 0) - NOW,
            one.left_because,
        )
        for one in db.session.scalars(rows)
    ] == [
        ("Máy 1", "N0", MINUTE, 2 * MINUTE, "moved"),
        ("Máy 2", "N0", 2 * MINUTE, HOUR, "closed"),
        ("Máy 1", "N1", 4 * MINUTE, HOUR, "closed"),
    ]
    assert {device.label for device, _ in hall_devices.devices_of(hall)} == {"Máy 1", "Máy 2"}


def test_an_absence_of_a_cell_comes_home_with_its_reason_and_counts_in_the_report(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit_at_two_devices()
    take_in(brought_back(machines)[1])
    absence = db.session.scalars(select(Absence)).one()
    assert (absence.unit.code, absence.reason, absence.created_at) == (
        "MS.CN.2", AbsenceReason.ILLNESS, NOW + 5 * MINUTE,
    )  # fmt: skip


def test_minutes_name_who_gave_them(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit_at_two_devices()
    take_in(brought_back(machines)[1])
    grant = db.session.scalars(select(TimeGrant)).one()
    assert (grant.giver, grant.given_by, grant.reason, grant.hall.place) == (
        "Giám thị Hà", None, "mất điện", "Nhà văn hóa",
    )  # fmt: skip


def test_the_record_of_acts_points_at_what_stands_here(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit_at_two_devices()
    take_in(brought_back(machines)[1])
    acts = {event.action: event for event in db.session.scalars(select(AuditEvent))}
    hall, grant = db.session.scalars(select(HallSession)).one(), db.session.scalars(select(TimeGrant)).one()
    assert acts["hall.open"].target == f"hall_session:{hall.id}"
    assert acts["time.give"].target == f"time_grant:{grant.id}"
    assert acts["hall.absent"].target == f"entry:{entry_of('N2').id}"
    assert acts["hall.open"].detail["by"] == "Giám thị Hà"


def test_whoever_is_still_seated_has_left_by_handing_in(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        contest_round = here().round
        hall = halls.open_hall(contest_round, hall_at(contest_round.unit), "seed", SYSTEM, NOW)
        device = hall_devices.join(hall.code, "Máy giám thị", NOW)[0]
        seats.sit(device, seats.claim(device, halls.code_of(hall, entry_of("N0")), "", NOW), 12, "", NOW)
        sit("N0", 1, NOW, minutes=4)
    take_in(brought_back(machines)[1])
    seat = db.session.scalars(select(HallSeat)).one()
    assert (seat.left_at, seat.left_because, seat.session_id) == (NOW + 4 * MINUTE, "done", None)
    assert seat.hall.closed_at == BACK


def test_no_device_of_the_hall_opens_anything_on_the_server(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        hall = halls.open_hall(here().round, hall_at(here().round.unit), "seed", SYSTEM, NOW)
        _device, token = hall_devices.join(hall.code, "", NOW)
        code = hall.code
        sit("N0", 1)
    take_in(brought_back(machines)[1])
    assert hall_devices.device_of(token) is None
    assert hall_devices.hall_of_code(code) is None


def note_the_power_cut(done: str) -> None:
    """Write the power cut down in the hall's log, or what else was done about it, with the minutes given."""
    contest_round, proctor = here().round, staff("Giám thị Hà")
    known = db.session.scalars(select(Incident)).first()
    if known is not None:
        incidents.add_step(known, done, f"step {done}"[:40], proctor, NOW + 8 * MINUTE)
        return
    grant = grants.give(
        contest_round, contest_round.unit, Wish(3, "mất điện", "a form"), proctor, NOW + 6 * MINUTE
    )
    wish = incidents.Wish(
        IncidentKind.POWER, contest_round.unit, NOW + 2 * MINUTE, "Mất điện cả bản", "incident form", "Nhà văn hóa",
        entry_of("N1"), done,
    )  # fmt: skip
    incidents.link(
        incidents.write(contest_round, wish, proctor, NOW + 7 * MINUTE), [grant], proctor, NOW + 7 * MINUTE
    )


def test_the_log_of_incidents_comes_home_with_steps_and_minutes_and_grows_with_a_second_file(
    machines: Machines,
):
    carry(machines, make_district())
    with machines.at_the_hall():
        sit("N0", 2)
        note_the_power_cut("Chạy máy nổ")
    assert take_in(brought_back(machines)[1]).report["parts"]["incidents"] == 1
    with machines.at_the_hall():
        note_the_power_cut("Điện đã có lại")
    assert take_in(brought_back(machines)[1]).report["parts"]["incidents"] == 0
    incident = db.session.scalars(select(Incident)).one()
    assert (incident.kind, incident.what, incident.place, incident.writer) == (
        IncidentKind.POWER, "Mất điện cả bản", "Nhà văn hóa", "Giám thị Hà",
    )  # fmt: skip
    assert (incident.entry.person.code, incident.unit.code, incident.happened_at) == (
        "N1",
        "MS.CN",
        NOW + 2 * MINUTE,
    )
    assert [(step.text, step.writer) for step in incident.steps] == [
        ("Chạy máy nổ", "Giám thị Hà"), ("Điện đã có lại", "Giám thị Hà"),
    ]  # fmt: skip
    assert [grant.reason for grant in incident.grants] == ["mất điện"]


# --- devices of their own -------------------------------------------------------------------------------------------


def test_two_people_on_one_phone_in_the_hall_are_a_sign_at_home(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        shared = trace_of("one phone", "")
        for minute, code in ((0, "N0"), (10, "N1")):
            card = db.session.scalars(
                select(auth.AccessCard).where(auth.AccessCard.person_id == entry_of(code).person_id)
            ).one()
            auth.open_session(auth.holder_of(card), 12, "", NOW + minute * MINUTE - 1, shared)
            sit(code, 2, NOW + minute * MINUTE)
    done = take_in(brought_back(machines)[1])
    assert done.report["parts"]["sign_ins"] == 2
    found = signal_search.look(done.package.round, BACK)
    assert [len(sign.attempts) for sign in found.signs if sign.kind is Sign.DEVICE] == [2]


def test_a_sign_in_that_came_home_opens_nothing_and_is_over(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        card = db.session.scalars(select(auth.AccessCard).order_by(auth.AccessCard.id)).first()
        token = auth.open_session(auth.holder_of(card), 12, "", NOW, Trace("d" * 16, ""))
        sit("N1", 2)
    take_in(brought_back(machines)[1])
    session = db.session.scalars(select(AuthSession)).one()
    assert (session.revoked_at, session.expires_at, session.device) == (NOW, NOW, "d" * 16)
    assert auth.principal_of(token, NOW) is None
    assert auth.principal_of(session.token_hash, NOW) is None


# --- once, and nothing else -----------------------------------------------------------------------------------------


def everything_at_the_hall() -> None:
    """Let the hall do something of every kind."""
    sit_at_two_devices()
    card = db.session.scalars(select(auth.AccessCard).order_by(auth.AccessCard.id)).first()
    auth.open_session(auth.holder_of(card), 12, "", NOW, Trace("d" * 16, ""))


def test_a_second_file_of_the_same_hall_brings_none_of_it_twice(machines: Machines):
    carry(machines, make_district(people=4))
    with machines.at_the_hall():
        everything_at_the_hall()
    take_in(brought_back(machines)[1])
    before = counts()
    with machines.at_the_hall():
        key_a_sheet("N3", ("1",) * 5, ("1",) * 5, {})
    parts = take_in(brought_back(machines)[1]).report["parts"]
    new = {"attempt": 1, "printed_paper": 1, "keying": 2, "response": 5}
    assert counts() == before | {name: before[name] + more for name, more in new.items()}
    assert (parts["papers"], parts["seats"], parts["halls"], parts["grants"], parts["cells"], parts["sign_ins"]) == (
        1, 0, 0, 0, 0, 0,
    )  # fmt: skip


def test_what_the_server_knew_before_is_left_as_it_was(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        everything_at_the_hall()
    contest_round, clerk = here().round, staff("Ban Tổ chức huyện")
    entries.withdraw(entry_of("N2"), "chuyển công tác", clerk, NOW)
    cell = entry_of("N2").unit
    entries.record_absence(contest_round, cell, AbsenceReason.AWAY_ON_DUTY, "đi học", clerk, NOW)
    halls.open_hall(contest_round, hall_at(contest_round.unit), "seed", clerk, NOW + 1)
    take_in(brought_back(machines)[1])
    absence = db.session.scalars(select(Absence)).one()
    assert (absence.reason, absence.note) == (AbsenceReason.AWAY_ON_DUTY, "đi học")
    assert entry_of("N2").withdrawn_reason == "chuyển công tác"
    own, brought = db.session.scalars(select(HallSession).order_by(HallSession.id))
    assert (own.closed_at, own.keeper) == (None, "Ban Tổ chức huyện")
    assert (brought.closed_at, brought.keeper) == (NOW + HOUR, "Giám thị Hà")


def test_no_account_of_the_laptop_comes_along(machines: Machines):
    carry(machines, make_district())
    before = db.session.scalar(select(func.count()).select_from(Account))
    with machines.at_the_hall():
        everything_at_the_hall()
    take_in(brought_back(machines)[1])
    assert db.session.scalar(select(func.count()).select_from(Account)) == before


def test_a_preview_writes_nothing(machines: Machines):
    carry(machines, make_district())
    with machines.at_the_hall():
        everything_at_the_hall()
    sitting = brought_back(machines)[0]
    before = counts()
    plan = sitting_imports.plan(here(), sitting, "digest")
    assert len(plan.merge.new) == 2
    assert counts() == before
