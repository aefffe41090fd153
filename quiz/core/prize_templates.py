"""Prize tables to begin from, as contests have held them; names, counts and rules can all be changed after."""

from dataclasses import dataclass

from quiz.core.errors import N_
from quiz.core.prizes import CollectivePrize, Measure, Merit, Prize, PrizeTable, SpecialPrize
from quiz.core.promotion import Scope

# The usual names; they are data of the contest once chosen, so they are not translated.
EXCELLENT, FIRST, SECOND, THIRD = "Giải xuất sắc", "Giải nhất", "Giải nhì", "Giải ba"
ENCOURAGEMENT = "Giải khuyến khích"
OLDEST, YOUNGEST = "Thí sinh cao tuổi nhất", "Thí sinh trẻ tuổi nhất"


@dataclass(frozen=True, slots=True)
class Template:
    """A prize table to begin from: its key, what to call it, and the table."""

    key: str
    label: str
    table: PrizeTable


def _main(
    *counts: int | None, names: tuple[str, ...] = (FIRST, SECOND, THIRD, ENCOURAGEMENT)
) -> tuple[Prize, ...]:
    return tuple(Prize(name, count) for name, count in zip(names, counts, strict=False))


_AGES = (SpecialPrize(OLDEST, Merit.OLDEST), SpecialPrize(YOUNGEST, Merit.YOUNGEST))

TEMPLATES = (
    Template("usual", N_("Nhất, nhì, ba, khuyến khích (1, 2, 3, 6)"), PrizeTable(_main(1, 2, 3, 6))),
    Template(
        "cluster-with-ages",
        N_("Cụm 18 người: 2, 4, 6, 6 và giải cho người cao tuổi nhất, trẻ tuổi nhất, hai giải chuyên đề"),
        PrizeTable(
            _main(2, 4, 6, 6), special=(*_AGES, SpecialPrize("Giải phần thi thuyết trình", Merit.BY_HAND, 2))
        ),
    ),
    Template(
        "groups",
        N_("Từng khối có giải riêng: 1 nhất, 1 nhì, 2 ba, còn lại khuyến khích"),
        PrizeTable(
            _main(1, 1, 2, None), Scope.GROUP, special=(SpecialPrize("Giải chuyên đề", Merit.BY_HAND, 2),)
        ),
    ),
    Template(
        "clusters", N_("Từng cụm có giải riêng: 1 nhất, 1 nhì, 2 ba, 3 khuyến khích"),
        PrizeTable(_main(1, 1, 2, 3), Scope.CLUSTER),
    ),
    Template(
        "excellent",
        N_("Có giải xuất sắc trên giải nhất: 1, 1, 2, 3"),
        PrizeTable(_main(1, 1, 2, 3, names=(EXCELLENT, FIRST, SECOND, THIRD))),
    ),
    Template(
        "letters",
        N_("Giải A, B, C: 2, 6, 8, còn lại khuyến khích"),
        PrizeTable(_main(2, 6, 8, None, names=("Giải A", "Giải B", "Giải C", ENCOURAGEMENT))),
    ),
    Template(
        "certificate-for-all",
        N_("Một giải nhất, mọi người dự thi nhận chứng nhận"),
        PrizeTable(_main(1), special=(SpecialPrize("Chứng nhận Bí thư chi bộ giỏi", Merit.EVERYONE),)),
    ),
    Template(
        "collective",
        N_("Có giải tập thể: đơn vị tham gia đông đủ nhất, đơn vị có kết quả tốt nhất"),
        PrizeTable(
            _main(1, 2, 3, 6),
            collective=(
                CollectivePrize("Tập thể tham gia đông đủ nhất", Measure.PARTICIPATION, 1, min_size=5),
                CollectivePrize("Tập thể có kết quả tốt nhất", Measure.BEST_MEAN, 1, best=3),
            ),
        ),
    ),
)  # fmt: skip


def template(key: str) -> Template | None:
    """Return the template of that key, None if there is none."""
    return next((one for one in TEMPLATES if one.key == key), None)
