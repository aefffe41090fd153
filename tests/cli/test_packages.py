"""The commands that carry a round to a hall and back."""

import shutil

from sqlalchemy import func, select

from quiz import clock
from quiz.extensions import db
from quiz.models import Account, Attempt, Entry, Package
from quiz.services import attempts
from tests.conftest import point
from tests.factories import (
    HOUR,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_stage,
    make_unit,
    open_for_test,
)


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_export_load_collect_and_import_carry_a_sitting_there_and_back(sqlite_app, sqlite_template, tmp_path):
    runner, server = sqlite_app.test_cli_runner(), db.engine.url.render_as_string()
    commune = make_unit("Cò Nòi")
    contest_round = make_round(make_stage(make_contest(commune)), commune, opens_at=clock.now() - HOUR)
    make_entry(contest_round, make_person(make_cell(commune)))
    open_for_test(contest_round, [make_item() for _ in range(6)], at=clock.now() - 2 * HOUR)
    db.session.commit()
    sent, back = str(tmp_path / "goi.htbt"), str(tmp_path / "ket-qua.htbt")

    made = runner.invoke(args=["package", "export", str(contest_round.id), sent])
    assert made.exit_code == 0, made.output
    phrase = db.session.scalars(select(Package.phrase)).one()
    assert phrase in made.output

    db.session.remove()
    point(sqlite_app, f"sqlite:///{shutil.copy(sqlite_template / 'quiz.db', tmp_path / 'laptop.db')}")
    wrong = runner.invoke(args=["package", "load", sent, "--phrase", "AAAA"])
    assert (wrong.exit_code, count(Package)) == (1, 0)
    loaded = runner.invoke(args=["package", "load", sent, "--phrase", phrase])
    assert loaded.exit_code == 0, loaded.output
    entry = db.session.scalars(select(Entry)).one()
    attempts.submit(attempts.start(entry, clock.now(), "seed"), clock.now())
    db.session.commit()
    collected = runner.invoke(args=["package", "collect", str(entry.round_id), back])
    assert "1 attempts" in collected.output

    db.session.remove()
    point(sqlite_app, server)
    tried = runner.invoke(args=["package", "import", back, "--dry-run"])
    assert ("new 1" in tried.output, count(Attempt)) == (True, 0)
    done = runner.invoke(args=["package", "import", back])
    assert ("new 1" in done.output, count(Attempt)) == (True, 1)
    again = runner.invoke(args=["package", "import", back])
    assert (again.exit_code, count(Attempt)) == (0, 1)


def test_a_hall_s_laptop_gets_one_administrator_once(sqlite_app):
    runner = sqlite_app.test_cli_runner()
    typed = "mot cau that dai\nmot cau that dai\n"
    assert runner.invoke(args=["package", "prepare"], input=typed).exit_code == 0
    assert runner.invoke(args=["package", "prepare"]).exit_code == 0
    assert db.session.scalars(select(Account.username)).all() == ["quantri"]
