"""surcharges, and the payment methods that ask for them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023_surcharges"
down_revision = "0022_uses_of_drafts"
branch_labels = None
depends_on = None

METHOD = (
    "code,name,description,instructions,kind,provider,capture,countries,currencies,min_total,"
    "max_total,customer_group_ids,shipping_method_ids,{}position,active"
)
OF_METHOD = (
    "surcharge_kind,surcharge_value,surcharge_base,surcharge_taxable,surcharge_tax_class_id,"
)
ORDER = (
    "number,number_value,cart_id,status,payment_status,fulfillment_status,"
    "custom_payment_status_id,custom_fulfillment_status_id,source,customer_id,customer_group_id,"
    "tax_exempt,currency,exponent,subtotal,discount,shipping,{}net,tax,total,gift_cards,due,"
    "authorized,paid,refunded,coupon_codes,manual_discount,shipping_method,shipping_refunded,{}"
    "placed_at,canceled_at,cancel_reason,archived_at"
)
UNSEEN_OF_ORDER = (
    "id,rounding,exact,taxes,discounts,trace,shipping_charge,created_at,updated_at,version"
)
REFUND = "order_id,key,status,currency,amount,shipping,{}tax,actor,settled_at"


def upgrade() -> None:
    _methods()
    op.add_column("carts", sa.Column("payment_method_id", sa.BigInteger(), nullable=True))
    for table, name in (
        ("orders", "surcharge"),
        ("orders", "surcharge_refunded"),
        ("refunds", "surcharge"),
    ):
        column = sa.Column(name, sa.Numeric(18, 6), server_default=sa.text("0"), nullable=False)
        op.add_column(table, column)
    op.add_column(
        "orders",
        sa.Column("surcharges", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.create_check_constraint(op.f("ck_refunds_surcharge"), "refunds", "surcharge >= 0")
    _audit(OF_METHOD, "surcharge,", "surcharges,surcharge_refunded,")


def downgrade() -> None:
    _audit("", "", "")
    op.drop_constraint(op.f("ck_refunds_surcharge"), "refunds", type_="check")
    for table, names in (
        ("refunds", ("surcharge",)),
        ("orders", ("surcharge", "surcharge_refunded", "surcharges")),
        ("carts", ("payment_method_id",)),
        ("payment_methods", OF_METHOD.strip(",").split(",")),
    ):
        for name in names:
            op.drop_column(table, name)


def _methods() -> None:
    for column in (
        sa.Column("surcharge_kind", _choice("surchargekind", "fixed", "percent"), nullable=True),
        sa.Column("surcharge_value", sa.Numeric(18, 6), nullable=True),
        sa.Column(
            "surcharge_base",
            _choice("surchargebase", "subtotal", "subtotal_and_shipping"),
            server_default="subtotal",
            nullable=False,
        ),
        sa.Column(
            "surcharge_taxable", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column("surcharge_tax_class_id", sa.BigInteger(), nullable=True),
    ):
        op.add_column("payment_methods", column)
    op.create_foreign_key(
        op.f("fk_payment_methods_surcharge_tax_class_id"),
        "payment_methods",
        "tax_classes",
        ["surcharge_tax_class_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(
        op.f("ix_payment_methods_surcharge_tax_class_id"),
        "payment_methods",
        ["surcharge_tax_class_id"],
    )
    op.create_check_constraint(
        op.f("ck_payment_methods_surcharge_value"), "payment_methods", "surcharge_value >= 0"
    )
    op.create_check_constraint(
        op.f("ck_payment_methods_whole_surcharge"),
        "payment_methods",
        "(surcharge_kind IS NULL) = (surcharge_value IS NULL)",
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def _audit(method: str, amount: str, kept: str) -> None:
    times = "created_at,updated_at,version"
    for table, kind, shown, unseen in (
        ("payment_methods", "PaymentMethod", METHOD.format(method), f"id,{times}"),
        ("orders", "Order", ORDER.format(amount, kept), UNSEEN_OF_ORDER),
        ("refunds", "Refund", REFUND.format(amount), f"id,taxes,{times}"),
    ):
        op.execute(
            f"SELECT storegraph_audit('{table}', '{kind}', 'id', '{{{shown}}}', '{{{unseen}}}')"
        )
