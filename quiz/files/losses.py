"""What a format could not carry for the items of a bank, in sentences to show beside the file."""

from quiz.core.errors import N_, Problem
from quiz.core.items import BankDraft, ItemDraft, Kind

_SHOWN = 20

_LEFT_OUT = N_("%(count)d câu không đưa vào tệp được vì định dạng này không có loại câu đó: %(codes)s.")
_UNREAD = N_("Lần đọc lại của %(count)d câu không có trong tệp: %(codes)s.")


def titles_of(bank: BankDraft) -> dict[str, str]:
    """Return the title of each topic by its code; a topic nobody declared goes by its code."""
    return {item.topic: item.topic for item in bank.items} | {
        topic.code: topic.title for topic in bank.topics
    }


def named(message: str, items: list[ItemDraft]) -> list[Problem]:
    """Return one sentence that counts and names items, or none when there are none."""
    codes = ", ".join(item.code for item in items[:_SHOWN]) + (" …" if len(items) > _SHOWN else "")
    return [Problem(message, {"count": len(items), "codes": codes})] if items else []


def losses_of(bank: BankDraft, kinds: tuple[Kind, ...]) -> list[Problem]:
    """Return what a format with tags leaves behind: items of other kinds and the second readings."""
    kept = [item for item in bank.items if item.kind in kinds]
    return [
        *named(_LEFT_OUT, [item for item in bank.items if item.kind not in kinds]),
        *named(_UNREAD, [item for item in kept if item.reviewed]),
    ]
