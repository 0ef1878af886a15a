"""What others are told of invoices and credit notes."""

from collections.abc import Iterator
from typing import Any

from commerce.core.events import Event, EventType
from commerce.invoices.kinds import InvoiceKind
from commerce.orders.rules.events import changed_order


def told(invoice: Any) -> Iterator[Event]:
    kind, order_id = invoice.kind, invoice.order_id
    data = {"kind": kind.value, "number": invoice.number, "order_id": order_id}
    if kind is InvoiceKind.INVOICE:
        said = {"invoice_id": invoice.id, "number": invoice.number}
        yield Event(EventType.ORDER_INVOICED, "Order", order_id, said)
    yield changed_order(order_id, kind.value)
    yield Event(EventType.INVOICE_ISSUED, "Invoice", invoice.id, data)
