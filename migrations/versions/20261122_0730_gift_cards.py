"""gift_cards"""

import sqlalchemy as sa
from alembic import op

revision = "0012_gift_cards"
down_revision = "0011_promotions"
branch_labels = None
depends_on = None


STATEMENTS = (
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON gift_card_entries
    FOR EACH ROW EXECUTE FUNCTION storegraph_refuse_change()
    """,
    """
    SELECT storegraph_audit('gift_cards', 'GiftCard', 'id',
        '{batch_id,place,last_characters,currency,issued,expires_at,disabled_at,note}',
        '{id,balance,created_at,updated_at,version}')
    """,
)


def upgrade() -> None:
    op.create_table(
        "gift_card_batches",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card_batches")),
        sa.UniqueConstraint(
            "actor", "reference", name=op.f("uq_gift_card_batches_actor_reference")
        ),
    )
    op.create_table(
        "gift_cards",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("last_characters", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("issued", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("balance", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_gift_cards_currency_code")),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_gift_cards_balance_not_negative")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["gift_card_batches.id"],
            name=op.f("fk_gift_cards_batch_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_cards")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_gift_cards_code_sha256")),
    )
    op.create_index(op.f("ix_gift_cards_batch_id"), "gift_cards", ["batch_id"], unique=False)
    op.create_index("ix_gift_cards_created_at_id", "gift_cards", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_gift_cards_last_characters_id", "gift_cards", ["last_characters", "id"], unique=False
    )
    op.create_table(
        "gift_card_entries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("gift_card_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "issue",
                "adjust",
                "draw",
                "give_back",
                name="entrykind",
                native_enum=False,
                length=40,
            ),
            server_default="adjust",
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("balance", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("cart_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["gift_card_id"],
            ["gift_cards.id"],
            name=op.f("fk_gift_card_entries_gift_card_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card_entries")),
    )
    op.create_index(
        "ix_gift_card_entries_gift_card_id_id",
        "gift_card_entries",
        ["gift_card_id", "id"],
        unique=False,
    )
    op.create_table(
        "gift_card_uses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("gift_card_id", sa.BigInteger(), nullable=False),
        sa.Column("cart_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column(
            "returned", sa.Numeric(precision=18, scale=6), server_default="0", nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum("held", "redeemed", "returned", name="usestate", native_enum=False, length=40),
            server_default="held",
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "returned BETWEEN 0 AND amount", name=op.f("ck_gift_card_uses_returned_of_amount")
        ),
        sa.ForeignKeyConstraint(
            ["gift_card_id"],
            ["gift_cards.id"],
            name=op.f("fk_gift_card_uses_gift_card_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card_uses")),
        sa.UniqueConstraint(
            "cart_id", "gift_card_id", name=op.f("uq_gift_card_uses_cart_id_gift_card_id")
        ),
    )
    op.create_index(
        op.f("ix_gift_card_uses_gift_card_id"), "gift_card_uses", ["gift_card_id"], unique=False
    )
    op.create_index(
        op.f("ix_gift_card_uses_order_id"), "gift_card_uses", ["order_id"], unique=False
    )
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("gift_card_entries")
    op.drop_table("gift_card_uses")
    op.drop_table("gift_cards")
    op.drop_table("gift_card_batches")
