"""What lists of orders are asked for, as plain values; None means that nothing is asked.

The values print themselves in full: cursors are bound to a list by them.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from commerce.core.criteria import Amounts, Direction, Ids, TextIs, Times
from commerce.orders.kinds import (
    FulfillmentStatus,
    OrderSource,
    OrderStatus,
    PaymentStatus,
)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last one, both included, on the shop's calendar.

    Without either, the `recent` days of which the last one is today, or `ago` days before today.
    """

    first: date | None = None
    last: date | None = None
    recent: int | None = None
    ago: int = 0


# Filters of days, and the filters of moments that they become where the time zone is known.
DAYS: Final = {
    "placed_on": "placed_within",
    "updated_on": "updated_within",
    "shipped_on": "shipped_within",
    "paid_on": "paid_within",
}


@dataclass(frozen=True, slots=True)
class OrderWhere:
    """All that is given must hold. `words` must all be found in number, name, e-mail or phone.

    `DAYS` become moments where the shop's time zone is known. `email_md5` are digests, as hex, of
    addresses in small letters. What is `invoiced` has an invoice of ours or of elsewhere.
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
    updated_on: Days | None = None
    updated_within: Times | None = None
    shipped_on: Days | None = None
    shipped_within: Times | None = None
    paid_on: Days | None = None
    paid_within: Times | None = None
    email_md5: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    seen: bool | None = None
    invoiced: bool | None = None
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
