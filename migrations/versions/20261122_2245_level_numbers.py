"""level numbers"""

import sqlalchemy as sa
from alembic import op

revision = "0035_level_numbers"
down_revision = "0034_order_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column("stock_levels", sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False))
    op.create_unique_constraint(op.f("uq_stock_levels_id"), "stock_levels", ["id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_column("stock_levels", "id")
