"""setup_marks"""

import sqlalchemy as sa
from alembic import op

revision = "0024_setup_marks"
down_revision = "0023_surcharges"
branch_labels = None
depends_on = None

# What is read to calculate a cart and hardly ever changes.
MARKED = (
    "store",
    "tax_classes",
    "tax_settings",
    "tax_zones",
    "tax_zone_areas",
    "tax_rates",
    "shipping_zones",
    "shipping_zone_areas",
    "shipping_methods",
    "shipping_prices",
)

# A mark that never was before, also when what it stands for is rolled back or lost in a crash.
# Whoever changes the setup holds the row until the end: there is one mark for what is committed.
MARK = """
    CREATE FUNCTION storegraph_mark_setup() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO setup_marks (id, mark) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET mark = excluded.mark;
        RETURN NULL;
    END $$
"""
EVENTS = "INSERT OR UPDATE OR DELETE OR TRUNCATE"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.create_table(
        "setup_marks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_marks")),
    )
    op.execute(MARK)
    for table in MARKED:
        op.execute(
            f"CREATE TRIGGER mark_setup AFTER {EVENTS} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION storegraph_mark_setup()"
        )
    op.execute("INSERT INTO setup_marks (id, mark) VALUES (1, gen_random_uuid())")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for table in MARKED:
        op.execute(f"DROP TRIGGER mark_setup ON {table}")
    op.execute("DROP FUNCTION storegraph_mark_setup()")
    op.drop_table("setup_marks")
