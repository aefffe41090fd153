"""Who issues and signs the papers of a contest, and their numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letterhead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("above", sa.String(length=120), nullable=False),
        sa.Column("body", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("superior", sa.String(length=120), nullable=False),
        sa.Column("on_behalf", sa.String(length=80), nullable=False),
        sa.Column("position", sa.String(length=80), nullable=False),
        sa.Column("signer", sa.String(length=80), nullable=False),
        sa.Column("secretary", sa.String(length=80), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_letterhead_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_letterhead_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterhead")),
        sa.UniqueConstraint("contest_id", "unit_id", name=op.f("uq_letterhead_contest_id_unit_id")),
    )
    op.create_index(op.f("ix_letterhead_unit_id"), "letterhead", ["unit_id"])
    op.create_table(
        "paper_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (stage_id IS NULL)", name=op.f("ck_paper_number_one_subject")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_number_round_id_round")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_paper_number_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_number")),
        sa.UniqueConstraint("round_id", "kind", name=op.f("uq_paper_number_round_id_kind")),
        sa.UniqueConstraint("stage_id", "kind", name=op.f("uq_paper_number_stage_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("paper_number")
    op.drop_table("letterhead")
