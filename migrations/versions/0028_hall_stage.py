"""Who worked on the stage in a hall, by name, and which packages carry the stage."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NAMES = {
    "panel_seat": ("account",), "order_draw": ("drawn_by",), "performance": ("decided_by", "checked_by", "signed_by"),
    "score_sheet": ("account", "keyed_by"), "sheet_keying": ("keyed_by",), "sheet_correction": ("corrected_by",),
}  # fmt: skip
LOOSENED = {
    "panel_seat": "account_id", "order_draw": "drawn_by_id", "sheet_keying": "keyed_by_id",
    "sheet_correction": "corrected_by_id",
}  # fmt: skip


def upgrade() -> None:
    """Let an account be empty where a name stands beside it, and mark packages that carry the stage."""
    for name, fields in NAMES.items():
        with op.batch_alter_table(name) as table:
            if name in LOOSENED:
                table.alter_column(LOOSENED[name], existing_type=sa.Integer(), nullable=True)
            for field in fields:
                column = sa.Column(f"{field}_name", sa.String(200), server_default="", nullable=False)
                table.add_column(column)
    with op.batch_alter_table("package") as table:
        table.add_column(sa.Column("with_stage", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take them away again, and with them what was done on laptops of halls."""
    with op.batch_alter_table("package") as table:
        table.drop_column("with_stage")
    for name, field in LOOSENED.items():
        rows = sa.table(name, sa.column(field))
        op.execute(rows.delete().where(rows.c[field].is_(None)))
    for name, fields in reversed(NAMES.items()):
        with op.batch_alter_table(name) as table:
            for field in fields:
                table.drop_column(f"{field}_name")
            if name in LOOSENED:
                table.alter_column(LOOSENED[name], existing_type=sa.Integer(), nullable=False)
