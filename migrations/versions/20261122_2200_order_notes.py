"""what programs note on orders, and what ways to pay show"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034_order_notes"
down_revision = "0033_webhook_senders"
branch_labels = None
depends_on = None

METHOD = (
    "code,name,description,instructions,{}kind,provider,capture,countries,currencies,min_total,"
    "max_total,customer_group_ids,shipping_method_ids,surcharge_kind,surcharge_value,"
    "surcharge_base,surcharge_taxable,surcharge_tax_class_id,position,active"
)
ORDER = (
    "number,number_value,cart_id,status,payment_status,fulfillment_status,"
    "custom_payment_status_id,custom_fulfillment_status_id,source,customer_id,customer_group_id,"
    "{}tax_exempt,currency,exponent,subtotal,discount,shipping,surcharge,net,tax,total,gift_cards,"
    "due,authorized,paid,refunded,coupon_codes,manual_discount,shipping_method,shipping_refunded,"
    "surcharges,surcharge_refunded,placed_at,canceled_at,cancel_reason,archived_at"
)
UNSEEN_OF_ORDER = (
    "id,rounding,exact,taxes,discounts,trace,shipping_charge,created_at,updated_at,version"
)
OBJECT = sa.text("'{}'")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for column in (
        sa.Column("public_note", sa.Text(), server_default="", nullable=False),
        sa.Column("invoice_url", sa.Text(), nullable=True),
        sa.Column("dispatch", postgresql.JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default=OBJECT, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("orders", column)
    for column in (
        sa.Column("details", postgresql.JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("preselected", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ):
        op.add_column("payment_methods", column)
    _audit("seen_at,", "details,image_url,preselected,")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    _audit("", "")
    for name in ("details", "image_url", "preselected"):
        op.drop_column("payment_methods", name)
    for name in ("public_note", "invoice_url", "dispatch", "tags", "seen_at"):
        op.drop_column("orders", name)


def _audit(of_order: str, of_method: str) -> None:
    times = "created_at,updated_at,version"
    for table, kind, shown, unseen in (
        ("payment_methods", "PaymentMethod", METHOD.format(of_method), f"id,{times}"),
        ("orders", "Order", ORDER.format(of_order), UNSEEN_OF_ORDER),
    ):
        op.execute(
            f"SELECT storegraph_audit('{table}', '{kind}', 'id', '{{{shown}}}', '{{{unseen}}}')"
        )
