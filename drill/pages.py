"""An answer of the server as a page: what is read on it, its links and forms."""

from dataclasses import dataclass

from drill.forms import Form, MissingOnPage, forms_in
from drill.markup import Node, parse


@dataclass(slots=True)
class Page:
    """One answer of the server."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    _root: Node | None = None

    @property
    def html(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def root(self) -> Node:
        """Return the parsed page; parsing waits until somebody looks."""
        if self._root is None:
            self._root = parse(self.html)
        return self._root

    @property
    def forms(self) -> list[Form]:
        """Return the forms of the page."""
        return forms_in(self.root)

    def form(self, what: str) -> Form:
        """Return the one form whose action ends in `what`, or that has a field or button of that name or words."""
        forms = self.forms
        for form in forms:
            if form.action.split("?")[0].endswith(what):
                return form
        for form in forms:
            if form.has(what) or any(button.label.startswith(what) for button in form.buttons):
                return form
        known = "; ".join(f"{form.method} {form.action}" for form in forms)
        raise MissingOnPage(f"no form “{what}” on {self.url}; it has: {known}. {self.said()}")

    @property
    def links(self) -> list[tuple[str, str]]:
        """Return (address, words) of every link."""
        return links_in(self.root)

    def link(self, what: str) -> str:
        """Return the address of the first link whose words or address contain `what`."""
        for address, words in self.links:
            if what == words or what in address:
                return address
        for address, words in self.links:
            if what in words:
                return address
        raise MissingOnPage(f"no link “{what}” on {self.url}: {[words for _, words in self.links]}")

    def rows(self) -> list[list[str]]:
        """Return the cells of every row of every table body, as read."""
        return [
            [cell.text() for cell in row.children if isinstance(cell, Node) and cell.tag in ("th", "td")]
            for body in self.root.find("tbody")
            for row in body.find("tr")
        ]

    def said(self) -> str:
        """Return the messages, problems and heading a person would read first."""
        parts = [
            node.text()
            for wanted in ("problems", "tone-error", "tone-warning")
            for node in self.root.find("", class_=wanted)
        ]
        heading = [node.text() for node in self.root.find("h1")]
        return f"{self.status} {self.url}: " + " | ".join(dict.fromkeys(heading + parts))


def links_in(part: Node) -> list[tuple[str, str]]:
    """Return (address, words) of the links of a part of a page."""
    return [(node.attrs["href"], node.text()) for node in part.find("a") if "href" in node.attrs]
