"""The guide for contestants: one page with pictures, for the screen and for paper (R34)."""

from typing import Any

import segno
from flask import Blueprint, render_template
from markupsafe import Markup

from quiz.web import access
from quiz.web.addresses import outside

blueprint = Blueprint("guide", __name__)


@blueprint.get("/huong-dan")
@access.public
def show() -> Any:
    """How to sit a round, from the card to the receipt."""
    address = outside("auth.card")
    code = segno.make(address, error="m", micro=False)
    drawing = Markup(code.svg_inline(border=2, omitsize=True, light="#fff"))  # noqa: S704 drawn from figures alone
    return render_template("guide/show.html", address=address, code=drawing)
