"""Reserves who took the place of somebody who withdrew."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "successor",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["account.id"], name=op.f("fk_successor_called_by_id_account")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_successor_entry_id_entry")),
        sa.ForeignKeyConstraint(["replaces_id"], ["entry.id"], name=op.f("fk_successor_replaces_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_successor")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_successor_replaces_id")),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("successor")
