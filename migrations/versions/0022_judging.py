"""Judges, performances, score sheets, question packages and what is handed in beforehand."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panel_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=100), nullable=False),
        sa.Column("ranking_group", sa.String(length=60), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_panel_seat_seat")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_panel_seat_account_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_panel_seat_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_seat")),
        sa.UniqueConstraint(
            "round_id",
            "part",
            "ranking_group",
            "account_id",
            name=op.f("uq_panel_seat_round_id_part_ranking_group_account_id"),
        ),
        sa.UniqueConstraint(
            "round_id",
            "part",
            "ranking_group",
            "seat",
            name=op.f("uq_panel_seat_round_id_part_ranking_group_seat"),
        ),
    )
    op.create_index(op.f("ix_panel_seat_account_id"), "panel_seat", ["account_id"], unique=False)
    op.create_table(
        "order_draw",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["account.id"], name=op.f("fk_order_draw_drawn_by_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_order_draw_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_order_draw")),
    )
    op.create_table(
        "lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=100), nullable=False),
        sa.Column("ranking_group", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_lot_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint(
            "round_id",
            "part",
            "ranking_group",
            "number",
            name=op.f("uq_lot_round_id_part_ranking_group_number"),
        ),
    )
    op.create_table(
        "performance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=100), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("lot_drawn_at", sa.BigInteger(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("running_since", sa.BigInteger(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("absent_reason", sa.String(length=300), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=True),
        sa.Column("decided_reason", sa.String(length=300), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("signed_at IS NULL OR checked_at IS NOT NULL", name=op.f("ck_performance_signed")),
        sa.CheckConstraint("used >= 0", name=op.f("ck_performance_used")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["account.id"], name=op.f("fk_performance_checked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_performance_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_performance_entry_id_entry")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_performance_lot_id_lot")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_performance_round_id_round")),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_performance_signed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_performance_lot_id")),
        sa.UniqueConstraint(
            "round_id", "part", "entry_id", name=op.f("uq_performance_round_id_part_entry_id")
        ),
    )
    op.create_index(op.f("ix_performance_entry_id"), "performance", ["entry_id"], unique=False)
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("performance_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("keyed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_score_sheet_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["keyed_by_id"], ["account.id"], name=op.f("fk_score_sheet_keyed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["performance_id"], ["performance.id"], name=op.f("fk_score_sheet_performance_id_performance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("performance_id", "seat", name=op.f("uq_score_sheet_performance_id_seat")),
    )
    op.create_index(op.f("ix_score_sheet_account_id"), "score_sheet", ["account_id"], unique=False)
    op.create_table(
        "sheet_keying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("performance_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("keyed_at", sa.BigInteger(), nullable=False),
        sa.Column("keyed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["keyed_by_id"], ["account.id"], name=op.f("fk_sheet_keying_keyed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["performance_id"], ["performance.id"], name=op.f("fk_sheet_keying_performance_id_performance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_keying")),
        sa.UniqueConstraint(
            "performance_id", "seat", "number", name=op.f("uq_sheet_keying_performance_id_seat_number")
        ),
    )
    op.create_table(
        "sheet_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("corrected_at", sa.BigInteger(), nullable=False),
        sa.Column("corrected_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrected_by_id"], ["account.id"], name=op.f("fk_sheet_correction_corrected_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["score_sheet.id"], name=op.f("fk_sheet_correction_sheet_id_score_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_correction")),
    )
    op.create_index(op.f("ix_sheet_correction_sheet_id"), "sheet_correction", ["sheet_id"], unique=False)
    op.create_table(
        "essay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=100), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("is_on_paper", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_essay_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["account.id"], name=op.f("fk_essay_received_by_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_essay_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay")),
        sa.UniqueConstraint("round_id", "part", "entry_id", name=op.f("uq_essay_round_id_part_entry_id")),
    )
    op.create_index(op.f("ix_essay_entry_id"), "essay", ["entry_id"], unique=False)


def downgrade() -> None:
    op.drop_table("essay")
    op.drop_table("sheet_correction")
    op.drop_table("sheet_keying")
    op.drop_table("score_sheet")
    op.drop_table("performance")
    op.drop_table("lot")
    op.drop_table("order_draw")
    op.drop_table("panel_seat")
