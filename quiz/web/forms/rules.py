"""Forms for the rules of a stage, before its first round opens and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, ValidationError

from quiz.core.errors import Problem
from quiz.core.items import Level
from quiz.core.marking import Scheme
from quiz.core.papers import Cell
from quiz.core.parts import Part, PartKind
from quiz.core.prizes import PrizeTable
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.ranking import PART, TieBreak, criterion_of
from quiz.core.rules import Rules
from quiz.web.formatting import message_text
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import PointsField, Ticks, WholeField, offered
from quiz.web.forms.shared import SharedForm
from quiz.web.forms.stage_parts import (
    DelegationForm,
    PartForm,
    UnitQuotaForm,
    values_of_delegation,
    values_of_part,
)
from quiz.web.labels import choices, criterion_text

SPARE_LINES = 3
MOST_LINES = 60
MOST_PARTS = 12
MOST_UNITS = 60


class LineForm(Form):
    """One line of the blueprint; without topic and count it is a spare one."""

    class Meta(Form.Meta):
        """Part of another form, which carries the token."""

        csrf = False

    topic = SelectField(_("Chuyên đề"))
    level = SelectField(_("Mức độ"))
    count = WholeField(_("Số câu"))

    def validate_topic(self, field: Any) -> None:
        """Ask for the topic of a line that has a count."""
        if not field.data and self.count.data:
            raise ValidationError(str(_("Hãy chọn chuyên đề cho dòng này, hoặc ghi số câu là 0 để bỏ dòng.")))

    def validate_count(self, field: Any) -> None:
        """Ask for the count of a line that has a topic."""
        if self.topic.data and field.data is None and not field.errors:
            raise ValidationError(str(_("Hãy điền số câu, hoặc ghi 0 để bỏ dòng.")))


class RulesForm(SharedForm):
    """Everything a stage decides beforehand; blank numbers take the usual values."""

    called: ClassVar[Mapping[str, Any]] = {
        "blueprint": _("Cấu trúc đề"), "scheme": _("Chấm điểm"), "tie_breaks": _("Xếp hạng"),
        "quota": _("Chọn người đi tiếp"), "prizes": _("Cơ cấu giải"), "parts": _("Các phần thi"),
        "delegations": _("Số người dự thi của mỗi đơn vị"),
    }  # fmt: skip

    name = StringField(_("Tên cấp thi"), [required(), Length(max=100)])
    parts = FieldList(FormField(PartForm), max_entries=MOST_PARTS)
    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES)
    shuffle_items = BooleanField(_("Xáo thứ tự câu hỏi, mỗi người một thứ tự"))
    shuffle_options = BooleanField(_("Xáo thứ tự phương án (trừ những câu phải giữ nguyên thứ tự)"))
    time_limit = WholeField(_("Thời gian làm bài (phút)"))
    late_start = WholeField(_("Được vào muộn nhất sau giờ mở (phút)"))
    full_time_for_late = BooleanField(_("Người vào muộn vẫn được làm đủ thời gian"))
    grace_seconds = WholeField(_("Chờ đường truyền khi hết giờ (giây)"))
    late_minutes = WholeField(_("Nhận bài gửi muộn vì mất mạng (phút)"))
    attempts_allowed = WholeField(_("Số lượt thi của mỗi người"))
    points_per_item = PointsField(_("Điểm mỗi câu"))
    partial = BooleanField(_("Câu có nhiều đáp án: chọn đúng một phần được tính điểm một phần"))
    rank_within = SelectField(_("Xếp hạng trong"))
    criteria = FieldList(SelectField(), max_entries=len(TieBreak) + MOST_PARTS)
    method = SelectField(_("Cách chọn người đi tiếp"))
    scope = SelectField(_("Chọn trong phạm vi"))
    top = WholeField(_("Số người đi tiếp của mỗi phạm vi"))
    cut_score = PointsField(_("Mức điểm để đi tiếp"))
    reserves = WholeField(_("Số người dự bị của mỗi phạm vi"))
    going_prizes = Ticks(_("Giải được đi tiếp"))
    delegations = FieldList(FormField(DelegationForm), max_entries=MOST_PARTS)
    unit_quotas = FieldList(FormField(UnitQuotaForm), max_entries=MOST_UNITS)

    def __init__(
        self,
        topics: Sequence[tuple[str, str]],
        types: Sequence[str] = (),
        prizes: Sequence[str] = (),
        units: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._types = types
        self._units = units
        # A prize that has left the table stays on offer while it is ticked, so that it can be seen and taken off.
        gone = [name for name in self.going_prizes.object_data or () if name not in prizes]
        self.going_prizes.choices = offered((name, name) for name in (*prizes, *gone))
        self._topics = [("", _("(chưa chọn)")), *topics]
        for field, enum in ((self.rank_within, Scope), (self.scope, Scope), (self.method, Method)):
            field.choices = choices(enum)
        named = self._named_parts()
        while len(self.criteria) < len(TieBreak) + len(named):
            self.criteria.append_entry("")
        self._offer_criteria(named)
        self.add_lines(0 if self.is_submitted() else SPARE_LINES)
        self._offer_parts()

    def show(self, problems: Iterable[Problem]) -> None:
        """Put problems beside the fields they name; those of a whole list of lines stand above the form."""
        lists, others = {"parts", "delegations"}, []
        for one in problems:
            if one.field == "tie_breaks":
                self._refuse_order(message_text(one.message, one.values))
            elif one.field == "unit_quotas":
                self._refuse_twice(message_text(one.message, one.values))
            else:
                others.append(replace(one, field="") if one.field in lists else one)
        super().show(others)

    def _refuse_order(self, text: str) -> None:
        """Put what is wrong with the order of criteria beside the first repeated, or not of a part, or chosen."""
        chosen = [entry for entry in self.criteria if entry.data]
        data = [entry.data for entry in chosen]
        repeated = [entry for place, entry in enumerate(chosen) if entry.data in data[:place]]
        of_a_test = [entry for entry in chosen if not entry.data.startswith(PART)]
        entry = [*repeated, *of_a_test, *chosen, *self.criteria][0]
        entry.errors = [*entry.errors, text]
        self.criteria.errors = [one.errors for one in self.criteria]

    def _refuse_twice(self, text: str) -> None:
        """Put what is wrong with naming a unit twice beside the second time."""
        codes = [line.unit_code.data for line in self.unit_quotas]
        again = next(place for place, code in enumerate(codes) if code and code in codes[:place])
        field = self.unit_quotas[again].unit_code
        field.errors = [*field.errors, text]
        self.unit_quotas.errors = [line.errors for line in self.unit_quotas]

    def _named_parts(self) -> list[str]:
        return [part.name for line in self.parts if (part := line.form.part())][:MOST_PARTS]

    def _offer_criteria(self, named: Sequence[str]) -> None:
        """Offer the usual criteria, and the points of each part by its name; one of a renamed part goes with it."""
        now_called = {
            f"{PART}{line.form['name'].object_data}": f"{PART}{part.name}"
            for line in self.parts
            if (part := line.form.part()) and line.form["name"].object_data not in named
        }
        self._now_called = now_called
        points = [SelectChoice(f"{PART}{name}", criterion_text(f"{PART}{name}")) for name in named]
        for entry in self.criteria:
            entry.data = now_called.get(entry.data, entry.data)
            entry.choices = [*choices(TieBreak, str(_("(không dùng)"))), *points]

    def more(self, what: str) -> None:
        """Offer more empty lines of the parts, the quotas, or else the blueprint."""
        lists = {"parts": self.parts, "delegations": self.delegations, "unit_quotas": self.unit_quotas}
        spare = lists.get(what)
        if spare is None:
            self.add_lines(SPARE_LINES)
        elif len(spare) < spare.max_entries:
            spare.append_entry({"kind": PartKind.JUDGED.value} if spare is self.parts else {})
        self._offer_parts()

    def _offer_parts(self) -> None:
        for line in self.parts:
            line.kind.choices = choices(PartKind)
        for line in self.delegations:
            line.form.offer(self._types)
        for line in self.unit_quotas:
            line.form.offer(self._units)

    def add_lines(self, count: int) -> None:
        """Offer that many more empty lines of the blueprint."""
        for _number in range(min(count, MOST_LINES - len(self.lines))):
            self.lines.append_entry({"topic": "", "level": "", "count": None})
        for line in self.lines:
            line.topic.choices = self._offered(line.topic.data)
            line.level.choices = choices(Level, str(_("Mọi mức độ")))

    def _offered(self, topic: str | None) -> list[SelectChoice]:
        """A topic that has left the bank is still shown, so that saving the page does not change it unseen."""
        known = {code for code, _title in self._topics}
        return offered(self._topics if not topic or topic in known else [*self._topics, (topic, topic)])

    def rules(self, base: Rules) -> Rules:
        """Return the rules filled in; what the page does not show stays as in `base`."""
        return replace(
            base,
            blueprint=tuple(
                Cell(line.topic.data, line.level.data, line.count.data)
                for line in self.lines
                if line.count.data
            ),
            time_limit=self.time_limit.data or 0,
            late_start=self.late_start.data,
            full_time_for_late=self.full_time_for_late.data,
            grace_seconds=_or(self.grace_seconds.data, 5),
            late_minutes=_or(self.late_minutes.data, 30),
            attempts_allowed=_or(self.attempts_allowed.data, 1),
            scheme=Scheme(_or(self.points_per_item.data, 100), self.partial.data),
            shuffle_items=self.shuffle_items.data,
            shuffle_options=self.shuffle_options.data,
            tie_breaks=tuple(criterion_of(entry.data) for entry in self.criteria if entry.data),
            rank_within=Scope(self.rank_within.data),
            quota=self._quota(),
            parts=self._parts(base),
            prizes=self._prizes(base),
            delegations=tuple(
                quota for line in (*self.delegations, *self.unit_quotas) if (quota := line.form.delegation())
            ),
        )

    def _parts(self, base: Rules) -> tuple[Part, ...]:
        """Return the parts named, each judged as before: how is said on another page.

        A name that is new is the one that stood on its line, renamed, where that is now gone.
        """
        before = {part.name: part for part in base.parts}
        lines = [(place, part) for place, line in enumerate(self.parts) if (part := line.form.part())]
        kept = {part.name for _place, part in lines}
        renamed = {place: part for place, part in enumerate(base.parts) if part.name not in kept}
        sources = [(part, before.get(part.name) or renamed.get(place)) for place, part in lines]
        return tuple(
            replace(part, judging=source.judging, essay=source.essay) if source else part
            for part, source in sources
        )

    def _prizes(self, base: Rules) -> PrizeTable:
        """Return the prize table: what is for the best in a part goes with its name, main prizes with the ranking."""
        special = [
            replace(one, part=self._now_called.get(f"{PART}{one.part}", one.part).removeprefix(PART))
            for one in base.prizes.special
        ]
        within, scope = Scope(self.rank_within.data), base.prizes.scope
        follows = base.prizes.prizes and within is not Scope.ROUND
        return replace(base.prizes, special=tuple(special), scope=within if follows else scope)

    def _quota(self) -> Quota:
        return Quota(
            method=Method(self.method.data),
            scope=Scope(self.scope.data),
            top=_or(self.top.data, 1),
            cut_score=_or(self.cut_score.data, 0),
            reserves=_or(self.reserves.data, 0),
            prizes=tuple(self.going_prizes.data or ()) if self.method.data == Method.PRIZE else (),
        )


class AmendForm(RulesForm):
    """The rules of a stage that has been opened, and why they change."""

    reason = StringField(_("Lý do sửa đổi"), [required(), Length(max=300)])


def _or(value: int | None, usual: int) -> int:
    return usual if value is None else value


def values_of(name: str, rules: Rules) -> dict[str, Any]:
    """Return what the rules form shows for these rules."""
    quota = rules.quota
    return {
        "name": name,
        "lines": [
            {"topic": cell.topic, "level": cell.level, "count": cell.count} for cell in rules.blueprint
        ],
        "parts": [values_of_part(part) for part in rules.parts],
        "delegations": [values_of_delegation(line) for line in rules.delegations if not line.unit_code],
        "unit_quotas": [values_of_delegation(line) for line in rules.delegations if line.unit_code],
        "shuffle_items": rules.shuffle_items,
        "shuffle_options": rules.shuffle_options,
        "time_limit": rules.time_limit or None,
        "late_start": rules.late_start,
        "full_time_for_late": rules.full_time_for_late,
        "grace_seconds": rules.grace_seconds,
        "late_minutes": rules.late_minutes,
        "attempts_allowed": rules.attempts_allowed,
        "points_per_item": rules.scheme.points_per_item,
        "partial": rules.scheme.partial,
        "rank_within": rules.rank_within.value,
        "criteria": [str(criterion) for criterion in rules.tie_breaks],
        "method": quota.method.value,
        "scope": quota.scope.value,
        "top": quota.top,
        "cut_score": quota.cut_score,
        "reserves": quota.reserves,
        "going_prizes": list(quota.prizes),
    }
