"""Looking at a page as a machine can: axe's rules, sizes of targets, contrast, scrolling sideways."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(" ")}: ${failureSummary}`));
}"""

# A control inside its label is as large as the label. A link in a sentence is as high as its line (WCAG 2.5.8 leaves
# it out, and so do we); what nobody sees, and what is not drawn, is no target.
TARGETS = """(least) => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
    && !one.closest(".unseen") && !(one.classList.contains("skip") && one !== document.activeElement);
  const inSentence = (one) => one.matches("a") && getComputedStyle(one).display === "inline"
    && Array.from(one.parentElement.childNodes)
      .some((next) => next !== one && next.nodeType === 3 && next.data.trim().length > 1);
  const small = [];
  for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    const place = one.matches("input") && one.closest("label") || one;
    if (!seen(place) || inSentence(one)) continue;
    const { width, height } = place.getBoundingClientRect();
    if (width + 0.5 < least || height + 0.5 < least)
      small.push(`${one.outerHTML.slice(0, 110)}: ${Math.round(width)} × ${Math.round(height)}`);
  }
  return small;
}"""

CONTRAST = """(selector) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    colours.forEach((colour) => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); });
    return Array.from(canvas.getImageData(0, 0, 1, 1).data).slice(0, 3);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return Array.from(document.querySelectorAll(selector)).filter((one) => one.checkVisibility()).map((one) => {
    const grounds = [];
    for (let under = one; under; under = under.parentElement) grounds.unshift(getComputedStyle(under).backgroundColor);
    grounds.unshift("white");
    const [a, b] = [light(paint(grounds)), light(paint([...grounds, getComputedStyle(one).color]))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
}"""

# Wide tables scroll in a box of their own; the page itself does not. What sticks out is named, to be found.
SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const end = (one) => Math.round(one.getBoundingClientRect().right);
  const out = Array.from(document.querySelectorAll("body *")).filter((one) => end(one) > wide + 1);
  return out.slice(-3).map((one) => `${one.outerHTML.slice(0, 90)} ends at ${end(one)} of ${wide}`);
}"""


# The four distances of WCAG 1.4.12. A sheet made by script is the reader's own: the policy of the page lets it be.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""

# Words that leave the box they stand in, or are cut off by it, and controls that lie over each other.
SPILLS = """() => {
  const wrong = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const boxOf = (one) => (getComputedStyle(one).display === "inline" ? boxOf(one.parentElement) : one);
  while (walker.nextNode()) {
    const text = walker.currentNode, holder = text.parentElement;
    const isApart = holder.closest(".unseen, .skip, script, noscript, option");
    if (isApart || !text.data.trim() || !holder.checkVisibility()) continue;
    const box = boxOf(holder).getBoundingClientRect(), range = document.createRange();
    range.selectNodeContents(text);
    const { top, bottom, left, right } = range.getBoundingClientRect();
    if (top < box.top - 3 || bottom > box.bottom + 3 || left < box.left - 2 || right > box.right + 2)
      wrong.push(`leaves its box: ${text.data.trim().slice(0, 60)}`);
  }
  for (const one of document.querySelectorAll("body *")) {
    const { overflowX, overflowY } = getComputedStyle(one);
    const isCut = (overflowY === "hidden" && one.scrollHeight > one.clientHeight + 2)
      || (overflowX === "hidden" && one.scrollWidth > one.clientWidth + 2);
    const isSeen = one.checkVisibility({ visibilityProperty: true }) && !one.closest(".unseen");
    if (isCut && isSeen) wrong.push(`cut off: ${one.outerHTML.slice(0, 90)}`);
  }
  const controls = Array.from(document.querySelectorAll("button, .button, .choice, .input, .overview a"))
    .filter((one) => one.checkVisibility()).map((one) => [one, one.getBoundingClientRect()]);
  controls.forEach(([one, a], place) => controls.slice(place + 1).forEach(([other, b]) => {
    const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    if (over && !one.contains(other) && !other.contains(one))
      wrong.push(`lie over each other: ${one.outerHTML.slice(0, 60)} and ${other.outerHTML.slice(0, 60)}`);
  }));
  return wrong;
}"""


STAYING = """() => Array.from(document.querySelectorAll("body *"))
  .filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position))
  .filter((one) => one.getBoundingClientRect().height > innerHeight / 3)
  .map((one) => `${one.outerHTML.slice(0, 60)} stays and takes more than a third of the screen`)"""


@dataclass(frozen=True)
class Setting:
    """How a page is looked at: CSS pixels wide, colours of the device, size of the text in per cent."""

    width: int
    scheme: str
    text: int = 100

    def __str__(self) -> str:
        return f"{self.width} px, {self.scheme}, text {self.text} %"


EVERY = [Setting(w, s, t) for w in (320, 1280) for s in ("light", "dark") for t in (100, 200)]
TWO = [Setting(320, "dark", 200), Setting(1280, "light")]


def put(page: Page, setting: Setting) -> None:
    """Show the page in that setting; 1280 px at 400 % zoom is 320 px wide."""
    page.set_viewport_size({"width": setting.width, "height": 640 if setting.width < 600 else 800})
    page.emulate_media(color_scheme=setting.scheme)  # type: ignore[arg-type]
    size = "" if setting.text == 100 else f"{112.5 * setting.text / 100}%"
    page.evaluate("size => { document.documentElement.style.fontSize = size }", size)


def axe(page: Page) -> list[str]:
    """Return what breaks a rule of WCAG 2.2 A or AA, as far as axe can tell."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found: Any = page.evaluate(RUN, TAGS)
    return list(found)


def findings(page: Page, settings: Iterable[Setting], targets: int = 0, reading: str = "") -> list[str]:
    """Return what is wrong with the page as it stands, each with its setting.

    With `targets` every control must be so many pixels high and wide; the text of the selector `reading`
    must stand at 7:1 or more.
    """
    found = []
    for setting in settings:
        put(page, setting)
        wrong = axe(page)
        if setting.text == 100:
            wrong += [f"scrolls sideways: {place}" for place in page.evaluate(SIDEWAYS)]
            wrong += page.evaluate(STAYING)
            wrong += page.evaluate(TARGETS, targets) if targets else []
        if reading:
            ratios = page.evaluate(CONTRAST, reading)
            assert ratios, f"nothing to read at {reading}"
            wrong += [f"contrast {ratio:.2f}" for ratio in ratios if ratio < 7]
        found += [f"{setting}: {one}" for one in wrong]
    put(page, settings[0] if isinstance(settings, list) else TWO[1])
    return found


def spaced(page: Page) -> list[str]:
    """Return what is cut off, leaves its box or overlaps with the distances of WCAG 1.4.12, at both widths."""
    found = []
    page.evaluate(SPACING)
    for setting in (Setting(320, "light"), Setting(1280, "light")):
        put(page, setting)
        found += [f"{setting}, spaced: {one}" for one in (*page.evaluate(SPILLS), *page.evaluate(SIDEWAYS))]
    page.evaluate("document.adoptedStyleSheets = []")
    put(page, TWO[1])
    return found
