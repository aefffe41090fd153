"""Amendments, clusters with host and leader, and people named in reserve."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("amended_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["head_id"], ["unit.id"], name=op.f("fk_cluster_head_id_unit")),
        sa.ForeignKeyConstraint(["host_id"], ["unit.id"], name=op.f("fk_cluster_host_id_unit")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_cluster_leader_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_cluster_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_cluster_round_id_name")),
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_amendment_made_by_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_amendment_round_id_round")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_amendment_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("stage_id", "number", name=op.f("uq_amendment_stage_id_number")),
    )
    op.create_index(op.f("ix_amendment_round_id"), "amendment", ["round_id"])
    op.create_table(
        "reserve",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reserve_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reserve_round_id_round")),
        sa.ForeignKeyConstraint(["scope_id"], ["unit.id"], name=op.f("fk_reserve_scope_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reserve_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_reserve_round_id_person_id")),
    )
    op.create_index(op.f("ix_reserve_person_id"), "reserve", ["person_id"])
    op.create_index(op.f("ix_reserve_unit_id"), "reserve", ["unit_id"])


def downgrade() -> None:
    op.drop_table("reserve")
    op.drop_table("amendment")
    op.drop_table("cluster")
    with op.batch_alter_table("round") as batch:
        batch.drop_column("amended_at")
