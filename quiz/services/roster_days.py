"""First days of cells in a file: where a round was held already, an empty one changes no figure of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from quiz.core.errors import N_, Problem
from quiz.core.roster_rules import Advice
from quiz.core.rosters import HEADINGS, UNITS, Roster, UnitDraft
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Round, RoundUnit
from quiz.services.roster_reading import Stored

BEGUN = N_(
    "%(count)d chi bộ mới để trống ô này mà nơi đó đã có vòng thi tổ chức xong: bắt đầu từ hôm nay, nên không tính vào"
    " vòng đã thi. Chi bộ nào có từ trước thì ghi đúng ngày rồi tải lên lại."
)
KEPT = N_(
    "%(count)d chi bộ có ngày bắt đầu trong hệ thống mà tệp để trống: giữ ngày đang có, vì nơi đó đã có vòng thi tổ"
    " chức xong. Muốn bỏ ngày thì sửa ở trang của đơn vị."
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A roster whose cells have the first days they would be stored with, and what to tell about these."""

    roster: Roster
    told: list[Problem]


def dated(roster: Roster, stored: Stored, today: date) -> Dated:
    """Return `roster` with today for new cells without a first day where a round was held before today.

    A stored cell whose day the file leaves empty keeps it there, so that importing twice changes nothing.
    """
    held = _held_units(today)
    before = {draft.code: draft for draft in stored.roster.units}
    tree = before | {draft.code: draft for draft in roster.units}
    begun: list[UnitDraft] = []
    kept: list[UnitDraft] = []
    units = []
    for draft in roster.units:
        is_open = (
            draft.is_cell and draft.valid_from is None and not (draft.valid_to and draft.valid_to <= today)
        )
        old = before.get(draft.code)
        if is_open and (old is None or old.valid_from) and _is_held(draft.code, tree, stored, held):
            draft = replace(draft, valid_from=old.valid_from if old else today)
            (kept if old else begun).append(draft)
        units.append(draft)
    return Dated(replace(roster, units=tuple(units)), list(_told(len(begun), len(kept))))


def _told(begun: int, kept: int) -> Iterator[Problem]:
    if begun:
        yield Advice(BEGUN, {"count": begun}, UNITS, field=HEADINGS[UNITS]["valid_from"])
    if kept:
        yield Advice(KEPT, {"count": kept}, UNITS)


def _held_units(today: date) -> set[int]:
    """Return the ids of the units that rounds cover which were over before today."""
    query = select(RoundUnit.unit_id, Round.closes_at).join(Round, Round.id == RoundUnit.round_id)
    over = query.where(Round.opened_at.is_not(None), Round.closes_at.is_not(None))
    return {unit_id for unit_id, closes_at in db.session.execute(over) if day_of(closes_at) < today}


def _is_held(code: str, tree: Mapping[str, UnitDraft], stored: Stored, held: set[int]) -> bool:
    """Tell whether a unit, or one above it in the tree as it would be, is covered by such a round."""
    seen: set[str] = set()
    while held and code in tree and code not in seen:
        if code in stored.units and stored.units[code][0] in held:
            return True
        seen.add(code)
        code = tree[code].parent_code
    return False
