"""refund payments, and backorders that are counted where stock is promised"""

import sqlalchemy as sa
from alembic import op

revision = "0021_refund_payments"
down_revision = "0020_invoices"
branch_labels = None
depends_on = None

# What went back by no attempt, or beyond it, went to gift cards.
CARRIED_OVER = (
    """
    INSERT INTO refund_payments (
        refund_id, payment_id, attempt_id, status, amount, settled_at, created_at
    )
    SELECT refunds.id, payment_id, attempt_id, refunds.status, least(own.amount, refunds.amount),
        refunds.settled_at, refunds.created_at
    FROM refunds JOIN payment_attempts AS own ON own.id = attempt_id
    """,
    """
    INSERT INTO refund_payments (refund_id, status, amount, settled_at, created_at)
    SELECT refunds.id, 'succeeded', refunds.amount - coalesce(own.amount, 0),
        coalesce(refunds.settled_at, refunds.created_at), refunds.created_at
    FROM refunds LEFT JOIN payment_attempts AS own ON own.id = attempt_id
    WHERE refunds.amount > coalesce(own.amount, 0)
    """,
)
CARRIED_BACK = """
    UPDATE refunds SET attempt_id = (
        SELECT max(attempt_id) FROM refund_payments WHERE refund_id = refunds.id
    )
"""
BACKORDERED = """
    UPDATE order_lines SET backordered = units FROM (
        SELECT order_line_id, sum(quantity - released) AS units
        FROM stock_allocations WHERE location_id IS NULL GROUP BY 1
    ) AS waiting WHERE order_line_id = order_lines.id AND units > 0
"""
LINE = (
    "id,order_id,product_id,variant_id,position,title,variant_title,sku,options,image_url,slug,"
    "weight_grams,requires_shipping,taxable,tax_class_id,quantity,fulfilled,canceled,returned,"
    "refunded,{}unit_price,custom_price,includes_tax,subtotal,discount,net,tax,gross"
)
SHOWN = "order_id,{}key,status,currency,amount,shipping,tax,actor,settled_at"


def upgrade() -> None:
    op.create_table(
        "refund_payments",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("attempt_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(40), server_default="pending", nullable=False),
        sa.Column("amount", sa.Numeric(18, 6), server_default=sa.text("0"), nullable=False),
        sa.Column("asked", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_payments_amount")),
        sa.CheckConstraint(
            "(payment_id IS NULL) = (attempt_id IS NULL)", name=op.f("ck_refund_payments_carried")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refunds.id"],
            name=op.f("fk_refund_payments_refund_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_payments")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_refund_payments_attempt_id")),
        sa.UniqueConstraint(
            "refund_id",
            "payment_id",
            name=op.f("uq_refund_payments_refund_id_payment_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    for statement in CARRIED_OVER:
        op.execute(statement)
    op.drop_column("refunds", "attempt_id")
    op.drop_column("order_lines", "backordered")
    op.execute(_audited_refunds(""))
    op.execute(_audited_lines(""))
    op.execute(
        "SELECT storegraph_audit('refund_payments', 'Refund', 'refund_id',"
        " '{id,refund_id,payment_id,attempt_id,status,amount,settled_at}',"
        " '{asked,created_at,updated_at,version}')"
    )


def downgrade() -> None:
    op.add_column("refunds", sa.Column("attempt_id", sa.BigInteger(), nullable=True))
    op.execute(CARRIED_BACK)
    op.create_unique_constraint(op.f("uq_refunds_attempt_id"), "refunds", ["attempt_id"])
    op.drop_table("refund_payments")
    backordered = sa.Column(
        "backordered", sa.Integer(), server_default=sa.text("0"), nullable=False
    )
    op.add_column("order_lines", backordered)
    op.execute(_audited_lines("backordered,"))
    op.execute(_audited_refunds("attempt_id,"))
    op.execute(BACKORDERED)


def _audited_refunds(more: str) -> str:
    return (
        "SELECT storegraph_audit('refunds', 'Refund', 'id',"
        f" '{{{SHOWN.format(more)}}}', '{{id,taxes,created_at,updated_at,version}}')"
    )


def _audited_lines(more: str) -> str:
    return (
        "SELECT storegraph_audit('order_lines', 'Order', 'order_id',"
        f" '{{{LINE.format(more)}}}', '{{taxes,exact,created_at,updated_at,version}}')"
    )
