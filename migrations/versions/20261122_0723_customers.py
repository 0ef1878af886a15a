"""customers"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_customers"
down_revision = "0004_staff"
branch_labels = None
depends_on = None

# Legacy clients know the group of everybody by its id.
GENERAL_GROUP = "INSERT INTO customer_groups (id, name) VALUES (0, 'General')"
# Price lists named groups by number before there were any.
NAMED_GROUPS = """
    INSERT INTO customer_groups (id, name)
    SELECT DISTINCT customer_group_id, 'Group ' || customer_group_id FROM price_lists
    WHERE customer_group_id <> 0
"""
NEXT_GROUP = """
    SELECT setval(pg_get_serial_sequence('customer_groups', 'id'), max(id))
    FROM customer_groups HAVING max(id) > 0
"""
PLAIN_WORDS = (
    "storegraph_plain(storegraph_join(ARRAY[first_name, last_name, company, email, phone]))"
)


def upgrade() -> None:
    op.create_table(
        "customer_extra_fields",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "datetime", name="extrafieldkind", native_enum=False, length=40),
            server_default="text",
            nullable=False,
        ),
        sa.Column("required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("storefront", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("shown_on_orders", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_extra_fields")),
        sa.UniqueConstraint("key", name=op.f("uq_customer_extra_fields_key")),
    )
    op.create_table(
        "customer_groups",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_groups")),
        sa.UniqueConstraint("external_id", name=op.f("uq_customer_groups_external_id")),
    )
    op.create_index(
        "uq_customer_groups_name",
        "customer_groups",
        [sa.literal_column("lower(name)")],
        unique=True,
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), server_default="", nullable=False),
        sa.Column("last_name", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("company", sa.Text(), server_default="", nullable=False),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("accepts_email", sa.Boolean(), nullable=True),
        sa.Column("accepts_sms", sa.Boolean(), nullable=True),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("tax_id_valid", sa.Boolean(), nullable=True),
        sa.Column("fiscal_code", sa.Text(), nullable=True),
        sa.Column("tax_exempt", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "extra_fields",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR email IS NOT NULL", name=op.f("ck_customers_has_email")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["customer_groups.id"],
            name=op.f("fk_customers_group_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("external_id", name=op.f("uq_customers_external_id")),
        info={"customer": "id"},
    )
    op.create_index("ix_customers_created_at_id", "customers", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_customers_group_id_created_at_id", "customers", ["group_id", "created_at", "id"]
    )
    op.create_index(
        "ix_customers_name_id",
        "customers",
        [
            sa.literal_column("storegraph_plain(storegraph_join(ARRAY[first_name, last_name]))"),
            "id",
        ],
    )
    op.create_index(
        "ix_customers_email_id",
        "customers",
        [sa.literal_column("coalesce(lower(email), '')"), "id"],
    )
    op.create_index("ix_customers_tags", "customers", ["tags"], postgresql_using="gin")
    op.create_index(
        "ix_customers_words",
        "customers",
        [sa.literal_column(PLAIN_WORDS).label("words")],
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.create_index("ix_customers_updated_at_id", "customers", ["updated_at", "id"], unique=False)
    op.create_index(
        "uq_customers_email", "customers", [sa.literal_column("lower(email)")], unique=True
    )
    op.create_table(
        "customer_addresses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("first_name", sa.Text(), server_default="", nullable=False),
        sa.Column("last_name", sa.Text(), server_default="", nullable=False),
        sa.Column("company", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("street1", sa.Text(), server_default="", nullable=False),
        sa.Column("street2", sa.Text(), server_default="", nullable=False),
        sa.Column("postal_code", sa.Text(), server_default="", nullable=False),
        sa.Column("city", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column(
            "is_default_billing", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "is_default_shipping", sa.Boolean(), server_default=sa.text("false"), nullable=False
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
            "country ~ '^[A-Z]{2}$'", name=op.f("ck_customer_addresses_country_code")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_addresses_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_addresses")),
        info={"customer": "customer_id"},
    )
    op.create_index(
        op.f("ix_customer_addresses_customer_id"),
        "customer_addresses",
        ["customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_addresses_country_customer_id",
        "customer_addresses",
        ["country", "customer_id"],
    )
    op.create_index(
        "uq_customer_addresses_default_billing",
        "customer_addresses",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("is_default_billing"),
    )
    op.create_index(
        "uq_customer_addresses_default_shipping",
        "customer_addresses",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("is_default_shipping"),
    )
    op.create_table(
        "customer_contacts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "email",
                "phone",
                "facebook",
                "instagram",
                "twitter",
                "youtube",
                "tiktok",
                "pinterest",
                "vk",
                "fb_messenger",
                "whatsapp",
                "telegram",
                "viber",
                "url",
                "other",
                name="contactkind",
                native_enum=False,
                length=40,
            ),
            server_default="other",
            nullable=False,
        ),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_contacts_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_contacts")),
        info={"customer": "customer_id"},
    )
    op.create_index(
        op.f("ix_customer_contacts_customer_id"), "customer_contacts", ["customer_id"], unique=False
    )
    op.create_index(
        "uq_customer_contacts_default",
        "customer_contacts",
        ["customer_id", "kind"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "marketing_consents",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="marketingchannel", native_enum=False, length=40),
            server_default="email",
            nullable=False,
        ),
        sa.Column("granted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_marketing_consents_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketing_consents")),
        info={"customer": "customer_id"},
    )
    op.create_index(
        "ix_marketing_consents_customer_id_id",
        "marketing_consents",
        ["customer_id", "id"],
        unique=False,
    )
    op.execute(GENERAL_GROUP)
    _upgrade_of_customers()
    op.execute(NAMED_GROUPS)
    op.execute(NEXT_GROUP)
    op.alter_column(
        "price_lists",
        "customer_group_id",
        type_=sa.BigInteger(),
        existing_type=sa.Integer(),
        existing_nullable=True,
    )
    op.create_index(op.f("ix_price_lists_customer_group_id"), "price_lists", ["customer_group_id"])
    op.create_foreign_key(
        op.f("fk_price_lists_customer_group_id"),
        "price_lists",
        "customer_groups",
        ["customer_group_id"],
        ["id"],
        ondelete="RESTRICT",
    )


# What belongs to a customer goes with it.
OF_CUSTOMERS = ("sessions", "purpose_tokens")


def _upgrade_of_customers() -> None:
    for table in OF_CUSTOMERS:
        name = op.f(f"fk_{table}_customer_id")
        op.create_foreign_key(name, table, "customers", ["customer_id"], ["id"], ondelete="CASCADE")


def _downgrade_of_customers() -> None:
    for table in OF_CUSTOMERS:
        op.drop_constraint(op.f(f"fk_{table}_customer_id"), table)


def downgrade() -> None:
    _downgrade_of_customers()
    op.drop_constraint(op.f("fk_price_lists_customer_group_id"), "price_lists", type_="foreignkey")
    op.drop_index(op.f("ix_price_lists_customer_group_id"), table_name="price_lists")
    op.alter_column(
        "price_lists",
        "customer_group_id",
        type_=sa.Integer(),
        existing_type=sa.BigInteger(),
        existing_nullable=True,
    )
    op.drop_index("ix_marketing_consents_customer_id_id", table_name="marketing_consents")
    op.drop_table("marketing_consents")
    op.drop_index(
        "uq_customer_contacts_default",
        table_name="customer_contacts",
        postgresql_where=sa.text("is_default"),
    )
    op.drop_index(op.f("ix_customer_contacts_customer_id"), table_name="customer_contacts")
    op.drop_table("customer_contacts")
    op.drop_index(
        "uq_customer_addresses_default_shipping",
        table_name="customer_addresses",
        postgresql_where=sa.text("is_default_shipping"),
    )
    op.drop_index(
        "uq_customer_addresses_default_billing",
        table_name="customer_addresses",
        postgresql_where=sa.text("is_default_billing"),
    )
    op.drop_index("ix_customer_addresses_country_customer_id", table_name="customer_addresses")
    op.drop_index(op.f("ix_customer_addresses_customer_id"), table_name="customer_addresses")
    op.drop_table("customer_addresses")
    op.drop_index("uq_customers_email", table_name="customers")
    op.drop_index("ix_customers_updated_at_id", table_name="customers")
    op.drop_index("ix_customers_words", table_name="customers", postgresql_using="gin")
    op.drop_index("ix_customers_tags", table_name="customers", postgresql_using="gin")
    op.drop_index("ix_customers_email_id", table_name="customers")
    op.drop_index("ix_customers_name_id", table_name="customers")
    op.drop_index("ix_customers_group_id_created_at_id", table_name="customers")
    op.drop_index("ix_customers_created_at_id", table_name="customers")
    op.drop_table("customers")
    op.drop_index("uq_customer_groups_name", table_name="customer_groups")
    op.drop_table("customer_groups")
    op.drop_table("customer_extra_fields")
