"""Prizes: what the board decided, the closed list, and closing it as an act that takes two people."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ACTS = ("open_early", "correct_key", "void_attempt", "publish_final")
BOARD_ACTS = ("withhold", "settle", "give", "pass_over")
KINDS = ("main", "special", "collective")
WAYS = ("rule", "shared", "decided", "by_hand")


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the condition that `column` holds one of `values`."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def let_approvals_be(acts: tuple[str, ...]) -> None:
    """Let requests be for these acts only."""
    with op.batch_alter_table("approval") as table:
        table.drop_constraint(op.f("ck_approval_act"), type_="check")
        table.create_check_constraint(op.f("ck_approval_act"), one_of("kind", acts))


def upgrade() -> None:
    """Make the tables, and let the list be closed by two people."""
    let_approvals_be((*ACTS, "close_awards"))
    op.create_table(
        "award_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("prize", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("act", BOARD_ACTS), name=op.f("ck_award_decision_boardact")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_award_decision_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_award_decision_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_decision")),
        sa.UniqueConstraint(
            "edition_id",
            "act",
            "prize",
            "scope",
            "key",
            name=op.f("uq_award_decision_edition_id_act_prize_scope_key"),
        ),
    )
    op.create_table(
        "award_list",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_award_list_approval_id_approval")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_award_list_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_award_list")),
        sa.UniqueConstraint("approval_id", name=op.f("uq_award_list_approval_id")),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("prize", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=260), nullable=False),
        sa.Column("cell_name", sa.String(length=260), nullable=False),
        sa.Column("unit_name", sa.String(length=260), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("figure_over", sa.Integer(), nullable=True),
        sa.Column("figure_under", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(entry_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_award_one_winner")),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_award_kind")),
        sa.CheckConstraint(one_of("how", WAYS), name=op.f("ck_award_how")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_award_edition_id_edition")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_award_entry_id_entry")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_award_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_award_edition_id_position")),
    )
    op.create_index(op.f("ix_award_entry_id"), "award", ["entry_id"])
    op.create_index(op.f("ix_award_unit_id"), "award", ["unit_id"])


def downgrade() -> None:
    """Take them away again, with the requests to close a list, which nothing could decide any more."""
    op.drop_table("award")
    op.drop_table("award_list")
    op.drop_table("award_decision")
    op.execute("DELETE FROM approval WHERE kind = 'close_awards'")
    let_approvals_be(ACTS)
