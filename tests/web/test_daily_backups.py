"""One backup a day while the product is served, none over and over, the oldest gone."""

import pytest

from quiz import clock
from quiz.extensions import db
from quiz.files import archives
from quiz.files import backups as folder
from quiz.web import daily_backups
from tests.factories import make_unit
from tests.web.test_attempts import at

MORNING = 1_700_007_200_000  # 07:13 on 15 November 2023 in Vietnam


@pytest.fixture
def kept(sqlite_app):
    """The folder of backups, empty at the beginning and at the end."""
    path = folder.folder_in(sqlite_app.config["SETTINGS"].data_dir)
    path.mkdir(parents=True, exist_ok=True)
    clear(path)
    yield path
    clear(path)


def clear(path):
    for left in path.iterdir():
        left.unlink()


def finish():
    """Wait for the process that was begun, and return how it ended."""
    (process,) = daily_backups._under_way
    return process.wait(300)


@pytest.mark.long
def test_the_first_worker_to_look_makes_it_and_no_other_does(sqlite_app, kept):
    make_unit()
    db.session.commit()
    with at(MORNING):
        assert daily_backups.make_if_due(sqlite_app)
        assert not daily_backups.make_if_due(sqlite_app)
    assert finish() == 0
    (path,) = kept.glob(f"*{folder.DAILY}.zip")
    with archives.opened(path) as archive:
        archive.check()
        assert archive.manifest.count("unit") == 1


@pytest.mark.parametrize("when", [MORNING - 7 * 3_600_000, None])
def test_nothing_is_begun_at_midnight_or_while_nothing_is_kept(sqlite_app, kept, when):
    if when is not None:
        make_unit()
        db.session.commit()
    with at(when or MORNING):
        assert not daily_backups.make_if_due(sqlite_app)
    assert not list(kept.glob("*.zip"))


def test_only_daily_ones_grow_too_old():
    names = [
        folder.name_for(clock.local(MORNING + day * 86_400_000), daily=day % 2 == 0) for day in range(10)
    ]
    old = folder.too_old(names, keep=2)
    assert len(old) == 3 and all(folder.DAILY in name for name in old)
    assert max(old) < min(name for name in names if folder.DAILY in name and name not in old)
