"""what is known of an address"""

import sqlalchemy as sa
from alembic import op

revision = "0040_address_notes"
down_revision = "0039_key_rates"
branch_labels = None
depends_on = None

TABLE = "customer_addresses"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column(TABLE, sa.Column("tax_id", sa.Text(), nullable=True))
    op.add_column(TABLE, sa.Column("note", sa.Text(), server_default="", nullable=False))
    op.add_column(TABLE, sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for name in ("verified_at", "note", "tax_id"):
        op.drop_column(TABLE, name)
