"""Where cells stood before they were moved, so that a round that is over keeps the tree it was held under."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; where cells stood before is not known and counts as never changed."""
    op.create_table(
        "former_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_former_place_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_place")),
    )
    with op.batch_alter_table("former_place") as table:
        table.create_index(op.f("ix_former_place_unit_id"), ["unit_id"])
        table.create_index(op.f("ix_former_place_until"), ["until"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("former_place")
