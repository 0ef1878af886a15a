"""shipping"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_shipping"
down_revision = "0013_reservations"
branch_labels = None
depends_on = None

METHOD = (
    "zone_id,code,name,description,kind,local_delivery,table_by,service,min_weight_grams,max_weight_grams,"
    "min_quantity,max_quantity,customer_group_ids,excluded_product_ids,excluded_category_ids,"
    "tax_class_id,handling_days,min_days,max_days,cut_off,business_days,closures,schedule,"
    "pickup_address,pickup_instructions,position,active,external_id"
)
AUDITED = (
    """
    SELECT storegraph_audit('shipping_zones', 'ShippingZone', 'id',
        '{name,external_id}', '{id,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('shipping_zone_areas', 'ShippingZone', 'zone_id',
        '{id,zone_id,position,country,region,postal_codes}', '{created_at,updated_at,version}')
    """,
    f"""
    SELECT storegraph_audit('shipping_methods', 'ShippingMethod', 'id',
        '{{{METHOD}}}', '{{id,created_at,updated_at,version}}')
    """,
    """
    SELECT storegraph_audit('shipping_prices', 'ShippingMethod', 'method_id',
        '{method_id,currency,price,percent,free_from,min_subtotal,max_subtotal,rates}',
        '{created_at,updated_at,version}')
    """,
)
TABLES = (
    "shipping_answers",
    "shipping_prices",
    "shipping_methods",
    "shipping_zone_areas",
    "shipping_zones",
)


def upgrade() -> None:
    _zones()
    _methods()
    _prices()
    op.create_table(
        "shipping_answers",
        _text("parcel"),
        sa.Column("rates", postgresql.JSONB(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("parcel", name=op.f("pk_shipping_answers")),
    )
    op.create_index("ix_shipping_answers_expires_at", "shipping_answers", ["expires_at"])
    for statement in AUDITED:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _zones() -> None:
    op.create_table(
        "shipping_zones",
        _id(),
        _text("name"),
        _text("external_id", nullable=True),
        *_lived(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_zones")),
        sa.UniqueConstraint("external_id", name=op.f("uq_shipping_zones_external_id")),
    )
    op.create_index(
        "uq_shipping_zones_name", "shipping_zones", [sa.text("lower(name)")], unique=True
    )
    op.create_table(
        "shipping_zone_areas",
        _id(),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        _whole("position", 0),
        _text("country", nullable=True),
        _text("region", nullable=True),
        _defaulted("postal_codes", sa.ARRAY(sa.Text()), "'{}'"),
        sa.CheckConstraint(
            "country ~ '^[A-Z]{2}$'", name=op.f("ck_shipping_zone_areas_country_code")
        ),
        sa.CheckConstraint(
            "country IS NOT NULL OR (region IS NULL AND postal_codes = '{}')",
            name=op.f("ck_shipping_zone_areas_parts_of_country"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id"],
            ["shipping_zones.id"],
            name=op.f("fk_shipping_zone_areas_zone_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_zone_areas")),
    )
    op.create_index("ix_shipping_zone_areas_country", "shipping_zone_areas", ["country"])
    op.create_index(
        "ix_shipping_zone_areas_zone_id_position", "shipping_zone_areas", ["zone_id", "position"]
    )


def _methods() -> None:
    op.create_table(
        "shipping_methods",
        _id(),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        _text("code"),
        _text("name"),
        _defaulted("description", sa.Text(), "''"),
        _defaulted("kind", sa.String(40), "'flat'"),
        _defaulted("local_delivery", sa.Boolean(), "false"),
        _defaulted("table_by", sa.String(40), "'weight'"),
        _defaulted("service", sa.Text(), "''"),
        *(
            _whole(f"{bound}_{of}")
            for of in ("weight_grams", "quantity")
            for bound in ("min", "max")
        ),
        *(
            _defaulted(f"{kind}_ids", sa.ARRAY(sa.BigInteger()), "'{}'")
            for kind in ("customer_group", "excluded_product", "excluded_category")
        ),
        sa.Column("tax_class_id", sa.BigInteger(), nullable=True),
        _whole("handling_days", 0),
        _whole("min_days"),
        _whole("max_days"),
        _text("cut_off", nullable=True),
        _defaulted("business_days", sa.ARRAY(sa.Integer()), "'{1,2,3,4,5}'"),
        _defaulted("closures", postgresql.JSONB(), "'[]'"),
        sa.Column("schedule", postgresql.JSONB(), nullable=True),
        sa.Column("pickup_address", postgresql.JSONB(), nullable=True),
        _defaulted("pickup_instructions", sa.Text(), "''"),
        _whole("position", 0),
        _defaulted("active", sa.Boolean(), "true"),
        _text("external_id", nullable=True),
        *_lived(),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_shipping_methods_{name}"))
            for name, rule in METHOD_RULES.items()
        ),
        *_references(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_methods")),
        sa.UniqueConstraint("code", name=op.f("uq_shipping_methods_code")),
        sa.UniqueConstraint("external_id", name=op.f("uq_shipping_methods_external_id")),
    )
    for column in ("zone_id", "tax_class_id"):
        op.create_index(op.f(f"ix_shipping_methods_{column}"), "shipping_methods", [column])
    op.create_index("ix_shipping_methods_position_id", "shipping_methods", ["position", "id"])


METHOD_RULES = {
    "weights": "min_weight_grams <= max_weight_grams",
    "quantities": "min_quantity <= max_quantity",
    "days": "min_days <= max_days",
    "service": "kind <> 'carrier' OR service <> ''",
    "cut_off": "cut_off ~ '^[0-2][0-9]:[0-5][0-9]$'",
    "business_days": "cardinality(business_days) > 0",
}
PRICE_RULES = {
    "currency_code": "currency ~ '^[A-Z]{3}$'",
    "price_not_negative": "price >= 0",
    "percent": "percent BETWEEN 0 AND 100",
    "subtotals": "min_subtotal <= max_subtotal",
}


def _references() -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["zone_id"],
            ["shipping_zones.id"],
            name=op.f("fk_shipping_methods_zone_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tax_class_id"],
            ["tax_classes.id"],
            name=op.f("fk_shipping_methods_tax_class_id"),
            ondelete="SET NULL",
        ),
    ]


def _prices() -> None:
    op.create_table(
        "shipping_prices",
        sa.Column("method_id", sa.BigInteger(), nullable=False),
        _text("currency"),
        sa.Column("price", sa.Numeric(18, 6), nullable=False),
        _defaulted("percent", sa.Numeric(9, 6), "0"),
        *(
            sa.Column(name, sa.Numeric(18, 6), nullable=True)
            for name in ("free_from", "min_subtotal", "max_subtotal")
        ),
        _defaulted("rates", postgresql.JSONB(), "'[]'"),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_shipping_prices_{name}"))
            for name, rule in PRICE_RULES.items()
        ),
        sa.ForeignKeyConstraint(
            ["method_id"],
            ["shipping_methods.id"],
            name=op.f("fk_shipping_prices_method_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("method_id", "currency", name=op.f("pk_shipping_prices")),
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _defaulted(name: str, kind: Any, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, server_default=sa.text(default), nullable=False)


def _whole(name: str, default: int | None = None) -> sa.Column[int]:
    shown = None if default is None else sa.text(str(default))
    return sa.Column(name, sa.Integer(), server_default=shown, nullable=default is None)


def _lived() -> list[sa.Column[Any]]:
    """How often and when a row was changed."""
    moments = (
        _defaulted(name, sa.DateTime(timezone=True), "now()")
        for name in ("created_at", "updated_at")
    )
    return [
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *moments,
    ]
