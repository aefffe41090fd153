"""A backup of a round whose final results were corrected: at no moment may two of them replace nothing."""

import pytest
from sqlalchemy import func, select

from quiz.core.archives import digest_of
from quiz.extensions import db
from quiz.files import archives
from quiz.models import Edition
from quiz.services import backups, results, snapshots
from quiz.services.standings import standings_of
from tests.factories import NOW
from tests.sat_rounds import ENDED, KEY, Sat


def digests():
    """Return the SHA-256 of each table."""
    with snapshots.moment() as connection:
        return {table.name: digest_of(table) for table in backups.everything(connection)}


@pytest.mark.long
def test_a_final_edition_comes_back_with_the_one_it_corrects(app, tmp_path):
    scene = Sat()
    for name, right in (("An", 3), ("Bình", 2)):
        scene.sit(name, KEY, right=right)
    first = scene.publish(final=True)
    results.add_edition(
        scene.round, results.FINAL, "", standings_of(scene.round), scene.actor, ENDED, replaces=first
    )
    db.session.commit()
    before = digests()
    with snapshots.moment() as connection:
        head = backups.head(connection, "thử", "0", NOW)
        archives.write(tmp_path / "all.zip", head, backups.everything(connection))
    with archives.opened(tmp_path / "all.zip") as archive:
        archive.check()
        backups.restore(archive.manifest, archive.table)
    db.session.commit()
    assert digests() == before
    finals = select(func.count()).where(Edition.kind == results.FINAL, Edition.replaces_id.is_not(None))
    assert db.session.scalar(finals) == 1
