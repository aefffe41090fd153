"""What tests of services share."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests.machines import Machines


@pytest.fixture
def machines(app: Flask, sqlite_template: Path, tmp_path: Path) -> Machines:
    """A server on either database and a laptop on SQLite."""
    shutil.copy(sqlite_template / "quiz.db", tmp_path / "laptop.db")
    return Machines(app, f"sqlite:///{tmp_path / 'laptop.db'}")
