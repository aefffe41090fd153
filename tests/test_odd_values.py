"""Every form of every page is sent what nobody should send: it is refused in words or taken, and nothing crashes.

The forms are read from the pages, so that one made tomorrow is asked too.
"""

from typing import Any

import pytest

from drill.markup import Node, parse
from tests.test_access import ROLES, ROUTES, enters, reaches, scene  # noqa: F401 the filled database

ODD = [
    "", "0", "-1", "9" * 25, "1e400", "NaN", "²", "٣", "1,5", "a\0b", "\u202e", "<b>", "=1+1", "x" * 5000,
    "0001-01-01", "9999-12-31", "9999-12-31T23:59", "31/12/9999 23:59",
]  # fmt: skip
PAGES = [route for route in ROUTES if route.method == "GET"]


def named(form: Node) -> list[Node]:
    """Return what a form sends by a name, files aside."""
    every = [node for tag in ("input", "select", "textarea", "button") for node in form.find(tag)]
    return [node for node in every if node.attrs.get("name") and node.attrs.get("type") != "file"]


def filled(form: Node, value: str) -> dict[str, str]:
    """Return what a form sends with `value` in everything but its token."""
    kept = {node.attrs["name"]: node.attrs.get("value", "") for node in named(form)}
    return {name: own if name.endswith("csrf_token") else value for name, own in kept.items()}


@pytest.mark.long
@pytest.mark.parametrize("route", PAGES, ids=str)
def test_odd_values_in_any_form_are_answered(scene, tmp_path, route):  # noqa: F811
    app, sent = scene.app(tmp_path / "data"), set()
    for role in ROLES:
        if not (enters(route, role) and reaches(route, role, "own")):
            continue
        for to, form in forms_of(scene.ask(app, route, role, "own")):
            for value in ODD:
                given = filled(form, value)
                if (to, value, *given) not in sent:  # one that an earlier role was shown too is asked once
                    sent.add((to, value, *given))
                    answer = scene.client(app, role).post(to, data=given)
                    assert answer.status_code < 500, (
                        f"{to} as {role} with {value[:30]!r}: {answer.status_code}"
                    )


def forms_of(shown: Any) -> list[tuple[str, Node]]:
    """Return the forms of a page that change something, each with the address it is sent to.

    Not that of the signing out on every page: what is sent after it would only be turned away.
    """
    found = parse(shown.text).find("form") if shown.mimetype == "text/html" else []
    return [
        (form.attrs.get("action") or shown.request.full_path, form)
        for form in found
        if form.attrs.get("method", "").lower() == "post" and form.attrs.get("action") != "/sign-out"
    ]
