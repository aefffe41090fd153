"""Keys put right after a round, attempts struck out, appeals with their window, and points on extra questions."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    """Make the tables and columns."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("policy", _one_of("policy", "everyone", "both", "new_only", "void"), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("old_key", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _key("correction", "contest_id", "contest"),
        _key("correction", "version_id", "item_version"),
        _key("correction", "approval_id", "approval"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("approval_id", name=op.f("uq_correction_approval_id")),
    )
    op.create_index(op.f("ix_correction_contest_id"), "correction", ["contest_id"])
    op.create_index(op.f("ix_correction_version_id"), "correction", ["version_id"])
    op.create_table(
        "round_correction",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        _key("round_correction", "round_id", "round"),
        _key("round_correction", "correction_id", "correction"),
        sa.PrimaryKeyConstraint("round_id", "correction_id", name=op.f("pk_round_correction")),
    )
    op.create_index(op.f("ix_round_correction_correction_id"), "round_correction", ["correction_id"])
    op.create_table(
        "voided_attempt",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("voided_at", sa.BigInteger(), nullable=False),
        _key("voided_attempt", "attempt_id", "attempt"),
        _key("voided_attempt", "approval_id", "approval"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_voided_attempt")),
        sa.UniqueConstraint("approval_id", name=op.f("uq_voided_attempt_approval_id")),
    )
    _make_appeals()
    with op.batch_alter_table("tie_decision") as decision:
        decision.add_column(sa.Column("scores", sa.JSON(), nullable=True))


def _make_appeals() -> None:
    op.create_table(
        "appeal_window",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("shows_paper", sa.Boolean(), nullable=False),
        sa.Column("shows_key", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_appeal_window_window")),
        sa.CheckConstraint("shows_paper OR NOT shows_key", name=op.f("ck_appeal_window_key_with_paper")),
        _key("appeal_window", "round_id", "round"),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_appeal_window")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("finding", _one_of("finding", "kept", "corrected"), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (finding IS NULL)", name=op.f("ck_appeal_answered")),
        _key("appeal", "round_id", "round"),
        _key("appeal", "attempt_id", "attempt"),
        _key("appeal", "version_id", "item_version"),
        _key("appeal", "answered_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_appeal_attempt_id_position")),
    )
    op.create_index("ix_appeal_round", "appeal", ["round_id", "answered_at", "due_at"])


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("tie_decision") as decision:
        decision.drop_column("scores")
    for table in ("appeal", "appeal_window", "voided_attempt", "round_correction", "correction"):
        op.drop_table(table)
