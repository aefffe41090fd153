"""Taking turns to write: one at a time, in the order of waiting, and never a turn that nobody can get back."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from quiz.database import reading, reads_only
from quiz.extensions import db
from quiz.turn import Turn, turn_to

HOLDS_THE_TURN = """
import sys
from quiz.turn import Turn
turn = Turn(sys.argv[1])
turn.take()
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _as_in_a_request_that_writes():
    """Forget that the last request of the test before only read."""
    before = reads_only.set(False)
    yield
    reads_only.reset(before)


@pytest.fixture
def turn(tmp_path):
    """The turn to a file."""
    turn = Turn(str(tmp_path / "a.db"))
    yield turn
    turn.close()


def test_only_one_thread_has_the_turn(turn):
    held, most = [0], [0]

    def work(_number):
        assert turn.take()
        held[0] += 1
        most[0] = max(most[0], held[0])
        threading.Event().wait(0.001)
        held[0] -= 1
        turn.give_back()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert most == [1]


def test_a_thread_that_has_the_turn_is_refused_at_once_instead_of_waiting_for_itself(turn):
    assert turn.take()
    assert not turn.take(patience=60)
    turn.give_back()
    assert turn.take()
    turn.give_back()


def test_who_waited_too_long_goes_on_without_the_turn(turn):
    assert turn.take()
    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(turn.take, 0.01).result(timeout=300)
    turn.give_back()


def test_a_killed_process_leaves_no_turn_behind(turn, tmp_path):
    command = [sys.executable, "-c", HOLDS_THE_TURN, str(tmp_path / "a.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"taken\n"
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(turn.take)
            threading.Event().wait(0.05)
            assert not waiting.done()
            other.kill()
            assert waiting.result(timeout=300)
            turn.give_back()


def test_without_file_locks_the_turn_still_holds_within_the_process(tmp_path):
    turn = Turn(str(tmp_path / "no such folder" / "a.db"))
    assert turn.take()
    assert not turn.take()
    turn.give_back()


def test_the_same_file_has_the_same_turn(tmp_path):
    assert turn_to(f"{tmp_path}/a.db") is turn_to(f"{tmp_path}/x/../a.db")
    assert turn_to(f"{tmp_path}/a.db") is not turn_to(f"{tmp_path}/b.db")


@pytest.mark.parametrize("end", ["commit", "rollback", "remove"])
def test_a_transaction_that_writes_holds_the_turn_until_it_ends(sqlite_app, end):
    turn = turn_to(db.engine.url.database)
    db.session.execute(text("SELECT 1"))
    assert turn._holder
    getattr(db.session, end)()
    assert not turn._holder


def test_a_transaction_that_reads_never_waits_for_the_turn(sqlite_app):
    turn = turn_to(db.engine.url.database)
    db.session.rollback()
    turn.take()
    with reading():
        assert db.session.scalar(text("SELECT 1")) == 1
    turn.give_back()


def test_a_transaction_that_cannot_begin_holds_no_turn(sqlite_app):
    turn = turn_to(db.engine.url.database)
    db.session.rollback()
    other = db.engine.raw_connection()
    other.driver_connection.execute("BEGIN IMMEDIATE")
    connection = db.engine.raw_connection()
    connection.driver_connection.execute("PRAGMA busy_timeout=1")
    connection.close()
    with pytest.raises(OperationalError, match="locked"):
        db.session.execute(text("SELECT 1"))
    db.session.rollback()
    assert not turn._holder
    other.driver_connection.execute("ROLLBACK")
    other.close()
    connection = db.engine.raw_connection()
    connection.driver_connection.execute("PRAGMA busy_timeout=15000")
    connection.close()
