"""Units of the organisation, the people in them, and who may sign in as what."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.names import titled, with_cell
from quiz.core.people import CellType, Position, Sex
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models.types import Code, Instant, Key, Name, OptionalInstant, SearchKey, SortKey, one_of


class Unit(db.Model):
    """A node of the organisation tree: any depth, a free type label, a validity span and perhaps a successor.

    `path` is "/1/7/23/", the ids from the root down to and with this node; a subtree is a prefix of it.
    A cell (chi bộ) is a node with `is_cell`, and only cells have the attributes below it.
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="validity"),
        Index("ix_unit_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    type_label: Mapped[str] = mapped_column(String(60))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(400), default="")
    is_cell: Mapped[bool] = mapped_column(default=False)
    cell_type: Mapped[CellType | None] = mapped_column(one_of(CellType))
    ranking_group: Mapped[str] = mapped_column(String(60), default="")
    has_signal: Mapped[bool] = mapped_column(default=True)
    is_difficult: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    search_key: Mapped[SearchKey]
    sort_key: Mapped[SortKey]

    parent: Mapped["Unit | None"] = relationship(
        foreign_keys=[parent_id], remote_side="Unit.id", back_populates="children"
    )
    children: Mapped[list["Unit"]] = relationship(
        foreign_keys=[parent_id], back_populates="parent", order_by="[Unit.sort_key, Unit.id]"
    )
    successor: Mapped["Unit | None"] = relationship(foreign_keys=[successor_id], remote_side="Unit.id")

    @property
    def title(self) -> str:
        """Return the type label and name as people say it: "xã Hát Lót"."""
        return titled(self.type_label, self.name)


class FormerName(db.Model):
    """A name a unit had until a day, kept so that old papers can be searched."""

    __tablename__ = "former_name"

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[Name]
    until: Mapped[date]
    search_key: Mapped[SearchKey]

    unit: Mapped[Unit] = relationship(backref="former_names")


class FormerPlace(db.Model):
    """Where a cell stood in the tree before an instant: its path then, whose ids say what covered it."""

    __tablename__ = "former_place"

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(400))
    until: Mapped[Instant] = mapped_column(index=True)


class Person(db.Model):
    """Somebody who may be sent to compete (R3); no identity-card number is kept."""

    __tablename__ = "person"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    full_name: Mapped[Name]
    birth_date: Mapped[date | None]
    sex: Mapped[Sex | None] = mapped_column(one_of(Sex))
    ethnicity: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[Position] = mapped_column(one_of(Position), default=Position.SECRETARY)
    is_village_head: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(String(30), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    search_key: Mapped[SearchKey]
    sort_key: Mapped[SortKey] = mapped_column(index=True)

    unit: Mapped[Unit] = relationship()

    @property
    def name_and_cell(self) -> str:
        """Return the name with the cell, which tells namesakes apart in a sentence."""
        return with_cell(self.full_name, self.unit.title)


class Account(db.Model):
    """A staff sign-in: user name and password; `person_id` when the holder is also on the roster."""

    __tablename__ = "account"

    id: Mapped[Key]
    username: Mapped[Code] = mapped_column(unique=True)
    display_name: Mapped[Name]
    password_hash: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]
    disabled_at: Mapped[OptionalInstant]

    person: Mapped[Person | None] = relationship()
    grants: Mapped[list["Grant"]] = relationship(
        back_populates="account", foreign_keys="Grant.account_id", order_by="Grant.id"
    )


class Grant(db.Model):
    """A role over a subtree; `unit_id` None reaches every unit."""

    __tablename__ = "role_grant"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    granted_at: Mapped[Instant]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[OptionalInstant]

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])
    unit: Mapped[Unit | None] = relationship()


class AccessCard(db.Model):
    """A contestant's printed card for one contest: short code with PIN (argon2) and a long QR token (keyed hash).

    A reset revokes the row and makes another, so that one at most is in use; `serial` counts the cards of one
    person in one contest.
    """

    __tablename__ = "access_card"
    __table_args__ = (
        UniqueConstraint("contest_id", "person_id", "serial"),
        Index("uq_access_card_live", "contest_id", "person_id", unique=True,
              sqlite_where=db.text("revoked_at IS NULL"),
              postgresql_where=db.text("revoked_at IS NULL")),  # one card in use
    )  # fmt: skip

    id: Mapped[Key]
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    serial: Mapped[int]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[Instant]
    revoked_at: Mapped[OptionalInstant]

    person: Mapped[Person] = relationship()


class AuthSession(db.Model):
    """A signed-in browser, of an account or of a card; the cookie holds the token, this row its keyed hash.

    `device` and `network` are short keyed hashes too, of contestants only: they can be compared, and tell neither
    the address nor the device.
    """

    __tablename__ = "auth_session"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (card_id IS NULL)", name="one_holder"),
        Index("ix_auth_session_card", "card_id", "revoked_at"),
    )

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    card_id: Mapped[int | None] = mapped_column(ForeignKey("access_card.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[OptionalInstant]
    agent: Mapped[str] = mapped_column(String(200), default="")
    device: Mapped[str] = mapped_column(String(16), default="")
    network: Mapped[str] = mapped_column(String(16), default="")

    account: Mapped[Account | None] = relationship()
    card: Mapped[AccessCard | None] = relationship()


class LoginFailure(db.Model):
    """A wrong try at a secret, counted per sign-in name so that guessing is slowed down in every worker alike."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_name_at", "name", "at"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    at: Mapped[Instant]
