"""Published editions of a ranking, the frozen results in them, and how ties were settled.

An edition never moves; a new one stands beside.
"""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.names import with_cell
from quiz.core.promotion import WayOut
from quiz.extensions import db
from quiz.models.approvals import Approval
from quiz.models.contests import Entry, Round
from quiz.models.people import Account
from quiz.models.types import Instant, Key, SearchKey, one_of


class Edition(db.Model):
    """One publication of a round's ranking: provisional or final, numbered, with the SHA-256 of its results.

    A correction `replaces_id` an earlier edition, which stays beside it; `approval_id` is the decision of two people
    behind a final one and behind a correction.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("kind IN ('provisional', 'final')", name="kind"),
        Index(
            "uq_edition_final",
            "round_id",
            unique=True,
            sqlite_where=db.text("kind = 'final' AND replaces_id IS NULL"),
            postgresql_where=db.text("kind = 'final' AND replaces_id IS NULL"),
        ),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    check_code: Mapped[str] = mapped_column(String(20), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]  # results in it
    max_score: Mapped[int]
    published_at: Mapped[Instant]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), unique=True)

    round: Mapped[Round] = relationship(backref="editions")
    approval: Mapped[Approval | None] = relationship()
    published_by: Mapped[Account] = relationship()
    replaces: Mapped["Edition | None"] = relationship(remote_side="Edition.id", back_populates="replaced_by")
    replaced_by: Mapped["Edition | None"] = relationship(back_populates="replaces", uselist=False)


class Result(db.Model):
    """A published, frozen standing. Names are copied so that a later rename changes no paper.

    `position` is the line in the list (1, 2, 3 …), `rank` may be shared; `explanation` is the JSON of
    quiz.core.ranking.Explanation; `time_used` ms.
    """

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("edition_id", "position"), UniqueConstraint("edition_id", "entry_id"))

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    position: Mapped[int]
    rank: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    scope: Mapped[str] = mapped_column(String(120))  # within which the rank counts
    name: Mapped[str] = mapped_column(String(200))
    cell_name: Mapped[str] = mapped_column(String(260))
    unit_name: Mapped[str] = mapped_column(String(260))
    points: Mapped[int]
    time_used: Mapped[int | None]
    explanation: Mapped[dict[str, Any]] = mapped_column(JSON)
    search_key: Mapped[SearchKey]

    edition: Mapped[Edition] = relationship(backref="results")
    entry: Mapped[Entry] = relationship(foreign_keys=[entry_id])

    @property
    def name_and_cell(self) -> str:
        """Return the name with the cell, which tells namesakes apart in a sentence."""
        return with_cell(self.name, self.cell_name)


class TieDecision(db.Model):
    """How the board settled a tie at the cut of a round, kept with its reason and seed also when it was taken back.

    `scores` are the points (hundredths) on extra questions by entry id, None where there were none.
    """

    __tablename__ = "tie_decision"
    __table_args__ = (
        Index(
            "uq_tie_decision_standing", "edition_id", "scope", "rank", unique=True,
            sqlite_where=db.text("taken_back_at IS NULL"), postgresql_where=db.text("taken_back_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    scope: Mapped[str] = mapped_column(String(120))
    rank: Mapped[int]
    way: Mapped[WayOut] = mapped_column(one_of(WayOut))
    chosen: Mapped[list[int]] = mapped_column(JSON)
    seed: Mapped[str] = mapped_column(String(80), default="")
    scores: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(String(300))
    decided_at: Mapped[Instant]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    taken_back_at: Mapped[Instant | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_back_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")

    edition: Mapped[Edition] = relationship()
