"""Contestants' cards as they are handed over: the slips of a page, and the same slips as a PDF to print and cut."""

import base64
from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from quiz.files import pdf
from quiz.services import cards
from quiz.services.cards import PrintedCard
from quiz.web.addresses import outside
from quiz.web.formatting import window_text


def slips_of(printed: Sequence[PrintedCard], contest: Any) -> dict[str, Any]:
    """Return what stands on the slips, as plain data that outlives the transaction; the one copy of the secrets."""
    rounds = cards.rounds_of(contest, [card.person_id for card in printed])
    return {
        "lang": str(get_locale()),
        "title": _("Phiếu dự thi"),
        "contest": contest.title,
        "words": {
            "code": _("Mã dự thi"),
            "pin": _("Mã PIN"),
            "scan": _("Quét để vào thi"),
            "steps": steps(),
        },
        "cards": [_slip(card, rounds.get(card.person_id, [])) for card in printed],
    }


def steps() -> list[str]:
    """Return how to sign in, in three plain lines."""
    address = outside("auth.card")
    return [
        _("Quét mã QR bằng máy ảnh của điện thoại, rồi bấm “Đúng, vào thi”."),
        _("Hoặc mở %(address)s, nhập mã dự thi và mã PIN.", address=address),
        _("Giữ kín phiếu này. Mất phiếu hay quên mã, báo ngay Ban Tổ chức."),
    ]


def _slip(card: PrintedCard, rounds: Sequence[Any]) -> dict[str, str]:
    return {
        "name": card.name,
        "unit": place_of(card.unit),
        "rounds": "; ".join(_round_line(found) for found in rounds),
        "code": f"{card.code[:4]}-{card.code[4:]}",
        "pin": f"{card.pin[:3]} {card.pin[3:]}",
        "qr": pdf.qr(outside("auth.scan", token=card.token)),
    }


def _round_line(contest_round: Any) -> str:
    window = contest_round.window
    return f"{contest_round.name}: {window_text(window)}" if window else str(contest_round.name)


def place_of(cell: Any) -> str:
    """Return a cell with the unit above it: "chi bộ Bản Nà Sản, xã Cò Nòi"."""
    return ", ".join(unit.title for unit in (cell, cell.parent) if unit)


def pdf_link(slips: dict[str, Any], now: int) -> str:
    """Return the PDF of the slips as an address that holds the file itself, "" when it could not be made.

    Nothing of it is kept: it goes with the page. It takes seconds for a whole batch, so no transaction may be open.
    """
    try:
        file = pdf.render("cards", slips, now)
    except (
        Exception
    ):  # the cards are made and their secrets known only here: the page must come whatever happens
        current_app.logger.exception("the PDF of %d cards could not be made", len(slips["cards"]))
        return ""
    return f"data:{pdf.MIMETYPE};base64,{base64.b64encode(file).decode()}"
