"""flask jobs: what it says where the database has no tables yet."""

from sqlalchemy import text

from quiz.extensions import db


def test_work_before_the_migrations_says_what_to_run(sqlite_app):
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE job RENAME TO job_elsewhere"))
    try:
        db.session.remove()
        result = sqlite_app.test_cli_runner().invoke(args=["jobs", "work"])
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE job_elsewhere RENAME TO job"))
    assert result.exit_code == 1
    assert "flask --app app db upgrade" in result.output and "Traceback" not in result.output
