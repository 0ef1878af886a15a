"""payments"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_payments"
down_revision = "0014_shipping"
branch_labels = None
depends_on = None

AUDITED = """
    SELECT storegraph_audit('payment_methods', 'PaymentMethod', 'id',
        '{code,name,description,instructions,kind,provider,capture,countries,currencies,min_total,max_total,customer_group_ids,shipping_method_ids,position,active}',
        '{id,created_at,updated_at,version}')
    """
LEDGER_IS_APPEND_ONLY = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION storegraph_refuse_change()
    """
TABLES = (
    "test_provider_charges",
    "payment_events",
    "payment_transactions",
    "payment_attempts",
    "payments",
    "payment_methods",
)


def upgrade() -> None:
    _methods()
    _payments()
    _attempts()
    _transactions()
    _reports()
    _test_provider()
    op.execute(AUDITED)
    op.execute(LEDGER_IS_APPEND_ONLY)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _methods() -> None:
    op.create_table(
        "payment_methods",
        _key(),
        _text("code"),
        _text("name"),
        _text("description", ""),
        _text("instructions", ""),
        _choice("kind", "other"),
        _text("provider"),
        _choice("capture", "at_once"),
        _list("countries", sa.Text()),
        _list("currencies", sa.Text()),
        sa.Column("min_total", sa.Numeric(18, 6), nullable=True),
        sa.Column("max_total", sa.Numeric(18, 6), nullable=True),
        _list("customer_group_ids", sa.BigInteger()),
        _list("shipping_method_ids", sa.BigInteger()),
        _whole("position", 0),
        _flag("active", True),
        _whole("version", 1),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("min_total <= max_total", name=op.f("ck_payment_methods_totals")),
        sa.CheckConstraint("min_total >= 0", name=op.f("ck_payment_methods_min_total")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_methods")),
        sa.UniqueConstraint("code", name=op.f("uq_payment_methods_code")),
    )


def _payments() -> None:
    op.create_table(
        "payments",
        _key(),
        sa.Column("cart_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("method_id", sa.BigInteger(), nullable=False),
        _text("provider"),
        sa.Column("payment_reference", sa.Text(), nullable=True),
        _amount("amount"),
        _text("currency"),
        _sum("authorized"),
        _sum("captured"),
        _sum("voided"),
        _sum("refunded"),
        _sum("capture_pending"),
        _sum("void_pending"),
        _sum("refund_pending"),
        _flag("closed", False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(
            "captured + capture_pending + voided + void_pending <= authorized",
            name=op.f("ck_payments_within_authorized"),
        ),
        sa.CheckConstraint(
            "refunded + refund_pending <= captured", name=op.f("ck_payments_within_captured")
        ),
        sa.CheckConstraint(
            "least(authorized, captured, voided, refunded, capture_pending, void_pending, refund_pending) >= 0",
            name=op.f("ck_payments_not_negative"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        _refers("payments", "method_id", "payment_methods.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    for column in ("cart_id", "order_id", "method_id"):
        op.create_index(op.f(f"ix_payments_{column}"), "payments", [column])
    op.create_index(
        "uq_payments_provider_payment_reference",
        "payments",
        ["provider", "payment_reference"],
        unique=True,
        postgresql_where=sa.text("payment_reference IS NOT NULL"),
    )
    op.create_index(
        "ix_payments_updated_at_for_nothing",
        "payments",
        ["updated_at"],
        postgresql_where=sa.text("order_id IS NULL AND authorized > voided + refunded"),
    )


def _attempts() -> None:
    op.create_table(
        "payment_attempts",
        _key(),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        _choice("kind", "charge"),
        _choice("state", "pending"),
        _amount("amount"),
        _sum("booked"),
        _text("key"),
        _text("provider_key"),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        _flag("by_client", False),
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("next_action", postgresql.JSONB(), nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_attempts_amount")),
        _refers("payment_attempts", "payment_id", "payments.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempts")),
        sa.UniqueConstraint(
            "payment_id", "kind", "key", name=op.f("uq_payment_attempts_payment_id_kind_key")
        ),
        sa.UniqueConstraint("provider_key", name=op.f("uq_payment_attempts_provider_key")),
    )
    op.create_index(
        op.f("ix_payment_attempts_provider_reference"), "payment_attempts", ["provider_reference"]
    )
    op.create_index(
        "ix_payment_attempts_updated_at_in_flight",
        "payment_attempts",
        ["updated_at"],
        postgresql_where=sa.text("state IN ('pending', 'action_required')"),
    )


def _transactions() -> None:
    op.create_table(
        "payment_transactions",
        _key(),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        _choice("kind", "capture"),
        _amount("amount"),
        _moment("created_at"),
        _refers("payment_transactions", "payment_id", "payments.id"),
        _refers("payment_transactions", "attempt_id", "payment_attempts.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_transactions")),
    )
    for column in ("payment_id", "attempt_id"):
        op.create_index(op.f(f"ix_payment_transactions_{column}"), "payment_transactions", [column])


def _reports() -> None:
    op.create_table(
        "payment_events",
        _key(),
        _text("provider"),
        _text("event_id"),
        _moment("received_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_events")),
        sa.UniqueConstraint(
            "provider", "event_id", name=op.f("uq_payment_events_provider_event_id")
        ),
    )


def _test_provider() -> None:
    op.create_table(
        "test_provider_charges",
        _key(),
        _text("key"),
        _choice("kind", "charge"),
        _text("payment_reference"),
        _text("provider_reference"),
        _amount("amount"),
        _text("currency"),
        _choice("state", "succeeded"),
        sa.Column("decline_code", sa.Text(), nullable=True),
        _moment("settles_at"),
        _whole("asked", 1),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_provider_charges")),
        sa.UniqueConstraint("key", name=op.f("uq_test_provider_charges_key")),
    )
    op.create_index(
        op.f("ix_test_provider_charges_payment_reference"),
        "test_provider_charges",
        ["payment_reference"],
    )


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), nullable=False)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _choice(name: str, default: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), server_default=default, nullable=False)


def _list(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.ARRAY(kind), server_default=sa.text("'{}'"), nullable=False)


def _amount(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(18, 6), nullable=False)


def _sum(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(18, 6), server_default=sa.text("0"), nullable=False)


def _whole(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def _flag(name: str, value: bool) -> sa.Column[bool]:
    default = sa.text("true" if value else "false")
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
    )
