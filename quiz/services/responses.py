"""Storing responses: the hot path. One guarded statement is authorisation, deadline and write at once.

It runs on the driver's own connection and is durable when it returns: the stated exception to "services never
commit". Row by row it writes the newer choice and counts every try, so whoever is answered "stored" is answered by
a transaction that wrote. Only when it wrote nothing does anybody ask why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import select

from quiz.core import timing
from quiz.core.errors import N_, AlreadyDone, NotAllowed, RuleBroken
from quiz.core.items import Kind
from quiz.extensions import db, demo_gate
from quiz.models import Attempt, Response
from quiz.services.direct import Direct, Run, Unavailable, direct, in_session
from quiz.services.papers import places_of

DEVICE_BITS = 20  # the low bits of a stamp name the device, the others are ms since the start
STAMP_AHEAD = 24 * 3_600_000  # ms a stamp may lie in the future, so that no clock can lock a choice for good
LARGEST_BATCH = 300
NO_ATTEMPT = N_("Không tìm thấy bài thi này.")
SIGNED_OUT = N_(
    "Lần đăng nhập này đã kết thúc. Các câu đã lưu vẫn còn; hãy vào lại bằng phiếu dự thi để làm tiếp."
)
NO_CARD = N_("Chỉ thí sinh vào bằng phiếu dự thi mới làm bài được.")
TIME_UP = N_("Đã hết giờ nên câu này không được ghi. Các câu đã lưu trước đó vẫn được tính.")
KEPT = 20_000  # papers whose legal choices a process remembers


class Given(NamedTuple):
    """One choice as a device sends it: a 0-based position, the places chosen as text ("" for none), its stamp."""

    position: int
    choice: str
    stamp: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What is durably stored for the positions sent (another device's newer choice included), and the clock.

    Of every position whoever sent none is told, and whoever has to be told of another device.

    `is_elsewhere`: the card has been used since to sign in on another device.
    """

    stored: tuple[Given, ...]
    deadline: int
    now: int
    is_elsewhere: bool = False


class SignedOut(NotAllowed):
    """The sign-in behind the request has ended."""


class NoSuchAttempt(RuleBroken):
    """The attempt is missing or somebody else's; the two are answered alike."""


class NoSuchChoice(RuleBroken):
    """The paper does not offer this choice at this position, or no clock can have given this stamp."""


class _Desk(NamedTuple):
    """How statements reach the database: by themselves, or as a part of the session's transaction."""

    way: Direct
    run: Run
    write: Run


class _Guard(NamedTuple):
    """What never changes about an attempt: its contest, its start, and the texts each position may be given."""

    contest_id: int
    is_demo: bool
    started_at: int
    legal: tuple[frozenset[str], ...]


_guards: WeakKeyDictionary[Direct, dict[int, _Guard]] = WeakKeyDictionary()


def save(attempt_id: int, token_hash: str, batch: Sequence[Given], now: int) -> Saved:
    """Store choices for whoever holds the session and return what is stored, once it is on disk.

    An empty batch asks for the clock and for all that is stored. Raise SignedOut (by a card of the demo too, where
    those are refused), NoSuchAttempt, NoSuchChoice, AlreadyDone (handed in) or RuleBroken (too late) with nothing
    stored, and Unavailable when the database cannot store now.
    """
    way = direct()
    desk = _Desk(way, way.run, way.write)
    guard = _guard_of(desk, attempt_id)
    if guard is not None and demo_gate.shuts_out(guard.is_demo):
        raise SignedOut(SIGNED_OUT)
    return _save(desk, guard, attempt_id, token_hash, batch, now)


def save_in_session(attempt: Attempt, token_hash: str, choices: Mapping[int, str], now: int) -> Saved:
    """Store choices of a form posted without scripts, by the same statement, in the caller's transaction."""
    stamp = (now - attempt.started_at) << DEVICE_BITS
    batch = [Given(position, choice, stamp) for position, choice in choices.items()]
    desk = _Desk(direct(), in_session, in_session)
    return _save(desk, _guard_of(desk, attempt.id), attempt.id, token_hash, batch, now)


def stored_in(attempt: Attempt) -> list[Given]:
    """Return every stored choice of an attempt."""
    query = select(Response.position, Response.choice, Response.stamp).where(
        Response.attempt_id == attempt.id
    )
    return [Given(*row) for row in db.session.execute(query.order_by(Response.position))]


def _save(
    desk: _Desk, guard: _Guard | None, attempt_id: int, token_hash: str, batch: Sequence[Given], now: int
) -> Saved:
    if guard is None or not batch or not _is_legal(batch, guard, now):
        deadline, is_elsewhere = _look(desk, attempt_id, token_hash, now)
        if batch:
            raise NoSuchChoice(N_("Lựa chọn gửi lên không khớp với đề thi. Hãy tải lại trang rồi chọn lại."))
        return Saved(_kept(desk, attempt_id), deadline, now, is_elsewhere)
    given = _newest(batch)
    values = [now]
    for response in given:
        values += response
    values += (attempt_id, now, now, token_hash, now, guard.contest_id, token_hash)
    rows = desk.write(_statement(desk.way, len(given)), values)
    if not rows:
        deadline, _ = _look(desk, attempt_id, token_hash, now)
        if all(guard.started_at + (response.stamp >> DEVICE_BITS) > deadline for response in given):
            raise RuleBroken(TIME_UP)
        raise Unavailable("what stood against it has gone meanwhile")
    deadline, is_elsewhere = rows[0][3], bool(rows[0][4])
    stored = _kept(desk, attempt_id) if is_elsewhere else tuple(Given(*row[:3]) for row in rows)
    return Saved(stored, deadline, now, is_elsewhere)


def _kept(desk: _Desk, attempt_id: int) -> tuple[Given, ...]:
    return tuple(Given(*row) for row in desk.run(desk.way.text(_KEPT), [attempt_id]))


def may_be_given(attempt: Attempt, batch: Sequence[Given], now: int) -> bool:
    """Tell whether the paper of an attempt offers these choices and a clock can have given their stamps."""
    guard = _guard_of(_Desk(direct(), in_session, in_session), attempt.id)
    return guard is not None and _is_legal(batch, guard, now, most=len(batch))


def _is_legal(batch: Sequence[Given], guard: _Guard, now: int, most: int = LARGEST_BATCH) -> bool:
    if len(batch) > most:
        return False
    newest = now - guard.started_at + STAMP_AHEAD
    return all(
        0 <= position < len(guard.legal)
        and choice in guard.legal[position]
        and 0 <= stamp >> DEVICE_BITS <= newest
        for position, choice, stamp in batch
    )


def _guard_of(desk: _Desk, attempt_id: int) -> _Guard | None:
    """Return what never changes about an attempt, read once a process; None when there is no such attempt."""
    known = _guards.setdefault(desk.way, {})
    found = known.get(attempt_id)
    return found if found is not None else _read_guard(desk, attempt_id, known)


def _read_guard(desk: _Desk, attempt_id: int, known: dict[int, _Guard]) -> _Guard | None:
    rows = desk.run(desk.way.text(_PAPER), [attempt_id])
    if not rows:
        return None
    paper, started_at, contest_id, is_demo = rows[0]
    several = {row[0] for row in desk.run(desk.way.text(_SEVERAL), [attempt_id, Kind.MULTIPLE.value])}
    legal = (legal_choices(len(place.order), place.version in several) for place in places_of(paper))
    if len(known) >= KEPT:
        known.clear()
    known[attempt_id] = found = _Guard(contest_id, bool(is_demo), started_at, tuple(legal))
    return found


def _newest(batch: Sequence[Given]) -> list[Given]:
    """Return one choice a position, the newest, in order: two batches then never wait for each other's rows."""
    if len(batch) == 1:
        return list(batch)
    found: dict[int, Given] = {}
    for given in batch:
        if given.position not in found or given.stamp >= found[given.position].stamp:
            found[given.position] = given
    return [found[position] for position in sorted(found)]


@cache
def legal_choices(option_count: int, several: bool) -> frozenset[str]:
    """Return every text a choice among so many options may have: places in order, one unless several may be taken."""
    most = option_count if several else 1
    return frozenset(
        ",".join(map(str, places))
        for size in range(most + 1)
        for places in combinations(range(option_count), size)
    )


# --- the statements ------------------------------------------------------------------------------------------

_UPSERT = """
INSERT INTO response (attempt_id, position, choice, stamp, saved_at, saves)
SELECT a.id, given.column1, given.column2, given.column3, CAST({mark} AS BIGINT), 1
FROM attempt AS a
JOIN auth_session AS s ON s.person_id = a.person_id
JOIN access_card AS c ON c.id = s.card_id
CROSS JOIN (VALUES {rows}) AS given
WHERE a.id = {mark} AND a.submitted_at IS NULL AND a.deadline + a.grace_seconds * 1000 >= {mark}
  AND (a.deadline >= {mark} OR a.deadline >= a.started_at + (given.column3 >> 20))
  AND s.token_hash = {mark} AND s.revoked_at IS NULL AND s.expires_at > {mark}
  AND c.revoked_at IS NULL AND c.contest_id = {mark}
{lock}
ON CONFLICT (attempt_id, position) DO UPDATE SET
  choice = CASE WHEN excluded.stamp >= response.stamp THEN excluded.choice ELSE response.choice END,
  saved_at = CASE WHEN excluded.stamp >= response.stamp THEN excluded.saved_at ELSE response.saved_at END,
  stamp = CASE WHEN excluded.stamp >= response.stamp THEN excluded.stamp ELSE response.stamp END,
  saves = response.saves + 1
RETURNING position, choice, stamp, (SELECT deadline FROM attempt WHERE attempt.id = response.attempt_id),
  EXISTS (SELECT 1 FROM auth_session AS mine JOIN auth_session AS newer
    ON newer.card_id = mine.card_id AND newer.revoked_at IS NULL AND newer.id > mine.id
    WHERE mine.token_hash = {mark})
"""
_ROW = "(CAST({mark} AS INTEGER), CAST({mark} AS VARCHAR), CAST({mark} AS BIGINT))"
_HOLDER = """
SELECT s.person_id, s.card_id, c.contest_id, EXISTS (SELECT 1 FROM auth_session AS newer
  WHERE newer.card_id = s.card_id AND newer.revoked_at IS NULL AND newer.id > s.id)
FROM auth_session AS s LEFT JOIN access_card AS c ON c.id = s.card_id
WHERE s.token_hash = {mark} AND s.revoked_at IS NULL AND s.expires_at > {mark} AND c.revoked_at IS NULL
"""
_STATE = """
SELECT a.person_id, st.contest_id, a.submitted_at, a.deadline, a.grace_seconds FROM attempt AS a
JOIN round AS r ON r.id = a.round_id JOIN stage AS st ON st.id = r.stage_id WHERE a.id = {mark}
"""
_KEPT = "SELECT position, choice, stamp FROM response WHERE attempt_id = {mark} ORDER BY position"
_PAPER = """
SELECT a.paper, a.started_at, st.contest_id, k.is_demo FROM attempt AS a
JOIN round AS r ON r.id = a.round_id JOIN stage AS st ON st.id = r.stage_id JOIN contest AS k ON k.id = st.contest_id
WHERE a.id = {mark}
"""
_SEVERAL = """
SELECT i.version_id FROM attempt AS a JOIN round_item AS i ON i.round_id = a.round_id
JOIN item_version AS v ON v.id = i.version_id WHERE a.id = {mark} AND v.kind = {mark}
"""


@cache
def _upsert(size: int, mark: str, lock: str) -> str:
    rows = ", ".join([_ROW.format(mark=mark)] * size)
    return _UPSERT.format(mark=mark, rows=rows, lock=lock)


def _statement(way: Direct, size: int) -> str:
    """Return the upsert of so many responses. Its lock makes a hand-in at the same moment wait for this save, or
    lets this save see that it came too late; on SQLite writers are alone anyway."""
    return _upsert(size, way.mark, "" if way.is_sqlite else "FOR SHARE OF a")


def _look(desk: _Desk, attempt_id: int, token_hash: str, now: int) -> tuple[int, bool]:
    """Return the deadline of an attempt that may be written to, and whether its card was used on another device since.

    Raise what stands against it.
    """
    holder = desk.run(desk.way.text(_HOLDER), [token_hash, now])
    if not holder:
        raise SignedOut(SIGNED_OUT)
    person_id, card_id, contest_id, is_elsewhere = holder[0]
    if card_id is None:
        raise NotAllowed(NO_CARD)
    state = desk.run(desk.way.text(_STATE), [attempt_id])
    if not state or state[0][:2] != (person_id, contest_id):
        raise NoSuchAttempt(NO_ATTEMPT)
    _, _, submitted_at, deadline, grace_seconds = state[0]
    if submitted_at is not None:
        raise AlreadyDone(
            N_("Bài này đã được nộp nên không ghi thêm được. Các câu đã lưu trước đó vẫn được tính.")
        )
    if not timing.is_accepted(deadline, grace_seconds, now):
        raise RuleBroken(TIME_UP)
    return int(deadline), bool(is_elsewhere)
