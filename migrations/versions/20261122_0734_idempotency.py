"""idempotency"""

import sqlalchemy as sa
from alembic import op

revision = "0016_idempotency"
down_revision = "0015_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name_digest", sa.LargeBinary(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("name_digest", name=op.f("uq_idempotency_keys_name_digest")),
    )
    op.create_index(
        "ix_idempotency_keys_customer_id",
        "idempotency_keys",
        ["customer_id"],
        unique=False,
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"], unique=False
    )
    op.execute(
        "CREATE TRIGGER refuse_erased AFTER INSERT OR UPDATE OF customer_id ON idempotency_keys"
        " FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL)"
        " EXECUTE FUNCTION storegraph_refuse_erased('customer_id')"
    )


def downgrade() -> None:
    op.drop_table("idempotency_keys")
