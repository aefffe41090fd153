"""The authorisation matrix, made from the route map: every page × every role × own and somebody else's things.

Each route carries one rule (web/guards.py). A route without a rule, or with a parameter this file cannot fill, fails.
Who is turned away is asked at every `make test`; what those who may come in get, at every `make long`.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from werkzeug.routing import Rule

from quiz import clock
from quiz.core.api_scopes import ApiScope, grants_of
from quiz.core.permissions import Permission, Role, permits
from quiz.extensions import db
from quiz.web import access
from tests.conftest import OF_THIS_SESSION, form_token, make_app, point
from tests.world import BACKUP, World, build

STAFF = [role.value for role in Role if role is not Role.CONTESTANT]
CONTESTANTS = ["contestant_own", "contestant_other"]
ROLES = ["anonymous", *STAFF, *CONTESTANTS]
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}

# Rules that say who may come in at all, beside the permissions.
OPEN_TO = {
    "public": set(ROLES),
    "staff": set(STAFF),
    "candidate": set(CONTESTANTS),
    "signed_in": {*STAFF, *CONTESTANTS},
}
# Parameters that name nothing of one unit: whoever holds the permission may name any of them.
SCOPELESS = {"item_id", "upload_id", "bank_id", "document_id", "backup_name"}
# Parameters that mean a narrower thing than their name says, and addresses that need a query to make sense.
KINDS = {
    ("entries.absence", "unit_id"): "cell_id",
    ("contests.part_judging", "stage_id"): "judged_stage_id",
}
QUERY = {"units.new": {"parent": "unit_id"}, "grants.new": {"entry": "entry_id"}}
# A contestant's own things, guarded by the person and not by a unit.
PERSONAL = {"attempt_id"}


@dataclass(frozen=True)
class Route:
    """One endpoint with one method, as the application registers it."""

    endpoint: str
    method: str
    rule: Rule
    access_rule: str

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def _routes() -> list[Route]:
    app = make_app(Path(tempfile.mkdtemp(prefix="quiz-routes-")))
    return [
        Route(rule.endpoint, method, rule, app.view_functions[rule.endpoint].access_rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted(rule.methods & METHODS)
    ]


ROUTES = _routes()
READ_BY_TOKEN = [route for route in ROUTES if route.access_rule.startswith("token:")]


@dataclass
class Scene:
    """A filled database that can be copied, and the application, which is pointed at a copy."""

    folder: Path
    world: World
    application: Flask

    def app_for_the_refused(self) -> Flask:
        """Return the application on the database itself: who is turned away changes nothing in it."""
        with self.application.app_context():
            db.engine.dispose()
        point(self.application, f"sqlite:///{self.folder / 'quiz.db'}")
        return self.application

    def app(self, folder: Path) -> Flask:
        """Return the application on a fresh copy; building another one would take longer than asking it."""
        folder.mkdir(exist_ok=True)
        for old in folder.glob("quiz.db*"):
            old.unlink()
        shutil.copy(self.folder / "quiz.db", folder / "quiz.db")
        kept = self.folder / "backups"
        shutil.copy(kept / f"{BACKUP}.kept", kept / BACKUP)  # a request before may have removed it
        with self.application.app_context():
            db.engine.dispose()
        point(self.application, f"sqlite:///{folder / 'quiz.db'}")
        return self.application

    def client(self, app: Flask, role: str) -> Any:
        """Return a browser signed in as `role`."""
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["csrf_token"] = OF_THIS_SESSION
            if role != "anonymous":
                cookie["_user_id"] = self.world.sessions[role]
                cookie["_fresh"] = True
        return client

    def ask(self, app: Flask, route: Route, role: str, side: str, **query: str) -> Any:
        """Send the request as `role`, naming the things of `side`; forms are empty but for their tokens.

        `query` stands behind the address besides what the page cannot do without.
        """
        client = self.client(app, role)
        values = {name: self.value(name, side, role, route) for name in route.rule.arguments}
        adapter = app.url_map.bind("localhost")
        values |= {
            name: self.value(of, side, role, route) for name, of in QUERY.get(route.endpoint, {}).items()
        }
        url = adapter.build(route.endpoint, values | query, method=route.method)
        data = {} if route.method == "GET" else {"csrf_token": form_token(app, OF_THIS_SESSION)}
        headers = {}
        if role != "anonymous":
            with app.app_context():
                headers["X-CSRF-Token"] = access.save_token(self.world.sessions[role])
        return client.open(url, method=route.method, data=data or None, headers=headers, buffered=True)

    def value(self, name: str, side: str, role: str, route: Route) -> Any:
        """Return the value of a URL parameter; fails for one this file does not know."""
        side_values = self.world.own if side == "own" else self.world.other
        if name == "upload_id":
            return self.world.uploads.get((role, route.endpoint.split(".")[0]), 1)
        if name == "job_id" and side == "own":
            return self.world.jobs.get(role, 1)  # of whoever looks
        name = KINDS.get((route.endpoint, name), name)
        assert name in side_values, f"tests/world.py has no value for the URL parameter {name}"
        return side_values[name]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The world, built once."""
    folder = tmp_path_factory.mktemp("world")
    app = make_app(folder)
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        db.session.remove()
    world = build(app, clock.now())
    with app.app_context():
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    yield Scene(folder, world, app)


def enters(route: Route, role: str) -> bool:
    """Tell whether the page's rule lets this role in at all."""
    if route.access_rule in OPEN_TO:
        return role in OPEN_TO[route.access_rule]
    if route in READ_BY_TOKEN:  # no sign-in opens these
        return False
    return role in STAFF and permits(Role(role), Permission(route.access_rule))


def reaches(route: Route, role: str, side: str) -> bool:
    """Tell whether this role may reach the thing of `side` that the address names."""
    named = set(route.rule.arguments) - SCOPELESS
    if side == "own" and role != "contestant_other":
        return True
    if route.access_rule == "public" or not named:
        return True
    if named & PERSONAL or role in CONTESTANTS:
        return (side, role) in {("own", "contestant_own"), ("other", "contestant_other")}
    return role == "system_admin"


def refused(answer: Any) -> bool:
    """Tell whether the answer turns the person away: 403, or the way to a sign-in page."""
    to_sign_in = answer.status_code == 302 and answer.location.split("?")[0] in ("/sign-in", "/card")
    return answer.status_code in (401, 403) or to_sign_in


def test_every_view_has_exactly_one_rule_of_a_known_kind():
    app = make_app(Path(tempfile.mkdtemp(prefix="quiz-routes-")))
    assert access.missing_rules(app) == []
    known = {
        *OPEN_TO,
        *(str(permission) for permission in Permission),
        *(f"token:{scope}" for scope in ApiScope),
    }
    assert {route.access_rule for route in ROUTES} <= known


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_who_may_not_come_in_is_turned_away(scene, route):
    app = scene.app_for_the_refused()
    for role in ROLES:
        if not enters(route, role):
            assert refused(scene.ask(app, route, role, "own")), f"{role} came in"


@pytest.mark.parametrize("route", [route for route in ROUTES if route.rule.arguments], ids=str)
def test_somebody_elses_things_look_as_if_they_were_not_there(scene, route):
    app = scene.app_for_the_refused()
    for role in ROLES:
        for side in ("own", "other"):
            if enters(route, role) and not reaches(route, role, side):
                answer = scene.ask(app, route, role, side)
                assert answer.status_code == 404, f"{role} reached the {side} thing: {answer.status_code}"


@pytest.mark.long
def test_who_is_turned_away_changes_nothing(scene, tmp_path):
    app = scene.app(tmp_path / "data")
    before = _digest(app)
    for route in ROUTES:
        for role in ROLES:
            if not enters(route, role):
                scene.ask(app, route, role, "own")
    assert _digest(app) == before


@pytest.mark.long
@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_who_may_come_in_gets_an_answer(scene, tmp_path, route):
    app = scene.app(tmp_path / "data")
    for role in ROLES:
        if enters(route, role) and reaches(route, role, "own"):
            if route.method != "GET":
                app = scene.app(tmp_path / "data")  # the request before may have changed things
            answer = scene.ask(app, route, role, "own")
            assert not refused(answer) or route.endpoint in SIGN_IN_FLOW, f"{role}: {answer.status_code}"
            assert answer.status_code != 404 or route.endpoint in MAY_BE_EMPTY, f"{role}: 404"
            assert answer.status_code < 500, f"{role}: {answer.status_code}"


# Pages that lead to a sign-in page by design, and pages whose empty form names nobody.
SIGN_IN_FLOW = {"auth.sign_out"}
MAY_BE_EMPTY = {"accounts.link"}


@pytest.mark.long
@pytest.mark.parametrize("route", [route for route in ROUTES if route.method != "GET"], ids=str)
def test_a_form_without_this_sessions_token_is_refused(scene, tmp_path, route):
    app = scene.app(tmp_path / "data")
    role = next(role for role in (*STAFF, *CONTESTANTS) if enters(route, role))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = scene.world.sessions[role]
    values = {name: scene.value(name, "own", role, route) for name in route.rule.arguments}
    url = app.url_map.bind("localhost").build(route.endpoint, values, method=route.method)
    for data in ({}, {"csrf_token": "made up"}):
        assert client.open(url, method=route.method, data=data).status_code == 400


@pytest.mark.long
@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=str)
def test_every_answer_carries_the_security_headers(scene, tmp_path, route):
    app = scene.app(tmp_path / "data")
    for role in ("anonymous", "system_admin", "contestant_own"):
        answer = scene.ask(app, route, role, "own")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if not answer.location:  # one that only leads on has nothing in it
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "camera=()" in answer.headers["Permissions-Policy"]
        if role != "anonymous":
            assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.long
@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=str)
def test_looking_changes_nothing(scene, tmp_path, route):
    app = scene.app(tmp_path / "data")
    before = _digest(app)
    for role in ROLES:
        if enters(route, role):
            scene.ask(app, route, role, "own")
    assert _digest(app) == before


def _numbers_asked_for() -> set[str]:
    """Return the names behind "?" that pages read as numbers."""
    read = re.compile(r'(?:args\.get|page_number)\("(\w+)"[^)]*(?:type=int|\))')
    sources = Path(access.__file__).parent.glob("*.py")
    return {"page", *(name for source in sources for name in read.findall(source.read_text()))}


@pytest.mark.long
@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=str)
def test_a_number_beyond_every_list_and_every_database_is_answered(scene, tmp_path, route):
    app = scene.app(tmp_path / "data")
    role = next((role for role in ROLES if enters(route, role) and reaches(route, role, "own")), "anonymous")
    for name in sorted(_numbers_asked_for()):
        answer = scene.ask(app, route, role, "own", **{name: str(10**20)})
        assert answer.status_code < 500, f"{name} as {role}: {answer.status_code}"


def test_an_address_with_a_byte_that_no_text_has_is_refused(scene):
    app = scene.app_for_the_refused()
    for route in ROUTES:
        if route.method == "GET":
            assert scene.ask(app, route, "anonymous", "own", q="\0").status_code == 400, route


# --- other systems: the same matrix, by token ----------------------------------------------------------------------

PAGES = {  # the page behind whose rule the same things stand
    "api.units": "units.index", "api.unit": "units.show", "api.people": "people.index", "api.person": "people.show",
    "api.rounds": "contests.index", "api.round_": "rounds.show", "api.round_results": "results.edition",
}  # fmt: skip


def read(scene: Scene, app: Flask, route: Route, reader: str, side: str) -> Any:
    """Ask with the token of `reader` for the thing of `side`."""
    values = {name: scene.value(name, side, "", route) for name in route.rule.arguments}
    url = app.url_map.bind("localhost").build(route.endpoint, values)
    headers = {"Authorization": f"Bearer {scene.world.readers.get(reader, 'htbt_made-up')}"}
    return app.test_client().get(url, headers=headers)


@pytest.mark.parametrize("route", READ_BY_TOKEN, ids=str)
def test_a_token_reads_the_things_of_its_own_unit_and_no_other(scene, tmp_path, route):
    app = scene.app(tmp_path / "data")
    for reader in ("own", "other"):
        answer = read(scene, app, route, reader, reader)
        assert answer.status_code == 200 and answer.is_json
    if route.rule.arguments:
        assert read(scene, app, route, "own", "other").status_code == 404
        assert read(scene, app, route, "other", "own").status_code == 404
    else:
        mine, theirs = (
            {one["id"] for one in read(scene, app, route, reader, reader).json["items"]}
            for reader in ("own", "other")
        )
        assert mine and theirs and not mine & theirs


@pytest.mark.parametrize("route", READ_BY_TOKEN, ids=str)
@pytest.mark.parametrize(
    "reader, status", [("revoked", 401), ("run_out", 401), ("made_up", 401), ("scopeless", 403)]
)
def test_a_token_that_is_not_good_reads_nothing(scene, tmp_path, route, reader, status):
    answer = read(scene, scene.app(tmp_path / "data"), route, reader, "own")
    assert answer.status_code == status and set(answer.json) == {"error"}


@pytest.mark.parametrize("route", READ_BY_TOKEN, ids=str)
def test_what_a_token_is_let_in_as_could_open_the_page_too(route):
    page = next(one for one in ROUTES if one.endpoint == PAGES[route.endpoint] and one.method == "GET")
    scope = route.access_rule.removeprefix("token:")
    assert any(permits(role, Permission(page.access_rule)) for role, _ in grants_of([scope], "/1/"))


def _digest(app: Flask) -> dict[str, list[Any]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select())]
            for table in db.metadata.sorted_tables
        }
