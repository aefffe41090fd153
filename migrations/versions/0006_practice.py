"""What contestants practised, and the last rehearsal of a sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_correct", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_practice_answer_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_practice_answer_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_answer")),
        sa.UniqueConstraint(
            "person_id",
            "version_id",
            "asked_at",
            name=op.f("uq_practice_answer_person_id_version_id_asked_at"),
        ),
    )
    op.create_table(
        "rehearsal",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["auth_session.id"], name=op.f("fk_rehearsal_session_id_auth_session")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_rehearsal")),
    )


def downgrade() -> None:
    op.drop_table("rehearsal")
    op.drop_table("practice_answer")
