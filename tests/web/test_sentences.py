"""Counts in sentences are grouped as the reader's language does it; what names one thing is written as it is."""

import pytest
from flask import render_template_string, session
from flask_babel import gettext, ngettext

from quiz.web.formatting import message_text

COUNTED = "%(done)d trên %(total)d vòng"


@pytest.mark.parametrize(
    ("language", "people", "said"),
    [
        ("vi", "10.000 người", "22 trên 10.000 vòng"),
        ("en", "10,000 people", "Rounds: 22 of 10,000"),
    ],
)
def test_thousands_are_grouped_wherever_a_sentence_counts(sqlite_app, language, people, said):
    values = {"done": 22, "total": 10_000}
    shown = "{{ ngettext('%(num)d người', '%(num)d người', 10000) }}|{{ _(counted, **values) }}"
    with sqlite_app.test_request_context():
        session["language"] = language
        assert ngettext("%(num)d người", "%(num)d người", 10_000) == people
        assert gettext(COUNTED, **values) == message_text(COUNTED, values) == said
        assert render_template_string(shown, counted=COUNTED, values=values) == f"{people}|{said}"


def test_a_number_that_names_one_thing_and_small_counts_stay_as_they_are(sqlite_app):
    with sqlite_app.test_request_context():
        assert gettext("Số %(number)d", number=12_034) == "Số 12034"
        assert message_text("Dòng %(row)d", {"row": 1_234}) == "Dòng 1234"
        assert ngettext("%(num)d người", "%(num)d người", 999) == "999 người"


def test_values_of_a_sentence_are_still_escaped_and_signs_of_percent_kept(sqlite_app):
    shown = "{{ _('%(count)d %% của %(name)s', count=2000, name='<b>') }}"
    with sqlite_app.test_request_context():
        assert render_template_string(shown) == "2.000 % của &lt;b&gt;"
