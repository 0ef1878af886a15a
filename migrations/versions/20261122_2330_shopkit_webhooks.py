"""an address is told of a thing once, as Shopkit has it"""

import sqlalchemy as sa
from alembic import op

revision = "0038_shopkit_webhooks"
down_revision = "0037_dead_webhooks"
branch_labels = None
depends_on = None

NAME = "uq_webhook_endpoints_shopkit"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    only = sa.text("format = 'shopkit'")
    op.create_index(
        NAME, "webhook_endpoints", ["url", "events"], unique=True, postgresql_where=only
    )


def downgrade() -> None:
    op.drop_index(NAME, "webhook_endpoints")
