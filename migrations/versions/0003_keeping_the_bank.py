"""Words to find items by, remarks on them, checks, how they did, and no approval of one's own words."""

import re
import unicodedata
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORD = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
FACTS = ["status", "topic_id", "level", "kind", "part", "intended_difficulty", "document_id", "author_id"]


def upgrade() -> None:
    with op.batch_alter_table("item_version") as table:
        table.create_check_constraint(
            op.f("ck_item_version_second_person"), "status <> 'approved' OR author_id <> reviewer_id"
        )
    op.create_index("ix_item_version_facts", "item_version", FACTS)
    op.create_index("ix_item_place", "item", ["bank_id", "code"])
    op.create_index(op.f("ix_item_current_id"), "item", ["current_id"])
    create_words()
    create_remarks()
    create_figures()
    fill_words()


def create_words() -> None:
    op.create_table(
        "item_word",
        sa.Column("word", WORD, primary_key=True),
        version_key(primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_item_word_version_id"), "item_word", ["version_id"])


def create_remarks() -> None:
    op.create_table(
        "item_comment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), nullable=False),
        version_key(),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_item_comment_item_id"), "item_comment", ["item_id"])
    op.create_table(
        "item_check",
        sa.Column("id", sa.Integer(), primary_key=True),
        version_key(),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("followed_by", sa.String(length=60), nullable=False),
        sa.Column("document_ends", sa.Date(), nullable=True),
        sa.Column("version_ends", sa.Date(), nullable=True),
    )
    op.create_index(op.f("ix_item_check_version_id"), "item_check", ["version_id"])


def create_figures() -> None:
    op.create_table(
        "item_use",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), primary_key=True),
        version_key(primary_key=True),
        sa.Column("sat", sa.Integer(), nullable=False),
        sa.Column("omitted", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("x", "xx", "y", "yy", "xy")),
    )
    op.create_index(op.f("ix_item_use_version_id"), "item_use", ["version_id"])
    op.create_table(
        "item_statistic",
        version_key(primary_key=True),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), nullable=False),
        sa.Column("sat", sa.Integer(), nullable=False),
        sa.Column("facility", sa.Double(), nullable=False),
        sa.Column("correlation", sa.Double(), nullable=True),
        sa.Column("flag", sa.String(length=20), nullable=False),
    )
    op.create_index(op.f("ix_item_statistic_item_id"), "item_statistic", ["item_id"])


def version_key(primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "version_id", sa.Integer(), sa.ForeignKey("item_version.id"), nullable=False, primary_key=primary_key
    )


def downgrade() -> None:
    for name in ("item_statistic", "item_use", "item_check", "item_comment", "item_word"):
        op.drop_table(name)
    op.drop_index(op.f("ix_item_current_id"), "item")
    op.drop_index("ix_item_place", "item")
    op.drop_index("ix_item_version_facts", "item_version")
    with op.batch_alter_table("item_version") as table:
        table.drop_constraint(op.f("ck_item_version_second_person"), type_="check")


def fill_words() -> None:
    """Give the versions stored so far their words, as quiz.core.words made them when this was written."""
    version = sa.table("item_version", sa.column("id"), sa.column("search_key"), sa.column("reference"))
    word = sa.table("item_word", sa.column("word"), sa.column("version_id"))
    rows = op.get_bind().execute(sa.select(version.c.id, version.c.search_key, version.c.reference)).all()
    for version_id, text, reference in rows:
        op.bulk_insert(
            word, [{"word": one, "version_id": version_id} for one in sorted(words_of(text, reference))]
        )


def words_of(text: str, reference: str) -> set[str]:
    found: set[str] = set()
    for token in tokens(text):
        found |= {token, *re.findall(r"\w+", token)}
    named = tokens(bare(reference))
    found |= {f"§{name}" for name in named} | {f"§{a} {b}" for a, b in pairwise(named)}
    return {one[:60] for one in found}


def tokens(text: str) -> list[str]:
    stripped = (re.sub(r"^\W+|\W+$", "", token) for token in text.split())
    return [token for token in stripped if token]


def bare(text: str) -> str:
    marked = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in marked if not unicodedata.combining(char)).replace("đ", "d")
