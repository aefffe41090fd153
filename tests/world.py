"""A small contest with everything in it twice: once in the commune a person answers for, once in the next one."""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask

from quiz.core.api_scopes import ApiScope
from quiz.core.approvals import Act
from quiz.core.archives import Content, Manifest
from quiz.core.awards import BoardAct
from quiz.core.essays import EssayRule
from quiz.core.incidents import IncidentKind
from quiz.core.judging import Judging
from quiz.core.parts import Part
from quiz.core.people import AbsenceReason
from quiz.core.permissions import Permission, Role
from quiz.core.promotion import WayOut
from quiz.core.rules import Rules
from quiz.core.signals import Sign
from quiz.extensions import db, keyring
from quiz.files import archives, backups
from quiz.keyring import hash_secret
from quiz.models import (
    Absence,
    AccessCard,
    Account,
    Appeal,
    Approval,
    Attempt,
    AwardDecision,
    Contest,
    Decline,
    Entry,
    Essay,
    EssayFile,
    Grant,
    HallCode,
    HallDevice,
    HallSession,
    Incident,
    Job,
    Keying,
    Package,
    PanelSeat,
    Performance,
    Person,
    PrintedPaper,
    Projection,
    Reserve,
    Round,
    RoundUnit,
    Signal,
    SignalPaper,
    SittingImport,
    TieDecision,
    TimeGrant,
    Unit,
    Upload,
)
from quiz.services import api_tokens, approvals, auth, results
from quiz.services.audit import Actor
from quiz.settings import ROOT
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_attempt,
    make_bank,
    make_cell,
    make_contest,
    make_document,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_stage,
    make_unit,
    publish_final,
)

FILES = {
    "bank": "questions/huong-dan-12.yaml",
    "roster": "demo/mai-son.xlsx",
    "registrations": "demo/mai-son.xlsx",
    "packages": "demo/mai-son.xlsx",
}
BACKUP = "sao-luu-20230205-080000.zip"
TOKENS = {"own": "token-of-the-own-card-0123456789", "other": "token-of-another-card-0123456789"}


@dataclass
class World:
    """Session tokens by role name, and the value of every URL parameter for "own" and "other" things."""

    sessions: dict[str, str] = field(default_factory=dict)
    own: dict[str, object] = field(default_factory=dict)
    other: dict[str, object] = field(default_factory=dict)
    readers: dict[str, str] = field(default_factory=dict)  # tokens of other systems, by side and state
    uploads: dict[tuple[str, str], int] = field(default_factory=dict)  # by role and the pages that use it
    jobs: dict[str, int] = field(default_factory=dict)  # by role, each its own


def build(app: Flask, now: int) -> World:
    """Fill the database of `app` and return what is in it; sessions are open at `now`."""
    world = World()
    with app.app_context():
        district = make_unit("Mai Sơn", type_label="huyện")
        elsewhere = make_unit("Thuận Châu", type_label="huyện")
        versions = [make_item() for _ in range(6)]
        world.own = _side(district, "Cò Nòi", "own", versions[0].item_id, now)
        world.other = _side(elsewhere, "Muổi Nọi", "other", versions[1].item_id, now)
        own_unit = db.session.get(Unit, world.own["unit_id"])
        judges: list[Account] = []
        for role in Role:
            if role is not Role.CONTESTANT:
                scope = None if role is Role.SYSTEM_ADMIN else own_unit
                account = make_account((role, scope))
                if role in (Role.JUDGE, Role.HEAD_JUDGE):
                    judges.append(account)
                world.sessions[role.value] = _session(account, now)
                world.jobs[role.value] = _job(account, own_unit, "own").id
                for pages, file in FILES.items():
                    world.uploads[role.value, pages] = _upload(account, pages, file, now)
        world.readers = _readers(world, now)
        _seat_judges(world.own["performance_id"], judges)
        for side, values in (("own", world.own), ("other", world.other)):
            card = db.session.get(AccessCard, values["card_id"])
            world.sessions[f"contestant_{side}"] = _session(card, now)
        db.session.commit()
        db.session.remove()
        _keep_a_backup(app)
    return world


def _readers(world: World, now: int) -> dict[str, str]:
    """Make a token over each commune that may read everything, and some of the own commune that may not read."""
    texts = {}
    for side, values in (("own", world.own), ("other", world.other)):
        unit = db.session.get(Unit, values["unit_id"])
        actor = Actor(make_account((Role.ORGANIZER, unit)).id)
        token, texts[side] = api_tokens.make("Cổng thông tin", unit, list(ApiScope), 30, actor, now)
        values["token_id"] = token.id
    unit = db.session.get(Unit, world.own["unit_id"])
    maker = make_account((Role.ORGANIZER, unit))
    revoked, texts["revoked"] = api_tokens.make("Đã thu hồi", unit, list(ApiScope), 30, Actor(maker.id), now)
    api_tokens.revoke(revoked, Actor(maker.id), now)
    long_ago = now - 40 * api_tokens.DAY
    _, texts["run_out"] = api_tokens.make("Hết hạn", unit, list(ApiScope), 30, Actor(maker.id), long_ago)
    _, texts["scopeless"] = api_tokens.make("Không đọc gì", unit, [], 30, Actor(maker.id), now)
    return texts


def _keep_a_backup(app: Flask) -> None:
    """Put a file into the folder of backups, and a copy beside it for when somebody removes it."""
    folder = backups.folder_in(app.config["SETTINGS"].data_dir)
    head = Manifest(Content.EVERYTHING, "0001", "0", NOW, "thử")
    for name in (BACKUP, f"{BACKUP}.kept"):
        archives.write(folder / name, head, [])


def _session(holder: Account | AccessCard, now: int) -> str:
    return auth.open_session(auth.holder_of(holder), hours=12, agent="", now=now)


def _side(district: Unit, name: str, side: str, item_id: int, now: int) -> dict[str, object]:
    commune = make_unit(name, district)
    cell = make_cell(commune, f"Bản {name}")
    person = make_person(cell, f"Lò Văn {name}")
    contest = make_contest(commune)
    contest_round = make_round(make_stage(contest), commune, opened_at=NOW - HOUR)
    entry = make_entry(contest_round, person)
    attempt = make_attempt(entry)
    account = make_account((Role.OBSERVER, commune))
    grant = db.session.query(Grant).filter_by(account_id=account.id).one()
    return {
        "unit_id": commune.id,
        "cell_id": cell.id,
        "bank_id": make_bank().id,
        "person_id": person.id,
        "contest_id": contest.id,
        "stage_id": contest_round.stage_id,
        "round_id": contest_round.id,
        "entry_id": entry.id,
        **_package(contest_round, side),
        "hall_id": (hall := _hall(contest_round, entry, side)).id,
        "device_id": db.session.query(HallDevice.id).filter_by(hall_id=hall.id).scalar(),
        "code": f"HALL{side.upper()}",
        "incident_id": _incident(contest_round, commune, side).id,
        "screen": _screen(contest_round, side).code,
        "time_grant_id": _time_grant(contest_round, person).id,
        "reserve_id": _reserve(contest_round, cell),
        "number": _cluster(contest_round),
        "absence_id": _absence(contest_round, make_cell(commune, "Bản vắng")).id,
        "attempt_id": attempt.id,
        "edition_id": _edition(contest_round),
        "award_decision_id": _award_decision(contest_round, entry).id,
        "decline_id": add(Decline(entry_id=entry.id, reason="Đi học", declined_at=NOW)).id,
        "tie_decision_id": _tie_decision(contest_round, entry).id,
        "appeal_id": _appeal(attempt).id,
        "approval_id": _approval(contest_round).id,
        "signal_id": _signal(contest_round, attempt).id,
        "account_id": account.id,
        "grant_id": grant.id,
        "paper_id": _printed_paper(contest_round, cell).id,
        "item_id": item_id,
        "paper_kind": "contestants",
        "paper_format": "docx",
        "job_id": _job(account, commune, side).id,
        "document_id": make_document().id,
        "backup_name": BACKUP,
        **_judged(contest, commune, person),
        "seat": 1,
        "place": 1,
        "card_id": _card(contest.id, person, side, now).id,
        "token": TOKENS[side],
    }


PART = Part("Chào hỏi", max_points=2000, minutes=5, judging=Judging(judges=2), essay=EssayRule())


def _judged(contest: Contest, commune: Unit, person: Person) -> dict[str, int]:
    """Return a stage before judges, somebody's turn in its round and the essay; `_seat_judges` gives it a panel."""
    stage = make_stage(contest, Rules(parts=(PART,), tie_breaks=()), ordinal=2)
    contest_round = make_round(stage, commune, opened_at=NOW - HOUR)
    entry = make_entry(contest_round, person)
    turn = {"part": PART.name, "session": 1, "place": 1, "drawn": 1}
    performance = add(Performance(round_id=contest_round.id, entry_id=entry.id, **turn))
    sent = {"file_name": "de-cuong.txt", "kind": "txt", "size": 2, "sha256": "0" * 64, "received_at": NOW}
    essay = add(Essay(round_id=contest_round.id, part=PART.name, entry_id=entry.id, **sent))
    add(EssayFile(essay_id=essay.id, data=b"ok"))
    return {"judged_stage_id": stage.id, "performance_id": performance.id, "essay_id": essay.id}


def _seat_judges(performance_id: object, judges: list[Account]) -> None:
    contest_round = db.session.get_one(Performance, performance_id).round
    for seat, account in enumerate(judges, start=1):
        place = {"round_id": contest_round.id, "part": PART.name, "seat": seat}
        add(PanelSeat(account_id=account.id, ranking_group="", **place))


def _card(contest_id: int, person: Person, side: str, now: int) -> AccessCard:
    return add(
        AccessCard(
            contest_id=contest_id,
            person_id=person.id,
            serial=1,
            code=f"CARD{side.upper()}",
            pin_hash=hash_secret("123456"),
            token_hash=keyring.hash_token(TOKENS[side]),
            issued_at=now,
        )
    )


def _reserve(contest_round: Round, cell: Unit) -> int:
    values = {"person": make_person(cell, "Lò Thị Dự"), "unit": cell, "scope": contest_round.unit}
    return int(add(Reserve(round_id=contest_round.id, created_at=NOW, **values)).id)


def _cluster(contest_round: Round) -> int:
    for scope in db.session.query(RoundUnit).filter_by(round_id=contest_round.id):
        scope.cluster = "Cụm 1"
    return 1


def _absence(contest_round: Round, cell: Unit) -> Absence:
    absence = Absence(round_id=contest_round.id, unit=cell, reason=AbsenceReason.ILLNESS, created_at=NOW)
    return cast(Absence, add(absence))


def _hall(contest_round: Round, entry: Entry, side: str) -> HallSession:
    values = {"place": "Hội trường", "code": f"HALL{side.upper()}", "opens_at": NOW, "created_at": NOW}
    hall = add(HallSession(round_id=contest_round.id, unit_id=contest_round.unit_id, **values))
    add(HallCode(hall_id=hall.id, entry_id=entry.id, code="1234"))
    add(HallDevice(hall_id=hall.id, label="Máy 1", token_hash=f"hash {side}", joined_at=NOW))
    return cast(HallSession, hall)


def _package(contest_round: Round, side: str) -> dict[str, object]:
    values = {"uuid": side.ljust(32, "0"), "secret": "00" * 32, "phrase": "ABCD", "made_at": NOW}
    package = add(Package(round=contest_round, **values))
    report = {"new": 0, "known": 0, "refused": [], "differences": [], "receipts": [], "drawn": []}
    report |= {"parts": {"halls": 0, "grants": 0, "late": 0, "absent": 0, "acts": 0}}
    done = SittingImport(
        package=package,
        digest=side,
        filename="ket-qua.htbt",
        collected_at=NOW,
        imported_at=NOW,
        report=report,
    )
    return {"package_id": package.id, "import_id": add(done).id}


def _time_grant(contest_round: Round, person: Person) -> TimeGrant:
    values = {"minutes": 5, "reason": "mất điện", "key": f"key {person.id}", "given_at": NOW}
    grant = TimeGrant(round_id=contest_round.id, person_id=person.id, path=person.unit.path, **values)
    return cast(TimeGrant, add(grant))


def _award_decision(contest_round: Round, entry: Entry) -> AwardDecision:
    edition = results.final_of(contest_round.id)
    values = {"act": BoardAct.PASS_OVER, "key": entry.id, "reason": "xin không nhận", "decided_at": NOW}
    account = make_account()
    return cast(AwardDecision, add(AwardDecision(edition_id=edition.id, decided_by=account, **values)))


def _tie_decision(contest_round: Round, entry: Entry) -> TieDecision:
    edition = results.final_of(contest_round.id)
    values = {
        "scope": "",
        "rank": 1,
        "way": WayOut.DRAW,
        "chosen": [entry.id],
        "seed": "7",
        "reason": "biên bản 3",
    }
    row = TieDecision(edition_id=edition.id, decided_at=NOW, decided_by_id=make_account().id, **values)
    return cast(TieDecision, add(row))


def _appeal(attempt: Attempt) -> Appeal:
    values = {"position": -1, "text": "Xin xem lại", "asked_at": NOW, "due_at": NOW + HOUR}
    return cast(Appeal, add(Appeal(round_id=attempt.round_id, attempt_id=attempt.id, **values)))


def _approval(contest_round: Round) -> Approval:
    asker = Actor(make_account().id)
    subject, unit, payload = (
        f"round:{contest_round.id}",
        contest_round.unit,
        {"before": [NOW, NOW], "after": [NOW, NOW]},
    )
    return approvals.ask(Act.OPEN_EARLY, subject, unit, payload, "Trời sắp bão", asker, NOW, contest_round)


def _incident(contest_round: Round, unit: Unit, side: str) -> Incident:
    values = {"what": "Mất điện", "key": f"incident {side}", "happened_at": NOW, "written_at": NOW}
    incident = Incident(
        round_id=contest_round.id, unit=unit, path=unit.path, kind=IncidentKind.POWER, **values
    )
    return cast(Incident, add(incident))


def _screen(contest_round: Round, side: str) -> Projection:
    return cast(Projection, add(Projection(round=contest_round, code=f"SCREEN{side.upper()}", made_at=NOW)))


def _signal(contest_round: Round, attempt: Attempt) -> Signal:
    facts = {"answers": 9, "since": 1_000, "syllables": 90, "needed": 9_000}
    signal = Signal(round=contest_round, kind=Sign.SPEED, key="speed", strength=8.0, facts=facts)
    signal.papers = [SignalPaper(attempt=attempt)]
    return cast(Signal, add(signal))


def _printed_paper(contest_round: Round, cell: Unit) -> PrintedPaper:
    attempt = make_attempt(make_entry(contest_round, make_person(cell, "Lò Thị Giấy")), medium="paper")
    paper = PrintedPaper(attempt=attempt, issued_at=NOW, settled_at=NOW, decided={})
    paper.keyings = [
        Keying(number=number, account_id=make_account().id, keyed_at=NOW, choices=[]) for number in (1, 2)
    ]
    return cast(PrintedPaper, add(paper))


def _edition(contest_round: object) -> int:
    actor = Actor(make_account().id)
    results.publish(contest_round, results.PROVISIONAL, "", actor, NOW + 3 * HOUR)
    return publish_final(contest_round, actor, NOW + 3 * HOUR).id


def _job(account: Account, unit: Unit | None, side: str) -> Job:
    job = Job(
        kind="certificates", key=f"{side} {account.id}", title="Giấy khen", params={}, unit=unit,
        permission=str(Permission.CARD_ISSUE), asked_by=account, asked_at=NOW, ended_at=NOW, error_values={},
    )  # fmt: skip
    return cast(Job, add(job))


def _upload(account: Account, purpose: str, file: str, now: int) -> int:
    data = (ROOT / file).read_bytes()
    upload = Upload(account_id=account.id, purpose=purpose, filename=file, data=data, created_at=now)
    return int(add(upload).id)
