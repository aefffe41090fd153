"""Print the address of every page of a running demo, and the cookies of each role: the demo's own things, and
beside them, for what the demo lacks, those of tests/world.py.  (python -m tests.journeys.addresses, on its data)"""

import json
from dataclasses import fields
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import app
from quiz import clock
from quiz.core.paper_entry import Keyed
from quiz.core.sittings import Sitting, SittingLine
from quiz.extensions import db
from quiz.files.packages import write_sitting
from quiz.models import Edition, Entry, Package, Performance, Round, Upload
from quiz.services import notices, paper_entry, printed_papers
from quiz.services.audit import Actor
from tests.factories import make_account
from tests.test_access import KINDS, QUERY
from tests.world import World, build

# Things of the small world: the demo has none of them, or none of this account's.
FROM_WORLD = {
    "hall_id",
    "time_grant_id",
    "signal_id",
    "paper_id",
    "absence_id",
    "upload_id",
    "token",
    "code",
    "incident_id",
    "essay_id",
    "screen",
    "reserve_id",
    "number",
    "place",
}
TYPED = {"bulk.confirm": {"act": "set_topic", "all": "1"}}  # what a form before the page would have sent
ENDED = {
    "declines",
    "awards",
    "item_analysis",
    "pictures",
    "results",
    "promotion",
    "late",
    "signals",
}  # pages that make sense once a round is over

BEFORE_JUDGES = {
    "appeals.stage",
    "essays",
    "judge_statistics",
    "judging",
    "lots",
    "panels",
    "stage",
}  # pages of a round on the stage


def of_round(found: Round) -> dict[str, Any]:
    """Return the values of URL parameters for the things of a round."""
    entry = db.session.scalars(select(Entry).where(Entry.round_id == found.id)).first()
    assert entry is not None
    return {
        "round_id": found.id,
        "stage_id": found.stage_id,
        "contest_id": found.stage.contest_id,
        "unit_id": found.unit_id,
        "cell_id": entry.person.unit_id,
        "person_id": entry.person_id,
        "entry_id": entry.id,
    }


def papers_of(found: Round, now: int) -> dict[str, int]:
    """Return two printed papers of a round: one to key, and one that two people keyed differently, to settle."""
    entries = db.session.scalars(select(Entry).where(Entry.round_id == found.id).limit(2)).all()
    made = [
        printed_papers.issue(entry, Actor(make_account().id), now, f"seed {entry.id}") for entry in entries
    ]
    for place in "01":
        paper_entry.key(made[1], Keyed((place,) * 30), Actor(make_account().id), now)
    return {"paper_entry.key": made[0].id, "paper_entry.settle": made[1].id}


def bring_back(found: Round, upload_id: int, now: int) -> None:
    """Put a file that came back from a hall in place of an upload, to be looked at before it is taken in."""
    package = Package(uuid="e" * 32, round=found, secret="5e" * 32, made_at=now)
    db.session.add(package)
    head = SittingLine(package.uuid, now, now, now + 1, None, unsigned=2)
    others = {field.name: () for field in fields(Sitting) if field.name != "head"}
    data = write_sitting(Sitting(head, **others), package.secret)
    db.session.get_one(Upload, upload_id).data = data


def addresses(site: Flask, world: World) -> dict[str, str]:
    """Return the address of every page by its endpoint."""
    now = clock.now()
    edition = db.session.scalars(select(Edition).order_by(Edition.id)).first()
    running, *_, another = db.session.scalars(
        select(Round).where(Round.opens_at <= now, Round.closes_at > now)
    ).all()
    assert edition is not None
    ranked = min(edition.results, key=lambda line: line.position)
    over = of_round(edition.round) | {"edition_id": edition.id, "entry_id": ranked.entry_id}
    notices.write(running, "Hội trường", "đồng chí Hà", Actor(make_account().id), now)
    papers = papers_of(another, now)
    bring_back(running, world.uploads["system_admin", "packages"], now)
    staged = db.session.get_one(Performance, world.own["performance_id"]).round
    found, adapter = {}, site.url_map.bind("localhost")
    for rule in site.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            kind = rule.endpoint.split(".")[0]
            values = world.own | {"upload_id": world.uploads.get(("system_admin", kind), 1)}
            if not FROM_WORLD & rule.arguments:
                on_stage = {kind, rule.endpoint} & BEFORE_JUDGES
                values |= over if kind in ENDED else of_round(staged if on_stage else running)
            if rule.endpoint in papers:
                values["paper_id"] = papers[rule.endpoint]
            names = {name: KINDS.get((rule.endpoint, name), name) for name in rule.arguments}
            names |= QUERY.get(rule.endpoint, {})
            named = {name: values[of] for name, of in names.items()} | TYPED.get(rule.endpoint, {})
            found[rule.endpoint] = adapter.build(rule.endpoint, named)
    db.session.commit()
    return found


if __name__ == "__main__":
    small = build(app, clock.now())
    seal = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    signed = {role: seal.dumps({"_user_id": key, "_fresh": True}) for role, key in small.sessions.items()}
    with app.app_context():
        told = {"urls": addresses(app, small), "cookies": signed, "name": app.config["SESSION_COOKIE_NAME"]}
    print(json.dumps(told))
