"""What went wrong on the day: a log of incidents, what was done about each, and the minutes given because of it."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.incidents import IncidentKind
from quiz.extensions import db
from quiz.models.contests import Entry, Round
from quiz.models.grants import TimeGrant
from quiz.models.people import Account, Unit
from quiz.models.types import Instant, Key, Name, OptionalInstant, one_of


class Incident(db.Model):
    """Something that happened at a unit in one round, perhaps to one contestant; its words never change.

    `path` is that of the unit at the time. One written by mistake is withdrawn with a reason and stays to be read.
    `key` names the form it came from, so that a double click writes once. Who wrote on the laptop of a hall is known by
    name only.
    """

    __tablename__ = "incident"
    __table_args__ = (CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    path: Mapped[str] = mapped_column(String(400))
    place: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[IncidentKind] = mapped_column(one_of(IncidentKind))
    happened_at: Mapped[Instant]
    what: Mapped[str] = mapped_column(String(1000))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    written_at: Mapped[Instant]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_by_name: Mapped[Name] = mapped_column(default="", server_default="")
    withdrawn_at: Mapped[OptionalInstant]
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()
    entry: Mapped[Entry | None] = relationship()
    written_by: Mapped[Account | None] = relationship()
    steps: Mapped[list["IncidentStep"]] = relationship(order_by="IncidentStep.id")
    grants: Mapped[list[TimeGrant]] = relationship(
        secondary="incident_grant", order_by=TimeGrant.id, viewonly=True
    )

    @property
    def writer(self) -> str:
        """Return the name of whoever wrote it down, "" when nobody is known."""
        return self.written_by.display_name if self.written_by else self.written_by_name


class IncidentStep(db.Model):
    """What was done about an incident, and when; added to, never changed."""

    __tablename__ = "incident_step"

    id: Mapped[Key]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    text: Mapped[str] = mapped_column(String(1000))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    written_at: Mapped[Instant]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_by_name: Mapped[Name] = mapped_column(default="", server_default="")

    written_by: Mapped[Account | None] = relationship()

    @property
    def writer(self) -> str:
        """Return the name of whoever wrote it down, "" when nobody is known."""
        return self.written_by.display_name if self.written_by else self.written_by_name


class IncidentGrant(db.Model):
    """Minutes given because of an incident; a grant has one cause at most."""

    __tablename__ = "incident_grant"

    grant_id: Mapped[int] = mapped_column(ForeignKey("time_grant.id"), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
