"""Whether what must hold between rows does hold, over all domains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from commerce.carts.invariants import INVARIANTS as OF_CARTS
from commerce.core.db import UnitOfWork
from commerce.core.invariants import Invariant
from commerce.gift_cards.invariants import INVARIANTS as OF_GIFT_CARDS
from commerce.inventory.invariants import INVARIANTS as OF_STOCK
from commerce.invoices.invariants import INVARIANTS as OF_INVOICES
from commerce.orders.invariants import INVARIANTS as OF_ORDERS
from commerce.payments.invariants import INVARIANTS as OF_PAYMENTS
from commerce.promotions.invariants import INVARIANTS as OF_PROMOTIONS

# A domain that has some of its own adds them here.
INVARIANTS: Final[Mapping[str, Sequence[Invariant]]] = {
    "stock": OF_STOCK,
    "promotions": OF_PROMOTIONS,
    "gift cards": OF_GIFT_CARDS,
    "payments": OF_PAYMENTS,
    "carts": OF_CARTS,
    "orders": OF_ORDERS,
    "invoices": OF_INVOICES,
}
MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold, and the first rows that break it."""

    domain: str
    invariant: Invariant
    rows: Sequence[Mapping[str, Any]]

    def __str__(self) -> str:
        shown = (", ".join(f"{name} {value}" for name, value in row.items()) for row in self.rows)
        return f"{self.domain}: not true that {self.invariant.name}. " + "; ".join(shown)


async def broken(uow: UnitOfWork) -> list[Broken]:
    """Each is one statement: it sees one moment, however much is going on."""
    found: list[Broken] = []
    for domain, invariants in INVARIANTS.items():
        for invariant in invariants:
            rows = await uow.rows(text(f"{invariant.broken_by} LIMIT {MOST_SHOWN}"))
            if rows:
                found.append(Broken(domain, invariant, [dict(row._mapping) for row in rows]))
    return found
