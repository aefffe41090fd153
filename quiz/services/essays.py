"""Essays handed in before the day: by contestants until the deadline, or taken by organizers, late with a reason.

One stands for each contestant and part; a newer one takes its place, and what stood there is in the record of acts.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from quiz.core import essays as rule
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.essays import FileKind
from quiz.core.names import nfc
from quiz.core.parts import Part
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Entry, Essay, EssayFile, Performance, Person, Round
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.contests import rules_of
from quiz.services.drafts import refuse


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came, already looked at: its name, kind, pages where counted, and bytes."""

    file_name: str
    kind: FileKind
    pages: int | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Due:
    """What one entry hands in for a part: until when (ms UTC, None: no hours yet), and what is there."""

    part: Part
    until: int | None
    essay: Essay | None


def asked_for(contest_round: Round) -> list[Part]:
    """Return the parts of a round that ask for something handed in before the day."""
    return [part for part in rules_of(contest_round).judged_parts if part.essay is not None]


def deadline_of(contest_round: Round, part: Part) -> int | None:
    """Return until when it may be handed in for a part, None while the round has no hours."""
    return rule.deadline(part.essay, contest_round.opens_at) if part.essay else None


def own_entry(contest_round: Round, person_id: int) -> Entry | None:
    """Return the entry of a contestant to a round."""
    return db.session.scalar(
        select(Entry).where(Entry.round_id == contest_round.id, Entry.person_id == person_id)
    )


def of_round(contest_round: Round) -> dict[tuple[int, str], Essay]:
    """Return what was handed in for a round, by entry and part."""
    query = select(Essay).where(Essay.round_id == contest_round.id)
    return {(one.entry_id, one.part): one for one in db.session.scalars(query)}


def due_of(entered: Iterable[tuple[Entry, Rules]]) -> dict[int, list[Due]]:
    """Return by entry what its parts ask for; one query however many, and none where no part asks."""
    asked = {
        entry: parts
        for entry, rules in entered
        if entry.withdrawn_at is None and (parts := [part for part in rules.judged_parts if part.essay])
    }
    if not asked:
        return {}
    query = select(Essay).where(Essay.entry_id.in_([entry.id for entry in asked]))
    found = {(one.entry_id, one.part): one for one in db.session.scalars(query)}
    return {
        entry.id: [
            Due(part, deadline_of(entry.round, part), found.get((entry.id, part.name))) for part in parts
        ]
        for entry, parts in asked.items()
    }


def handed_in(contest_round: Round) -> dict[tuple[int, str], bool]:
    """Return by entry and part, of the parts that ask for an essay, whether it is there; nothing where none asks."""
    parts = asked_for(contest_round)
    if not parts:
        return {}
    found = of_round(contest_round)
    places = ((entry.id, part.name) for part in parts for entry in entries_of(contest_round))
    return {place: place in found for place in places}


def entries_of(contest_round: Round) -> Sequence[Entry]:
    """Return who should hand in, by name."""
    query = (
        select(Entry)
        .join(Entry.person)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
        .order_by(Person.sort_key, Entry.id)
    )
    return db.session.scalars(query).all()


def of_performance(performance: Performance) -> Essay | None:
    """Return what the contestant of a performance handed in for its part."""
    query = select(Essay).where(Essay.entry_id == performance.entry_id, Essay.part == performance.part)
    return db.session.scalar(query)


def data_of(essay: Essay) -> bytes | None:
    """Return the bytes of an essay, None for one on paper."""
    return db.session.scalar(select(EssayFile.data).where(EssayFile.essay_id == essay.id))


def hand_in(entry: Entry, part: str, sent: Sent, actor: Actor, now: int) -> Essay:
    """Take a contestant's own file in place of what stood there, and return it.

    Raise RuleBroken after the deadline, for who withdrew, and for more pages than allowed; AlreadyDone for the same
    file again.
    """
    asked = _asked(entry, part)
    if rule.is_late(deadline_of(entry.round, asked), now):
        raise RuleBroken(
            N_("Đã hết hạn nộp bài cho phần thi này. Nếu có lý do chính đáng, hãy liên hệ Ban Tổ chức.")
        )
    return _keep(entry, asked, sent, "", actor, None, now)


def receive(entry: Entry, part: str, sent: Sent | None, reason: str, actor: Actor, now: int) -> Essay:
    """Take what an organizer received: a file, or (None) word that it came on paper; late ones with a reason.

    Raise RuleBroken without a reason after the deadline, and as `hand_in` does.
    """
    asked = _asked(entry, part)
    if rule.is_late(deadline_of(entry.round, asked), now) and not reason.strip():
        raise refuse("reason", N_("Đã quá hạn nộp. Hãy ghi lý do nhận bài muộn."))
    return _keep(entry, asked, sent, reason.strip()[:300], actor, actor.account_id, now)


def _asked(entry: Entry, name: str) -> Part:
    part = next((one for one in asked_for(entry.round) if one.name == name), None)
    if part is None:
        raise RuleBroken(N_("Phần thi này không yêu cầu nộp bài trước."))
    if entry.withdrawn_at is not None:
        raise RuleBroken(N_("Thí sinh đã rút khỏi vòng thi nên không nộp bài."))
    return part


def _keep(
    entry: Entry, part: Part, sent: Sent | None, reason: str, actor: Actor, by: int | None, now: int
) -> Essay:
    if sent and part.essay:
        rule.check_size(len(sent.data))
        rule.check_pages(part.essay, sent.pages)
    db.session.refresh(entry, with_for_update={"key_share": True, "of": Entry})
    query = select(Essay).where(Essay.entry_id == entry.id, Essay.part == part.name)
    essay = db.session.scalar(query)
    sha256 = hashlib.sha256(sent.data).hexdigest() if sent else ""
    if essay is not None and essay.sha256 == sha256:
        raise AlreadyDone(N_("Bài này đã được nhận."))
    before = "" if essay is None else (essay.sha256 or "paper")
    if essay is None:
        essay = Essay(round_id=entry.round_id, part=part.name, entry_id=entry.id)
        db.session.add(essay)
    essay.received_at, essay.received_by_id, essay.reason = now, by, reason
    essay.sha256, essay.is_on_paper = sha256, sent is None
    essay.file_name, essay.kind = (nfc(sent.file_name)[-200:], sent.kind.value) if sent else ("", "")
    essay.size, essay.pages = (len(sent.data), sent.pages) if sent else (0, None)
    db.session.flush()
    _keep_bytes(essay, sent)
    audit.record(
        actor, "essay.receive" if by else "essay.hand_in", essay, now, entry.round.unit.path,
        name=entry.person.full_name, part=part.name, file=essay.file_name, sha256=sha256[:12], before=before[:12],
        reason=reason,
    )  # fmt: skip
    return essay


def _keep_bytes(essay: Essay, sent: Sent | None) -> None:
    kept = db.session.get(EssayFile, essay.id)
    if sent is None:
        if kept is not None:
            db.session.delete(kept)
    elif kept is None:
        db.session.add(EssayFile(essay_id=essay.id, data=sent.data))
    else:
        kept.data = sent.data
    db.session.flush()
