"""Contests, their stages with rules, the rounds held at nodes of the tree, and the entries to them."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.names import with_cell
from quiz.core.people import AbsenceReason
from quiz.core.timing import Phase, Window, phase_of
from quiz.extensions import db
from quiz.models.people import Account, Person, Unit
from quiz.models.types import Code, Instant, Key, Name, OptionalInstant, one_of


class Contest(db.Model):
    """The whole competition, run by the board of one node."""

    __tablename__ = "contest"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[Name]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    created_at: Mapped[Instant]
    is_demo: Mapped[bool] = mapped_column(default=False)

    unit: Mapped[Unit] = relationship()
    stages: Mapped[list["Stage"]] = relationship(back_populates="contest", order_by="Stage.ordinal")


class Stage(db.Model):
    """One level of a contest: an ordinal, a free name and the one set of rules all its rounds obey.

    `rules` is the JSON of quiz.core.rules; it is frozen from `frozen_at`, when the first round opens.
    """

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("contest_id", "ordinal"),
        CheckConstraint("ordinal >= 1", name="ordinal"),
    )

    id: Mapped[Key]
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    ordinal: Mapped[int]
    name: Mapped[Name]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    rules_fingerprint: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[OptionalInstant]

    contest: Mapped[Contest] = relationship(back_populates="stages")
    rounds: Mapped[list["Round"]] = relationship(back_populates="stage", order_by="Round.id")


class Round(db.Model):
    """A stage held at one node, with its own window; its phase is computed by quiz.core.timing.phase_of.

    `amended_at` is when the rules last changed after it was opened: what a process keeps of them is older or not.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("stage_id", "unit_id", "name"),
        CheckConstraint("closes_at IS NULL OR opens_at < closes_at", name="window"),
    )

    id: Mapped[Key]
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[Name]
    opens_at: Mapped[OptionalInstant]
    closes_at: Mapped[OptionalInstant]
    opened_at: Mapped[OptionalInstant]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[OptionalInstant]
    closed_reason: Mapped[str] = mapped_column(String(300), default="")
    amended_at: Mapped[OptionalInstant]

    stage: Mapped[Stage] = relationship(back_populates="rounds")
    unit: Mapped[Unit] = relationship()
    scopes: Mapped[list["RoundUnit"]] = relationship(
        back_populates="round", order_by="RoundUnit.unit_id", cascade="all, delete-orphan"
    )
    entries: Mapped[list["Entry"]] = relationship(back_populates="round", order_by="Entry.id")

    @property
    def window(self) -> Window | None:
        """Return when the round may be sat, None until its hours are set."""
        if self.opens_at is None or self.closes_at is None:
            return None
        return Window(self.opens_at, self.closes_at, self.closed_at)

    def phase_at(self, now: int) -> Phase:
        """Return where the round stands at `now`."""
        return phase_of(self.window, self.opened_at, now)


class RoundUnit(db.Model):
    """A node a round covers, perhaps in a named cluster of the round."""

    __tablename__ = "round_unit"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    cluster: Mapped[str] = mapped_column(String(100), default="")

    round: Mapped[Round] = relationship(back_populates="scopes")
    unit: Mapped[Unit] = relationship()


class Cluster(db.Model):
    """What is known of a named cluster of a round: the unit that hosts it, and the unit and person that lead it."""

    __tablename__ = "cluster"
    __table_args__ = (UniqueConstraint("round_id", "name"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    name: Mapped[str] = mapped_column(String(100))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    host: Mapped[Unit | None] = relationship(foreign_keys=[host_id])
    head: Mapped[Unit | None] = relationship(foreign_keys=[head_id])
    leader: Mapped[Person | None] = relationship()


class Amendment(db.Model):
    """A change made after the opening, numbered within its stage, with its reason (R10).

    `before` and `after` hold the rules of the stage, or the hours of one round when `round_id` names it.
    """

    __tablename__ = "amendment"
    __table_args__ = (UniqueConstraint("stage_id", "number"),)

    id: Mapped[Key]
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    number: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[Instant]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    stage: Mapped[Stage] = relationship()
    round: Mapped[Round | None] = relationship()
    made_by: Mapped[Account | None] = relationship()


class RoundItem(db.Model):
    """An item version of the pool frozen when the round opened; papers are drawn from these alone."""

    __tablename__ = "round_item"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True, index=True)


class Entry(db.Model):
    """The right to sit a round, with its origin: registered, or earned by a result of an earlier round.

    `unit_id` is the cell at the time of entry, `scope_id` the node of the round it came under; `cluster` and
    `ranking_group` are kept as they were, so that a later merger changes no ranking.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint("origin IN ('registered', 'promoted', 'picked', 'reserve')", name="origin"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    scope_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    cluster: Mapped[str] = mapped_column(String(100), default="")
    ranking_group: Mapped[str] = mapped_column(String(60), default="")
    origin: Mapped[str] = mapped_column(String(20), default="registered")
    result_id: Mapped[int | None] = mapped_column(ForeignKey("result.id", use_alter=True))
    created_at: Mapped[Instant]
    withdrawn_at: Mapped[OptionalInstant]
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")

    round: Mapped[Round] = relationship(back_populates="entries")
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    scope: Mapped[Unit] = relationship(foreign_keys=[scope_id])

    @property
    def name_and_cell(self) -> str:
        """Return the name with the cell of the entry, which tells namesakes apart in a sentence."""
        return with_cell(self.person.full_name, self.unit.title)


class Reserve(db.Model):
    """Somebody a unit names beside its contestants, who may be confirmed or take a place that falls free (R8)."""

    __tablename__ = "reserve"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    scope_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[Instant]

    round: Mapped[Round] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    scope: Mapped[Unit] = relationship(foreign_keys=[scope_id])


class Absence(db.Model):
    """A cell that sends nobody to a round, with the reason (R5)."""

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("round_id", "unit_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    reason: Mapped[AbsenceReason] = mapped_column(one_of(AbsenceReason))
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[Instant]

    unit: Mapped[Unit] = relationship()
