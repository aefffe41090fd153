"""The form that says how one judged part is judged: criteria, judges, averaging, gaps, time over, decimals."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField
from wtforms.validators import Length, ValidationError

from quiz.core.errors import Problem
from quiz.core.essays import MOST_DAYS, MOST_PAGES, EssayRule
from quiz.core.judging import Averaging, Criterion, Judging, Missing, OnGap
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.web.formatting import points_text
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import PointsField, WholeField, offered
from quiz.web.forms.shared import SharedForm
from quiz.web.labels import pairs

USUAL_STEP = 25
MOST_CRITERIA = 12
MOST_STEPS = 8
SPARE = {"criteria": 3, "steps": 2}
LISTS = frozenset(SPARE)


class _Line(Form):
    """One line of a list; a blank one is spare."""

    class Meta(Form.Meta):
        """Part of another form, which carries the token."""

        csrf = False


class CriterionForm(_Line):
    """One criterion."""

    name = StringField(_("Tiêu chí"), [Length(max=100)])
    max_points = PointsField(_("Điểm tối đa"))
    step = PointsField(_("Bước chấm"))

    def validate_name(self, field: Any) -> None:
        """Ask for the name of a line that has points."""
        if not field.data and self.max_points.data:
            raise ValidationError(gettext("Hãy ghi tên tiêu chí, hoặc xóa điểm để bỏ dòng này."))

    def validate_max_points(self, field: Any) -> None:
        """Ask for the points of a line that has a name."""
        if self.name.data and not field.data and not field.errors:
            raise ValidationError(gettext("Hãy ghi điểm tối đa, hoặc xóa tên để bỏ dòng này."))

    def criterion(self) -> Criterion | None:
        """Return the criterion of this line, None for a spare one."""
        if not self.name.data:
            return None
        step = self.step.data
        return Criterion(self.name.data, self.max_points.data or 0, USUAL_STEP if step is None else step)


class StepForm(_Line):
    """From how many seconds over, how many points less."""

    seconds = WholeField(_("Quá từ (giây)"))
    points = PointsField(_("Trừ (điểm)"))

    def validate_points(self, field: Any) -> None:
        """Ask for both figures of a line or none."""
        if (field.data is None) is not (self.seconds.data is None) and not field.errors:
            raise ValidationError(
                gettext("Hãy ghi cả số giây và số điểm trừ, hoặc xóa cả hai để bỏ dòng này.")
            )


class JudgingForm(SharedForm):
    """How one part is judged. `reason` is asked for once the rules are frozen."""

    called: ClassVar[Mapping[str, Any]] = {
        "criteria": _("Tiêu chí chấm"), "over_time": _("Thời gian và quá giờ"), "kind": _("Hình thức"),
        "weight": _("Tỷ trọng (phần trăm)"),
    }  # fmt: skip

    max_points = PointsField(_("Điểm tối đa của phần thi"))
    minutes = WholeField(_("Thời gian tối đa (phút)"))
    criteria = FieldList(FormField(CriterionForm), max_entries=MOST_CRITERIA)
    judges = WholeField(_("Số giám khảo chấm phần này"), [required()])
    averaging = RadioField(_("Điểm của phần thi tính từ các phiếu"))
    drop_from = WholeField(_("Chỉ bỏ phiếu cao nhất, thấp nhất khi có từ mấy phiếu"))
    missing = RadioField(_("Khi có giám khảo vắng, thiếu phiếu"))
    gap = PointsField(_("Các phiếu chênh nhau từ mấy điểm thì phải xem lại"))
    on_gap = RadioField(_("Khi chênh nhau tới mức đó"))
    over_time = RadioField(_("Khi nói quá thời gian"))
    steps = FieldList(FormField(StepForm), max_entries=MOST_STEPS)
    per_minute = PointsField(_("Mỗi phút quá giờ trừ (điểm)"))
    decimals = SelectField(_("Điểm của phần thi làm tròn đến"), coerce=int)
    essay = BooleanField(_("Thí sinh nộp trước đề cương hoặc bài viết cho phần này"))
    essay_days = WholeField(_("Hạn nộp: trước giờ mở vòng thi mấy ngày"))
    essay_pages = WholeField(_("Nhiều nhất mấy trang"))
    reason = StringField(_("Lý do sửa đổi"), [required(), Length(max=300)])

    def __init__(self, part: Part, frozen: bool, **kwargs: Any) -> None:
        super().__init__(**{"data": values_of(part)} | kwargs)
        if not frozen:
            del self.reason
        self._part = part
        self.list_errors: dict[str, list[str]] = {name: [] for name in SPARE}
        enums = (self.averaging, Averaging), (self.missing, Missing), (self.on_gap, OnGap)
        for field, enum in (*enums, (self.over_time, OverTimeRule)):
            field.choices = offered(pairs(enum))
        self.decimals.choices = offered(
            [(2, _("phần trăm điểm (18,33)")), (1, _("phần mười điểm (18,3)")), (0, _("điểm tròn (18)"))]
        )
        if not self.is_submitted():
            self.more("")

    def more(self, what: str) -> None:
        """Offer empty lines in the list `what`, or in both."""
        for name in [what] if what in LISTS else SPARE:
            lines = self[name]
            for _number in range(min(SPARE[name], lines.max_entries - len(lines))):
                lines.append_entry({})

    def show(self, problems: Iterable[Problem]) -> None:
        """Put problems beside the fields they name; those of a list of lines stand above its lines."""
        for problem in problems:
            super().show([replace(problem, field="") if problem.field in LISTS else problem])
            if problem.field in LISTS:
                self.list_errors[problem.field].append(str(self.form_errors[-1]))
        part = self.part()
        added = part.judging.max_points
        if self.list_errors["criteria"] and added and added != part.max_points:
            told = {"sum": points_text(added), "most": points_text(part.max_points)}
            words = _("Các tiêu chí đang cộng được %(sum)s điểm; phần thi có %(most)s điểm.", **told)
            self.list_errors["criteria"].append(str(words))

    def validate_max_points(self, field: Any) -> None:
        """Keep the points of a part within what any part may have."""
        if field.data is not None and not 1 <= field.data <= 100_000:
            raise ValidationError(gettext("Điểm tối đa phải từ 0,01 đến 1000."))

    def validate_minutes(self, field: Any) -> None:
        """Keep the minutes of a part within what any part may have."""
        if not 0 <= (field.data or 0) <= 600:
            raise ValidationError(gettext("Thời gian phải từ 0 đến 600 phút; để trống nếu không giới hạn."))

    def validate_essay_days(self, field: Any) -> None:
        """Keep the deadline of what is handed in within what a part may ask."""
        if not 0 <= (field.data or 0) <= MOST_DAYS:
            raise ValidationError(gettext("Số ngày phải từ 0 đến %(most)d.", most=MOST_DAYS))

    def validate_essay_pages(self, field: Any) -> None:
        """Keep the pages of what is handed in within what a part may ask."""
        if not 0 <= (field.data or 0) <= MOST_PAGES:
            raise ValidationError(gettext("Số trang phải từ 0 đến %(most)d.", most=MOST_PAGES))

    def part(self) -> Part:
        """Return the part as filled in; blank points are those it had, blank minutes mean no limit."""
        points = self._part.max_points if self.max_points.data is None else self.max_points.data
        minutes = self.minutes.data or 0 if self.minutes.raw_data else self._part.minutes
        essay = EssayRule(self.essay_days.data or 0, self.essay_pages.data or 0) if self.essay.data else None
        return replace(self._part, max_points=points, minutes=minutes, judging=self._judging(), essay=essay)

    def _judging(self) -> Judging:
        judges = self.judges.data or 0
        named = [criterion for line in self.criteria if (criterion := line.form.criterion())]
        return Judging(
            criteria=tuple(named),
            judges=judges,
            averaging=Averaging(self.averaging.data),
            drop_from=judges if self.drop_from.data is None else self.drop_from.data,
            gap=self.gap.data or 0,
            on_gap=OnGap(self.on_gap.data),
            missing=Missing(self.missing.data),
            over_time=self._over_time(),
            decimals=self.decimals.data,
        )

    def _over_time(self) -> OverTime:
        steps = [(line.seconds.data, line.points.data) for line in self.steps]
        whole = tuple((seconds, points) for seconds, points in steps if seconds is not None)
        usual = OverTime()
        per_minute = self.per_minute.data
        return OverTime(
            OverTimeRule(self.over_time.data),
            whole,
            usual.per_minute if per_minute is None else per_minute,
        )


def values_of(part: Part) -> dict[str, Any]:
    """Return what the form shows of a part."""
    judging = part.judging
    return {
        "max_points": part.max_points,
        "minutes": part.minutes or None,
        "criteria": [
            {"name": one.name, "max_points": one.max_points, "step": one.step} for one in judging.criteria
        ],
        "judges": judging.judges,
        "averaging": judging.averaging.value,
        "drop_from": judging.drop_from if judging.averaging is Averaging.DROP_EXTREMES else None,
        "gap": judging.gap or None,
        "on_gap": judging.on_gap.value,
        "missing": judging.missing.value,
        "over_time": judging.over_time.rule.value,
        "steps": [{"seconds": seconds, "points": points} for seconds, points in judging.over_time.steps],
        "per_minute": judging.over_time.per_minute,
        "decimals": judging.decimals,
        "essay": part.essay is not None,
        "essay_days": part.essay.days or None if part.essay else None,
        "essay_pages": part.essay.pages or None if part.essay else None,
    }
