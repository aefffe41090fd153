"""Pages anybody may open: the first page, the language, and whether the machine is well."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from sqlalchemy import text

from quiz import web
from quiz.extensions import db
from quiz.services import results
from quiz.web import access

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@access.public
def home() -> Any:
    """Where contestants and staff sign in, and what has been published."""
    return render_template("public/home.html", editions=results.latest_published(12))


@blueprint.post("/language")
@access.public
def set_language() -> Any:
    """Keep the chosen language and go back."""
    chosen = request.form.get("language", "")
    if chosen in web.LANGUAGES:
        session["language"] = chosen
    return redirect(web.own_referrer() or url_for("public.home"))


@blueprint.get("/healthz")
@access.public
def healthz() -> Any:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@access.public
def readyz() -> Any:
    """The database answers and stands at the newest migration; 503 when not."""
    try:
        at = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception:  # whatever the database says, the answer is "not ready"
        current_app.logger.exception("not ready")
        return {"status": "database unavailable"}, 503
    newest = web.newest_migration()
    return ({"status": "ok"}, 200) if at == newest else ({"status": "migrations missing"}, 503)
