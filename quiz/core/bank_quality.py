"""What makes a bank a good one: figures over its items, and the limits they are held to.

The limits are ours, set by the customer's board; the habits they guard against are those of Haladyna, Downing &
Rodriguez (2002), guidelines 20 (places of the key), 24 and 28 (length and other clues), and of the NBME guide.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quiz.core import chi_square, coverage, guessers
from quiz.core.errors import N_
from quiz.core.items import BankDraft, ItemDraft, Kind, Level, Status
from quiz.core.quality import Finding, findings
from quiz.core.similarity import Pair, near_duplicates

LEAST_ITEMS = {"dieu-le-dang": 260, "huong-dan-12": 65, "huong-dan-42": 30, "tinh-huong": 60, "van-dap": 40}
MOST_EXTREME_KEYS = 0.30  # share of items whose key alone is the longest, and the same for the shortest
LEAST_POSITION_P = 0.05
LEAST_LEVEL_SHARES = {Level.UNDERSTAND: 0.25, Level.APPLY: 0.25}
MOST_EXCESS_POINTS = {"longest": 5.0, "stem_words": 5.0, "odd_one_out": 5.0}  # the others are only shown
ENOUGH_TO_JUDGE = 20  # items with one key; below, shares are chance
ENOUGH_PER_PLACE = 5  # expected at each place, the usual condition of a chi-square test


@dataclass(frozen=True, slots=True)
class Figures:
    """What can be counted over items; shares run from 0 to 1, excess is points of a hundred, p None with too few."""

    items: int
    judged: int
    key_longest_share: float
    key_shortest_share: float
    position_p: float | None
    position_p_by_options: dict[int, float]
    level_shares: dict[Level, float]
    guesser_excess_points: dict[str, float]
    unreviewed: int


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of each bank (by code) and of all, what to mend, and how far the statute is covered."""

    banks: dict[str, Figures]
    total: Figures
    articles: Counter[int]
    gaps: dict[int, tuple[int, int]]
    duplicates: list[Pair]
    findings: list[Finding] = field(default_factory=list)

    @property
    def articles_covered(self) -> int:
        """Return how many of the 48 articles and the preamble have an item."""
        return sum(self.articles[place] > 0 for place in (coverage.PREAMBLE, *coverage.ARTICLES))


Placed = tuple[str, ItemDraft]  # an item and the file it stands in


def report_on(files: Sequence[tuple[str, BankDraft]]) -> Report:
    """Return all that can be said of bank files, each given with its name; retired items do not count.

    Several files with one code are parts of one bank.
    """
    banks = _banks_of(files)
    figures = {code: figures_of(_items(placed)) for code, (_, placed) in banks.items()}
    every = [pair for _, placed in banks.values() for pair in placed]
    statute = _items(banks[coverage.BANK][1]) if coverage.BANK in banks else None
    report = Report(
        banks=figures,
        total=figures_of(_items(every)),
        articles=coverage.counts(statute or ()),
        gaps={} if statute is None else coverage.gaps(statute),
        duplicates=near_duplicates(_items(every)),
    )
    for code, (place, placed) in banks.items():
        report.findings.extend(found for file, item in placed for found in findings(item, file))
        report.findings.extend(_bank_findings(place, code, figures[code]))
    if len(banks) > 1 and report.total.judged >= ENOUGH_TO_JUDGE:
        report.findings.extend([*_habits("", report.total), *_levels(report.total)])
    report.findings.extend(_duplicate_findings(report, every))
    report.findings.extend(_coverage_findings(report, banks[coverage.BANK][0] if report.gaps else ""))
    return report


def _banks_of(files: Sequence[tuple[str, BankDraft]]) -> dict[str, tuple[str, list[Placed]]]:
    """Return by code the first file of each bank and its items in use, each with its file."""
    banks: dict[str, tuple[str, list[Placed]]] = {}
    for place, bank in files:
        _, placed = banks.setdefault(bank.code, (place, []))
        placed += [(place, item) for item in bank.items if item.status is not Status.RETIRED]
    return banks


def _items(placed: Sequence[Placed]) -> list[ItemDraft]:
    return [item for _, item in placed]


def figures_of(items: Sequence[ItemDraft]) -> Figures:
    """Return the figures over these items.

    Habits of the key are counted where there is one of several options, levels where an item can stand on a paper.
    """
    written = [item for item in items if item.kind is not Kind.ORAL]
    singles = [item for item in items if item.kind is Kind.SINGLE]
    by_options = _position_tests(singles)
    statistic, freedom = (
        (sum(part) for part in zip(*by_options.values(), strict=True)) if by_options else (0, 0)
    )
    return Figures(
        items=len(items),
        judged=len(singles),
        key_longest_share=_share(_key_stands_out(item, max) for item in singles),
        key_shortest_share=_share(_key_stands_out(item, min) for item in singles),
        position_p=chi_square.p_value(statistic, int(freedom)) if by_options else None,
        position_p_by_options={count: chi_square.p_value(*test) for count, test in by_options.items()},
        level_shares={level: _share(item.level is level for item in written) for level in Level},
        guesser_excess_points=guessers.excess_points(singles),
        unreviewed=sum(item.reviewed is None for item in items),
    )


def _share(tests: Iterator[bool]) -> float:
    results = list(tests)
    return sum(results) / len(results) if results else 0.0


def _key_stands_out(item: ItemDraft, extreme: object) -> bool:
    """Tell whether the key alone is the longest (max) or the shortest (min) option."""
    lengths = [len(option) for option in item.options]
    best = max(lengths) if extreme is max else min(lengths)
    return lengths[item.key[0]] == best and lengths.count(best) == 1


def _position_tests(singles: Sequence[ItemDraft]) -> dict[int, tuple[float, int]]:
    """Return the chi-square test of the authored places of the key by number of options, where there are enough."""
    places: dict[int, Counter[int]] = defaultdict(Counter)
    for item in singles:
        places[len(item.options)][item.key[0]] += 1
    return {
        count: chi_square.evenness([found[place] for place in range(count)])
        for count, found in sorted(places.items())
        if found.total() >= ENOUGH_PER_PLACE * count
    }


def _bank_findings(place: str, code: str, figures: Figures) -> Iterator[Finding]:
    wanted = LEAST_ITEMS.get(code, 0)
    if figures.items < wanted:
        message = N_("Có %(count)d câu, cần ít nhất %(wanted)d. Hãy viết thêm.")
        yield Finding("size", message, {"count": figures.items, "wanted": wanted}, place)
    if figures.unreviewed:
        message = N_("Còn %(count)d câu chưa có người thứ hai đọc lại (mục reviewed).")
        yield Finding("unreviewed", message, {"count": figures.unreviewed}, place)
    if figures.judged >= ENOUGH_TO_JUDGE:
        yield from _habits(place, figures)


def _habits(place: str, figures: Figures) -> Iterator[Finding]:
    limit = round(100 * MOST_EXTREME_KEYS)
    if figures.key_longest_share > MOST_EXTREME_KEYS:
        message = N_("Đáp án là phương án dài nhất ở %(share).1f %% số câu, không được quá %(limit)d %%.")
        yield Finding(
            "key_longest", message, {"share": 100 * figures.key_longest_share, "limit": limit}, place
        )
    if figures.key_shortest_share > MOST_EXTREME_KEYS:
        message = N_("Đáp án là phương án ngắn nhất ở %(share).1f %% số câu, không được quá %(limit)d %%.")
        yield Finding(
            "key_shortest", message, {"share": 100 * figures.key_shortest_share, "limit": limit}, place
        )
    if figures.position_p is not None and figures.position_p <= LEAST_POSITION_P:
        message = N_("Vị trí đáp án phân bố lệch (p = %(p).3f). Hãy đổi chỗ phương án ở một số câu.")
        yield Finding("position", message, {"p": figures.position_p}, place)
    for strategy, excess in figures.guesser_excess_points.items():
        if excess > MOST_EXCESS_POINTS.get(strategy, 100):
            yield Finding("guesser", GUESSED[strategy], {"excess": excess}, place)


GUESSED = {
    "longest": N_(
        "Người chỉ chọn phương án dài nhất được hơn đoán mò %(excess).1f điểm trên 100. Hãy viết cho đều."
    ),
    "stem_words": N_(
        "Người chỉ chọn phương án nhiều từ giống câu dẫn nhất được hơn đoán mò %(excess).1f điểm trên 100."
    ),
    "odd_one_out": N_("Người chỉ chọn phương án khác kiểu nhất được hơn đoán mò %(excess).1f điểm trên 100."),
}


def _duplicate_findings(report: Report, every: Sequence[Placed]) -> Iterator[Finding]:
    where = {item.code: (place, item.row or None) for place, item in every}
    for pair in report.duplicates:
        place, row = where[pair.second]
        values = {"other": pair.first, "likeness": 100 * pair.likeness}
        yield Finding("duplicate", ALIKE[pair.same_fact], values, place, row, pair.second)


def _coverage_findings(report: Report, place: str) -> Iterator[Finding]:
    for article, (there, wanted) in report.gaps.items():
        values = {"article": article, "there": there, "least": wanted}
        yield Finding("coverage", SHORT[article > 0], values, place)


def _levels(figures: Figures) -> Iterator[Finding]:
    for level, wanted in LEAST_LEVEL_SHARES.items():
        share = figures.level_shares[level]
        if share < wanted:
            yield Finding("levels", TOO_FEW[level], {"share": 100 * share, "wanted": 100 * wanted})


TOO_FEW = {
    Level.UNDERSTAND: N_("Câu ở mức thông hiểu chỉ chiếm %(share).1f %%, cần ít nhất %(wanted)d %%."),
    Level.APPLY: N_("Câu ở mức vận dụng chỉ chiếm %(share).1f %%, cần ít nhất %(wanted)d %%."),
}
SHORT = {
    True: N_("Điều %(article)d có %(there)d câu, cần ít nhất %(least)d. Hãy viết thêm."),
    False: N_("Phần mở đầu có %(there)d câu, cần ít nhất %(least)d. Hãy viết thêm."),
}
ALIKE = {
    False: N_("Gần giống câu %(other)s (%(likeness).0f %%). Hãy bỏ hoặc viết lại một câu."),
    True: N_("Hỏi cùng một ý với câu %(other)s: cùng điều khoản, cùng đáp án. Hãy bỏ hoặc hỏi ý khác."),
}
