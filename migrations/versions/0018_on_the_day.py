"""Incidents of the day with what was done, and what the screen of the hall shows."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "power",
                "line",
                "device",
                "card",
                "paper",
                "conduct",
                "health",
                "place",
                "other",
                name="incidentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=1000), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_incident_withdrawn")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_incident_entry_id_entry")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_incident_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_incident_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_incident_written_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("key", name=op.f("uq_incident_key")),
    )
    op.create_index(op.f("ix_incident_round_id"), "incident", ["round_id"])
    op.create_table(
        "incident_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_step_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_incident_step_written_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_step")),
        sa.UniqueConstraint("key", name=op.f("uq_incident_step_key")),
    )
    op.create_index(op.f("ix_incident_step_incident_id"), "incident_step", ["incident_id"])
    op.create_table(
        "incident_grant",
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["time_grant.id"], name=op.f("fk_incident_grant_grant_id_time_grant")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_grant_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_incident_grant")),
    )
    op.create_index(op.f("ix_incident_grant_incident_id"), "incident_grant", ["incident_id"])
    op.create_table(
        "projection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("freeze_minutes", sa.Integer(), nullable=True),
        sa.Column("frozen_at", sa.BigInteger(), nullable=True),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("ranking", sa.JSON(), nullable=True),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("revealed", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "freeze_minutes IS NULL OR freeze_minutes >= 0", name=op.f("ck_projection_freeze_minutes")
        ),
        sa.CheckConstraint("(frozen_at IS NULL) = (frozen IS NULL)", name=op.f("ck_projection_frozen")),
        sa.CheckConstraint("scope >= 0 AND revealed >= 0", name=op.f("ck_projection_revealed")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_projection_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projection")),
        sa.UniqueConstraint("code", name=op.f("uq_projection_code")),
        sa.UniqueConstraint("round_id", name=op.f("uq_projection_round_id")),
    )


def downgrade() -> None:
    op.drop_table("projection")
    op.drop_index(op.f("ix_incident_grant_incident_id"), table_name="incident_grant")
    op.drop_table("incident_grant")
    op.drop_index(op.f("ix_incident_step_incident_id"), table_name="incident_step")
    op.drop_table("incident_step")
    op.drop_index(op.f("ix_incident_round_id"), table_name="incident")
    op.drop_table("incident")
