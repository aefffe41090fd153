"""Settings: production refuses to start without its secrets, and SQLite must be a safe version."""

import os
import socket
import subprocess
import sys

import pytest
from flask import Flask
from pydantic import ValidationError

from quiz import create_app
from quiz.database import SAFE_SQLITE, engine_options
from quiz.extensions import db, demo_gate
from quiz.settings import ROOT, Environment, Settings, SettingsError, read_settings


def test_production_names_the_secrets_it_lacks():
    with pytest.raises(ValidationError, match="QUIZ_SECRET_KEY and QUIZ_CARD_KEY"):
        Settings(environment=Environment.PRODUCTION)


def test_production_refuses_a_short_secret():
    with pytest.raises(ValidationError, match="QUIZ_CARD_KEY"):
        Settings(environment=Environment.PRODUCTION, secret_key="s" * 40, card_key="short")


def test_production_starts_with_its_secrets(tmp_path):
    settings = Settings(
        environment=Environment.PRODUCTION, secret_key="s" * 40, card_key="c" * 40, data_dir=tmp_path
    )
    app = create_app(settings)
    assert app.config["SETTINGS"].is_production
    with app.app_context():
        assert demo_gate.shuts_out(True) and not demo_gate.shuts_out(False)


@pytest.mark.parametrize("environment", [Environment.DEMO, Environment.TEST])
def test_the_demo_gets_in_under_other_settings(tmp_path, environment):
    with create_app(Settings(environment=environment, data_dir=tmp_path)).app_context():
        assert not demo_gate.shuts_out(True)


def test_the_gate_of_the_demo_is_shut_until_it_is_opened():
    with Flask("bare").app_context():
        assert demo_gate.shuts_out(True)


def test_the_environment_alone_can_refuse_the_start(monkeypatch):
    monkeypatch.setenv("QUIZ_ENVIRONMENT", "production")
    with pytest.raises(SettingsError, match="at least 32 characters"):
        create_app()


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("QUIZ_ENVIRONMENT", "prod", "QUIZ_ENVIRONMENT: Input should be 'demo', 'production' or 'test'"),
        ("QUIZ_TRUSTED_HOSTS", "hoithi.example.vn", 'QUIZ_TRUSTED_HOSTS: write it as ["hoithi.example.vn"]'),
        ("QUIZ_SESSION_HOURS", "100", "QUIZ_SESSION_HOURS: Input should be less than or equal to 72"),
        ("QUIZ_BACKUP_DAYS", "many", "QUIZ_BACKUP_DAYS: Input should be a valid integer"),
    ],
)
def test_a_wrong_setting_is_named_as_the_operator_wrote_it(monkeypatch, variable, value, says):
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert says in str(refused.value)


def test_host_names_are_read_as_a_list(monkeypatch):
    monkeypatch.setenv("QUIZ_TRUSTED_HOSTS", '["hoithi.example.vn", "10.0.0.5"]')
    assert read_settings().trusted_hosts == ["hoithi.example.vn", "10.0.0.5"]


@pytest.mark.parametrize(
    "start", [["flask", "--app", "app", "db", "upgrade"], ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]]
)
def test_a_refused_start_is_a_sentence_and_never_shows_a_secret(start, tmp_path):
    wrong = {"QUIZ_ENVIRONMENT": "production", "QUIZ_SECRET_KEY": "k" * 40, "QUIZ_CARD_KEY": "toi-mat"}
    refused = subprocess.run(
        [sys.executable, "-m", *start],
        cwd=ROOT,
        env=os.environ | wrong | {"QUIZ_DATA_DIR": str(tmp_path), "PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode != 0
    said = refused.stdout + refused.stderr
    assert "set QUIZ_CARD_KEY to a random text of at least 32 characters" in said
    assert "Traceback" not in said
    assert "toi-mat" not in said


def test_a_generated_secret_is_kept_and_closed_to_others(tmp_path):
    settings = Settings(environment=Environment.DEMO, data_dir=tmp_path)
    assert settings.secret("secret_key") == settings.secret("secret_key")
    assert (tmp_path / "secret_key.txt").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("first_to_need_it", ["the database", "a secret"])
def test_the_folder_of_the_data_is_closed_to_other_users_of_the_machine(first_to_need_it, tmp_path):
    settings = Settings(environment=Environment.DEMO, data_dir=tmp_path / "data")
    if first_to_need_it == "a secret":
        settings.secret("secret_key")
    create_app(settings)
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_the_embedded_database_is_a_safe_version_in_wal_with_durable_commits(tmp_path):
    app = create_app(Settings(environment=Environment.TEST, data_dir=tmp_path))
    with app.app_context(), db.engine.connect() as connection:
        ask = connection.exec_driver_sql
        version = tuple(int(part) for part in ask("SELECT sqlite_version()").scalar_one().split("."))
        assert version >= SAFE_SQLITE
        assert ask("PRAGMA journal_mode").scalar_one() == "wal"
        assert ask("PRAGMA synchronous").scalar_one() == 2
        assert ask("PRAGMA foreign_keys").scalar_one() == 1
    with app.app_context():
        db.engine.dispose()


def test_an_old_sqlite_is_refused_unless_the_operator_takes_the_risk(monkeypatch, tmp_path):
    monkeypatch.setattr("pysqlite3.dbapi2.sqlite_version_info", (3, 40, 1))
    with pytest.raises(SettingsError, match=r"3\.51\.3"):
        engine_options(Settings(data_dir=tmp_path))
    assert engine_options(Settings(data_dir=tmp_path, allow_old_sqlite=True))["module"]


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_database_url_picks_the_driver(url):
    assert Settings(DATABASE_URL=url).sqlalchemy_url() == "postgresql+psycopg://h/d"


@pytest.mark.parametrize("https", [True, False])
def test_what_browsers_heed_over_tls_alone_is_sent_over_tls_alone(https, tmp_path):
    """Over plain HTTP, as in a hall, a browser complains of the first on every page."""
    app = create_app(Settings(environment=Environment.TEST, data_dir=tmp_path, https=https))
    sent = app.test_client().get("/healthz").headers
    over_tls = {"Cross-Origin-Opener-Policy", "Strict-Transport-Security"}
    assert {name for name in over_tls if name in sent} == (over_tls if https else set())


@pytest.mark.parametrize(
    "url", ["mysql://u:geheim@host/name", "quiz", "postgresql://u:geheim@host:port/name"]
)
def test_an_address_of_no_known_database_is_refused_in_a_sentence(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert "DATABASE_URL: leave it empty, or write it as postgresql://" in str(refused.value)
    assert "geheim" not in str(refused.value)


def told(words, **settings):
    """What a command says that ends with an error."""
    app = create_app(Settings(environment=Environment.TEST, **settings))
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), done.exception
    return done.output


@pytest.mark.parametrize("words", [["db", "upgrade"], ["audit", "check"]])
def test_a_database_that_does_not_answer_is_a_sentence(words, tmp_path):
    said = told(words, data_dir=tmp_path, database_url="postgresql://u:geheim@127.0.0.1:1/name")
    assert "does not answer" in said and "DATABASE_URL" in said and "geheim" not in said


def test_a_command_before_the_first_migration_says_which_comes_first(tmp_path):
    words = ["people", "create-admin", "quantri", "--password", "mot cau dai de nho"]
    assert "run: flask --app app db upgrade" in told(words, data_dir=tmp_path)


def test_the_settings_are_shown_without_the_password_of_the_database(tmp_path):
    settings = Settings(
        environment=Environment.TEST, data_dir=tmp_path, database_url="postgresql://u:geheim@host/name"
    )
    shown = create_app(settings).test_cli_runner().invoke(args=["settings"]).output
    assert "DATABASE_URL=postgresql://u:***@host/name" in shown and "geheim" not in shown


def test_a_data_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="QUIZ_DATA_DIR"):
        create_app(Settings(environment=Environment.TEST, data_dir=tmp_path / "file" / "data"))


@pytest.mark.parametrize("port", ["taken", "99999"])
def test_a_port_nobody_can_listen_at_is_a_sentence_that_says_what_to_do(port, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        number = str(somebody.getsockname()[1]) if port == "taken" else port
        refused = subprocess.run(
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:app"],
            cwd=ROOT,
            env=os.environ | {"QUIZ_DATA_DIR": str(tmp_path), "PORT": number, "HOST": "127.0.0.1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert refused.returncode != 0
    said = refused.stdout + refused.stderr
    assert f"127.0.0.1:{number}" in said and "PORT=8001" in said
    assert "Traceback" not in said and "Connection in use" not in said
