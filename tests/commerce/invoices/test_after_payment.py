"""An invoice stays as it was issued; a receipt tells of the payments there are."""

from decimal import Decimal
from typing import Any

from commerce.core.db import UnitOfWork
from commerce.payments.kinds import AttemptKind
from commerce.payments.service.ledger import Opening
from tests.support.invoices import issue
from tests.support.order_work import done
from tests.support.orders import Item, place_order
from tests.support.payments import make_method


def _sums(paper: Any) -> dict[str, Decimal]:
    return {each.kind: each.amount for each in paper.sums if each.kind in ("paid", "left")}


async def test_a_payment_is_on_receipts_from_then_on(uow: UnitOfWork) -> None:
    order = await place_order(uow, Item("50.00"))
    method = await make_method(uow, "transfer", provider="manual")
    invoice = await issue(uow, order)

    async def papers() -> list[dict[str, Decimal]]:
        made = [
            await done(uow, lambda own: own.papers.invoice(invoice.id)),
            await done(uow, lambda own: own.papers.receipt(order.id)),
        ]
        return [_sums(paper) for paper in made]

    async def pay(own: Any, amount: str) -> None:
        attempt = await own.payment_ledger.open(
            Opening(None, order.id, method.id, Decimal(amount), "EUR", True, {})
        )
        paid = AttemptKind.CHARGE, Decimal(amount), "", "came"
        await own.payment_ledger.record_manual(attempt.payment_id, *paid)
        await own.order_payments.refreshed(order.id)

    unpaid = {"left": Decimal(50)}
    assert await papers() == [unpaid, unpaid]
    await done(uow, lambda own: pay(own, "20.00"))
    assert await papers() == [unpaid, {"paid": Decimal(-20), "left": Decimal(30)}]
    await done(uow, lambda own: pay(own, "30.00"))
    assert await papers() == [unpaid, {"paid": Decimal(-50), "left": Decimal(0)}]
