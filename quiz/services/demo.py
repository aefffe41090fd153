"""The demo contest: the Mai Sơn frame as a running contest, made with the same services an organizer uses.

Three small communes have sat the day before, so that rankings can be looked at; all others may be sat now. In one of
them two people shared a phone, which the board has looked at and decided about. A second, small contest of last
month shows what else happens in one (quiz.services.demo_incidents).
"""

import random
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from quiz.core.items import Level
from quiz.core.names import search_key
from quiz.core.papers import Cell
from quiz.core.permissions import Role
from quiz.core.prizes import CollectivePrize, Measure, Merit, Prize, PrizeTable, SpecialPrize
from quiz.core.promotion import Quota
from quiz.core.rosters import Roster
from quiz.core.rules import Rules
from quiz.core.signals import Sign, Verdict
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.keyring import hash_secret
from quiz.models import Account, Attempt, Contest, Entry, Grant, ItemVersion, Response, Round, Stage, Unit
from quiz.services import (
    attempts,
    audit,
    auth,
    cards,
    contests,
    demo_incidents,
    openings,
    papers,
    registrations,
    results,
    roster,
    rounds,
    signal_search,
    signals,
    traces,
)
from quiz.services.audit import Actor
from quiz.services.responses import DEVICE_BITS

PASSWORD = "thi thu Mai Son 2023"  # noqa: S105 shown to everybody who starts the demo; refused in production
TITLE = "Hội thi Bí thư chi bộ giỏi huyện Mai Sơn (dữ liệu minh họa)"
DISTRICT = "MS"
PRINTED = (
    "Cò Nòi"  # the commune whose cards are issued; its organizer may reset them, others may issue theirs
)
FINISHED = ("Chiềng Kheo", "Chiềng Dong", "Chiềng Ve")
SHARED_PHONE = "Chiềng Dong"  # two of its secretaries have one phone: a sign, and what the board made of it
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE

STAFF = (
    ("quantri", "Quản trị hệ thống", Role.SYSTEM_ADMIN),
    ("bantochuc", "Ban Tổ chức Huyện ủy", Role.ORGANIZER),
    ("phoban", "Phó Trưởng ban Tổ chức Huyện ủy", Role.ORGANIZER),
    ("thuky", "Thư ký hội thi", Role.BOARD_SECRETARY),
    ("soancauhoi", "Người soạn câu hỏi", Role.QUESTION_EDITOR),
    ("duyetcauhoi", "Người duyệt câu hỏi", Role.REVIEWER),
    ("giamkhao", "Giám khảo", Role.JUDGE),
    ("truongban", "Trưởng ban giám khảo", Role.HEAD_JUDGE),
    ("giamthi", "Giám thị", Role.PROCTOR),
    ("theodoi", "Người theo dõi", Role.OBSERVER),
)
BLUEPRINT = tuple(
    Cell(topic, level, count)
    for topic, counts in {
        "dang-vien": (3, 2, 2),
        "nguyen-tac-to-chuc": (2, 2, 2),
        "chi-bo": (2, 2, 2),
        "kiem-tra-ky-luat": (2, 2, 1),
        "sinh-hoat-chi-bo": (2, 2, 2),
    }.items()
    for level, count in zip(Level, counts, strict=True)
)
COMMUNE_PRIZES = PrizeTable((Prize("Giải nhất", 1), Prize("Giải nhì", 1), Prize("Giải ba", 2)))
DISTRICT_PRIZES = PrizeTable(
    (Prize("Giải nhất", 1), Prize("Giải nhì", 2), Prize("Giải ba", 3), Prize("Giải khuyến khích", 6)),
    special=(
        SpecialPrize("Thí sinh cao tuổi nhất", Merit.OLDEST),
        SpecialPrize("Thí sinh trẻ tuổi nhất", Merit.YOUNGEST),
        SpecialPrize("Phần sinh hoạt chi bộ hay nhất", Merit.BEST_TOPIC, topic="sinh-hoat-chi-bo"),
    ),
    collective=(CollectivePrize("Xã tham gia đông đủ nhất", Measure.PARTICIPATION, min_size=10),),
)
SignIn = tuple[str, str, str]  # role in words, name or code, secret


def is_there() -> bool:
    """Tell whether this database holds the demo contest."""
    return db.session.scalar(select(Contest.id).where(Contest.is_demo).limit(1)) is not None


def set_up(workbook: Roster, today: date, midnight: int, now: int) -> list[SignIn]:
    """Make the whole demo from the workbook's rows and return how to sign in for each role.

    `midnight` is the instant at which `today` began, so that rounds open and close at full hours.
    """
    _take_in_roster(workbook, today, now)
    district = db.session.scalars(select(Unit).where(Unit.code == DISTRICT)).one()
    communes = rounds.units_below(district, "", today)
    organizer = _make_staff(district, communes, now)
    # Made first, the contest of last month stands below this one on every list.
    incidents = demo_incidents.begin(district, organizer, midnight)
    contest = contests.create_contest(district, "MS-DEMO", TITLE, organizer, now)
    contest.is_demo = True
    db.session.flush()
    grassroots = contests.add_stage(
        contest, "Cấp cơ sở", organizer, now, Rules(BLUEPRINT, quota=Quota(reserves=1), prizes=COMMUNE_PRIZES)
    )
    rules = Rules(BLUEPRINT, quota=Quota(top=3), prizes=DISTRICT_PRIZES)
    final = contests.add_stage(contest, "Cấp huyện", organizer, now, rules)
    _make_rounds(grassroots, communes, organizer, midnight, now)
    opens_at = midnight + 20 * DAY + 8 * HOUR
    rounds.add_round(final, district, "Vòng chung kết", opens_at, opens_at + 3 * HOUR, organizer, now)
    registrations.register_all(grassroots, workbook.registrations, organizer, now - 3 * DAY)
    by_commune = {contest_round.unit.name: contest_round for contest_round in grassroots.rounds}
    for name in FINISHED:
        _play(by_commune[name], organizer)
    openings.open_all(grassroots, organizer, now - now % HOUR - MINUTE)
    demo_incidents.play(incidents, grassroots, _staff(), midnight)
    return [*_staff_sign_ins(communes), *_print_cards(by_commune[PRINTED], organizer, now)]


def _take_in_roster(workbook: Roster, today: date, now: int) -> None:
    plan = roster.plan(workbook, (), [""], today)
    roster.take_in(workbook, (), plan.fingerprint, "mai-son.xlsx", [""], today, audit.SYSTEM, now)


def _make_staff(district: Unit, communes: Iterable[Unit], now: int) -> Actor:
    password = hash_secret(PASSWORD)
    for username, name, role in STAFF:
        scope = None if role in (Role.SYSTEM_ADMIN, Role.QUESTION_EDITOR, Role.REVIEWER) else district
        _make_account(username, name, role, scope, password, now)
    for commune in communes:
        _make_account(
            username_of(commune), f"Ban Tổ chức {commune.title}", Role.ORGANIZER, commune, password, now
        )
    db.session.flush()
    return Actor(db.session.scalars(select(Account.id).where(Account.username == "bantochuc")).one())


def _staff() -> dict[str, Account]:
    """Return the staff of the district by user name."""
    names = [username for username, _name, _role in STAFF]
    return {
        one.username: one for one in db.session.scalars(select(Account).where(Account.username.in_(names)))
    }


def username_of(commune: Unit) -> str:
    """Return the demo user name of a commune's organizer: "xa-co-noi"."""
    return search_key(commune.title).replace(" ", "-")


def _make_account(username: str, name: str, role: Role, scope: Unit | None, password: str, now: int) -> None:
    account = Account(
        username=username, display_name=name, password_hash=password, is_demo=True, created_at=now
    )
    account.grants.append(Grant(role=role, unit=scope, granted_at=now))
    db.session.add(account)


def _make_rounds(stage: Stage, communes: list[Unit], organizer: Actor, midnight: int, now: int) -> None:
    yesterday, this_hour = midnight - DAY + 8 * HOUR, now - now % HOUR
    early = [commune for commune in communes if commune.name in FINISHED]
    late = [commune for commune in communes if commune.name not in FINISHED]
    rounds.rounds_for_each(stage, early, yesterday, yesterday + 2 * HOUR, organizer, now - 3 * DAY)
    rounds.rounds_for_each(stage, late, this_hour, this_hour + 7 * DAY, organizer, now - 3 * DAY)


def _play(contest_round: Round, organizer: Actor) -> None:
    """Let everybody of a round sit it, hand in and see a provisional ranking."""
    opens_at, closes_at = contest_round.opens_at or 0, contest_round.closes_at or 0
    openings.open_round(contest_round, organizer, opens_at - HOUR)
    entries = db.session.scalars(select(Entry).where(Entry.round_id == contest_round.id).order_by(Entry.id))
    sat: list[Attempt] = []
    for entry in entries:
        chance = random.Random(f"demo:{entry.person.code}")  # noqa: S311 sample answers
        started = opens_at + chance.randrange(5 * 60) * 1000
        if contest_round.unit.name == SHARED_PHONE and len(sat) == 1:
            started = (sat[0].submitted_at or 0) + 3 * MINUTE  # as soon as the phone was free
        attempt = attempts.start(entry, started, f"demo-{entry.person.code}")
        _answer(attempt, chance)
        sat.append(attempts.submit(attempt, started + chance.randrange(20 * MINUTE, 55 * MINUTE)))
    results.publish(contest_round, results.PROVISIONAL, "", organizer, closes_at + HOUR)
    if contest_round.unit.name == SHARED_PHONE:
        _share_a_phone(contest_round, sat[:2], organizer, closes_at + HOUR)


def _share_a_phone(contest_round: Round, papers: list[Attempt], organizer: Actor, now: int) -> None:
    """Let two papers have been sat on one phone, look for signs and record what the board made of this one."""
    printed = cards.issue_for(contest_round, organizer, contest_round.opens_at or now)
    cards_of = {card.person_id: card for card in printed}
    phone = traces.trace_of("a phone of the demonstration", "")
    for paper in papers:
        card = cards_of[paper.person_id]
        holder = auth.Holder(card.code, None, card.card_id, card.person_id)
        auth.open_session(holder, 2, "", paper.started_at - MINUTE, phone)
    findings = signal_search.look(contest_round, now)
    signal_search.keep(contest_round, findings, organizer, now)
    for sign in signals.page_of(contest_round, Sign.DEVICE).items:
        words = "Dùng chung điện thoại, không vi phạm: hai bản, làm lần lượt, một máy bị hỏng."
        signals.decide(sign, Verdict.NO_FINDING, words, 0, organizer, now + HOUR)


def _answer(attempt: Attempt, chance: random.Random) -> None:
    places = papers.places_of(attempt.paper)
    versions = {
        version.id: version
        for version in db.session.scalars(
            select(ItemVersion).where(ItemVersion.id.in_([place.version for place in places]))
        )
    }
    knows = chance.uniform(0.55, 0.95)
    for position, place in enumerate(places):
        right = [place.order.index(option) for option in versions[place.version].key]
        chosen = right if chance.random() < knows else [chance.randrange(len(place.order))]
        text = ",".join(str(option) for option in sorted(chosen))
        since = (position + 1) * MINUTE // 2
        stamp, at = since << DEVICE_BITS, attempt.started_at + since
        db.session.add(
            Response(attempt_id=attempt.id, position=position, choice=text, stamp=stamp, saved_at=at)
        )
    db.session.flush()


def _staff_sign_ins(communes: Iterable[Unit]) -> list[SignIn]:
    printed = next(commune for commune in communes if commune.name == PRINTED)
    names = [(name, username) for username, name, _ in STAFF]
    return [
        (name, username, PASSWORD)
        for name, username in [*names, (f"Ban Tổ chức {printed.title}", username_of(printed))]
    ]


def _print_cards(contest_round: Round, organizer: Actor, now: int) -> list[SignIn]:
    printed = cards.issue_for(contest_round, organizer, now)
    return [(f"Thí sinh {card.name}", f"{card.code[:4]}-{card.code[4:]}", card.pin) for card in printed[:3]]
