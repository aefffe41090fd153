"""What a device says of absences from the page of a paper, and the sign for the board."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SIGNS = ("wrong", "device", "speed", "turns", "silence", "network")
WITH_AWAY = ("wrong", "device", "speed", "turns", "silence", "away", "network")


def upgrade() -> None:
    """Make the columns, and let a sign be of the new kind."""
    op.add_column("attempt", sa.Column("away_count", sa.Integer(), nullable=True))
    op.add_column("attempt", sa.Column("away_ms", sa.Integer(), nullable=True))
    let_signs_be(WITH_AWAY)


def downgrade() -> None:
    """Take them away again, with the signs of that kind."""
    signal = sa.table("signal", sa.column("id"), sa.column("kind"))
    gone = sa.select(signal.c.id).where(signal.c.kind == "away")
    for table in ("signal_decision", "signal_paper"):
        names = sa.table(table, sa.column("signal_id"))
        op.execute(names.delete().where(names.c.signal_id.in_(gone)))
    op.execute(signal.delete().where(signal.c.kind == "away"))
    let_signs_be(SIGNS)
    op.drop_column("attempt", "away_ms")
    op.drop_column("attempt", "away_count")


def let_signs_be(kinds: tuple[str, ...]) -> None:
    """Set which kinds of signs may be stored."""
    with op.batch_alter_table("signal") as table:
        table.drop_constraint(op.f("ck_signal_sign"), type_="check")
        table.create_check_constraint(
            op.f("ck_signal_sign"), f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
        )
