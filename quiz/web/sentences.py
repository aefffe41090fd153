"""Sentences of the catalogue with their values filled in, on pages and in code alike: large counts are grouped."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import Babel, Domain, format_decimal, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

_COUNT = re.compile(r"%\((\w+)\)d")
NAMING = {"first", "last", "number", "rank", "row", "seal"}  # values that name one thing and count nothing


def filled(sentence: str, values: Mapping[str, Any]) -> str:
    """Return a sentence with its values; a count from a thousand on is written "10.000", in English "10,000"."""
    large = {
        name: str(format_decimal(value))
        for name, value in values.items()
        if type(value) is int and abs(value) > 999 and name not in NAMING
    }
    if not large:
        return sentence % values
    worded = _COUNT.sub(lambda found: found[0][:-1] + "s" if found[1] in large else found[0], sentence)
    return type(sentence)(worded) % {**values, **large}


class Sentences(Domain):
    """The catalogue as code asks it."""

    def gettext(self, string: str, **variables: Any) -> str:
        """Return a sentence in the reader's language."""
        text = self.get_translations().ugettext(string)
        return filled(text, variables) if variables else text

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """Return a sentence about `num` things."""
        text = self.get_translations().ungettext(singular, plural, num)
        return filled(text, {"num": num} | variables)


@pass_context
def _gettext(context: Context, sentence: str, /, **values: Any) -> str:
    return filled(_escaped(context, get_translations().ugettext(sentence)), values)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, num: int, /, **values: Any) -> str:
    text = get_translations().ungettext(singular, plural, num)
    return filled(_escaped(context, text), {"num": num} | values)


def _escaped(context: Context, text: str) -> str:
    """Return a sentence to which what is filled in is escaped where the template is of a page."""
    is_page = context.eval_ctx.autoescape
    return Markup(text) if is_page else text  # noqa: S704  # the catalogue's own words, nobody else's


def init_app(app: Flask, babel: Babel) -> None:
    """Have sentences filled in here, in code and in templates."""
    babel.domain_instance = Sentences()
    app.jinja_env.globals.update(gettext=_gettext, ngettext=_ngettext)
