"""where variants come from, and what customs call them"""

import sqlalchemy as sa
from alembic import op

revision = "0044_variant_customs"
down_revision = "0043_promotion_descriptions"
branch_labels = None
depends_on = None

COLUMNS = ("origin_country", "customs_code")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for name in COLUMNS:
        op.add_column("variants", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for name in COLUMNS:
        op.drop_column("variants", name)
