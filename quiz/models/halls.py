"""The commune hall: a session with shared devices, short codes for its contestants, and who sat where and when."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.contests import Entry, Round
from quiz.models.people import Account, Unit
from quiz.models.types import Instant, Key, Name, OptionalInstant


class HallSession(db.Model):
    """A supervised sitting of a round at one place, from `opens_at` until the proctor closes it.

    Devices join by `code`; contestants of the units under `unit_id` sit down at them with short codes. Who opened
    one on the laptop of a hall is known by name only.
    """

    __tablename__ = "hall_session"

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    place: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    asks_pin: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[Instant]
    created_at: Mapped[Instant]
    proctor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proctor_name: Mapped[Name] = mapped_column(default="", server_default="")
    closed_at: Mapped[OptionalInstant]

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()
    proctor: Mapped[Account | None] = relationship()

    @property
    def keeper(self) -> str:
        """Return the name of the proctor who opened it, "" when nobody is known."""
        return self.proctor.display_name if self.proctor else self.proctor_name


class HallCode(db.Model):
    """The short code of one contestant in one session; of no use outside the devices of that session."""

    __tablename__ = "hall_code"
    __table_args__ = (UniqueConstraint("hall_id", "code"),)

    hall_id: Mapped[int] = mapped_column(ForeignKey("hall_session.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    code: Mapped[str] = mapped_column(String(12))

    entry: Mapped[Entry] = relationship()


class HallDevice(db.Model):
    """A device of a session; its cookie holds the token, this row the keyed hash.

    One that the proctor has taken out keeps its row, for the seats there were, with a hash that no token has.
    """

    __tablename__ = "hall_device"
    __table_args__ = (UniqueConstraint("hall_id", "label"),)

    id: Mapped[Key]
    hall_id: Mapped[int] = mapped_column(ForeignKey("hall_session.id"), index=True)
    label: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    joined_at: Mapped[Instant]

    hall: Mapped[HallSession] = relationship()


class HallSeat(db.Model):
    """Somebody at a device from `sat_at` to `left_at`; one person and one device have one seat at a time.

    `session_id` is the sign-in there, None until the one who was moved here has come.
    """

    __tablename__ = "hall_seat"
    __table_args__ = (
        CheckConstraint("left_because IN ('', 'done', 'left', 'moved', 'closed')", name="left_because"),
        CheckConstraint("(left_at IS NULL) = (left_because = '')", name="left"),
        Index("uq_hall_seat_device", "device_id", unique=True, sqlite_where=db.text("left_at IS NULL"),
              postgresql_where=db.text("left_at IS NULL")),
        Index("uq_hall_seat_entry", "entry_id", unique=True, sqlite_where=db.text("left_at IS NULL"),
              postgresql_where=db.text("left_at IS NULL")),
    )  # fmt: skip

    id: Mapped[Key]
    hall_id: Mapped[int] = mapped_column(ForeignKey("hall_session.id"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("hall_device.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("auth_session.id"), index=True)
    sat_at: Mapped[Instant]
    left_at: Mapped[OptionalInstant]
    left_because: Mapped[str] = mapped_column(String(20), default="")

    hall: Mapped[HallSession] = relationship()
    device: Mapped[HallDevice] = relationship()
    entry: Mapped[Entry] = relationship()
