"""Which settings may still change once a round has opened, and until when (R10).

Nobody's paper, time or points may follow other rules than their neighbour's: what decides those stands from the first
start on. What only gives contestants more may be widened longer; whom the ranking takes further may be changed until
the ranking is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.rules import Rules
from quiz.core.timing import Phase, Window


class Until(StrEnum):
    """The moment after which a setting stands."""

    START = "start"  # somebody has started a paper or performed
    RESULTS = "results"  # a ranking has been published
    FINAL = "final"  # the final ranking has been published


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a stage has come; `started`: somebody sits or sat a paper, performed, or was given a mark;
    `travelling`: a round of it went to a hall on a laptop with the rules as they were."""

    started: bool = False
    published: bool = False
    final: bool = False
    travelling: bool = False

    def is_past(self, until: Until) -> bool:
        """Tell whether the stage has gone beyond this moment."""
        return {Until.START: self.started, Until.RESULTS: self.published, Until.FINAL: self.final}[until]


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a setting may change, and what is said afterwards.

    `widens`: from the first start on it may only give more. `stays_home`: a hall's laptop does without it.
    """

    until: Until
    said: str
    widens: bool = False
    stays_home: bool = False


_DRAWN = N_(
    "Đã có người bắt đầu làm bài nên cấu trúc đề và cách xáo đề không sửa được nữa: mọi người phải được rút đề theo"
    " cùng một cách."
)
_TIME = N_(
    "Đã có người bắt đầu làm bài nên thời gian làm bài không sửa được nữa. Nếu cần bù giờ, hãy cho thêm giờ ở trang"
    " Theo dõi làm bài."
)
_MARKED = N_(
    "Đã có người bắt đầu làm bài nên cách tính điểm không sửa được nữa. Nếu đáp án sai, hãy dùng trang Sửa đáp án."
)
_RANKED = N_("Đã có người bắt đầu làm bài nên cách xếp hạng không sửa được nữa.")
_PARTS = N_(
    "Đã có người bắt đầu thi hoặc đã có phiếu chấm nên các phần thi, tỷ trọng và cách chấm không sửa được nữa."
)
_SENT = N_("Đã có người bắt đầu làm bài nên chỉ tiêu người dự thi không sửa được nữa.")
_LATE = N_(
    "Thời hạn vào muộn chỉ nới thêm được khi đã có người làm bài, và không sửa được sau khi công bố kết quả."
)
_TRIES = N_(
    "Số lượt thi chỉ tăng thêm được khi đã có người làm bài, và không sửa được sau khi công bố kết quả."
)
_ARRIVE = N_(
    "Thời hạn nhận bài gửi muộn chỉ nới thêm được khi đã có người làm bài, và không sửa được sau khi có kết quả chính"
    " thức."
)
_GOING = N_("Kết quả đã công bố nên cách chọn người đi tiếp không sửa được nữa.")
_PRIZES = N_("Kết quả đã công bố nên cơ cấu giải thưởng không sửa được nữa.")
TRAVELLING = N_("Đề đã được mang xuống hội trường kèm quy định cũ nên phần này không sửa được nữa.")

TERMS: dict[str, Term] = {
    "blueprint": Term(Until.START, _DRAWN),
    "shuffle_items": Term(Until.START, _DRAWN),
    "shuffle_options": Term(Until.START, _DRAWN),
    "time_limit": Term(Until.START, _TIME),
    "full_time_for_late": Term(Until.START, _TIME),
    "grace_seconds": Term(Until.START, _TIME),
    "scheme": Term(Until.START, _MARKED),
    "tie_breaks": Term(Until.START, _RANKED, stays_home=True),
    "rank_within": Term(Until.START, _RANKED, stays_home=True),
    "parts": Term(Until.START, _PARTS),
    "delegations": Term(Until.START, _SENT, stays_home=True),
    "late_start": Term(Until.RESULTS, _LATE, widens=True),
    "attempts_allowed": Term(Until.RESULTS, _TRIES, widens=True),
    "late_minutes": Term(Until.FINAL, _ARRIVE, widens=True, stays_home=True),
    "quota": Term(Until.RESULTS, _GOING, stays_home=True),
    "prizes": Term(Until.RESULTS, _PRIZES, stays_home=True),
}


def changed(old: Rules, new: Rules) -> list[str]:
    """Return the names of the settings that differ."""
    return [one.name for one in fields(Rules) if getattr(old, one.name) != getattr(new, one.name)]


def refusals(old: Rules, new: Rules, moment: Moment) -> list[Problem]:
    """Return why `new` may not take the place of `old` at this moment, each sentence once; empty when it may."""
    said = dict.fromkeys(_refusals(old, new, moment))
    return [Problem(sentence, field=name) for sentence, name in said]


def _refusals(old: Rules, new: Rules, moment: Moment) -> Iterator[tuple[str, str]]:
    seen = set()
    for name in changed(old, new):
        term = TERMS[name]
        narrows = term.widens and moment.started and not _is_wider(name, old, new)
        sentence = term.said if moment.is_past(term.until) or narrows else ""
        if moment.travelling and not term.stays_home:
            sentence = sentence or TRAVELLING
        if sentence and sentence not in seen:
            seen.add(sentence)
            yield sentence, name


def _is_wider(name: str, old: Rules, new: Rules) -> bool:
    before, after = getattr(old, name), getattr(new, name)
    return after is None or (before is not None and after >= before)


def open_settings(moment: Moment) -> list[str]:
    """Return the names of the settings that may still change in some way at this moment."""
    return [
        name
        for name, term in TERMS.items()
        if not moment.is_past(term.until) and (term.stays_home or not moment.travelling)
    ]


def check_extension(phase: Phase, old: Window, new: Window, reason: str) -> None:
    """Raise RuleBroken unless the hours of a round that is being sat may become `new`: only its end moves, to later."""
    if phase is not Phase.OPEN:
        raise RuleBroken(N_("Chỉ kéo dài được giờ thi của vòng đang thi."))
    if new.opens_at != old.opens_at:
        raise RuleBroken(N_("Vòng thi đã bắt đầu nên giờ mở không đổi được. Chỉ lùi được giờ đóng."))
    if new.closes_at <= old.closes_at:
        raise RuleBroken(
            N_(
                "Vòng thi đang diễn ra nên giờ đóng chỉ lùi muộn hơn được, để không ai bị thiệt. Muốn dừng, hãy bấm"
                " Kết thúc sớm."
            )
        )
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do: lý do được in trong thể lệ sửa đổi và thí sinh đọc được."))
