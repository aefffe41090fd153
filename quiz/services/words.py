"""The words by which items are found: written with every version, asked by every list."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select

from quiz.core.words import looked_for, phrases_looked_for
from quiz.extensions import db
from quiz.models import ItemVersion, ItemWord
from quiz.models.keeping import WORDS, word_rows

_LAST = "\U0010ffff"


def add_missing(item_ids: Iterable[int]) -> None:
    """Give the versions of these items their words where they were written without."""
    without = ~select(ItemWord.version_id).where(ItemWord.version_id == ItemVersion.id).exists()
    query = select(ItemVersion.id, ItemVersion.search_key, ItemVersion.reference)
    versions = db.session.execute(query.where(ItemVersion.item_id.in_(list(item_ids)), without)).all()
    rows = [row for version in versions for row in word_rows(*version)]
    if rows:
        db.session.execute(WORDS.insert(), rows)


def conditions(text: str, reference: str) -> list[ColumnElement[bool]]:
    """Return what a version must meet: a word beginning with each word of `text`, and what `reference` names."""
    words, phrases = looked_for(text), phrases_looked_for(reference)
    if words is None or phrases is None:
        return [db.false()]
    return [
        *(_has(ItemWord.word.between(word, word + _LAST)) for word in words),
        *(_has(ItemWord.word == phrase) for phrase in phrases),
    ]


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return ItemVersion.id.in_(select(ItemWord.version_id).where(condition))
