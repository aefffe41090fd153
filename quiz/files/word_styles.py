"""How a run of a Word document looks in the end: defaults, styles and what was set by hand, in that order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quiz.files.word_package import WORD, Element, number, said
from quiz.files.word_text import Mark

_OFF = ("0", "false", "off", "none")
_LIGHT = ("", "auto", "FFFFFF")
_OLD_FONT = re.compile(r"\.?vn[a-z]*time|^\.vn|^vni[\s-]", re.IGNORECASE)
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What is said about the look of text; None: nothing is said here."""

    bold: bool | None = None
    underline: bool | None = None
    colour: str | None = None
    highlight: bool | None = None
    struck: bool | None = None
    hidden: bool | None = None
    font: str | None = None

    def over(self, under: "Look") -> "Look":
        """Return this look laid over another: what it does not say shows through."""
        return Look(
            *(mine if mine is not None else theirs for mine, theirs in zip(self.all, under.all, strict=True))
        )

    @property
    def all(self) -> tuple[bool | str | None, ...]:
        """Return the values in the order of the fields."""
        return (self.bold, self.underline, self.colour, self.highlight, self.struck, self.hidden, self.font)

    @property
    def marks(self) -> int:
        """Return the Mark of a letter that looks like this."""
        mark = self.bold and Mark.BOLD, self.underline and Mark.UNDERLINE, self.highlight and Mark.HIGHLIGHT
        return sum(
            int(one) for one in (*mark, self.struck and Mark.STRUCK, _colour(self.colour or "")) if one
        )

    @property
    def is_old_font(self) -> bool:
        """Tell whether the font is one of TCVN3 or VNI, whose letters are not Unicode."""
        return bool(_OLD_FONT.search(self.font or ""))


def _colour(text: str) -> int:
    """Return RED, COLOUR, or 0 for black and near it."""
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", text):
        return 0
    red, green, blue = (int(text[place : place + 2], 16) for place in (0, 2, 4))
    if max(red, green, blue) <= 0x45:
        return 0
    return Mark.RED if red >= 0x90 and max(green, blue) <= 0x60 else Mark.COLOUR


def _switch(properties: Element, *names: str) -> bool | None:
    for name in names:
        element = properties.find(WORD + name)
        if element is not None:
            return said(element, default="1").lower() not in _OFF
    return None


def is_shaded(properties: Element | None) -> bool:
    """Tell whether paragraph, run or cell properties set a background that shows."""
    shade = None if properties is None else properties.find(WORD + "shd")
    return shade is not None and said(shade, "fill").upper() not in ("AUTO", *_LIGHT)


def _highlight(properties: Element) -> bool | None:
    element = properties.find(WORD + "highlight")
    if element is not None:
        return said(element) not in ("none", "white", "")
    return True if is_shaded(properties) else None


def look_of(properties: Element | None) -> Look:
    """Return what a <w:rPr> says."""
    if properties is None:
        return Look()
    colour, fonts = properties.find(WORD + "color"), properties.find(WORD + "rFonts")
    return Look(
        bold=_switch(properties, "b"),
        underline=_switch(properties, "u"),
        colour=None if colour is None else said(colour),
        highlight=_highlight(properties),
        struck=_switch(properties, "strike", "dstrike"),
        hidden=_switch(properties, "vanish"),
        font=None if fonts is None else said(fonts, "ascii") or said(fonts, "hAnsi") or None,
    )


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: Element | None) -> None:
        self._found: dict[str, Element] = {}
        self._known: dict[tuple[str, str], Look] = {}
        self._default = ""
        self._ground = Look()
        for style in () if root is None else root.iterfind(WORD + "style"):
            self._found.setdefault(said(style, "styleId"), style)
            if said(style, "type") == "paragraph" and said(style, "default") in ("1", "true"):
                self._default = said(style, "styleId")
        if root is not None:
            self._ground = look_of(root.find(f"{WORD}docDefaults/{WORD}rPrDefault/{WORD}rPr"))

    def _chain(self, style: str) -> Iterator[Element]:
        """Yield a style and those it is based on; a circle ends."""
        for _ in range(_DEEPEST):
            element = self._found.get(style)
            if element is None:
                return
            yield element
            style = said(element.find(WORD + "basedOn"))

    def _of(self, style: str) -> Look:
        look = Look()
        for element in self._chain(style):
            look = look.over(look_of(element.find(WORD + "rPr")))
        return look

    def look(self, paragraph: str, run: str) -> Look:
        """Return the look of text in a paragraph style and a run style ("" for none)."""
        key = (paragraph or self._default, run)
        if key not in self._known:
            under, over = self._of(key[0]), self._of(run)
            if under.bold and over.bold:  # bold upon bold in styles is plain
                over = replace(over, bold=False)
            if "hyperlink" in self.name(run):
                over = replace(over, underline=False, colour="")
            self._known[key] = over.over(under).over(self._ground)
        return self._known[key]

    def name(self, style: str) -> str:
        """Return the name of a style in lower case: "heading 1", "toc 2", "title"."""
        element = self._found.get(style)
        return said(None if element is None else element.find(WORD + "name"), default=style).lower()

    def numbering(self, style: str) -> tuple[str, int]:
        """Return the list that a paragraph style puts its paragraphs in, and the level."""
        for element in self._chain(style or self._default):
            found = element.find(f"{WORD}pPr/{WORD}numPr")
            if found is not None:
                return said(found.find(WORD + "numId")), number(found.find(WORD + "ilvl"))
        return "", 0

    def is_heading(self, style: str) -> bool:
        """Tell whether paragraphs of a style stand in the outline of the document."""
        for element in self._chain(style):
            if re.match(r"heading \d|đầu đề|tiêu đề", said(element.find(WORD + "name")).lower()):
                return True
            outline = element.find(f"{WORD}pPr/{WORD}outlineLvl")
            if outline is not None:
                return number(outline, default=9) < 9
        return False
