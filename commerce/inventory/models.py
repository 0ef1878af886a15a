"""Stock per variant and location, and the ledger of everything that moved it."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    counted_up,
    default_text,
    flag,
    key,
    moment,
    number_of,
    numbers_of,
    optional_whole,
    part_of,
    refers_to,
    required_bytes,
    required_text,
    text_key,
    version,
    whole,
)
from commerce.inventory.kinds import MovementKind


class StockLocation(SQLModel, table=True):
    """A place that holds stock."""

    __tablename__ = "stock_locations"
    __table_args__ = (
        Index(
            "uq_stock_locations_is_default",
            "is_default",
            unique=True,
            postgresql_where=text("is_default"),
        ),
        CheckConstraint("NOT is_default OR active", name="default_is_active"),
    )

    id: int = key()
    code: str = required_text(unique=True)
    name: str = required_text()
    is_default: bool = flag()
    active: bool = flag(True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class StockLevel(SQLModel, table=True):
    """`on_hand` is the sum of the movements; `reserved` of them are allocated to orders.

    What carts hold is not among the reserved: holds end by themselves, without a write. Programs
    that know a level by one number know it by its `id`.
    """

    __tablename__ = "stock_levels"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        Index("ix_stock_levels_location_id_variant_id", "location_id", "variant_id"),
        Index(
            "ix_stock_levels_watched",
            "variant_id",
            "location_id",
            postgresql_where=text("low_stock_threshold IS NOT NULL"),
        ),
        CheckConstraint("low_stock_threshold >= 0", name="threshold_not_negative"),
    )

    variant_id: int = part_of("variants.id")
    location_id: int = part_of("stock_locations.id")
    id: int = counted_up()
    on_hand: int = whole()
    reserved: int = whole()
    low_stock_threshold: int | None = optional_whole()
    updated_at: datetime = moment()


# Movements that something else is the reason of.
REFERRED = "reference <> ''"


class StockMovement(SQLModel, table=True):
    """One change of one level. Rows are only ever added: a trigger refuses anything else."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        Index("ix_stock_movements_variant_id_id", "variant_id", "id"),
        Index("ix_stock_movements_location_id_id", "location_id", "id"),
        Index(
            "ix_stock_movements_reference_id",
            "reference",
            "id",
            postgresql_where=text(REFERRED),
        ),
        CheckConstraint("delta <> 0", name="delta_not_zero"),
    )

    id: int = key()
    variant_id: int = refers_to("variants.id", on_delete="RESTRICT", index=False)
    location_id: int = refers_to("stock_locations.id", on_delete="RESTRICT", index=False)
    delta: int = whole()
    kind: MovementKind = choice(MovementKind, MovementKind.ADJUSTMENT)
    reason: str = default_text()
    reference: str = default_text()
    actor: str = default_text()
    created_at: datetime = moment()


class StockReference(SQLModel, table=True):
    """What an actor has adjusted under a reference: done once, however often it is sent.

    `digest` stands for the changes that were asked for, `movement_ids` for what came of them.
    """

    __tablename__ = "stock_references"

    actor: str = text_key()
    reference: str = text_key()
    digest: bytes = required_bytes()
    movement_ids: list[int] = numbers_of()
    created_at: datetime = moment()


class StockReservation(SQLModel, table=True):
    """Units a cart holds until `expires_at`; after that the row means nothing.

    Without a location they are not there yet: they are to be bought beyond the stock.
    """

    __tablename__ = "stock_reservations"
    __table_args__ = (
        UniqueConstraint(
            "cart_id", "variant_id", "location_id", postgresql_nulls_not_distinct=True
        ),
        Index(
            "ix_stock_reservations_held",
            "variant_id",
            "location_id",
            "expires_at",
            postgresql_include=["cart_id", "quantity"],
        ),
        Index("ix_stock_reservations_expires_at", "expires_at"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: int = key()
    # Carts and orders are made by later migrations, and stock is below them: no foreign keys.
    cart_id: int = number_of()
    variant_id: int = refers_to("variants.id", index=False)
    location_id: int | None = refers_to("stock_locations.id", nullable=True, index=False)
    quantity: int = whole()
    expires_at: datetime = moment(now=False)


class StockAllocation(SQLModel, table=True):
    """Units promised to a line of an order, and what became of them.

    Those at a location are among its level's reserved until they are shipped or released. Those
    without one are backordered: they wait for stock.
    """

    __tablename__ = "stock_allocations"
    __table_args__ = (
        UniqueConstraint(
            "order_line_id", "variant_id", "location_id", postgresql_nulls_not_distinct=True
        ),
        Index("ix_stock_allocations_order_id_id", "order_id", "id"),
        Index(
            "ix_stock_allocations_waiting",
            "variant_id",
            "id",
            postgresql_where=text("location_id IS NULL AND quantity > released"),
        ),
        Index("ix_stock_allocations_variant_id_location_id", "variant_id", "location_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "shipped >= 0 AND released >= 0 AND shipped + released <= quantity", name="used_once"
        ),
        CheckConstraint("returned BETWEEN 0 AND shipped", name="returned_of_shipped"),
        CheckConstraint("location_id IS NOT NULL OR shipped = 0", name="shipped_from_somewhere"),
    )

    id: int = key()
    order_id: int = number_of()
    order_line_id: int = number_of()
    variant_id: int = refers_to("variants.id", on_delete="RESTRICT", index=False)
    location_id: int | None = refers_to(
        "stock_locations.id", on_delete="RESTRICT", nullable=True, index=False
    )
    quantity: int = whole()
    shipped: int = whole()
    released: int = whole()
    returned: int = whole()
    created_at: datetime = moment()
    updated_at: datetime = moment()
