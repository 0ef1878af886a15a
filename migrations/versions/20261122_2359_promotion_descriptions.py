"""what there is to be said of a promotion"""

import sqlalchemy as sa
from alembic import op

revision = "0043_promotion_descriptions"
down_revision = "0042_group_minimums"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    column = sa.Column("description", sa.Text(), server_default="", nullable=False)
    op.add_column("promotions", column)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_column("promotions", "description")
