"""What came of an order: parcels, returns, refunds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from commerce.orders.rules.texts import DISPATCH
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.money import Money
from resolvers.nodes import Node, node_id
from resolvers.orders import types
from resolvers.orders.kinds import RefundStatus, ReturnStatus, ShipmentStatus
from resolvers.orders.lazy import LazyOrder
from resolvers.payments.types import Payment
from resolvers.permissions import public, requires
from resolvers.rows import FromRow

READ = Scope.READ_ORDERS
SOME = [ListSize(assumed_size=5)]


@strawberry.type(description="Units of a line of the order.")
class OrderLineUnits:
    order_line_id: strawberry.ID = public("The line's id.")
    quantity: int = public("How many units.")

    @classmethod
    def of(cls, row: Any) -> "OrderLineUnits":
        return cls(order_line_id=node_id("OrderLine", row.order_line_id), quantity=row.quantity)


@strawberry.type(description="What is known of sending an order. Empty texts are not known.")
class OrderDispatch:
    tracking_carrier: str = requires(READ, description="Who will carry it.")
    tracking_number: str = requires(READ, description="The carrier's number.")
    tracking_url: str = requires(READ, description="Where it can be followed.")
    label_url: str = requires(READ, description="Where its label is.")
    transport_code: str = requires(READ, description="What the authorities call its transport.")
    pickup_code: str = requires(READ, description="What the buyer says to be handed it.")

    @classmethod
    def of(cls, held: Mapping[str, str]) -> "OrderDispatch":
        return cls(**{name: held.get(name, "") for name in DISPATCH})


@strawberry.type(description="A parcel, or whatever else was handed over at once.")
class Fulfillment(FromRow, Node):
    status: ShipmentStatus = public("How far it is.")
    carrier: str = public("Who carries it.")
    tracking_number: str = public("What the carrier calls it.")
    tracking_url: str = public("Where it can be followed.")
    shipped_at: datetime = public("When it left.")
    delivered_at: datetime | None = public("When it arrived.")
    canceled_at: datetime | None = public("When it turned out not to have left.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was noted.")
    updated_at: datetime = public("When it was last changed.")
    order_id: strawberry.Private[int]

    @public("What it is of.")
    async def order(self, info: Info) -> LazyOrder:
        orders = info.context.loaders.orders
        return types.Order.of(await orders.order_by_id.load(self.order_id))

    @public("What is in it.", directives=SOME)
    async def lines(self, info: Info) -> list[OrderLineUnits]:
        rows = await info.context.loaders.orders.fulfillment_lines.load(self.database_id)
        return [OrderLineUnits.of(row) for row in rows]


@strawberry.type(description="What a buyer sends back.")
class OrderReturn(FromRow, Node):
    status: ReturnStatus = public("How far it is.")
    reason: str = public("Why.")
    answer: str = public("What the shop answered.")
    restock: bool = requires(READ, description="Whether it goes back on the shelf.")
    requested_by: str = requires(READ, description="Who asked for it: `customer:3`.")
    decided_at: datetime | None = public("When the shop agreed or refused.")
    received_at: datetime | None = public("When it came back.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was asked for.")

    @public("What comes back.", directives=SOME)
    async def lines(self, info: Info) -> list[OrderLineUnits]:
        rows = await info.context.loaders.orders.return_lines.load(self.database_id)
        return [OrderLineUnits.of(row) for row in rows]


@strawberry.type(description="What went back for a line. No units: the price was lowered.")
class RefundLine:
    order_line_id: strawberry.ID = public("The line's id.")
    quantity: int = public("For how many units.")
    net: Money = public("Without taxes.")
    tax: Money = public("Taxes.")
    gross: Money = public("With taxes.")

    @classmethod
    def of(cls, row: Any, currency: str) -> "RefundLine":
        return cls(
            order_line_id=node_id("OrderLine", row.order_line_id),
            quantity=row.quantity,
            net=Money.of(row.net, currency),
            tax=Money.of(row.tax, currency),
            gross=Money.of(row.gross, currency),
        )


@strawberry.type(description="How much of a refund goes back by one payment, or to gift cards.")
class RefundPayment:
    status: RefundStatus = public("Whether it did.")
    amount: Money = public("How much.")
    settled_at: datetime | None = public("When it was known whether it did.")
    payment_id: strawberry.Private[int | None]

    @classmethod
    def of(cls, row: Any, currency: str) -> "RefundPayment":
        return cls(
            status=row.status,
            amount=Money.of(row.amount, currency),
            settled_at=row.settled_at,
            payment_id=row.payment_id,
        )

    @requires(READ, description="The payment; null for the gift cards that paid.")
    async def payment(self, info: Info) -> Payment | None:
        if self.payment_id is None:
            return None
        row = await info.context.loaders.payments.payment_by_id.load(self.payment_id)
        return None if row is None else Payment.of(row)


@strawberry.type(description="Money that went back.")
class Refund(Node):
    status: RefundStatus = public("Whether it did.")
    amount: Money = public("How much in all.")
    shipping: Money = public("How much of it for shipping.")
    surcharge: Money = public("How much of it for surcharges.")
    tax: Money = public("How much of it is taxes.")
    reason: str = public("Why.")
    settled_at: datetime | None = public("When it was known whether it did.")
    created_at: datetime = public("When it was asked for.")
    currency: strawberry.Private[str]

    @classmethod
    def of(cls, row: Any) -> "Refund":
        return cls(
            id=node_id("Refund", row.id),
            database_id=row.id,
            status=row.status,
            amount=Money.of(row.amount, row.currency),
            shipping=Money.of(row.shipping, row.currency),
            surcharge=Money.of(row.surcharge, row.currency),
            tax=Money.of(row.tax, row.currency),
            reason=row.reason,
            settled_at=row.settled_at,
            created_at=row.created_at,
            currency=row.currency,
        )

    @public("For which units.", directives=SOME)
    async def lines(self, info: Info) -> list[RefundLine]:
        rows = await info.context.loaders.orders.refund_lines.load(self.database_id)
        return [RefundLine.of(row, self.currency) for row in rows]

    @public("By what it goes back.", directives=SOME)
    async def payments(self, info: Info) -> list[RefundPayment]:
        rows = await info.context.loaders.orders.refund_payments.load(self.database_id)
        return [RefundPayment.of(row, self.currency) for row in rows]
