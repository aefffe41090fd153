"""What gathers around an item while the bank is kept: words to find it by, remarks, checks, and how it did."""

from datetime import date
from typing import Annotated, Any, cast

from sqlalchemy import JSON, Connection, ForeignKey, String, Table, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from quiz.core.words import words_of
from quiz.extensions import db
from quiz.models.bank import ItemVersion
from quiz.models.people import Account
from quiz.models.types import Code, Instant, Key

Word = Annotated[str, mapped_column(String(60).with_variant(String(60, collation="C"), "postgresql"))]


class ItemWord(db.Model):
    """A word of a version, without marks, by which it is found; written with the version and never changed."""

    __tablename__ = "item_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[Word] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True, index=True)


WORDS = cast(Table, ItemWord.__table__)


def word_rows(version_id: int, search_key: str, reference: str) -> list[dict[str, Any]]:
    """Return the rows of the words of a version."""
    return [{"word": word, "version_id": version_id} for word in sorted(words_of([search_key], reference))]


@event.listens_for(ItemVersion, "after_insert")
def _add_words(_mapper: Mapper[Any], connection: Connection, version: ItemVersion) -> None:
    """Versions written in many to a statement get theirs from quiz.services.words."""
    if rows := word_rows(version.id, version.search_key, version.reference):
        connection.execute(WORDS.insert(), rows)


class ItemComment(db.Model):
    """A remark on an item, made on one of its versions; `move` is the move of review it explains, or "".

    Nobody changes or takes back a remark.
    """

    __tablename__ = "item_comment"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Instant]
    move: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text)

    version: Mapped[ItemVersion] = relationship()
    account: Mapped[Account] = relationship()


class ItemCheck(db.Model):
    """Somebody looked a version over again and found it still right, knowing what stands here.

    `followed_by` is the document that had followed the version's own, the dates when document and version end.
    """

    __tablename__ = "item_check"

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Instant]
    followed_by: Mapped[Code] = mapped_column(default="")
    document_ends: Mapped[date | None]
    version_ends: Mapped[date | None]

    account: Mapped[Account] = relationship()


class ItemUse(db.Model):
    """How a version did in one round: the sums of quiz.core.statistics.Tally over the attempts handed in.

    `chosen` counts who took each authored option, `omitted` who came to it and took none, `not_reached` who never did.
    `upper` and `lower` count the options in quiz.core.item_analysis's groups of so many people.
    """

    __tablename__ = "item_use"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True, index=True)
    sat: Mapped[int]
    omitted: Mapped[int]
    chosen: Mapped[list[int]] = mapped_column(JSON)
    x: Mapped[float]
    xx: Mapped[float]
    y: Mapped[float]
    yy: Mapped[float]
    xy: Mapped[float]
    not_reached: Mapped[int] = mapped_column(default=0, server_default="0")
    upper: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    lower: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    upper_size: Mapped[int] = mapped_column(default=0, server_default="0")
    lower_size: Mapped[int] = mapped_column(default=0, server_default="0")


class ItemStatistic(db.Model):
    """How a version did over all its rounds, derived from ItemUse; `flag` is a quiz.core.statistics.Flag or ""."""

    __tablename__ = "item_statistic"

    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    sat: Mapped[int]
    facility: Mapped[float]
    correlation: Mapped[float | None]
    flag: Mapped[str] = mapped_column(String(20), default="")
