"""catalogue"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_catalogue"
down_revision = None
branch_labels = None
depends_on = None


SEARCH_FUNCTIONS = (
    # Lower case without accents. Immutable, as indexes and generated columns demand: the
    # dictionary is named, so the answer depends on nothing but the text.
    """
    CREATE FUNCTION storegraph_plain(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, value))
    """,
    # Each word as it is, for prefixes, and as its stem, for inflections.
    """
    CREATE FUNCTION storegraph_words(value text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('pg_catalog.simple'::regconfig, public.storegraph_plain(value))
        || to_tsvector('pg_catalog.english'::regconfig, public.storegraph_plain(value))
    """,
    """
    CREATE FUNCTION storegraph_join(words text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_string(words, ' ')
    """,
    # Every word of a query as the start of a word; those after a minus stay whole words.
    r"""
    CREATE FUNCTION storegraph_prefixes(query tsquery) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN query::text LIKE '%!(%' THEN query ELSE regexp_replace(
        regexp_replace(query::text, $$'(?:[^']|'')*'$$, '\&:*', 'g'),
        $$!('(?:[^']|'')*'):\*$$, '!\1', 'g'
    )::tsquery END
    """,
    # What a person types: words are joined by AND, quotes make phrases, a minus excludes, any text
    # is fine. Stems find inflections; the words as they are find those whose stem is no start of
    # them ("cry", on the way to "crystal"), unless words are excluded, which only stems do fully.
    """
    CREATE FUNCTION storegraph_query(value text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN value LIKE '%-%' AND strpos(websearch_to_tsquery(
            'pg_catalog.english'::regconfig, public.storegraph_plain(value))::text, '!') > 0
        THEN public.storegraph_prefixes(websearch_to_tsquery(
            'pg_catalog.english'::regconfig, public.storegraph_plain(value)))
        ELSE public.storegraph_prefixes(websearch_to_tsquery(
            'pg_catalog.english'::regconfig, public.storegraph_plain(value)))
          || public.storegraph_prefixes(websearch_to_tsquery(
            'pg_catalog.simple'::regconfig, public.storegraph_plain(value)))
        END
    """,
)

# For queries whose words are found nowhere: products with words like these, the likest first; none
# for queries that exclude words, which nothing else should bring back.
# The threshold belongs to the function, as the operator that the index knows takes no argument.
SIMILAR_PRODUCTS = """
    CREATE FUNCTION storegraph_similar(value text) RETURNS SETOF bigint
    LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100
    SET pg_trgm.word_similarity_threshold = 0.3 AS $$
        SELECT id FROM public.products
        WHERE plain_words OPERATOR(public.%>) public.storegraph_plain(value)
        AND strpos(public.storegraph_query(value)::text, '!') = 0
        ORDER BY public.word_similarity(public.storegraph_plain(value), plain_words) DESC, id DESC
        LIMIT 1000
    $$
"""

# Search finds products by the name of their brand. The brand is held while its name is copied:
# a rename waits for the products being written, which then are renamed too.
BRAND_NAMES = (
    """
    CREATE FUNCTION storegraph_take_brand_name() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.brand_name := coalesce(
            (SELECT name FROM brands WHERE id = NEW.brand_id AND active FOR SHARE), ''
        );
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER brand_name_of_new BEFORE INSERT ON products
    FOR EACH ROW WHEN (NEW.brand_id IS NOT NULL)
    EXECUTE FUNCTION storegraph_take_brand_name()
    """,
    """
    CREATE TRIGGER brand_name_of_changed BEFORE UPDATE OF brand_id ON products
    FOR EACH ROW WHEN (NEW.brand_id IS DISTINCT FROM OLD.brand_id)
    EXECUTE FUNCTION storegraph_take_brand_name()
    """,
    """
    CREATE FUNCTION storegraph_give_brand_name() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE products SET brand_name = CASE WHEN NEW.active THEN NEW.name ELSE '' END
        WHERE brand_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER brand_name_for_products AFTER UPDATE OF name, active ON brands
    FOR EACH ROW WHEN ((NEW.name, NEW.active) IS DISTINCT FROM (OLD.name, OLD.active))
    EXECUTE FUNCTION storegraph_give_brand_name()
    """,
)

LEDGER_IS_APPEND_ONLY = (
    """
    CREATE FUNCTION storegraph_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON stock_movements
    FOR EACH ROW EXECUTE FUNCTION storegraph_refuse_change()
    """,
)

# A tombstone is dated while its transaction commits, one committing transaction after the other:
# whoever has read the feed up to a row never finds an earlier one appear behind it. The lock
# ("Tomb") is taken last and held for the commit alone, so it neither delays nor deadlocks work.
TOMBSTONES_IN_ORDER_OF_COMMIT = (
    """
    CREATE FUNCTION storegraph_date_tombstone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(1416588642);
        UPDATE tombstones SET occurred_at = greatest(
            clock_timestamp(), (SELECT max(occurred_at) + interval '1 microsecond' FROM tombstones)
        ) WHERE id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER dated_at_commit AFTER INSERT ON tombstones
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION storegraph_date_tombstone()
    """,
)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    for function in SEARCH_FUNCTIONS:
        op.execute(function)
    op.create_table(
        "api_keys",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("dialect", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_keys_public_id")),
    )
    op.create_table(
        "attributes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "text",
                "number",
                "boolean",
                "date",
                "choice",
                "choices",
                name="attributetype",
                native_enum=False,
                length=40,
            ),
            server_default="text",
            nullable=False,
        ),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("choices", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("filterable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attributes")),
        sa.UniqueConstraint("code", name=op.f("uq_attributes_code")),
    )
    op.create_table(
        "brands",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), server_default="", nullable=False),
        sa.Column("logo_url", sa.Text(), nullable=True),
        sa.Column("seo_title", sa.Text(), server_default="", nullable=False),
        sa.Column("seo_description", sa.Text(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("slug", name=op.f("uq_brands_slug")),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), server_default="", nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("seo_title", sa.Text(), server_default="", nullable=False),
        sa.Column("seo_description", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
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
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_categories_not_its_own_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["categories.id"],
            name=op.f("fk_categories_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
    )
    op.create_index(
        "uq_categories_slug",
        "categories",
        ["slug"],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_categories_parent_id_position_id",
        "categories",
        ["parent_id", "position", "id"],
        unique=False,
    )
    op.create_table(
        "collections",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), server_default="", nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("seo_title", sa.Text(), server_default="", nullable=False),
        sa.Column("seo_description", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("slug", name=op.f("uq_collections_slug")),
    )
    op.create_table(
        "metafields",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "owner_kind",
            sa.Enum(
                "product",
                "variant",
                "category",
                "collection",
                "brand",
                name="metafieldowner",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "text",
                "number",
                "boolean",
                "date",
                "json",
                name="metafieldtype",
                native_enum=False,
                length=40,
            ),
            server_default="text",
            nullable=False,
        ),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metafields")),
        sa.UniqueConstraint(
            "owner_kind",
            "owner_id",
            "namespace",
            "key",
            name=op.f("uq_metafields_owner_kind_owner_id_namespace_key"),
        ),
    )
    op.create_table(
        "price_lists",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("customer_group_id", sa.Integer(), nullable=True),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "prices_include_tax", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_price_lists_currency_code")),
        sa.CheckConstraint(
            "NOT is_default OR (customer_group_id IS NULL AND starts_at IS NULL AND ends_at IS NULL AND active)",
            name=op.f("ck_price_lists_default_for_everybody"),
        ),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_price_lists_starts_before_it_ends")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
        sa.UniqueConstraint("code", name=op.f("uq_price_lists_code")),
    )
    op.create_index(
        "uq_price_lists_is_default",
        "price_lists",
        ["is_default"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "slug_redirects",
        sa.Column(
            "kind",
            sa.Enum(
                "product",
                "category",
                "collection",
                "brand",
                name="sluggable",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("kind", "slug", name=op.f("pk_slug_redirects")),
    )
    op.create_index(
        "ix_slug_redirects_kind_target_id", "slug_redirects", ["kind", "target_id"], unique=False
    )
    op.create_table(
        "stock_locations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
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
            "NOT is_default OR active", name=op.f("ck_stock_locations_default_is_active")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_locations")),
        sa.UniqueConstraint("code", name=op.f("uq_stock_locations_code")),
    )
    op.create_index(
        "uq_stock_locations_is_default",
        "stock_locations",
        ["is_default"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "stock_references",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column(
            "movement_ids",
            sa.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("actor", "reference", name=op.f("pk_stock_references")),
    )
    op.create_table(
        "tombstones",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "product",
                "variant",
                "category",
                "collection",
                "brand",
                "media",
                name="deletedkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
    )
    op.create_index(
        "ix_tombstones_kind_resource_id", "tombstones", ["kind", "resource_id"], unique=False
    )
    op.create_index(
        "ix_tombstones_occurred_at_id", "tombstones", ["occurred_at", "id"], unique=False
    )
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), server_default="", nullable=False),
        sa.Column("description_text", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "active",
                "hidden",
                "archived",
                name="productstatus",
                native_enum=False,
                length=40,
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column(
            "type",
            sa.Enum(
                "physical", "digital", "service", name="producttype", native_enum=False, length=40
            ),
            server_default="physical",
            nullable=False,
        ),
        sa.Column("brand_id", sa.BigInteger(), nullable=True),
        sa.Column("brand_name", sa.Text(), server_default="", nullable=False),
        sa.Column("vendor", sa.Text(), server_default="", nullable=False),
        sa.Column("product_type", sa.Text(), server_default="", nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("featured", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("shown_as_new", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "price_on_request", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("seo_title", sa.Text(), server_default="", nullable=False),
        sa.Column("seo_description", sa.Text(), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.Column(
            "plain_title",
            sa.Text(collation="C"),
            sa.Computed("storegraph_plain(title)", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "plain_words",
            sa.Text(),
            sa.Computed(
                "storegraph_plain(title || ' ' || brand_name || ' ' || vendor)", persisted=True
            ),
            nullable=True,
        ),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(storegraph_words(title), 'A') || setweight(storegraph_words(brand_name || ' ' || vendor || ' ' || product_type || ' ' || storegraph_join(tags)), 'B') || setweight(storegraph_words(left(description_text, 50000)), 'C')",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brands.id"], name=op.f("fk_products_brand_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("slug", name=op.f("uq_products_slug")),
    )
    op.create_index(
        "ix_products_brand_id_created_at_id",
        "products",
        ["brand_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_products_search", "products", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_products_status_created_at_id", "products", ["status", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_products_status_position_id", "products", ["status", "position", "id"], unique=False
    )
    op.create_index(
        "ix_products_status_plain_title_id",
        "products",
        ["status", "plain_title", "id"],
        unique=False,
    )
    op.create_index(
        "ix_products_status_published_at_id",
        "products",
        ["status", sa.text("coalesce(published_at, '-infinity'::timestamptz)"), "id"],
        unique=False,
    )
    op.create_index("ix_products_vendor", "products", ["vendor"], unique=False)
    op.create_index("ix_products_product_type", "products", ["product_type"], unique=False)
    op.create_index("ix_products_created_at_id", "products", ["created_at", "id"], unique=False)
    op.create_index("ix_products_updated_at_id", "products", ["updated_at", "id"], unique=False)
    op.create_index(
        "ix_products_status_updated_at_id", "products", ["status", "updated_at", "id"], unique=False
    )
    op.create_index("ix_products_tags", "products", ["tags"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_products_plain_words_trigrams",
        "products",
        ["plain_words"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"plain_words": "gin_trgm_ops"},
    )
    op.create_table(
        "attribute_values",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("attribute_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text_value", sa.Text(), nullable=False),
        sa.Column("number_value", sa.Numeric(), nullable=True),
        sa.Column("boolean_value", sa.Boolean(), nullable=True),
        sa.Column("date_value", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attribute_id"],
            ["attributes.id"],
            name=op.f("fk_attribute_values_attribute_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_attribute_values_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "product_id", "attribute_id", "position", name=op.f("pk_attribute_values")
        ),
    )
    op.create_index(
        "ix_attribute_values_attribute_id_number_value",
        "attribute_values",
        ["attribute_id", "number_value"],
        unique=False,
    )
    op.create_index(
        "ix_attribute_values_attribute_id_text_value",
        "attribute_values",
        ["attribute_id", "text_value"],
        unique=False,
    )
    op.create_table(
        "collection_products",
        sa.Column("collection_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_collection_products_collection_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_collection_products_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection_id", "product_id", name=op.f("pk_collection_products")),
    )
    op.create_index(
        "ix_collection_products_collection_id_position",
        "collection_products",
        ["collection_id", "position", "product_id"],
        unique=False,
    )
    op.create_index(
        "ix_collection_products_product_id", "collection_products", ["product_id"], unique=False
    )
    op.create_table(
        "media",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "image",
                "video",
                "external_video",
                "model",
                name="mediakind",
                native_enum=False,
                length=40,
            ),
            server_default="image",
            nullable=False,
        ),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_media_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_index(
        "ix_media_product_id_position_id", "media", ["product_id", "position", "id"], unique=False
    )
    op.create_table(
        "option_groups",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_option_groups_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option_groups")),
        sa.UniqueConstraint(
            "product_id",
            "name",
            name=op.f("uq_option_groups_product_id_name"),
            deferrable=True,
            initially="IMMEDIATE",
        ),
    )
    op.create_table(
        "product_categories",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_product_categories_category_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_product_categories_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "category_id", name=op.f("pk_product_categories")),
    )
    op.create_index(
        "ix_product_categories_category_id_position",
        "product_categories",
        ["category_id", "position", "product_id"],
        unique=False,
    )
    op.create_table(
        "option_values",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["option_groups.id"],
            name=op.f("fk_option_values_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option_values")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_option_values_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "name",
            name=op.f("uq_option_values_group_id_name"),
            deferrable=True,
            initially="IMMEDIATE",
        ),
    )
    op.create_table(
        "variants",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("option_key", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("weight_grams", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("weight_unit", sa.Text(), server_default="kg", nullable=False),
        sa.Column("length_mm", sa.Integer(), nullable=True),
        sa.Column("width_mm", sa.Integer(), nullable=True),
        sa.Column("height_mm", sa.Integer(), nullable=True),
        sa.Column(
            "backorder",
            sa.Enum("deny", "allow", name="backorderpolicy", native_enum=False, length=40),
            server_default="deny",
            nullable=False,
        ),
        sa.Column("track_stock", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "requires_shipping", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column("taxable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("tax_code", sa.Text(), server_default="", nullable=False),
        sa.Column("media_id", sa.BigInteger(), nullable=True),
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
        sa.CheckConstraint("weight_grams >= 0", name=op.f("ck_variants_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_variants_media_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_variants_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variants")),
    )
    op.create_index("ix_variants_barcode", "variants", ["barcode"], unique=False)
    op.create_index("ix_variants_created_at_id", "variants", ["created_at", "id"], unique=False)
    op.create_index("ix_variants_updated_at_id", "variants", ["updated_at", "id"], unique=False)
    op.create_index(
        "ix_option_groups_lower_name",
        "option_groups",
        [sa.literal_column("lower(name)")],
        unique=False,
    )
    op.create_index(
        "ix_option_values_lower_name",
        "option_values",
        [sa.literal_column("lower(name)")],
        unique=False,
    )
    op.create_index(
        "ix_variants_lower_sku", "variants", [sa.literal_column("lower(sku)")], unique=False
    )
    op.create_index(op.f("ix_variants_media_id"), "variants", ["media_id"], unique=False)
    op.create_index(
        "ix_variants_product_id_position_id",
        "variants",
        ["product_id", "position", "id"],
        unique=False,
    )
    op.create_index(
        "uq_variants_product_id_option_key",
        "variants",
        ["product_id", "option_key"],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "uq_variants_sku",
        "variants",
        ["sku"],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_table(
        "prices",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("price_list_id", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("min_quantity", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("compare_at", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("cost", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_prices_amount_not_negative")),
        sa.CheckConstraint("compare_at >= 0", name=op.f("ck_prices_compare_at_not_negative")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_prices_cost_not_negative")),
        sa.CheckConstraint("min_quantity >= 1", name=op.f("ck_prices_min_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["price_list_id"],
            ["price_lists.id"],
            name=op.f("fk_prices_price_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_prices_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prices")),
        sa.UniqueConstraint(
            "variant_id",
            "price_list_id",
            "min_quantity",
            name=op.f("uq_prices_variant_id_price_list_id_min_quantity"),
        ),
    )
    op.create_index(
        "ix_prices_price_list_id_variant_id_min_quantity",
        "prices",
        ["price_list_id", "variant_id", "min_quantity", "id"],
        unique=False,
    )
    op.create_table(
        "stock_levels",
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("on_hand", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reserved", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("low_stock_threshold", sa.Integer(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_levels_on_hand_not_negative")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_stock_levels_reserved_not_negative")),
        sa.CheckConstraint(
            "low_stock_threshold >= 0", name=op.f("ck_stock_levels_threshold_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["stock_locations.id"],
            name=op.f("fk_stock_levels_location_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_stock_levels_variant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("variant_id", "location_id", name=op.f("pk_stock_levels")),
    )
    op.create_index(
        "ix_stock_levels_location_id_variant_id",
        "stock_levels",
        ["location_id", "variant_id"],
        unique=False,
    )
    op.create_index(
        "ix_stock_levels_watched",
        "stock_levels",
        ["variant_id", "location_id"],
        unique=False,
        postgresql_where=sa.text("low_stock_threshold IS NOT NULL"),
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("delta", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "adjustment",
                "count",
                "import",
                "receipt",
                "transfer",
                name="movementkind",
                native_enum=False,
                length=40,
            ),
            server_default="adjustment",
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_stock_movements_delta_not_zero")),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["stock_locations.id"],
            name=op.f("fk_stock_movements_location_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_stock_movements_variant_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index(
        "ix_stock_movements_location_id_id", "stock_movements", ["location_id", "id"], unique=False
    )
    op.create_index(
        "ix_stock_movements_variant_id_id", "stock_movements", ["variant_id", "id"], unique=False
    )
    op.create_table(
        "variant_options",
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("value_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "value_id"],
            ["option_values.group_id", "option_values.id"],
            name="fk_variant_options_group_id_value_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_variant_options_variant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("variant_id", "group_id", name=op.f("pk_variant_options")),
    )
    op.create_index("ix_variant_options_value_id", "variant_options", ["value_id"], unique=False)
    written = (*LEDGER_IS_APPEND_ONLY, *TOMBSTONES_IN_ORDER_OF_COMMIT, *BRAND_NAMES)
    for statement in (SIMILAR_PRODUCTS, *written):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_variant_options_value_id", table_name="variant_options")
    op.drop_table("variant_options")
    op.drop_index("ix_stock_movements_variant_id_id", table_name="stock_movements")
    op.drop_index("ix_stock_movements_location_id_id", table_name="stock_movements")
    op.drop_table("stock_movements")
    op.drop_index(
        "ix_stock_levels_watched",
        table_name="stock_levels",
        postgresql_where=sa.text("low_stock_threshold IS NOT NULL"),
    )
    op.drop_index("ix_stock_levels_location_id_variant_id", table_name="stock_levels")
    op.drop_table("stock_levels")
    op.drop_index("ix_prices_price_list_id_variant_id_min_quantity", table_name="prices")
    op.drop_table("prices")
    op.drop_index(
        "uq_variants_sku", table_name="variants", postgresql_where=sa.text("archived_at IS NULL")
    )
    op.drop_index(
        "uq_variants_product_id_option_key",
        table_name="variants",
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.drop_index("ix_variants_product_id_position_id", table_name="variants")
    op.drop_index(op.f("ix_variants_media_id"), table_name="variants")
    op.drop_index("ix_variants_lower_sku", table_name="variants")
    op.drop_index("ix_variants_created_at_id", table_name="variants")
    op.drop_index("ix_variants_updated_at_id", table_name="variants")
    op.drop_index("ix_variants_barcode", table_name="variants")
    op.drop_table("variants")
    op.drop_index("ix_option_values_lower_name", table_name="option_values")
    op.drop_table("option_values")
    op.drop_index("ix_product_categories_category_id_position", table_name="product_categories")
    op.drop_table("product_categories")
    op.drop_index("ix_option_groups_lower_name", table_name="option_groups")
    op.drop_table("option_groups")
    op.drop_index("ix_media_product_id_position_id", table_name="media")
    op.drop_table("media")
    op.drop_index("ix_collection_products_product_id", table_name="collection_products")
    op.drop_index("ix_collection_products_collection_id_position", table_name="collection_products")
    op.drop_table("collection_products")
    op.drop_index("ix_attribute_values_attribute_id_text_value", table_name="attribute_values")
    op.drop_index("ix_attribute_values_attribute_id_number_value", table_name="attribute_values")
    op.drop_table("attribute_values")
    op.drop_index("ix_products_updated_at_id", table_name="products")
    op.drop_index("ix_products_created_at_id", table_name="products")
    op.drop_index("ix_products_vendor", table_name="products")
    op.drop_index("ix_products_product_type", table_name="products")
    op.drop_index("ix_products_plain_words_trigrams", table_name="products", postgresql_using="gin")
    op.drop_index("ix_products_tags", table_name="products", postgresql_using="gin")
    op.drop_index("ix_products_status_updated_at_id", table_name="products")
    op.drop_index("ix_products_status_plain_title_id", table_name="products")
    op.drop_index("ix_products_status_published_at_id", table_name="products")
    op.drop_index("ix_products_status_position_id", table_name="products")
    op.drop_index("ix_products_status_created_at_id", table_name="products")
    op.drop_index("ix_products_search", table_name="products", postgresql_using="gin")
    op.drop_index("ix_products_brand_id_created_at_id", table_name="products")
    op.drop_table("products")
    op.drop_index("ix_tombstones_occurred_at_id", table_name="tombstones")
    op.drop_index("ix_tombstones_kind_resource_id", table_name="tombstones")
    op.drop_table("tombstones")
    op.drop_table("stock_references")
    op.drop_index(
        "uq_stock_locations_is_default",
        table_name="stock_locations",
        postgresql_where=sa.text("is_default"),
    )
    op.drop_table("stock_locations")
    op.drop_index("ix_slug_redirects_kind_target_id", table_name="slug_redirects")
    op.drop_table("slug_redirects")
    op.drop_index(
        "uq_price_lists_is_default",
        table_name="price_lists",
        postgresql_where=sa.text("is_default"),
    )
    op.drop_table("price_lists")
    op.drop_table("metafields")
    op.drop_table("collections")
    op.drop_index("ix_categories_parent_id_position_id", table_name="categories")
    op.drop_index(
        "uq_categories_slug",
        table_name="categories",
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.drop_table("categories")
    op.drop_table("brands")
    op.drop_table("attributes")
    op.drop_table("api_keys")
    op.execute("DROP FUNCTION storegraph_similar")
    op.execute("DROP FUNCTION storegraph_give_brand_name")
    op.execute("DROP FUNCTION storegraph_take_brand_name")
    op.execute("DROP FUNCTION storegraph_query")
    op.execute("DROP FUNCTION storegraph_prefixes")
    op.execute("DROP FUNCTION storegraph_date_tombstone")
    op.execute("DROP FUNCTION storegraph_refuse_change")
    for name in ("storegraph_words(text)", "storegraph_join(text[])", "storegraph_plain(text)"):
        op.execute(f"DROP FUNCTION {name}")
