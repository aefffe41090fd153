"""What long work there is: each kind is a function that does it; the pages register theirs here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from quiz.database import reads_only
from quiz.extensions import db


class TakenOver(Exception):
    """Somebody else does this job now: stop, and leave nothing behind."""


@dataclass(frozen=True, slots=True)
class Made:
    """The file a job made: its bytes, or the path of a finished file on the same disk, which is moved."""

    content: bytes | Path
    filename: str
    mimetype: str


class Work(Protocol):
    """What a kind of work is given: its parameters, who asked when (ms UTC), and whom to tell how far it is."""

    params: dict[str, Any]
    account_id: int
    asked_at: int

    def report(self, done: int, total: int) -> None:
        """Say how far the work is; raise TakenOver when somebody else does it now."""


Kind = Callable[[Work], Made | None]
KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Register the function below as what does jobs of that kind.

    It reads without the write lock, may run again from its beginning, and writes only within `writing()`.
    """

    def register(do: Kind) -> Kind:
        KINDS[name] = do
        return do

    return register


@contextmanager
def writing() -> Iterator[None]:
    """Run the block as one transaction that may write, committed at its end; keep it short, saves wait for it."""
    db.session.rollback()
    token = reads_only.set(False)
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        reads_only.reset(token)
