"""notifications"""

import sqlalchemy as sa
from alembic import op

revision = "0002_notifications"
down_revision = "0001_catalogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing_messages",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(died_at IS NULL) = (data IS NOT NULL)",
            name=op.f("ck_outgoing_messages_dead_without_data"),
        ),
        sa.CheckConstraint(
            "died_at IS NULL OR customer_id IS NULL",
            name=op.f("ck_outgoing_messages_dead_is_nobodys"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_messages")),
    )
    op.create_index(
        "ix_outgoing_messages_due_at",
        "outgoing_messages",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("died_at IS NULL"),
    )
    op.create_index(
        "ix_outgoing_messages_customer_id",
        "outgoing_messages",
        ["customer_id"],
        unique=False,
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("outgoing_messages")
