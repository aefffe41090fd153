"""Forms of what several people look after: who saves last is told first what somebody else saved meanwhile."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from wtforms import HiddenField

from quiz.core.errors import Overtaken
from quiz.core.states import State, fingerprint
from quiz.web.formatting import message_text
from quiz.web.forms.base import Form
from quiz.web.forms.fields import words_of


class SharedForm(Form):
    """A form of what is stored already: `seen` is the fingerprint of the state it was filled from.

    `called` gives the names of what it shows in several fields, or in none with a name of its own.
    """

    seen = HiddenField()
    called: ClassVar[Mapping[str, Any]] = {}

    def filled_from(self, state: State) -> Self:
        """Keep which state is shown, unless the form has come back with the one it was filled from; return the form."""
        self.seen.data = self.seen.data or fingerprint(state)
        return self

    def show_overtaken(self, refusal: Overtaken) -> None:
        """Say what is stored by now where it is not what was typed; sent again, the form replaces it."""
        self.seen.data = refusal.seen
        told = (self._told(name, value) for name, value in refusal.stored.items())
        more = _(
            "Bản đang dùng khác bản của bạn ở: %(differing)s. Hãy xem lại, rồi lưu lần nữa nếu vẫn muốn thay bằng bản"
            " của bạn; muốn xem cả bản đang dùng thì mở trang này ở một thẻ khác.",
            differing="; ".join(filter(None, told)),
        )
        self.form_errors.append(f"{message_text(refusal.message, refusal.values)} {more}")

    def _told(self, name: str, value: Any) -> str:
        """Return how a setting is called and, where few words say it, what is stored of it; "" if it is not shown."""
        if name in self.called or name not in self:
            return str(self.called.get(name, ""))
        words = words_of(self[name], value)
        return f"{self[name].label.text} {words}".rstrip()
