"""events"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025_events"
down_revision = "0024_setup_marks"
branch_labels = None
depends_on = None

END = "INSERT INTO event_log_end (id, position) VALUES (1, 0)"
APPEND_ONLY = """
    CREATE TRIGGER append_only BEFORE UPDATE ON events FOR EACH ROW
    EXECUTE FUNCTION storegraph_refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "event_outbox",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *_told(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_outbox")),
    )
    op.create_table(
        "events",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resource_sequence", sa.BigInteger(), nullable=False),
        *_told(),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_events_event_id")),
        sa.UniqueConstraint(
            "resource_type",
            "resource_id",
            "resource_sequence",
            name=op.f("uq_events_resource_type_resource_id_resource_sequence"),
        ),
    )
    op.create_index("ix_events_type_position", "events", ["type", "position"])
    op.create_index("ix_events_occurred_at", "events", ["occurred_at"])
    op.create_table(
        "event_streams",
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("resource_type", "resource_id", name=op.f("pk_event_streams")),
    )
    op.create_table(
        "event_log_end",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_log_end")),
    )
    op.execute(END)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    for table in ("event_log_end", "event_streams", "events", "event_outbox"):
        op.drop_table(table)


def _told() -> list[sa.Column[Any]]:
    return [
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("request_id", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    ]
