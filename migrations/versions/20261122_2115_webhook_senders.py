"""webhook senders"""

import sqlalchemy as sa
from alembic import op

revision = "0033_webhook_senders"
down_revision = "0033_merchandising"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_senders",
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Uuid(), nullable=False),
        sa.Column(
            "until", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_senders_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_webhook_senders")),
    )
    # What was being sent is due when its lease would have ended, as before.
    op.drop_index("ix_webhook_deliveries_leased", table_name="webhook_deliveries")
    op.drop_constraint(op.f("ck_webhook_deliveries_leased_until"), "webhook_deliveries")
    op.drop_column("webhook_deliveries", "leased_until")


def downgrade() -> None:
    op.add_column(
        "webhook_deliveries", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_check_constraint(
        op.f("ck_webhook_deliveries_leased_until"),
        "webhook_deliveries",
        "state = 'pending' OR leased_until IS NULL",
    )
    op.create_index(
        "ix_webhook_deliveries_leased",
        "webhook_deliveries",
        ["endpoint_id"],
        postgresql_where=sa.text("leased_until IS NOT NULL"),
    )
    op.drop_table("webhook_senders")
