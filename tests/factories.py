"""Plain functions that make one thing each, with sensible values; they flush and never commit."""

from datetime import date
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import inspect

from quiz.core import rules as rulebook
from quiz.core.approvals import Answer
from quiz.core.items import ItemDraft, Kind, Level, Status, fingerprint
from quiz.core.names import person_sort_key, search_key, sort_key
from quiz.core.papers import Cell
from quiz.core.people import Position, Sex
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.extensions import db, keyring
from quiz.keyring import new_token
from quiz.models import (
    AccessCard,
    Account,
    Approval,
    Attempt,
    Bank,
    Contest,
    Document,
    Edition,
    Entry,
    Grant,
    Item,
    ItemVersion,
    Person,
    Round,
    RoundItem,
    RoundUnit,
    Stage,
    Topic,
    Unit,
)
from quiz.services import approved_acts, results
from quiz.services.audit import Actor

NOW = 1_675_558_800_000  # 08:00 on 5 February 2023 in Vietnam
HOUR = 3_600_000
PASSWORD = "mot cau that dai"
# A hash says itself what it costs to try: this one next to nothing, for a run signs in some thousand times.
_PASSWORD_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
_number = count(1)


def count_from(number: int) -> None:
    """Number what is made from here on from `number`: for a program that adds to what another has made."""
    global _number
    _number = count(number)


def add(thing: Any) -> Any:
    """Add and flush `thing`, and return it."""
    db.session.add(thing)
    db.session.flush()
    return thing


def make_unit(
    name: str = "Cò Nòi", parent: Unit | None = None, type_label: str = "xã", **fields: Any
) -> Unit:
    """Return a unit below `parent`."""
    unit = Unit(
        code=fields.pop("code", f"U{next(_number)}"), name=name, parent=parent, type_label=type_label,
        search_key=search_key(f"{type_label} {name}"), sort_key=sort_key(name), **fields,
    )  # fmt: skip
    add(unit)
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.session.flush()
    return unit


def make_cell(parent: Unit, name: str = "Bản Nà Sản", **fields: Any) -> Unit:
    """Return a cell of `parent`."""
    return make_unit(name, parent, "chi bộ", is_cell=True, **fields)


def make_person(cell: Unit, full_name: str = "Lò Văn Thử", **fields: Any) -> Person:
    """Return somebody of `cell`."""
    values = {"birth_date": date(1975, 5, 19), "sex": Sex.MALE, "position": Position.SECRETARY} | fields
    return add(
        Person(
            code=values.pop("code", f"P{next(_number)}"),
            full_name=full_name,
            unit=cell,
            search_key=search_key(full_name),
            sort_key=person_sort_key(full_name),
            **values,
        )
    )


def make_account(
    *grants: tuple[Role, Unit | None], username: str = "", person: Person | None = None
) -> Account:
    """Return a staff account holding `grants`; its password is PASSWORD."""
    name = username or f"a{next(_number)}"
    account = add(
        Account(username=name, display_name=name, password_hash=_PASSWORD_HASH, person=person, created_at=NOW)
    )
    for role, unit in grants:
        add(Grant(account=account, role=role, unit=unit, granted_at=NOW))
    return account


def _of_code(model: type[Any], code: str) -> Any:
    """Return the one of that code, made if there is none; whatever the session has seen is not asked for again."""
    seen: dict[tuple[type[Any], str], Any] = db.session.info.setdefault("of_code", {})
    found = seen.get((model, code))
    if found is None or not inspect(found).persistent:
        found = db.session.query(model).filter_by(code=code).one_or_none() or add(
            model(code=code, title=code)
        )
        seen[model, code] = found
    return found


def make_topic(code: str = "dang-vien") -> Topic:
    """Return the topic of that code."""
    return _of_code(Topic, code)


def make_bank(code: str = "bank") -> Bank:
    """Return the bank of that code."""
    return _of_code(Bank, code)


def make_document(code: str = "DLD-2011") -> Document:
    """Return the document of that code."""
    return _of_code(Document, code)


def make_item(
    topic: str = "dang-vien",
    level: Level = Level.REMEMBER,
    key: tuple[int, ...] = (1,),
    kind: Kind = Kind.SINGLE,
    status: Status = Status.APPROVED,
    options: tuple[str, ...] = ("Một", "Hai", "Ba", "Bốn"),
    **fields: Any,
) -> ItemVersion:
    """Return the first version of a new item, approved unless said otherwise."""
    number = next(_number)
    draft = ItemDraft(
        code=f"Q{number}", document="DLD-2011", reference="Điều 1", topic=topic, level=level, kind=kind,
        stem=f"Câu hỏi số {number}?", options=options, key=key, rationale="Vì thế.",
    )  # fmt: skip
    bank, document, of_topic = make_bank(), make_document(), make_topic(topic)
    item = Item(code=draft.code, bank=bank, created_at=NOW)
    version = add(
        ItemVersion(
            item=item,
            number=1,
            document=document,
            topic=of_topic,
            reference=fields.pop("reference", draft.reference),
            level=level,
            kind=kind,
            stem=draft.stem,
            options=list(draft.options),
            key=list(key),
            rationale=draft.rationale,
            fingerprint=fingerprint(draft),
            search_key=search_key(draft.stem),
            created_at=NOW,
            status=status,
            **fields,
        )
    )
    item.current = version
    db.session.flush()
    return version


def make_rules(**changes: Any) -> Rules:
    """Return rules for a five-item paper on one topic, ten minutes."""
    return Rules(**{"blueprint": (Cell("dang-vien", "", 5),), "time_limit": 10} | changes)


def make_contest(unit: Unit, **fields: Any) -> Contest:
    """Return a contest run by `unit`."""
    values = {"code": f"C{next(_number)}", "title": "Hội thi thử", "created_at": NOW} | fields
    return add(Contest(unit=unit, **values))


def make_stage(contest: Contest, rules: Rules | None = None, ordinal: int = 1, **fields: Any) -> Stage:
    """Return a stage with `rules`."""
    rules = rules or make_rules()
    return add(
        Stage(
            contest=contest,
            ordinal=ordinal,
            name=fields.pop("name", f"Vòng {ordinal}"),
            rules=rulebook.to_dict(rules),
            rules_fingerprint=rulebook.fingerprint(rules),
            **fields,
        )
    )


def make_round(stage: Stage, unit: Unit, opens_at: int = NOW, hours: int = 2, **fields: Any) -> Round:
    """Return a round of `stage` at `unit`, covering that unit; its rules are not frozen yet."""
    contest_round = add(
        Round(
            stage=stage,
            unit=unit,
            name=fields.pop("name", f"Vòng thi {unit.name}"),
            opens_at=opens_at,
            closes_at=opens_at + hours * HOUR,
            **fields,
        )
    )
    add(RoundUnit(round=contest_round, unit=unit))
    return contest_round


def make_entry(contest_round: Round, person: Person, scope: Unit | None = None, **fields: Any) -> Entry:
    """Return the entry of `person` to a round."""
    return add(
        Entry(
            round=contest_round,
            person=person,
            unit=person.unit,
            scope=scope or contest_round.unit,
            created_at=NOW,
            **fields,
        )
    )


def make_attempt(
    entry: Entry, raw_score: int = 500, minutes: int = 5, number: int = 1, **fields: Any
) -> Attempt:
    """Return an attempt handed in with these points after so many minutes."""
    ended = NOW + minutes * 60_000
    values = {
        "apply_points": 0,
        "understand_points": 0,
        "correct": raw_score // 100,
        "time_used": minutes * 60,
    }
    return add(
        Attempt(
            entry=entry, round_id=entry.round_id, person_id=entry.person_id, number=number, seed="seed", paper="[]",
            started_at=NOW, deadline=NOW + HOUR, grace_seconds=5, submitted_at=ended, ended_by="candidate",
            receipt_code=f"R{next(_number)}", raw_score=raw_score, max_score=500, marks=[], time_used=minutes * 60_000,
            values=values | {"earlier_submission": ended // 1000}, **fields,
        )
    )  # fmt: skip


def make_card(contest: Contest, person: Person, token: str = "", **fields: Any) -> AccessCard:
    """Return the card of `person` for a contest; its QR token is `token` or unknown, its PIN is PASSWORD."""
    number = next(_number)
    return add(
        AccessCard(
            contest_id=contest.id, person_id=person.id, serial=number, code=f"K{number}", pin_hash=_PASSWORD_HASH,
            token_hash=keyring.hash_token(token or new_token()), issued_at=NOW, **fields,
        )
    )  # fmt: skip


def open_for_test(contest_round: Round, versions: list[ItemVersion], at: int = NOW - HOUR) -> Round:
    """Freeze `versions` as the pool of a round and open it, and return it."""
    db.session.add_all(RoundItem(round_id=contest_round.id, version_id=version.id) for version in versions)
    contest_round.opened_at = contest_round.stage.frozen_at = at
    db.session.flush()
    return contest_round


def second_opinion(approval: Approval, now: int, answer: Answer = Answer.APPROVED, note: str = "") -> Any:
    """Return what an act becomes when another organizer of its unit, made here, answers its request so."""
    decider = make_account((Role.ORGANIZER, approval.unit))
    return approved_acts.decide(approval, answer, note, Actor(decider.id), now)


def publish_final(contest_round: Round, actor: Actor, now: int, note: str = "") -> Edition:
    """Return the final edition of a round that one person asked for and another approved."""
    edition: Edition = second_opinion(results.ask_final(contest_round, note, actor, now), now)
    return edition
