"""The Thể lệ of a round as an office paper to sign: the same sentences as on its page, in Vietnamese whoever asks."""

from collections.abc import Iterator
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Block,
    Column,
    Heading,
    Paper,
    Points,
    Table,
    Text,
)
from quiz.services import paperwork
from quiz.web.formatting import date_text, datetime_text
from quiz.web.round_rules import regulations_of


def paper_of(contest_round: Any) -> Paper:
    """Return the Thể lệ of a round, a draft until it has opened, dated by its last change."""
    office, stage = paperwork.office_of(contest_round), contest_round.stage
    made_at = contest_round.amended_at or contest_round.opened_at or stage.contest.created_at
    issue = Issue(office, "", None, made_at)
    with force_locale("vi"):
        blocks = tuple(_blocks(regulations_of(contest_round)))
    return Paper(
        name="the-le",
        title="Thể lệ",
        subject=f"{contest_round.name}\n{stage.contest.title}",
        letterhead=issue.letterhead("TL"),
        blocks=blocks,
        signatures=(issue.signature,),
        recipients=office.recipients,
        made_at=made_at,
        is_draft=contest_round.opened_at is None,
    )


def _blocks(its: dict[str, Any]) -> Iterator[Block]:
    contest_round = its["round"]
    yield Heading(_("1. Thời gian và nơi thi"))
    yield from map(Text, _place(contest_round, its["clusters"]))
    for number, clause in enumerate(its["clauses"], start=2):
        yield Heading(f"{number}. {clause.title}")
        yield from (Text(f"- {sentence}") for sentence in clause.sentences)
        if clause.has_blueprint and its["rules"].blueprint:
            yield _blueprint(its)
    number = len(its["clauses"]) + 2
    yield Heading(f"{number}. {_('Công bố kết quả')}")
    yield Text(
        _(
            "Kết quả được công bố tạm thời để kiểm tra, sau đó công bố chính thức. Bảng công bố ghi họ tên, chi bộ, đơn"
            " vị, điểm và hạng; không ghi ngày sinh và số điện thoại."
        )
    )
    if its["amendments"]:
        yield Heading(f"{number + 1}. {_('Sửa đổi sau khi mở')}")
        yield from _amendments(its["amendments"])
    stage = contest_round.stage
    if stage.frozen_at is not None:
        said = _(
            "Quy định chốt lúc %(time)s, mã quy định %(code)s. Bản in có cùng mã thì có cùng quy định.",
            time=datetime_text(stage.frozen_at),
            code=stage.rules_fingerprint[:12],
        )
        yield Text(said, italic=True)


def _place(contest_round: Any, clusters: Any) -> Iterator[str]:
    if contest_round.window:
        opens, closes = datetime_text(contest_round.opens_at), datetime_text(contest_round.closes_at)
        yield "- " + _("Mở lúc %(opens)s, đóng lúc %(closes)s.", opens=opens, closes=closes)
    else:
        yield "- " + _("Giờ thi sẽ được thông báo sau.")
    yield "- " + _("Nơi tổ chức: %(unit)s.", unit=contest_round.unit.title)
    units = [
        f"{scope.unit.title} ({scope.cluster})" if scope.cluster else scope.unit.title
        for scope in contest_round.scopes
    ]
    yield f"- {_('Đơn vị tham gia:')} {'; '.join(units)}."
    for cluster in clusters:
        said = [
            *([_("đăng cai %(unit)s", unit=cluster.host.title)] if cluster.host else []),
            *([_("cụm trưởng %(unit)s", unit=cluster.head.title)] if cluster.head else []),
            *([_("người phụ trách %(name)s", name=cluster.leader.full_name)] if cluster.leader else []),
        ]
        if said:
            yield f"- {cluster.name}: {'; '.join(said)}."


def _blueprint(its: dict[str, Any]) -> Table:
    rules, titles, levels = its["rules"], its["titles"], its["levels"]
    rows = tuple(
        (
            titles.get(line.topic, line.topic),
            levels[line.level],
            line.count,
            Points(line.count * rules.scheme.points_per_item),
        )
        for line in rules.blueprint
    )
    columns = (
        Column(_("Chuyên đề"), 80),
        Column(_("Mức độ"), 35),
        Column(_("Số câu"), 20, Align.RIGHT),
        Column(_("Điểm"), 20, Align.RIGHT),
    )
    total = (_("Cộng"), "", rules.item_count, Points(rules.max_score))
    return Table(columns, rows, total, _("Cấu trúc đề"))


def _amendments(pairs: Any) -> Iterator[Block]:
    for amendment, changes in pairs:
        day = date_text(amendment.made_at)
        yield Text(
            _("Lý do: %(reason)s", reason=amendment.reason),
            lead=_("Sửa đổi số %(number)d, ngày %(day)s", number=amendment.number, day=day) + ".",
        )
        for change in changes:
            yield from (Text(f"- {change.title}, {_('Trước')}: {old}") for old in change.old)
            yield from (Text(f"- {change.title}, {_('Nay')}: {new}") for new in change.new)
