"""Attempts on paper, and the keyings of their answer sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attempt", sa.Column("medium", sa.String(length=10), server_default="device", nullable=False)
    )
    op.create_table(
        "printed_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("decided", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_printed_paper_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["account.id"], name=op.f("fk_printed_paper_issued_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_printed_paper_settled_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_paper")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_printed_paper_attempt_id")),
    )
    op.create_table(
        "keying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("keyed_at", sa.BigInteger(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_keying_number")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_keying_account_id_account")),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["printed_paper.id"], name=op.f("fk_keying_paper_id_printed_paper")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keying")),
        sa.UniqueConstraint("paper_id", "account_id", name=op.f("uq_keying_paper_id_account_id")),
        sa.UniqueConstraint("paper_id", "number", name=op.f("uq_keying_paper_id_number")),
    )


def downgrade() -> None:
    op.drop_table("keying")
    op.drop_table("printed_paper")
    op.drop_column("attempt", "medium")
