"""The prize table of a stage as data: free names and counts, special and collective prizes, each with its rule (R46).

It is part of the rules: printed in the Thể lệ, frozen with them, obeyed by `quiz.core.awards`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from quiz.core.errors import N_
from quiz.core.promotion import Scope

MOST_COUNT = 999
NAME_LENGTH = 80


class AtLine(StrEnum):
    """What happens when equals stand across the line of a prize."""

    SHARE = "share"  # all of them get it, and as many of the next prize are not given
    BOARD = "board"  # the board decides


class Merit(StrEnum):
    """What a special prize is given for."""

    OLDEST = "oldest"
    YOUNGEST = "youngest"
    BEST_TOPIC = "best_topic"
    BEST_PART = "best_part"  # the points of one part of the round
    BEST_WOMAN = "best_woman"
    EVERYONE = "everyone"  # a certificate for all who took part
    BY_HAND = "by_hand"  # the board names them


class Measure(StrEnum):
    """What a collective prize compares units by."""

    PARTICIPATION = "participation"  # cells that sent somebody ÷ cells
    CONTESTANTS = "contestants"  # how many handed in
    WINNERS = "winners"  # how many main prizes the own contestants won
    BEST_MEAN = "best_mean"  # mean points of the best so many
    BY_HAND = "by_hand"


class Kind(StrEnum):
    """The three lists of a prize table."""

    MAIN = "main"
    SPECIAL = "special"
    COLLECTIVE = "collective"


@dataclass(frozen=True, slots=True)
class Prize:
    """A main prize, higher ones first: `count` in each scope (None: for everybody left), from `min_points`
    (hundredths), down to `last_rank` within the scope."""

    name: str
    count: int | None = 1
    min_points: int = 0
    last_rank: int | None = None


@dataclass(frozen=True, slots=True)
class SpecialPrize:
    """A prize beside the main ones, `count` in the whole round; `topic` is the code for the best in a topic, `part`
    the name for the best in a part."""

    name: str
    merit: Merit
    count: int = 1
    topic: str = ""
    min_points: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class CollectivePrize:
    """A prize for units. `best` is how many the mean is taken of; smaller units than `min_size` are left out,
    counted in cells for participation and in contestants otherwise."""

    name: str
    measure: Measure
    count: int = 1
    best: int = 0
    min_size: int = 0


@dataclass(frozen=True, slots=True)
class PrizeTable:
    """All prizes of a stage. The main ones are counted in each `scope`; `most_percent` (0: no limit) is what
    share of the contestants should at most win something."""

    prizes: tuple[Prize, ...] = ()
    scope: Scope = Scope.ROUND
    at_line: AtLine = AtLine.SHARE
    special: tuple[SpecialPrize, ...] = ()
    collective: tuple[CollectivePrize, ...] = ()
    most_percent: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to win."""
        return not (self.prizes or self.special or self.collective)

    @property
    def lists(self) -> dict[Kind, Sequence[Prize | SpecialPrize | CollectivePrize]]:
        """Return the three lists by their kind."""
        return {Kind.MAIN: self.prizes, Kind.SPECIAL: self.special, Kind.COLLECTIVE: self.collective}

    @property
    def names(self) -> list[str]:
        """Return the names of all prizes in the order of the table."""
        return [prize.name for rows in self.lists.values() for prize in rows]

    @property
    def personal(self) -> list[str]:
        """Return the names of the prizes that people win, not units."""
        return [*(prize.name for prize in self.prizes), *(prize.name for prize in self.special)]

    def kind_of(self, name: str) -> Kind | None:
        """Return the list on which a prize of that name stands, None if there is none."""
        return next(
            (kind for kind, rows in self.lists.items() if any(row.name == name for row in rows)), None
        )


def state_of(table: PrizeTable) -> dict[str, Any]:
    """Return what a form shows of a table."""
    plain = asdict(table)
    return plain | {"prize_scope": plain.pop("scope")}


def from_dict(data: dict[str, Any]) -> PrizeTable:
    """Return the table stored as plain JSON; raise KeyError, TypeError or ValueError if it is something else."""
    if not data:
        return PrizeTable()
    return PrizeTable(
        prizes=tuple(Prize(**row) for row in data["prizes"]),
        scope=Scope(data["scope"]),
        at_line=AtLine(data["at_line"]),
        special=tuple(SpecialPrize(**row | {"merit": Merit(row["merit"])}) for row in data["special"]),
        collective=tuple(
            CollectivePrize(**row | {"measure": Measure(row["measure"])}) for row in data["collective"]
        ),
        most_percent=data["most_percent"],
    )


Fault = tuple[str, str]


def faults(
    table: PrizeTable,
    rank_within: Scope,
    max_score: int,
    topics: frozenset[str],
    parts: frozenset[str] = frozenset(),
) -> Iterator[Fault]:
    """Yield (field, sentence) for what is wrong with a table under the other rules of its stage.

    `topics` are those of the blueprint; with "" among them a line takes any topic. `parts` are the names of its parts.
    """
    yield from _name_faults(table)
    yield from _count_faults(table, max_score)
    yield from _special_faults(table, topics)
    yield from _part_faults(table, parts)
    yield from _collective_faults(table)
    # Ranks of different clusters cannot be compared, so prizes by rank need ranks that span their scope.
    if table.prizes and rank_within not in (Scope.ROUND, table.scope):
        yield (
            "prize_scope",
            N_(
                "Xếp hạng trong từng đơn vị, từng cụm hay từng khối thì số giải chính cũng tính như thế. Hãy chọn lại"
                " cho đúng phạm vi xếp hạng."
            ),
        )
    if not 0 <= table.most_percent <= 100:
        yield "most_percent", N_("Tỷ lệ giải phải từ 0 đến 100 phần trăm.")


def _name_faults(table: PrizeTable) -> Iterator[Fault]:
    names = [name.casefold() for name in table.names]
    if any(not name.strip() or len(name) > NAME_LENGTH for name in names):
        yield "prizes", N_("Mỗi giải cần một tên, dài nhất 80 ký tự.")
    if len(set(names)) < len(names):
        yield "prizes", N_("Có hai giải trùng tên. Hãy đặt tên khác nhau, hoặc gộp lại và tăng số giải.")


def _count_faults(table: PrizeTable, max_score: int) -> Iterator[Fault]:
    counts = [prize.count for rows in table.lists.values() for prize in rows]
    if any(count is not None and not 1 <= count <= MOST_COUNT for count in counts):
        yield "prizes", N_("Số giải phải từ 1 đến 999.")
    if any(prize.count is None for prize in table.prizes[:-1]):
        yield "prizes", N_("Chỉ giải cuối cùng được để trống số giải (trao cho mọi người còn lại).")
    least = [prize.min_points for prize in table.prizes] + [prize.min_points for prize in table.special]
    if any(not 0 <= points <= max_score for points in least):
        yield "prizes", N_("Điểm tối thiểu của giải phải từ 0 đến điểm tối đa của đề.")
    if any(prize.last_rank is not None and prize.last_rank < 1 for prize in table.prizes):
        yield "prizes", N_("Hạng thấp nhất để nhận giải phải từ 1 trở lên.")


def _special_faults(table: PrizeTable, topics: frozenset[str]) -> Iterator[Fault]:
    wanted = {prize.topic for prize in table.special if prize.merit is Merit.BEST_TOPIC}
    if "" in wanted:
        yield "special", N_("Giải cho người làm tốt nhất một chuyên đề cần chọn chuyên đề.")
    if "" not in topics and wanted - topics - {""}:
        yield "special", N_("Giải theo chuyên đề phải chọn chuyên đề có trong cấu trúc đề.")


def _part_faults(table: PrizeTable, parts: frozenset[str]) -> Iterator[Fault]:
    wanted = {prize.part for prize in table.special if prize.merit is Merit.BEST_PART}
    if "" in wanted:
        yield "special", N_("Giải cho người có một phần thi hay nhất cần chọn phần thi.")
    elif wanted - parts:
        yield "special", N_("Giải theo phần thi phải chọn phần thi có trong quy định của cấp thi này.")


def _collective_faults(table: PrizeTable) -> Iterator[Fault]:
    means = [prize.best for prize in table.collective if prize.measure is Measure.BEST_MEAN]
    if any(not 1 <= best <= MOST_COUNT for best in means):
        yield (
            "collective",
            N_("Giải theo điểm trung bình cần số người tính điểm của mỗi đơn vị, từ 1 trở lên."),
        )
    if any(not 0 <= prize.min_size <= 9_999 for prize in table.collective):
        yield "collective", N_("Quy mô tối thiểu của đơn vị không thể âm.")
