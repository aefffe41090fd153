"""How many people each unit sends, in sentences: of the printed Thể lệ, and where people are entered."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from quiz.core.delegations import Delegation, Place


def sentences_of(delegations: Sequence[Delegation], titles: Mapping[str, str]) -> list[str]:
    """Return every quota as a sentence, those of single units last; `titles` are what units are called, by code."""
    types = [line for line in delegations if not line.unit_code]
    own = [line for line in delegations if line.unit_code]
    return [
        *(sentence_of(line, _each(line.unit_type, len(types) == 1)) for line in types),
        *(sentence_of(line, _only(titles.get(line.unit_code, line.unit_code))) for line in own),
    ]


def _each(unit_type: str, is_only: bool) -> str:
    if unit_type:
        return _("Mỗi %(type)s", type=unit_type)
    return _("Mỗi đơn vị") if is_only else _("Mỗi đơn vị khác")


def _only(unit: str) -> str:
    return _("Riêng %(unit)s", unit=unit)


def sentence_of(line: Delegation, unit: str) -> str:
    """Return how many people are sent by `unit`, which begins the sentence."""
    values = {"unit": unit, "least": line.least, "most": line.most, "reserves": line.reserves}
    if not (line.least or line.most):
        return _(
            "%(unit)s ghi tên thêm %(reserves)d người dự bị; người dự bị được xác nhận thì mới dự thi.",
            **values,
        )
    if line.most and line.least == line.most:
        sent = _("%(unit)s cử %(most)d người.", **values)
    elif line.most and line.least:
        sent = _("%(unit)s cử từ %(least)d đến %(most)d người.", **values)
    elif line.most:
        sent = _("%(unit)s cử nhiều nhất %(most)d người.", **values)
    else:
        sent = _("%(unit)s cử ít nhất %(least)d người.", **values)
    if not line.reserves:
        return sent
    more = _("Ghi tên thêm %(reserves)d người dự bị; người dự bị được xác nhận thì mới dự thi.", **values)
    return f"{sent} {more}"


def place_text(place: Place) -> str:
    """Return what a unit may send, and how much of it is taken."""
    values = {"count": place.sent.contestants, "left": place.left}
    if place.left is None:
        taken = _("Đã cử %(count)d người.", **values)
    elif place.left:
        taken = _("Đã cử %(count)d người, còn %(left)d chỗ.", **values)
    else:
        taken = _("Đã cử %(count)d người, không còn chỗ.", **values)
    return f"{sentence_of(place.quota, place.sent.unit)} {taken}"
