"""The pages. Each view: load through `access`, bind the form, validate, call one service, commit and redirect."""

import hashlib
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import Babel, get_locale, gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from quiz import database
from quiz.core.errors import AlreadyDone, NotAllowed, RuleBroken
from quiz.database import patience, reads_only
from quiz.extensions import db
from quiz.services.direct import Unavailable
from quiz.settings import ROOT, VERSION, Settings
from quiz.web import (
    access,
    act_words,
    actions,
    assets,
    explaining,
    formatting,
    labels,
    navigation,
    paging,
    security,
    sentences,
    sightings,
)
from quiz.web.cookies import CookieSessions
from quiz.web.lanes import Lanes

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
WRONG_STATEMENT = 1  # SQLITE_ERROR: not the file's state, but ours to mend
ERROR_PAGES = (400, 403, 404, 405, 409, 413, 429, 500, 503)


def init_app(app: Flask, settings: Settings, babel: Babel) -> None:
    """Attach every page, filter, header and error page to `app`."""
    from quiz.web.blueprints import BLUEPRINTS

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.session_interface = CookieSessions()
    babel.init_app(app, locale_selector=language)
    sentences.init_app(app, babel)
    formatting.init_app(app)
    labels.init_app(app)
    explaining.init_app(app)
    paging.init_app(app)
    actions.init_app(app)
    act_words.init_app(app)
    security.init_app(app, settings)
    sightings.init_app(app)
    app.before_request(_note_what_it_asks_for)
    app.context_processor(_page_context)
    assets.init_app(app)
    app.jinja_env.globals.update(get_locale=get_locale)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_error_handler(RuleBroken, _show_rule)
    app.register_error_handler(CSRFError, _show_csrf)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(Unavailable, _show_unavailable)
    app.register_error_handler(OperationalError, _show_database)
    app.register_error_handler(Exception, _show_crash)
    if missing := access.missing_rules(app):
        raise RuntimeError(f"views without an access rule: {', '.join(missing)}")
    app.wsgi_app = Lanes(app.wsgi_app)  # type: ignore[method-assign]
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(assets.STATIC), prefix="static/", max_age=31_536_000, allow_all_origins=False
    )


def language() -> str:
    """Return the reader's language: the one chosen on the page, else Vietnamese."""
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else "vi"


def _note_what_it_asks_for() -> None:
    reads_only.set(request.method in ("GET", "HEAD", "OPTIONS"))
    patience.set(database.HURRIED)  # until the guard knows that it is one of the staff


def _page_context() -> dict[str, Any]:
    """What every page shows; an error page asks nobody, so that it can be shown when the database is down."""
    who = None if g.get("failed") else access.principal()
    return {
        "signed_in": who,
        "signed_in_name": who.name if who else "",
        "navigation": navigation.for_principal(who),
        "version": VERSION,
    }


def _wants_json() -> bool:
    asked = request.is_json or request.accept_mimetypes.best == "application/json"
    return asked or request.path.startswith("/api/v1/")


def _show_rule(error: RuleBroken) -> Any:
    """Show the sentence where the person was: back on the page the form came from, or on a page of its own."""
    db.session.rollback()
    text = formatting.message_text(error.message, error.values)
    status = 403 if isinstance(error, NotAllowed) else 409
    if _wants_json():
        return {"error": text}, status
    if request.method == "POST" and (back := own_referrer()):
        flash(text, "info" if isinstance(error, AlreadyDone) else "error")
        return redirect(back)
    return _error_page("409", status, message=text)


def own_referrer() -> str | None:
    """Return the path this request came from when it is a page of this site."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc != request.host:
        return None
    return referrer.path + (f"?{referrer.query}" if referrer.query else "")


def _show_csrf(_error: CSRFError) -> Any:
    if request.cookies:
        text = gettext(
            "Trang này mở đã lâu hoặc bạn đã đăng nhập lại ở thẻ khác. Hãy mở lại trang rồi làm tiếp."
        )
    else:  # every page with a form sets one: loading it again helps nobody whose browser takes none
        text = gettext(
            "Trình duyệt này không giữ cookie của trang nên không vào được. Hãy mở lại trang rồi làm lại; nếu vẫn vậy,"
            " hãy cho phép cookie trong phần cài đặt, hoặc dùng trình duyệt hay điện thoại khác."
        )
    if _wants_json():
        return {"error": text}, 400
    return _error_page("409", 400, message=text, page=own_referrer())


def _show_http(error: HTTPException) -> Any:
    if _wants_json():
        return {"error": error.name}, error.code or 500
    code = error.code or 500
    if code == 401:
        return _show_way_in()
    page = code if code in ERROR_PAGES else 400 if code < 500 else 500
    return _error_page(str(page), code, page=own_referrer())


def _error_page(name: str, status: int, **values: Any) -> Any:
    g.failed = True  # it may be the database that failed
    return render_template(f"errors/{name}.html", **values), status


def _show_way_in() -> Any:
    """Lead whoever sent a form without being signed in to where one signs in, and from there back to the form."""
    flash(gettext("Máy này không còn đăng nhập nên chưa gửi được gì. Hãy đăng nhập rồi làm lại."), "error")
    return redirect(url_for(g.get("way_in", "auth.sign_in"), next=own_referrer()))


def _show_unavailable(_error: Exception) -> Any:
    db.session.rollback()
    if _wants_json():
        return {"error": "busy"}, 503
    return _error_page("503", 503)


def _show_database(error: OperationalError) -> Any:
    """Say that the server is busy where the database does not answer; a statement that is wrong is a crash."""
    if getattr(error.orig, "sqlite_errorcode", None) == WRONG_STATEMENT:
        return _show_crash(error)
    current_app.logger.warning("the database does not answer at %s: %s", request.path, error.orig)
    return _show_unavailable(error)


def _show_crash(error: Exception) -> Any:
    if current_app.testing:
        raise error
    db.session.rollback()
    number = hashlib.sha256(repr(error).encode() + request.full_path.encode()).hexdigest()[:8]
    current_app.logger.exception("error %s at %s", number, request.path)
    if _wants_json():
        return {"error": number}, 500
    return _error_page("500", 500, error_id=number)


@cache
def newest_migration() -> str | None:
    """Return the head of the shipped migrations."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()
