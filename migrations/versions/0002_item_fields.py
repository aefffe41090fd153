"""Oral items, the author's estimate, feedback per option, second readings, and what may have followed a document."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = ("single", "multiple", "true_false")
DIFFICULTIES = ("easy", "medium", "hard")


def upgrade() -> None:
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("followed_by", sa.String(length=60), server_default="", nullable=False))
        table.add_column(sa.Column("notice", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("item_version") as table:
        table.add_column(sa.Column("intended_difficulty", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("feedback", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("points", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("reviewed", sa.JSON(), nullable=True))
        table.drop_constraint(op.f("ck_item_version_kind"), type_="check")
        table.create_check_constraint(op.f("ck_item_version_kind"), one_of("kind", (*KINDS, "oral")))
        table.create_check_constraint(
            op.f("ck_item_version_difficulty"), one_of("intended_difficulty", DIFFICULTIES)
        )


def downgrade() -> None:
    forget_oral_items()
    with op.batch_alter_table("item_version") as table:
        table.drop_constraint(op.f("ck_item_version_difficulty"), type_="check")
        table.drop_constraint(op.f("ck_item_version_kind"), type_="check")
        table.create_check_constraint(op.f("ck_item_version_kind"), one_of("kind", KINDS))
        for name in ("reviewed", "points", "feedback", "intended_difficulty"):
            table.drop_column(name)
    with op.batch_alter_table("document") as table:
        table.drop_column("notice")
        table.drop_column("followed_by")


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def forget_oral_items() -> None:
    """Take oral versions out; an item that had other versions goes back to the newest of those."""
    version = sa.table("item_version", sa.column("id"), sa.column("item_id"), sa.column("kind"))
    item = sa.table("item", sa.column("id"), sa.column("current_id"))
    oral = sa.select(version.c.id).where(version.c.kind == "oral")
    newest = sa.select(sa.func.max(version.c.id)).where(
        version.c.item_id == item.c.id, version.c.kind != "oral"
    )
    op.execute(sa.update(item).where(item.c.current_id.in_(oral)).values(current_id=newest.scalar_subquery()))
    op.execute(sa.delete(version).where(version.c.kind == "oral"))
    op.execute(sa.delete(item).where(item.c.id.not_in(sa.select(version.c.item_id))))
