"""Decisions about ties that were taken back stay on record beside the one that counts."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns; every decision so far stands."""
    with op.batch_alter_table("tie_decision") as table:
        table.add_column(sa.Column("taken_back_at", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("taken_back_by_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("taken_back_reason", sa.String(length=300), nullable=False, server_default="")
        )
        table.create_foreign_key(
            op.f("fk_tie_decision_taken_back_by_id_account"), "account", ["taken_back_by_id"], ["id"]
        )
        table.drop_constraint(op.f("uq_tie_decision_edition_id_scope_rank"), type_="unique")
    op.create_index(
        "uq_tie_decision_standing", "tie_decision", ["edition_id", "scope", "rank"], unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"), postgresql_where=sa.text("taken_back_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    """Take them away again, with the decisions that were taken back."""
    op.drop_index("uq_tie_decision_standing", table_name="tie_decision")
    decision = sa.table("tie_decision", sa.column("taken_back_at", sa.BigInteger()))
    op.execute(decision.delete().where(decision.c.taken_back_at.is_not(None)))
    with op.batch_alter_table("tie_decision") as table:
        table.create_unique_constraint(
            op.f("uq_tie_decision_edition_id_scope_rank"), ["edition_id", "scope", "rank"]
        )
        table.drop_constraint(op.f("fk_tie_decision_taken_back_by_id_account"), type_="foreignkey")
        table.drop_column("taken_back_reason")
        table.drop_column("taken_back_by_id")
        table.drop_column("taken_back_at")
