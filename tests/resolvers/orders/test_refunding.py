"""Money of orders is given back through GraphQL."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.orders.kinds import RefundStatus
from commerce.payments.kinds import AttemptKind
from commerce.payments.service.ledger import Opening
from resolvers.orders.refund_mutations import RefundCreatePayload
from tests.conftest import Ask
from tests.support.order_work import done
from tests.support.orders import Item, place_order
from tests.support.payments import make_method

CLERK = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_ORDERS, Scope.REFUND_PAYMENTS}))
REFUND = """
mutation ($i: RefundCreateInput!) { refundCreate(input: $i) {
  refund { id status amount { amount }
    payments { status amount { amount } settledAt payment { databaseId } } }
  userErrors { code path retryable } } }
"""


async def _paid_twice(uow: UnitOfWork) -> tuple[Any, list[int]]:
    """An order of 50.00 and its payments of 30.00 and 20.00, by hand."""
    order = await place_order(uow, Item("50.00"))
    method = await make_method(uow, "transfer", provider="manual")
    payments = []
    for amount in (Decimal(30), Decimal(20)):
        opening = Opening(None, order.id, method.id, amount, "EUR", True, {})

        async def pay(own: Any, opening: Opening = opening) -> Any:
            attempt = await own.payment_ledger.open(opening)
            kind = AttemptKind.CHARGE
            return await own.payment_ledger.record_manual(
                attempt.payment_id, kind, opening.amount, "", "came"
            )

        payments.append((await done(uow, pay)).payment.id)
    return order, payments


async def test_a_refund_is_split_or_goes_by_the_payments_it_names(
    ask: Ask, uow: UnitOfWork
) -> None:
    order, payments = await _paid_twice(uow)

    async def refund(**wish: Any) -> Any:
        given = {"orderId": global_id("Order", order.id), **wish}
        answer = await ask(REFUND, {"i": given}, viewer=CLERK)
        assert "errors" not in answer, answer
        return answer["data"]["refundCreate"]

    split = (await refund(amount="35.00"))["refund"]
    assert (split["status"], split["amount"]) == ("SUCCEEDED", {"amount": "35.00"})
    parts = [(each["payment"]["databaseId"], each["amount"]) for each in split["payments"]]
    assert parts == [(payments[0], {"amount": "30.00"}), (payments[1], {"amount": "5.00"})]
    second = {"paymentId": global_id("Payment", payments[1])}
    named = (await refund(payments=[{**second, "amount": "4.00"}]))["refund"]
    assert named["amount"] == {"amount": "4.00"}
    assert [each["payment"]["databaseId"] for each in named["payments"]] == [payments[1]]
    empty = {"paymentId": global_id("Payment", payments[0]), "amount": "1.00"}
    (much,) = (await refund(payments=[empty]))["userErrors"]
    assert (much["code"], much["path"]) == ("AMOUNT_TOO_LARGE", ["payments", "0", "amount"])
    (none,) = (await refund(payments=[{"paymentId": "x", "amount": "1.00"}]))["userErrors"]
    assert (none["code"], none["path"]) == ("NOT_FOUND", ["payments", "0", "paymentId"])


def test_what_went_back_in_part_is_shown_and_may_be_sent_again() -> None:
    """An answer with errors is not stored: the same key asks again for what was refused."""
    row = SimpleNamespace(
        id=1,
        status=RefundStatus.PARTIALLY_SUCCEEDED,
        currency="EUR",
        amount=Decimal(5),
        shipping=Decimal(0),
        surcharge=Decimal(0),
        tax=Decimal(0),
        reason="",
        settled_at=None,
        created_at=None,
    )
    payload: Any = RefundCreatePayload.of(row)  # type: ignore[arg-type]  # like a row
    assert payload.refund.status is RefundStatus.PARTIALLY_SUCCEEDED
    (error,) = payload.user_errors
    assert (error.code, error.retryable) == ("REFUND_INCOMPLETE", True)
