"""Reserves who said before being called that they cannot come, so that a call goes past them."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nobody has declined so far."""
    op.create_table(
        "decline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("declined_at", sa.BigInteger(), nullable=False),
        sa.Column("declined_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_decline_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["declined_by_id"], ["account.id"], name=op.f("fk_decline_declined_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"], ["account.id"], name=op.f("fk_decline_taken_back_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decline")),
    )
    op.create_index(op.f("ix_decline_entry_id"), "decline", ["entry_id"])
    op.create_index(
        "uq_decline_standing", "decline", ["entry_id"], unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"), postgresql_where=sa.text("taken_back_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    """Take it away again, with what was said."""
    op.drop_table("decline")
