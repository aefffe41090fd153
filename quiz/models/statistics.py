"""What a round says as a whole and of each topic, counted beside its items once it is over."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.bank import Topic
from quiz.models.people import Unit
from quiz.models.types import Instant


class RoundStatistic(db.Model):
    """The points of the first attempts handed in: how many, `mean` and `deviation` in hundredths (÷ n).

    `reliability` is None where alpha is not defined; `same_items` tells whether all papers held the same items.
    """

    __tablename__ = "round_statistic"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True, autoincrement=False)
    counted_at: Mapped[Instant]
    sat: Mapped[int]
    max_score: Mapped[int]
    mean: Mapped[float]
    deviation: Mapped[float]
    same_items: Mapped[bool]
    reliability: Mapped[float | None]


class TopicUse(db.Model):
    """How the people of one unit did on one topic in one round: points earned and possible, in hundredths.

    The unit is the node of the round they came under; `people` had items of the topic, `items` all together.
    """

    __tablename__ = "topic_use"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id"), primary_key=True, autoincrement=False, index=True
    )
    people: Mapped[int]
    items: Mapped[int]
    earned: Mapped[int] = mapped_column(BigInteger)
    possible: Mapped[int] = mapped_column(BigInteger)

    unit: Mapped[Unit] = relationship()
    topic: Mapped[Topic] = relationship()
