"""Halls with shared devices, short codes and seats; minutes given beyond the time."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hall_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("asks_pin", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("proctor_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proctor_id"], ["account.id"], name=op.f("fk_hall_session_proctor_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_hall_session_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_hall_session_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_session")),
        sa.UniqueConstraint("code", name=op.f("uq_hall_session_code")),
    )
    op.create_index(op.f("ix_hall_session_round_id"), "hall_session", ["round_id"])
    op.create_index(op.f("ix_hall_session_unit_id"), "hall_session", ["unit_id"])
    op.create_table(
        "hall_code",
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_hall_code_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["hall_session.id"], name=op.f("fk_hall_code_hall_id_hall_session")
        ),
        sa.PrimaryKeyConstraint("hall_id", "entry_id", name=op.f("pk_hall_code")),
        sa.UniqueConstraint("hall_id", "code", name=op.f("uq_hall_code_hall_id_code")),
    )
    op.create_index(op.f("ix_hall_code_entry_id"), "hall_code", ["entry_id"])
    op.create_table(
        "hall_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["hall_session.id"], name=op.f("fk_hall_device_hall_id_hall_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_device")),
        sa.UniqueConstraint("hall_id", "label", name=op.f("uq_hall_device_hall_id_label")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hall_device_token_hash")),
    )
    op.create_index(op.f("ix_hall_device_hall_id"), "hall_device", ["hall_id"])
    op.create_table(
        "time_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("hall_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("for_later", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN hall_id IS NULL THEN 0 ELSE 1 END + CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_time_grant_one_target"),
        ),
        sa.CheckConstraint("minutes >= 1", name=op.f("ck_time_grant_minutes")),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_time_grant_given_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["hall_session.id"], name=op.f("fk_time_grant_hall_id_hall_session")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_time_grant_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_time_grant_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_time_grant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_grant")),
        sa.UniqueConstraint("key", name=op.f("uq_time_grant_key")),
    )
    op.create_index(op.f("ix_time_grant_round_id"), "time_grant", ["round_id"])
    op.create_table(
        "hall_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("sat_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("left_because", sa.String(length=20), nullable=False),
        sa.CheckConstraint("(left_at IS NULL) = (left_because = '')", name=op.f("ck_hall_seat_left")),
        sa.CheckConstraint(
            "left_because IN ('', 'done', 'left', 'moved', 'closed')", name=op.f("ck_hall_seat_left_because")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["hall_device.id"], name=op.f("fk_hall_seat_device_id_hall_device")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_hall_seat_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["hall_session.id"], name=op.f("fk_hall_seat_hall_id_hall_session")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["auth_session.id"], name=op.f("fk_hall_seat_session_id_auth_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_seat")),
    )
    op.create_index(op.f("ix_hall_seat_hall_id"), "hall_seat", ["hall_id"])
    op.create_index(op.f("ix_hall_seat_session_id"), "hall_seat", ["session_id"])
    op.create_index(
        "uq_hall_seat_device",
        "hall_seat",
        ["device_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_index(
        "uq_hall_seat_entry",
        "hall_seat",
        ["entry_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "time_given",
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("deadline_before", sa.BigInteger(), nullable=False),
        sa.Column("deadline_after", sa.BigInteger(), nullable=False),
        sa.Column("was_reopened", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_time_given_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["time_grant.id"], name=op.f("fk_time_given_grant_id_time_grant")
        ),
        sa.PrimaryKeyConstraint("grant_id", "attempt_id", name=op.f("pk_time_given")),
    )
    op.create_index(op.f("ix_time_given_attempt_id"), "time_given", ["attempt_id"])


def downgrade() -> None:
    for table in ("time_given", "hall_seat", "time_grant", "hall_device", "hall_code", "hall_session"):
        op.drop_table(table)
