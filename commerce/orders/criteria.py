"""What lists of orders are asked for, as plain values; None means that nothing is asked.

The values print themselves in full: cursors are bound to a list by them.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from commerce.core.criteria import Amounts, Direction, Ids, TextIs, Times
from commerce.orders.kinds import (
    FulfillmentStatus,
    OrderSource,
    OrderStatus,
    PaymentStatus,
)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last one, both included, on the shop's calendar."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class OrderWhere:
    """All that is given must hold. `words` must all be found in number, name, e-mail or phone.

    `placed_on` becomes `placed_within` where the shop's time zone is known.
    """

    ids: Ids | None = None
    number: TextIs | None = None
    words: str | None = None
    statuses: tuple[OrderStatus, ...] | None = None
    payment_statuses: tuple[PaymentStatus, ...] | None = None
    fulfillment_statuses: tuple[FulfillmentStatus, ...] | None = None
    sources: tuple[OrderSource, ...] | None = None
    customer_ids: Ids | None = None
    email: TextIs | None = None
    coupon_code: TextIs | None = None
    product_ids: Ids | None = None
    variant_ids: Ids | None = None
    placed_at: Times | None = None
    placed_on: Days | None = None
    placed_within: Times | None = None
    created_at: Times | None = None
    updated_at: Times | None = None
    total: Amounts | None = None
    currency: str | None = None
    archived: bool | None = None
    drafts: bool | None = None
    every: "tuple[OrderWhere, ...] | None" = None
    some: "tuple[OrderWhere, ...] | None" = None
    none: "OrderWhere | None" = None


EVERY_ORDER = OrderWhere()


class OrderOrderField(Enum):
    NUMBER = "number"
    PLACED_AT = "placed_at"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class OrderOrder:
    field: OrderOrderField
    direction: Direction = Direction.ASC


@dataclass(frozen=True, slots=True)
class OrderListing:
    """Which orders, in which order."""

    where: OrderWhere = EVERY_ORDER
    order: tuple[OrderOrder, ...] = ()
