"""The form of a document."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from quiz.core.items import DocumentDraft
from quiz.web.forms.fields import offered
from quiz.web.forms.shared import SharedForm


class DocumentForm(SharedForm):
    """What is known of a document; two may share a number, so the date counts."""

    code = StringField(_("Mã văn bản"))
    title = StringField(_("Tên văn bản"))
    issuer = StringField(_("Nơi ban hành"), [Optional()])
    number = StringField(_("Số, ký hiệu"), [Optional()])
    dated = DateField(_("Ngày ban hành"), [Optional()])
    valid_from = DateField(_("Có hiệu lực từ ngày"), [Optional()])
    valid_to = DateField(_("Hết hiệu lực sau ngày"), [Optional()])
    followed_by = SelectField(_("Văn bản ra sau, thay thế hoặc nối tiếp"), [Optional()])
    notice = TextAreaField(_("Lời nhắc cho Ban Tổ chức"), [Optional()])

    def offer(self, others: list[tuple[str, str]], current: str = "") -> "DocumentForm":
        """Fill the list of documents that may have followed; one that is not stored keeps its place in it."""
        known = [("", gettext("Chưa có")), *others]
        if current and current not in dict(known):
            known.append((current, current))
        self.followed_by.choices = offered(known)
        return self

    def fill(self, draft: DocumentDraft) -> None:
        """Show a document as it is."""
        for name, field in self._fields.items():
            if hasattr(draft, name):
                field.data = getattr(draft, name)

    def draft(self, code: str) -> DocumentDraft:
        """Return what was filled in; whether it is right is for quiz.core.documents.check to say."""
        return DocumentDraft(
            code, self.title.data or "", self.issuer.data or "", self.number.data or "", self.dated.data,
            self.valid_from.data, self.valid_to.data, followed_by=self.followed_by.data or "",
            notice=self.notice.data or "",
        )  # fmt: skip
