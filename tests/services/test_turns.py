"""Sharing commits: everybody gets the own answer, a fault stays with its statement, and no turn is ever lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pysqlite3.dbapi2 as sqlite
import pytest

from quiz.database import prepare_connection
from quiz.services.turns import Statement, Turns
from quiz.turn import Turn

WRITE = "INSERT INTO thing (name) VALUES (?) RETURNING name"


class Database:
    """A database file, the turns to it, and how many transactions were committed to it."""

    def __init__(self, folder) -> None:
        self.path = str(folder / "a.db")
        self.opened = []
        self.unsound = []
        connection = self.connect()
        connection.execute("CREATE TABLE thing (name TEXT UNIQUE NOT NULL)")
        self.turn = Turn(self.path)
        self.turns = Turns(self.turn, self.connect, self.give_back)

    def connect(self):
        """Return a new connection."""
        connection = sqlite.connect(self.path, check_same_thread=False)
        prepare_connection(connection)
        self.opened.append(connection)
        return connection

    def give_back(self, connection, is_sound: bool) -> None:
        """Note the connections that failed."""
        if not is_sound:
            self.unsound.append(connection)

    def names(self) -> list[str]:
        """Return what is stored, as another connection sees it."""
        return [name for (name,) in self.connect().execute("SELECT name FROM thing ORDER BY name")]

    def together(self, *names: object) -> list[object]:
        """Write each name from a thread of its own while the turn is taken, so that one commit serves them all."""
        holder = self.connect()
        holder.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(len(names) + 1) as pool:
            first = pool.submit(self.turns.write, Statement(WRITE, ["first"]))
            while not self.turns._is_led or self.turns._queue:
                threading.Event().wait(0.005)
            futures = []
            for name in names:
                futures.append(pool.submit(self.turns.write, Statement(WRITE, [name])))
                while len(self.turns._queue) < len(futures):
                    threading.Event().wait(0.005)
            holder.execute("COMMIT")
            assert first.result(timeout=300) == [("first",)]
            return [future.exception(timeout=300) or future.result() for future in futures]


@pytest.fixture
def database(tmp_path):
    """A database with turns, closed afterwards."""
    database = Database(tmp_path)
    yield database
    database.turn.close()
    for connection in database.opened:
        connection.close()


def test_one_writer_gets_its_rows_when_they_are_stored(database):
    assert database.turns.write(Statement(WRITE, ["a"])) == [("a",)]
    assert database.names() == ["a"]


def test_those_who_wait_are_written_together_and_each_gets_the_own_rows(database):
    opened = len(database.opened)
    assert database.together("a", "b", "c", "d") == [[("a",)], [("b",)], [("c",)], [("d",)]]
    assert database.names() == ["a", "b", "c", "d", "first"]
    assert len(database.opened) == opened + 4, (
        "the holder, the first, one for the four of them, and the reader"
    )


@pytest.mark.parametrize("bad", [None, "first", 2**70], ids=["not null", "not unique", "no such number"])
def test_a_statement_that_fails_fails_alone(database, bad):
    first, second, third = database.together("a", bad, "c")
    assert (first, third) == ([("a",)], [("c",)])
    assert isinstance(second, (sqlite.Error, OverflowError))
    assert database.names() == ["a", "c", "first"]
    assert len(database.unsound) == 1


def test_what_belongs_together_is_stored_whole(database):
    assert database.turns.write(Statement(WRITE, ["a"]), Statement(WRITE, ["b"])) == [("b",)]
    assert database.names() == ["a", "b"]


def test_of_what_belongs_together_nothing_is_stored_when_one_fails(database):
    with pytest.raises(sqlite.IntegrityError):
        database.turns.write(Statement(WRITE, ["a"]), Statement(WRITE, [None]))
    assert database.names() == []


def test_after_a_fault_the_next_writer_has_the_turn(database):
    with pytest.raises(sqlite.IntegrityError):
        database.turns.write(Statement(WRITE, [None]))
    assert database.turns.write(Statement(WRITE, ["a"])) == [("a",)]


def test_who_cannot_connect_is_told_and_so_is_everybody_waiting(database):
    def refuse():
        raise sqlite.OperationalError("unable to open database file")

    turns = Turns(database.turn, refuse, database.give_back)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(turns.write, Statement(WRITE, [str(number)])) for number in range(8)]
        assert all(isinstance(future.exception(timeout=300), sqlite.OperationalError) for future in futures)


def test_without_file_locks_writing_goes_on(database, tmp_path):
    turns = Turns(Turn(str(tmp_path / "no such folder" / "b.db")), database.connect, database.give_back)
    assert turns.write(Statement(WRITE, ["a"])) == [("a",)]


def test_two_processes_worth_of_writers_lose_nothing(database):
    others = Turns(Turn(database.path), database.connect, database.give_back)
    with ThreadPoolExecutor(16) as pool:
        list(
            pool.map(
                lambda n: (database.turns, others)[n % 2].write(Statement(WRITE, [f"{n:03d}"])), range(300)
            )
        )
    assert database.names() == [f"{number:03d}" for number in range(300)]
