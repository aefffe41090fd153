"""Building the application: its configuration, its extensions, its pages and commands."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from quiz import cli, database, web
from quiz.extensions import SHORT, babel, compress, csrf, db, demo_gate, keyring, login_manager, migrate
from quiz.settings import ROOT, Settings, read_settings


class House(Flask):
    """Flask that does not ask at every request of every view and hook whether it is a coroutine: none of ours is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def build(settings: Settings | None = None) -> Flask:
    """Return the application; raise SettingsError when the settings do not allow a start."""
    settings = settings or read_settings()
    app = House("quiz", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret("secret_key"),
        SETTINGS=settings,
        TRUSTED_HOSTS=settings.trusted_hosts or None,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2_000,
        SESSION_COOKIE_NAME="quiz",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a token must outlive the longest round; it dies with its session
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"],
        COMPRESS_MIN_SIZE=SHORT,
        COMPRESS_ALGORITHM=["br", "gzip"],  # at these sizes both are smaller than zstd
        COMPRESS_BR_LEVEL=7,  # a paper of 30 questions: 9 % smaller than at 4, in less than a millisecond
    )
    database.init_app(app, settings)
    keyring.init_app(app, settings.secret("card_key"))
    demo_gate.init_app(app, is_open=not settings.is_production)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    csrf.init_app(app)
    compress.init_app(app)
    login_manager.init_app(app, add_context_processor=False)  # it would run a user query on every page
    web.init_app(app, settings, babel)
    cli.init_app(app)
    return app
