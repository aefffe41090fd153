"""flask demo setup: what `make run` makes sure of before it serves."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import select

from quiz.extensions import db
from quiz.models import Contest
from quiz.settings import ROOT
from tests.conftest import make_app

SET_UP = [sys.executable, "-m", "flask", "--app", "app", "demo", "setup"]


@pytest.mark.long
def test_two_who_set_up_at_once_take_turns_and_the_second_finds_it_done(tmp_path):
    """Each migrated the same tables: one of two `make run` of a fresh clone ended with «duplicate column name»."""
    environment = os.environ | {
        "QUIZ_DATA_DIR": str(tmp_path),
        "QUIZ_ENVIRONMENT": "demo",
        "DATABASE_URL": "",
    }
    both = [
        subprocess.Popen(
            SET_UP, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    ]
    said = [one.communicate(timeout=300)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    with make_app(tmp_path).app_context():
        assert len(db.session.scalars(select(Contest.id).where(Contest.code == "MS-DEMO")).all()) == 1
        db.engine.dispose()
