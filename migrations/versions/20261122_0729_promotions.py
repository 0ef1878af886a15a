"""promotions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_promotions"
down_revision = "0010_taxes"
branch_labels = None
depends_on = None


AUDITED = (
    """
    SELECT storegraph_audit('promotions', 'Promotion', 'id',
        '{external_id,name,trigger,applies_to,value,target,conditions,currency,starts_at,ends_at,weekdays,from_hour,to_hour,priority,exclusive,combinable,most_off,most_units,least_units,free_shipping,usage_limit,per_customer_limit,active,archived_at}',
        '{id,used,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('coupons', 'Coupon', 'id',
        '{promotion_id,batch_id,external_id,code,code_key,usage_limit,active,expires_at}',
        '{id,used,created_at,updated_at,version}')
    """,
)


def upgrade() -> None:
    op.create_table(
        "coupon_batches",
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_batches")),
        sa.UniqueConstraint("actor", "reference", name=op.f("uq_coupon_batches_actor_reference")),
    )
    op.create_table(
        "promotions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "trigger",
            sa.Enum("automatic", "coupon", name="promotiontrigger", native_enum=False, length=40),
            server_default="automatic",
            nullable=False,
        ),
        sa.Column(
            "applies_to",
            sa.Enum("lines", "order", "shipping", name="discounton", native_enum=False, length=40),
            server_default="order",
            nullable=False,
        ),
        sa.Column("value", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("target", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("conditions", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "weekdays", sa.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("from_hour", sa.Time(), nullable=True),
        sa.Column("to_hour", sa.Time(), nullable=True),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("exclusive", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("combinable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("most_off", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("most_units", sa.Integer(), nullable=True),
        sa.Column("least_units", sa.Integer(), nullable=True),
        sa.Column("free_shipping", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("usage_limit", sa.Integer(), nullable=True),
        sa.Column("per_customer_limit", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_promotions_currency_code")),
        sa.CheckConstraint("per_customer_limit > 0", name=op.f("ck_promotions_per_customer_limit")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_promotions_starts_before_it_ends")),
        sa.CheckConstraint("usage_limit > 0", name=op.f("ck_promotions_usage_limit")),
        sa.CheckConstraint("used >= 0", name=op.f("ck_promotions_used_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
        sa.UniqueConstraint("external_id", name=op.f("uq_promotions_external_id")),
    )
    op.create_index("ix_promotions_created_at_id", "promotions", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_promotions_automatic",
        "promotions",
        ["id"],
        unique=False,
        postgresql_where=sa.text("trigger = 'automatic' AND active AND archived_at IS NULL"),
    )
    op.create_table(
        "coupons",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("promotion_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("usage_limit", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.CheckConstraint("usage_limit > 0", name=op.f("ck_coupons_usage_limit")),
        sa.CheckConstraint("used >= 0", name=op.f("ck_coupons_used_not_negative")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["coupon_batches.id"],
            name=op.f("fk_coupons_batch_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_coupons_promotion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code_key", name=op.f("uq_coupons_code_key")),
        sa.UniqueConstraint("external_id", name=op.f("uq_coupons_external_id")),
    )
    op.create_index(op.f("ix_coupons_batch_id"), "coupons", ["batch_id"], unique=False)
    op.create_index(
        "ix_coupons_code",
        "coupons",
        [sa.literal_column("storegraph_plain(code)").label("plain")],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"plain": "gin_trgm_ops"},
    )
    op.create_index("ix_coupons_created_at_id", "coupons", ["created_at", "id"], unique=False)
    op.create_index("ix_coupons_promotion_id_id", "coupons", ["promotion_id", "id"], unique=False)
    op.create_table(
        "promotion_buyers",
        sa.Column("promotion_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_promotion_buyers_used_not_negative")),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_promotion_buyers_promotion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("promotion_id", "buyer_sha256", name=op.f("pk_promotion_buyers")),
    )
    op.create_table(
        "promotion_redemptions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("cart_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("promotion_id", sa.BigInteger(), nullable=False),
        sa.Column("coupon_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("buyer_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held", "redeemed", "returned", name="redemptionstate", native_enum=False, length=40
            ),
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
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_promotion_redemptions_promotion_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_redemptions")),
        sa.UniqueConstraint(
            "cart_id", "promotion_id", name=op.f("uq_promotion_redemptions_cart_id_promotion_id")
        ),
    )
    op.create_index(
        op.f("ix_promotion_redemptions_order_id"),
        "promotion_redemptions",
        ["order_id"],
        unique=False,
    )
    op.create_index(
        "ix_promotion_redemptions_promotion_id_id",
        "promotion_redemptions",
        ["promotion_id", "id"],
        unique=False,
    )
    for statement in AUDITED:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("promotion_buyers")
    op.drop_table("promotion_redemptions")
    op.drop_table("coupons")
    op.drop_table("coupon_batches")
    op.drop_table("promotions")
