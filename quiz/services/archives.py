"""A contest in one file: which rows go along, and what its rankings come to when computed anew from the answers."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Select,
    String,
    Table,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)

from quiz.core.archive_scope import ACTS, BLANK, NAMED, NUMBERED, ROOT, TELLING, Way, own_tables
from quiz.core.archives import Content, EditionCheck, Manifest, Reference, TableRows
from quiz.core.delegations import units_in
from quiz.core.errors import N_, RuleBroken
from quiz.core.places import ids_of
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Attempt, Contest, Round, Stage
from quiz.services import audit, marking, results, snapshots
from quiz.services.audit import Actor
from quiz.services.backups import key_mark
from quiz.services.standings import standings_of

RUNNING = N_(
    "Vòng “%(round)s” chưa kết thúc. Hãy lưu trữ khi các vòng đã mở đều kết thúc và không còn ai làm bài."
)
AT_ONCE = 500
RULES = {"stage": ("rules",), "amendment": ("before", "after")}  # columns that hold the rules of a stage
COVERED = "round_unit"  # the table that says which units a round covers
NEEDED = {("unit", "parent_id"), ("item", "current_id")}  # may be empty, and still go along


def with_id(contest_id: int) -> Contest:
    """Return the contest of that number; it is known to be there."""
    return db.session.get_one(Contest, contest_id)


def check_is_over(contest: Contest, now: int) -> None:
    """Raise RuleBroken while a round of the contest is open or somebody still sits a paper: keys are in the file."""
    rounds = [one for stage in contest.stages for one in stage.rounds]
    for one in rounds:
        if one.phase_at(now) in (Phase.SCHEDULED, Phase.OPEN):
            raise RuleBroken(RUNNING, round=one.name)
    unfinished = (
        select(Round)
        .join(Attempt, Attempt.round_id == Round.id)
        .where(Round.id.in_([one.id for one in rounds]), Attempt.submitted_at.is_(None))
        .limit(1)
    )
    if (found := db.session.scalar(unfinished)) is not None:
        raise RuleBroken(RUNNING, round=found.name)


def head(connection: Connection, contest: Contest, product: str, now: int) -> Manifest:
    """Return what the archive of a contest says about itself."""
    schema = snapshots.schema_of(connection)
    return Manifest(Content.CONTEST, schema, product, now, contest.title, contest.code, key_mark())


# --- which rows -----------------------------------------------------------------------------------------------------


class Extent:
    """The rows of a contest as a connection sees them: what is its own, and what of the rest its rows name."""

    def __init__(self, connection: Connection, contest_id: int) -> None:
        self._connection = connection
        self.metadata = snapshots.tables_of(connection)
        self.references = snapshots.references_of(self.metadata)
        self._contest_id = contest_id
        self.own = own_tables(self.references)
        self.named = self._named()

    def tables(self) -> Iterator[TableRows]:
        """Yield the tables that go along, in the order they are filled."""
        for name in snapshots.order_of(self.metadata)[0]:
            table = self.metadata.tables[name]
            if name in self.own:
                yield self._part(table, self._is_own(name))
            elif name == ACTS:
                yield self._part(table, table.c.target.in_(self._targets(table.c.target.type)))
            elif name in NAMED:
                rows = self._in_pieces(table, table.c.id, name)
                yield TableRows(name, snapshots.columns_of(table), self._kept(table, rows))
            elif name in TELLING:
                column = table.c[TELLING[name]]
                rows = self._in_pieces(table, column, next(iter(column.foreign_keys)).column.table.name)
                yield TableRows(name, snapshots.columns_of(table), self._kept(table, rows))

    def count(self) -> int:
        """Return how many rows go along, about: acts are not counted."""
        own = (
            self._connection.scalar(
                select(func.count()).select_from(self.metadata.tables[name]).where(self._is_own(name))
            )
            for name in self.own
        )
        return sum(count or 0 for count in own) + sum(map(len, self.named.values()))

    def _is_own(self, name: str) -> Any:
        return self._belongs(name, self.metadata.tables[name])

    def _belongs(self, name: str, table: Any) -> Any:
        """Return the condition under which a row of `table`, which stands for `name`, is the contest's own."""
        if name == ROOT:
            return table.c.id == self._contest_id
        return or_(
            false(),
            *(table.c["id" if way.inward else way.column].in_(self._ids(way)) for way in self.own[name]),
        )

    def _ids(self, way: Way) -> Select[Any]:
        owner = self.metadata.tables[way.owner].alias()
        column = owner.c[way.column] if way.inward else owner.c.id
        return select(column).where(self._belongs(way.owner, owner), column.is_not(None))

    def _targets(self, kind: Any) -> Select[Any]:
        """Return the names by which acts on rows of the contest are recorded: "round:7"."""
        parts = [
            select(literal(f"{name}:", kind) + cast(self.metadata.tables[name].c.id, String)).where(
                self._is_own(name)
            )
            for name in self.own
            if "id" in self.metadata.tables[name].c
        ]
        return parts[0].union_all(*parts[1:])  # type: ignore[return-value]

    def _named(self) -> dict[str, set[int]]:
        """Return the ids of units, people, questions … that the own rows name, and what those name in turn."""
        found: dict[str, set[int]] = {name: set() for name in NAMED}
        fresh: dict[str, set[int]] = {name: set() for name in NAMED}
        for name in [*self.own, ACTS]:
            where = self._is_own(name) if name in self.own else self._act_condition()
            for reference in self._to_named(name):
                fresh[reference.target] |= self._values(reference, where)
        fresh["unit"] |= self._in_rules() | self._covered()
        while any(fresh.values()):
            for name, ids in fresh.items():
                found[name] |= ids
            fresh = self._one_step_on(fresh, found)
        return found

    def _in_rules(self) -> set[int]:
        """Return the ids of the units that rules name: by their codes, which are no reference."""
        codes, unit = set[str](), self.metadata.tables["unit"]
        for name, columns in RULES.items():
            table = self.metadata.tables[name]
            query = select(*(table.c[column] for column in columns)).where(self._is_own(name))
            codes.update(
                code for row in self._connection.execute(query) for rules in row for code in units_in(rules)
            )
        return set(self._connection.scalars(select(unit.c.id).where(unit.c.code.in_(codes))))

    def _covered(self) -> set[int]:
        """Return the ids of the units below those its rounds cover, now or before: who sent nobody is counted too."""
        unit, former, covered = (self.metadata.tables[name] for name in ("unit", "former_place", COVERED))
        node = unit.alias()
        here = select(unit.c.id).join(node, unit.c.path.startswith(node.c.path))
        before = select(former.c.unit_id).join(
            node, former.c.path.like("%/" + cast(node.c.id, String) + "/%")
        )
        found = set[int]()
        for query in (here, before):
            query = (
                query.join(covered, covered.c.unit_id == node.c.id).where(self._is_own(COVERED)).distinct()
            )
            found.update(self._connection.scalars(query))
        return found

    def _act_condition(self) -> Any:
        target = self.metadata.tables[ACTS].c.target
        return target.in_(self._targets(target.type))

    def _to_named(self, name: str) -> list[Reference]:
        return [one for one in self.references if one.table == name and one.target in NAMED]

    def _values(self, reference: Reference, where: Any) -> set[int]:
        column = self.metadata.tables[reference.table].c[reference.column]
        query = select(column).where(where, column.is_not(None)).distinct()
        return set(self._connection.scalars(query))

    def _one_step_on(self, fresh: dict[str, set[int]], found: dict[str, set[int]]) -> dict[str, set[int]]:
        further: dict[str, set[int]] = {name: set() for name in NAMED}
        for name, ids in fresh.items():
            for reference in self._to_named(name):
                if not _goes_on(reference):
                    continue
                table = self.metadata.tables[name]
                for some in _pieces(sorted(ids)):
                    further[reference.target] |= self._values(reference, table.c.id.in_(some))
        further["unit"] |= self._stood_under(fresh["unit"])
        return {name: ids - found[name] for name, ids in further.items()}

    def _stood_under(self, cells: set[int]) -> set[int]:
        """Return the ids of what these cells stood under before: their paths then are no reference to it."""
        table, found = self.metadata.tables["former_place"], set[int]()
        for some in _pieces(sorted(cells)):
            paths = self._connection.scalars(select(table.c.path).where(table.c.unit_id.in_(some)))
            found.update(key for path in paths for key in ids_of(path))
        return found

    # --- their values -----------------------------------------------------------------------------------------------

    def _part(self, table: Table, where: Any) -> TableRows:
        rows = snapshots.rows_of(self._connection, table, where)
        return TableRows(table.name, snapshots.columns_of(table), self._kept(table, rows))

    def _in_pieces(self, table: Table, column: Column[Any], named: str) -> Iterator[list[Any]]:
        for some in _pieces(sorted(self.named[named])):
            yield from snapshots.rows_of(self._connection, table, column.in_(some))

    def _kept(self, table: Table, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        """Yield rows without secrets, and without references to what stays behind."""
        columns = snapshots.columns_of(table)
        changes = [(place, self._change(table.c[name])) for place, name in enumerate(columns)]
        changes = [(place, change) for place, change in changes if change is not None]
        at = columns.index("id") if "id" in columns else 0
        for row in rows:
            for place, change in changes:
                row[place] = change(row[place], row[at])  # type: ignore[misc]
            yield row

    def _change(self, column: Column[Any]) -> Any:
        place = (column.table.name, column.name)
        if place in BLANK:
            return lambda _value, _id: BLANK[place]
        if place in NUMBERED:
            return lambda _value, key: NUMBERED[place].format(id=key)
        for key in column.foreign_keys:
            target = key.column.table.name
            if target in NAMED:
                ids = self.named[target]
                return lambda value, _id: value if value in ids else None
            if target not in self.own:
                return lambda _value, _id: None
        return None


def _goes_on(reference: Reference) -> bool:
    """Tell whether what a named row refers to is needed to understand it."""
    return not reference.may_be_empty or (reference.table, reference.column) in NEEDED


def _pieces(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


# --- rankings computed anew -----------------------------------------------------------------------------------------


def recomputed(contest_round: Round) -> str:
    """Return the SHA-256 of the ranking of a round when every paper is marked again from its answers.

    Nothing is kept of it: what it changed in memory is to be rolled back.
    """
    query = select(Attempt).where(Attempt.round_id == contest_round.id, Attempt.submitted_at.is_not(None))
    with db.session.no_autoflush:
        attempts = list(db.session.scalars(query.order_by(Attempt.id)))
        for start in range(0, len(attempts), AT_ONCE):
            some = attempts[start : start + AT_ONCE]
            choices = marking.choices_of(attempt.id for attempt in some)
            for attempt in some:
                marking.store_marks(attempt, choices[attempt.id])
        return results.sha256_of(standings_of(contest_round))


def editions_of(contest: Contest) -> list[EditionCheck]:
    """Return every edition of a contest, the newest of each round with its ranking computed anew."""
    found = []
    for one in _rounds(contest):
        newest = results.latest(one.id)
        for edition in sorted(one.editions, key=lambda edition: edition.number):
            anew = recomputed(one) if edition is newest else None
            found.append(EditionCheck(edition.id, one.name, edition.number, edition.sha256, anew))
    db.session.rollback()
    return found


def _rounds(contest: Contest) -> list[Round]:
    query = select(Round).join(Stage).where(Stage.contest_id == contest.id).order_by(Round.id)
    return list(db.session.scalars(query))


def pages_of(contest: Contest) -> Iterator[tuple[str, bytes]]:
    """Yield the public text of each edition: its SHA-256 is the one printed with the edition."""
    for one in _rounds(contest):
        for edition in sorted(one.editions, key=lambda edition: edition.number):
            yield f"editions/{one.id}-{edition.number}.txt", results.text_of(edition)


def record_made(contest: Contest, actor: Actor, sha256: str, manifest: Manifest, now: int) -> None:
    """Record that a contest was archived, with the SHA-256 of the file, by which a changed one is told."""
    audit.record(
        actor, "archive.make", contest, now, contest.unit.path, sha256=sha256, rows=manifest.rows,
        schema=manifest.schema,
    )  # fmt: skip


def tables_here() -> tuple[MetaData, list[Reference]]:
    """Return the tables of this installation and what refers to what."""
    metadata = snapshots.tables_of(db.session.connection())
    return metadata, snapshots.references_of(metadata)
