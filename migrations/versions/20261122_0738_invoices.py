"""invoices"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020_invoices"
down_revision = "0019_store_pages"
branch_labels = None
depends_on = None

# What was issued stays as it was. Only the buyer may go, who is erased.
APPEND_ONLY = (
    """
    CREATE TRIGGER append_only BEFORE UPDATE ON invoices FOR EACH ROW
    WHEN (NEW.buyer IS NOT NULL OR to_jsonb(NEW.*) - 'buyer' <> to_jsonb(OLD.*) - 'buyer')
    EXECUTE FUNCTION storegraph_refuse_change()
    """,
    """
    CREATE TRIGGER append_only_kept BEFORE DELETE ON invoices FOR EACH ROW
    EXECUTE FUNCTION storegraph_refuse_change()
    """,
)
REFUSE_ERASED = """
    CREATE TRIGGER refuse_erased AFTER INSERT OR UPDATE OF buyer ON invoices FOR EACH ROW
    WHEN (NEW.buyer IS NOT NULL) EXECUTE FUNCTION storegraph_refuse_erased_order()
"""
AUDITED = (
    """
    SELECT storegraph_audit('invoice_series', 'InvoiceSeries', 'id',
        '{code,kind,prefix,suffix,digits,yearly,is_default,on_payment,note}',
        '{id,year,next_value,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('invoices', 'Invoice', 'id',
        '{series_id,kind,year,number_value,number,order_id,refund_id,corrects_id,issued_at,currency,net,tax,total}',
        '{id,contents,created_at,updated_at,version}')
    """,
)


def upgrade() -> None:
    _series()
    _invoices()
    for statement in (*APPEND_ONLY, REFUSE_ERASED, *AUDITED):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("invoices")
    op.drop_table("invoice_series")


def _series() -> None:
    op.create_table(
        "invoice_series",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        _defaulted("kind", sa.String(40), "'invoice'"),
        sa.Column("prefix", sa.Text(), nullable=True),
        sa.Column("suffix", sa.Text(), nullable=True),
        _defaulted("digits", sa.Integer(), "4"),
        *(
            _defaulted(name, sa.Boolean(), "false")
            for name in ("yearly", "is_default", "on_payment")
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        _defaulted("year", sa.Integer(), "0"),
        _defaulted("next_value", sa.BigInteger(), "1"),
        _defaulted("version", sa.Integer(), "1"),
        _defaulted("created_at", sa.DateTime(timezone=True), "now()"),
        _defaulted("updated_at", sa.DateTime(timezone=True), "now()"),
        sa.CheckConstraint("digits BETWEEN 1 AND 12", name=op.f("ck_invoice_series_digits")),
        sa.CheckConstraint("next_value > 0", name=op.f("ck_invoice_series_next_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_series")),
        sa.UniqueConstraint("code", name=op.f("uq_invoice_series_code")),
    )
    op.create_index(
        "uq_invoice_series_kind",
        "invoice_series",
        ["kind"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )


def _invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        _defaulted("kind", sa.String(40), "'invoice'"),
        _defaulted("year", sa.Integer(), "0"),
        sa.Column("number_value", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        _defaulted("issued_at", sa.DateTime(timezone=True), "now()"),
        sa.Column("currency", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Numeric(18, 6), nullable=False) for name in ("net", "tax", "total")),
        sa.Column("contents", postgresql.JSONB(), nullable=False),
        sa.Column("buyer", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_invoices_currency_code")),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (refund_id IS NOT NULL)", name=op.f("ck_invoices_refund")
        ),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (corrects_id IS NOT NULL)", name=op.f("ck_invoices_corrects")
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=op.f(f"fk_invoices_{name}"), ondelete="RESTRICT"
            )
            for name, table in REFERRED.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_invoices_refund_id")),
        sa.UniqueConstraint(
            "series_id",
            "year",
            "number_value",
            name=op.f("uq_invoices_series_id_year_number_value"),
        ),
    )
    op.create_index(op.f("ix_invoices_corrects_id"), "invoices", ["corrects_id"])
    op.create_index("ix_invoices_issued_at_id", "invoices", ["issued_at", "id"])
    op.create_index("ix_invoices_order_id_id", "invoices", ["order_id", "id"])
    op.create_index(
        "uq_invoices_order_id",
        "invoices",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'invoice'"),
    )


REFERRED = {
    "series_id": "invoice_series",
    "order_id": "orders",
    "refund_id": "refunds",
    "corrects_id": "invoices",
}


def _defaulted(name: str, kind: Any, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, server_default=sa.text(default), nullable=False)
