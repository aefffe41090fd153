"""Who acted on the laptop of a hall, by name: their accounts are not on the server."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_NAMES = {"hall_session": "proctor_name", "time_grant": "given_by_name", "printed_paper": "settled_by_name"}


def upgrade() -> None:
    for table_name, name in _NAMES.items():
        with op.batch_alter_table(table_name) as table:
            table.add_column(_name(name))
    with op.batch_alter_table("keying") as table:
        table.add_column(_name("account_name"))
        table.alter_column("account_id", existing_type=sa.Integer(), nullable=True)
        table.create_check_constraint(
            op.f("ck_keying_account"), "(account_id IS NULL) = (account_name <> '')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM keying WHERE account_id IS NULL")
    with op.batch_alter_table("keying") as table:
        table.drop_constraint(op.f("ck_keying_account"), type_="check")
        table.alter_column("account_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("account_name")
    for table_name, name in _NAMES.items():
        with op.batch_alter_table(table_name) as table:
            table.drop_column(name)


def _name(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(200), server_default="", nullable=False)
