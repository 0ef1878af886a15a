"""taxes"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_taxes"
down_revision = "0009_store"
branch_labels = None
depends_on = None


AUDITED = (
    """
    SELECT storegraph_audit('tax_classes', 'TaxClass', 'id',
        '{name,code,is_default,external_id}', '{id,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('tax_zones', 'TaxZone', 'id',
        '{name,priority}', '{id,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('tax_zone_areas', 'TaxZone', 'zone_id',
        '{id,zone_id,position,country,region,postal_codes}', '{created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('tax_rates', 'TaxZone', 'zone_id',
        '{id,zone_id,class_id,name,percent,compound,applies_to_shipping,position}',
        '{created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('tax_settings', 'TaxSettings', 'id',
        '{shipping_tax,shipping_class_id}', '{id,created_at,updated_at,version}')
    """,
)
PRODUCTS = """
    SELECT storegraph_audit('products', 'Product', 'id',
        '{slug,title,description_html,status,type,brand_id,%svendor,product_type,tags,
        featured,shown_as_new,price_on_request,position,seo_title,seo_description,published_at,
        archived_at}',
        '{id,description_text,brand_name,plain_title,plain_words,search,created_at,updated_at,
        version}')
    """
# Every store has them; made before the triggers, so that the audit log stays empty.
DEFAULT_CLASS = """
    INSERT INTO tax_classes (name, code, is_default) VALUES ('Standard', 'standard', true)
    """
SETTINGS = "INSERT INTO tax_settings (id) VALUES (1)"


def upgrade() -> None:
    op.create_table(
        "tax_classes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        *_counted(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_classes")),
        sa.UniqueConstraint("code", name=op.f("uq_tax_classes_code")),
        sa.UniqueConstraint("external_id", name=op.f("uq_tax_classes_external_id")),
    )
    op.create_index("uq_tax_classes_name", "tax_classes", [sa.text("lower(name)")], unique=True)
    op.create_index(
        "uq_tax_classes_is_default",
        "tax_classes",
        ["is_default"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    _create_zones()
    _create_settings()
    _create_answers()
    op.add_column("products", sa.Column("tax_class_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_products_tax_class_id"),
        "products",
        "tax_classes",
        ["tax_class_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_products_tax_class_id"), "products", ["tax_class_id"])
    op.execute(DEFAULT_CLASS)
    op.execute(SETTINGS)
    for statement in (*AUDITED, PRODUCTS % "tax_class_id,"):
        op.execute(statement)


def _counted() -> list[sa.Column[Any]]:
    moments = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]
    return [
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *moments,
    ]


def _create_zones() -> None:
    op.create_table(
        "tax_zones",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_zones")),
    )
    op.create_index("uq_tax_zones_name", "tax_zones", [sa.text("lower(name)")], unique=True)
    op.create_table(
        "tax_zone_areas",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column(
            "postal_codes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_tax_zone_areas_country_code")),
        sa.CheckConstraint(
            "country IS NOT NULL OR region IS NULL",
            name=op.f("ck_tax_zone_areas_region_of_country"),
        ),
        sa.CheckConstraint(
            "country IS NOT NULL OR postal_codes = '{}'",
            name=op.f("ck_tax_zone_areas_postal_codes_of_country"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id"],
            ["tax_zones.id"],
            name=op.f("fk_tax_zone_areas_zone_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_zone_areas")),
    )
    op.create_index(
        op.f("ix_tax_zone_areas_country_region"), "tax_zone_areas", ["country", "region"]
    )
    op.create_index(
        op.f("ix_tax_zone_areas_zone_id_position"), "tax_zone_areas", ["zone_id", "position"]
    )
    op.create_table(
        "tax_rates",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("class_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(9, 6), nullable=False),
        sa.Column("compound", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "applies_to_shipping", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_tax_rates_percent")),
        sa.ForeignKeyConstraint(
            ["zone_id"], ["tax_zones.id"], name=op.f("fk_tax_rates_zone_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["tax_classes.id"],
            name=op.f("fk_tax_rates_class_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rates")),
    )
    op.create_index(op.f("ix_tax_rates_zone_id_position"), "tax_rates", ["zone_id", "position"])
    op.create_index(op.f("ix_tax_rates_class_id"), "tax_rates", ["class_id"])


def _create_settings() -> None:
    op.create_table(
        "tax_settings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "shipping_tax", sa.String(length=40), server_default=sa.text("'class'"), nullable=False
        ),
        sa.Column("shipping_class_id", sa.BigInteger(), nullable=True),
        *_counted(),
        sa.CheckConstraint("id = 1", name=op.f("ck_tax_settings_only_one")),
        sa.ForeignKeyConstraint(
            ["shipping_class_id"],
            ["tax_classes.id"],
            name=op.f("fk_tax_settings_shipping_class_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_settings")),
    )
    op.create_index(
        op.f("ix_tax_settings_shipping_class_id"), "tax_settings", ["shipping_class_id"]
    )


def _create_answers() -> None:
    op.create_table(
        "tax_answers",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("class_id", sa.BigInteger(), nullable=False),
        sa.Column("rates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["tax_classes.id"],
            name=op.f("fk_tax_answers_class_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place", "class_id", name=op.f("pk_tax_answers")),
    )
    op.create_index(op.f("ix_tax_answers_class_id"), "tax_answers", ["class_id"])
    op.create_index(op.f("ix_tax_answers_expires_at"), "tax_answers", ["expires_at"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_products_tax_class_id"), "products", type_="foreignkey")
    op.drop_index(op.f("ix_products_tax_class_id"), table_name="products")
    op.drop_column("products", "tax_class_id")
    op.execute(PRODUCTS % "")
    for table in (
        "tax_answers",
        "tax_settings",
        "tax_rates",
        "tax_zone_areas",
        "tax_zones",
        "tax_classes",
    ):
        op.drop_table(table)
