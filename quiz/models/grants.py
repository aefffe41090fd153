"""Minutes given to attempts beyond their time, each with its reason, and the attempts they reached."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.grants import Minutes
from quiz.extensions import db
from quiz.models.attempts import Attempt
from quiz.models.contests import Round
from quiz.models.halls import HallSession
from quiz.models.people import Account, Person, Unit
from quiz.models.types import Instant, Key, Name, OptionalInstant


class TimeGrant(db.Model):
    """So many minutes for one person, one hall or one unit with all below it, in one round (R22).

    `path` is that of the cell, of the hall's unit or of the unit itself; `for_later`: whoever starts afterwards gets
    them too. `key` names the form it came from, so that a double click gives once. Who gave them on the laptop of
    a hall is known by name only.
    """

    __tablename__ = "time_grant"
    __table_args__ = (
        CheckConstraint("minutes >= 1", name="minutes"),
        CheckConstraint(
            "CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN hall_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_target",
        ),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("hall_session.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(String(400))
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    for_later: Mapped[bool] = mapped_column(default=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    given_at: Mapped[Instant]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    given_by_name: Mapped[Name] = mapped_column(default="", server_default="")
    withdrawn_at: Mapped[OptionalInstant]

    round: Mapped[Round] = relationship()
    person: Mapped[Person | None] = relationship()
    hall: Mapped[HallSession | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    given_by: Mapped[Account | None] = relationship()
    reached: Mapped[list["TimeGiven"]] = relationship(order_by="TimeGiven.attempt_id")

    @property
    def giver(self) -> str:
        """Return the name of whoever gave them, "" when that was no person."""
        return self.given_by.display_name if self.given_by else self.given_by_name

    @property
    def target_name(self) -> str:
        """Return what people call whom the minutes are for."""
        if self.person is not None:
            return self.person.full_name
        return self.hall.place if self.hall is not None else self.unit.title if self.unit is not None else ""

    @property
    def rule(self) -> Minutes:
        """Return the grant as the rules know it."""
        return Minutes(self.minutes, self.person_id, self.hall_id, self.path)


class TimeGiven(db.Model):
    """An attempt a grant reached, with its deadlines before and after; `was_reopened`: the clock had closed it."""

    __tablename__ = "time_given"

    grant_id: Mapped[int] = mapped_column(ForeignKey("time_grant.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, index=True)
    deadline_before: Mapped[Instant]
    deadline_after: Mapped[Instant]
    was_reopened: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[Instant]

    attempt: Mapped[Attempt] = relationship()
