"""What left the house, and what came back."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    key,
    moment,
    optional_number_of,
    personal,
    refers_to,
    version,
    whole,
)
from commerce.orders.kinds import ReturnStatus, ShipmentStatus
from commerce.orders.models.columns import BLANKED, OF_ORDER

OF_FULFILLMENT: Final[dict[str, Any]] = {"info": {"customer": "fulfillment_id", **BLANKED}}
OF_RETURN: Final[dict[str, Any]] = {"info": {"customer": "return_id", **BLANKED}}


class Fulfillment(SQLModel, table=True):
    """One parcel, or whatever else was handed over at once."""

    __tablename__ = "fulfillments"
    __table_args__ = (Index("ix_fulfillments_order_id_id", "order_id", "id"), OF_ORDER)

    id: int = key()
    order_id: int = refers_to("orders.id", on_delete="RESTRICT", index=False)
    status: ShipmentStatus = choice(ShipmentStatus, ShipmentStatus.SHIPPED)
    carrier: str = personal(default_text(), "Who carried the parcel.")
    tracking_number: str = personal(default_text(), "What the carrier calls the parcel.")
    tracking_url: str = personal(default_text(), "Where the parcel can be followed.")
    shipped_at: datetime = moment()
    delivered_at: datetime | None = moment(nullable=True)
    canceled_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class FulfillmentLine(SQLModel, table=True):
    __tablename__ = "fulfillment_lines"
    __table_args__ = (
        UniqueConstraint("fulfillment_id", "order_line_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        OF_FULFILLMENT,
    )

    id: int = key()
    fulfillment_id: int = refers_to("fulfillments.id", on_delete="RESTRICT", index=False)
    order_line_id: int = refers_to("order_lines.id", on_delete="RESTRICT")
    quantity: int = whole(1)


class OrderReturn(SQLModel, table=True):
    """What is sent back. `restock` puts it back on the shelf of `location_id` once it is here."""

    __tablename__ = "returns"
    __table_args__ = (Index("ix_returns_order_id_id", "order_id", "id"), OF_ORDER)

    id: int = key()
    order_id: int = refers_to("orders.id", on_delete="RESTRICT", index=False)
    status: ReturnStatus = choice(ReturnStatus, ReturnStatus.REQUESTED)
    reason: str = personal(default_text(), "Why it is sent back.")
    answer: str = personal(default_text(), "What the shop's people answered.")
    requested_by: str = default_text()
    restock: bool = flag(True)
    location_id: int | None = optional_number_of()
    decided_at: datetime | None = moment(nullable=True)
    received_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class OrderReturnLine(SQLModel, table=True):
    __tablename__ = "return_lines"
    __table_args__ = (
        UniqueConstraint("return_id", "order_line_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        OF_RETURN,
    )

    id: int = key()
    return_id: int = refers_to("returns.id", on_delete="RESTRICT", index=False)
    order_line_id: int = refers_to("order_lines.id", on_delete="RESTRICT")
    quantity: int = whole(1)
