"""How a probability is written: with the digits that count and a decimal comma, never with a power of ten."""

import pytest

from quiz.web.formatting import chance_text


@pytest.mark.parametrize(
    ("chance", "written"),
    [
        (0.25, "0,25"),
        (0.05, "0,050"),
        (2.1e-5, "0,000021"),
        (1.0, "1,00"),
        (0.0, "0,00"),
        (3e-14, "0,000000000000"),
    ],
)
def test_a_chance_shows_two_digits_that_count(sqlite_app, chance, written):
    with sqlite_app.test_request_context():
        assert chance_text(chance) == written
