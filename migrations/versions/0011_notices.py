"""What the notices of a round say, and which cells have received theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_notice_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_notice")),
    )
    op.create_table(
        "notice_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_receipt_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_notice_receipt_round_id_round"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_receipt_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_receipt")),
        sa.UniqueConstraint("round_id", "unit_id", name=op.f("uq_notice_receipt_round_id_unit_id")),
    )


def downgrade() -> None:
    op.drop_table("notice_receipt")
    op.drop_table("notice")
