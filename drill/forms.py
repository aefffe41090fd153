"""Forms as a person fills them in: fields by their labels, choices by their words, and what a browser would send."""

from dataclasses import dataclass, field

from drill.markup import Node

_BUTTONS = {"submit", "image", "button", "reset"}


class MissingOnPage(Exception):
    """The page lacks what a person would look for on it."""


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


def forms_in(part: Node) -> list[Form]:
    """Return the forms of a part of a page."""
    return [_form(node) for node in part.find("form")]


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
