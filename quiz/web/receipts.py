"""Receipts beyond the page that shows one: a picture to keep, and the desk where a code that is read out is checked."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from quiz.core.permissions import Permission
from quiz.files import pdf, pictures
from quiz.services import auth, receipts
from quiz.web import access, belongings, outcomes
from quiz.web.formatting import date_text, time_text
from quiz.web.forms.receipts import CodeForm
from quiz.web.slips import place_of

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/attempts/<int:attempt_id>/receipt.png")
@access.candidate_only
def picture(attempt_id: int) -> Any:
    """The receipt as a picture to keep; made when asked for, and kept nowhere here."""
    attempt = belongings.own_attempt(attempt_id)
    if attempt.submitted_at is None:
        return redirect(url_for("attempts.show", attempt_id=attempt.id))
    drawn = pictures.in_greys(pdf.picture("receipt", _content(attempt)))
    name = f"bien-nhan-{code_text(attempt.receipt_code)}.png"
    return Response(
        drawn, mimetype=pdf.PICTURE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.get("/desk/receipts")
@access.requires(Permission.ROUND_MONITOR)
def find() -> Any:
    """Whose a receipt is, by the code that is read out or shown."""
    form, attempt = CodeForm(request.args, meta={"csrf": False}), None
    if "code" in request.args and form.validate():
        attempt = outcomes.receipt_with_code(Permission.ROUND_MONITOR, auth.card_code(form.code.data))
        if attempt is None:
            form.code.errors = [
                _(
                    "Không có bài đã nộp nào mang mã này trong các vòng thi, đơn vị bạn theo dõi. Hãy xem lại từng chữ"
                    " và số của mã."
                )
            ]
    return render_template(
        "receipts/find.html",
        form=form,
        attempt=attempt,
        figures=receipts.figures_of(attempt) if attempt else None,
    )


def code_text(code: str) -> str:
    """Return a receipt code as it is read out: "4K7PW-22MN8"."""
    return f"{code[:5]}-{code[5:]}"


def _content(attempt: Any) -> dict[str, Any]:
    entry, figures = attempt.entry, receipts.figures_of(attempt)
    return {
        "lang": str(get_locale()),
        "title": _("Biên nhận nộp bài"),
        "contest": entry.round.stage.contest.title,
        "rows": [
            (_("Thí sinh"), entry.person.full_name),
            (_("Đơn vị"), place_of(entry.unit)),
            (_("Vòng thi"), entry.round.name),
            (
                _("Nộp lúc"),
                f"{time_text(attempt.submitted_at)} {_('ngày')} {date_text(attempt.submitted_at)}",
            ),
            (
                _("Số câu đã trả lời"),
                _("%(done)d trong %(all)d câu", done=figures.answered, all=figures.count),
            ),
        ],
        "code": {"label": _("Mã biên nhận"), "value": code_text(attempt.receipt_code)},
        "note": _("Khi cần hỏi về bài thi, xin đọc mã này cho Ban Tổ chức. Biên nhận không ghi điểm."),
    }
