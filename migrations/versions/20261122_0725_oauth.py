"""oauth"""

from alembic import op

revision = "0007_oauth"
down_revision = "0006_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT 1")


def downgrade() -> None:
    op.execute("SELECT 1")
