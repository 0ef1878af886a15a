"""erasure"""

from alembic import op

revision = "0008_erasure"
down_revision = "0007_oauth"
branch_labels = None
depends_on = None

# Nothing is added about a customer who is erased. The row is locked for sharing: an erasure that is
# going on is waited for, and one that begins now waits for this transaction and then sees its rows.
# The error is one that is tried again: by then the customer is gone, and the caller is told so.
REFUSE_ROWS = """
    CREATE FUNCTION storegraph_refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        contents jsonb := to_jsonb(NEW);
        erased timestamptz;
    BEGIN
        SELECT erased_at INTO erased FROM customers
        WHERE id = (contents ->> TG_ARGV[0])::bigint FOR KEY SHARE;
        IF erased IS NOT NULL THEN
            RAISE EXCEPTION 'the customer of this row is erased'
                USING ERRCODE = 'serialization_failure';
        END IF;
        RETURN NULL;
    END $$
"""

# An erased customer's own row stays blank. What is not about the person may still change.
KEEP_BLANK = (
    """
    CREATE FUNCTION storegraph_keep_erased() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        free text[] := '{group_id,version,updated_at}';
    BEGIN
        IF to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
            RAISE EXCEPTION 'the customer is erased' USING ERRCODE = 'serialization_failure';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER keep_erased BEFORE UPDATE ON customers FOR EACH ROW
    WHEN (OLD.erased_at IS NOT NULL) EXECUTE FUNCTION storegraph_keep_erased()
    """,
)

# Table, the column that names the customer, and when it does.
TABLES = (
    ("customer_addresses", "customer_id", "true"),
    ("customer_contacts", "customer_id", "true"),
    ("marketing_consents", "customer_id", "true"),
    ("metafields", "owner_id", "NEW.owner_kind = 'customer'"),
    ("outgoing_messages", "customer_id", "NEW.customer_id IS NOT NULL"),
    ("purpose_tokens", "customer_id", "NEW.customer_id IS NOT NULL"),
    ("sessions", "customer_id", "NEW.customer_id IS NOT NULL"),
)


def upgrade() -> None:
    op.execute(REFUSE_ROWS)
    for statement in KEEP_BLANK:
        op.execute(statement)
    for table, owner, condition in TABLES:
        op.execute(
            f"CREATE TRIGGER refuse_erased AFTER INSERT OR UPDATE OF {owner} ON {table}"
            f" FOR EACH ROW WHEN ({condition})"
            f" EXECUTE FUNCTION storegraph_refuse_erased('{owner}')"
        )


def downgrade() -> None:
    op.execute("DROP FUNCTION storegraph_refuse_erased CASCADE")  # and every trigger of it
    op.execute("DROP FUNCTION storegraph_keep_erased CASCADE")
