"""The signed cookie: what was found good is remembered, and nothing else comes to be believed by it."""

import inspect
from itertools import chain

import pytest
from flask import Flask, flash, get_flashed_messages, session

from quiz.web import cookies
from quiz.web.cookies import CookieSessions


@pytest.fixture
def site():
    """A small site with our sessions: one page says what it finds, others change it."""
    app = Flask("site")
    app.secret_key = "of this test"
    app.session_interface = CookieSessions()
    app.add_url_rule("/", "shown", lambda: dict(session))
    app.add_url_rule("/told", "told", lambda: get_flashed_messages())
    app.add_url_rule("/set/<name>/<value>", "set", lambda name, value: session.update({name: value}) or "")
    app.add_url_rule("/flash", "flash", lambda: flash("Đã lưu.") or "")
    app.add_url_rule("/list", "list", lambda: session.update(several=["a"]) or "")
    app.add_url_rule("/add", "add", lambda: session["several"].append("b") or "")
    app.add_url_rule("/clear", "clear", lambda: session.clear() or "")
    return app


def sent(client, path, text):
    """Ask for a page with exactly this text of cookies."""
    return client.get(path, headers={"Cookie": text} if text else {})


def text_after(app, path, before=""):
    """Return the cookies a browser sends that came with `before` and asked for a page."""
    answer = sent(app.test_client(use_cookies=False), path, before)
    return answer.headers.get("Set-Cookie", before).partition(";")[0]


def shown(app, text):
    return sent(app.test_client(use_cookies=False), "/", text).json


def test_the_same_cookie_says_the_same_however_often_it_comes(site):
    text = text_after(site, "/set/who/an")
    assert [shown(site, text) for _ in range(3)] == [{"who": "an"}] * 3
    assert list(site.session_interface._known.values()) == [{"who": "an"}]


def test_a_cookie_that_differs_by_a_letter_says_nothing(site):
    text = text_after(site, "/set/who/an")
    assert shown(site, text) == {"who": "an"}
    for place in range(len("session="), len(text) - 1):  # of the last letter two bits are not read
        other = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert shown(site, other) == {}


def test_another_key_believes_nothing(site):
    text = text_after(site, "/set/who/an")
    other = Flask("other")
    other.secret_key = "of somebody else"
    other.session_interface = CookieSessions()
    other.add_url_rule("/", "shown", lambda: dict(session))
    assert shown(other, text) == {}


def test_what_one_answer_changes_is_not_seen_by_whoever_sends_the_old_cookie(site):
    text = text_after(site, "/set/who/an")
    assert shown(site, text) == {"who": "an"}
    assert shown(site, text_after(site, "/set/who/binh", text)) == {"who": "binh"}
    assert shown(site, text_after(site, "/clear", text)) == {}
    assert shown(site, text) == {"who": "an"}


def test_lists_are_never_shared_between_answers(site):
    text = text_after(site, "/list")
    for _ in range(3):
        text_after(site, "/add", text)
    assert shown(site, text) == {"several": ["a"]}


def test_a_notice_is_told_once(site):
    client = site.test_client()
    client.get("/flash")
    assert [client.get("/told").json for _ in range(2)] == [["Đã lưu."], []]


def test_an_answer_that_read_the_cookie_says_that_it_varies_with_it(site):
    text = text_after(site, "/set/who/an")
    answers = [sent(site.test_client(use_cookies=False), "/", text) for _ in range(2)]
    assert [answer.headers["Vary"] for answer in answers] == ["Cookie"] * 2
    assert not any("Set-Cookie" in answer.headers for answer in answers)


def test_the_memory_of_a_process_has_a_bound(site, monkeypatch):
    monkeypatch.setattr(cookies, "KEPT", 3)
    known = site.session_interface._known
    for number in range(10):
        text = text_after(site, f"/set/who/{number}")
        assert shown(site, text) == {"who": str(number)} and 1 <= len(known) <= 3
        assert shown(site, f"{text}; more={'x' * cookies.LONGEST}") == {"who": str(number)}
    assert all(len(text) <= cookies.LONGEST for text in known)


def test_no_view_and_no_hook_is_a_coroutine(sqlite_app):
    """So that Flask need not ask (quiz.application.House)."""
    app = sqlite_app
    hooks = chain(*(
        chain(*found.values())
        for found in (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    ), app.teardown_appcontext_funcs)  # fmt: skip
    asked = [*app.view_functions.values(), *hooks]
    assert len(asked) > 100 and not any(map(inspect.iscoroutinefunction, asked))


@pytest.mark.parametrize("path, is_short", [("/healthz", True), ("/card", False)])
def test_an_answer_is_made_smaller_where_it_gains(browser, path, is_short):
    answer = browser.client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and (len(answer.data) < 400) == is_short
    assert answer.headers.get("Content-Encoding") == (None if is_short else "gzip")
    assert ("Accept-Encoding" in answer.headers.get("Vary", "")) == (not is_short)
