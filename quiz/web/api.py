"""Reading by other systems: JSON under /api/v1, with a token in the Authorization header and never by a cookie.

What a token may see is decided by the same loaders and the same table of roles as the pages.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for

from quiz import clock
from quiz.core.api_scopes import ApiScope
from quiz.core.permissions import Permission
from quiz.database import reading
from quiz.services import api_tokens, open_data, results
from quiz.services.open_data import Listing
from quiz.web import access, api_description, sightings
from quiz.web.paging import page_number

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
View = TypeVar("View", bound=Callable[..., Any])
P = Permission
A_MINUTE = 60_000  # ms
MOST = 120  # requests a minute with one token, in each process of the server


class Pace:
    """How often each token asked in the last minute, in this process."""

    def __init__(self) -> None:
        self._asked: dict[int, deque[int]] = defaultdict(deque)
        self._one_at_a_time = threading.Lock()

    def wait_for(self, token_id: int, now: int) -> int:
        """Count a request and return 0, or return the seconds to wait when there were too many."""
        with self._one_at_a_time:
            asked = self._asked[token_id]
            while asked and asked[0] <= now - A_MINUTE:
                asked.popleft()
            if len(asked) >= MOST:
                return (asked[0] + A_MINUTE - now) // 1000 + 1
            asked.append(now)
            return 0


pace = Pace()


def reads(scope: ApiScope) -> Callable[[View], View]:
    """Mark a view for tokens with that scope; whoever reads stands for the signed-in person afterwards."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            with reading():
                reader = api_tokens.reader_of(_token(), clock.now())
            if reader is None:
                return _refusal("unauthorized", 401, {"WWW-Authenticate": "Bearer"})
            if scope not in reader.scopes:
                return _refusal("scope_missing", 403, {})
            if wait := pace.wait_for(reader.token_id, clock.now()):
                return _refusal("too_many_requests", 429, {"Retry-After": str(wait)})
            g.principal, g.api_token_id = reader.principal, reader.token_id
            sightings.note_token(reader.token_id, clock.now())
            answer: Response = view(*args, **kwargs)
            answer.headers["Cache-Control"] = "no-store"
            return answer

        guarded.access_rule = f"token:{scope}"  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _token() -> str:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""


def _refusal(code: str, status: int, headers: dict[str, str]) -> Any:
    return jsonify(error=code), status, headers | {"Cache-Control": "no-store"}


def _listed(found: Listing, **values: Any) -> Response:
    following = None
    if found.page < found.pages:
        arguments = (request.view_args or {}) | {"page": found.page + 1}
        following = url_for(request.endpoint or "", **arguments)
    return jsonify(
        items=found.items, page=found.page, pages=found.pages, total=found.total, next=following, **values
    )


def _paths(permission: Permission) -> list[str]:
    return access.signed_in().paths_for(permission)


@blueprint.get("/units")
@reads(ApiScope.UNITS)
def units() -> Response:
    """The units of the token's subtree."""
    return _listed(open_data.units(_paths(P.UNIT_VIEW), page_number()))


@blueprint.get("/units/<int:unit_id>")
@reads(ApiScope.UNITS)
def unit(unit_id: int) -> Response:
    """One unit."""
    return jsonify(open_data.unit_of(access.unit_for(P.UNIT_VIEW, unit_id)))


@blueprint.get("/people")
@reads(ApiScope.PEOPLE)
def people() -> Response:
    """The people of the token's subtree: name, post and cell, nothing else."""
    return _listed(open_data.people(_paths(P.PEOPLE_VIEW), page_number()))


@blueprint.get("/people/<int:person_id>")
@reads(ApiScope.PEOPLE)
def person(person_id: int) -> Response:
    """One person."""
    return jsonify(open_data.person_of(access.person_for(P.PEOPLE_VIEW, person_id)))


@blueprint.get("/rounds")
@reads(ApiScope.ROUNDS)
def rounds() -> Response:
    """The rounds held in the token's subtree."""
    return _listed(open_data.rounds(_paths(P.CONTEST_VIEW), page_number(), clock.now()))


@blueprint.get("/rounds/<int:round_id>")
@reads(ApiScope.ROUNDS)
def round_(round_id: int) -> Response:
    """One round."""
    return jsonify(open_data.round_with_counts(access.round_for(P.CONTEST_VIEW, round_id), clock.now()))


@blueprint.get("/rounds/<int:round_id>/results")
@reads(ApiScope.RESULTS)
def round_results(round_id: int) -> Response:
    """The newest published ranking of a round; nothing that is not published."""
    contest_round = access.round_for(P.RESULT_VIEW, round_id)
    edition = results.latest(contest_round.id)
    return _listed(open_data.results(edition, page_number()), edition=open_data.edition_of(edition))


@blueprint.get("/openapi.json")
@access.public
def description() -> Response:
    """What can be asked and what is answered, in OpenAPI 3.1."""
    return jsonify(api_description.document(request.host_url.rstrip("/")))


@blueprint.get("/")
@access.public
def guide() -> Any:
    """The same for people."""
    return render_template("api/guide.html", calls=api_description.CALLS, most=MOST)
