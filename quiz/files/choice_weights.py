"""The shares of the mark Moodle and QTI give to each option, as a kind and a key."""

from collections.abc import Sequence

from quiz.core.errors import N_, Problem
from quiz.core.items import Kind
from quiz.core.questions import Notice

_SLACK = 1.0  # percent; three thirds are written 33.33333

NO_KEY = N_("Chưa có đáp án. Hãy ghi phương án đúng.")
_SEVERAL = N_("Câu chỉ chọn một nhưng có %(count)d phương án cùng được trọn điểm. Hãy giữ một đáp án.")
_PARTLY = N_(
    "Điểm riêng của từng phương án không giữ được: phần mềm chấm theo đáp án đúng. Câu vẫn được nhập."
)


def weighed(
    weights: Sequence[float], is_single: bool, row: int
) -> tuple[Kind, tuple[int, ...], list[Problem]]:
    """Return the kind, the places of the right options and what cannot be carried; weights are percents.

    With one choice the option worth the whole mark is right; with several every option that earns something is.
    """
    least = 100 - _SLACK if is_single else 0.001
    key = tuple(place for place, weight in enumerate(weights) if weight >= least)
    kind = Kind.SINGLE if is_single else Kind.MULTIPLE
    if not key:
        return kind, (), [Problem(NO_KEY, row=row, field="key")]
    if is_single and len(key) > 1:
        return kind, (), [Problem(_SEVERAL, {"count": len(key)}, row=row, field="key")]
    return kind, key, [Notice(_PARTLY, row=row, field="key")] if _is_partial(weights, key, is_single) else []


def _is_partial(weights: Sequence[float], key: tuple[int, ...], is_single: bool) -> bool:
    """Tell whether the weights say more than which options are right."""
    if is_single:
        return any(weight and place not in key for place, weight in enumerate(weights))
    earned = [weights[place] for place in key]
    return max(earned) - min(earned) > _SLACK or abs(sum(earned) - 100) > _SLACK
