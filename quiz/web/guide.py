"""The guide for contestants: one page with pictures, for the screen and for paper (R34)."""

from typing import Any

from flask import Blueprint, render_template

from quiz.web import access
from quiz.web.addresses import outside, qr_of

blueprint = Blueprint("guide", __name__)


@blueprint.get("/huong-dan")
@access.public
def show() -> Any:
    """How to sit a round, from the card to the receipt."""
    address = outside("auth.card")
    return render_template("guide/show.html", address=address, code=qr_of(address))
