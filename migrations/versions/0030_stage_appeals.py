"""Appeals about a judged part: about one performance instead of a paper."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; every appeal so far is about a paper."""
    with op.batch_alter_table("appeal") as table:
        table.alter_column("attempt_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("performance_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_appeal_performance_id_performance"), "performance", ["performance_id"], ["id"]
        )
        table.create_unique_constraint(op.f("uq_appeal_performance_id"), ["performance_id"])
        table.create_check_constraint(
            op.f("ck_appeal_about_one"), "(attempt_id IS NULL) <> (performance_id IS NULL)"
        )


def downgrade() -> None:
    """Take it away again, with the appeals about judged parts."""
    appeal = sa.table("appeal", sa.column("attempt_id", sa.Integer()))
    op.execute(appeal.delete().where(appeal.c.attempt_id.is_(None)))
    with op.batch_alter_table("appeal") as table:
        table.drop_constraint(op.f("ck_appeal_about_one"), type_="check")
        table.drop_constraint(op.f("uq_appeal_performance_id"), type_="unique")
        table.drop_constraint(op.f("fk_appeal_performance_id_performance"), type_="foreignkey")
        table.drop_column("performance_id")
        table.alter_column("attempt_id", existing_type=sa.Integer(), nullable=False)
