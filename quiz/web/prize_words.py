"""A prize table in plain words: the clause of the printed Thể lệ, and what became of each line of the table."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from quiz.core.prizes import AtLine, CollectivePrize, Measure, Merit, Prize, PrizeTable, SpecialPrize
from quiz.core.promotion import Scope
from quiz.services import pools
from quiz.web.formatting import decimal_text, number_text, percent_text, points_text
from quiz.web.labels import label


def sentences_of(table: PrizeTable, rank_within: Scope) -> list[str]:
    """Return a prize table as sentences; topics are named as the bank names them.

    Where ranks count within a unit, cluster or group, contestants of all of them are compared by their points.
    """
    if table.is_empty:
        return [_("Cấp thi này không đặt cơ cấu giải.")]
    topics = titles_of_topics(table)
    return [
        *_main(table),
        *(_special(prize, topics, rank_within is Scope.ROUND) for prize in table.special),
        *(_collective(prize) for prize in table.collective),
        *_common(table),
    ]


def titles_of_topics(table: PrizeTable) -> dict[str, str]:
    """Return the titles of topics by code where a prize of the table is for one."""
    return dict(pools.topics()) if any(prize.topic for prize in table.special) else {}


def _main(table: PrizeTable) -> Iterator[str]:
    if not table.prizes:
        return
    yield {
        Scope.ROUND: _("Giải chính của vòng thi, theo thứ hạng: %(prizes)s."),
        Scope.UNIT: _("Giải chính của mỗi đơn vị, theo thứ hạng: %(prizes)s."),
        Scope.CLUSTER: _("Giải chính của mỗi cụm, theo thứ hạng: %(prizes)s."),
        Scope.GROUP: _("Giải chính của mỗi khối, theo thứ hạng: %(prizes)s."),
    }[table.scope] % {"prizes": "; ".join(map(_counted, table.prizes))}
    for prize in table.prizes:
        yield from _conditions(prize)
    yield _at_line(table.at_line)
    yield _("Mỗi người nhận nhiều nhất một giải chính.")


def _counted(prize: Prize) -> str:
    if prize.count is None:
        return _("%(prize)s cho mọi người còn lại", prize=prize.name)
    return _("%(count)d %(prize)s", count=prize.count, prize=prize.name)


def _conditions(prize: Prize) -> Iterator[str]:
    if prize.min_points:
        points = points_text(prize.min_points)
        yield _("%(prize)s chỉ trao cho người đạt từ %(points)s điểm.", prize=prize.name, points=points)
    if prize.last_rank is not None:
        yield _("%(prize)s chỉ trao đến hạng %(rank)d.", prize=prize.name, rank=prize.last_rank)


def _at_line(rule: AtLine) -> str:
    if rule is AtLine.SHARE:
        return _(
            "Những người bằng nhau ở ranh giới một giải thì cùng nhận giải đó, và số giải kế tiếp bớt đi bấy nhiêu."
        )
    return _("Có người bằng nhau ở ranh giới một giải thì Ban Tổ chức quyết định và ghi biên bản.")


def _special(prize: SpecialPrize, topics: Mapping[str, str], one_ranking: bool) -> str:
    topic = topics.get(prize.topic, prize.topic)
    values = {"count": prize.count, "prize": prize.name, "topic": topic, "part": prize.part}
    sentence = (_by_rank if one_ranking else _by_points)(prize.merit) or {
        Merit.OLDEST: _("%(count)d giải “%(prize)s”: cho người dự thi cao tuổi nhất."),
        Merit.YOUNGEST: _("%(count)d giải “%(prize)s”: cho người dự thi trẻ tuổi nhất."),
        Merit.EVERYONE: _("“%(prize)s”: cho mọi người dự thi."),
        Merit.BY_HAND: _("%(count)d giải “%(prize)s”: do Ban Tổ chức chọn, ghi rõ lý do."),
    }[prize.merit]
    if not prize.min_points:
        return sentence % values
    return f"{sentence % values} " + _(
        "Chỉ xét người đạt từ %(points)s điểm.", points=points_text(prize.min_points)
    )


def _by_rank(merit: Merit) -> str | None:
    """Return whom a prize for the best goes to where the whole round is one ranking; None for another prize."""
    return {
        Merit.BEST_TOPIC: _(
            "%(count)d giải “%(prize)s”: cho người có điểm cao nhất ở chuyên đề “%(topic)s”; bằng nhau thì xét"
            " thứ hạng chung."
        ),
        Merit.BEST_PART: _(
            "%(count)d giải “%(prize)s”: cho người có điểm cao nhất ở phần thi “%(part)s”; bằng nhau thì xét thứ hạng"
            " chung."
        ),
        Merit.BEST_WOMAN: _("%(count)d giải “%(prize)s”: cho thí sinh nữ có thứ hạng cao nhất."),
    }.get(merit)


def _by_points(merit: Merit) -> str | None:
    """Return the same where several rankings stand beside each other."""
    return {
        Merit.BEST_TOPIC: _(
            "%(count)d giải “%(prize)s”: cho người có điểm cao nhất ở chuyên đề “%(topic)s”; bằng nhau thì xét tổng"
            " điểm."
        ),
        Merit.BEST_PART: _(
            "%(count)d giải “%(prize)s”: cho người có điểm cao nhất ở phần thi “%(part)s”; bằng nhau thì xét tổng điểm."
        ),
        Merit.BEST_WOMAN: _("%(count)d giải “%(prize)s”: cho thí sinh nữ có tổng điểm cao nhất."),
    }.get(merit)


def _collective(prize: CollectivePrize) -> str:
    values = {"count": prize.count, "prize": prize.name, "best": prize.best}
    sentence = {
        Measure.PARTICIPATION: _(
            "%(count)d giải “%(prize)s”: cho đơn vị có tỷ lệ chi bộ có thí sinh làm bài ở cấp thi đầu tiên cao nhất;"
            " bằng nhau thì đơn vị có nhiều chi bộ hơn xếp trước."
        ),
        Measure.CONTESTANTS: _(
            "%(count)d giải “%(prize)s”: cho đơn vị có nhiều người làm bài nhất ở cấp thi đầu tiên."
        ),
        Measure.WINNERS: _(
            "%(count)d giải “%(prize)s”: cho đơn vị đạt nhiều giải chính nhất; bằng nhau thì xét số giải cao hơn."
        ),
        Measure.BEST_MEAN: _(
            "%(count)d giải “%(prize)s”: cho đơn vị có điểm trung bình của %(best)d người cao điểm nhất cao nhất."
        ),
        Measure.BY_HAND: _("%(count)d giải “%(prize)s”: do Ban Tổ chức chọn, ghi rõ lý do."),
    }[prize.measure] % values
    return f"{sentence} {_size(prize)}".strip()


def _size(prize: CollectivePrize) -> str:
    if prize.min_size < 2 or prize.measure is Measure.BY_HAND:
        return ""
    if prize.measure is Measure.PARTICIPATION:
        return str(_("Chỉ xét đơn vị có từ %(size)d chi bộ.", size=prize.min_size))
    return str(_("Chỉ xét đơn vị có từ %(size)d người.", size=prize.min_size))


def _common(table: PrizeTable) -> list[str]:
    said = [
        _(
            "Giải không có người đạt điều kiện thì không trao và không chuyển xuống giải dưới. Ban Tổ chức có thể không"
            " trao một giải hoặc trao thêm giải, có ghi lý do."
        )
    ]
    if table.most_percent:
        said.append(
            _("Tổng số giải cá nhân không quá %(percent)d%% số người dự thi.", percent=table.most_percent)
        )
    return said


def figure_text(
    figure: tuple[int, int] | None, prize: SpecialPrize | CollectivePrize | None, topics: Mapping[str, str]
) -> str:
    """Return what a winner was compared by: "12/14 chi bộ (85,7%)", "21 người", "3 giải", "27,50 điểm (3 người)",
    or the points in a topic or a part; `topics` are the titles of topics by code."""
    if figure is None or prize is None:
        return ""
    over, under = figure
    if isinstance(prize, SpecialPrize) and prize.merit is Merit.BEST_TOPIC:
        topic = topics.get(prize.topic, prize.topic)
        return _("%(points)s điểm chuyên đề “%(topic)s”", points=points_text(over), topic=topic)
    if isinstance(prize, SpecialPrize):
        return _("%(points)s điểm phần “%(part)s”", points=points_text(over), part=prize.part)
    if prize.measure is Measure.PARTICIPATION:
        share = percent_text(over, under)
        return _("%(over)s/%(under)s chi bộ (%(share)s)", over=over, under=under, share=share)
    if prize.measure is Measure.BEST_MEAN:
        mean = decimal_text(over / under / 100, 2)
        return _("trung bình %(mean)s điểm của %(count)d người", mean=mean, count=under)
    if prize.measure is Measure.WINNERS:
        return ngettext("%(num)d giải", "%(num)d giải", over)
    return _("%(count)s người", count=number_text(over))


def places_text(line: Mapping[str, Any]) -> str:
    """Return what became of the places of a prize that were not given as the table says; "" when all were."""
    said = []
    if line["undecided"]:
        said.append(_("%(count)d giải chờ quyết định", count=line["undecided"]))
    if line["unfilled"]:
        said.append(_("%(count)d giải không có người nhận", count=line["unfilled"]))
    if line["withheld"]:
        said.append(_("Ban Tổ chức không trao %(count)d giải", count=line["withheld"]))
    if line["absorbed"]:
        said.append(_("bớt %(count)d giải vì có đồng giải ở giải trên", count=line["absorbed"]))
    if line["extra"]:
        said.append(_("thêm %(count)d giải vì đồng giải", count=line["extra"]))
    not_given = sum(line[name] for name in ("absorbed", "withheld", "unfilled", "undecided"))
    by_hand = line["given"] - (line["places"] + line["extra"] - not_given)
    if by_hand > 0:
        said.append(_("Ban Tổ chức trao thêm %(count)d giải", count=by_hand))
    return "; ".join(said)


def how_text(how: Any, reason: str) -> str:
    """Return how somebody came by a prize, with the board's reason if there is one."""
    return f"{label(how)}: {reason}" if reason else label(how)
