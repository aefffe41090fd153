"""Column shapes that every model shares."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import BigInteger, Enum, String
from sqlalchemy.orm import mapped_column

Key = Annotated[int, mapped_column(primary_key=True)]
Instant = Annotated[int, mapped_column(BigInteger)]
OptionalInstant = Annotated[int | None, mapped_column(BigInteger)]
Code = Annotated[str, mapped_column(String(60))]
Name = Annotated[str, mapped_column(String(200))]
# Compared byte by byte on both databases, whatever language a PostgreSQL server was set up in.
SortKey = Annotated[str, mapped_column(String(1200).with_variant(String(1200, collation="C"), "postgresql"))]
SearchKey = Annotated[str, mapped_column(String(400), index=True)]


def one_of(enum: type[StrEnum]) -> Enum:
    """Return the column type that stores the values of `enum` as text with a check constraint."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
