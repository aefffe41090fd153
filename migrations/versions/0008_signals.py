"""Keyed traces of contestants' sign-ins; signs found in a round, their papers, and the board's decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SIGNS = ("wrong", "device", "speed", "turns", "silence", "network")
VERDICTS = ("no_finding", "noted", "talk")


def upgrade() -> None:
    with op.batch_alter_table("auth_session") as table:
        table.add_column(sa.Column("device", sa.String(length=16), server_default="", nullable=False))
        table.add_column(sa.Column("network", sa.String(length=16), server_default="", nullable=False))
    op.create_table(
        "signal_report",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.BigInteger(), nullable=False),
        sa.Column("computed_by_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("papers", "traced", "able", "too_few")),
        sa.Column("factor", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["computed_by_id"], ["account.id"], name=op.f("fk_signal_report_computed_by_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_signal_report_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_signal_report")),
    )
    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("strength", sa.Double(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.CheckConstraint(one_of("kind", SIGNS), name=op.f("ck_signal_sign")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_signal_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("round_id", "key", name=op.f("uq_signal_round_id_key")),
    )
    op.create_table(
        "signal_paper",
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_signal_paper_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_paper_signal_id_signal")),
        sa.PrimaryKeyConstraint("signal_id", "attempt_id", name=op.f("pk_signal_paper")),
    )
    op.create_index(op.f("ix_signal_paper_attempt_id"), "signal_paper", ["attempt_id"])
    op.create_table(
        "signal_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("verdict", VERDICTS), name=op.f("ck_signal_decision_verdict")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_signal_decision_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signal.id"], name=op.f("fk_signal_decision_signal_id_signal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_decision")),
        sa.UniqueConstraint("signal_id", "number", name=op.f("uq_signal_decision_signal_id_number")),
    )


def downgrade() -> None:
    for table in ("signal_decision", "signal_paper", "signal", "signal_report"):
        op.drop_table(table)
    with op.batch_alter_table("auth_session") as table:
        table.drop_column("network")
        table.drop_column("device")


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
