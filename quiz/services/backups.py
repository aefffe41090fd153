"""Everything in one file, taken while others write, and put back where nothing is yet."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, func, select

from quiz.core.archives import Content, Manifest, TableRows, digest_of
from quiz.core.errors import N_, RuleBroken
from quiz.extensions import db, keyring
from quiz.models import Account, Attempt, Contest, Item, Person, Response, Unit
from quiz.services import audit, snapshots
from quiz.services.audit import Actor

DIFFERENT = N_(
    "Dữ liệu sau khi phục hồi không giống tệp ở phần “%(part)s” nên đã bỏ, không giữ lại gì. Hãy báo người quản trị."
)
OTHER_SCHEMA = N_(
    "Bản sao này của phiên bản phần mềm khác (%(schema)s). Hãy phục hồi bằng dòng lệnh: flask backup restore."
)
NOT_EMPTY = N_(
    "Máy này đã có dữ liệu nên không phục hồi từ trang này. Hãy dùng một bản cài đặt mới, hoặc dòng lệnh trên máy chủ."
)
COUNTED = (Unit, Person, Contest, Item, Attempt, Response)
Told = Callable[[int], None]


def head(connection: Connection, title: str, product: str, now: int) -> Manifest:
    """Return what a backup made on `connection` says about itself; its parts are known once it is written."""
    facts = {model.__tablename__: _count(connection, model) for model in COUNTED}
    return Manifest(
        Content.EVERYTHING,
        snapshots.schema_of(connection),
        product,
        now,
        title,
        key_mark=key_mark(),
        facts=facts,
    )


def _count(connection: Connection, model: Any) -> int:
    return connection.scalar(select(func.count()).select_from(model)) or 0


def key_mark() -> str:
    """Return by which it is seen whether cards printed elsewhere have QR codes that this installation knows."""
    return keyring.hash_token("which installation is this")[:16]


def everything(connection: Connection) -> Iterator[TableRows]:
    """Yield every table as `connection` sees it, in the order tables are filled."""
    metadata = snapshots.tables_of(connection)
    for name in snapshots.order_of(metadata)[0]:
        table = metadata.tables[name]
        yield TableRows(name, snapshots.columns_of(table), snapshots.rows_of(connection, table))


def count_rows(connection: Connection) -> int:
    """Return how many rows there are to write, for progress."""
    metadata = snapshots.tables_of(connection)
    names = snapshots.order_of(metadata)[0]
    return sum(
        connection.scalar(select(func.count()).select_from(metadata.tables[name])) or 0 for name in names
    )


def is_untouched() -> bool:
    """Tell whether nothing has been kept here yet: no unit, nobody, no contest, no question."""
    return not any(db.session.scalar(select(model.id).limit(1)) for model in (Unit, Person, Contest, Item))


def restore(manifest: Manifest, read: Callable[[str], TableRows], told: Told | None = None) -> None:
    """Put a backup in the place of all rows, in the session's transaction, and hold it against what was stored.

    Raise RuleBroken, to be rolled back, when the tables stand at another migration or anything does not fit.
    """
    connection = db.session.connection()
    if manifest.content is not Content.EVERYTHING or manifest.schema != snapshots.schema_of(connection):
        raise RuleBroken(OTHER_SCHEMA, schema=manifest.schema)
    metadata = snapshots.tables_of(connection)
    snapshots.empty(connection, metadata)
    load(connection, metadata, manifest, read, told)
    compare(connection, metadata, manifest)


def restore_untouched(
    manifest: Manifest, read: Callable[[str], TableRows], actor: Actor, filename: str, now: int
) -> None:
    """Restore where nothing has been kept yet, and record who did; raise RuleBroken elsewhere."""
    if not is_untouched():
        raise RuleBroken(NOT_EMPTY)
    by = db.session.get_one(Account, actor.account_id).username if actor.account_id else ""
    restore(manifest, read)
    # Whoever did it had an account here that is gone now.
    audit.record(audit.SYSTEM, "backup.restore", f"backup:{manifest.made_at}", now, file=filename, by=by)


def load(
    connection: Connection, metadata: MetaData, manifest: Manifest, read: Callable[[str], TableRows],
    told: Told | None = None,
) -> None:  # fmt: skip
    """Fill empty tables with the rows of a file; a table the file does not know stays empty."""
    order, later = snapshots.order_of(metadata)
    known, seen, waiting = {part.name for part in manifest.parts}, 0, []
    for name in order:
        if name not in known:
            continue
        part = read(name)
        waiting += [
            (name, column, found)
            for column, found in snapshots.fill(connection, metadata, name, part.columns, part.rows, later)
        ]
        seen += manifest.count(name)
        if told is not None:
            told(seen)
    for name, column, found in waiting:
        snapshots.fill_later(connection, metadata.tables[name], column, found)
    snapshots.go_on_counting(connection, metadata)


def compare(connection: Connection, metadata: MetaData, manifest: Manifest) -> None:
    """Raise RuleBroken unless every table holds exactly the rows of the file: same count, same SHA-256."""
    for part in manifest.parts:
        table = metadata.tables[part.name]
        stored = TableRows(part.name, snapshots.columns_of(table), snapshots.rows_of(connection, table))
        if digest_of(stored) != (part.rows, part.sha256):
            raise RuleBroken(DIFFERENT, part=part.name)


def record_made(actor: Actor, filename: str, sha256: str, manifest: Manifest, now: int) -> None:
    """Record that a backup was made, with its SHA-256, by which a changed file is told."""
    audit.record(
        actor,
        "backup.make",
        f"backup:{manifest.made_at}",
        now,
        file=filename,
        sha256=sha256,
        rows=manifest.rows,
    )


def record(actor: Actor, action: str, made_at: int, filename: str, now: int, **detail: Any) -> None:
    """Record what else was done with a backup: "backup.take", "backup.check", "backup.remove", "backup.bring"."""
    audit.record(actor, action, f"backup:{made_at}", now, file=filename, **detail)
