"""The filter and the order of orders."""

from datetime import date

import strawberry

from commerce.orders import criteria
from resolvers.filters import (
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    StringFilter,
    all_wanted,
    each_wanted,
    keys_wanted,
    optional,
    wanted_of,
)
from resolvers.orders.kinds import (
    FulfillmentStatus,
    OrderOrderField,
    OrderSource,
    OrderStatus,
    PaymentStatus,
)
from resolvers.scalars import CurrencyCode
from resolvers.search.kinds import Direction


@strawberry.input(description="Days of the shop's calendar, both included; absent is unbounded.")
class DaysFilter:
    first: date | None = optional("From this day on.")
    last: date | None = optional("Up to the end of this day.")
    recent: int | None = optional("In place of these, so many days of which the last is today...")
    ago: int = strawberry.field(default=0, description="...or so many days before today.")

    def wanted(self) -> criteria.Days:
        return criteria.Days(self.first, self.last, self.recent, self.ago)


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
    updated_on: DaysFilter | None = optional("On which days they were last changed.")
    shipped_on: DaysFilter | None = optional("On which days something of them was sent.")
    paid_on: DaysFilter | None = optional("On which days money came in for them.")
    email_md5: list[str] | None = optional(
        "MD5 digests, in hex, of the buyer's e-mail address in small letters.", name="emailMd5"
    )
    tags: list[str] | None = optional("With one of these tags.")
    seen: bool | None = optional("Whether somebody of the shop has looked at them.")
    invoiced: bool | None = optional("Whether they have an invoice, of ours or of elsewhere.")
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
            ids=keys_wanted(self.id, "Order"),
            number=wanted_of(self.number),
            words=self.search,
            statuses=all_wanted(self.status),
            payment_statuses=all_wanted(self.payment_status),
            fulfillment_statuses=all_wanted(self.fulfillment_status),
            sources=all_wanted(self.source),
            customer_ids=keys_wanted(self.customer_id, "Customer"),
            email=wanted_of(self.email),
            coupon_code=wanted_of(self.coupon_code),
            product_ids=keys_wanted(self.product_id, "Product"),
            variant_ids=keys_wanted(self.variant_id, "ProductVariant"),
            placed_at=wanted_of(self.placed_at),
            placed_on=wanted_of(self.placed_on),
            updated_on=wanted_of(self.updated_on),
            shipped_on=wanted_of(self.shipped_on),
            paid_on=wanted_of(self.paid_on),
            email_md5=_each_of(self.email_md5),
            tags=_each_of(self.tags),
            seen=self.seen,
            invoiced=self.invoiced,
            created_at=wanted_of(self.created_at),
            updated_at=wanted_of(self.updated_at),
            total=wanted_of(self.total),
            currency=self.currency_code,
            archived=self.archived,
            drafts=self.draft,
            every=each_wanted(self.and_) or None,
            some=each_wanted(self.or_),
            none=wanted_of(self.not_),
        )


@strawberry.input(description="One key of a sort order of orders.")
class OrderOrder:
    field: OrderOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(
        default=Direction.ASC, description="Which way; from low to high by default."
    )


def _each_of(texts: list[str] | None) -> tuple[str, ...] | None:
    return None if texts is None else tuple(texts)


def listing_of(
    where: OrderWhere | None, order_by: list[OrderOrder] | None
) -> criteria.OrderListing:
    return criteria.OrderListing(
        criteria.EVERY_ORDER if where is None else where.wanted(),
        tuple(criteria.OrderOrder(each.field, each.direction) for each in order_by or ()),
    )
