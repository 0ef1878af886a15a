"""audit"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006_audit"
down_revision = "0005_customers"
branch_labels = None
depends_on = None

# A row without `unseen` columns. Of a `hidden` one it says no more than that there is something.
SEEN = """
    CREATE FUNCTION storegraph_seen(contents jsonb, unseen text[], hidden text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE AS $$
        SELECT (contents - unseen) || coalesce((
            SELECT jsonb_object_agg(
                name, CASE contents -> name WHEN 'null' THEN 'null' ELSE '"[redacted]"' END::jsonb
            )
            FROM unnest(hidden) AS name
        ), '{}')
    $$
"""

# The columns that differ between two states of a row, beside its `keys`, to know it by.
DIFFERENCE = """
    CREATE FUNCTION storegraph_difference(
        was jsonb, becomes jsonb, keys text[], unseen text[], hidden text[]
    ) RETURNS TABLE (before jsonb, after jsonb) LANGUAGE sql IMMUTABLE AS $$
        SELECT
            storegraph_seen(jsonb_object_agg(name, was -> name), '{}', hiding),
            storegraph_seen(jsonb_object_agg(name, becomes -> name), '{}', hiding)
        FROM (
            SELECT name, (was -> name) IS DISTINCT FROM (becomes -> name) AS differs
            FROM jsonb_object_keys(coalesce(becomes, was) - unseen) AS name
        ) AS columns,
        LATERAL (SELECT ARRAY(
            SELECT name FROM unnest(hidden) AS name
            WHERE (was -> name) IS DISTINCT FROM (becomes -> name)
        ) AS hiding) AS personal
        WHERE differs OR name = ANY(keys)
        GROUP BY hiding
        HAVING bool_or(differs)
    $$
"""

# One statement per changing statement, however many rows it changed. Values are kept of `shown`
# columns alone: of any other one, of one that a later migration adds too, only that it differs.
# Old and new rows are matched by their key; a full join is never done in nested loops. OFFSET 0
# keeps PostgreSQL from building a row's JSON anew for each use.
RECORD_CHANGES = """
    CREATE FUNCTION storegraph_record_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        kind text := TG_ARGV[0];
        target text := TG_ARGV[1];
        keys text[] := TG_ARGV[2];
        shown text[] := TG_ARGV[3];
        unseen text[] := TG_ARGV[4];
        hidden text[];
        sample jsonb;
        actor text := coalesce(
            nullif(current_setting('storegraph.actor', true), ''), 'database:' || session_user
        );
        action text := coalesce(current_setting('storegraph.action', true), '');
        request text := coalesce(current_setting('storegraph.request_id', true), '');
    BEGIN
        IF TG_OP = 'DELETE' THEN
            SELECT to_jsonb(removed) INTO sample FROM removed LIMIT 1;
        ELSE
            SELECT to_jsonb(added) INTO sample FROM added LIMIT 1;
        END IF;
        IF sample IS NULL THEN
            RETURN NULL;
        END IF;
        hidden := ARRAY(SELECT jsonb_object_keys(sample - shown - unseen));
        IF TG_OP = 'INSERT' THEN
            INSERT INTO audit_log (occurred_at, actor, action, request_id, operation, record,
                target_kind, target_id, after)
            SELECT clock_timestamp(), actor, action, request, 'created', TG_TABLE_NAME,
                kind, (contents ->> target)::bigint,
                CASE WHEN hidden = '{}' THEN contents - unseen
                    ELSE storegraph_seen(contents, unseen, hidden) END
            FROM (SELECT to_jsonb(added) AS contents FROM added OFFSET 0) AS rows;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO audit_log (occurred_at, actor, action, request_id, operation, record,
                target_kind, target_id, before)
            SELECT clock_timestamp(), actor, action, request, 'deleted', TG_TABLE_NAME,
                kind, (contents ->> target)::bigint,
                CASE WHEN hidden = '{}' THEN contents - unseen
                    ELSE storegraph_seen(contents, unseen, hidden) END
            FROM (SELECT to_jsonb(removed) AS contents FROM removed OFFSET 0) AS rows;
        ELSE
            INSERT INTO audit_log (occurred_at, actor, action, request_id, operation, record,
                target_kind, target_id, before, after)
            SELECT clock_timestamp(), actor, action, request, 'updated', TG_TABLE_NAME,
                kind, (coalesce(becomes, was) ->> target)::bigint, change.before, change.after
            FROM (SELECT to_jsonb(removed) AS was FROM removed OFFSET 0) AS old
            FULL JOIN (SELECT to_jsonb(added) AS becomes FROM added OFFSET 0) AS new
                ON ARRAY[was -> keys[1], was -> keys[2], was -> keys[3]]
                = ARRAY[becomes -> keys[1], becomes -> keys[2], becomes -> keys[3]]
            CROSS JOIN LATERAL
                storegraph_difference(was, becomes, keys, unseen, hidden) AS change;
        END IF;
        RETURN NULL;
    END $$
"""

# Makes a table an audited one, or changes how it is. Later migrations call it too.
AUDIT = """
    CREATE FUNCTION storegraph_audit(
        audited regclass, kind text, target text, shown text[], unseen text[]
    ) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        event text;
        rows text;
        keys text[];
    BEGIN
        SELECT array_agg(attname ORDER BY attnum) INTO STRICT keys
        FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
        WHERE indrelid = audited AND indisprimary;
        FOR event, rows IN VALUES
            ('insert', 'NEW TABLE AS added'),
            ('update', 'OLD TABLE AS removed NEW TABLE AS added'),
            ('delete', 'OLD TABLE AS removed')
        LOOP
            EXECUTE format(
                'CREATE OR REPLACE TRIGGER audit_%s AFTER %s ON %s REFERENCING %s'
                ' FOR EACH STATEMENT'
                ' EXECUTE FUNCTION storegraph_record_changes(%L, %L, %L, %L, %L)',
                event, event, audited, rows, kind, target, keys, shown, unseen
            );
        END LOOP;
    END $$
"""

# The one way out of the log: entries older than a day that is at least a month ago, some at a
# time, and leaving a trace of itself.
PRUNE = """
    CREATE FUNCTION storegraph_prune_audit_log(older_than timestamptz, at_most int)
    RETURNS int LANGUAGE plpgsql AS $$
    DECLARE
        pruned int;
    BEGIN
        IF older_than > now() - interval '30 days' THEN
            RAISE EXCEPTION 'entries of the last 30 days are kept'
                USING ERRCODE = 'restrict_violation';
        END IF;
        DELETE FROM audit_log WHERE id IN (
            SELECT id FROM audit_log WHERE occurred_at < older_than
            ORDER BY occurred_at, id LIMIT at_most
        );
        GET DIAGNOSTICS pruned = ROW_COUNT;
        IF pruned > 0 THEN
            INSERT INTO audit_log (occurred_at, actor, action, request_id, operation, target_kind,
                after)
            VALUES (clock_timestamp(),
                coalesce(
                    nullif(current_setting('storegraph.actor', true), ''),
                    'database:' || session_user
                ),
                coalesce(current_setting('storegraph.action', true), ''),
                coalesce(current_setting('storegraph.request_id', true), ''),
                'deleted', 'AuditLog',
                jsonb_build_object('entries', pruned, 'older_than', older_than));
        END IF;
        RETURN pruned;
    END $$
"""

# Refuses whatever does not come from the function above: the call stack names it.
APPEND_ONLY = (
    """
    CREATE FUNCTION storegraph_keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        stack text;
    BEGIN
        GET DIAGNOSTICS stack = PG_CONTEXT;
        IF TG_OP <> 'DELETE' OR stack !~
            '\\nPL/pgSQL function (public\\.)?storegraph_prune_audit_log\\(' THEN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION storegraph_keep_audit_log()
    """,
)

TIMES = "created_at updated_at version"
# Table, what its rows are or belong to, the column with that one's id, columns whose values are
# kept, and columns that say nothing of their own.
AUDITED = (
    (
        "products",
        "Product",
        "id",
        "slug title description_html status type brand_id vendor product_type tags "
        "featured shown_as_new price_on_request position seo_title seo_description "
        "published_at archived_at",
        "id description_text brand_name plain_title plain_words search",
    ),
    (
        "product_categories",
        "Product",
        "product_id",
        "product_id category_id position",
        "created_at updated_at version",
    ),
    (
        "attribute_values",
        "Product",
        "product_id",
        "product_id attribute_id position text_value number_value boolean_value date_value",
        "created_at updated_at version",
    ),
    (
        "option_groups",
        "Product",
        "product_id",
        "id product_id name position",
        "created_at updated_at version",
    ),
    (
        "option_values",
        "OptionGroup",
        "group_id",
        "id group_id name position",
        "created_at updated_at version",
    ),
    (
        "media",
        "Product",
        "product_id",
        "id product_id kind url alt position",
        "updated_at version",
    ),
    (
        "variants",
        "ProductVariant",
        "id",
        "product_id sku barcode title option_key position weight_grams weight_unit "
        "length_mm width_mm height_mm backorder track_stock requires_shipping taxable "
        "tax_code media_id archived_at",
        "id",
    ),
    (
        "variant_options",
        "ProductVariant",
        "variant_id",
        "variant_id group_id value_id",
        "created_at updated_at version",
    ),
    (
        "prices",
        "ProductVariant",
        "variant_id",
        "id price_list_id variant_id min_quantity amount compare_at cost",
        "created_at version",
    ),
    (
        "brands",
        "Brand",
        "id",
        "slug name description_html logo_url seo_title seo_description active position",
        "id",
    ),
    (
        "categories",
        "Category",
        "id",
        "parent_id slug title description_html image_url seo_title seo_description "
        "position active archived_at",
        "id",
    ),
    (
        "collections",
        "Collection",
        "id",
        "slug title description_html image_url seo_title seo_description position active",
        "id",
    ),
    (
        "collection_products",
        "Collection",
        "collection_id",
        "collection_id product_id position",
        "created_at updated_at version",
    ),
    (
        "attributes",
        "Attribute",
        "id",
        "code label type unit choices filterable position",
        "id version",
    ),
    (
        "metafields",
        "Metafield",
        "id",
        "owner_kind owner_id namespace key type public",
        "id version",
    ),
    (
        "price_lists",
        "PriceList",
        "id",
        "code name currency customer_group_id is_default prices_include_tax priority "
        "active starts_at ends_at",
        "id",
    ),
    (
        "stock_locations",
        "StockLocation",
        "id",
        "code name is_default active",
        "id",
    ),
    (
        "api_keys",
        "ApiKey",
        "id",
        "public_id taken_up_at previous_until rotated_at name hint reference scopes "
        "dialect is_public allowed_ips owner_id expires_at revoked_at",
        "id last_used_at updated_at version",
    ),
    (
        "roles",
        "Role",
        "id",
        "name built_in scopes",
        "id",
    ),
    (
        "staff_members",
        "StaffMember",
        "id",
        "locale role_id active invited_at accepted_at",
        "id last_sign_in_at",
    ),
    (
        "customers",
        "Customer",
        "id",
        "group_id tax_exempt blocked_at erased_at",
        "id",
    ),
    (
        "customer_groups",
        "CustomerGroup",
        "id",
        "name external_id",
        "id",
    ),
    (
        "customer_addresses",
        "Customer",
        "customer_id",
        "id customer_id is_default_billing is_default_shipping",
        "version",
    ),
    (
        "customer_contacts",
        "Customer",
        "customer_id",
        "id customer_id kind position is_default",
        "updated_at version",
    ),
    (
        "customer_extra_fields",
        "CustomerExtraField",
        "id",
        "key title kind required storefront shown_on_orders position",
        "id version",
    ),
)


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("request_id", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "operation",
            sa.Enum(
                "created",
                "updated",
                "deleted",
                "noted",
                name="auditoperation",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("record", sa.Text(), server_default="", nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    for columns in (
        ("occurred_at", "id"),
        ("actor", "occurred_at", "id"),
        ("action", "occurred_at", "id"),
        ("target_kind", "target_id", "occurred_at", "id"),
    ):
        op.create_index(f"ix_audit_log_{'_'.join(columns)}", "audit_log", [*columns])
    op.create_index(
        "ix_audit_log_request_id_occurred_at_id",
        "audit_log",
        ["request_id", "occurred_at", "id"],
        postgresql_where=sa.text("request_id <> ''"),
    )
    for statement in (SEEN, DIFFERENCE, RECORD_CHANGES, AUDIT, PRUNE, *APPEND_ONLY):
        op.execute(statement)
    for table, kind, target, shown, unseen in AUDITED:
        op.execute(
            f"SELECT storegraph_audit('{table}', '{kind}', '{target}',"
            f" '{{{','.join(shown.split())}}}', '{{{','.join(f'{unseen} {TIMES}'.split())}}}')"
        )


def downgrade() -> None:
    op.execute("DROP FUNCTION storegraph_record_changes CASCADE")  # and every trigger of it
    op.drop_table("audit_log")
    for name in (
        "storegraph_audit",
        "storegraph_prune_audit_log",
        "storegraph_keep_audit_log",
        "storegraph_difference",
        "storegraph_seen",
    ):
        op.execute(f"DROP FUNCTION {name}")
