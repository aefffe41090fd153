"""The questions of a package as rows, what became of a draw taken back, and the question on the hall's screen."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns; the list it stands for was never filled."""
    with op.batch_alter_table("lot") as table:
        table.drop_column("versions")
        table.add_column(sa.Column("void_at", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("void_reason", sa.String(length=300), nullable=False, server_default=""))
        table.add_column(sa.Column("void_entry_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_lot_void_entry_id_entry"), "entry", ["void_entry_id"], ["id"])
    op.create_table(
        "lot_item",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_item_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_lot_item_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("lot_id", "place", name=op.f("pk_lot_item")),
        sa.UniqueConstraint("lot_id", "version_id", name=op.f("uq_lot_item_lot_id_version_id")),
    )
    op.create_index(op.f("ix_lot_item_version_id"), "lot_item", ["version_id"])
    op.add_column("performance", sa.Column("lot_shown", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take them away again; packages go with them, for the old list would be empty."""
    performance = sa.table("performance", sa.column("lot_id"), sa.column("lot_drawn_at"))
    op.execute(performance.update().values(lot_id=None, lot_drawn_at=None))
    op.drop_column("performance", "lot_shown")
    op.drop_table("lot_item")
    op.execute(sa.table("lot").delete())
    with op.batch_alter_table("lot") as table:
        table.drop_constraint(op.f("fk_lot_void_entry_id_entry"), type_="foreignkey")
        table.drop_column("void_entry_id")
        table.drop_column("void_reason")
        table.drop_column("void_at")
        table.add_column(sa.Column("versions", sa.JSON(), nullable=False))
