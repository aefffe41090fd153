"""Taking the archive of a contest in, elsewhere or after years, beside whatever else there is: never over anything.

Rows keep their numbers, because papers are drawn from them and records name them. So an archive goes where those
numbers are free or are the very same unit, person or question: a new installation, or the one it came from. Only
accounts are numbered anew; they cannot sign in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from quiz.core.archive_scope import ACTS, NAMED, ROOT, SAME, TELLING, own_tables
from quiz.core.archives import DAMAGED, Content, Manifest, TableRows
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.places import is_path
from quiz.extensions import db
from quiz.models import Contest, Edition
from quiz.services import archives, audit, results, snapshots, words
from quiz.services.audit import Actor

OTHER_SCHEMA = N_(
    "Tệp lưu trữ này ứng với phiên bản dữ liệu %(schema)s, máy này thì không. Hãy cài đúng phiên bản phần mềm đã lưu"
    " trữ, chạy flask --app app db upgrade, rồi phục hồi lại."
)
THERE = N_("Cuộc thi “%(contest)s” đã có ở đây. Phục hồi không bao giờ ghi đè lên dữ liệu đang có.")
TAKEN = N_(
    "Máy này có dữ liệu khác trùng số hiệu với tệp ở phần “%(part)s”. Hãy phục hồi vào một bản cài đặt mới."
)
NOT_A_CONTEST = N_("Tệp này là bản sao lưu toàn bộ, không phải tệp lưu trữ một cuộc thi.")
CHANGED = N_("Lần công bố %(number)s của “%(round)s” tính lại không giống khi lưu trữ nên không phục hồi.")

Read = Callable[[str], TableRows]
AT_ONCE = 500
PLACED = {
    "unit": "id",
    "former_place": "unit_id",
}  # tables with a path, and the column that names whose it is


@dataclass(frozen=True, slots=True)
class Recount:
    """An edition after restoring: its results are as published; `agrees` tells whether the answers still give them.

    None: a newer edition took its place, and only its stored results were checked.
    """

    edition: Edition
    agrees: bool | None


def check(manifest: Manifest) -> None:
    """Raise RuleBroken when a file cannot be taken in here, AlreadyDone when its contest is here already."""
    if manifest.content is not Content.CONTEST:
        raise RuleBroken(NOT_A_CONTEST)
    if manifest.schema != snapshots.schema_of(db.session.connection()):
        raise RuleBroken(OTHER_SCHEMA, schema=manifest.schema)
    if db.session.scalar(select(Contest.id).where(Contest.code == manifest.contest)) is not None:
        raise AlreadyDone(THERE, contest=manifest.title)


def load(manifest: Manifest, read: Read, actor: Actor, filename: str, now: int) -> list[Recount]:
    """Take a contest in, compute its rankings anew and return what they came to; raise RuleBroken to be rolled back."""
    check(manifest)
    connection = db.session.connection()
    metadata, references = archives.tables_here()
    loading = _Loading(connection, metadata, read, set(own_tables(references)))
    loading.fill(manifest)
    db.session.expire_all()
    words.add_missing(loading.items)
    contest = db.session.scalars(select(Contest).where(Contest.code == manifest.contest)).one_or_none()
    if contest is None:
        raise RuleBroken(DAMAGED, part=ROOT)
    audit.record(
        actor, "archive.restore", contest, now, contest.unit.path, file=filename, rows=manifest.rows,
        made_at=manifest.made_at,
    )  # fmt: skip
    db.session.flush()
    return _recounts(manifest)


def _recounts(manifest: Manifest) -> list[Recount]:
    found = []
    for noted in manifest.editions:
        edition = db.session.get(Edition, noted.id)
        if edition is None or edition.sha256 != noted.sha256 or not results.is_intact(edition):
            raise RuleBroken(CHANGED, number=noted.number, round=noted.round)
        if noted.computed is not None and archives.recomputed(edition.round) != noted.computed:
            raise RuleBroken(CHANGED, number=noted.number, round=noted.round)
        found.append(Recount(edition, None if noted.computed is None else noted.computed == edition.sha256))
    return found


class _Loading:
    """One archive on its way into the tables here."""

    def __init__(self, connection: Connection, metadata: Any, read: Read, own: set[str]) -> None:
        self._connection = connection
        self._metadata = metadata
        self._read = read
        self._own = own
        self._accounts: dict[int, int] = {}
        self.items: list[int] = []

    def fill(self, manifest: Manifest) -> None:
        """Insert what is not here yet, each table after what it refers to."""
        order, later = snapshots.order_of(self._metadata)
        known = {part.name for part in manifest.parts}
        if strangers := known - self._own - NAMED - TELLING.keys() - {ACTS}:
            raise RuleBroken(DAMAGED, part=min(strangers))
        waiting = []
        # Who acted comes first: everything else may name them, and they need only their person afterwards.
        for name in sorted(order, key=lambda name: name != "account"):
            if name in known:
                part = self._prepared(name, self._read(name))
                waiting += [
                    (name, *found)
                    for found in snapshots.fill(
                        self._connection, self._metadata, name, part.columns, part.rows, later
                    )
                ]
        for name, column, found in waiting:
            snapshots.fill_later(self._connection, self._metadata.tables[name], column, found)
        snapshots.go_on_counting(self._connection, self._metadata)

    def _prepared(self, name: str, part: TableRows) -> TableRows:
        """Return the rows of a part that are to be inserted, as they are to be."""
        if name == "account":
            self._take_accounts(part)
            return TableRows(name, part.columns, ())
        table = self._metadata.tables[name]
        rows = self._with_accounts(table, part)
        if name in PLACED:
            rows = _in_sound_places(part, rows)
        if name == ACTS:
            return _without_numbers(part, rows)
        if name in TELLING:
            return _without_numbers(part, self._unknown(table, part.columns, rows))
        if "id" in part.columns:
            rows = self._free(table, part.columns, rows)
        return TableRows(name, part.columns, rows)

    def _with_accounts(self, table: Table, part: TableRows) -> Iterator[Sequence[Any]]:
        places = [
            place
            for place, name in enumerate(part.columns)
            if name in table.c
            and any(key.column.table.name == "account" for key in table.c[name].foreign_keys)
        ]
        for row in part.rows:
            values = list(row)
            for place in places:
                if values[place] is not None:
                    values[place] = self._accounts.get(values[place])
            yield values

    def _free(
        self, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> Iterator[Sequence[Any]]:
        """Yield the rows whose numbers are free here; raise RuleBroken where one belongs to another thing."""
        at = columns.index("id")
        for some in _pieces(rows):
            here = self._here(table, [row[at] for row in some])
            for row in some:
                there = here.get(row[at])
                if there is None:
                    if table.name == "item":
                        self.items.append(row[at])
                    yield row
                elif not self._is_same(table.name, dict(zip(columns, row, strict=True)), there):
                    raise RuleBroken(TAKEN, part=table.name)

    def _unknown(
        self, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> Iterator[Sequence[Any]]:
        """Yield the rows that tell what no row here tells."""
        names = SAME[table.name]
        at = [columns.index(name) for name in names]
        for some in _pieces(rows):
            told = table.c[TELLING[table.name]]
            query = select(*(table.c[name] for name in names)).where(
                told.in_([row[columns.index(told.name)] for row in some])
            )
            here = {tuple(row) for row in self._connection.execute(query)}
            yield from (row for row in some if tuple(row[place] for place in at) not in here)

    def _here(self, table: Table, ids: list[Any]) -> dict[Any, Any]:
        if not all(isinstance(one, int) and abs(one) < 1 << 31 for one in ids):
            raise RuleBroken(DAMAGED, part=table.name)
        query = select(table).where(table.c.id.in_(ids))
        return {row.id: row._mapping for row in self._connection.execute(query)}

    def _is_same(self, name: str, row: dict[str, Any], there: Any) -> bool:
        return name in SAME and all(row.get(column) == there[column] for column in SAME[name])

    def _take_accounts(self, part: TableRows) -> None:
        """Find or make an account for everybody who acted; one made here cannot sign in."""
        table = self._metadata.tables["account"]
        for row in part.rows:
            given = dict(zip(part.columns, row, strict=True))
            wanted = str(given.get("username"))[:50], str(given.get("display_name"))[:200]
            self._accounts[given["id"]] = self._account(table, *wanted, given.get("created_at"))

    def _account(self, table: Table, username: str, display_name: str, created_at: Any) -> int:
        at = created_at if isinstance(created_at, int) else 0
        for number in range(100):
            name = username if not number else f"{username}-luu{number}"
            there = self._connection.execute(select(table).where(table.c.username == name)).first()
            if there is None:
                values = {
                    "username": name, "display_name": display_name, "password_hash": "", "is_demo": False,
                    "must_change_password": True, "created_at": at, "disabled_at": at,
                }  # fmt: skip
                return int(self._connection.scalar(table.insert().values(values).returning(table.c.id)) or 0)
            if there.display_name == display_name:
                return int(there.id)
        raise RuleBroken(TAKEN, part="account")


def _without_numbers(part: TableRows, rows: Iterable[Sequence[Any]]) -> TableRows:
    """Return acts to be numbered here after those there are."""
    at = part.columns.index("id")
    columns = [name for name in part.columns if name != "id"]
    return TableRows(part.name, columns, ([*row[:at], *row[at + 1 :]] for row in rows))


def _in_sound_places(part: TableRows, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Yield rows of units and of where they stood; raise RuleBroken at a path that is none of theirs."""
    unit, path = part.columns.index(PLACED[part.name]), part.columns.index("path")
    for row in rows:
        if not is_path(row[path], row[unit]):
            raise RuleBroken(DAMAGED, part=part.name)
        yield row


def _pieces(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    some: list[Sequence[Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some
