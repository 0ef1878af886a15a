"""variants that are kept and not sold"""

import sqlalchemy as sa
from alembic import op

revision = "0041_variant_active"
down_revision = "0040_address_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column(
        "variants", sa.Column("active", sa.Boolean(), server_default="true", nullable=False)
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_column("variants", "active")
