"""How numbers, points and instants are written for people: Vietnamese customs, decimal comma, Vietnam time."""

from datetime import date
from math import floor, log10
from typing import Any

from flask import Flask
from flask_babel import format_decimal, get_locale, gettext, ngettext
from markupsafe import Markup

from quiz import clock
from quiz.core.timing import Window
from quiz.files.word_lines import PARAGRAPH
from quiz.web.sentences import filled


def _pattern(vietnamese: str, english: str) -> str:
    return english if str(get_locale()) == "en" else vietnamese


def datetime_text(instant: int | None) -> str:
    """Return an instant (ms UTC) as "08:30 ngày 05/02/2023", or a dash."""
    if instant is None:
        return "–"
    return clock.local(instant).strftime(_pattern("%H:%M ngày %d/%m/%Y", "%H:%M on %d/%m/%Y"))


def time_text(instant: int | None) -> str:
    """Return the time of day of an instant with seconds, or a dash."""
    return "–" if instant is None else clock.local(instant).strftime("%H:%M:%S")


def date_text(day: date | int | None) -> str:
    """Return a date, or the date of an instant, as "05/02/2023", or a dash."""
    if day is None:
        return "–"
    return (clock.local(day) if isinstance(day, int) else day).strftime("%d/%m/%Y")


def window_text(window: Window | None) -> str:
    """Return the hours of a round as it really ended, "08:00–10:00 ngày 05/02/2023" within one day, or a dash."""
    if window is None:
        return "–"
    was_held = window.ends_at > window.opens_at  # one ended before its hour keeps the hours it was meant for
    end = window.ends_at if was_held else window.closes_at
    opens, ends = datetime_text(window.opens_at), datetime_text(end)
    if date_text(window.opens_at) == date_text(end):
        return f"{opens[:5]}–{ends}"
    return f"{opens} – {ends}"


def points_text(hundredths: int | None) -> str:
    """Return hundredths of a point as "27,50", or a dash."""
    return "–" if hundredths is None else str(format_decimal(hundredths / 100, format="#,##0.00"))


def number_text(number: int | None) -> str:
    """Return a whole number with its thousands grouped, or a dash."""
    return "–" if number is None else str(format_decimal(number))


def percent_text(part: int, whole: int) -> str:
    """Return part ÷ whole as "90,1 %" (rounded half up to one decimal), or a dash when there is no whole."""
    if not whole:
        return "–"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{format_decimal(tenths / 10, format='#,##0.0')} %"


def share_text(share: float) -> str:
    """Return a share between 0 and 1 as "29,7 %"."""
    return f"{decimal_text(100 * share, 1)} %"


def decimal_text(value: float, places: int) -> str:
    """Return a number with so many decimals, as "0,05"."""
    return str(format_decimal(value, format="#,##0." + "0" * places))


def chance_text(chance: float) -> str:
    """Return a probability with two digits that count and no power of ten, as "0,000021"."""
    places = 1 - floor(log10(chance)) if chance > 0 else 2
    return decimal_text(chance, max(2, min(places, 12)))


def duration_text(milliseconds: int | None) -> str:
    """Return a span as "18 phút 05 giây" or "10 giây", or a dash."""
    if milliseconds is None:
        return "–"
    minutes, seconds = divmod(milliseconds // 1000, 60)
    if not minutes:
        return str(ngettext("%(num)d giây", "%(num)d giây", seconds))
    return str(gettext("%(minutes)d phút %(seconds)02d giây", minutes=minutes, seconds=seconds))


def message_text(message: str, values: dict[str, Any] | None = None) -> str:
    """Return a catalogue sentence marked with N_ in the reader's language with its values filled in."""
    text = str(gettext(message))
    return filled(text, values) if values else text


def people_text(count: int) -> str:
    """Return "3 người"."""
    return str(ngettext("%(num)d người", "%(num)d người", count))


def in_vietnamese() -> str:
    """Return the attribute for what the contest itself says, on a page in another language: it is read as it is."""
    return "" if str(get_locale()) == "vi" else Markup(' lang="vi"')


def init_app(app: Flask) -> None:
    """Give templates the filters, and the test whether a place in a file is a paragraph of Word's."""
    app.jinja_env.tests["paragraph"] = lambda name: name == PARAGRAPH
    app.jinja_env.globals.update(in_vietnamese=in_vietnamese)
    app.jinja_env.filters.update(
        datetime=datetime_text,
        time=time_text,
        date=date_text,
        points=points_text,
        number=number_text,
        percent=percent_text,
        duration=duration_text,
        message=message_text,
        people=people_text,
        window=window_text,
        decimal=decimal_text,
        chance=chance_text,
        share=share_text,
    )
