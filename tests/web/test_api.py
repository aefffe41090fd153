"""What other systems read: described in OpenAPI, a page at a time, with a token that its maker can take back."""

import re

import pytest
from sqlalchemy import select

from quiz import clock
from quiz.core.api_scopes import ApiScope
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import ApiToken, AuditEvent, Grant, ViewRecord
from quiz.services import api_tokens, open_data, results
from quiz.services.audit import Actor
from quiz.web import api, sightings
from tests.conftest import Browser
from tests.factories import make_account, make_cell, make_person, make_unit
from tests.services.test_archives import AFTER, held
from tests.web.test_attempts import at

SCOPES = list(ApiScope)


@pytest.fixture
def scene(sqlite_app):
    """A contest with an edition, and the organizer of its commune."""
    contest = held()
    make_account((Role.ORGANIZER, contest.unit), username="chair")
    db.session.commit()
    sightings.forget()
    api.pace = api.Pace()
    return sqlite_app, contest


def token_of(contest, scopes=SCOPES, days=30):
    """Return the text of a token over the contest's commune."""
    maker = make_account((Role.ORGANIZER, contest.unit))
    _, text = api_tokens.make("Cổng", contest.unit, scopes, days, Actor(maker.id), clock.now())
    db.session.commit()
    return text


def ask(app, path, token):
    """Return the JSON read at `path`."""
    answer = app.test_client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    db.session.rollback()
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def fits(schema, value, where="answer"):
    """Hold a value against the parts of JSON Schema that the description uses."""
    schemas = api.api_description.SCHEMAS
    if "$ref" in schema:
        return fits(schemas[schema["$ref"].rsplit("/", 1)[1]], value, where)
    if "anyOf" in schema:
        assert value is None or fits(schema["anyOf"][0], value, where) is None
        return None
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    names = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    assert any(type(value) is names[kind] for kind in kinds), f"{where}: {value!r} is no {kinds}"
    if value is not None and "enum" in schema:
        assert value in schema["enum"], where
    if isinstance(value, dict):
        assert set(value) == set(schema["properties"]), where
        for name, inner in schema["properties"].items():
            fits(inner, value[name], f"{where}.{name}")
    if isinstance(value, list):
        for one in value:
            fits(schema["items"], one, where)
    return None


def test_every_call_is_described_and_answers_as_described(scene):
    app, contest = scene
    token = token_of(contest)
    contest_round = contest.stages[0].rounds[0]
    person = db.session.scalars(select(api_tokens.Unit.id).where(api_tokens.Unit.is_cell)).first()
    values = {"unit_id": contest.unit_id, "round_id": contest_round.id, "person_id": _person_id(contest)}
    described = app.test_client().get("/api/v1/openapi.json").json
    assert person and described["openapi"].startswith("3.1")
    routes = {re.sub(r"<int:(\w+)>", r"{\1}", rule.rule)[7:] for rule in app.url_map.iter_rules()
              if app.view_functions[rule.endpoint].__dict__.get("access_rule", "").startswith("token:")}  # fmt: skip
    assert set(described["paths"]) == routes
    for path, operation in described["paths"].items():
        schema = operation["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        fits(schema, ask(app, path.format(**values), token), path)


def _person_id(contest):
    return contest.stages[0].rounds[0].entries[0].person_id


def test_results_are_those_published_and_nothing_before(scene):
    app, contest = scene
    token, contest_round = token_of(contest), contest.stages[0].rounds[0]
    read = ask(app, f"/rounds/{contest_round.id}/results", token)
    edition = results.latest(contest_round.id)
    assert read["edition"]["sha256"] == edition.sha256
    assert [line["name"] for line in read["items"]] == [line.name for line in results.all_of(edition)]
    assert "phone" not in str(read) and "birth" not in str(ask(app, "/people", token))


def test_a_round_that_was_ended_early_tells_its_planned_end_and_the_real_one(scene):
    app, contest = scene
    token, contest_round = token_of(contest), contest.stages[0].rounds[0]
    address, planned = f"/rounds/{contest_round.id}", open_data.time_of(contest_round.closes_at)
    assert contest_round.closed_at is None
    assert [ask(app, address, token)[name] for name in ("closes_at", "ended_at")] == [planned, planned]
    contest_round.closed_at = contest_round.opens_at + 600_000
    db.session.commit()
    early = open_data.time_of(contest_round.closed_at)
    assert [ask(app, address, token)[name] for name in ("closes_at", "ended_at")] == [planned, early]
    contest_round.closed_at = None
    contest_round.closes_at = clock.now() + 3_600_000
    db.session.commit()
    assert ask(app, address, token)["ended_at"] is None, "it is not over"


def test_lists_come_a_page_at_a_time_and_say_where_the_next_is(scene, monkeypatch):
    app, contest = scene
    monkeypatch.setattr(open_data, "PAGE", 2)
    token, seen, path = token_of(contest), [], "/people"
    while path:
        read = ask(app, path, token)
        seen += [one["id"] for one in read["items"]]
        path = read["next"] and read["next"].removeprefix("/api/v1")
    assert len(seen) == len(set(seen)) == read["total"] == 5


@pytest.mark.parametrize("path", ["/units", "/people", "/rounds", "/rounds/{round}/results"])
def test_a_page_behind_the_last_is_empty_and_leads_nowhere(scene, path):
    app, contest = scene
    path = path.format(round=contest.stages[0].rounds[0].id)
    first, behind = (ask(app, f"{path}?page={number}", token_of(contest)) for number in (1, 9))
    assert first["items"] and first["pages"] == 1
    assert behind == first | {"items": [], "page": 9, "next": None}


def test_errors_are_json_and_say_nothing_of_what_is_there(scene):
    app, contest = scene
    elsewhere = make_person(make_cell(make_unit("Thuận Châu")))
    token = token_of(contest, [ApiScope.PEOPLE])
    client = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    missing = client.get("/api/v1/people/999999", headers=headers)
    others = client.get(f"/api/v1/people/{elsewhere.id}", headers=headers)
    assert (
        (missing.status_code, missing.json)
        == (others.status_code, others.json)
        == (404, {"error": "Not Found"})
    )
    assert client.get("/api/v1/units", headers=headers).json == {"error": "scope_missing"}
    assert client.get("/api/v1/units").json == {"error": "unauthorized"}
    assert client.post("/api/v1/units", headers=headers).json["error"]


def test_a_sign_in_by_cookie_opens_nothing(scene):
    app, _ = scene
    assert Browser(app).sign_in("chair").get("/api/v1/units").status_code == 401


def test_too_many_requests_are_told_how_long_to_wait(scene, monkeypatch):
    app, contest = scene
    monkeypatch.setattr(api, "MOST", 3)
    token = token_of(contest)
    for _ in range(3):
        ask(app, "/units", token)
    answer = app.test_client().get("/api/v1/units", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 429 and 1 <= int(answer.headers["Retry-After"]) <= 61


def test_an_organizer_makes_a_token_sees_it_once_and_takes_it_back(scene):
    app, contest = scene
    browser = Browser(app).sign_in("chair")
    form = {
        "name": "Cổng Tỉnh ủy",
        "unit_code": contest.unit.code,
        "scopes": ["units", "results"],
        "days": "30",
    }
    page = browser.post("/desk/tokens", form).get_data(as_text=True)
    text = re.search(r"htbt_[\w-]+", page)[0]
    assert text not in browser.get("/desk/tokens").get_data(as_text=True)
    assert ask(app, "/units", text)["total"] > 0
    token = db.session.scalars(select(ApiToken)).one()
    key = token.id
    assert text not in token.token_hash and token.last_used_at is None
    assert "Chưa dùng" not in browser.get("/desk/tokens").get_data(as_text=True), (
        "though nothing is written yet"
    )
    db.session.rollback()
    assert sightings.write(app) == 0
    assert token.last_used_at is not None
    browser.post(f"/desk/tokens/{key}/revoke")
    assert (
        app.test_client().get("/api/v1/units", headers={"Authorization": f"Bearer {text}"}).status_code == 401
    )
    acts = set(db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("api_token%"))))
    assert acts == {"api_token.make", "api_token.revoke"}


@pytest.mark.parametrize("change", [{"unit_code": ""}, {"days": "401"}, {"scopes": []}, {"name": ""}])
def test_a_token_without_unit_end_or_purpose_is_not_made(scene, change):
    app, contest = scene
    form = {"name": "X", "unit_code": contest.unit.code, "scopes": ["units"], "days": "30"} | change
    Browser(app).sign_in("chair").post("/desk/tokens", form)
    db.session.rollback()
    assert db.session.scalars(select(ApiToken)).all() == []


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("0", "Số phải từ 1 đến 400."),
        ("401", "Số phải từ 1 đến 400."),
        ("nửa năm", "Hãy nhập một số nguyên."),
        ("", "Chưa điền mục này."),
    ],
)
def test_days_of_a_token_that_do_not_fit_are_told_for_what_they_are(scene, days, words):
    app, contest = scene
    form = {"name": "X", "unit_code": contest.unit.code, "scopes": ["units"], "days": days}
    page = Browser(app).sign_in("chair").post("/desk/tokens", form).get_data(as_text=True)
    assert words in page
    assert ("Chưa điền mục này" in page) is (days == "")


def test_a_token_is_made_for_nobody_elses_unit(scene):
    app, _ = scene
    other = make_unit("Thuận Châu", type_label="huyện")
    db.session.commit()
    form = {"name": "X", "unit_code": other.code, "scopes": ["units"], "days": "30"}
    Browser(app).sign_in("chair").post("/desk/tokens", form)
    assert db.session.scalars(select(ApiToken)).all() == []


@pytest.mark.parametrize("loss", ["role", "account"])
def test_a_token_is_good_no_longer_than_its_maker_manages_the_unit(scene, loss):
    app, contest = scene
    token = token_of(contest)
    maker = db.session.scalars(select(ApiToken)).one().created_by
    if loss == "role":
        for grant in db.session.scalars(select(Grant).where(Grant.account_id == maker.id)):
            grant.revoked_at = clock.now()
    else:
        maker.disabled_at = clock.now()
    db.session.commit()
    answer = app.test_client().get("/api/v1/units", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_people_read_by_another_system_are_on_record(scene):
    app, contest = scene
    ask(app, "/people", token_of(contest))
    with at(AFTER):
        assert sightings.write(app) == 1
    seen = db.session.scalars(select(ViewRecord)).one()
    assert (seen.page, seen.target, seen.account_id) == ("api.people", "people:0", None)
    assert seen.path == contest.unit.path
