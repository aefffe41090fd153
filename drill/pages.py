"""What a browser makes of an HTML answer: text, links, tables and forms that can be filled in by their labels."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
_BUTTONS = {"submit", "image", "button", "reset"}


class MissingOnPage(Exception):
    """The page lacks what a person would look for on it."""


@dataclass(slots=True)
class Node:
    """An element of the page with its attributes and children, texts among them."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """Yield this element and all below it in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def find(self, tag: str, **attrs: str) -> list["Node"]:
        """Return the elements below with that tag ("" any) and those attributes; `class_` is one of the classes."""
        return [node for node in self.walk() if (not tag or node.tag == tag) and node._has(attrs)]

    def _has(self, attrs: dict[str, str]) -> bool:
        for name, value in attrs.items():
            if name == "class_":
                if value not in self.attrs.get("class", "").split():
                    return False
            elif self.attrs.get(name) != value:
                return False
        return True

    def text(self) -> str:
        """Return what can be read in the element, white space as single spaces."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style", "template"):
                yield from child._texts()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _EMPTY:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(html: str) -> Node:
    """Return the root of a page."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


@dataclass(slots=True)
class Control:
    """One control of a form; `label` is what stands beside it, `group` the legend or label above a set of choices."""

    name: str
    kind: str
    value: str
    label: str
    group: str = ""
    chosen: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_choice(self) -> bool:
        """Tell whether the control is one of several to tick."""
        return self.kind in ("radio", "checkbox")


@dataclass(slots=True)
class Form:
    """A form as it stands on the page; filling it in changes its controls."""

    action: str
    method: str
    is_multipart: bool
    controls: list[Control]
    buttons: list[Control]
    text: str
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def control(self, what: str) -> Control:
        """Return the control of that name or label."""
        return self._matching(what)[0]

    def has(self, what: str) -> bool:
        """Tell whether there is a control of that name or label."""
        return bool(self._found(what))

    def _found(self, what: str) -> list[Control]:
        for fits in (_named, _labelled, _labelled_like):
            if found := [control for control in self.controls if fits(control, what)]:
                return found
        return []

    def _matching(self, what: str) -> list[Control]:
        if found := self._found(what):
            return found
        names = ", ".join(f"{control.name} “{control.group or control.label}”" for control in self.controls)
        raise MissingOnPage(f"no field “{what}” in the form {self.action}; it has: {names}")

    def fill(self, what: str, value: str | bool | list[str]) -> None:
        """Type, choose or tick; a value of a choice may be given as its value or its words."""
        controls = self._matching(what)
        if controls[0].kind == "select":
            controls[0].value = _option(controls[0].options, str(value))
        elif controls[0].is_choice:
            _tick(controls, value)
        else:
            controls[0].value = str(value)

    def attach(self, what: str, filename: str, content: bytes) -> None:
        """Choose a file."""
        self.files[self.control(what).name] = (filename, content)

    def data(self, button: str = "") -> list[tuple[str, str]]:
        """Return what the browser would send when `button` (name or words; "" the first) is pressed."""
        pairs = [
            (control.name, control.value)
            for control in self.controls
            if control.name and control.kind != "file" and (control.chosen or not control.is_choice)
        ]
        pressed = self._button(button)
        if pressed and pressed.name:
            pairs.append((pressed.name, pressed.value))
        return pairs

    def _button(self, what: str) -> Control | None:
        if not what:
            return self.buttons[0] if self.buttons else None
        for button in self.buttons:
            if what in (button.name, button.value) or button.label.startswith(what):
                return button
        raise MissingOnPage(f"no button “{what}” in the form {self.action}")


def _named(control: Control, what: str) -> bool:
    return control.name == what


def _labelled(control: Control, what: str) -> bool:
    return what in (control.group, "" if control.is_choice and control.group else control.label)


def _labelled_like(control: Control, what: str) -> bool:
    return control.group.startswith(what) or control.label.startswith(what)


def _option(options: list[tuple[str, str]], wanted: str) -> str:
    for value, words in options:
        if wanted in (value, words):
            return value
    for value, words in options:
        if words.startswith(wanted):
            return value
    raise MissingOnPage(f"no option “{wanted}” among {[words for _, words in options][:30]}")


def _tick(controls: list[Control], value: str | bool | list[str]) -> None:
    if isinstance(value, bool):
        controls[0].chosen = value
        return
    wanted = [value] if isinstance(value, str) else value
    known = {key for control in controls for key in (control.value, control.label)}
    if missing := set(wanted) - known:
        raise MissingOnPage(f"no choice {missing} among {known}")
    for control in controls:
        control.chosen = control.value in wanted or control.label in wanted


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


def forms_in(part: Node) -> list[Form]:
    """Return the forms of a part of a page."""
    return [_form(node) for node in part.find("form")]


def links_in(part: Node) -> list[tuple[str, str]]:
    """Return (address, words) of the links of a part of a page."""
    return [(node.attrs["href"], node.text()) for node in part.find("a") if "href" in node.attrs]


def _form(node: Node) -> Form:
    labels = {label.attrs["for"]: label.text() for label in node.find("label") if "for" in label.attrs}
    controls: list[Control] = []
    buttons: list[Control] = []
    _collect(node, "", "", labels, controls, buttons)
    return Form(
        action=node.attrs.get("action", ""),
        method=node.attrs.get("method", "get").lower(),
        is_multipart=node.attrs.get("enctype", "") == "multipart/form-data",
        controls=controls,
        buttons=buttons,
        text=node.text(),
    )


def _collect(
    node: Node,
    group: str,
    label: str,
    labels: dict[str, str],
    controls: list[Control],
    buttons: list[Control],
) -> None:
    if node.tag == "fieldset":
        group = next((child.text() for child in node.find("legend")), group)
    if node.tag == "label":
        label = node.text()
    if "disabled" not in node.attrs:
        _control(node, group, label or labels.get(node.attrs.get("id", ""), ""), controls, buttons)
    for child in node.children:
        if isinstance(child, Node):
            _collect(child, group, label, labels, controls, buttons)


def _control(node: Node, group: str, label: str, controls: list[Control], buttons: list[Control]) -> None:
    attrs, name = node.attrs, node.attrs.get("name", "")
    if node.tag == "button" or (node.tag == "input" and attrs.get("type") in _BUTTONS):
        buttons.append(Control(name, "button", attrs.get("value", ""), node.text() or attrs.get("value", "")))
    elif node.tag == "input":
        kind = attrs.get("type", "text")
        given = attrs.get("value", "on" if kind in ("radio", "checkbox") else "")
        controls.append(Control(name, kind, given, label, group, "checked" in attrs))
    elif node.tag == "textarea":
        text = "".join(child for child in node.children if isinstance(child, str))
        controls.append(Control(name, "textarea", text.removeprefix("\n"), label, group))
    elif node.tag == "select":
        controls.append(_select(node, name, label, group))


def _select(node: Node, name: str, label: str, group: str) -> Control:
    options = [(option.attrs.get("value", option.text()), option.text()) for option in node.find("option")]
    selected = [
        option.attrs.get("value", option.text())
        for option in node.find("option")
        if "selected" in option.attrs
    ]
    first = options[0][0] if options else ""
    return Control(name, "select", selected[0] if selected else first, label, group, options=options)
