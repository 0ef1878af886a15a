"""What happened to orders, in the order it did."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    json_object,
    key,
    moment,
    personal,
    refers_to,
)
from commerce.orders.kinds import OrderEventKind
from commerce.orders.models.columns import OF_ORDER


class OrderEvent(SQLModel, table=True):
    """Rows are only ever added, and stay as they are but for a message that is erased.

    `is_public` ones are for the buyer, too. `data` says nothing about a person.
    """

    __tablename__ = "order_events"
    __table_args__ = (Index("ix_order_events_order_id_id", "order_id", "id"), OF_ORDER)

    id: int = key()
    order_id: int = refers_to("orders.id", on_delete="RESTRICT", index=False)
    kind: OrderEventKind = choice(OrderEventKind, OrderEventKind.NOTED)
    actor: str = default_text()
    is_public: bool = flag()
    message: str = personal(default_text(), "What was written about the order.")
    data: dict[str, Any] = json_object()
    created_at: datetime = moment()
