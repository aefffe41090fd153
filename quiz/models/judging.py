"""The stage: who judges, who performs when, the score sheets and what became of them, and the packages drawn.

A part is known by its name in the frozen rules of the stage. Sheets are kept, points are derived by quiz.core.judging.
Who did something on the laptop of a hall has no account here and stands by name: `…_name` beside an empty account.
"""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.bank import ItemVersion
from quiz.models.contests import Entry, Round
from quiz.models.people import Account
from quiz.models.types import Instant, Key, Name, OptionalInstant


class PanelSeat(db.Model):
    """A judge's seat on the panel of a part, for one group or ("") for all; `seat` counts from 1."""

    __tablename__ = "panel_seat"
    __table_args__ = (
        UniqueConstraint("round_id", "part", "ranking_group", "seat"),
        UniqueConstraint("round_id", "part", "ranking_group", "account_id"),
        CheckConstraint("seat >= 1", name="seat"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    part: Mapped[str] = mapped_column(String(100))
    ranking_group: Mapped[str] = mapped_column(String(60), default="")
    seat: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    account_name: Mapped[Name] = mapped_column(default="", server_default="")
    is_head: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account | None] = relationship()

    @property
    def judge(self) -> str:
        """Return the name of who sits there."""
        return self.account.display_name if self.account else self.account_name


class OrderDraw(db.Model):
    """The one public draw of a round's running order, kept with its seed so that anybody can repeat it."""

    __tablename__ = "order_draw"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True, autoincrement=False)
    seed: Mapped[str] = mapped_column(String(80))
    sessions: Mapped[int]
    drawn_at: Mapped[Instant]
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    drawn_by_name: Mapped[Name] = mapped_column(default="", server_default="")

    drawn_by: Mapped[Account | None] = relationship()

    @property
    def drawer(self) -> str:
        """Return the name of who drew."""
        return self.drawn_by.display_name if self.drawn_by else self.drawn_by_name


class Lot(db.Model):
    """A package of questions to be drawn once in its group, for one group or ("") for all.

    A draw that was taken back leaves it used: `void_at`, why, and whose draw it had been.
    """

    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("round_id", "part", "ranking_group", "number"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    part: Mapped[str] = mapped_column(String(100))
    ranking_group: Mapped[str] = mapped_column(String(60), default="")
    number: Mapped[int]
    void_at: Mapped[OptionalInstant]
    void_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    void_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))

    items: Mapped[list["LotItem"]] = relationship(
        back_populates="lot", order_by="LotItem.place", cascade="all, delete-orphan"
    )
    void_entry: Mapped[Entry | None] = relationship()
    performance: Mapped["Performance | None"] = relationship(back_populates="lot")


class LotItem(db.Model):
    """One question of a package; `place` counts from 1."""

    __tablename__ = "lot_item"
    __table_args__ = (UniqueConstraint("lot_id", "version_id"),)

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)

    lot: Mapped[Lot] = relationship(back_populates="items")
    version: Mapped[ItemVersion] = relationship()


class Performance(db.Model):
    """One contestant in one judged part: when in the order, the clock, what was drawn, and who stands for the points.

    `running_since` is set while the clock runs, `used` are the ms before that. `decided` are the head judge's points
    (hundredths) where the rules leave them to the head. A performance is checked, then signed. `lot_shown` is the
    question of its package that the hall's screen shows, 0 for none.
    """

    __tablename__ = "performance"
    __table_args__ = (
        UniqueConstraint("round_id", "part", "entry_id"),
        CheckConstraint("used >= 0", name="used"),
        CheckConstraint("signed_at IS NULL OR checked_at IS NOT NULL", name="signed"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    part: Mapped[str] = mapped_column(String(100))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    session: Mapped[int] = mapped_column(default=1)
    place: Mapped[int]
    drawn: Mapped[int]
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"), unique=True)
    lot_drawn_at: Mapped[OptionalInstant]
    lot_shown: Mapped[int] = mapped_column(default=0, server_default="0")
    called_at: Mapped[OptionalInstant]
    started_at: Mapped[OptionalInstant]
    running_since: Mapped[OptionalInstant]
    used: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[OptionalInstant]
    absent_reason: Mapped[str] = mapped_column(String(300), default="")
    decided: Mapped[int | None]
    decided_reason: Mapped[str] = mapped_column(String(300), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_name: Mapped[Name] = mapped_column(default="", server_default="")
    checked_at: Mapped[OptionalInstant]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_by_name: Mapped[Name] = mapped_column(default="", server_default="")
    signed_at: Mapped[OptionalInstant]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_by_name: Mapped[Name] = mapped_column(default="", server_default="")

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()
    lot: Mapped[Lot | None] = relationship(back_populates="performance")
    sheets: Mapped[list["ScoreSheet"]] = relationship(
        back_populates="performance", order_by="ScoreSheet.seat"
    )
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    checked_by: Mapped[Account | None] = relationship(foreign_keys=[checked_by_id])
    signed_by: Mapped[Account | None] = relationship(foreign_keys=[signed_by_id])

    @property
    def decider(self) -> str:
        """Return the name of the head judge who decided the points, "" where nobody had to."""
        return _name(self.decided is not None, self.decided_by, self.decided_by_name)

    @property
    def checker(self) -> str:
        """Return the name of who checked the sheets, "" before."""
        return _name(self.checked_at is not None, self.checked_by, self.checked_by_name)

    @property
    def signer(self) -> str:
        """Return the name of the head judge who signed, "" before."""
        return _name(self.signed_at is not None, self.signed_by, self.signed_by_name)


def _name(is_done: bool, account: Account | None, name: str) -> str:
    if not is_done:
        return ""
    return account.display_name if account else name


class ScoreSheet(db.Model):
    """What the judge of one seat gave one performance: hundredths by criterion, and a note.

    `stamp` numbers the judge's changes, so that a late or repeated save never covers a newer one. A sheet counts from
    `submitted_at`; `keyed_by_id` is the secretary who entered it from paper.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("performance_id", "seat"),)

    id: Mapped[Key]
    performance_id: Mapped[int] = mapped_column(ForeignKey("performance.id"))
    seat: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    account_name: Mapped[Name] = mapped_column(default="", server_default="")
    marks: Mapped[dict[str, int]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(1000), default="")
    stamp: Mapped[Instant]
    saved_at: Mapped[Instant]
    submitted_at: Mapped[OptionalInstant]
    keyed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    keyed_by_name: Mapped[Name] = mapped_column(default="", server_default="")

    performance: Mapped[Performance] = relationship(back_populates="sheets")
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    keyed_by: Mapped[Account | None] = relationship(foreign_keys=[keyed_by_id])

    @property
    def judge(self) -> str:
        """Return the name of the judge whose sheet it is."""
        return self.account.display_name if self.account else self.account_name

    @property
    def keyer(self) -> str:
        """Return the name of who keyed it from paper the second time, "" for a sheet marked on a device."""
        return self.keyed_by.display_name if self.keyed_by else self.keyed_by_name


class SheetKeying(db.Model):
    """A paper sheet as one person typed it; two of them, by different people, become a score sheet when they agree."""

    __tablename__ = "sheet_keying"
    __table_args__ = (UniqueConstraint("performance_id", "seat", "number"),)

    id: Mapped[Key]
    performance_id: Mapped[int] = mapped_column(ForeignKey("performance.id"))
    seat: Mapped[int]
    number: Mapped[int]
    marks: Mapped[dict[str, int]] = mapped_column(JSON)
    keyed_at: Mapped[Instant]
    keyed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    keyed_by_name: Mapped[Name] = mapped_column(default="", server_default="")

    keyed_by: Mapped[Account | None] = relationship()


class SheetCorrection(db.Model):
    """A change of a sheet that had been handed in: both sets of marks, the reason, and who; never taken away."""

    __tablename__ = "sheet_correction"

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"), index=True)
    before: Mapped[dict[str, int]] = mapped_column(JSON)
    after: Mapped[dict[str, int]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(300))
    corrected_at: Mapped[Instant]
    corrected_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    corrected_by_name: Mapped[Name] = mapped_column(default="", server_default="")

    corrected_by: Mapped[Account | None] = relationship()

    @property
    def corrector(self) -> str:
        """Return the name of who corrected."""
        return self.corrected_by.display_name if self.corrected_by else self.corrected_by_name


class Essay(db.Model):
    """What a contestant handed in beforehand for a part (outline, essay): a file, or received on paper.

    `kind` is that of the file, `pages` how many where they can be counted; `reason` says why one that came late was
    taken; `received_by_id` is the organizer who took it, None for who handed it in oneself.
    """

    __tablename__ = "essay"
    __table_args__ = (
        UniqueConstraint("round_id", "part", "entry_id"),
        CheckConstraint("is_on_paper = (sha256 = '')", name="file_or_paper"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    part: Mapped[str] = mapped_column(String(100))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    received_at: Mapped[Instant]
    is_on_paper: Mapped[bool] = mapped_column(default=False)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(10), default="", server_default="")
    size: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()


class EssayFile(db.Model):
    """The bytes of an essay, beside it so that lists never read them."""

    __tablename__ = "essay_file"

    essay_id: Mapped[int] = mapped_column(ForeignKey("essay.id"), primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
