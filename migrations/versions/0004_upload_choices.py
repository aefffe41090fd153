"""What was chosen for an uploaded file: its format, and what is taken where the file is silent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upload") as table:
        table.add_column(sa.Column("format", sa.String(length=20), server_default="", nullable=False))
        table.add_column(sa.Column("choices", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("upload") as table:
        table.drop_column("choices")
        table.drop_column("format")
