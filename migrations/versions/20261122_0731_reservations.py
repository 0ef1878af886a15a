"""reservations"""

import sqlalchemy as sa
from alembic import op

revision = "0013_reservations"
down_revision = "0012_gift_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_reservations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("cart_id", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        _whole("quantity"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_reservations_quantity_positive")),
        *_of_stock("stock_reservations", on_delete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_reservations")),
        sa.UniqueConstraint(
            "cart_id",
            "variant_id",
            "location_id",
            name=op.f("uq_stock_reservations_cart_id_variant_id_location_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_stock_reservations_held",
        "stock_reservations",
        ["variant_id", "location_id", "expires_at"],
        postgresql_include=["cart_id", "quantity"],
    )
    op.create_index("ix_stock_reservations_expires_at", "stock_reservations", ["expires_at"])
    _create_allocations()


def _create_allocations() -> None:
    op.create_table(
        "stock_allocations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        *map(_whole, ("quantity", "shipped", "released", "returned")),
        *map(_moment, ("created_at", "updated_at")),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_stock_allocations_{name}"))
            for name, rule in {
                "quantity_positive": "quantity > 0",
                "used_once": "shipped >= 0 AND released >= 0 AND shipped + released <= quantity",
                "returned_of_shipped": "returned BETWEEN 0 AND shipped",
                "shipped_from_somewhere": "location_id IS NOT NULL OR shipped = 0",
            }.items()
        ),
        *_of_stock("stock_allocations", on_delete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_allocations")),
        sa.UniqueConstraint(
            "order_line_id",
            "variant_id",
            "location_id",
            name=op.f("uq_stock_allocations_order_line_id_variant_id_location_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_stock_allocations_order_id_id", "stock_allocations", ["order_id", "id"])
    op.create_index(
        "ix_stock_allocations_waiting",
        "stock_allocations",
        ["variant_id", "id"],
        postgresql_where=sa.text("location_id IS NULL AND quantity > released"),
    )
    op.create_index(
        "ix_stock_allocations_variant_id_location_id",
        "stock_allocations",
        ["variant_id", "location_id"],
    )


def downgrade() -> None:
    op.drop_table("stock_allocations")
    op.drop_table("stock_reservations")


def _of_stock(table: str, on_delete: str) -> list[sa.ForeignKeyConstraint]:
    targets = {"variant_id": "variants.id", "location_id": "stock_locations.id"}
    return [
        sa.ForeignKeyConstraint(
            [column], [target], name=op.f(f"fk_{table}_{column}"), ondelete=on_delete
        )
        for column, target in targets.items()
    ]


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
