"""notices"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030_notices"
down_revision = "0029_exports"
branch_labels = None
depends_on = None

AUDITED = (
    """
    SELECT storegraph_audit('notification_settings', 'NotificationSetting', 'id',
        '{kind,channel,audience,enabled,emails,staff_ids}', '{id,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('notification_templates', 'NotificationTemplate', 'id',
        '{kind,channel,audience,language,subject,body}', '{id,created_at,updated_at,version}')
    """,
)

REFUSING = """
    CREATE TRIGGER refuse_erased AFTER INSERT OR UPDATE OF customer_id ON notification_log
    FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL)
    EXECUTE FUNCTION storegraph_refuse_erased('customer_id')
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column("outgoing_messages", sa.Column("event_key", sa.Text()))
    op.create_index(
        "uq_outgoing_messages_event_key",
        "outgoing_messages",
        ["event_key"],
        unique=True,
        postgresql_where=sa.text("event_key IS NOT NULL"),
    )
    _create_settings()
    _create_templates()
    _create_log()
    op.execute(REFUSING)
    for statement in AUDITED:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_table("notification_log")
    op.drop_table("notification_templates")
    op.drop_table("notification_settings")
    op.drop_index("uq_outgoing_messages_event_key", "outgoing_messages")
    op.drop_column("outgoing_messages", "event_key")


def _create_settings() -> None:
    op.create_table(
        "notification_settings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *_way(),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("emails", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "staff_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False
        ),
        *_changed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_settings")),
        sa.UniqueConstraint(
            "kind",
            "channel",
            "audience",
            name=op.f("uq_notification_settings_kind_channel_audience"),
        ),
    )


def _create_templates() -> None:
    op.create_table(
        "notification_templates",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *_way(),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_changed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_templates")),
        sa.UniqueConstraint(
            "kind",
            "channel",
            "audience",
            "language",
            name=op.f("uq_notification_templates_kind_channel_audience_language"),
        ),
    )


def _create_log() -> None:
    op.create_table(
        "notification_log",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("event_key", sa.Text()),
        *_way(),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("order_id", sa.BigInteger()),
        sa.Column("cart_id", sa.BigInteger()),
        sa.Column("customer_id", sa.BigInteger()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _now("created_at"),
        _now("tried_at"),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_log")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notification_log_message_id")),
    )
    op.create_index("ix_notification_log_created_at_id", "notification_log", ["created_at", "id"])
    for column in ("order_id", "customer_id", "event_key"):
        op.create_index(
            f"ix_notification_log_{column}",
            "notification_log",
            [column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def _way() -> list[sa.Column[str]]:
    return [
        sa.Column(name, sa.String(40), nullable=False) for name in ("kind", "channel", "audience")
    ]


def _changed() -> list[sa.Column[Any]]:
    version = sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)
    return [version, _now("created_at"), _now("updated_at")]


def _now(name: str) -> sa.Column[datetime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
