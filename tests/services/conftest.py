"""What tests of services share."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from quiz.files import sealing
from tests.machines import Machines


@pytest.fixture
def machines(app: Flask, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    """A server on either database and a laptop on SQLite, whose files are sealed at the least cost of a guess."""
    monkeypatch.setattr(sealing, "MEMORY", 8)
    monkeypatch.setattr(sealing, "PASSES", 1)
    shutil.copy(sqlite_template / "quiz.db", tmp_path / "laptop.db")
    return Machines(app, f"sqlite:///{tmp_path / 'laptop.db'}")
