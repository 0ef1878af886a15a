"""identity"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_identity"
down_revision = "0002_notifications"
branch_labels = None
depends_on = None

# The keys to customers and staff come with their tables.
HOLDERS = ("customer_id", "staff_id")


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *_holder(),
        sa.Column("refresh_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), server_default="", nullable=False),
        _moment("created_at"),
        _moment("last_used_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(customer_id, staff_id) = 1", name=op.f("ck_sessions_one_holder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        info={"customer": "customer_id"},
    )
    for holder in HOLDERS:
        op.create_index(
            f"ix_sessions_{holder}",
            "sessions",
            [holder],
            postgresql_where=sa.text(f"{holder} IS NOT NULL"),
        )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "purpose_tokens",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "verify_email",
                "reset_password",
                "change_email",
                "accept_invitation",
                name="purpose",
                native_enum=False,
                length=40,
            ),
            server_default="verify_email",
            nullable=False,
        ),
        *_holder(),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("bound_sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _moment("created_at"),
        sa.CheckConstraint(
            "num_nonnulls(customer_id, staff_id) = 1", name=op.f("ck_purpose_tokens_one_holder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose_tokens")),
        sa.UniqueConstraint("sha256", name=op.f("uq_purpose_tokens_sha256")),
        info={"customer": "customer_id"},
    )
    for holder in HOLDERS:
        op.create_index(
            f"uq_purpose_tokens_{holder}",
            "purpose_tokens",
            [holder, "purpose"],
            unique=True,
            postgresql_where=sa.text(f"{holder} IS NOT NULL"),
        )
    op.create_index("ix_purpose_tokens_expires_at", "purpose_tokens", ["expires_at"])


def downgrade() -> None:
    op.drop_table("purpose_tokens")
    op.drop_table("sessions")


def _holder() -> list[sa.Column[int]]:
    return [sa.Column(holder, sa.BigInteger(), nullable=True) for holder in HOLDERS]


def _moment(name: str) -> sa.Column[Any]:
    now = sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)
