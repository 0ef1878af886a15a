"""uses of drafts, and carts of guests that are blanked"""

import sqlalchemy as sa
from alembic import op

revision = "0022_uses_of_drafts"
down_revision = "0021_refund_payments"
branch_labels = None
depends_on = None

# Orders without a cart stand in for one while the column takes no NULL.
WITH_CART = "UPDATE promotion_redemptions SET cart_id = -order_id WHERE cart_id IS NULL"
WITHOUT_CART = "UPDATE promotion_redemptions SET cart_id = NULL WHERE cart_id < 0"
TO_BLANK = "customer_id IS NULL AND blanked_at IS NULL AND state IN ('active', 'expired', 'merged')"


def upgrade() -> None:
    op.alter_column("promotion_redemptions", "cart_id", nullable=True)
    op.execute(WITHOUT_CART)
    op.create_check_constraint(
        op.f("ck_promotion_redemptions_of_cart_or_order"),
        "promotion_redemptions",
        "cart_id IS NOT NULL OR order_id IS NOT NULL",
    )
    op.add_column("carts", sa.Column("blanked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_carts_to_blank", "carts", ["expires_at", "id"], postgresql_where=sa.text(TO_BLANK)
    )


def downgrade() -> None:
    op.drop_index("ix_carts_to_blank", table_name="carts")
    op.drop_column("carts", "blanked_at")
    op.drop_constraint(
        op.f("ck_promotion_redemptions_of_cart_or_order"), "promotion_redemptions", type_="check"
    )
    op.execute(WITH_CART)
    op.alter_column("promotion_redemptions", "cart_id", nullable=False)
