"""What decisions about prizes change, in sentences: after one was withheld, and before one is given or somebody is
passed over."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

from quiz.core.awards import Line, Outcome, PrizeTie, Winner
from quiz.core.names import with_cell
from quiz.core.prize_moves import Change, Moved
from quiz.core.prizes import Kind, PrizeTable
from quiz.services import awards

NAMED = 10  # people and units named in one sentence; the page beside it lists them all

Won = tuple[Line, Winner]


def withheld_text(edition: Any, key: str, before: Outcome, after: Outcome) -> Iterator[str]:
    """Yield what became of the winners when some of the prize kept under `key` was withheld; nothing if all is plain.

    Those who share a prize keep it together while one of it is left; what they take more comes off the next prize.
    Nobody has lost a prize that waits for the board to part equals.
    """
    had, have = before.winners(*Kind), after.winners(*Kind)
    if _own(had, key) and _own(had, key) == _own(have, key):
        yield _(
            "Người nhận %(prize)s không thay đổi: những người bằng nhau vẫn cùng nhận. Muốn bớt người nhận, hãy tìm"
            " từng người và chọn “Không xét giải”.",
            prize=key.partition("|")[2],
        )
    waiting = {(line.prize, line.scope) for line in after.lines if line.undecided}
    lost = [pair for pair in _only_in(had, have) if (pair[0].prize, pair[0].scope) not in waiting]
    if lost:
        yield _("Không còn được giải: %(names)s.", names=_names(edition, lost))
    if won := _only_in(have, had):
        yield _("Nay được giải: %(names)s.", names=_names(edition, won))


def _own(winners: Sequence[Won], key: str) -> list[int]:
    return [one.key for line, one in winners if awards.key_of(line.prize, line.scope) == key]


def _only_in(winners: Sequence[Won], others: Sequence[Won]) -> list[Won]:
    there = {(line.prize, line.scope, one.key) for line, one in others}
    return [(line, one) for line, one in winners if (line.prize, line.scope, one.key) not in there]


def _names(edition: Any, winners: Sequence[Won]) -> str:
    said = [
        f"{with_cell(one.name, one.cell_name)} – {one.prize}"
        for one in awards.named(edition, winners[:NAMED])
    ]
    return "; ".join(said if len(winners) <= NAMED else [*said, "…"])


def change_lines(edition: Any, change: Change) -> list[str]:
    """Return who would gain or lose which prize, which equals would have to be parted, what nobody would get."""
    table, shown = awards.table_of(edition), change.moved[:NAMED]
    among = [(_is_for_units(table, tie), key) for tie in change.ties for key in tie.among[:NAMED]]
    names = awards.names_of(edition, [*((one.is_unit, one.key) for one in shown), *among])
    more = len(change.moved) - len(shown)
    return [
        *(_moved(one, names[one.is_unit, one.key]) for one in shown),
        *([_("và %(count)d người hoặc tập thể nữa", count=more)] if more else []),
        *(
            _to_decide(tie, [names[_is_for_units(table, tie), key] for key in tie.among[:NAMED]])
            for tie in change.ties
        ),
        *(
            _("%(prize)s: thêm %(count)d giải không có người nhận", prize=_in_scope(*key), count=count)
            for key, count in change.unfilled.items()
        ),
    ]


def _is_for_units(table: PrizeTable, tie: PrizeTie) -> bool:
    return table.kind_of(tie.prize) is Kind.COLLECTIVE


def _to_decide(tie: PrizeTie, names: list[str]) -> str:
    said = "; ".join(names if len(tie.among) <= NAMED else [*names, "…"])
    prize = _in_scope(tie.prize, tie.scope)
    return _("%(prize)s: bằng nhau, Ban Tổ chức phải quyết định giữa %(names)s", prize=prize, names=said)


def _moved(one: Moved, name: str) -> str:
    before, after = ("; ".join(won) or _("không có giải") for won in (one.before, one.after))
    return f"{name}: {before} → {after}"


def _in_scope(prize: str, scope: str) -> str:
    return f"{prize} ({scope})" if scope else prize
