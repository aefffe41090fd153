"""Items as a Moodle XML file: texts plain, codes as id numbers, the rest of what we know as tags."""

from xml.sax.saxutils import escape, quoteattr

from quiz.core.errors import Problem
from quiz.core.items import BankDraft, ItemDraft, Kind
from quiz.files.losses import losses_of, titles_of
from quiz.files.question_tags import tags_of

_TYPES = {Kind.SINGLE: "multichoice", Kind.MULTIPLE: "multichoice", Kind.TRUE_FALSE: "truefalse"}


def write_moodle_xml(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return the items as a file that read_moodle_xml reads back, and what is left behind."""
    titles = titles_of(bank)
    parts: list[str] = []
    topic = ""
    for item in bank.items:
        if item.kind not in _TYPES:
            continue
        if item.topic != topic:
            topic = item.topic
            path = "/".join(["top", *(name.replace("/", "//") for name in (bank.title, titles[topic]))])
            parts.append(f'<question type="category"><category>{_text(path)}</category></question>')
        parts.append(_question(item))
    body = "\n".join(parts)
    file = f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{body}\n</quiz>\n'
    return file.encode(), losses_of(bank, tuple(_TYPES))


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"


def _field(name: str, text: str, **attributes: str) -> str:
    """Return an element that holds a plain text."""
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f'<{name}{said} format="plain_text">{_text(text)}</{name}>'


def _question(item: ItemDraft) -> str:
    tags = "".join(f"<tag>{_text(tag)}</tag>" for tag in tags_of(item))
    name = f"{item.code} {item.stem}"[:80].strip()
    lines = [
        f'<question type="{_TYPES[item.kind]}">',
        f"<name>{_text(name)}</name>",
        _field("questiontext", item.stem),
        _field("generalfeedback", item.rationale),
        "<defaultgrade>1</defaultgrade><penalty>0</penalty><hidden>0</hidden>",
        f"<idnumber>{escape(item.code)}</idnumber>",
        *(_verdict(item) if item.kind is Kind.TRUE_FALSE else _choice(item)),
        f"<tags>{tags}</tags>",
        "</question>",
    ]
    return "\n".join(lines)


def _verdict(item: ItemDraft) -> list[str]:
    return [_field("answer", word, fraction="100" if place in item.key else "0")
            for place, word in enumerate(("true", "false"))]  # fmt: skip


def _choice(item: ItemDraft) -> list[str]:
    said = item.feedback or ("",) * len(item.options)
    shuffled = "false" if item.keep_order else "true"
    single = "true" if item.kind is Kind.SINGLE else "false"
    head = f"<single>{single}</single><shuffleanswers>{shuffled}</shuffleanswers>"
    answers = [
        f'<answer fraction="{_share(item, place)}" format="plain_text">{_text(option)}{_field("feedback", said[place])}'
        "</answer>"
        for place, option in enumerate(item.options)
    ]
    return [head, "<answernumbering>ABCD</answernumbering>", *answers]


def _share(item: ItemDraft, place: int) -> str:
    """Return the percents of an option: with several right ones a wrong one takes all away."""
    if place in item.key:
        return f"{100 / len(item.key):.5f}".rstrip("0").rstrip(".")
    return "0" if item.kind is Kind.SINGLE else "-100"
