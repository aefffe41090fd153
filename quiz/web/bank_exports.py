"""Pages of the bank for files on their way out: which format, what it cannot carry, the download, the template."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.files import questions as formats
from quiz.files.question_files import OWN, WORKBOOK
from quiz.files.question_workbook import question_template
from quiz.files.questions import Format, Written
from quiz.services import bank as banks
from quiz.services import listing
from quiz.web import access, filters
from quiz.web.bank import blueprint

MOST_TRIED = 500  # items for which the file is written to see what it would lack
MOST_PRINTED = 1_000  # items of a Word file: laying out more takes minutes, and nobody prints them
TOO_LONG = N_("Tệp Word chỉ nhận tối đa %(most)d câu. Hãy lọc bớt câu, hoặc chọn định dạng khác.")


def _writable() -> dict[str, Format]:
    return {name: entry for name, entry in formats.FORMATS.items() if entry.write}


@blueprint.get("/bank/<int:bank_id>/export")
@access.requires(Permission.BANK_EDIT)
def choose_export(bank_id: int) -> Any:
    """Choose a format and see what it cannot carry; the list's own filters decide which questions."""
    bank = access.bank_for(Permission.BANK_EDIT, bank_id)
    name, given = request.args.get("format", ""), _given(bank.code)
    chosen = _writable().get(name)
    size = listing.total(filters.wanted(given), access.signed_in().account_id)
    return render_template(
        "bank/export.html",
        bank=bank,
        formats=list(_writable().values()),
        chosen=chosen,
        own=OWN,
        losses=_losses(bank, chosen, given) if chosen and 0 < size <= MOST_TRIED else (),
        given={key: value for key, value in given.items() if key != "bank"},
        size=size,
        too_long=_is_too_long(name, size),
        most=MOST_PRINTED,
    )


@blueprint.get("/bank/export")
@access.requires(Permission.BANK_EDIT)
def export_listed() -> Any:
    """From a list of questions to the download of its bank, narrowed as the list is."""
    given = filters.given()
    bank = banks.find(given.pop("bank", ""))
    if bank is None:
        flash(_("Hãy lọc theo một ngân hàng trước: mỗi tệp chứa câu hỏi của một ngân hàng."), "info")
        return redirect(url_for("bank.items", **given))
    return redirect(url_for("bank.choose_export", bank_id=bank.id, **given))


def _is_too_long(name: str, size: int) -> bool:
    return name.startswith("docx") and size > MOST_PRINTED


def _given(code: str) -> dict[str, str]:
    """Return what narrows the list, from the address or the form; it is always one bank's."""
    return filters.given(request.values) | {"bank": code}


def _ids(given: dict[str, str]) -> Any:
    """Return the query of the ids wanted, None for a whole bank."""
    narrowed = set(given) - {"bank", "sort"}
    return listing.ids(filters.wanted(given), access.signed_in().account_id) if narrowed else None


def _losses(bank: Any, chosen: Format, given: dict[str, str]) -> tuple[Problem, ...]:
    """Return what the file would lack for these very items."""
    if chosen.name == OWN:
        return ()
    return formats.write(chosen.name, banks.content(bank, _ids(given))).losses


@blueprint.post("/bank/<int:bank_id>/export")
@access.requires(Permission.BANK_EDIT)
def export(bank_id: int) -> Any:
    """Download a bank, or the part of it that was listed, with its keys; a form's POST, because it goes on record."""
    bank = access.bank_for(Permission.BANK_EDIT, bank_id)
    name = request.form.get("format", OWN)
    name = name if name in _writable() else OWN
    given, who = _given(bank.code), access.signed_in()
    if _is_too_long(name, listing.total(filters.wanted(given), who.account_id)):
        raise RuleBroken(TOO_LONG, most=MOST_PRINTED)
    taken = banks.export(bank, who.actor, clock.now(), _ids(given), name)
    code = bank.code
    db.session.commit()  # first the record; writing a long file keeps nobody waiting
    return _download(formats.write(name, taken), code)


def _download(written: Written, name: str) -> Response:
    answer = Response(written.data, mimetype=written.mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}{written.extension}")
    answer.headers["Cache-Control"] = "no-store"  # keys stay on no shared machine
    return answer


@blueprint.get("/bank/template")
@access.requires(Permission.BANK_EDIT)
def template() -> Response:
    """The workbook to fill in, with drop-downs, instructions and a filled example."""
    entry = formats.FORMATS[WORKBOOK]
    return _download(Written(question_template(), entry.extensions[0], entry.mimetype), "mau-cau-hoi")
