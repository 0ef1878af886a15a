"""orders"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_orders"
down_revision = "0017_carts"
branch_labels = None
depends_on = None

# Numbers only ever grow; those of transactions that are rolled back are left out.
NUMBERS = "CREATE SEQUENCE order_numbers OWNED BY orders.number_value"

# What happened stays as it was told. Only a message may go, with the customer whom it tells of.
APPEND_ONLY = (
    """
    CREATE TRIGGER append_only BEFORE UPDATE ON order_events FOR EACH ROW
    WHEN (NEW.message <> '' OR to_jsonb(NEW.*) - 'message' <> to_jsonb(OLD.*) - 'message')
    EXECUTE FUNCTION storegraph_refuse_change()
    """,
    """
    CREATE TRIGGER append_only_kept BEFORE DELETE ON order_events FOR EACH ROW
    EXECUTE FUNCTION storegraph_refuse_change()
    """,
)

# Nothing that tells of a person is written to the orders of somebody who is erased; the rest of
# their life goes on: they are sent, returned and refunded.
REFUSE_WORDS = """
    CREATE FUNCTION storegraph_refuse_erased_order() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        erased timestamptz;
    BEGIN
        SELECT customers.erased_at INTO erased
        FROM orders JOIN customers ON customers.id = orders.customer_id
        WHERE orders.id = NEW.order_id FOR KEY SHARE OF customers;
        IF erased IS NOT NULL THEN
            RAISE EXCEPTION 'the customer of this order is erased'
                USING ERRCODE = 'serialization_failure';
        END IF;
        RETURN NULL;
    END $$
"""
OF_BUYER = (
    "customer_id, email, phone, name, billing_address, shipping_address, note, staff_note,"
    " extra_fields, attribution, locale"
)
# Table, the columns that may tell of a person, and when they do.
WORDS = (
    ("order_lines", "extra_fields", "NEW.extra_fields <> '{}'"),
    ("order_events", "message", "NEW.message <> ''"),
    (
        "fulfillments",
        "carrier, tracking_number, tracking_url",
        "NEW.carrier || NEW.tracking_number || NEW.tracking_url <> ''",
    ),
    ("returns", "reason, answer", "NEW.reason || NEW.answer <> ''"),
    ("refunds", "reason", "NEW.reason <> ''"),
)

# Table, kind, target, columns whose values the audit log shows, columns it does not speak of.
AUDITED = (
    (
        "orders",
        "Order",
        "id",
        "number number_value cart_id status payment_status fulfillment_status "
        "custom_payment_status_id custom_fulfillment_status_id source customer_id "
        "customer_group_id tax_exempt currency exponent subtotal discount shipping net "
        "tax total gift_cards due authorized paid refunded coupon_codes manual_discount "
        "shipping_method shipping_refunded placed_at canceled_at cancel_reason "
        "archived_at",
        "id rounding exact taxes discounts trace shipping_charge created_at updated_at version",
    ),
    (
        "order_lines",
        "Order",
        "order_id",
        "id order_id product_id variant_id position title variant_title sku options "
        "image_url slug weight_grams requires_shipping taxable tax_class_id quantity "
        "fulfilled canceled returned refunded backordered unit_price custom_price "
        "includes_tax subtotal discount net tax gross",
        "taxes exact created_at updated_at version",
    ),
    (
        "order_statuses",
        "CustomOrderStatus",
        "id",
        "group slot name active",
        "id created_at updated_at version",
    ),
    (
        "fulfillments",
        "Fulfillment",
        "id",
        "order_id status shipped_at delivered_at canceled_at",
        "id created_at updated_at version",
    ),
    (
        "fulfillment_lines",
        "Fulfillment",
        "fulfillment_id",
        "id fulfillment_id order_line_id quantity",
        "created_at updated_at version",
    ),
    (
        "returns",
        "OrderReturn",
        "id",
        "order_id status requested_by restock location_id decided_at received_at",
        "id created_at updated_at version",
    ),
    (
        "return_lines",
        "OrderReturn",
        "return_id",
        "id return_id order_line_id quantity",
        "created_at updated_at version",
    ),
    (
        "refunds",
        "Refund",
        "id",
        "order_id attempt_id key status currency amount shipping tax actor settled_at",
        "id taxes created_at updated_at version",
    ),
    (
        "refund_lines",
        "Refund",
        "refund_id",
        "id refund_id order_line_id quantity net tax gross",
        "taxes created_at updated_at version",
    ),
)


def upgrade() -> None:

    op.create_table(
        "order_statuses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        _choice("group", "fulfillment"),
        _whole("slot", 1),
        sa.Column("name", sa.Text(), nullable=False),
        _flag("active", "true"),
        _whole("version", 1),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("slot BETWEEN 1 AND 3", name=op.f("ck_order_statuses_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_statuses")),
        sa.UniqueConstraint("group", "slot", name=op.f("uq_order_statuses_group_slot")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_value", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("cart_id", sa.BigInteger(), nullable=True),
        _choice("status", "pending"),
        _choice("payment_status", "unpaid"),
        _choice("fulfillment_status", "unfulfilled"),
        sa.Column("custom_payment_status_id", sa.BigInteger(), nullable=True),
        sa.Column("custom_fulfillment_status_id", sa.BigInteger(), nullable=True),
        _choice("source", "storefront"),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        _whole("customer_group_id", 0),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        _text("name"),
        sa.Column("billing_address", postgresql.JSONB(), nullable=True),
        sa.Column("shipping_address", postgresql.JSONB(), nullable=True),
        _text("note"),
        _text("staff_note"),
        _details("extra_fields"),
        _details("attribution"),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        _flag("tax_exempt", "false"),
        sa.Column("currency", sa.Text(), nullable=False),
        _whole("exponent", 2),
        _details("rounding"),
        _amount("subtotal"),
        _amount("discount"),
        _amount("shipping"),
        _amount("net"),
        _amount("tax"),
        _amount("total"),
        _amount("gift_cards"),
        _amount("due"),
        _amount("authorized"),
        _amount("paid"),
        _amount("refunded"),
        sa.Column(
            "coupon_codes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("manual_discount", postgresql.JSONB(), nullable=True),
        _details("exact"),
        _details("taxes", "[]"),
        _details("discounts", "[]"),
        _details("trace", "[]"),
        sa.Column("shipping_method", postgresql.JSONB(), nullable=True),
        sa.Column("shipping_charge", postgresql.JSONB(), nullable=True),
        _amount("shipping_refunded"),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("canceled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(40), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        _whole("version", 1),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(
            "(status = 'canceled') = (canceled_at IS NOT NULL)", name=op.f("ck_orders_canceled_at")
        ),
        sa.CheckConstraint(
            "(status = 'draft') <= (placed_at IS NULL)",
            name=op.f("ck_orders_drafts_are_not_placed"),
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_orders_currency_code")),
        sa.CheckConstraint("total >= 0 AND due >= 0 AND due <= total", name=op.f("ck_orders_sums")),
        sa.ForeignKeyConstraint(
            ["custom_fulfillment_status_id"],
            ["order_statuses.id"],
            name=op.f("fk_orders_custom_fulfillment_status_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["custom_payment_status_id"],
            ["order_statuses.id"],
            name=op.f("fk_orders_custom_payment_status_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_orders_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("cart_id", name=op.f("uq_orders_cart_id")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
        sa.UniqueConstraint("number_value", name=op.f("uq_orders_number_value")),
        sa.UniqueConstraint("token", name=op.f("uq_orders_token")),
    )
    op.create_index("ix_orders_coupon_codes", "orders", ["coupon_codes"], postgresql_using="gin")
    op.create_index("ix_orders_created_at_id", "orders", ["created_at", "id"])
    op.create_index(
        op.f("ix_orders_custom_fulfillment_status_id"),
        "orders",
        ["custom_fulfillment_status_id"],
    )
    op.create_index(
        op.f("ix_orders_custom_payment_status_id"),
        "orders",
        ["custom_payment_status_id"],
    )
    op.create_index("ix_orders_customer_id_id", "orders", ["customer_id", "id"])
    op.create_index("ix_orders_email_id", "orders", [sa.literal_column("lower(email)"), "id"])
    op.create_index("ix_orders_placed_at_id", "orders", ["placed_at", "id"])
    op.create_index("ix_orders_status_id", "orders", ["status", "id"])
    op.create_index("ix_orders_total_id", "orders", ["total", "id"])
    op.create_index(
        "ix_orders_words",
        "orders",
        [
            sa.literal_column(
                "storegraph_plain(storegraph_join(ARRAY[number, name, email, phone]))"
            ).label("words")
        ],
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.create_table(
        "fulfillments",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        _choice("status", "shipped"),
        _text("carrier"),
        _text("tracking_number"),
        _text("tracking_url"),
        _moment("shipped_at"),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("canceled_at", sa.DateTime(timezone=True), nullable=True),
        _whole("version", 1),
        _moment("created_at"),
        _moment("updated_at"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_fulfillments_order_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfillments")),
    )
    op.create_index("ix_fulfillments_order_id_id", "fulfillments", ["order_id", "id"])
    op.create_table(
        "order_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        _choice("kind", "noted"),
        _text("actor"),
        _flag("is_public", "false"),
        _text("message"),
        _details("data"),
        _moment("created_at"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
    )
    op.create_index("ix_order_events_order_id_id", "order_events", ["order_id", "id"])
    op.create_table(
        "refunds",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        _choice("status", "pending"),
        sa.Column("currency", sa.Text(), nullable=False),
        _amount("amount"),
        _amount("shipping"),
        _amount("tax"),
        _details("taxes", "[]"),
        _text("reason"),
        _text("actor"),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        _moment("created_at"),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint("shipping >= 0", name=op.f("ck_refunds_shipping")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_refunds_attempt_id")),
        sa.UniqueConstraint("order_id", "key", name=op.f("uq_refunds_order_id_key")),
    )
    op.create_index("ix_refunds_order_id_id", "refunds", ["order_id", "id"])
    op.create_table(
        "returns",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        _choice("status", "requested"),
        _text("reason"),
        _text("answer"),
        _text("requested_by"),
        _flag("restock", "true"),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        _whole("version", 1),
        _moment("created_at"),
        _moment("updated_at"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_returns_order_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
    )
    op.create_index("ix_returns_order_id_id", "returns", ["order_id", "id"])
    op.create_table(
        "order_lines",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("variant_id", sa.BigInteger(), nullable=True),
        _whole("position", 0),
        sa.Column("title", sa.Text(), nullable=False),
        _text("variant_title"),
        sa.Column("sku", sa.Text(), nullable=True),
        _details("options", "[]"),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=True),
        _whole("weight_grams", 0),
        _flag("requires_shipping", "true"),
        _flag("taxable", "true"),
        sa.Column("tax_class_id", sa.BigInteger(), nullable=True),
        _details("extra_fields"),
        _whole("quantity", 1),
        _whole("fulfilled", 0),
        _whole("canceled", 0),
        _whole("returned", 0),
        _whole("refunded", 0),
        _whole("backordered", 0),
        _amount("unit_price"),
        _flag("custom_price", "false"),
        _flag("includes_tax", "false"),
        _amount("subtotal"),
        _amount("discount"),
        _amount("net"),
        _amount("tax"),
        _amount("gross"),
        _details("taxes", "[]"),
        _details("exact"),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(
            "fulfilled >= 0 AND canceled >= 0 AND fulfilled + canceled <= quantity",
            name=op.f("ck_order_lines_fulfilled_once"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_lines_quantity")),
        sa.CheckConstraint(
            "refunded >= 0 AND refunded <= quantity", name=op.f("ck_order_lines_refunded_once")
        ),
        sa.CheckConstraint(
            "returned >= 0 AND returned <= fulfilled", name=op.f("ck_order_lines_returned_once")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_order_lines_product_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_order_lines_variant_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    op.create_index(
        "ix_order_lines_order_id_position_id",
        "order_lines",
        ["order_id", "position", "id"],
    )
    op.create_index(op.f("ix_order_lines_product_id"), "order_lines", ["product_id"])
    op.create_index(op.f("ix_order_lines_variant_id"), "order_lines", ["variant_id"])
    op.create_table(
        "fulfillment_lines",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("fulfillment_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        _whole("quantity", 1),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_fulfillment_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["fulfillment_id"],
            ["fulfillments.id"],
            name=op.f("fk_fulfillment_lines_fulfillment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_fulfillment_lines_order_line_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfillment_lines")),
        sa.UniqueConstraint(
            "fulfillment_id",
            "order_line_id",
            name=op.f("uq_fulfillment_lines_fulfillment_id_order_line_id"),
        ),
    )
    op.create_index(
        op.f("ix_fulfillment_lines_order_line_id"),
        "fulfillment_lines",
        ["order_line_id"],
    )
    op.create_table(
        "refund_lines",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        _whole("quantity", 0),
        _amount("net"),
        _amount("tax"),
        _amount("gross"),
        _details("taxes", "[]"),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_refund_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_refund_lines_order_line_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refunds.id"],
            name=op.f("fk_refund_lines_refund_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_lines")),
        sa.UniqueConstraint(
            "refund_id", "order_line_id", name=op.f("uq_refund_lines_refund_id_order_line_id")
        ),
    )
    op.create_index(op.f("ix_refund_lines_order_line_id"), "refund_lines", ["order_line_id"])
    op.create_table(
        "return_lines",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        _whole("quantity", 1),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_return_lines_order_line_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["returns.id"],
            name=op.f("fk_return_lines_return_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_lines")),
        sa.UniqueConstraint(
            "return_id", "order_line_id", name=op.f("uq_return_lines_return_id_order_line_id")
        ),
    )
    op.create_index(op.f("ix_return_lines_order_line_id"), "return_lines", ["order_line_id"])
    op.execute(NUMBERS)
    for statement in APPEND_ONLY:
        op.execute(statement)
    _refuse_words()
    for table, kind, target, shown, unseen in AUDITED:
        lists = ", ".join(f"'{{{','.join(names.split())}}}'" for names in (shown, unseen))
        op.execute(f"SELECT storegraph_audit('{table}', '{kind}', '{target}', {lists})")


def _refuse_words() -> None:
    op.execute(
        f"CREATE TRIGGER refuse_erased AFTER INSERT OR UPDATE OF {OF_BUYER} ON orders"
        " FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL)"
        " EXECUTE FUNCTION storegraph_refuse_erased('customer_id')"
    )
    op.execute(REFUSE_WORDS)
    for table, columns, condition in WORDS:
        op.execute(
            f"CREATE TRIGGER refuse_erased AFTER INSERT OR UPDATE OF {columns} ON {table}"
            f" FOR EACH ROW WHEN ({condition})"
            " EXECUTE FUNCTION storegraph_refuse_erased_order()"
        )


TABLES = (
    "refund_lines refunds return_lines returns fulfillment_lines fulfillments order_events"
    " order_lines orders order_statuses"
)


def downgrade() -> None:
    for table in TABLES.split():
        op.drop_table(table)
    op.execute("DROP FUNCTION storegraph_refuse_erased_order")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _amount(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(18, 6), server_default=sa.text("0"), nullable=False)


def _details(name: str, empty: str = "{}") -> sa.Column[object]:
    default = sa.text(f"'{empty}'")
    return sa.Column(name, postgresql.JSONB(), server_default=default, nullable=False)


def _moment(name: str) -> sa.Column[object]:
    now = sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def _whole(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def _flag(name: str, default: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)


def _choice(name: str, default: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), server_default=default, nullable=False)
