"""webhooks"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027_webhooks"
down_revision = "0026_jobs"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")
AUDITED = """
    SELECT storegraph_audit('webhook_endpoints', 'WebhookEndpoint', 'id',
        '{url,events,format,description,active,disabled_reason,disabled_at,previous_until,rotated_at}',
        '{id,failing_since,created_at,updated_at,version}')
"""


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("format", sa.String(40), server_default="standard", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("disabled_reason", sa.String(40)),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary()),
        sa.Column("previous_until", sa.DateTime(timezone=True)),
        sa.Column("rotated_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _now("created_at"),
        _now("updated_at"),
        sa.CheckConstraint(
            "NOT active OR disabled_reason IS NULL",
            name=op.f("ck_webhook_endpoints_active_for_no_reason"),
        ),
        sa.CheckConstraint(
            "(previous_secret IS NULL) = (previous_until IS NULL)",
            name=op.f("ck_webhook_endpoints_previous_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    _create_deliveries()
    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("milliseconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        _now("attempted_at"),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_deliveries.id"],
            name=op.f("fk_webhook_attempts_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempts")),
    )
    op.create_index("ix_webhook_attempts_delivery_id_id", "webhook_attempts", ["delivery_id", "id"])
    op.execute(AUDITED)


def downgrade() -> None:
    for table in ("webhook_attempts", "webhook_deliveries", "webhook_endpoints"):
        op.drop_table(table)


def _create_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(40), server_default="pending", nullable=False),
        _now("due_at"),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True)),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("last_status", sa.Integer()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        _now("created_at"),
        sa.CheckConstraint(
            "(state = 'pending') = (ended_at IS NULL)",
            name=op.f("ck_webhook_deliveries_ended_at"),
        ),
        sa.CheckConstraint(
            "state = 'pending' OR leased_until IS NULL",
            name=op.f("ck_webhook_deliveries_leased_until"),
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "endpoint_id", "event_id", name=op.f("uq_webhook_deliveries_endpoint_id_event_id")
        ),
    )
    table = "webhook_deliveries"
    op.create_index("ix_webhook_deliveries_endpoint_id_id", table, ["endpoint_id", "id"])
    op.create_index("ix_webhook_deliveries_created_at", table, ["created_at"])
    op.create_index(
        "ix_webhook_deliveries_due",
        table,
        ["endpoint_id", "due_at", "id"],
        postgresql_where=PENDING,
    )
    op.create_index(
        "ix_webhook_deliveries_in_order",
        table,
        ["endpoint_id", "resource_type", "resource_id", "sequence"],
        postgresql_where=PENDING,
    )
    op.create_index(
        "ix_webhook_deliveries_leased",
        table,
        ["endpoint_id"],
        postgresql_where=sa.text("leased_until IS NOT NULL"),
    )


def _now(name: str) -> sa.Column[Any]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
