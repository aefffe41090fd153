"""Forms of what several people look after: who saves last is told first what somebody else saved meanwhile."""

from hashlib import sha256
from typing import Any

from flask_babel import gettext as _

from quiz.web.forms.base import SettingsForm


class SharedForm(SettingsForm):
    """A form of what is stored already; `said_once` names fields that are said with a change and not kept."""

    said_once: tuple[str, ...] = ()

    def is_overtaken(self, stored: "SharedForm") -> bool:
        """Tell whether what is stored has changed since this form was filled from it, and say in which fields.

        `stored` is the same form filled from what is stored now. Sent again, the form is no longer overtaken; nor is
        one that says what is stored already, like the second of a double click.
        """
        before, current = self.seen.data, stored._print()
        self.seen.data = current
        different = [name for name in stored._kept() if self._kept().get(name) != stored._kept()[name]]
        if not before or before == current or not different:
            return False
        labels = ", ".join(str(self[name].label.text) for name in different)
        self.form_errors.append(
            _(
                "Người khác đã sửa trang này từ khi bạn mở ra, nên chưa lưu gì. Bản của bạn khác bản đang dùng ở:"
                " %(fields)s. Hãy mở trang này ở một thẻ khác để xem bản đang dùng, rồi lưu lần nữa nếu vẫn muốn thay"
                " bằng bản của bạn.",
                fields=labels,
            )
        )
        return True

    def _kept(self) -> dict[str, Any]:
        apart = {"seen", "csrf_token", *self.said_once}
        return {name: str(value or "") for name, value in self.data.items() if name not in apart}

    def _print(self) -> str:
        return sha256(repr(sorted(self._kept().items())).encode()).hexdigest()[:16]
