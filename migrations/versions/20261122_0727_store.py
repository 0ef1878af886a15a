"""store"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_store"
down_revision = "0008_erasure"
branch_labels = None
depends_on = None

TEXTS = (
    "legal_name description email phone website logo_url line1 line2 city region postal_code tax_id"
)
READING = "read_settings,read_promotions,read_gift_cards,read_carts,read_orders"
# Roles that nobody has edited learn what this version adds.
NEW_SCOPES = {
    "manager": f"{READING},write_settings,write_promotions,write_gift_cards,write_carts,"
    "write_orders,capture_payments,refund_payments",
    "support": f"{READING},write_carts,write_orders",
    "read_only": READING,
}


def upgrade() -> None:
    op.create_table(
        "store",
        sa.Column("id", sa.BigInteger(), nullable=False, server_default="1"),
        sa.Column("name", sa.Text(), nullable=False),
        *(_text(name) for name in TEXTS.split()),
        sa.Column("country", sa.Text(), nullable=True),
        _text("timezone", "UTC"),
        _text("locale", "en"),
        _texts("locales"),
        sa.Column("currency", sa.Text(), nullable=False),
        _texts("currencies"),
        _texts("countries"),
        _text("weight_unit", "kg"),
        _text("length_unit", "cm"),
        _text("date_format", "yyyy-MM-dd"),
        _text("time_format", "HH:mm"),
        sa.Column("social_links", postgresql.JSONB(), server_default="{}", nullable=False),
        _text("order_prefix"),
        _text("order_suffix"),
        _whole("order_digits", 4),
        _text("invoice_prefix"),
        _text("invoice_suffix"),
        _text("rounding_mode", "half_up"),
        _text("rounding_stage", "total"),
        _whole("cart_days", 30),
        _whole("reservation_minutes", 15),
        _whole("abandoned_hours", 4),
        sa.Column("abandoned_mails", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("guest_checkout", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("closed", sa.Boolean(), server_default=sa.false(), nullable=False),
        _whole("version", 1),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("id = 1", name=op.f("ck_store_only_one")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_store_currency_code")),
        sa.CheckConstraint("cart_days BETWEEN 1 AND 365", name=op.f("ck_store_cart_days")),
        sa.CheckConstraint(
            "reservation_minutes BETWEEN 1 AND 1440", name=op.f("ck_store_reservation_minutes")
        ),
        sa.CheckConstraint(
            "abandoned_hours BETWEEN 1 AND 720", name=op.f("ck_store_abandoned_hours")
        ),
        sa.CheckConstraint("order_digits BETWEEN 1 AND 12", name=op.f("ck_store_order_digits")),
        sa.CheckConstraint(
            "rounding_mode IN ('half_up','half_even','up','down')", name=op.f("ck_store_rounding")
        ),
        sa.CheckConstraint(
            "rounding_stage IN ('total','line')", name=op.f("ck_store_rounding_stage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
    )
    shown = (*TEXTS.split(), *OTHERS)
    op.execute(
        f"SELECT storegraph_audit('store', 'Store', 'id', '{{name,{','.join(shown)}}}',"  # our own words
        " '{id,created_at,updated_at,version}')"
    )
    op.execute("ALTER TABLE roles DISABLE TRIGGER USER")  # nobody did this
    for role, scopes in NEW_SCOPES.items():
        op.execute(
            f"UPDATE roles SET scopes = scopes || '{{{scopes}}}'"  # our own words
            f" WHERE built_in = '{role}' AND version = 1"
        )
    op.execute("ALTER TABLE roles ENABLE TRIGGER USER")


def downgrade() -> None:
    for role, scopes in NEW_SCOPES.items():
        op.execute(
            "UPDATE roles SET scopes = ARRAY(SELECT scope FROM unnest(scopes) AS scope"  # our own words
            f" WHERE scope <> ALL('{{{scopes}}}')) WHERE built_in = '{role}'"
        )
    op.drop_table("store")


OTHERS = [
    "country",
    "timezone",
    "locale",
    "locales",
    "currency",
    "currencies",
    "countries",
    "weight_unit",
    "length_unit",
    "date_format",
    "time_format",
    "social_links",
    "order_prefix",
    "order_suffix",
    "order_digits",
    "invoice_prefix",
    "invoice_suffix",
    "rounding_mode",
    "rounding_stage",
    "cart_days",
    "reservation_minutes",
    "abandoned_hours",
    "abandoned_mails",
    "guest_checkout",
    "closed",
]


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _texts(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)


def _whole(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
