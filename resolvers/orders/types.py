"""Orders as their buyers and the shop's people see them."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from commerce.orders.rules.states import TRANSITIONS
from resolvers.addresses import PostalAddress
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.customers import types as customers
from resolvers.customers.lazy import LazyCustomer
from resolvers.files.links import opened
from resolvers.invoices import types as invoices
from resolvers.invoices.lazy import LazyInvoice
from resolvers.nodes import Node, node_id
from resolvers.orders.costs import OrderCost
from resolvers.orders.events import OrderEvent
from resolvers.orders.kinds import (
    CancelReason,
    FulfillmentStatus,
    OrderSource,
    OrderStatus,
    PaymentStatus,
)
from resolvers.orders.lines import OrderLine, OrderShippingMethod
from resolvers.orders.parts import Fulfillment, OrderDispatch, OrderReturn, Refund
from resolvers.orders.statuses import CustomOrderStatus
from resolvers.payments.types import Payment
from resolvers.permissions import owner, public, requires
from resolvers.scalars import JSON, CurrencyCode
from resolvers.surcharges import Surcharge

READ = Scope.READ_ORDERS
FEW = [ListSize(assumed_size=5)]


@strawberry.type(description="What somebody has bought.")
class Order(Node):
    number: str = public("What people call it, unique.")
    token: str | None = public("Opens the order to whoever has no account; null once erased.")
    status: OrderStatus = public("How far it is.")
    allowed_transitions: list[OrderStatus] = requires(
        READ, description="Where its status can be changed to by hand."
    )
    payment_status: PaymentStatus = public("What has been paid.")
    fulfillment_status: FulfillmentStatus = public("What has left and come back.")
    source: OrderSource = requires(READ, description="Where it came from.")
    email: str | None = public("Where the buyer is written to.")
    phone: str | None = public("The buyer's phone number.")
    name: str = public("The buyer's name.")
    billing_address: PostalAddress | None = public("Whom the bill is for.")
    shipping_address: PostalAddress | None = public("Where it is sent.")
    shipping_method: OrderShippingMethod | None = public("How it is sent.")
    note: str = public("What the buyer wrote with it.")
    staff_note: str = requires(READ, description="What the shop's people noted.")
    public_note: str = public("A note that buyer and shop both see.")
    invoice_at: strawberry.Private[str | None]
    dispatch: OrderDispatch = requires(
        READ, description="What is known of sending it, beside its parcels."
    )
    tags: list[str] = requires(READ, description="What the shop's people sort it by.")
    seen_at: datetime | None = requires(
        READ, description="When somebody of the shop first looked at it."
    )
    extra_fields: JSON = public("Answers to questions the shop has added.")
    attribution: JSON = requires(READ, description="How the buyer found the shop.")
    locale: str = public("The language the buyer read.")
    tax_exempt: bool = public("Whether no taxes were charged.")
    currency_code: CurrencyCode = public("The currency of all its amounts.")
    coupon_codes: list[str] = public("Coupons that gave something.")
    cost: OrderCost = public("What it comes to.")
    surcharges: list[Surcharge] = public(
        "What is charged beside goods and shipping.", directives=FEW
    )
    placed_at: datetime | None = public("When it was placed; null for a draft.")
    canceled_at: datetime | None = public("When it was canceled.")
    cancel_reason: CancelReason | None = public("Why it was canceled.")
    archived_at: datetime | None = requires(READ, description="When it was filed away.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was written down.")
    updated_at: datetime = public("When it was last changed.")
    customer_id: strawberry.Private[int | None]
    custom_payment_status_id: strawberry.Private[int | None]
    custom_fulfillment_status_id: strawberry.Private[int | None]

    @classmethod
    def of(cls, row: Any) -> "Order":
        return cls(
            id=node_id("Order", row.id),
            database_id=row.id,
            allowed_transitions=list(TRANSITIONS[row.status]),
            billing_address=PostalAddress.maybe(row.billing_address),
            shipping_address=PostalAddress.maybe(row.shipping_address),
            shipping_method=OrderShippingMethod.of(row.shipping_method, row.currency),
            extra_fields=JSON(row.extra_fields),
            dispatch=OrderDispatch.of(row.dispatch),
            attribution=JSON(row.attribution),
            currency_code=CurrencyCode(row.currency),
            invoice_at=row.invoice_url,
            cost=OrderCost.of(row),
            surcharges=[Surcharge.kept(held, row.currency) for held in row.surcharges],
            **{name: getattr(row, name) for name in COPIED},
        )

    @public("Who bought it; null for guests, and for who may not see customers.")
    async def customer(self, info: Info) -> LazyCustomer | None:
        if self.customer_id is None:
            return None
        row = await info.context.loaders.customers.customer_by_id.load(self.customer_id)
        return None if row is None else customers.Customer.of(row)

    @public("The store's own status of paying, if it was given one.")
    async def custom_payment_status(self, info: Info) -> CustomOrderStatus | None:
        return await _status(info, self.custom_payment_status_id)

    @public("The store's own status of sending, if it was given one.")
    async def custom_fulfillment_status(self, info: Info) -> CustomOrderStatus | None:
        return await _status(info, self.custom_fulfillment_status_id)

    @public("What was bought, in the order of the cart.")
    async def lines(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[OrderLine]:
        paging = Paging(info, "order_lines", first, after, last, before)
        loaders, id_, currency = info.context.loaders.orders, self.database_id, self.currency_code
        page = await loaders.line_pages.load((id_, paging.args))
        return paging.connection(
            page,
            lambda row: OrderLine.of(row, currency),
            lambda limit: loaders.line_counts.load((id_, limit)),
        )

    @public("How many units it is of.")
    async def total_quantity(self, info: Info) -> int:
        units: int = await info.context.loaders.orders.units_by_order.load(self.database_id)
        return units

    @public("What happened to it, the newest first; buyers are told what is public.")
    async def timeline(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[OrderEvent]:
        paging = Paging(info, "order_events", first, after, last, before)
        loaders, id_ = info.context.loaders.orders, self.database_id
        page = await loaders.event_pages.load((id_, paging.args))
        return paging.connection(
            page, OrderEvent.of, lambda limit: loaders.event_counts.load((id_, limit))
        )

    @public("Its parcels, the oldest first.", directives=FEW)
    async def fulfillments(self, info: Info) -> list[Fulfillment]:
        rows = await info.context.loaders.orders.fulfillments.load(self.database_id)
        return [Fulfillment.of(row) for row in rows]

    @public("What the buyer sends back, the oldest first.", directives=FEW)
    async def returns(self, info: Info) -> list[OrderReturn]:
        rows = await info.context.loaders.orders.returns.load(self.database_id)
        return [OrderReturn.of(row) for row in rows]

    @owner(READ, description="How it was paid, the oldest first.", directives=FEW)
    async def payments(self, info: Info) -> list[Payment]:
        rows = await info.context.loaders.payments.payments_by_order.load(self.database_id)
        return [Payment.of(row) for row in rows]

    @public("Money that went back, the oldest first.", directives=FEW)
    async def refunds(self, info: Info) -> list[Refund]:
        rows = await info.context.loaders.orders.refunds.load(self.database_id)
        return [Refund.of(row) for row in rows]

    @public("Its invoice and credit notes, the oldest first.", directives=FEW)
    async def invoices(self, info: Info) -> list[LazyInvoice]:
        rows = await info.context.loaders.invoices.by_order.load(self.database_id)
        return [invoices.Invoice.of(row) for row in rows]

    @public("Where an invoice made elsewhere is; of a file kept here a link that opens it an hour.")
    def invoice_url(self, info: Info) -> str | None:
        return opened(info, self.invoice_at)

    @public("Opens its receipt, a PDF file, to whoever has the link, for an hour.")
    def receipt_url(self, info: Info) -> str | None:
        if self.placed_at is None:
            return None
        services = info.context.services
        path = f"/orders/{self.database_id}/receipt.pdf"
        return services.ports.document_links.url(path, services.clock())


# Fields that are the columns of the same name.
COPIED = (
    "number",
    "token",
    "status",
    "payment_status",
    "fulfillment_status",
    "source",
    "email",
    "phone",
    "name",
    "note",
    "staff_note",
    "public_note",
    "tags",
    "seen_at",
    "locale",
    "tax_exempt",
    "coupon_codes",
    "placed_at",
    "canceled_at",
    "cancel_reason",
    "archived_at",
    "version",
    "created_at",
    "updated_at",
    "customer_id",
    "custom_payment_status_id",
    "custom_fulfillment_status_id",
)


async def _status(info: Info, id_: int | None) -> CustomOrderStatus | None:
    if id_ is None:
        return None
    row = await info.context.loaders.orders.status_by_id.load(id_)
    return None if row is None else CustomOrderStatus.of(row)
