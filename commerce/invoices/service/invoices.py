"""Invoices and credit notes: listed, found, issued."""

from dataclasses import replace
from typing import Any, Final

from commerce.core.criteria import check_leaf, check_leaves
from commerce.core.days import moments_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, Taken
from commerce.invoices.criteria import InvoiceWhere
from commerce.invoices.kinds import InvoiceKind
from commerce.invoices.repository.invoices import InvoiceRepository, InvoiceRow
from commerce.invoices.repository.series import SeriesRow
from commerce.invoices.rules.contents import buyer_json, order_contents, refund_contents
from commerce.invoices.service.issuing import IssuingService
from commerce.orders.kinds import RefundStatus
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.refunds import RefundRepository, RefundRow
from commerce.orders.service.desk import OrderDesk, in_force
from commerce.store.service import StoreService

NO_REFUND: Final = NotFound("There is no Refund with this id.", ("refund_id",))
NOT_BACK: Final = Invalid("The money has not gone back.", ("refund_id",))
INVOICED: Final = Taken("The order has an invoice already.", ("order_id",))
NO_INVOICE: Final = Invalid("The order has no invoice that could be corrected.", ("refund_id",))


class InvoiceService:
    """An order has one invoice at most, a refund one credit note: asked for again, the same."""

    def __init__(
        self,
        invoices: InvoiceRepository,
        issuing: IssuingService,
        desk: OrderDesk,
        lines: OrderLineRepository,
        refunds: RefundRepository,
        store: StoreService,
    ) -> None:
        self._invoices = invoices
        self._issuing = issuing
        self._desk = desk
        self._lines = lines
        self._refunds = refunds
        self._store = store

    async def page(self, where: InvoiceWhere, args: PageArgs) -> Page[InvoiceRow]:
        """Raises `BadInputError` for filters that a list cannot have."""
        return await self._invoices.page(await self._checked(where), args)

    async def count(self, where: InvoiceWhere, limit: int | None) -> Count:
        return await self._invoices.count(await self._checked(where), limit)

    async def by_number(self, number: str) -> InvoiceRow | None:
        check_leaf(number)
        return await self._invoices.by_number(number)

    async def issue(
        self, order_id: int, series: str | None = None, *, must_be_new: bool = False
    ) -> InvoiceRow | Problem:
        """The invoice of an order, as it is now or was when this was first asked."""
        check_leaf(series)
        order = await self._desk.taken(order_id)
        if isinstance(order, Problem):
            return order
        known = await self._invoices.of_order(order_id)
        if known is not None:
            return INVOICED if must_be_new else known
        flaw = in_force(order)
        if flaw is not None:
            return flaw
        found = await self._issuing.series(InvoiceKind.INVOICE, series)
        return found if isinstance(found, Problem) else await self._invoice(order_id, found)

    async def paid(self, order_id: int) -> InvoiceRow | None:
        """The invoice of an order that was just paid, and is locked, if the default series gives
        one out by itself. Never in the way of the payment: what is missing is issued by hand.
        """
        series = await self._issuing.automatic()
        if series is None:
            return None
        known = await self._invoices.of_order(order_id)
        issued = known or await self._invoice(order_id, series)
        return None if isinstance(issued, Problem) else issued

    async def credit(self, refund_id: int, series: str | None = None) -> InvoiceRow | Problem:
        """The credit note for money that went back; corrects the invoice of the order."""
        check_leaf(series)
        refund = await self._taken(refund_id)
        if isinstance(refund, Problem):
            return refund
        known = await self._invoices.of_refund(refund_id)
        if known is not None:
            return known
        if refund.status is not RefundStatus.SUCCEEDED:
            return NOT_BACK
        invoice = await self._invoices.of_order(refund.order_id)
        if invoice is None:
            return NO_INVOICE
        found = await self._issuing.series(InvoiceKind.CREDIT_NOTE, series)
        return found if isinstance(found, Problem) else await self._credit(refund, invoice, found)

    async def _taken(self, refund_id: int) -> RefundRow | Problem:
        """The refund, as it is once its order is locked."""
        seen = (await self._refunds.by_ids([refund_id])).get(refund_id)
        if seen is None:
            return NO_REFUND
        order = await self._desk.taken(seen.order_id)
        if isinstance(order, Problem):
            return NO_REFUND
        return (await self._refunds.by_ids([refund_id])).get(refund_id) or NO_REFUND

    async def _invoice(self, order_id: int, series: SeriesRow) -> InvoiceRow | Problem:
        order = await self._order(order_id)
        lines = (await self._lines.all_by_order([order_id])).get(order_id, ())
        contents = order_contents(order, lines, await self._store.settings(), series.note)
        values = {"net": order.net, "tax": order.tax, "total": order.total, "contents": contents}
        return await self._issuing.issue(series, {**values, **_head(order)})

    async def _credit(
        self, refund: RefundRow, invoice: InvoiceRow, series: SeriesRow
    ) -> InvoiceRow | Problem:
        order = await self._order(refund.order_id)
        lines = (await self._lines.all_by_order([order.id])).get(order.id, ())
        known = {line.id: line for line in lines}
        back = (await self._refunds.lines([refund.id])).get(refund.id, ())
        parts = [(each, known[each.order_line_id]) for each in back]
        settings = await self._store.settings()
        contents = refund_contents(order, refund, parts, settings, series.note)
        values = {
            "refund_id": refund.id,
            "corrects_id": invoice.id,
            "net": refund.amount - refund.tax,
            "tax": refund.tax,
            "total": refund.amount,
            "contents": {**contents, "corrects": invoice.number},
        }
        return await self._issuing.issue(series, {**values, **_head(order)})

    async def _order(self, order_id: int) -> Any:
        order = await self._invoices.order(order_id)
        if order is None:
            raise LookupError(f"there is no order {order_id}")
        return order

    async def _checked(self, where: InvoiceWhere) -> InvoiceWhere:
        check_leaves(where)
        days = where.issued_on
        if days is None:
            return where
        within = moments_of(days.first, days.last, await self._store.zone())
        return replace(where, issued_on=None, issued_within=within)


def _head(order: Any) -> dict[str, Any]:
    return {"order_id": order.id, "currency": order.currency, "buyer": buyer_json(order)}
