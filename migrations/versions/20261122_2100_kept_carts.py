"""kept carts"""

import sqlalchemy as sa
from alembic import op

revision = "0032_kept_carts"
down_revision = "0031_scopes"
branch_labels = None
depends_on = None

OPEN = "state IN ('active', 'frozen') AND kept_by IS NOT NULL"
KEPT = ["kept_by", "kept_for"]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column("carts", sa.Column("kept_by", sa.Text()))
    op.add_column("carts", sa.Column("kept_for", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "uq_carts_kept_open", "carts", KEPT, unique=True, postgresql_where=sa.text(OPEN)
    )
    op.create_index(
        "ix_carts_kept_by_kept_for_id",
        "carts",
        [*KEPT, "id"],
        postgresql_where=sa.text("kept_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_index("ix_carts_kept_by_kept_for_id", "carts")
    op.drop_index("uq_carts_kept_open", "carts")
    op.drop_column("carts", "kept_for")
    op.drop_column("carts", "kept_by")
