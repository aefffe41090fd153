"""Rounds carried to halls without a line, and what came back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("is_loaded", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("phrase", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_package_made_by_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_package_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_package_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("uuid", name=op.f("uq_package_uuid")),
    )
    op.create_index(op.f("ix_package_round_id"), "package", ["round_id"])
    op.create_table(
        "sitting_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("collected_at", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["account.id"], name=op.f("fk_sitting_import_imported_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_sitting_import_package_id_package")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_import")),
        sa.UniqueConstraint("digest", name=op.f("uq_sitting_import_digest")),
    )
    op.create_index(op.f("ix_sitting_import_package_id"), "sitting_import", ["package_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sitting_import_package_id"), table_name="sitting_import")
    op.drop_table("sitting_import")
    op.drop_index(op.f("ix_package_round_id"), table_name="package")
    op.drop_table("package")
