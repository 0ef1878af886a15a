"""The filter and the order of orders."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

import strawberry

from commerce.core.criteria import Ids
from commerce.orders import criteria
from resolvers.filters import DateTimeFilter, DecimalFilter, IDFilter, StringFilter, optional
from resolvers.orders.kinds import (
    FulfillmentStatus,
    OrderOrderField,
    OrderSource,
    OrderStatus,
    PaymentStatus,
)
from resolvers.scalars import CurrencyCode
from resolvers.search.kinds import Direction

Asked = TypeVar("Asked")
Wanted = TypeVar("Wanted")


@strawberry.input(description="Days of the shop's calendar, both included; absent is unbounded.")
class DaysFilter:
    first: date | None = optional("From this day on.")
    last: date | None = optional("Up to the end of this day.")

    def wanted(self) -> criteria.Days:
        return criteria.Days(self.first, self.last)


@strawberry.input(description="Which orders; every given part must hold.")
class OrderWhere:
    id: IDFilter | None = optional("Their id.")
    number: StringFilter | None = optional("Their number.")
    search: str | None = optional(
        "Parts of number, name, e-mail address or phone, each of which must be found."
    )
    status: list[OrderStatus] | None = optional("In one of these; drafts only if named here.")
    payment_status: list[PaymentStatus] | None = optional("In one of these.")
    fulfillment_status: list[FulfillmentStatus] | None = optional("In one of these.")
    source: list[OrderSource] | None = optional("From one of these.")
    customer_id: IDFilter | None = optional("Of one of these customers.")
    email: StringFilter | None = optional("The buyer's e-mail address, whatever the case.")
    coupon_code: StringFilter | None = optional("With this coupon.")
    product_id: IDFilter | None = optional("With one of these products.")
    variant_id: IDFilter | None = optional("With one of these variants.")
    placed_at: DateTimeFilter | None = optional("When they were placed.")
    placed_on: DaysFilter | None = optional("On which days of the shop they were placed.")
    created_at: DateTimeFilter | None = optional("When they were written down.")
    updated_at: DateTimeFilter | None = optional("When they were last changed.")
    total: DecimalFilter | None = optional("What they come to.")
    currency_code: CurrencyCode | None = optional("In this currency.")
    archived: bool | None = optional("Whether they are filed away; those are else left out.")
    draft: bool | None = optional("Whether they are drafts; those are else left out.")
    and_: "list[OrderWhere] | None" = optional("All of these hold.", name="and")
    or_: "list[OrderWhere] | None" = optional("At least one of these holds.", name="or")
    not_: "OrderWhere | None" = optional("This does not hold.", name="not")

    def wanted(self) -> criteria.OrderWhere:
        return criteria.OrderWhere(
            ids=_keys(self.id, "Order"),
            number=_asked(self.number, StringFilter.wanted),
            words=self.search,
            statuses=_all(self.status),
            payment_statuses=_all(self.payment_status),
            fulfillment_statuses=_all(self.fulfillment_status),
            sources=_all(self.source),
            customer_ids=_keys(self.customer_id, "Customer"),
            email=_asked(self.email, StringFilter.wanted),
            coupon_code=_asked(self.coupon_code, StringFilter.wanted),
            product_ids=_keys(self.product_id, "Product"),
            variant_ids=_keys(self.variant_id, "ProductVariant"),
            placed_at=_asked(self.placed_at, DateTimeFilter.wanted),
            placed_on=_asked(self.placed_on, DaysFilter.wanted),
            created_at=_asked(self.created_at, DateTimeFilter.wanted),
            updated_at=_asked(self.updated_at, DateTimeFilter.wanted),
            total=_asked(self.total, DecimalFilter.wanted),
            currency=self.currency_code,
            archived=self.archived,
            drafts=self.draft,
            every=_each(self.and_, OrderWhere.wanted) or None,
            some=_each(self.or_, OrderWhere.wanted),
            none=_asked(self.not_, OrderWhere.wanted),
        )


@strawberry.input(description="One key of a sort order of orders.")
class OrderOrder:
    field: OrderOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(
        default=Direction.ASC, description="Which way; from low to high by default."
    )


def listing_of(
    where: OrderWhere | None, order_by: list[OrderOrder] | None
) -> criteria.OrderListing:
    return criteria.OrderListing(
        criteria.EVERY_ORDER if where is None else where.wanted(),
        tuple(criteria.OrderOrder(each.field, each.direction) for each in order_by or ()),
    )


def _asked(asked: Asked | None, meaning: Callable[[Asked], Wanted]) -> Wanted | None:
    return None if asked is None else meaning(asked)


def _each(
    asked: Iterable[Asked] | None, meaning: Callable[[Asked], Wanted]
) -> tuple[Wanted, ...] | None:
    return None if asked is None else tuple(map(meaning, asked))


def _all(values: list[Wanted] | None) -> tuple[Wanted, ...] | None:
    return None if values is None else tuple(values)


def _keys(ids: IDFilter | None, kind: str) -> Ids | None:
    return None if ids is None else ids.keys(kind)
