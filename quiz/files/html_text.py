"""Marked-up text of other programs as the plain text an item has; formatting goes, pictures are told."""

import html
import re

import nh3

from quiz.files.text_input import MAX_TEXT, clean

_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>|&(#\d+|#x[0-9a-fA-F]+|\w+);")
_BLOCK = re.compile(
    r"<(?=/?(p|div|br|li|ul|ol|tr|td|th|table|h[1-6]|pre|blockquote|hr|dt|dd)\b)", re.IGNORECASE
)
_PICTURE = re.compile(
    r"<(img|video|audio|object|iframe|svg|math|canvas|embed)\b|@@PLUGINFILE@@", re.IGNORECASE
)
_FORMATTING = re.compile(r"<(b|strong|i|em|u|s|del|mark|sup|sub|table|a|font)\b", re.IGNORECASE)
_MARKDOWN_PICTURE = re.compile(r"!\[[^\[\]\n]*\]\(")
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)([^*_`\n]+?)(?<=\S)\1")


def plain_text(text: str, kind: str) -> str:
    """Return the text of a field written as html, moodle, markdown or plain."""
    text = text[: 4 * MAX_TEXT]
    if kind == "markdown":
        text = _EMPHASIS.sub(r"\2", text)
    if kind != "plain" and _TAG.search(text):
        text = html.unescape(nh3.clean(_BLOCK.sub(" <", text), tags=set()))
    return clean(text)


def has_picture(text: str, kind: str) -> bool:
    """Tell whether a field shows something that is no text."""
    if kind == "plain":
        return False
    return bool(_PICTURE.search(text) or (kind == "markdown" and _MARKDOWN_PICTURE.search(text)))


def has_formatting(text: str, kind: str) -> bool:
    """Tell whether a field uses bold, tables, raised figures or the like, which plain text does not show."""
    return kind != "plain" and bool(
        _FORMATTING.search(text) or (kind == "markdown" and _EMPHASIS.search(text))
    )
