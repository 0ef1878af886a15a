"""references of movements"""

import sqlalchemy as sa
from alembic import op

revision = "0036_references"
down_revision = "0035_level_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.create_index(
        "ix_stock_movements_reference_id",
        "stock_movements",
        ["reference", "id"],
        postgresql_where=sa.text("reference <> ''"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_index("ix_stock_movements_reference_id", "stock_movements")
