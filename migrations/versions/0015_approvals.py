"""Acts that take two people, and the edition such an act made or replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ACTS = ("open_early", "correct_key", "void_attempt", "publish_final")
ANSWERS = ("approved", "refused", "withdrawn")
FIRST_FINAL = "kind = 'final' AND replaces_id IS NULL"


def upgrade() -> None:
    """Make the tables and columns."""
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*ACTS, name="act", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(*ANSWERS, name="answer", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id = asked_by_id) = (answer = 'withdrawn')",
            name=op.f("ck_approval_second_person"),
        ),
        sa.CheckConstraint("(answer IS NULL) = (decided_at IS NULL)", name=op.f("ck_approval_decided")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_approval_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_approval_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_approval_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_approval_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_round_id"), "approval", ["round_id"])
    op.create_index("ix_approval_unit", "approval", ["unit_id", "answer"])
    op.create_index(
        "uq_approval_open",
        "approval",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.drop_index("uq_edition_final", table_name="edition")
    with op.batch_alter_table("edition") as edition:
        edition.add_column(sa.Column("approval_id", sa.Integer(), nullable=True))
        edition.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        edition.create_foreign_key(
            op.f("fk_edition_approval_id_approval"), "approval", ["approval_id"], ["id"]
        )
        edition.create_foreign_key(op.f("fk_edition_replaces_id_edition"), "edition", ["replaces_id"], ["id"])
        edition.create_unique_constraint(op.f("uq_edition_replaces_id"), ["replaces_id"])
    op.create_index(
        "uq_edition_final",
        "edition",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text(FIRST_FINAL),
        postgresql_where=sa.text(FIRST_FINAL),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("uq_edition_final", table_name="edition")
    with op.batch_alter_table("edition") as edition:
        edition.drop_constraint(op.f("uq_edition_replaces_id"), type_="unique")
        edition.drop_constraint(op.f("fk_edition_replaces_id_edition"), type_="foreignkey")
        edition.drop_constraint(op.f("fk_edition_approval_id_approval"), type_="foreignkey")
        edition.drop_column("replaces_id")
        edition.drop_column("approval_id")
    only = "kind = 'final'"
    op.create_index(
        "uq_edition_final",
        "edition",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text(only),
        postgresql_where=sa.text(only),
    )
    op.drop_table("approval")
