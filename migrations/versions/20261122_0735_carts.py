"""carts"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_carts"
down_revision = "0016_idempotency"
branch_labels = None
depends_on = None

STATES = ("active", "frozen", "completed", "merged", "expired")
REFUSE_CARTS = """
    CREATE TRIGGER refuse_erased AFTER INSERT OR UPDATE OF customer_id ON carts
    FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL)
    EXECUTE FUNCTION storegraph_refuse_erased('customer_id')
"""
# Once for all lines of a statement: adding to a cart is what a shop does most.
REFUSE_LINES = (
    """
    CREATE FUNCTION storegraph_refuse_erased_lines() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        owner record;
    BEGIN
        FOR owner IN
            SELECT erased_at FROM customers WHERE id IN (
                SELECT carts.customer_id FROM carts JOIN added ON added.cart_id = carts.id
            ) FOR KEY SHARE
        LOOP
            IF owner.erased_at IS NOT NULL THEN
                RAISE EXCEPTION 'the customer of this cart is erased'
                    USING ERRCODE = 'serialization_failure';
            END IF;
        END LOOP;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER refuse_erased AFTER INSERT ON cart_lines
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION storegraph_refuse_erased_lines()
    """,
)


def upgrade() -> None:
    op.create_table(
        "carts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="cartstate", native_enum=False, length=40),
            server_default="active",
            nullable=False,
        ),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("shipping_address", postgresql.JSONB(), nullable=True),
        sa.Column("billing_address", postgresql.JSONB(), nullable=True),
        sa.Column("shipping_method_id", sa.BigInteger(), nullable=True),
        sa.Column("codes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "gift_card_ids",
            sa.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        _object("extra_fields"),
        _object("attribution"),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_carts_currency_code")),
        sa.CheckConstraint("length(token) >= 22", name=op.f("ck_carts_token_unguessable")),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_carts_merged_into")
        ),
        sa.CheckConstraint(
            "(state = 'completed') = (order_id IS NOT NULL)",
            name=op.f("ck_carts_completed_by_order"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_carts_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
        sa.UniqueConstraint("token", name=op.f("uq_carts_token")),
    )
    op.create_index(
        "ix_carts_abandoned",
        "carts",
        ["updated_at", "id"],
        postgresql_where=sa.text("state = 'active' AND email IS NOT NULL AND reminded_at IS NULL"),
    )
    op.create_index("ix_carts_customer_id_id", "carts", ["customer_id", "id"])
    op.create_index("ix_carts_lower_email", "carts", [sa.literal_column("lower(email)")])
    op.create_index("ix_carts_updated_at_id", "carts", ["updated_at", "id"])
    op.create_index(
        "uq_carts_customer_id_open",
        "carts",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('active', 'frozen')"),
    )
    _create_lines()
    for statement in (REFUSE_CARTS, *REFUSE_LINES):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("cart_lines")
    op.drop_table("carts")
    op.execute("DROP FUNCTION storegraph_refuse_erased_lines")


def _create_lines() -> None:
    op.create_table(
        "cart_lines",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("cart_id", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _object("extra_fields"),
        sa.Column("digest", sa.LargeBinary(), server_default=sa.text("''::bytea"), nullable=False),
        sa.Column("seen_unit_price", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_cart_lines_quantity_positive")),
        sa.CheckConstraint(
            "seen_unit_price >= 0", name=op.f("ck_cart_lines_seen_unit_price_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["cart_id"], ["carts.id"], name=op.f("fk_cart_lines_cart_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_cart_lines_variant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_lines")),
        sa.UniqueConstraint(
            "cart_id", "variant_id", "digest", name=op.f("uq_cart_lines_cart_id_variant_id_digest")
        ),
    )
    op.create_index(op.f("ix_cart_lines_variant_id"), "cart_lines", ["variant_id"])


def _object(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
