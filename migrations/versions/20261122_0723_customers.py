"""customers"""

from alembic import op

revision = "0005_customers"
down_revision = "0004_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT 1")


def downgrade() -> None:
    op.execute("SELECT 1")
