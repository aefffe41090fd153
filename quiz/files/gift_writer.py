"""Items as a GIFT file: what Moodle knows in its own place, the rest as id and tags in a comment above the question."""

import re

from quiz.core.errors import Problem
from quiz.core.items import BankDraft, ItemDraft, Kind
from quiz.files.losses import losses_of, titles_of
from quiz.files.question_tags import tags_of

_KINDS = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE)
_SIGN = re.compile(r"([:#={}~\\])")


def write_gift(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return the items as a file that read_gift reads back, and what is left behind."""
    titles = titles_of(bank)
    blocks: list[str] = []
    topic = ""
    for item in bank.items:
        if item.kind not in _KINDS:
            continue
        if item.topic != topic:
            topic = item.topic
            names = ["top", *(name.replace("/", "//") for name in (bank.title, titles[topic]))]
            blocks.append(f"$CATEGORY: {'/'.join(names)}")
        blocks.append(_question(item))
    return ("\n\n".join(blocks) + "\n").encode(), losses_of(bank, _KINDS)


def _plain(text: str) -> str:
    return _SIGN.sub(r"\\\1", text)


def _part(text: str) -> str:
    """Return a text inside the braces; one that begins with a bracket says that it is plain, like the question."""
    return f"[plain]{_plain(text)}" if text.startswith("[") else _plain(text)


def _question(item: ItemDraft) -> str:
    marks = [f"[id:{_bracketed(item.code)}]", *(f"[tag:{_bracketed(tag)}]" for tag in tags_of(item))]
    rationale = f"\n  ####{_part(item.rationale)}" if item.rationale else ""
    return f"// {' '.join(marks)}\n::{_plain(item.code)}::[plain]{_plain(item.stem)} {{{_answers(item)}{rationale}\n}}"


def _bracketed(text: str) -> str:
    """Return a text for [id:…] or [tag:…]; a space keeps a backslash at its end from hiding the bracket."""
    return text.replace("]", "\\]") + (" " if text.endswith("\\") else "")


def _answers(item: ItemDraft) -> str:
    if item.kind is Kind.TRUE_FALSE:
        return "TRUE" if item.key == (0,) else "FALSE"
    said = item.feedback or ("",) * len(item.options)
    lines = [
        f"\n  {_sign(item, place)}{_part(option)}" + (f"#{_part(feedback)}" if feedback else "")
        for place, (option, feedback) in enumerate(zip(item.options, said, strict=True))
    ]
    return "".join(lines)


def _sign(item: ItemDraft, place: int) -> str:
    """Return what begins an option: with several right ones each earns its share, a wrong one takes all away."""
    if item.kind is Kind.SINGLE:
        return "=" if place in item.key else "~%0%" if item.options[place].startswith("%") else "~"
    share = f"{100 / len(item.key):.5f}".rstrip("0").rstrip(".")
    return f"~%{share}%" if place in item.key else "~%-100%"
