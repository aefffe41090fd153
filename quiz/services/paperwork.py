"""Who issues and signs the papers of a contest at a unit, and under which number and day: kept, with a record."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from quiz.core.offices import Needs, Office, default_office
from quiz.core.states import State, check_seen
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import (
    Attempt,
    Award,
    Contest,
    Edition,
    Entry,
    Letterhead,
    OrderDraw,
    PaperNumber,
    Performance,
    PrintedPaper,
    Round,
    Stage,
    Unit,
)
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.contests import rules_of
from quiz.services.figure_rows import took_part_in

Subject = Round | Stage
AFRESH = {"populate_existing": True}  # somebody else may have written since this transaction last read


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number and day of a paper, as far as they are known."""

    number: str = ""
    day: date | None = None


ROUND, STAGE = "round", "stage"


def name_of(subject: Subject) -> str:
    """Return ROUND or STAGE."""
    return ROUND if isinstance(subject, Round) else STAGE


def find(name: str, key: int) -> Subject | None:
    """Return the round or stage of that number."""
    return db.session.get(Round if name == ROUND else Stage, key)


def has_judges(subject: Subject) -> bool:
    """Tell whether the papers of judged parts are for this subject: a round that has such parts."""
    return isinstance(subject, Round) and bool(rules_of(subject).judged_parts)


def has_test(subject: Subject) -> bool:
    """Tell whether contestants of this subject sit a paper."""
    return rules_of(subject).has_online


def needs_cards(subject: Subject) -> bool:
    """Tell whether contestants of this subject have to sign in."""
    return rules_of(subject).needs_cards


def unit_of(subject: Subject) -> Unit:
    """Return the unit whose office issues the papers of a round or stage."""
    return subject.unit if isinstance(subject, Round) else subject.contest.unit


def contest_of(subject: Subject) -> Contest:
    """Return the contest of a round or stage."""
    return subject.stage.contest if isinstance(subject, Round) else subject.contest


def office_of(subject: Subject) -> Office:
    """Return who issues and signs, as set or as the unit's name suggests."""
    unit = unit_of(subject)
    kept = _letterhead(contest_of(subject).id, unit.id)
    if kept is None:
        return default_office(unit.title, unit.name, unit.parent.title if unit.parent else "")
    return Office(
        above=kept.above, body=kept.body, place=kept.place, code=kept.code, superior=kept.superior,
        on_behalf=kept.on_behalf, position=kept.position, signer=kept.signer, secretary=kept.secretary,
        recipients=tuple(kept.recipients.splitlines()),
    )  # fmt: skip


def _letterhead(contest_id: int, unit_id: int) -> Letterhead | None:
    query = select(Letterhead).where(Letterhead.contest_id == contest_id, Letterhead.unit_id == unit_id)
    return db.session.scalar(query, execution_options=AFRESH)


def dated_at(subject: Subject, published: list[int]) -> int:
    """Return the instant that dates papers without a day of their own: the newest publication, else the opening."""
    rounds = [subject] if isinstance(subject, Round) else subject.rounds
    opened = [found.opens_at for found in rounds if found.opens_at is not None]
    return max(published, default=0) or min(opened, default=0) or contest_of(subject).created_at


def size_of(subject: Subject) -> int:
    """Return how many contestants the papers of a round or stage tell of."""
    query = select(db.func.count()).where(Entry.round_id.in_(_rounds(subject)), Entry.withdrawn_at.is_(None))
    return db.session.scalar(query) or 0


def there(subject: Subject, now: int) -> set[Needs]:
    """Return what papers of a round or stage may be made from; looked for, not read."""
    rounds = _rounds(subject)
    newest = select(db.func.max(Edition.id)).where(Edition.round_id.in_(rounds)).group_by(Edition.round_id)
    looks = {
        Needs.CONTESTANTS: select(Entry.id).where(Entry.round_id.in_(rounds), Entry.withdrawn_at.is_(None)),
        Needs.ATTEMPTS: select(Entry.id).where(
            Entry.round_id.in_(rounds), Entry.withdrawn_at.is_(None), db.or_(*took_part_in(rounds))
        ),
        Needs.RANKING: select(Edition.id).where(Edition.round_id.in_(rounds)),
        Needs.PRIZES: select(Award.id).where(Award.edition_id.in_(newest)),
        Needs.DRAWN: select(OrderDraw.round_id).where(OrderDraw.round_id.in_(rounds)),
        Needs.CHECKED: select(Performance.id).where(
            Performance.round_id.in_(rounds), Performance.checked_at.is_not(None)
        ),
    }
    if isinstance(subject, Round) and subject.phase_at(now) is Phase.CLOSED:
        looks[Needs.PRINTED] = (
            select(PrintedPaper.id).join(PrintedPaper.attempt).where(Attempt.round_id == subject.id)
        )
    return {need for need, look in looks.items() if db.session.scalar(look.limit(1)) is not None}


def _rounds(subject: Subject) -> Any:
    if isinstance(subject, Round):
        return [subject.id]
    return select(Round.id).where(Round.stage_id == subject.id)


def numbers_of(subject: Subject) -> dict[str, Numbered]:
    """Return the number and day of each paper that has them, by what they are issued as."""
    rows = db.session.scalars(select(PaperNumber).where(_is_of(subject)), execution_options=AFRESH)
    return {row.kind: Numbered(row.number, row.day) for row in rows}


def _is_of(subject: Subject) -> Any:
    column = PaperNumber.round_id if isinstance(subject, Round) else PaperNumber.stage_id
    return column == subject.id


def state_of(subject: Subject) -> State:
    """Return what the form of who issues and signs shows, with the numbers and days of the papers."""
    return _state(office_of(subject), numbers_of(subject))


def _state(office: Office, numbers: dict[str, Numbered]) -> State:
    state = asdict(office)
    for kind, one in numbers.items():
        state[f"{kind}_number"], state[f"{kind}_day"] = one.number, one.day
    return state


def write(
    subject: Subject, office: Office, numbers: dict[str, Numbered], actor: Actor, now: int, seen: str = ""
) -> None:
    """Keep who issues and signs the papers of a contest at a unit, and the numbers and days of these papers.

    Raise Overtaken when these are no longer in the state `seen`.
    """
    contest, unit = contest_of(subject), unit_of(subject)
    db.session.execute(select(Contest.id).where(Contest.id == contest.id).with_for_update(key_share=True))
    check_seen(seen, state_of(subject), _state(office, numbers))
    kept = _letterhead(contest.id, unit.id) or Letterhead(contest_id=contest.id, unit_id=unit.id)
    for name, value in asdict(office).items():
        setattr(kept, name, "\n".join(value) if name == "recipients" else value)
    db.session.add(kept)
    _write_numbers(subject, numbers)
    db.session.flush()
    said = {kind: f"{one.number} {one.day or ''}".strip() for kind, one in numbers.items()}
    audit.record(
        actor, "office.write", kept, now, path=unit.path, body=office.body, signer=office.signer,
        **{f"issued_{kind}": text for kind, text in said.items() if text},
    )  # fmt: skip


def _write_numbers(subject: Subject, numbers: dict[str, Numbered]) -> None:
    kept = {row.kind: row for row in db.session.scalars(select(PaperNumber).where(_is_of(subject)))}
    for kind, numbered in numbers.items():
        row = kept.get(kind)
        if row is None:
            row = PaperNumber(kind=kind)
            row.round_id, row.stage_id = (
                (subject.id, None) if isinstance(subject, Round) else (None, subject.id)
            )
            db.session.add(row)
        row.number, row.day = numbered.number, numbered.day
