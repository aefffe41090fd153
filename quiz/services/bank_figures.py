"""What can be said of one bank without reading its texts: articles covered, shares, and where the keys stand."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, Text, cast, select

from quiz.core import coverage
from quiz.core.items import Difficulty, Kind, Part, Status
from quiz.extensions import db
from quiz.models import Bank, Document, Item, ItemVersion


@dataclass(slots=True)
class Figures:
    """Counts over the items of a bank that are not retired.

    `articles` counts by article of the statute, coverage.PREAMBLE first; `places` counts the questions with one key
    by the authored place of that key, from 0.
    """

    items: int = 0
    difficulties: Counter[Difficulty | None] = field(default_factory=Counter)
    parts: Counter[Part] = field(default_factory=Counter)
    kinds: Counter[Kind] = field(default_factory=Counter)
    unread: int = 0
    articles: Counter[int] = field(default_factory=Counter)
    places: Counter[int] = field(default_factory=Counter)


def figures_of(bank: Bank) -> Figures:
    """Return the figures of a bank; the database counts, whatever its size."""
    figures = Figures()
    columns = (ItemVersion.intended_difficulty, ItemVersion.part, ItemVersion.kind)
    for difficulty, part, kind, count in db.session.execute(
        _in_use(bank, *columns, db.func.count()).group_by(*columns)
    ):
        figures.items += count
        figures.difficulties[difficulty] += count
        figures.parts[part] += count
        figures.kinds[kind] += count
    figures.unread = (
        db.session.scalar(_in_use(bank, db.func.count()).where(ItemVersion.reviewed.is_(None))) or 0
    )
    figures.articles = articles_of(bank)
    figures.places = _places(bank)
    return figures


def _in_use(bank: Bank, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Item)
        .join(ItemVersion, ItemVersion.id == Item.current_id)
        .where(Item.bank_id == bank.id, ItemVersion.status != Status.RETIRED)
    )


def articles_of(bank: Bank) -> Counter[int]:
    """Return how many items of a bank rest on each article of the statute."""
    counted = (
        _in_use(bank, ItemVersion.reference, db.func.count())
        .join(Document, Document.id == ItemVersion.document_id)
        .where(Document.code == coverage.STATUTE)
        .group_by(ItemVersion.reference)
    )
    articles: Counter[int] = Counter()
    for reference, count in db.session.execute(counted):
        for article in coverage.articles_of(reference):
            articles[article] += count
    return articles


def _places(bank: Bank) -> Counter[int]:
    key = cast(ItemVersion.key, Text)
    query = _in_use(bank, key, db.func.count()).where(ItemVersion.kind == Kind.SINGLE).group_by(key)
    return Counter({json.loads(text)[0]: count for text, count in db.session.execute(query)})
