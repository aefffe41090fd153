"""The scratch contest the windows run on, written straight into the database by bulk statements.

2,000 contestants of 200 cells hold a card and a signed-in session; 600 items in six strata fill papers of 30.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from sqlalchemy import String, cast, insert, literal, select, update

from quiz.core import rules as rulebook
from quiz.core.items import Kind, Level, Status
from quiz.core.names import person_sort_key, search_key, sort_key
from quiz.core.papers import Cell
from quiz.core.people import Position
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.core.timing import MINUTE
from quiz.extensions import db, keyring
from quiz.keyring import hash_secret, new_code, new_token
from quiz.models import (
    AccessCard,
    Account,
    Attempt,
    AuthSession,
    Bank,
    Contest,
    Document,
    Entry,
    Grant,
    Item,
    ItemVersion,
    Person,
    Response,
    Round,
    RoundItem,
    RoundUnit,
    Stage,
    Topic,
    Unit,
)
from quiz.services import papers

PEOPLE = 2_000
COMMUNES, CELLS = 20, 10
TOPICS = ("dieu-le", "huong-dan")
ITEMS = 100  # of each topic at each level
PER_CELL = 5  # items a paper takes of each topic at each level
PLACES = len(TOPICS) * len(Level) * PER_CELL
PAPERS = 200  # different papers among the attempts that exist from the start
PIN = "204862"
HOUR = 60 * MINUTE
STEM = (
    "Theo quy định hiện hành, nội dung nào dưới đây nói đúng về nhiệm vụ của chi bộ trong trường hợp số %d?"
)
OPTION = "Phương án thứ %d của câu hỏi số %d, viết dài như một phương án thật trong đề thi"


@dataclass(frozen=True, slots=True)
class Contestant:
    """Somebody with a card and an open session; the secrets are what the printed card and the cookie carry."""

    person_id: int
    card_id: int
    contest_id: int
    code: str
    qr_token: str
    token: str


@dataclass(frozen=True, slots=True)
class House:
    """What every round of the bench shares."""

    district: Unit
    stage: Stage
    account: Account
    contestants: Sequence[Contestant]
    now: int


def build(now: int) -> House:
    """Make units, people with cards and sessions, the bank and the contest, and return them."""
    district = _units()
    account = Account(username="bench", display_name="bench", password_hash="", created_at=now)
    contest = Contest(code="BENCH", title="Hội thi đo tải", unit=district, created_at=now)
    its = Rules(
        tuple(Cell(topic, level, PER_CELL) for topic, level in product(TOPICS, Level)), time_limit=300
    )
    stage = Stage(
        contest=contest, ordinal=1, name="Cấp cơ sở", rules=rulebook.to_dict(its), frozen_at=now,
        rules_fingerprint=rulebook.fingerprint(its),
    )  # fmt: skip
    db.session.add_all([account, contest, stage])
    db.session.flush()
    _bank(now)
    _people(now)
    return House(district, stage, account, _contestants(contest.id, now), now)


def _units() -> Unit:
    district = _unit("MS", "huyện", "Mai Sơn", None)
    communes = [_unit(f"X{n:02}", "xã", f"Xã thử {n}", district) for n in range(COMMUNES)]
    db.session.flush()
    cells = [
        _unit(f"{commune.code}-{n:02}", "chi bộ", f"Bản {n}", commune, is_cell=True)
        for commune in communes
        for n in range(CELLS)
    ]
    db.session.flush()
    for unit in (district, *communes, *cells):
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.id}/"
    db.session.flush()
    return district


def _unit(code: str, type_label: str, name: str, parent: Unit | None, **fields: Any) -> Unit:
    unit = Unit(
        code=code, type_label=type_label, name=name, parent=parent, search_key=search_key(f"{type_label} {name}"),
        sort_key=sort_key(name), **fields,
    )  # fmt: skip
    db.session.add(unit)
    return unit


def _people(now: int) -> None:
    cells = list(db.session.scalars(select(Unit.id).where(Unit.is_cell).order_by(Unit.id)))
    rows = []
    for number in range(PEOPLE):
        name = f"Lò Văn Thử {number}"
        rows.append(
            {
                "code": f"B{number:05}",
                "full_name": name,
                "position": Position.SECRETARY,
                "unit_id": cells[number % len(cells)],
                "search_key": search_key(name),
                "sort_key": person_sort_key(name),
            }
        )
    db.session.execute(insert(Person), rows)


def _contestants(contest_id: int, now: int) -> list[Contestant]:
    pin_hash = hash_secret(PIN)
    people = db.session.scalars(select(Person.id).order_by(Person.id))
    secrets = {person_id: (new_code(8), new_token(), new_token()) for person_id in people}
    cards = [
        {
            "contest_id": contest_id, "person_id": person_id, "serial": 1, "code": code, "pin_hash": pin_hash,
            "token_hash": keyring.hash_token(qr_token), "issued_at": now,
        }
        for person_id, (code, qr_token, _) in secrets.items()
    ]  # fmt: skip
    db.session.execute(insert(AccessCard), cards)
    card_ids = {
        person_id: key for person_id, key in db.session.execute(select(AccessCard.person_id, AccessCard.id))
    }
    sessions = [
        {
            "token_hash": keyring.hash_token(token), "card_id": card_ids[person_id], "person_id": person_id,
            "created_at": now, "last_seen_at": now, "expires_at": now + 12 * HOUR,
        }
        for person_id, (_, _, token) in secrets.items()
    ]  # fmt: skip
    db.session.execute(insert(AuthSession), sessions)
    return [
        Contestant(person_id, card_ids[person_id], contest_id, code, qr_token, token)
        for person_id, (code, qr_token, token) in secrets.items()
    ]


def _bank(now: int) -> None:
    bank = Bank(code="bench", title="Ngân hàng đo tải")
    document = Document(code="BENCH", title="Văn bản đo tải")
    topics = [Topic(code=code, title=code) for code in TOPICS]
    db.session.add_all([bank, document, *topics])
    db.session.flush()
    strata = [(topic.id, level) for topic, level in product(topics, Level) for _ in range(ITEMS)]
    codes = [f"BENCH-{number:04}" for number in range(len(strata))]
    db.session.execute(
        insert(Item), [{"code": code, "bank_id": bank.id, "created_at": now} for code in codes]
    )
    item_ids = list(db.session.scalars(select(Item.id).order_by(Item.code)))
    versions = [
        {
            "item_id": item_id, "number": 1, "document_id": document.id, "topic_id": topic_id, "level": level,
            "reference": "Điều 1", "stem": STEM % number, "options": [OPTION % (n, number) for n in range(1, 5)],
            "fingerprint": "", "search_key": search_key(STEM % number), "created_at": now, "status": Status.APPROVED,
        }
        | ({"kind": Kind.MULTIPLE, "key": [0, 2]} if number % 10 == 0 else {"kind": Kind.SINGLE, "key": [1]})
        for number, (item_id, (topic_id, level)) in enumerate(zip(item_ids, strata, strict=True))
    ]  # fmt: skip
    db.session.execute(insert(ItemVersion), versions)
    current = select(ItemVersion.id).where(ItemVersion.item_id == Item.id).scalar_subquery()
    db.session.execute(
        update(Item).values(current_id=current), execution_options={"synchronize_session": False}
    )


# --- rounds, entries, attempts -----------------------------------------------------------------------------------


def with_own_stage(house: House) -> House:
    """Return the house with another stage of the same rules, so that its rounds are watched by themselves."""
    first = house.stage
    stage = Stage(
        contest_id=first.contest_id, ordinal=first.ordinal + 1, name="Cấp được theo dõi", rules=first.rules,
        rules_fingerprint=first.rules_fingerprint, frozen_at=first.frozen_at,
    )  # fmt: skip
    db.session.add(stage)
    db.session.flush()
    return replace(house, stage=stage)


def staff_token(house: House) -> str:
    """Let the account organize everything, open a sign-in of it and return the cookie's token."""
    token = new_token()
    db.session.add(
        Grant(account=house.account, role=Role.ORGANIZER, unit=house.district, granted_at=house.now)
    )
    db.session.add(
        AuthSession(
            token_hash=keyring.hash_token(token), account_id=house.account.id, created_at=house.now,
            last_seen_at=house.now, expires_at=house.now + 12 * HOUR,
        )
    )  # fmt: skip
    db.session.flush()
    return token


def add_rounds(house: House, kind: str, count: int, with_items: bool = True) -> list[int]:
    """Open so many rounds for everybody, with an entry for each contestant, and return their ids in order."""
    rows = [
        {
            "stage_id": house.stage.id, "unit_id": house.district.id, "name": f"{kind} {number:04}",
            "opens_at": house.now - HOUR, "closes_at": house.now + 10 * HOUR, "opened_at": house.now - HOUR,
        }
        for number in range(count)
    ]  # fmt: skip
    db.session.execute(insert(Round), rows)
    round_ids = list(
        db.session.scalars(select(Round.id).where(Round.name.startswith(f"{kind} ")).order_by(Round.name))
    )
    chosen = Round.id.in_(round_ids)
    _copy(RoundUnit, {"round_id": Round.id, "unit_id": Round.unit_id}, select().where(chosen))
    if with_items:
        pairs = select().select_from(Round).join(ItemVersion, db.true()).where(chosen)
        _copy(RoundItem, {"round_id": Round.id, "version_id": ItemVersion.id}, pairs)
    columns = {
        "round_id": Round.id,
        "person_id": Person.id,
        "unit_id": Person.unit_id,
        "scope_id": Round.unit_id,
        "created_at": literal(house.now, Entry.created_at.type),
    }
    everybody = select().select_from(Round).join(Person, db.true()).where(chosen)
    _copy(Entry, columns, everybody.order_by(Round.id, Person.id))
    return round_ids


def _copy(model: type[Any], columns: dict[str, Any], source: Any) -> None:
    """Fill columns of `model` from a query, in the database."""
    query = source.add_columns(*columns.values())
    db.session.execute(insert(model).from_select(list(columns), query))


def add_attempts(house: House, round_ids: Sequence[int]) -> None:
    """Let everybody of these rounds sit since five minutes ago."""
    pool = papers.pool_of(db.session.get_one(Round, round_ids[0]))
    drawn = [papers.draw(pool, f"bench-{number}") for number in range(PAPERS)]
    query = select(Entry.id, Entry.round_id, Entry.person_id).where(Entry.round_id.in_(round_ids))
    rows = [
        {
            "entry_id": entry_id, "round_id": round_id, "person_id": person_id, "number": 1, "seed": "bench",
            "paper": drawn[entry_id % PAPERS], "started_at": house.now - 5 * MINUTE, "deadline": house.now + 5 * HOUR,
            "grace_seconds": 5, "receipt_code": f"B{entry_id}",
        }
        for entry_id, round_id, person_id in db.session.execute(query)
    ]  # fmt: skip
    db.session.execute(insert(Attempt), rows)


def answer_all(house: House, round_ids: Sequence[int]) -> None:
    """Store a choice at every position of every attempt at these rounds."""
    start = select(literal(0).label("n")).cte("places", recursive=True)
    places = start.union_all(select(start.c.n + 1).where(start.c.n < PLACES - 1))
    columns = {
        "attempt_id": Attempt.id,
        "position": places.c.n,
        "choice": cast((Attempt.id + places.c.n) % 4, String),
        "stamp": literal(1 << 20, Response.stamp.type),
        "saved_at": literal(house.now, Response.saved_at.type),
    }
    source = select().select_from(Attempt).join(places, db.true()).where(Attempt.round_id.in_(round_ids))
    _copy(Response, columns, source)


def attempts_at(round_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return (attempt, person) of every attempt at these rounds, in an order drawn once and for all."""
    query = select(Attempt.id, Attempt.person_id).where(Attempt.round_id.in_(round_ids)).order_by(Attempt.id)
    found = [(key, person_id) for key, person_id in db.session.execute(query)]
    random.Random("bench").shuffle(found)
    return found
