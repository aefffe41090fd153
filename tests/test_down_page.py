"""The page the proxy shows while the server is down: it says what is safe, and needs nothing from the server."""

import re

from quiz.settings import ROOT

PAGE = (ROOT / "static" / "down.html").read_text(encoding="utf-8")


def test_the_page_needs_nothing_but_itself():
    assert not re.search(r"(src|href|action)=|url\(|@import|http-equiv|<script|<form", PAGE)


def test_the_page_says_of_what_is_safe_just_what_the_error_pages_say():
    safe = (ROOT / "templates" / "errors" / "safe.html").read_text(encoding="utf-8")
    always = safe.partition("{% if")[0]  # a proxy does not know whether a form was sent
    sentences = re.findall(r'_\("([^"]+)"\)', always)
    assert len(sentences) == 2
    for sentence in sentences:
        assert f">{sentence}</p>" in PAGE


def test_the_manual_shows_how_the_proxy_serves_it_and_keeps_its_status():
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "error_page 502 504 /down.html;" in manual, "with =200 a phone would take the page for an answer"
