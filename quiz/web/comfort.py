"""Size of the text and ground of the page: kept in a cookie of this browser, shown as classes of <html>.

The cookie holds two words, as in "large.dark"; what it says is looked up here, so nothing else gets onto a page.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for

from quiz import web
from quiz.web import access

blueprint = Blueprint("comfort", __name__)

COOKIE = "comfort"
YEAR = 365 * 24 * 3600  # seconds
TEXTS = ("normal", "large", "largest")
GROUNDS = ("device", "high", "dark")


@dataclass(frozen=True, slots=True)
class Comfort:
    """What was chosen; the first of each is what a browser shows of itself."""

    text: str = TEXTS[0]
    ground: str = GROUNDS[0]

    @property
    def classes(self) -> str:
        """Return the classes of <html>, "" when nothing was chosen."""
        text = f"text-{self.text}" if self.text != TEXTS[0] else ""
        ground = f"ground-{self.ground}" if self.ground != GROUNDS[0] else ""
        return f"{text} {ground}".strip()


def _known(text: str, ground: str) -> Comfort:
    return Comfort(text if text in TEXTS else TEXTS[0], ground if ground in GROUNDS else GROUNDS[0])


def chosen() -> Comfort:
    """Return what this browser has chosen."""
    text, _, ground = request.cookies.get(COOKIE, "").partition(".")
    return _known(text, ground)


def as_new(answer: Any) -> Any:
    """Return the answer, which lets the browser forget what was chosen: on a shared device the next one begins anew."""
    answer.delete_cookie(COOKIE, samesite="Lax")
    return answer


@blueprint.app_context_processor
def _on_every_page() -> dict[str, Any]:
    return {"comfort": chosen()}


@blueprint.post("/comfort")
@access.public
def choose() -> Any:
    """Keep the size or the ground whose button was pressed, and go back."""
    now = chosen()
    new = _known(request.form.get("text", now.text), request.form.get("ground", now.ground))
    answer = redirect(web.own_referrer() or url_for("public.home"))
    answer.set_cookie(
        COOKIE, f"{new.text}.{new.ground}", max_age=YEAR, samesite="Lax", secure=request.is_secure
    )
    return answer
