"""What lists of invoices are asked for, as plain values; None means that nothing is asked.

The values print themselves in full: cursors are bound to a list by them.
"""

from dataclasses import dataclass

from commerce.core.criteria import Amounts, Ids, TextIs, Times
from commerce.invoices.kinds import InvoiceKind
from commerce.orders.criteria import Days


@dataclass(frozen=True, slots=True)
class InvoiceWhere:
    """All that is given must hold.

    `issued_on` becomes `issued_within` where the shop's time zone is known.
    """

    ids: Ids | None = None
    number: TextIs | None = None
    series: TextIs | None = None
    kinds: tuple[InvoiceKind, ...] | None = None
    order_ids: Ids | None = None
    issued_at: Times | None = None
    issued_on: Days | None = None
    issued_within: Times | None = None
    total: Amounts | None = None
    currency: str | None = None


EVERY_INVOICE = InvoiceWhere()
