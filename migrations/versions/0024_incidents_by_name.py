"""Who wrote incidents down on the laptop of a hall, by name."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


_TABLES = ("incident", "incident_step")


def upgrade() -> None:
    for table_name in _TABLES:
        with op.batch_alter_table(table_name) as table:
            table.add_column(sa.Column("written_by_name", sa.String(200), server_default="", nullable=False))


def downgrade() -> None:
    for table_name in _TABLES:
        with op.batch_alter_table(table_name) as table:
            table.drop_column("written_by_name")
