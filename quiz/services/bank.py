"""Banks as whole files: what a file would change, taking it in, handing it out.

An item keeps its code for ever. A file that brings other content for a code makes a new version; the same content
changes nothing; content the item had before is an old file and changes nothing either, so that loading the shipped
banks again never undoes a correction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.items import BankDraft, ItemDraft, Status, fingerprint
from quiz.extensions import db
from quiz.models import Account, Bank, Item, ItemVersion
from quiz.services import audit, sources, words
from quiz.services.audit import Actor
from quiz.services.items import columns_of, draft_of, stored_reading

_BATCH = 500  # versions to a statement: their texts and words need not all be in memory at once
_LIFE = list(Status)  # draft, in review, approved, retired: a file moves a version forward only


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file changes, by item code. `restated`: the same content, moved on by its status or its second reading
    in a trusted file.

    `outdated`: content the item had in an earlier version. `leaving`: approved items that must be approved again.
    `sources`: codes of the bank, topics and documents that are new or change. `problems`: why the file is refused.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    restated: list[str] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def changes_something(self) -> bool:
        """Tell whether taking the file in would write anything."""
        return bool(self.new or self.changed or self.restated or self.sources)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database has for one item code."""

    item_id: int
    bank: str
    version_id: int
    number: int
    status: Status
    fingerprint: str
    reviewed: dict[str, str] | None


def preview(draft: BankDraft, trusted: bool = False) -> ImportReport:
    """Return what `import_bank` would do with this draft, writing nothing."""
    return _classify(draft, _known(draft.items), trusted)


def import_bank(
    draft: BankDraft, author: Account | None, actor: Actor, now: int, trusted: bool = False
) -> ImportReport:
    """Take a bank in, all or nothing, and return what changed.

    New content comes in as a draft by `author`; only a trusted file (the command line) sets the status itself and
    says who read an item a second time.
    Raise RuleBroken when a code belongs to another bank or somebody is loading the same items at this moment.
    """
    try:
        with db.session.begin_nested():
            known = _known(draft.items)
            report = _classify(draft, known, trusted)
            if report.problems:
                raise RuleBroken(report.problems[0].message, **report.problems[0].values)
            if report.changes_something:
                bank = _bank(draft)
                _write(bank, draft, report, known, author, now, trusted)
                _record(bank, report, actor, now)
                db.session.flush()
    except IntegrityError:
        raise RuleBroken(
            N_("Có người khác vừa nhập cùng những câu này. Hãy tải lại trang rồi thử lại.")
        ) from None
    return report


def _known(items: Iterable[ItemDraft]) -> dict[str, _Known]:
    query = (
        select(Item.code, Item.id, Bank.code, ItemVersion.id, ItemVersion.number, ItemVersion.status,
               ItemVersion.fingerprint, ItemVersion.reviewed)
        .join(Bank, Bank.id == Item.bank_id)
        .join(ItemVersion, ItemVersion.id == Item.current_id)
        .where(Item.code.in_([item.code for item in items]))
    )  # fmt: skip
    return {code: _Known(*rest) for code, *rest in db.session.execute(query)}


def _earlier_contents(item_ids: list[int]) -> set[tuple[int, str]]:
    query = select(ItemVersion.item_id, ItemVersion.fingerprint).where(ItemVersion.item_id.in_(item_ids))
    return {(item_id, content) for item_id, content in db.session.execute(query)}


def _classify(draft: BankDraft, known: dict[str, _Known], trusted: bool) -> ImportReport:
    report = ImportReport(sources=_changed_sources(draft))
    contents = {item.code: fingerprint(item) for item in draft.items}
    differing = [have.item_id for code, have in known.items() if have.fingerprint != contents[code]]
    earlier = _earlier_contents(differing)
    for item in draft.items:
        have = known.get(item.code)
        if have is None:
            report.new.append(item.code)
        elif have.bank != draft.code:
            report.problems.append(_foreign(item, have.bank))
        elif have.fingerprint == contents[item.code]:
            (report.restated if trusted and _later(item, have, 0) else report.unchanged).append(item.code)
        elif (have.item_id, contents[item.code]) in earlier:
            report.outdated.append(item.code)
        else:
            report.changed.append(item.code)
            if have.status is Status.APPROVED and not (trusted and item.status is Status.APPROVED):
                report.leaving.append(item.code)
    return report


def _later(item: ItemDraft, have: _Known, now: int) -> dict[str, Any]:
    """Return the columns in which a file with the same content is further on; empty when it is not."""
    columns: dict[str, Any] = {}
    if _LIFE.index(item.status) > _LIFE.index(have.status):
        columns |= {"status": item.status, "reviewed_at": now}
    if item.reviewed and stored_reading(item.reviewed) != have.reviewed:
        columns["reviewed"] = stored_reading(item.reviewed)
    return columns


def _foreign(item: ItemDraft, bank: str) -> Problem:
    message = N_("Mã %(code)s đã thuộc ngân hàng %(bank)s. Hãy đặt mã khác.")
    return Problem(message, {"code": item.code, "bank": bank}, row=item.row or None, field="code")


def _changed_sources(draft: BankDraft) -> list[str]:
    bank = find(draft.code)
    renamed = bank is None or bank.title != draft.title
    return [draft.code] * renamed + sources.changed(draft.topics) + sources.changed(draft.documents)


def _write(
    bank: Bank,
    draft: BankDraft,
    report: ImportReport,
    known: dict[str, _Known],
    author: Account | None,
    now: int,
    trusted: bool,
) -> None:
    topics, documents = sources.store(draft.topics), sources.store(draft.documents)
    item_ids = _add_items(bank, report.new, now) | {code: have.item_id for code, have in known.items()}
    coming = {*report.new, *report.changed}

    def version_of(item: ItemDraft) -> dict[str, Any]:
        status = item.status if trusted else Status.DRAFT
        given = item if trusted else replace(item, reviewed=None)
        return columns_of(given, documents[item.document], topics[item.topic], status, now) | {
            "item_id": item_ids[item.code],
            "number": known[item.code].number + 1 if item.code in known else 1,
            "author_id": author.id if author else None,
        }

    versions = (version_of(item) for item in draft.items if item.code in coming)
    while batch := list(islice(versions, _BATCH)):
        _add_versions(batch)
    _restate(draft, report, known, now)


# Rows go in many to a statement; the ORM would insert items one by one to learn each new id.


def _add_items(bank: Bank, codes: list[str], now: int) -> dict[str, int]:
    """Add items with these codes, as yet without a version, and return their ids."""
    if not codes:
        return {}
    db.session.execute(
        insert(Item), [{"code": code, "bank_id": bank.id, "created_at": now} for code in codes]
    )
    return {
        code: key for code, key in db.session.execute(select(Item.code, Item.id).where(Item.code.in_(codes)))
    }


def _add_versions(versions: list[dict[str, Any]]) -> None:
    """Add versions and make each the current one of its item."""
    db.session.execute(insert(ItemVersion), versions)
    newest = select(db.func.max(ItemVersion.id)).where(ItemVersion.item_id == Item.id).scalar_subquery()
    touched = [columns["item_id"] for columns in versions]
    db.session.execute(update(Item).where(Item.id.in_(touched)).values(current_id=newest))
    words.add_missing(touched)


def _restate(draft: BankDraft, report: ImportReport, known: dict[str, _Known], now: int) -> None:
    moved = set(report.restated)
    rows = [
        {"id": known[item.code].version_id} | _later(item, known[item.code], now)
        for item in draft.items
        if item.code in moved
    ]
    if rows:
        db.session.execute(update(ItemVersion), rows)


def _bank(draft: BankDraft) -> Bank:
    bank = find(draft.code) or Bank(code=draft.code)
    bank.title = draft.title
    db.session.add(bank)
    db.session.flush()
    return bank


def _record(bank: Bank, report: ImportReport, actor: Actor, now: int) -> None:
    counts = {"new": len(report.new), "unchanged": len(report.unchanged), "outdated": len(report.outdated)}
    codes = {"changed": report.changed, "restated": report.restated, "sources": report.sources}
    audit.record(actor, "bank.import", bank, now, bank=bank.code, **counts, **codes)


def export(
    bank: Bank, actor: Actor, now: int, wanted: Select[tuple[int]] | None = None, format_: str = "yaml"
) -> BankDraft:
    """Return what `content` returns; that it was taken out, and in which format, goes on record."""
    draft = content(bank, wanted)
    detail = {"bank": bank.code, "items": len(draft.items), "format": format_}
    audit.record(actor, "bank.export", bank, now, **detail, whole=wanted is None)
    return draft


def content(bank: Bank, wanted: Select[tuple[int]] | None = None) -> BankDraft:
    """Return the current version of every item of a bank with the documents and topics they need.

    `wanted` is a query of the ids of the items to keep to; without it all are taken.
    """
    query = (
        select(ItemVersion)
        .join(Item, Item.current_id == ItemVersion.id)
        .where(Item.bank_id == bank.id)
        .options(
            joinedload(ItemVersion.item), joinedload(ItemVersion.document), joinedload(ItemVersion.topic)
        )
        .order_by(Item.id)
    )
    versions = list(db.session.scalars(query if wanted is None else query.where(Item.id.in_(wanted))))
    topics = {version.topic.id: version.topic for version in versions}
    documents = {version.document.id: version.document for version in versions}
    return BankDraft(
        code=bank.code,
        title=bank.title,
        topics=tuple(sources.draft_of_topic(row) for _, row in sorted(topics.items())),
        documents=sources.declared(documents.values()),
        items=tuple(draft_of(version) for version in versions),
    )


def find(code: str) -> Bank | None:
    """Return the bank of that code, or None."""
    return db.session.scalar(select(Bank).where(Bank.code == code))
