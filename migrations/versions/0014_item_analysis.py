"""What the upper and lower groups chose, who did not come that far, and points by topic and unit."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


_COUNTS = ("not_reached", "upper_size", "lower_size")
_OPTIONS = ("upper", "lower")


def upgrade() -> None:
    with op.batch_alter_table("item_use") as table:
        for name in _COUNTS:
            table.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        for name in _OPTIONS:
            table.add_column(sa.Column(name, sa.JSON(), server_default="[]", nullable=False))
    op.create_table(
        "round_statistic",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.Column("sat", sa.Integer(), nullable=False),
        sa.Column("max_score", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("deviation", sa.Double(), nullable=False),
        sa.Column("same_items", sa.Boolean(), nullable=False),
        sa.Column("reliability", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_statistic_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_statistic")),
    )
    op.create_table(
        "topic_use",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("earned", sa.BigInteger(), nullable=False),
        sa.Column("possible", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_topic_use_round_id_round")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_use_topic_id_topic")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_topic_use_unit_id_unit")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", "topic_id", name=op.f("pk_topic_use")),
    )
    op.create_index(op.f("ix_topic_use_topic_id"), "topic_use", ["topic_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_topic_use_topic_id"), table_name="topic_use")
    op.drop_table("topic_use")
    op.drop_table("round_statistic")
    with op.batch_alter_table("item_use") as table:
        for name in (*_COUNTS, *_OPTIONS):
            table.drop_column(name)
