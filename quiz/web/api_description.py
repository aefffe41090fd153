"""The HTTP API described once: for programs as OpenAPI 3.1, for people on a page."""

from dataclasses import dataclass
from typing import Any

from quiz.core.api_scopes import ApiScope
from quiz.core.errors import N_
from quiz.core.people import Position
from quiz.core.timing import Phase

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer"}
YES_NO: dict[str, Any] = {"type": "boolean"}
TIME: dict[str, Any] = {"type": "string", "format": "date-time", "description": "ISO 8601, UTC"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}


PAGE: dict[str, Any] = {
    "name": "page", "in": "query", "required": False, "schema": NUMBER | {"minimum": 1},
    "description": "From 1 on. A page behind the last has no items and no next; `next` leads through them all.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that can be asked; `answer` names the schema of what comes back, of each item in a list."""

    path: str
    scope: ApiScope
    summary: str
    answer: str
    is_list: bool


CALLS = (
    Call("/units", ApiScope.UNITS, N_("Các đơn vị, theo thứ tự của cây tổ chức"), "Unit", True),
    Call("/units/{unit_id}", ApiScope.UNITS, N_("Một đơn vị"), "Unit", False),
    Call("/people", ApiScope.PEOPLE, N_("Nhân sự: họ tên, chức vụ, chi bộ"), "Person", True),
    Call("/people/{person_id}", ApiScope.PEOPLE, N_("Một người"), "Person", False),
    Call("/rounds", ApiScope.ROUNDS, N_("Các vòng thi, mới nhất trước"), "Round", True),
    Call("/rounds/{round_id}", ApiScope.ROUNDS, N_("Một vòng thi"), "Round", False),
    Call("/rounds/{round_id}/results", ApiScope.RESULTS, N_("Bảng xếp hạng công bố gần nhất của một vòng thi"),
         "Result", True),
)  # fmt: skip


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema | {"type": [schema["type"], "null"]}


def _object(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _one(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: dict[str, Any] = {
    "Unit": _object(
        id=NUMBER, code=TEXT, name=TEXT, type=TEXT, title=TEXT, parent_id=_or_null(NUMBER), is_cell=YES_NO,
        valid_from=_or_null(DAY), valid_to=_or_null(DAY),
    ),
    "Person": _object(
        id=NUMBER, code=TEXT, full_name=TEXT, position=TEXT | {"enum": [one.value for one in Position]},
        unit_id=NUMBER, unit_code=TEXT, unit_title=TEXT,
    ),
    "Edition": _object(
        id=NUMBER, number=NUMBER, kind=TEXT | {"enum": ["provisional", "final"]}, published_at=TIME, results=NUMBER,
        sha256=TEXT, check_code=TEXT,
    ),
    "Round": _object(
        id=NUMBER, name=TEXT, contest=_object(code=TEXT, title=TEXT), stage=TEXT, unit_id=NUMBER, unit_title=TEXT,
        opens_at=_or_null(TIME), closes_at=_or_null(TIME), ended_at=_or_null(TIME),
        phase=TEXT | {"enum": [one.value for one in Phase]},
        entries=NUMBER, edition=_or_null(_one("Edition")),
    ),
    "Result": _object(
        position=NUMBER, rank=NUMBER, within=_or_null(TEXT), name=TEXT, cell=TEXT, unit=TEXT,
        points_hundredths=NUMBER, max_points_hundredths=NUMBER, parts={"type": "array", "items": _one("Part")},
    ),
    "Part": _object(
        name=TEXT, points_hundredths=NUMBER, max_points_hundredths=NUMBER, weight_percent=NUMBER,
    ),
    "Error": {"type": "object", "properties": {"error": TEXT}, "required": ["error"]},
}  # fmt: skip
ERRORS = {
    "401": "No token, or one that is unknown, revoked or run out",
    "403": "The token lacks the scope of this call",
    "404": "Not there, or not in the subtree of the token: both are answered alike",
    "429": "Too many requests; Retry-After says how many seconds to wait",
}


def document(server: str) -> dict[str, Any]:
    """Return the OpenAPI document of an installation served at `server`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hội thi Bí thư chi bộ giỏi",
            "version": "1",
            "description": "Units, people, rounds and published results of one subtree, read with a token."
            " Points are whole hundredths. Nothing can be changed here.",
        },
        "servers": [{"url": f"{server}/api/v1"}],
        "security": [{"token": []}],
        "paths": {call.path: {"get": _operation(call)} for call in CALLS},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(call: Call) -> dict[str, Any]:
    names = [part[1:-1] for part in call.path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": NUMBER} for name in names]
    if call.is_list:
        parameters.append(PAGE)
    answer = _listing(call) if call.is_list else _one(call.answer)
    return {
        "operationId": call.path.strip("/").replace("/", "_").replace("{", "").replace("}", ""),
        "summary": call.summary,
        "description": f"Scope of the token: {call.scope}",
        "parameters": parameters,
        "responses": {"200": _answer("What was asked for", answer)}
        | {code: _answer(words, _one("Error")) for code, words in ERRORS.items()},
    }


def _listing(call: Call) -> dict[str, Any]:
    items = {"type": "array", "items": _one(call.answer)}
    more = {"edition": _or_null(_one("Edition"))} if call.answer == "Result" else {}
    return _object(items=items, page=NUMBER, pages=NUMBER, total=NUMBER, next=_or_null(TEXT), **more)


def _answer(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}
