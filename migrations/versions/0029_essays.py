"""Essays handed in beforehand: the kind of file, why a late one was taken, and the bytes in a table of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns and the table; nothing was handed in before."""
    with op.batch_alter_table("essay") as table:
        table.drop_column("facts")
        table.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default=""))
        table.add_column(sa.Column("reason", sa.String(length=300), nullable=False, server_default=""))
        table.create_check_constraint(op.f("ck_essay_file_or_paper"), "is_on_paper = (sha256 = '')")
    op.create_table(
        "essay_file",
        sa.Column("essay_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], name=op.f("fk_essay_file_essay_id_essay")),
        sa.PrimaryKeyConstraint("essay_id", name=op.f("pk_essay_file")),
    )


def downgrade() -> None:
    """Take them away again, with what was handed in."""
    op.drop_table("essay_file")
    op.execute(sa.table("essay").delete())
    with op.batch_alter_table("essay") as table:
        table.drop_constraint(op.f("ck_essay_file_or_paper"), type_="check")
        table.drop_column("reason")
        table.drop_column("kind")
        table.add_column(sa.Column("facts", sa.JSON(), nullable=False))
