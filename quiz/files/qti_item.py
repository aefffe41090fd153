"""One assessment item of QTI 2.x or 3.0 as a question: a single choice interaction, and nothing to look at but text.

QTI 3.0 writes qti-choice-interaction and max-choices where 2.x writes choiceInteraction and maxChoices; `plain_name`
makes them the same, so that one reader serves both.
"""

import re

from quiz.core.errors import N_, Problem
from quiz.core.items import Kind
from quiz.core.questions import QuestionDraft, with_true_false
from quiz.files.choice_weights import NO_KEY, weighed
from quiz.files.foreign_kinds import lost_picture, picture, unsupported
from quiz.files.text_input import clean
from quiz.files.xml_nodes import XmlNode

_DASH = re.compile(r"-([a-z])")
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "tr", "td", "th", "table", "pre", "blockquote", "prompt", "hr",
           "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip
_PICTURES = {"img", "object", "audio", "video", "svg", "math", "picture", "iframe", "figure", "canvas"}
_FORMATTING = {"b", "strong", "i", "em", "u", "sup", "sub", "table", "a"}
_ASIDE = {
    "feedbackInline",
    "feedbackBlock",
    "modalFeedback",
    "rubricBlock",
    "templateInline",
    "templateBlock",
}
_CODE = re.compile(r"\w+([-.]\w+)+")

_NO_BODY = N_("Câu này không có nội dung (itemBody). Hãy xuất lại gói từ phần mềm đã tạo ra nó.")


def plain_name(name: str) -> str:
    """Return a name of QTI 3.0 as QTI 2.x writes it; a name of 2.x as it is."""
    return _DASH.sub(lambda found: found[1].upper(), name.removeprefix("qti-"))


def question_of(item: XmlNode, place: str, row: int, problems: list[Problem]) -> QuestionDraft | None:
    """Return the question of an assessmentItem, or None when something in `problems` tells why there is none."""
    body = item.first("itemBody")
    if body is None:
        problems.append(Problem(_NO_BODY, place=place, row=row))
        return None
    interactions = [node for node in body.walk() if node.name.endswith("Interaction")]
    if [node.name for node in interactions] != ["choiceInteraction"]:
        names = sorted({node.name for node in interactions if node.name != "choiceInteraction"})
        kind = names[0] if names else "choiceInteraction × " + str(len(interactions))
        problems.append(unsupported(kind if interactions else "description", row, place))
        return None
    return _choice(item, body, interactions[0], _Place(place, row, problems))


class _Place:
    """Where the question stands, for its problems."""

    def __init__(self, place: str, row: int, problems: list[Problem]) -> None:
        self.place, self.row, self.problems = place, row, problems

    def tell(self, problem: Problem) -> None:
        """Add a problem."""
        self.problems.append(problem)


def _choice(item: XmlNode, body: XmlNode, interaction: XmlNode, at: _Place) -> QuestionDraft | None:
    choices = list(interaction.all("simpleChoice"))
    names = [choice.attributes.get("identifier", "") for choice in choices]
    kind, key = _key(item, interaction, names, at)
    if _shows(body):
        at.tell(picture(at.row, at.place))
        return None
    if not key:
        return None
    modal = list(item.all("modalFeedback"))
    if any(_shows(node, aside=True) for node in [*modal, *choices]):
        at.tell(lost_picture(at.row, at.place))
    by_choice = {node.attributes.get("identifier"): _flat(node) for node in modal}
    feedback = tuple(
        _said_inside(choice) or by_choice.get(name, "") for choice, name in zip(choices, names, strict=True)
    )
    general = dict.fromkeys(_flat(node) for node in modal if node.attributes.get("identifier") not in names)
    identifier = clean(item.attributes.get("identifier", ""))
    return with_true_false(QuestionDraft(
        stem=_flat(body), kind=kind, options=tuple(_flat(choice) for choice in choices), key=key,
        code=identifier if _CODE.fullmatch(identifier) and len(identifier) <= 40 else "",
        rationale=" ".join(text for text in general if text), feedback=feedback if any(feedback) else (),
        keep_order=_is_fixed(interaction, choices[:-1]), keep_last=_says_yes(choices[-1], "fixed") or None,
        place=at.place, row=at.row,
    ))  # fmt: skip


def is_formatted(item: XmlNode) -> bool:
    """Tell whether an item uses bold, tables, raised figures or the like, which plain text does not show."""
    return any(node.name in _FORMATTING for node in item.walk())


def _says_yes(node: XmlNode, name: str) -> bool:
    return node.attributes.get(name, "").strip().lower() in ("true", "1")


def _is_fixed(interaction: XmlNode, choices: list[XmlNode]) -> bool | None:
    """Tell whether the order of the options must stay, None when nothing is said of it."""
    is_shuffled = interaction.attributes.get("shuffle")
    if any(_says_yes(choice, "fixed") for choice in choices) or is_shuffled == "false":
        return True
    return None if is_shuffled is None else False


def _key(item: XmlNode, interaction: XmlNode, names: list[str], at: _Place) -> tuple[Kind, tuple[int, ...]]:
    """Return the kind and the places of the right options, from the declared response or from its mapping."""
    wanted = interaction.attributes.get("responseIdentifier", "")
    declared = [
        node for node in item.all("responseDeclaration") if node.attributes.get("identifier") == wanted
    ]
    if not declared or len(set(names)) < len(names):
        at.tell(Problem(NO_KEY, place=at.place, row=at.row, field="key"))
        return Kind.SINGLE, ()
    is_single = declared[0].attributes.get("cardinality", "single") == "single"
    right = _correct(declared[0])
    mapped = _mapped(declared[0], names, is_single)
    even = [100 / (len(right) or 1) if name in right else 0.0 for name in names]
    kind, key, faults = weighed(even if right else mapped, is_single, at.row)
    if right and any(mapped):
        faults = faults or weighed(mapped, is_single, at.row)[2]
    for fault in faults:
        at.tell(type(fault)(fault.message, fault.values, place=at.place, row=at.row, field=fault.field))
    return kind, key


def _correct(declaration: XmlNode) -> set[str]:
    values = declaration.first("correctResponse")
    return {value.text.strip() for value in values.all("value")} if values else set()


def _mapped(declaration: XmlNode, names: list[str], is_single: bool) -> list[float]:
    """Return the percents the mapping gives to each option, all zero without one."""
    mapping = declaration.first("mapping")
    values = dict.fromkeys(names, 0.0)
    for entry in mapping.all("mapEntry") if mapping else ():
        name = entry.attributes.get("mapKey", "")
        if name in values:
            values[name] = _number(entry.attributes.get("mappedValue", ""))
    earned = [value for value in values.values() if value > 0]
    whole = (max(earned) if is_single else sum(earned)) if earned else 1.0
    return [100 * value / whole for value in values.values()]


def _number(text: str) -> float:
    try:
        number = float(text[:20])
    except ValueError:
        return 0.0
    return number if abs(number) <= 1_000_000 else 0.0


def _flat(node: XmlNode) -> str:
    """Return the text of an element as a reader meets it: of an interaction only its prompt, nothing set aside."""
    return clean("".join(_pieces(node)))


def _pieces(node: XmlNode) -> list[str]:
    pieces: list[str] = []
    for part in node.parts:
        if isinstance(part, str):
            pieces.append(part)
        elif part.name == "choiceInteraction":
            prompt = part.first("prompt")
            pieces += [" ", *(_pieces(prompt) if prompt else []), " "]
        elif part.name not in _ASIDE:
            gap = [" "] if part.name in _BLOCKS else []
            pieces += [*gap, *_pieces(part), *gap]
    return pieces


def _said_inside(choice: XmlNode) -> str:
    """Return the feedback that stands inside an option."""
    return " ".join(_flat(node) for node in choice.walk() if node.name in ("feedbackInline", "feedbackBlock"))


def _shows(node: XmlNode, aside: bool = False) -> bool:
    """Tell whether something inside is no text: in what a candidate reads, or (`aside`) anywhere."""
    for child in node.children:
        if child.name in _PICTURES or ((aside or child.name not in _ASIDE) and _shows(child, aside)):
            return True
    return False
