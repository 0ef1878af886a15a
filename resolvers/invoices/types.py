"""Invoices and credit notes as buyers and the shop's people see them."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.invoices.kinds import InvoiceKind
from resolvers.invoices.lazy import LazyInvoice
from resolvers.invoices.series import InvoiceSeries
from resolvers.money import Money
from resolvers.nodes import Node, node_id
from resolvers.orders import types as orders
from resolvers.orders.lazy import LazyOrder
from resolvers.orders.parts import Refund
from resolvers.permissions import public, requires
from resolvers.scalars import CurrencyCode


@strawberry.type(description="What was issued for an order, as it was then. It never changes.")
class Invoice(Node):
    number: str = public("Its number, unique; those of a series have no gap.")
    kind: InvoiceKind = public("What it is.")
    issued_at: datetime = public("When it was issued.")
    currency_code: CurrencyCode = public("The currency of its amounts.")
    net: Money = public("Without taxes; of a credit note, what went back.")
    tax: Money = public("Taxes.")
    total: Money = public("With taxes.")
    buyer_name: str = public("Whom it is made out to; empty once the buyer is erased.")
    series_id: strawberry.Private[int]
    order_id: strawberry.Private[int]
    refund_id: strawberry.Private[int | None]
    corrects_id: strawberry.Private[int | None]

    @classmethod
    def of(cls, row: Any) -> "Invoice":
        lines = (row.buyer or {}).get("lines") or [""]
        return cls(
            id=node_id("Invoice", row.id),
            database_id=row.id,
            number=row.number,
            kind=row.kind,
            issued_at=row.issued_at,
            currency_code=CurrencyCode(row.currency),
            net=Money.of(row.net, row.currency),
            tax=Money.of(row.tax, row.currency),
            total=Money.of(row.total, row.currency),
            buyer_name=lines[0],
            series_id=row.series_id,
            order_id=row.order_id,
            refund_id=row.refund_id,
            corrects_id=row.corrects_id,
        )

    @public("Opens the PDF file to whoever has the link, for an hour.")
    def pdf_url(self, info: Info) -> str:
        services = info.context.services
        path = f"/invoices/{self.database_id}.pdf"
        return services.ports.document_links.url(path, services.clock())

    @public("What was sold.")
    async def order(self, info: Info) -> LazyOrder | None:
        row = await info.context.loaders.orders.order_by_id.load(self.order_id)
        return None if row is None else orders.Order.of(row)

    @public("The money that went back; null for an invoice.")
    async def refund(self, info: Info) -> Refund | None:
        if self.refund_id is None:
            return None
        row = await info.context.loaders.orders.refund_by_id.load(self.refund_id)
        return None if row is None else Refund.of(row)

    @public("The invoice that it corrects; null for an invoice.")
    async def corrects(self, info: Info) -> LazyInvoice | None:
        if self.corrects_id is None:
            return None
        row = await info.context.loaders.invoices.by_id.load(self.corrects_id)
        return None if row is None else Invoice.of(row)

    @requires(Scope.READ_SETTINGS, description="Where its number comes from.")
    async def series(self, info: Info) -> InvoiceSeries | None:
        row = await info.context.loaders.invoices.series_by_id.load(self.series_id)
        return None if row is None else InvoiceSeries.of(row)
